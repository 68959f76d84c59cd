"""Full shifts: the line, its invitations, and how a seat is passed on."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import MoveRefused, NotFound
from gigcx.tenancy.actors import BrandActor, SystemActor
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.actions import waitlists
from scheduling.errors import InvitationExpired, NotEligible, OverlapsOtherShift, ShiftFull, WaitlistClosed
from scheduling.models import Claim, Shift, WaitlistEntry
from scheduling.queries.sweeps import counters_out_of_step
from scheduling.queries.waits import invitation_lasts, lines_to_close, place_of, waiting_of
from scheduling.states import ClaimSource, ClaimState, WaitSource, WaitState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
CLOCK = SystemActor("clock")


@pytest.fixture
def full(chat: Program, ada: Agent, at: datetime) -> Shift:
    """A shift in three days whose only seat is Ada's."""
    shift = plan.make_shift(chat, at + 3 * DAY, seats=1)
    plan.make_claim(ada, shift, at=at - DAY)
    return shift


def wait(shift: Shift, agent: Agent, at: datetime, **more: Any) -> WaitlistEntry:
    return actions.join_waitlist(shift_id=shift.pk, agent=agent, by=recruit.agent_actor(agent), at=at, **more)


def give_back(shift: Shift, at: datetime) -> Claim:
    held = Claim.objects.across_brands().select_related("agent__user").get(shift=shift, state__in=["claimed"])
    by = recruit.agent_actor(held.agent)
    return actions.release_claim(claim_id=held.pk, accepted_points=0, by=by, at=at)


def accept(entry: WaitlistEntry, at: datetime) -> Claim:
    return actions.accept_invitation(entry_id=entry.pk, by=recruit.agent_actor(entry.agent), at=at)


def counters(shift: Shift) -> tuple[int, int]:
    shift.refresh_from_db()
    return shift.filled, shift.reserved


def test_the_loser_of_the_last_seat_is_first_on_the_waitlist_in_the_same_answer(
    full: Shift, bo: Agent, at: datetime
) -> None:
    answer = actions.claim_or_wait(shift_id=full.pk, agent=bo, by=recruit.agent_actor(bo), at=at)
    assert isinstance(answer, WaitlistEntry)
    assert (place_of(answer), answer.source, answer.state) == (1, WaitSource.FULL, WaitState.WAITING)
    again = actions.claim_or_wait(shift_id=full.pk, agent=bo, by=recruit.agent_actor(bo), at=at)
    assert again.pk == answer.pk
    assert waiting_of(bo.pk) == {full.pk: answer}


def test_claim_or_wait_gives_a_seat_where_there_is_one(chat: Program, bo: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + DAY)
    assert isinstance(actions.claim_or_wait(shift_id=shift.pk, agent=bo, by=recruit.agent_actor(bo), at=at), Claim)


def test_a_freed_seat_is_reserved_for_the_first_in_line_and_no_stranger_gets_it(
    full: Shift, bo: Agent, cy: Agent, at: datetime
) -> None:
    entry = wait(full, bo, at)
    give_back(full, at)
    assert counters(full) == (0, 1)
    with pytest.raises(ShiftFull):
        actions.claim_shift(shift_id=full.pk, agent=cy, by=recruit.agent_actor(cy), at=at)
    entry.refresh_from_db()
    assert (entry.state, entry.expires_at) == (WaitState.INVITED, at + HOUR)
    assert OutboxEvent.objects.filter(type="scheduling.invitation_sent").count() == 1
    claim = accept(entry, at + 59 * MINUTE)
    assert (claim.source, claim.agent_id, counters(full)) == (ClaimSource.WAITLIST, bo.pk, (1, 0))
    entry.refresh_from_db()
    assert (entry.state, entry.claim_id) == (WaitState.ACCEPTED, claim.pk)
    assert accept(entry, at + HOUR).pk == claim.pk
    assert counters_out_of_step() == []


def test_an_invitation_is_over_at_its_end_even_when_no_sweep_came(full: Shift, bo: Agent, at: datetime) -> None:
    entry = wait(full, bo, at)
    give_back(full, at)
    with pytest.raises(InvitationExpired):
        accept(entry, at + HOUR)
    assert counters(full) == (0, 1)
    actions.expire_invitation(entry_id=entry.pk, by=CLOCK, at=at + HOUR)
    entry.refresh_from_db()
    assert (entry.state, counters(full)) == (WaitState.EXPIRED, (0, 0))


