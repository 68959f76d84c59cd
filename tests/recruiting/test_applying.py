"""From an application to a decision."""

from datetime import datetime, timedelta

import pytest

from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.audit.trail import history_of
from gigcx.kernel.errors import Invalid, MoveRefused, NotAllowed, NotFound
from gigcx.tenancy.actors import BrandActor, SystemActor
from gigcx.tenancy.models import Brand
from recruiting import actions
from recruiting.errors import AgentNotActive, AlreadyEngaged, BlockedByBrand, ProgramNotRecruiting, ReapplyLater
from recruiting.models import Agent, Engagement, Program, ScreeningAnswer
from tests import cast
from tests.factories import recruiting as make

PRODUCT = SystemActor("test")


@pytest.fixture
def ada(db: None) -> Agent:
    agent = make.make_agent("Ada Obi")
    make.give_language(agent, "en", level="C1")
    make.give_skill(agent, "live-chat", level=4)
    return agent


@pytest.fixture
def chat(acme: Brand) -> Program:
    return make.make_program(acme, required_skills=[{"key": "live-chat", "level": 3}])


def apply(agent: Agent, program: Program, at: datetime, answers: dict[str, str] | None = None) -> Engagement:
    return actions.apply_to_program(
        agent_id=agent.pk, program_id=program.pk, answers=answers or {}, by=make.agent_actor(agent), at=at
    )


def ask(program: Program, at: datetime, *questions: actions.QuestionDraft) -> list[str]:
    actions.set_questions(program_id=program.pk, questions=questions, by=PRODUCT, at=at)
    return [str(row.pk) for row in program.questions.filter(is_retired=False).order_by("position")]


def test_an_application_keeps_its_fit_with_reasons_that_add_up(ada: Agent, chat: Program, at: datetime) -> None:
    engagement = apply(ada, chat, at)
    assert engagement.state == "applied"
    assert engagement.fit_score == sum(reason["points"] for reason in engagement.fit_reasons)
    assert {reason["code"] for reason in engagement.fit_reasons} >= {"language", "skill_claimed", "channels"}
    event = OutboxEvent.objects.get(type="recruiting.engagement_applied")
    assert event.payload["engagement_id"] == str(engagement.pk)
    assert (event.brand_id, event.agent_id) == (chat.brand_id, ada.pk)
    assert [line.action for line in history_of(engagement)] == ["recruiting.apply_to_program"]


def test_applying_twice_is_refused_and_keeps_one_application(ada: Agent, chat: Program, at: datetime) -> None:
    apply(ada, chat, at)
    with pytest.raises(AlreadyEngaged):
        apply(ada, chat, at)
    assert Engagement.objects.across_brands().count() == 1


@pytest.mark.parametrize("state", ["draft", "content_review", "paused", "sunset", "archived"])
def test_a_program_that_does_not_recruit_takes_no_application(
    ada: Agent, acme: Brand, at: datetime, state: str
) -> None:
    program = make.make_program(acme, state=state)
    with pytest.raises((ProgramNotRecruiting, NotFound)):
        apply(ada, program, at)
    assert not Engagement.objects.across_brands().exists()


def test_a_suspended_brand_takes_no_applications(ada: Agent, chat: Program, at: datetime) -> None:
    Brand.objects.filter(pk=chat.brand_id).update(state="suspended")
    with pytest.raises(ProgramNotRecruiting):
        apply(ada, chat, at)


def test_an_agent_whose_profile_is_not_finished_cannot_apply(chat: Program, at: datetime) -> None:
    bo = make.make_agent("Bo Lindqvist", state="registered")
    with pytest.raises(AgentNotActive):
        apply(bo, chat, at)


