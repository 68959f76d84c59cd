"""Confirming, being reminded, and what becomes of seats that nobody confirms or that somebody gave back."""

from datetime import datetime, timedelta

import pytest

from gigcx.audit import dispatcher
from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import MoveRefused, NotFound
from gigcx.notify.models import Notification
from gigcx.tenancy.actors import SystemActor
from recruiting import actions as recruiting
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.errors import NoStandby, NotConfirmable, OverlapsOtherShift, ShiftFull, UndoOver
from scheduling.models import Claim, Shift, WaitlistEntry
from scheduling.queries.releases import claims_that_retook, claims_to_remind
from scheduling.queries.sweeps import CounterOutOfStep, counters_out_of_step
from scheduling.queries.waits import shifts_with_unconfirmed
from scheduling.states import ClaimKind, ClaimSource, ClaimState, WaitState
from scheduling.tasks import reminders
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
CLOCK = SystemActor("clock")


@pytest.fixture
def held(chat: Program, ada: Agent, at: datetime) -> Claim:
    """Ada's seat, the only one, of a shift in two days."""
    return plan.make_claim(ada, plan.make_shift(chat, at + 2 * DAY, seats=1), at=at - DAY)


def confirm(claim: Claim, agent: Agent, at: datetime) -> Claim:
    return actions.confirm_claim(claim_id=claim.pk, by=recruit.agent_actor(agent), at=at)


def wait(shift: Shift, agent: Agent, at: datetime, *, auto_accept: bool = False) -> WaitlistEntry:
    by = recruit.agent_actor(agent)
    return actions.join_waitlist(shift_id=shift.pk, agent=agent, by=by, at=at, auto_accept=auto_accept)


def test_a_claim_is_confirmed_between_24_and_2_hours_before_its_start(held: Claim, ada: Agent, bo: Agent) -> None:
    start = held.starts_at
    for wrong in (start - DAY - MINUTE, start - 2 * HOUR):
        with pytest.raises(NotConfirmable):
            confirm(held, ada, wrong)
    with pytest.raises(NotFound):
        confirm(held, bo, start - DAY)
    assert confirm(held, ada, start - DAY).state == ClaimState.CONFIRMED
    assert confirm(held, ada, start - HOUR).confirmed_at == start - DAY
    assert OutboxEvent.objects.filter(type="scheduling.claim_confirmed").count() == 1


def test_a_holder_is_asked_once_to_confirm(held: Claim, ada: Agent) -> None:
    opens = held.starts_at - DAY
    assert claims_to_remind(at=opens - MINUTE) == []
    assert claims_to_remind(at=opens) == [held.pk]
    reminders.remind_to_confirm(claim_id=held.pk, by=CLOCK, at=opens)
    reminders.remind_to_confirm(claim_id=held.pk, by=CLOCK, at=opens + MINUTE)
    assert Notification.objects.filter(user=ada.user, kind="confirm_shift").count() == 1
    assert claims_to_remind(at=opens + MINUTE) == []


def test_a_waiter_takes_an_unconfirmed_seat_two_hours_before_the_start_without_points(
    held: Claim, ada: Agent, bo: Agent, at: datetime
) -> None:
    entry = wait(held.shift, bo, at)
    late = held.starts_at - 2 * HOUR
    with pytest.raises(ShiftFull):
        actions.take_unconfirmed(entry_id=entry.pk, by=recruit.agent_actor(bo), at=late - MINUTE)
    assert shifts_with_unconfirmed(at=late) == [held.shift_id]
    claim = actions.take_unconfirmed(entry_id=entry.pk, by=recruit.agent_actor(bo), at=late)
    held.refresh_from_db()
    entry.refresh_from_db()
    assert (held.state, held.points, claim.agent_id) == (ClaimState.RELEASED, 0, bo.pk)
    assert (entry.state, claim.source) == (WaitState.ACCEPTED, ClaimSource.WAITLIST)
    assert counters_out_of_step() == []