def test_a_declined_or_expired_seat_goes_to_the_next_in_line(full: Shift, bo: Agent, cy: Agent, at: datetime) -> None:
    first, second = wait(full, bo, at), wait(full, cy, at)
    assert (place_of(first), place_of(second)) == (1, 2)
    give_back(full, at)
    actions.decline_invitation(entry_id=first.pk, by=recruit.agent_actor(bo), at=at)
    second.refresh_from_db()
    assert (second.state, counters(full)) == (WaitState.INVITED, (0, 1))
    with pytest.raises(MoveRefused):
        actions.decline_invitation(entry_id=first.pk, by=recruit.agent_actor(bo), at=at)
    actions.expire_invitation(entry_id=second.pk, by=CLOCK, at=at)  # not due: left as it is
    second.refresh_from_db()
    assert second.state == WaitState.INVITED


def test_who_cannot_take_the_seat_is_passed_over_with_the_reason(
    chat: Program, full: Shift, bo: Agent, cy: Agent, at: datetime
) -> None:
    first, second = wait(full, bo, at), wait(full, cy, at)
    plan.make_claim(bo, plan.make_shift(chat, full.starts_at))
    give_back(full, at)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (WaitState.SKIPPED, WaitState.INVITED)
    assert "You work" in first.reason


def test_who_waits_without_being_asked_gets_the_seat_or_is_passed_over(
    full: Shift, bo: Agent, cy: Agent, at: datetime
) -> None:
    entry = wait(full, bo, at, auto_accept=True)
    give_back(full, at)
    actions.accept_for_waiting(entry_id=entry.pk, by=waitlists.LINE, at=at)
    entry.refresh_from_db()
    assert (entry.state, counters(full)) == (WaitState.ACCEPTED, (1, 0))
    assert entry.claim is not None
    assert entry.claim.agent_id == bo.pk


def test_a_line_forms_only_where_no_seat_is_free(
    chat: Program, full: Shift, ada: Agent, bo: Agent, at: datetime
) -> None:
    with pytest.raises(WaitlistClosed):
        wait(plan.make_shift(chat, at + DAY), bo, at)
    with pytest.raises(WaitlistClosed):
        wait(full, ada, at)
    plan.make_claim(bo, plan.make_shift(chat, full.starts_at))
    with pytest.raises(OverlapsOtherShift):
        wait(full, bo, at)
    stranger = recruit.make_agent("Dee Poe")
    with pytest.raises(NotEligible):
        wait(full, stranger, at)
    with pytest.raises(NotFound):
        actions.join_waitlist(shift_id=full.pk, agent=bo, by=recruit.agent_actor(ada), at=at)


def test_nobody_answers_an_invitation_of_somebody_else(full: Shift, bo: Agent, cy: Agent, at: datetime) -> None:
    entry = wait(full, bo, at)
    give_back(full, at)
    for act in (actions.accept_invitation, actions.decline_invitation, actions.leave_waitlist):
        with pytest.raises(NotFound):
            act(entry_id=entry.pk, by=recruit.agent_actor(cy), at=at)
    assert counters(full) == (0, 1)


def test_leaving_the_line_while_invited_passes_the_seat_on(full: Shift, bo: Agent, cy: Agent, at: datetime) -> None:
    (
        first,
        second,
    ) = wait(full, bo, at), wait(full, cy, at)
    actions.leave_waitlist(entry_id=second.pk, by=recruit.agent_actor(cy), at=at)
    give_back(full, at)
    actions.leave_waitlist(entry_id=first.pk, by=recruit.agent_actor(bo), at=at)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, counters(full)) == (WaitState.DECLINED, WaitState.LEFT, (0, 0))


def test_a_draws_order_is_the_lines_order(full: Shift, bo: Agent, cy: Agent, at: datetime) -> None:
    placed = waitlists.append(full.pk, [cy.pk, bo.pk, cy.pk], source=WaitSource.DRAW, at=at)
    assert [(one.agent_id, place_of(one)) for one in placed] == [(cy.pk, 1), (bo.pk, 2)]
    assert waitlists.append(full.pk, [bo.pk], source=WaitSource.DRAW, at=at) == []


