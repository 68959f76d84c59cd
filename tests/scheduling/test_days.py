"""The working day: arriving, silence, leaving, missing it, and the minutes that remain."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound
from gigcx.kernel.intervals import week_start
from gigcx.tenancy.actors import AgentActor, BrandActor, OpsActor, SystemActor
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.actions.verification import lock_moment
from scheduling.errors import (
    NothingVerifiable,
    PointsChanged,
    SessionElsewhere,
    SessionOver,
    TooEarly,
    TooLate,
    UndoOver,
)
from scheduling.models import CapacityRequest, Claim, Shift, StateSpan, TimesheetLock
from scheduling.queries.releases import release_cost
from scheduling.queries.sweeps import claims_without_arrival, gone_sessions, silent_sessions, weeks_to_lock
from scheduling.queries.work import payable_minutes
from scheduling.states import ClaimState, RequestState, SessionState, ShiftState
from tests import cast
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CLOCK = SystemActor("clock")


@pytest.fixture
def claim(chat: Program, ada: Agent, at: datetime) -> Claim:
    """Ada's four hours from now on."""
    return plan.make_claim(ada, plan.make_shift(chat, at, state=ShiftState.STARTED))


def arrive(claim: Claim, by: AgentActor, at: datetime, device: str = "laptop") -> object:
    return actions.check_in(claim_id=claim.pk, device=device, by=by, at=at)


def test_check_in_opens_ten_minutes_before(claim: Claim, as_ada: AgentActor, at: datetime) -> None:
    with pytest.raises(TooEarly):
        arrive(claim, as_ada, at - 11 * MINUTE)
    session = arrive(claim, as_ada, at - 10 * MINUTE)
    claim.refresh_from_db()
    assert (session.state, claim.state, claim.points) == (SessionState.READY, ClaimState.CHECKED_IN, 0)  # type: ignore[attr-defined]


def test_six_minutes_late_costs_five_points_and_states_it(claim: Claim, as_ada: AgentActor, at: datetime) -> None:
    arrive(claim, as_ada, at + 6 * MINUTE)
    claim.refresh_from_db()
    assert claim.points == -5
    assert OutboxEvent.objects.filter(type="scheduling.agent_late").count() == 1


def test_nobody_checks_in_for_another(claim: Claim, as_bo: AgentActor, acme_owner: BrandActor, at: datetime) -> None:
    for stranger in (as_bo, acme_owner):
        with pytest.raises(NotFound):
            arrive(claim, stranger, at)  # type: ignore[arg-type]


def test_two_devices_cannot_run_two_sessions_until_the_first_is_lost(
    claim: Claim, as_ada: AgentActor, at: datetime
) -> None:
    session = actions.check_in(claim_id=claim.pk, device="laptop", by=as_ada, at=at)
    assert actions.check_in(claim_id=claim.pk, device="laptop", by=as_ada, at=at + MINUTE).pk == session.pk
    with pytest.raises(SessionElsewhere):
        arrive(claim, as_ada, at + MINUTE, device="phone")
    with pytest.raises(SessionElsewhere):
        actions.beat(session_id=session.pk, device="phone", by=as_ada, at=at + MINUTE)
    actions.lose_session(session_id=session.pk, by=CLOCK, at=at + 5 * MINUTE)
    assert actions.check_in(claim_id=claim.pk, device="phone", by=as_ada, at=at + 6 * MINUTE).pk == session.pk


def test_a_desk_that_keeps_beating_is_not_lost_and_a_silent_one_ends_where_it_was_seen(
    claim: Claim, as_ada: AgentActor, at: datetime
) -> None:
    session = actions.check_in(claim_id=claim.pk, device="laptop", by=as_ada, at=at)
    for second in range(20, 601, 20):
        actions.beat(session_id=session.pk, device="laptop", by=as_ada, at=at + timedelta(seconds=second))
    assert silent_sessions(at=at + timedelta(seconds=680)) == []
    late = at + timedelta(seconds=700)
    assert silent_sessions(at=late) == [session.pk]
    actions.lose_session(session_id=session.pk, by=CLOCK, at=late)
    span = StateSpan.objects.across_brands().get(session=session)
    assert span.ends_at == at + timedelta(seconds=600)


