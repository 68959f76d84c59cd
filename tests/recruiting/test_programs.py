"""Programs, their prices and their terms."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.audit.trail import history_of
from gigcx.kernel.errors import Invalid, MoveRefused, NotAllowed, NotFound, Stale
from gigcx.tenancy.actors import NOBODY, BrandActor, OpsActor, SystemActor
from gigcx.tenancy.errors import BrandNotActive
from gigcx.tenancy.models import Brand
from gigcx.web.timeline import history_lines
from recruiting import actions
from recruiting.errors import BillBelowPay, NameDoesNotMatch, ProgramNotReady, TermsOutdated
from recruiting.models import Program, RateCard, TermsAcceptance, TermsVersion
from recruiting.queries import accepted_terms, active_rate_card, active_terms, program_for, unaccepted_terms
from recruiting.states import LineKind, ProgramState
from tests import cast
from tests.factories import recruiting as make

PRODUCT = SystemActor("test")
BRIEF = actions.ProgramBrief(name="Holiday Chat", summary="Chat.", channels=("chat",), languages={"en": "B2"})
PRICES = {"productive_hour": actions.Price(1400, 1990)}


def publish_prices(program: Program, by: Any, at: datetime, seen: int = 0, **lines: actions.Price) -> RateCard:
    draft = actions.RateCardDraft(lines=lines or PRICES)
    return actions.publish_rate_card(program_id=program.pk, draft=draft, seen_version=seen, by=by, at=at)


def publish_terms(program: Program, by: Any, at: datetime, seen: int = 0, **more: Any) -> TermsVersion:
    words: dict[str, Any] = {"body": "## Be kind", "is_material": True, **more}
    return actions.publish_terms(program_id=program.pk, seen_version=seen, by=by, at=at, **words)


def test_a_program_goes_from_draft_to_public_through_ops(acme_owner: BrandActor, olu: OpsActor, at: datetime) -> None:
    program = actions.create_program(brand_id=acme_owner.brand_id, brief=BRIEF, by=acme_owner, at=at)
    with pytest.raises(ProgramNotReady) as refusal:
        actions.submit_program(program_id=program.pk, by=acme_owner, at=at)
    assert refusal.value.context["missing"] == ["Publish prices.", "Publish terms."]
    publish_prices(program, acme_owner, at)
    publish_terms(program, acme_owner, at)
    actions.submit_program(program_id=program.pk, by=acme_owner, at=at)
    with pytest.raises(NotAllowed):
        actions.approve_program(program_id=program.pk, by=acme_owner, at=at)
    published = actions.approve_program(program_id=program.pk, by=olu, at=at)
    assert (published.state, published.published_at) == (ProgramState.RECRUITING, at)
    assert OutboxEvent.objects.filter(type="recruiting.program_published").count() == 1
    states = [line.to_state for line in history_of(program) if line.to_state]
    assert states == ["draft", "content_review", "recruiting"]


def test_a_brand_that_is_not_open_prepares_and_does_not_publish(acme_owner: BrandActor, at: datetime) -> None:
    program = actions.create_program(brand_id=acme_owner.brand_id, brief=BRIEF, by=acme_owner, at=at)
    publish_prices(program, acme_owner, at)
    publish_terms(program, acme_owner, at)
    Brand.objects.update(state="in_review")
    with pytest.raises(BrandNotActive):
        actions.submit_program(program_id=program.pk, by=acme_owner, at=at)


def test_two_programs_of_one_brand_do_not_share_a_name_and_two_brands_may(
    acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    ours = actions.create_program(brand_id=acme_owner.brand_id, brief=BRIEF, by=acme_owner, at=at)
    with pytest.raises(Invalid) as refusal:
        actions.create_program(brand_id=acme_owner.brand_id, brief=BRIEF, by=acme_owner, at=at)
    assert refusal.value.field == "name"
    theirs = actions.create_program(brand_id=globex_owner.brand_id, brief=BRIEF, by=globex_owner, at=at)
    assert ours.public_slug != theirs.public_slug


MOVES: dict[str, tuple[Callable[..., Program], str]] = {
    "launch": (actions.launch_program, "live"),
    "pause": (actions.pause_program, "paused"),
    "resume": (actions.resume_program, "live"),
    "sunset": (actions.sunset_program, "sunset"),
    "archive": (actions.archive_program, "archived"),
}
MAY = {"launch": {"ready"}, "pause": {"live"}, "resume": {"paused"}, "archive": {"draft", "sunset"}} | {
    "sunset": {"recruiting", "ready", "live", "paused"}
}


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("state", ProgramState.values)
def test_a_brand_s_move_is_made_from_the_right_states_alone(
    acme: Brand, acme_owner: BrandActor, at: datetime, name: str, state: str
) -> None:
    program = make.make_program(acme, state=state)
    call, target = MOVES[name]
    if state in MAY[name]:
        assert call(program_id=program.pk, by=acme_owner, at=at).state == target
        return
    with pytest.raises((MoveRefused, ProgramNotReady)):
        call(program_id=program.pk, by=acme_owner, at=at)
    program.refresh_from_db()
    assert program.state == state
    assert not history_of(program).exists()


def test_archiving_ends_every_open_engagement_and_leaves_the_declined(
    acme: Brand, acme_owner: BrandActor, at: datetime
) -> None:
    program = make.make_program(acme, state="sunset")
    open_one = make.make_engagement(make.make_agent("Ada Obi"), program, state="certified")
    declined = make.make_engagement(make.make_agent("Bo Lindqvist"), program, state="declined")
    actions.archive_program(program_id=program.pk, by=acme_owner, at=at)
    open_one.refresh_from_db()
    declined.refresh_from_db()
    assert (open_one.state, open_one.end_code, declined.state) == ("ended", "program_closed", "declined")
    assert OutboxEvent.objects.filter(type="recruiting.engagement_ended").count() == 1


def test_somebody_without_the_role_is_refused_and_strangers_learn_nothing(
    acme: Brand, globex_owner: BrandActor, at: datetime
) -> None:
    program = make.make_program(acme)
    viewer = cast.make_member(acme, "Vera Viewer", "viewer")
    planner = cast.make_member(acme, "Paul Planner", "planner")
    ada = make.agent_actor(make.make_agent("Ada Obi"))
    edit: Callable[[Any], object] = lambda by: actions.edit_program(  # noqa: E731  a list of calls reads best so
        program_id=program.pk, brief=BRIEF, revision=1, by=by, at=at
    )
    calls: tuple[Callable[[Any], object], ...] = (
        edit,
        lambda by: actions.create_program(brand_id=acme.pk, brief=BRIEF, by=by, at=at),
        lambda by: actions.set_questions(program_id=program.pk, questions=(), by=by, at=at),
        lambda by: actions.pause_program(program_id=program.pk, by=by, at=at),
        lambda by: publish_prices(program, by, at),
        lambda by: publish_terms(program, by, at),
    )
    for call in calls:
        with pytest.raises(NotAllowed):
            call(viewer)
        for stranger in (globex_owner, ada, NOBODY):
            with pytest.raises(NotFound):
                call(stranger)
    for call in calls[-2:]:
        with pytest.raises(NotAllowed):
            call(planner)
    with pytest.raises(NotFound):
        program_for(globex_owner, program.pk)


def test_a_change_from_an_old_page_is_refused(acme: Brand, acme_owner: BrandActor, at: datetime) -> None:
    program = make.make_program(acme)
    first = actions.edit_program(program_id=program.pk, brief=BRIEF, revision=1, by=acme_owner, at=at)
    assert first.revision == 2
    with pytest.raises(Stale):
        actions.edit_program(program_id=program.pk, brief=BRIEF, revision=1, by=acme_owner, at=at)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "   "}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"channels": ()}, "channels"),
        ({"languages": {"xx-klingon": "B2"}}, "languages"),
        ({"skills": {"juggling": 3}}, "skills"),
        ({"countries": ("Atlantis",)}, "countries"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"interval_minutes": 7}, "interval_minutes"),
        ({"launch_minimum": 0}, "launch_minimum"),
        ({"undo_minutes": 61}, "undo_minutes"),
        ({"sensitivity_ceiling": 4}, "sensitivity_ceiling"),
        ({"service_hours": (actions.ServiceHours(0, "25:00", "09:00"),)}, "service_hours"),
        ({"service_hours": (actions.ServiceHours(0, "09:00", "09:00"),)}, "service_hours"),
        ({"engagement_mode": "piecework"}, "engagement_mode"),
        ({"engagement_mode": "case"}, "engagement_mode"),
    ],
)
def test_a_wrong_part_of_a_brief_is_named(
    acme_owner: BrandActor, at: datetime, changes: dict[str, Any], field: str
) -> None:
    plain: dict[str, Any] = {"name": "Chat", "channels": ("chat",), "languages": {"en": "B2"}}
    brief = actions.ProgramBrief(**{**plain, **changes})
    with pytest.raises(Invalid) as refusal:
        actions.create_program(brand_id=acme_owner.brand_id, brief=brief, by=acme_owner, at=at)
    assert refusal.value.field == field
    assert not Program.objects.across_brands().exists()


def test_prices_published_at_noon_count_from_noon_and_earlier_work_keeps_its_card(
    acme: Brand, acme_owner: BrandActor, at: datetime
) -> None:
    program = make.make_program(acme)
    morning = publish_prices(program, acme_owner, at - timedelta(hours=4))
    noon = publish_prices(program, acme_owner, at, 1, productive_hour=actions.Price(1500, 2100))
    before, after = active_rate_card(program.pk, at - timedelta(seconds=1)), active_rate_card(program.pk, at)
    assert (before, after) == (morning, noon)
    assert before is not None
    assert before.state == "superseded"
    line = before.line(LineKind.PRODUCTIVE_HOUR)
    assert line is not None
    assert line.pay_minor == 1400
    assert active_rate_card(program.pk, at - timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("lines", "error", "field"),
    [
        ({"productive_hour": actions.Price(1400, 1399)}, BillBelowPay, "productive_hour"),
        ({**PRICES, "standby": actions.Price(500, 499)}, BillBelowPay, "standby"),
        ({**PRICES, "standby": actions.Price(-1, 500)}, Invalid, "standby"),
        ({**PRICES, "magic": actions.Price(1, 1)}, Invalid, "lines"),
        ({"training": actions.Price(1, 1)}, Invalid, "productive_hour"),
        ({"productive_hour": actions.Price(1, 10**12)}, Invalid, "productive_hour"),
    ],
)
def test_wrong_prices_are_named_by_line_and_none_is_kept(
    acme_owner: BrandActor, at: datetime, lines: dict[str, Any], error: type[Invalid], field: str
) -> None:
    program = make.make_program(acme_owner.brand)
    with pytest.raises(error) as refusal:
        publish_prices(program, acme_owner, at, **lines)
    assert refusal.value.field == field
    assert not RateCard.objects.across_brands().exists()


def test_a_referral_may_be_paid_by_the_platform_alone(acme: Brand, acme_owner: BrandActor, at: datetime) -> None:
    program = make.make_program(acme)
    card = publish_prices(
        program, acme_owner, at, productive_hour=actions.Price(1400, 1990), referral=actions.Price(5000, 0)
    )
    assert card.state == "active"


def test_prices_from_an_old_page_are_refused(acme: Brand, acme_owner: BrandActor, at: datetime) -> None:
    program = make.make_program(acme)
    publish_prices(program, acme_owner, at)
    with pytest.raises(Stale):
        publish_prices(program, acme_owner, at)


def test_two_currencies_and_a_wild_multiplier_are_refused(acme: Brand, acme_owner: BrandActor, at: datetime) -> None:
    program = make.make_program(acme)
    for more, field in (
        ({"bill_currency": "EUR"}, "bill_currency"),
        ({"pay_currency": "XYZ"}, "pay_currency"),
        ({"tier_multipliers": {"lead": 90_000}}, "tier_multipliers"),
        ({"rounding": "sideways"}, "rounding"),
    ):
        draft = actions.RateCardDraft(lines=PRICES, **more)
        with pytest.raises(Invalid) as refusal:
            actions.publish_rate_card(program_id=program.pk, draft=draft, seen_version=0, by=acme_owner, at=at)
        assert refusal.value.field == field


def test_a_material_change_asks_again_and_a_matter_of_wording_does_not(
    acme: Brand, acme_owner: BrandActor, at: datetime
) -> None:
    program, ada = make.make_program(acme), make.make_agent("Ada Obi")
    make.make_engagement(ada, program, state="accepted")
    me = make.agent_actor(ada)

    def agree(version: TermsVersion) -> TermsAcceptance:
        ids: dict[str, Any] = {
            "agent_id": ada.pk,
            "terms_version_id": version.pk,
            "ip": "192.0.2.1",
            "by": me,
            "at": at,
        }
        return actions.accept_terms(name_typed="ADA  obi", **ids)

    first = publish_terms(program, acme_owner, at - timedelta(days=2), is_material=False)
    assert first.is_material, "the first version is always material"
    assert unaccepted_terms(ada.pk, [program.pk], at) == {program.pk: first}
    agree(first)
    assert unaccepted_terms(ada.pk, [program.pk], at) == {}
    wording = publish_terms(program, acme_owner, at - timedelta(days=1), 1, body="## Be kind.", is_material=False)
    assert active_terms(program.pk, at) == wording
    assert unaccepted_terms(ada.pk, [program.pk], at) == {}
    material = publish_terms(program, acme_owner, at, 2, body="## Be kinder")
    assert unaccepted_terms(ada.pk, [program.pk], at) == {program.pk: material}
    agree(material)
    assert accepted_terms(ada.pk, program.pk) == material
    assert [row.payload["is_material"] for row in OutboxEvent.objects.filter(type="recruiting.terms_published")] == [
        True,
        False,
        True,
    ]


def test_agreeing_needs_the_version_in_force_the_right_name_and_a_place(
    acme: Brand, acme_owner: BrandActor, at: datetime
) -> None:
    program, ada = make.make_program(acme), make.make_agent("Ada Obi")
    old = make.make_terms(program, at=at - timedelta(days=9))
    new = make.make_terms(program, body="## Newer", at=at - timedelta(days=1))
    ids: dict[str, Any] = {"agent_id": ada.pk, "ip": None, "by": make.agent_actor(ada), "at": at}
    with pytest.raises(NotFound):
        actions.accept_terms(terms_version_id=new.pk, name_typed="Ada Obi", **ids)
    make.make_engagement(ada, program, state="accepted")
    with pytest.raises(TermsOutdated):
        actions.accept_terms(terms_version_id=old.pk, name_typed="Ada Obi", **ids)
    with pytest.raises(NameDoesNotMatch):
        actions.accept_terms(terms_version_id=new.pk, name_typed="Bo Lindqvist", **ids)
    with pytest.raises(NotFound):
        actions.accept_terms(terms_version_id=new.pk, name_typed="Ada Obi", **{**ids, "by": acme_owner})
    first = actions.accept_terms(terms_version_id=new.pk, name_typed="Ada Obi", **ids)
    assert actions.accept_terms(terms_version_id=new.pk, name_typed="Ada Obi", **ids) == first
    assert OutboxEvent.objects.filter(type="recruiting.terms_accepted").count() == 1


def test_prices_are_not_kept_when_the_history_cannot_be_written(
    acme: Brand, acme_owner: BrandActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = make.make_program(acme)
    kept = make.make_rate_card(program)

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("gigcx.audit.models.AuditEntry.objects.create", broken)
    for call in (
        lambda: publish_prices(program, acme_owner, at, 1),
        lambda: publish_terms(program, acme_owner, at),
        lambda: actions.pause_program(program_id=program.pk, by=acme_owner, at=at),
    ):
        with pytest.raises(RuntimeError):
            call()
    kept.refresh_from_db()
    program.refresh_from_db()
    assert (kept.state, program.state, TermsVersion.objects.across_brands().count()) == ("active", "live", 0)


def test_the_history_of_a_program_says_what_was_changed(acme_owner: BrandActor, at: datetime) -> None:
    program = actions.create_program(brand_id=acme_owner.brand_id, brief=BRIEF, by=acme_owner, at=at)
    brief = replace(BRIEF, summary="Answer chats with care.")
    actions.edit_program(program_id=program.pk, brief=brief, revision=1, by=acme_owner, at=at)
    assert history_lines(program)[-1].title.endswith("changed the program: summary")