def test_whoever_came_too_late_is_put_before_the_line(full: Shift, bo: Agent, cy: Agent, at: datetime) -> None:
    first = wait(full, bo, at)
    front = waitlists.put_first(full.pk, cy.pk, at=at)
    assert (place_of(front), place_of(first)) == (1, 2)


def test_added_seats_are_offered_to_the_line_one_each(full: Shift, bo: Agent, cy: Agent, at: datetime) -> None:
    wait(full, bo, at)
    wait(full, cy, at)
    Shift.objects.across_brands().filter(pk=full.pk).update(seats=5)
    assert actions.fill_from_line(shift_id=full.pk, at=at) == 2
    assert counters(full) == (1, 2)


def test_the_line_of_a_shift_that_is_over_is_closed_and_its_seat_let_go(
    full: Shift, bo: Agent, cy: Agent, at: datetime
) -> None:
    wait(full, bo, at)
    wait(full, cy, at)
    give_back(full, at)
    actions.close_line(shift_id=full.pk, by=CLOCK, at=full.ends_at)
    assert counters(full) == (0, 0)
    assert set(WaitlistEntry.objects.across_brands().values_list("state", flat=True)) == {WaitState.SKIPPED}


def test_a_seat_of_a_running_shift_is_worked_from_now_on(full: Shift, bo: Agent, at: datetime) -> None:
    Shift.objects.across_brands().filter(pk=full.pk).update(state="started", seats=2)
    now = full.starts_at + HOUR
    claim = actions.grant_claim(
        shift_id=full.pk, agent=bo, by=CLOCK, at=now, idempotency_key="x", source=ClaimSource.REMEDY
    )
    assert (claim.starts_at, claim.ends_at, claim.busy.lower) == (now, full.ends_at, now)


@pytest.mark.parametrize(
    ("notice", "minutes"), [(49 * HOUR, 60), (48 * HOUR, 30), (12 * HOUR, 15), (2 * HOUR, 5), (-HOUR, 5)]
)
def test_the_closer_the_start_the_shorter_the_invitation(notice: timedelta, minutes: int) -> None:
    assert invitation_lasts(notice) == minutes * MINUTE


def test_a_seat_is_not_accepted_when_the_history_cannot_be_written(
    full: Shift, bo: Agent, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = wait(full, bo, at)
    give_back(full, at)

    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError("no history")

    monkeypatch.setattr("scheduling.actions.waitlists.trail.record", broken)
    with pytest.raises(RuntimeError, match="no history"):
        accept(entry, at)
    assert counters(full) == (0, 1)
    assert not Claim.objects.across_brands().filter(agent=bo).exists()
    assert AuditEntry.objects.filter(action="scheduling.claim_shift").count() == 0
    assert ClaimState.RELEASED in Claim.objects.across_brands().values_list("state", flat=True)


def test_seats_a_brand_adds_go_to_the_line_first(
    acme_owner: BrandActor, full: Shift, bo: Agent, cy: Agent, at: datetime
) -> None:
    wait(full, bo, at)
    actions.add_seats(shift_id=full.pk, seats=2, accepted_minor=None, by=acme_owner, at=at)
    assert counters(full) == (1, 1)


def test_a_cancelled_request_frees_seats_and_standby_alike(
    acme_owner: BrandActor, chat: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + 3 * DAY, standby_seats=1)
    plan.make_claim(ada, shift, at=at)
    actions.claim_standby(shift_id=shift.pk, agent=bo, by=recruit.agent_actor(bo), at=at)
    actions.cancel_request(request_id=shift.request_id, reason="Not needed.", accepted_fee=None, by=acme_owner, at=at)
    shift.refresh_from_db()
    assert (shift.state, shift.filled, shift.standby_filled) == ("cancelled", 0, 0)


def test_a_line_closes_when_half_of_the_shift_is_over(full: Shift, bo: Agent, at: datetime) -> None:
    wait(full, bo, at)
    middle = full.starts_at + (full.ends_at - full.starts_at) / 2
    assert lines_to_close(at=middle - timedelta(seconds=1)) == []
    assert lines_to_close(at=middle) == [full.pk]