def test_a_beat_after_a_gap_opens_a_new_stretch_and_the_gap_is_not_paid(
    claim: Claim, as_ada: AgentActor, at: datetime
) -> None:
    session = actions.check_in(claim_id=claim.pk, device="laptop", by=as_ada, at=at)
    actions.beat(session_id=session.pk, device="laptop", by=as_ada, at=at + 5 * MINUTE)
    spans = StateSpan.objects.across_brands().filter(session=session).order_by("starts_at")
    assert [(span.starts_at, span.ends_at) for span in spans] == [(at, at), (at + 5 * MINUTE, None)]


def test_fifteen_minutes_of_silence_end_the_session_but_not_the_claim(
    claim: Claim, as_ada: AgentActor, at: datetime
) -> None:
    session = actions.check_in(claim_id=claim.pk, device="laptop", by=as_ada, at=at)
    actions.lose_session(session_id=session.pk, by=CLOCK, at=at + 2 * MINUTE)
    assert gone_sessions(at=at + 16 * MINUTE) == [session.pk]
    actions.end_lost_session(session_id=session.pk, by=CLOCK, at=at + 16 * MINUTE)
    with pytest.raises(SessionOver):
        actions.beat(session_id=session.pk, device="laptop", by=as_ada, at=at + 17 * MINUTE)
    again = actions.check_in(claim_id=claim.pk, device="phone", by=as_ada, at=at + 20 * MINUTE)
    assert again.pk != session.pk


def test_minutes_are_paid_when_ready_on_contact_or_wrapping_up_and_not_when_paused(
    claim: Claim, as_ada: AgentActor, at: datetime
) -> None:
    session = actions.check_in(claim_id=claim.pk, device="d", by=as_ada, at=at - 5 * MINUTE)
    said = [(0, "on_contact"), (10, "wrap"), (12, "aux"), (27, "ready"), (30, "ready")]
    moment = at - 5 * MINUTE
    for minute, state in said:
        while moment < at + minute * MINUTE:
            moment = min(moment + MINUTE, at + minute * MINUTE)
            actions.beat(session_id=session.pk, device="d", by=as_ada, at=moment)
        actions.record_state(session_id=session.pk, device="d", state=state, by=as_ada, at=moment)
    actions.check_out(session_id=session.pk, device="d", by=as_ada, at=at + 31 * MINUTE)
    work = payable_minutes(claim.pk)
    assert work.worked_seconds == (12 + 4) * 60
    assert [span.state for span in work.spans] == ["on_contact", "wrap", "ready"]
    claim.refresh_from_db()
    assert (claim.state, claim.left_at, claim.busy.upper) == (ClaimState.WORKED, at + 31 * MINUTE, at + 31 * MINUTE)


@pytest.mark.parametrize("state", ["dancing", "ended", "lost", ""])
def test_only_the_four_states_can_be_said(claim: Claim, as_ada: AgentActor, at: datetime, state: str) -> None:
    session = actions.check_in(claim_id=claim.pk, device="d", by=as_ada, at=at)
    with pytest.raises(Invalid):
        actions.record_state(session_id=session.pk, device="d", state=state, by=as_ada, at=at)


def test_a_contact_open_at_the_end_is_paid_for_twenty_minutes_at_most(
    claim: Claim, as_ada: AgentActor, at: datetime
) -> None:
    seen_at = claim.ends_at + 30 * MINUTE
    session = plan.make_session(claim, until=at, state=SessionState.ON_CONTACT, last_seen_at=seen_at)
    plan.make_span(session, at, None, state=SessionState.ON_CONTACT)
    Claim.objects.across_brands().filter(pk=claim.pk).update(state=ClaimState.CHECKED_IN)
    actions.close_claim(claim_id=claim.pk, by=CLOCK, at=claim.ends_at + 5 * MINUTE)
    claim.refresh_from_db()
    assert claim.state == ClaimState.CHECKED_IN
    actions.close_claim(claim_id=claim.pk, by=CLOCK, at=claim.ends_at + 30 * MINUTE)
    claim.refresh_from_db()
    assert claim.state == ClaimState.WORKED
    assert payable_minutes(claim.pk).worked_seconds == (4 * 60 + 20) * 60