def test_who_lost_an_unconfirmed_seat_reads_that_somebody_else_has_it_though_the_profile_is_paused_by_now(
    held: Claim, ada: Agent, bo: Agent, at: datetime
) -> None:
    late = held.starts_at - HOUR
    entry = wait(held.shift, bo, at)
    actions.take_unconfirmed(entry_id=entry.pk, by=recruit.agent_actor(bo), at=late)
    recruiting.pause_agent(agent_id=ada.pk, until=None, by=recruit.agent_actor(ada), at=late)
    while dispatcher.dispatch_due(at=late):
        pass
    told = Notification.objects.get(user=ada.user, kind="seat_ended").payload
    assert "went to somebody else" in told["title"]
    assert "still not confirmed" in told["text"]
    assert "no points" in told["text"]


def test_a_confirmed_seat_is_not_taken_over(held: Claim, ada: Agent, bo: Agent, at: datetime) -> None:
    entry = wait(held.shift, bo, at)
    confirm(held, ada, held.starts_at - DAY)
    with pytest.raises(ShiftFull):
        actions.take_unconfirmed(entry_id=entry.pk, by=recruit.agent_actor(bo), at=held.starts_at - HOUR)
    assert shifts_with_unconfirmed(at=held.starts_at - HOUR) == []


def test_a_holder_keeps_the_seat_when_the_waiter_cannot_take_it(
    chat: Program, held: Claim, bo: Agent, at: datetime
) -> None:
    entry = wait(held.shift, bo, at)
    plan.make_claim(bo, plan.make_shift(chat, held.starts_at + HOUR), at=at)
    with pytest.raises(OverlapsOtherShift):
        actions.take_unconfirmed(entry_id=entry.pk, by=recruit.agent_actor(bo), at=held.starts_at - HOUR)
    held.refresh_from_db()
    assert held.state == ClaimState.CLAIMED
    assert counters_out_of_step() == []


def test_the_clock_gives_unconfirmed_seats_to_who_wants_no_question_and_tells_the_first_other(
    held: Claim, bo: Agent, cy: Agent, at: datetime
) -> None:
    first = wait(held.shift, bo, at)
    second = wait(held.shift, cy, at, auto_accept=True)
    actions.pass_unconfirmed_on(shift_id=held.shift_id, by=CLOCK, at=held.starts_at - HOUR)
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.state, second.state) == (WaitState.WAITING, WaitState.ACCEPTED)
    for _time in range(2):
        reminders.tell_first_in_line(shift_id=held.shift_id, by=CLOCK, at=held.starts_at - HOUR)
    assert list(Notification.objects.values_list("user__full_name", "kind")) == [("Bo Lind", "seat_invitation")]


def test_points_are_void_once_somebody_else_takes_the_seat(
    held: Claim, ada: Agent, bo: Agent, cy: Agent, at: datetime
) -> None:
    late = held.starts_at - 7 * HOUR
    actions.release_claim(claim_id=held.pk, accepted_points=-15, by=recruit.agent_actor(ada), at=late)
    taken = actions.claim_shift(shift_id=held.shift_id, agent=bo, by=recruit.agent_actor(bo), at=late + MINUTE)
    assert claims_that_retook(at=late + MINUTE) == [taken.pk]
    for _time in range(2):
        actions.void_points_of_retaken(claim_id=taken.pk, by=CLOCK, at=late + 2 * MINUTE)
    held.refresh_from_db()
    assert (held.points, OutboxEvent.objects.filter(type="scheduling.seat_retaken").count()) == (0, 1)
    assert claims_that_retook(at=late + 3 * MINUTE) == []


def test_one_claim_voids_the_points_of_one_seat(chat: Program, ada: Agent, bo: Agent, cy: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + 10 * HOUR, seats=2)
    first, second = (plan.make_claim(agent, shift, at=at - DAY) for agent in (ada, bo))
    for minute, (claim, agent) in enumerate([(first, ada), (second, bo)]):
        actions.release_claim(
            claim_id=claim.pk, accepted_points=-5, by=recruit.agent_actor(agent), at=at + minute * MINUTE
        )
    taken = actions.claim_shift(shift_id=shift.pk, agent=cy, by=recruit.agent_actor(cy), at=at + 5 * MINUTE)
    for _time in range(2):
        actions.void_points_of_retaken(claim_id=taken.pk, by=CLOCK, at=at + 6 * MINUTE)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.points, second.points) == (0, -5)
    assert AuditEntry.objects.filter(action="scheduling.void_points").count() == 1


