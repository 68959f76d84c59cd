"""Who does not come in time: standby takes the seat, the late one comes back where there is room."""

from datetime import datetime, timedelta

import pytest

from gigcx.tenancy.actors import AgentActor, SystemActor
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.errors import SeatGone
from scheduling.models import Claim, Shift, WaitlistEntry
from scheduling.queries.waits import line_of
from scheduling.states import ClaimKind, ClaimState, ShiftState, WaitState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.factories import vetting as vet

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
CLOCK = SystemActor("clock")


@pytest.fixture
def cy(chat: Program, at: datetime) -> Agent:
    """Cy Moss, who may work in Holiday Chat too."""
    agent = recruit.make_agent("Cy Moss")
    vet.make_eligible(agent, chat, at)
    return agent


@pytest.fixture
def shift(chat: Program, at: datetime) -> Shift:
    """One seat and one standby place, running."""
    return plan.make_shift(chat, at, seats=1, standby_seats=1, state=ShiftState.STARTED)


def missed(claim: Claim, at: datetime) -> Claim:
    actions.mark_no_show(claim_id=claim.pk, by=CLOCK, at=at)
    claim.refresh_from_db()
    return claim


def test_standby_is_promoted_at_10_min_at_11_the_late_agent_may_take_a_free_seat_else_is_first_for_the_next(
    shift: Shift, ada: Agent, bo: Agent, cy: Agent, as_ada: AgentActor, at: datetime
) -> None:
    held = plan.make_claim(ada, shift)
    standby = plan.make_claim(bo, shift, kind=ClaimKind.STANDBY)
    assert missed(held, at + 9 * MINUTE).state == ClaimState.CLAIMED
    assert missed(held, at + 10 * MINUTE).state == ClaimState.NO_SHOW
    standby.refresh_from_db()
    shift.refresh_from_db()
    assert (standby.kind, shift.filled, shift.standby_filled) == (ClaimKind.SEAT, 1, 0)

    waiting = WaitlistEntry.objects.create(
        brand_id=shift.brand_id, shift=shift, agent=cy, position=1, joined_at=at - MINUTE
    )
    with pytest.raises(SeatGone):
        actions.check_in(claim_id=held.pk, device="laptop", by=as_ada, at=at + 11 * MINUTE)
    first = line_of(shift.pk).first()
    assert first is not None
    assert first.agent_id == ada.pk
    assert first != waiting

    missed(standby, at + 20 * MINUTE)  # the promoted one does not come either: the seat is kept for Ada
    shift.refresh_from_db()
    first.refresh_from_db()
    assert (first.state, shift.filled, shift.reserved) == (WaitState.INVITED, 0, 1)
    session = actions.check_in(claim_id=held.pk, device="laptop", by=as_ada, at=at + 21 * MINUTE)
    for row in (held, shift, first):
        row.refresh_from_db()
    assert session.claim_id == held.pk
    assert (held.state, held.points) == (ClaimState.CHECKED_IN, -5)
    assert (shift.filled, shift.reserved, first.state) == (1, 0, WaitState.ACCEPTED)


def test_without_standby_the_late_agent_takes_the_free_seat_at_once(
    chat: Program, ada: Agent, as_ada: AgentActor, at: datetime
) -> None:
    shift = plan.make_shift(chat, at, seats=1, state=ShiftState.STARTED)
    held = missed(plan.make_claim(ada, shift), at + 10 * MINUTE)
    assert (held.state, held.points) == (ClaimState.NO_SHOW, -50)
    actions.check_in(claim_id=held.pk, device="laptop", by=as_ada, at=at + 11 * MINUTE)
    held.refresh_from_db()
    assert (held.state, held.points) == (ClaimState.CHECKED_IN, -5)


def test_a_missed_seat_without_standby_goes_to_the_next_in_line(
    chat: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    shift = plan.make_shift(chat, at, seats=1, state=ShiftState.STARTED)
    held = plan.make_claim(ada, shift)
    entry = WaitlistEntry.objects.create(brand_id=shift.brand_id, shift=shift, agent=bo, position=1, joined_at=at)
    missed(held, at + 10 * MINUTE)
    entry.refresh_from_db()
    shift.refresh_from_db()
    assert (entry.state, shift.filled, shift.reserved) == (WaitState.INVITED, 0, 1)


def test_a_standby_who_does_not_come_frees_only_the_standby_place(shift: Shift, bo: Agent, at: datetime) -> None:
    standby = missed(plan.make_claim(bo, shift, kind=ClaimKind.STANDBY), at + 10 * MINUTE)
    shift.refresh_from_db()
    assert (standby.state, shift.filled, shift.standby_filled) == (ClaimState.NO_SHOW, 0, 0)


def test_asking_twice_keeps_one_place_in_front(
    shift: Shift, ada: Agent, bo: Agent, as_ada: AgentActor, at: datetime
) -> None:
    held = plan.make_claim(ada, shift)
    plan.make_claim(bo, shift, kind=ClaimKind.STANDBY)
    missed(held, at + 10 * MINUTE)
    for late in (11, 12):
        with pytest.raises(SeatGone):
            actions.check_in(claim_id=held.pk, device="laptop", by=as_ada, at=at + late * MINUTE)
    assert [entry.agent_id for entry in line_of(shift.pk)] == [ada.pk]