def test_nobody_there_after_ten_minutes_is_a_no_show_and_frees_the_seat(claim: Claim, at: datetime) -> None:
    assert claims_without_arrival(at=at + 9 * MINUTE) == []
    actions.mark_no_show(claim_id=claim.pk, by=CLOCK, at=at + 9 * MINUTE)
    actions.mark_no_show(claim_id=claim.pk, by=CLOCK, at=at + 10 * MINUTE)
    actions.mark_no_show(claim_id=claim.pk, by=CLOCK, at=at + 11 * MINUTE)
    claim.refresh_from_db()
    shift = Shift.objects.across_brands().get(pk=claim.shift_id)
    assert (claim.state, claim.points, shift.filled) == (ClaimState.NO_SHOW, -50, 0)
    assert OutboxEvent.objects.filter(type="scheduling.agent_no_show").count() == 1


def test_who_was_missed_may_still_come_before_the_midpoint(claim: Claim, as_ada: AgentActor, at: datetime) -> None:
    actions.mark_no_show(claim_id=claim.pk, by=CLOCK, at=at + 10 * MINUTE)
    arrive(claim, as_ada, at + HOUR)
    claim.refresh_from_db()
    assert (claim.state, claim.points) == (ClaimState.CHECKED_IN, -5)
    assert Shift.objects.across_brands().get(pk=claim.shift_id).filled == 1


def test_who_was_missed_cannot_come_after_the_midpoint(claim: Claim, as_ada: AgentActor, at: datetime) -> None:
    actions.mark_no_show(claim_id=claim.pk, by=CLOCK, at=at + 10 * MINUTE)
    with pytest.raises(TooLate):
        arrive(claim, as_ada, at + 2 * HOUR)


@pytest.mark.parametrize(
    ("notice", "points"),
    [(30 * HOUR, 0), (24 * HOUR, 0), (23 * HOUR, -5), (8 * HOUR, -5), (7 * HOUR, -15), (2 * HOUR, -15), (HOUR, -30)],
)
def test_giving_back_costs_by_the_ladder(
    chat: Program, ada: Agent, as_ada: AgentActor, at: datetime, notice: timedelta, points: int
) -> None:
    claim = plan.make_claim(ada, plan.make_shift(chat, at + 48 * HOUR), at=at)
    moment = claim.starts_at - notice
    assert release_cost(claim, at=moment).points == points
    with pytest.raises(PointsChanged):
        actions.release_claim(claim_id=claim.pk, accepted_points=points - 1, by=as_ada, at=moment)
    actions.release_claim(claim_id=claim.pk, accepted_points=points, by=as_ada, at=moment)
    claim.refresh_from_db()
    assert (claim.state, claim.points) == (ClaimState.RELEASED, points)
    assert Shift.objects.across_brands().get(pk=claim.shift_id).filled == 0


def test_undo_is_free_for_five_minutes(chat: Program, ada: Agent, as_ada: AgentActor, at: datetime) -> None:
    shift = plan.make_shift(chat, at + 48 * HOUR)
    first, second = (plan.make_claim(agent, shift, at=at) for agent in (ada, _bo(chat)))
    actions.undo_claim(claim_id=first.pk, by=as_ada, at=at + 5 * MINUTE - timedelta(seconds=1))
    first.refresh_from_db()
    assert (first.state, first.points) == (ClaimState.UNDONE, 0)
    with pytest.raises(UndoOver):
        actions.undo_claim(claim_id=second.pk, by=AgentActor(second.agent.user, second.agent_id), at=at + 5 * MINUTE)
    assert Shift.objects.across_brands().get(pk=shift.pk).filled == 1


def _bo(chat: Program) -> Agent:
    from tests.factories import recruiting as recruit

    return recruit.make_agent("Bo Lind")


def test_a_stranger_gives_nobodys_seat_back(
    claim: Claim, as_bo: AgentActor, acme_owner: BrandActor, at: datetime
) -> None:
    for stranger in (as_bo, acme_owner):
        with pytest.raises(NotFound):
            actions.release_claim(claim_id=claim.pk, accepted_points=-30, by=stranger, at=at - HOUR)