def test_taking_ones_own_seat_again_voids_nothing(held: Claim, ada: Agent, at: datetime) -> None:
    late, me = held.starts_at - 7 * HOUR, recruit.agent_actor(ada)
    actions.release_claim(claim_id=held.pk, accepted_points=-15, by=me, at=late)
    again = actions.claim_shift(shift_id=held.shift_id, agent=ada, by=me, at=late + MINUTE)
    assert actions.void_points_of_retaken(claim_id=again.pk, by=CLOCK, at=late + 2 * MINUTE) is None
    held.refresh_from_db()
    assert held.points == -15


def test_a_picked_seat_is_declined_freely_until_the_time_that_was_promised(
    chat: Program, bo: Agent, at: datetime
) -> None:
    shift, me = plan.make_shift(chat, at + 3 * DAY), recruit.agent_actor(bo)
    claims = [
        actions.grant_claim(
            shift_id=one.pk,
            agent=bo,
            by=CLOCK,
            at=at,
            idempotency_key=str(one.pk),
            source=ClaimSource.AUTO_FILL,
            decline_until=at + DAY,
        )
        for one in (shift, plan.make_shift(chat, at + 5 * DAY))
    ]
    done = actions.decline_auto_fill(claim_id=claims[0].pk, by=me, at=at + DAY - MINUTE)
    assert done.state == ClaimState.UNDONE
    with pytest.raises(UndoOver):
        actions.decline_auto_fill(claim_id=claims[1].pk, by=me, at=at + DAY)
    with pytest.raises(MoveRefused):
        actions.decline_auto_fill(claim_id=claims[0].pk, by=me, at=at)


def test_standby_is_taken_up_to_its_places_and_called_to_a_free_seat(
    chat: Program, ada: Agent, bo: Agent, cy: Agent, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + DAY, seats=1, standby_seats=1)
    plan.make_claim(ada, shift, at=at)
    ready = actions.claim_standby(shift_id=shift.pk, agent=bo, by=recruit.agent_actor(bo), at=at)
    assert ready.kind == ClaimKind.STANDBY
    with pytest.raises(NoStandby):
        actions.claim_standby(shift_id=shift.pk, agent=cy, by=recruit.agent_actor(cy), at=at)
    assert actions.promote_standby(shift_id=shift.pk, by=CLOCK, at=at) is None
    Shift.objects.across_brands().filter(pk=shift.pk).update(seats=2, state="started")
    called = actions.promote_standby(shift_id=shift.pk, by=CLOCK, at=shift.starts_at + 10 * MINUTE)
    shift.refresh_from_db()
    assert called is not None
    assert (called.pk, called.kind, called.starts_at) == (ready.pk, ClaimKind.SEAT, shift.starts_at + 10 * MINUTE)
    assert (shift.filled, shift.standby_filled) == (2, 0)
    assert OutboxEvent.objects.filter(type="scheduling.standby_promoted").count() == 1
    assert counters_out_of_step() == []


def test_a_standby_place_given_back_is_free_for_the_next(chat: Program, bo: Agent, cy: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + 2 * DAY, seats=1, standby_seats=1)
    ready = actions.claim_standby(shift_id=shift.pk, agent=bo, by=recruit.agent_actor(bo), at=at)
    actions.release_claim(claim_id=ready.pk, accepted_points=0, by=recruit.agent_actor(bo), at=at + HOUR)
    assert actions.claim_standby(shift_id=shift.pk, agent=cy, by=recruit.agent_actor(cy), at=at + HOUR)
    assert counters_out_of_step() == []


def test_a_counter_that_disagrees_is_named(held: Claim) -> None:
    Shift.objects.across_brands().filter(pk=held.shift_id).update(
        seats=9, reserved=1, standby_seats=2, standby_filled=2
    )
    assert counters_out_of_step() == [
        CounterOutOfStep(held.shift_id, "standby_filled", 2, 0),
        CounterOutOfStep(held.shift_id, "reserved", 1, 0),
    ]
