"""Claiming a seat: who may, who is first, and what the loser is told."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from gigcx.audit import outbox, trail
from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import NotFound
from gigcx.kernel.ids import uuid7
from recruiting.models import Agent, Program
from scheduling.actions.claims import SeenShift, claim_shift
from scheduling.actions.releases import release_claim
from scheduling.errors import (
    HoursExceeded,
    NotEligible,
    OverlapsOtherShift,
    RestTooShort,
    ShiftChanged,
    ShiftFull,
    ShiftNotOpen,
)
from scheduling.events import ShiftClaimed
from scheduling.models import Claim, Shift
from scheduling.queries.wishes import wish_for
from scheduling.states import OCCUPYING, ClaimState, ShiftState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.factories import vetting as vet

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def take(shift: Shift, agent: Agent, at: datetime, **more: Any) -> Claim:
    return claim_shift(shift_id=shift.pk, agent=agent, by=recruit.agent_actor(agent), at=at, **more)


def test_a_claim_takes_one_seat_writes_history_and_states_the_fact(chat: Program, ada: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + DAY, seats=2)
    claim = take(shift, ada, at)
    shift.refresh_from_db()
    assert (claim.state, shift.filled, claim.rate_card_id) == (ClaimState.CLAIMED, 1, shift.rate_card_id)
    assert AuditEntry.objects.filter(action="scheduling.claim_shift", subject_id=claim.pk).count() == 1
    assert OutboxEvent.objects.filter(type="scheduling.shift_claimed", payload__claim_id=str(claim.pk)).count() == 1


def test_the_claim_handed_back_is_the_row_that_was_written(chat: Program, ada: Agent, at: datetime) -> None:
    claim = take(plan.make_shift(chat, at + DAY), ada, at)
    written = Claim.objects.across_brands().get(pk=claim.pk)
    fields = [field.attname for field in Claim._meta.concrete_fields]
    assert {name: getattr(claim, name) for name in fields} == {name: getattr(written, name) for name in fields}


def test_history_and_fact_of_a_claim_are_those_that_any_action_writes(chat: Program, ada: Agent, at: datetime) -> None:
    claim = take(plan.make_shift(chat, at + DAY), ada, at)
    fact = ShiftClaimed(claim_id=claim.pk, shift_id=claim.shift_id, agent_id=ada.pk)
    lines = [
        AuditEntry.objects.get(subject_id=claim.pk),
        trail.record("scheduling.claim_shift", claim, by=recruit.agent_actor(ada), at=at, to_state=claim.state),
    ]
    facts = [
        OutboxEvent.objects.get(type=ShiftClaimed.type),
        outbox.publish(fact, at=at, brand_id=claim.brand_id, agent_id=ada.pk),
    ]
    for written, usual in (lines, facts):
        names = [field.attname for field in written._meta.concrete_fields if not field.primary_key]
        assert {name: getattr(written, name) for name in names} == {name: getattr(usual, name) for name in names}


def test_a_seat_lost_after_the_look_writes_neither_claim_nor_history_nor_fact(
    chat: Program, ada: Agent, bo: Agent, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift = plan.make_shift(chat, at + DAY, seats=1)
    looked = wish_for(shift.pk, bo.pk, "press", kind="seat", at=at)
    take(shift, ada, at)
    monkeypatch.setattr("scheduling.actions.claims.wish_for", lambda *asked, **more: looked)
    with pytest.raises(ShiftFull):
        take(shift, bo, at)
    assert Claim.objects.across_brands().count() == 1
    assert AuditEntry.objects.filter(action="scheduling.claim_shift").count() == 1
    assert OutboxEvent.objects.filter(type=ShiftClaimed.type).count() == 1


def test_a_claim_takes_four_queries_and_its_transaction(
    chat: Program, ada: Agent, at: datetime, django_assert_num_queries: Any
) -> None:
    take(plan.make_shift(chat, at + DAY), ada, at)  # the first claim of an agent also makes the calendar's row
    shift = plan.make_shift(chat, at + 2 * DAY)
    with django_assert_num_queries(6):  # wish, facts, BEGIN or savepoint, lock and own time, seat, its release
        take(shift, ada, at)


def test_the_same_key_and_the_same_shift_give_the_first_claim_back(chat: Program, ada: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + DAY)
    first = take(shift, ada, at, idempotency_key="press-1")
    assert take(shift, ada, at, idempotency_key="press-1").pk == first.pk
    assert take(shift, ada, at, idempotency_key="press-2").pk == first.pk
    shift.refresh_from_db()
    assert shift.filled == 1


def test_the_last_seat_goes_to_the_faster_agent(chat: Program, ada: Agent, bo: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + DAY, seats=1)
    take(shift, ada, at)
    with pytest.raises(ShiftFull):
        take(shift, bo, at)
    assert not Claim.objects.across_brands().filter(agent=bo).exists()


def test_reserved_seats_are_nobodys_to_claim(chat: Program, ada: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + DAY, seats=2, reserved=2)
    with pytest.raises(ShiftFull):
        take(shift, ada, at)


@pytest.mark.parametrize("state", [ShiftState.ANNOUNCED, ShiftState.STARTED, ShiftState.ENDED, ShiftState.CANCELLED])
def test_only_open_shifts_can_be_claimed(chat: Program, ada: Agent, at: datetime, state: str) -> None:
    with pytest.raises(ShiftNotOpen):
        take(plan.make_shift(chat, at + DAY, state=state), ada, at)


def test_a_shift_that_began_a_second_ago_is_closed_even_before_the_sweep_says_so(
    chat: Program, ada: Agent, at: datetime
) -> None:
    with pytest.raises(ShiftNotOpen):
        take(plan.make_shift(chat, at), ada, at + timedelta(seconds=1))


def test_a_draft_shift_does_not_exist_for_agents(chat: Program, ada: Agent, at: datetime) -> None:
    with pytest.raises(NotFound):
        take(plan.make_shift(chat, at + DAY, state=ShiftState.DRAFT), ada, at)


def test_an_agent_cannot_claim_for_another(chat: Program, ada: Agent, bo: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + DAY)
    with pytest.raises(NotFound):
        claim_shift(shift_id=shift.pk, agent=ada, by=recruit.agent_actor(bo), at=at)


def test_who_is_not_certified_is_told_what_is_missing(chat: Program, at: datetime) -> None:
    stranger = recruit.make_agent("Cy Ng")
    with pytest.raises(NotEligible) as refused:
        take(plan.make_shift(chat, at + DAY), stranger, at)
    assert refused.value.reasons
    assert refused.value.message


def test_a_certificate_that_ends_before_the_shift_does_is_not_enough(chat: Program, at: datetime) -> None:
    agent = recruit.make_agent("Di Oz")
    vet.make_identity(agent, at=at)
    recruit.make_engagement(agent, chat)
    recruit.accept_terms_directly(agent, chat)
    vet.make_certificate(agent, chat, at=at, expires_at=at + DAY)
    with pytest.raises(NotEligible):
        take(plan.make_shift(chat, at + 2 * DAY), agent, at)


def test_back_to_back_shifts_of_two_brands_are_allowed(chat: Program, voice: Program, ada: Agent, at: datetime) -> None:
    vet.make_eligible(ada, voice, at)
    take(plan.make_shift(chat, at + DAY, hours=4), ada, at)
    take(plan.make_shift(voice, at + DAY + timedelta(hours=4), hours=4), ada, at)
    assert Claim.objects.across_brands().filter(agent=ada, state__in=list(OCCUPYING)).count() == 2


def test_a_minute_of_overlap_is_refused_and_only_the_agent_learns_where(
    chat: Program, voice: Program, ada: Agent, at: datetime
) -> None:
    vet.make_eligible(ada, voice, at)
    mine = take(plan.make_shift(chat, at + DAY, hours=4), ada, at)
    other = plan.make_shift(voice, at + DAY + timedelta(hours=3, minutes=45), hours=4)
    with pytest.raises(OverlapsOtherShift) as refused:
        take(other, ada, at)
    assert refused.value.other_claim_id == mine.pk
    for secret in (chat.name, chat.brand.name):
        assert secret not in refused.value.message
    assert not AuditEntry.objects.filter(brand_id=voice.brand_id, agent_id=ada.pk).exists()


def test_the_database_itself_keeps_an_agent_in_one_place(chat: Program, ada: Agent, at: datetime) -> None:
    from django.db import IntegrityError

    plan.make_claim(ada, plan.make_shift(chat, at + DAY))
    with pytest.raises(IntegrityError, match="claim_agent_is_in_one_place"):
        plan.make_claim(ada, plan.make_shift(chat, at + DAY + timedelta(hours=1), request=_any_request(chat)))


def _any_request(chat: Program) -> Any:
    from scheduling.models import CapacityRequest

    return CapacityRequest.objects.across_brands().filter(program=chat).order_by("pk").first()


def test_thirteen_hours_in_one_local_day_are_refused(chat: Program, ada: Agent, at: datetime) -> None:
    take(plan.make_shift(chat, at + DAY - timedelta(hours=12), hours=8), ada, at)
    with pytest.raises(HoursExceeded):
        take(plan.make_shift(chat, at + DAY, hours=5), ada, at)


def test_forty_eight_hours_are_the_end_of_a_week(chat: Program, ada: Agent, at: datetime) -> None:
    plan.make_rules(chat, open_week_minutes=60 * 60)
    monday = at.replace(hour=8) + timedelta(days=7)
    for day in range(4):
        take(plan.make_shift(chat, monday + day * DAY, hours=12), ada, at)
    with pytest.raises(HoursExceeded):
        take(plan.make_shift(chat, monday + 4 * DAY, hours=1), ada, at)
    take(plan.make_shift(chat, monday + 7 * DAY, hours=1), ada, at)


def test_eight_hours_of_rest_stay_free_in_every_day(chat: Program, ada: Agent, at: datetime) -> None:
    evening = at.replace(hour=18) + DAY
    take(plan.make_shift(chat, evening, hours=6), ada, at)
    with pytest.raises(RestTooShort):
        take(plan.make_shift(chat, evening + timedelta(hours=13), hours=6), ada, at)
    take(plan.make_shift(chat, evening + timedelta(hours=14), hours=6), ada, at)


@pytest.mark.parametrize(
    ("zone", "evening", "hours"),
    [
        ("America/New_York", datetime(2026, 10, 31, 22, tzinfo=UTC), 9),
        ("America/New_York", datetime(2027, 3, 13, 22, tzinfo=UTC), 7),
    ],
)
def test_a_night_shift_on_a_change_night_lasts_its_real_hours(
    chat: Program, ada: Agent, zone: str, evening: datetime, hours: int
) -> None:
    from zoneinfo import ZoneInfo

    from gigcx.kernel.intervals import Period, from_wall
    from scheduling.queries.hours import limits_of, minutes_in, week_of
    from scheduling.queries.prices import price_of_shift

    start = from_wall(evening.date(), evening.time(), ZoneInfo(zone))
    end = from_wall(evening.date() + DAY, time(6), ZoneInfo(zone))
    night = Period(start, end)
    assert night.seconds == hours * 3600
    shift = plan.make_shift(chat, start, hours=night.seconds / 3600)
    assert price_of_shift(shift).pay.amount_minor == hours * 1600
    assert (
        minutes_in(week_of(evening.date(), ZoneInfo(zone)), [night])
        + minutes_in(week_of(evening.date() + 2 * DAY, ZoneInfo(zone)), [night])
        == hours * 60
    )
    assert limits_of(ada, None).rest_minutes == 480


def test_a_claim_seen_before_a_pay_cut_is_refused_and_one_seen_before_a_raise_passes(
    chat: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + DAY, version=2)
    with pytest.raises(ShiftChanged):
        take(shift, ada, at, seen=SeenShift(version=1, pay_minor=1700))
    assert take(shift, bo, at, seen=SeenShift(version=1, pay_minor=1500)).state == ClaimState.CLAIMED


@pytest.mark.parametrize("moved", ["starts_at", "ends_at"])
def test_a_claim_seen_before_the_time_moved_is_refused(chat: Program, ada: Agent, at: datetime, moved: str) -> None:
    shift = plan.make_shift(chat, at + DAY, version=2)
    edges: dict[str, Any] = {"starts_at": shift.starts_at, "ends_at": shift.ends_at}
    with pytest.raises(ShiftChanged, match="time of this shift"):
        take(shift, ada, at, seen=SeenShift(1, 1600, **(edges | {moved: edges[moved] - timedelta(hours=1)})))
    assert take(shift, ada, at, seen=SeenShift(1, 1600, **edges)).state == ClaimState.CLAIMED


def test_a_raise_reaches_the_early_claimer_and_a_cut_does_not(
    chat: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    from gigcx.tenancy.actors import SystemActor
    from scheduling.actions.shifts import reprice_shift

    shift = plan.make_shift(chat, at + DAY)
    early = take(shift, ada, at)
    better = recruit.make_rate_card(chat, {"productive_hour": (1800, 2400)}, at=at)
    reprice_shift(shift_id=shift.pk, rate_card_id=better.pk, by=SystemActor("test"), at=at)
    early.refresh_from_db()
    assert early.rate_card_id == better.pk
    worse = recruit.make_rate_card(chat, {"productive_hour": (1000, 2400)}, at=at)
    reprice_shift(shift_id=shift.pk, rate_card_id=worse.pk, by=SystemActor("test"), at=at)
    early.refresh_from_db()
    assert early.rate_card_id == better.pk
    assert take(Shift.objects.across_brands().get(pk=shift.pk), bo, at).rate_card_id == worse.pk
    release_claim(claim_id=early.pk, accepted_points=-5, by=recruit.agent_actor(ada), at=at + timedelta(minutes=10))
    again = take(Shift.objects.across_brands().get(pk=shift.pk), ada, at + timedelta(minutes=11))
    assert again.rate_card_id == worse.pk


def test_when_the_history_cannot_be_written_nothing_is_claimed(chat: Program, ada: Agent, at: datetime) -> None:
    from django.db import DataError

    from gigcx.audit.trail import current_request_id

    shift = plan.make_shift(chat, at + DAY)
    before = current_request_id.set("x" * 65)  # one more than the column holds
    try:
        with pytest.raises(DataError):
            take(shift, ada, at, idempotency_key=uuid7().hex)
    finally:
        current_request_id.reset(before)
    shift.refresh_from_db()
    assert shift.filled == 0
    assert not Claim.objects.across_brands().exists()