def test_nobody_applies_for_somebody_else(ada: Agent, chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    bo = make.make_agent("Bo Lindqvist")
    for actor in (make.agent_actor(bo), acme_owner, cast.outsider()):
        with pytest.raises(NotFound):
            actions.apply_to_program(agent_id=ada.pk, program_id=chat.pk, answers={}, by=actor, at=at)


def test_an_answer_that_rules_the_program_out_declines_with_reason_and_date(
    ada: Agent, chat: Program, at: datetime
) -> None:
    (weekend,) = ask(
        chat, at, actions.QuestionDraft(prompt="Can you work weekends?", is_knock_out=True, accepted=["yes"])
    )
    engagement = apply(ada, chat, at, {weekend: "no"})
    assert (engagement.state, engagement.decline_code) == ("declined", "knocked_out")
    assert "Can you work weekends?" in engagement.decline_reason
    assert engagement.reapply_at == at + timedelta(days=30)
    assert [line.to_state for line in history_of(engagement)] == ["applied", "declined"]
    assert AuditEntry.objects.filter(action="recruiting.decline_engagement", actor_kind="system").exists()


def test_missing_and_foreign_answers_are_named_by_question_and_nothing_is_kept(
    ada: Agent, chat: Program, at: datetime
) -> None:
    first, second, third = ask(
        chat,
        at,
        actions.QuestionDraft(prompt="Weekends?"),
        actions.QuestionDraft(prompt="Which device?", kind="choice", options=["Phone", "Computer"]),
        actions.QuestionDraft(prompt="Years of service work?", kind="number"),
    )
    with pytest.raises(Invalid) as refusal:
        apply(ada, chat, at, {first: "", second: "Toaster'; DROP TABLE", third: "-3"})
    assert set(refusal.value.problems) == {first, second, third}
    assert not Engagement.objects.across_brands().exists()
    assert not ScreeningAnswer.objects.across_brands().exists()


def test_a_number_below_the_least_rules_out_and_above_passes(ada: Agent, chat: Program, at: datetime) -> None:
    (years,) = ask(
        chat,
        at,
        actions.QuestionDraft(prompt="Years?", kind="number", is_knock_out=True, accepted={"min": 2}),
    )
    bo = make.make_agent("Bo Lindqvist")
    assert apply(ada, chat, at, {years: "2"}).state == "applied"
    assert apply(bo, chat, at, {years: "1"}).state == "declined"


def test_a_program_may_accept_everybody_who_passes(ada: Agent, acme: Brand, at: datetime) -> None:
    program = make.make_program(acme, is_auto_accepting=True)
    engagement = apply(ada, program, at)
    assert (engagement.state, engagement.accepted_at) == ("accepted", at)
    assert OutboxEvent.objects.filter(type="recruiting.engagement_accepted").count() == 1


def test_a_country_the_program_does_not_serve_is_declined_with_the_countries_named(acme: Brand, at: datetime) -> None:
    program = make.make_program(acme, countries=["CA", "US"])
    engagement = apply(make.make_agent("Bo Lindqvist", country="SE"), program, at)
    assert engagement.decline_code == "location"
    assert "CA, US" in engagement.decline_reason


def test_a_declined_agent_opens_the_same_engagement_again_after_the_date(
    ada: Agent, chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    engagement = apply(ada, chat, at)
    actions.decline_engagement(
        engagement_id=engagement.pk, code="hours", reason="Evenings are full.", by=acme_owner, at=at
    )
    with pytest.raises(ReapplyLater) as refusal:
        apply(ada, chat, at + timedelta(days=29))
    assert refusal.value.context["reapply_at"] == (at + timedelta(days=30)).isoformat()
    again = apply(ada, chat, at + timedelta(days=30))
    assert again.pk == engagement.pk
    again.refresh_from_db()
    assert (again.state, again.decline_code, again.decline_reason, again.reapply_at) == ("applied", "", "", None)


def test_a_blocked_agent_cannot_apply_again(ada: Agent, chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    engagement = make.make_engagement(ada, chat, state="certified")
    actions.block_agent(engagement_id=engagement.pk, reason="Shared a customer's address.", by=acme_owner, at=at)
    actions.end_engagement(engagement_id=engagement.pk, reason="As agreed.", by=acme_owner, at=at)
    with pytest.raises(BlockedByBrand):
        apply(ada, chat, at)


def test_an_engagement_that_ended_leaves_room_for_a_new_one(ada: Agent, chat: Program, at: datetime) -> None:
    first = apply(ada, chat, at)
    actions.withdraw(engagement_id=first.pk, reason="", by=make.agent_actor(ada), at=at)
    assert apply(ada, chat, at).pk != first.pk


def test_a_planner_accepts_and_a_viewer_may_not(ada: Agent, chat: Program, acme: Brand, at: datetime) -> None:
    engagement = apply(ada, chat, at)
    viewer = cast.make_member(acme, "Vera Viewer", "viewer")
    with pytest.raises(NotAllowed):
        actions.accept_engagement(engagement_id=engagement.pk, by=viewer, at=at)
    planner = cast.make_member(acme, "Paul Planner", "planner")
    assert actions.accept_engagement(engagement_id=engagement.pk, by=planner, at=at).state == "accepted"
    with pytest.raises(MoveRefused):
        actions.accept_engagement(engagement_id=engagement.pk, by=planner, at=at)


def test_another_brand_learns_nothing_and_decides_nothing(
    ada: Agent, chat: Program, globex_owner: BrandActor, at: datetime
) -> None:
    engagement = apply(ada, chat, at)
    refused = (
        lambda: actions.accept_engagement(engagement_id=engagement.pk, by=globex_owner, at=at),
        lambda: actions.decline_engagement(
            engagement_id=engagement.pk, code="skills", reason="No.", by=globex_owner, at=at
        ),
        lambda: actions.end_engagement(engagement_id=engagement.pk, reason="No.", by=globex_owner, at=at),
        lambda: actions.block_agent(engagement_id=engagement.pk, reason="No.", by=globex_owner, at=at),
        lambda: actions.favor_agent(engagement_id=engagement.pk, by=globex_owner, at=at),
        lambda: actions.accept_engagements(engagement_ids=[engagement.pk], by=globex_owner, at=at),
        lambda: actions.withdraw(engagement_id=engagement.pk, reason="", by=globex_owner, at=at),
    )
    for call in refused:
        with pytest.raises(NotFound):
            call()
    engagement.refresh_from_db()
    assert engagement.state == "applied"


def test_a_decline_needs_a_known_code_and_a_sentence(
    ada: Agent, chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    engagement = apply(ada, chat, at)
    for code, reason, field in (
        ("gut feeling", "No.", "code"),
        ("skills", "   ", "reason"),
        ("skills", "x" * 1001, "reason"),
    ):
        with pytest.raises(Invalid) as refusal:
            actions.decline_engagement(engagement_id=engagement.pk, code=code, reason=reason, by=acme_owner, at=at)
        assert refusal.value.field == field


def test_several_are_accepted_at_once_and_those_who_moved_on_are_named(
    ada: Agent, chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    bo, cy = make.make_agent("Bo Lindqvist"), make.make_agent("Cy Young")
    waiting = [apply(ada, chat, at), apply(bo, chat, at)]
    gone = apply(cy, chat, at)
    actions.withdraw(engagement_id=gone.pk, reason="", by=make.agent_actor(cy), at=at)
    ids = [one.pk for one in (*waiting, gone)]
    batch = actions.accept_engagements(engagement_ids=ids, by=acme_owner, at=at)
    assert set(batch.done) == {one.pk for one in waiting}
    assert set(batch.refused) == {gone.pk}


def test_one_foreign_id_in_a_batch_stops_all_of_it(
    ada: Agent, chat: Program, globex: Brand, acme_owner: BrandActor, at: datetime
) -> None:
    ours = apply(ada, chat, at)
    theirs = apply(ada, make.make_program(globex, name="Voice"), at)
    with pytest.raises(NotFound):
        actions.accept_engagements(engagement_ids=[ours.pk, theirs.pk], by=acme_owner, at=at)
    ours.refresh_from_db()
    assert ours.state == "applied"


def test_nothing_is_kept_when_the_history_cannot_be_written(
    ada: Agent, chat: Program, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("gigcx.audit.models.AuditEntry.objects.create", broken)
    with pytest.raises(RuntimeError):
        apply(ada, chat, at)
    assert not Engagement.objects.across_brands().exists()
    assert not OutboxEvent.objects.exists()