def test_the_brand_confirms_early_and_the_fact_is_stated_once(
    chat: Program, ada: Agent, acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    claim = plan.make_worked_claim(ada, plan.make_shift(chat, at - 5 * HOUR, state=ShiftState.ENDED))
    with pytest.raises(NotFound):
        actions.verify_claim(claim_id=claim.pk, by=globex_owner, at=at)
    viewer = cast.make_member(acme_owner.brand, "Vera Viewer", "viewer")
    with pytest.raises(NotAllowed):
        actions.verify_claim(claim_id=claim.pk, by=viewer, at=at)
    actions.verify_claim(claim_id=claim.pk, by=acme_owner, at=at)
    with pytest.raises(NothingVerifiable):
        actions.verify_claim(claim_id=claim.pk, by=acme_owner, at=at)
    facts = OutboxEvent.objects.filter(type="scheduling.shift_verified")
    assert [fact.payload["version"] for fact in facts] == [1]


def test_the_week_locks_on_the_next_monday_evening_in_the_brands_zone(chat: Program, ada: Agent, at: datetime) -> None:
    claim = plan.make_worked_claim(ada, plan.make_shift(chat, at - 3 * 24 * HOUR, state=ShiftState.ENDED))
    monday = week_start(claim.shift.local_on)
    moment = lock_moment(chat.brand, monday)
    assert moment.astimezone(ZoneInfo("America/New_York")).strftime("%a %H:%M") == "Mon 23:59"
    assert actions.lock_timesheet(brand_id=chat.brand_id, week_starts_on=monday, by=CLOCK, at=moment - MINUTE) is None
    assert (chat.brand_id, monday) in weeks_to_lock(at=moment)
    for _again in range(2):
        actions.lock_timesheet(brand_id=chat.brand_id, week_starts_on=monday, by=CLOCK, at=moment)
    claim.refresh_from_db()
    assert claim.state == ClaimState.VERIFIED
    assert TimesheetLock.objects.across_brands().count() == 1
    assert OutboxEvent.objects.filter(type="scheduling.shift_verified").count() == 1
    assert OutboxEvent.objects.filter(type="scheduling.timesheet_locked").count() == 1


def test_a_week_that_was_confirmed_early_locks_all_the_same_and_its_request_is_reconciled(
    chat: Program, ada: Agent, at: datetime
) -> None:
    shift = plan.make_shift(chat, at - 3 * 24 * HOUR, state=ShiftState.ENDED)
    plan.make_claim(ada, shift, state=ClaimState.VERIFIED)
    CapacityRequest.objects.for_brand(chat.brand_id).update(state=RequestState.COMPLETED)
    monday = week_start(shift.local_on)
    moment = lock_moment(chat.brand, monday)
    assert weeks_to_lock(at=moment) == [(chat.brand_id, monday)]
    actions.lock_timesheet(brand_id=chat.brand_id, week_starts_on=monday, by=CLOCK, at=moment)
    shift.request.refresh_from_db()
    assert shift.request.state == RequestState.RECONCILED
    assert OutboxEvent.objects.filter(type="scheduling.timesheet_locked").count() == 1
    assert weeks_to_lock(at=moment) == []


def test_a_correction_after_the_lock_states_a_new_version(
    chat: Program, ada: Agent, olu: OpsActor, acme_owner: BrandActor, at: datetime
) -> None:
    shift = plan.make_shift(chat, at - 5 * HOUR, state=ShiftState.ENDED)
    claim = plan.make_worked_claim(ada, shift, state=ClaimState.VERIFIED)
    with pytest.raises(NotFound):
        actions.adjust_minutes(claim_id=claim.pk, seconds=600, reason="Mine.", by=acme_owner, at=at)
    with pytest.raises(Invalid):
        actions.adjust_minutes(claim_id=claim.pk, seconds=0, reason="Nothing.", by=olu, at=at)
    actions.adjust_minutes(claim_id=claim.pk, seconds=-600, reason="Logged in on the wrong claim.", by=olu, at=at)
    work = payable_minutes(claim.pk)
    assert (work.version, work.worked_seconds) == (2, 4 * 3600 - 600)
    assert sum(span.seconds for span in work.spans) == work.worked_seconds


def test_a_correction_cannot_be_changed_or_deleted(chat: Program, ada: Agent, olu: OpsActor, at: datetime) -> None:
    from django.db import DatabaseError, transaction

    claim = plan.make_worked_claim(ada, plan.make_shift(chat, at - 5 * HOUR, state=ShiftState.ENDED))
    adjustment = actions.adjust_minutes(claim_id=claim.pk, seconds=60, reason="Late clock.", by=olu, at=at)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        adjustment.delete()
