"""Opening and filling in an agent's profile."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.audit.trail import history_of
from gigcx.kernel.errors import Invalid, MoveRefused, NotFound
from gigcx.tenancy.actors import BrandActor, PersonActor, SystemActor
from gigcx.tenancy.models import Brand
from recruiting import actions
from recruiting.errors import AlreadyAgent, HandleTaken, UnknownSkill
from recruiting.models import Agent, AgentSkill
from recruiting.queries import agent_for, agent_of_user
from recruiting.states import AgentState
from tests import cast
from tests.factories import recruiting as make

PRODUCT = SystemActor("test")
NO_HANDLES = ("x" * 31, "ab", "bad handle !!", "-ada", "ada-", "ada--o", "a_b_c", "🎧🎧🎧", "ada\u202eo", "<b>bold</b>")
ABOUT = actions.About("CA", "America/Halifax", headline="Calm", handle="ada-o")
ABILITIES = actions.Abilities({"en": "C1", "pt-BR": "B1"}, {"live-chat": 4}, ("chat",))
SETUP = actions.Setup(20, [actions.WeeklyHours(4, time(18), time(2))], ("computer",))


@pytest.fixture
def ada(db: None, at: datetime) -> Agent:
    make.make_skill("live-chat")
    make.make_skill("retail")
    user = cast.make_user("Ada Obi")
    return actions.register_agent(user=user, by=PersonActor(user), at=at)


def test_a_person_registers_once(ada: Agent, at: datetime) -> None:
    assert (ada.state, ada.handle.startswith("agent-")) == (AgentState.REGISTERED, True)
    assert OutboxEvent.objects.get(type="recruiting.agent_registered").payload == {"agent_id": str(ada.pk)}
    with pytest.raises(AlreadyAgent):
        actions.register_agent(user=ada.user, by=PersonActor(ada.user), at=at)
    assert agent_of_user(ada.user) == ada


def test_nobody_registers_somebody_else(mallory: PersonActor, acme_owner: BrandActor, at: datetime) -> None:
    user = cast.make_user("Bo Lindqvist")
    for actor in (mallory, acme_owner):
        with pytest.raises(NotFound):
            actions.register_agent(user=user, by=actor, at=at)
    assert agent_of_user(user) is None


@pytest.mark.parametrize("name", ["", "ليلى حسن", "🎧", "'; DROP TABLE", "x" * 200])
def test_any_name_gets_a_handle(db: None, at: datetime, name: str) -> None:
    user = cast.make_user("Bo Lindqvist")
    user.full_name = name
    agent = actions.register_agent(user=user, by=PersonActor(user), at=at)
    assert 5 <= len(agent.handle) <= 40


def test_profile_then_hours_make_an_agent_active(ada: Agent, at: datetime) -> None:
    me = make.agent_actor(ada)
    actions.complete_profile(agent_id=ada.pk, about=ABOUT, abilities=ABILITIES, by=me, at=at)
    ada.refresh_from_db()
    assert (ada.state, ada.user.timezone) == (AgentState.PROFILE_COMPLETE, "America/Halifax")
    actions.set_availability(agent_id=ada.pk, setup=SETUP, by=me, at=at)
    fresh = agent_for(me)
    assert fresh.state == AgentState.ACTIVE
    assert {row.tag for row in fresh.languages.all()} == {"en", "pt-BR"}
    (rule,) = fresh.availability_rules.all()
    assert (rule.weekday, rule.local_to, rule.timezone) == (4, time(2), "America/Halifax")
    moves = [(line.from_state, line.to_state) for line in history_of(ada) if line.to_state]
    assert moves == [("", "registered"), ("registered", "profile_complete"), ("profile_complete", "active")]


@pytest.mark.parametrize(
    ("about", "field"),
    [
        (actions.About("XX", "UTC"), "country"),
        (actions.About("", "UTC"), "country"),
        (actions.About("CA", "Mars/Olympus"), "timezone"),
        (actions.About("CA", "UTC", headline="x" * 121), "headline"),
        (actions.About("CA", "UTC", bio="x" * 2001), "bio"),
        *((actions.About("CA", "UTC", handle=handle), "handle") for handle in NO_HANDLES),
    ],
)
def test_a_wrong_word_about_oneself_is_named_and_changes_nothing(
    ada: Agent, at: datetime, about: actions.About, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.describe_agent(agent_id=ada.pk, about=about, by=make.agent_actor(ada), at=at)
    assert refusal.value.field == field
    ada.refresh_from_db()
    assert (ada.country, ada.user.timezone) == ("", "UTC")


def test_a_handle_given_before_the_rule_stays_while_it_is_not_changed(at: datetime, db: None) -> None:
    agent = make.make_agent("Bo Lindqvist", handle="bo of old!")
    about = actions.About("CA", "UTC", headline="Still me", handle="bo of old!")
    actions.describe_agent(agent_id=agent.pk, about=about, by=make.agent_actor(agent), at=at)
    agent.refresh_from_db()
    assert (agent.handle, agent.headline) == ("bo of old!", "Still me")


def test_a_handle_is_taken_whatever_its_case(ada: Agent, at: datetime) -> None:
    make.make_agent("Bo Lindqvist", handle="Ada-O")
    with pytest.raises(HandleTaken):
        actions.describe_agent(agent_id=ada.pk, about=ABOUT, by=make.agent_actor(ada), at=at)


@pytest.mark.parametrize(
    ("abilities", "field"),
    [
        (actions.Abilities({}, {}, ("chat",)), "languages"),
        (actions.Abilities({"klingon": "C1"}, {}, ("chat",)), "languages"),
        (actions.Abilities({"en": "D9"}, {}, ("chat",)), "languages"),
        (actions.Abilities({"en": "C1"}, {"juggling": 3}, ("chat",)), "skills"),
        (actions.Abilities({"en": "C1"}, {"live-chat": 6}, ("chat",)), "skills"),
        (actions.Abilities({"en": "C1"}, {"live-chat": True}, ("chat",)), "skills"),
        (actions.Abilities({"en": "C1"}, {}, ()), "channels"),
        (actions.Abilities({"en": "C1"}, {}, ("telepathy",)), "channels"),
    ],
)
def test_a_wrong_ability_is_named_and_what_was_there_stays(
    at: datetime, ada: Agent, abilities: actions.Abilities, field: str
) -> None:
    me = make.agent_actor(ada)
    actions.complete_profile(agent_id=ada.pk, about=ABOUT, abilities=ABILITIES, by=me, at=at)
    with pytest.raises(Invalid) as refusal:
        actions.claim_abilities(agent_id=ada.pk, abilities=abilities, by=me, at=at)
    assert refusal.value.field == field
    assert {row.tag for row in ada.languages.all()} == {"en", "pt-BR"}
    assert ada.skills.get().level == 4


def test_abilities_come_after_where_one_lives(ada: Agent, at: datetime) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.claim_abilities(agent_id=ada.pk, abilities=ABILITIES, by=make.agent_actor(ada), at=at)
    assert refusal.value.field == "country"


@pytest.mark.parametrize(
    ("setup", "field"),
    [
        (actions.Setup(0), "weekly_hours_wanted"),
        (actions.Setup(61), "weekly_hours_wanted"),
        (actions.Setup(20, equipment=("spaceship",)), "equipment"),
        (actions.Setup(20, [actions.WeeklyHours(7, time(8), time(9))]), "hours"),
        (actions.Setup(20, [actions.WeeklyHours(1, time(8), time(9))] * 2), "hours"),
    ],
)
def test_wrong_hours_are_named(ada: Agent, at: datetime, setup: actions.Setup, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.set_availability(agent_id=ada.pk, setup=setup, by=make.agent_actor(ada), at=at)
    assert refusal.value.field == field


def test_what_was_proved_is_not_overwritten_by_a_claim_or_a_weaker_proof(ada: Agent, at: datetime) -> None:
    me = make.agent_actor(ada)
    proof: dict[str, Any] = {
        "agent_id": ada.pk,
        "skill_key": "live-chat",
        "evidence_ref": "attempt:1",
        "by": PRODUCT,
        "at": at,
    }
    actions.record_skill(level=3, proved_by="certified", **proof)
    actions.complete_profile(agent_id=ada.pk, about=ABOUT, abilities=ABILITIES, by=me, at=at)
    assert ada.skills.get().level == 3
    actions.record_skill(level=5, proved_by="assessed", **proof)
    assert ada.skills.get().level == 3
    actions.record_skill(level=5, proved_by="worked", **proof)
    assert (ada.skills.get().level, ada.skills.get().proved_by) == (5, "worked")


def test_a_proved_language_keeps_its_measured_levels(ada: Agent, at: datetime) -> None:
    levels = actions.LanguageProof("C1", "B2", "B2", "B1")
    actions.record_language(
        agent_id=ada.pk, tag="en", levels=levels, proved_by="assessed", evidence_ref="x", by=PRODUCT, at=at
    )
    actions.complete_profile(agent_id=ada.pk, about=ABOUT, abilities=ABILITIES, by=make.agent_actor(ada), at=at)
    english = ada.languages.get(tag="en")
    assert (english.reading, english.speaking, english.proved_by) == ("C1", "B1", "assessed")


def test_only_the_product_records_proofs(ada: Agent, acme_owner: BrandActor, at: datetime) -> None:
    for actor in (make.agent_actor(ada), acme_owner, cast.outsider()):
        with pytest.raises(NotFound):
            actions.record_skill(
                agent_id=ada.pk, skill_key="retail", level=5, proved_by="worked", evidence_ref="", by=actor, at=at
            )
    assert not AgentSkill.objects.across_brands().exists()
    with pytest.raises(UnknownSkill):
        actions.record_skill(
            agent_id=ada.pk, skill_key="juggling", level=5, proved_by="worked", evidence_ref="", by=PRODUCT, at=at
        )


def test_a_break_begins_and_ends(db: None, at: datetime) -> None:
    ada = make.make_agent("Ada Obi")
    me = make.agent_actor(ada)
    with pytest.raises(MoveRefused):
        actions.resume_agent(agent_id=ada.pk, by=me, at=at)
    with pytest.raises(Invalid):
        actions.pause_agent(agent_id=ada.pk, until=at, by=me, at=at)
    assert actions.pause_agent(agent_id=ada.pk, until=at + timedelta(days=3), by=me, at=at).state == "paused"
    with pytest.raises(MoveRefused):
        actions.pause_agent(agent_id=ada.pk, until=None, by=me, at=at)
    back = actions.resume_agent(agent_id=ada.pk, by=me, at=at)
    assert (back.state, back.paused_until) == ("active", None)


def test_a_break_with_an_end_is_over_by_itself_once(db: None, at: datetime) -> None:
    ada, bo = make.make_agent("Ada Obi"), make.make_agent("Bo Lindqvist")
    actions.pause_agent(agent_id=ada.pk, until=at + timedelta(hours=1), by=PRODUCT, at=at)
    actions.pause_agent(agent_id=bo.pk, until=None, by=PRODUCT, at=at)
    assert actions.resume_rested_agents(by=PRODUCT, at=at) == 0
    assert actions.resume_rested_agents(by=PRODUCT, at=at + timedelta(hours=1)) == 1
    assert actions.resume_rested_agents(by=PRODUCT, at=at + timedelta(hours=1)) == 0
    states = dict(Agent.objects.across_brands().values_list("pk", "state"))
    assert states == {ada.pk: "active", bo.pk: "paused"}
    with pytest.raises(NotFound):
        actions.resume_rested_agents(by=make.agent_actor(ada), at=at)


def test_nobody_else_changes_a_profile(ada: Agent, acme_owner: BrandActor, at: datetime) -> None:
    bo = make.agent_actor(make.make_agent("Bo Lindqvist"))
    ids: dict[str, Any] = {"agent_id": ada.pk, "at": at}
    calls: tuple[Callable[[Any], object], ...] = (
        lambda by: actions.describe_agent(about=ABOUT, by=by, **ids),
        lambda by: actions.claim_abilities(abilities=ABILITIES, by=by, **ids),
        lambda by: actions.set_availability(setup=SETUP, by=by, **ids),
        lambda by: actions.pause_agent(until=None, by=by, **ids),
        lambda by: actions.resume_agent(by=by, **ids),
    )
    for actor in (bo, acme_owner, cast.outsider()):
        for call in calls:
            with pytest.raises(NotFound):
                call(actor)


def test_a_brand_never_lists_agents(ada: Agent, acme: Brand, acme_owner: BrandActor) -> None:
    assert not Agent.objects.for_actor(acme_owner).exists()
    assert Agent.objects.for_actor(make.agent_actor(ada)).get() == ada
