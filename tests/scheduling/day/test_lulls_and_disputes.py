"""Time off in a lull, sending home after it, and minutes that a brand disputes."""

from datetime import datetime, timedelta

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound
from gigcx.kernel.intervals import week_start
from gigcx.tenancy.actors import AgentActor, BrandActor, OpsActor, SystemActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.actions.verification import lock_moment
from scheduling.errors import NothingVerifiable, ShiftNotOpen, VtoClosed
from scheduling.models import Claim, Shift
from scheduling.queries.vto import offers_to_close
from scheduling.queries.work import disputed_seconds, payable_minutes
from scheduling.states import ClaimState, ShiftState, VtoState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CLOCK = SystemActor("clock")


@pytest.fixture
def shift(chat: Program, at: datetime) -> Shift:
    """Three seats, running from now for four hours."""
    return plan.make_shift(chat, at, state=ShiftState.STARTED)


def at_desk(agent: Agent, shift: Shift, came_at: datetime, claimed_at: datetime | None = None) -> Claim:
    claim = plan.make_claim(agent, shift, at=claimed_at)
    actions.check_in(claim_id=claim.pk, device="laptop", by=recruit.agent_actor(agent), at=came_at)
    return claim


def test_who_takes_time_off_keeps_the_work_so_far_and_no_mark(
    shift: Shift, ada: Agent, bo: Agent, as_ada: AgentActor, as_bo: AgentActor, acme_owner: BrandActor, at: datetime
) -> None:
    mine, other = at_desk(ada, shift, at), at_desk(bo, shift, at)
    offer = actions.offer_vto(shift_id=shift.pk, places=1, by=acme_owner, at=at + MINUTE)
    taken = actions.accept_vto(claim_id=mine.pk, by=as_ada, at=at + MINUTE)
    assert actions.accept_vto(claim_id=mine.pk, by=as_ada, at=at + MINUTE).pk == taken.pk
    mine.refresh_from_db()
    assert (mine.state, mine.points, mine.busy.upper) == (ClaimState.WORKED, 0, at + MINUTE)
    assert (taken.seconds_left, payable_minutes(mine.pk).worked_seconds) == (4 * 3600 - 60, 60)
    assert OutboxEvent.objects.filter(type="scheduling.vto_accepted").count() == 1
    offer.refresh_from_db()
    assert (offer.state, offer.taken) == (VtoState.CLOSED, 1)
    with pytest.raises(VtoClosed):
        actions.accept_vto(claim_id=other.pk, by=as_bo, at=at + MINUTE)


def test_a_share_of_the_rest_is_paid_where_the_offer_says_so(
    shift: Shift, ada: Agent, as_ada: AgentActor, acme_owner: BrandActor, at: datetime
) -> None:
    mine = at_desk(ada, shift, at)
    actions.offer_vto(shift_id=shift.pk, places=1, pay_bp=2_500, by=acme_owner, at=at + MINUTE)
    actions.accept_vto(claim_id=mine.pk, by=as_ada, at=at + MINUTE)
    told = {span.state: span.seconds for span in payable_minutes(mine.pk).spans}
    assert told == {"ready": 60, "vto": (4 * 3600 - 60) // 4}


def test_an_offer_ends_after_fifteen_minutes_and_stands_once(
    shift: Shift, chat: Program, acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    offer = actions.offer_vto(shift_id=shift.pk, places=1, by=acme_owner, at=at)
    with pytest.raises(VtoClosed):
        actions.offer_vto(shift_id=shift.pk, places=1, by=acme_owner, at=at)
    with pytest.raises(NotFound):
        actions.offer_vto(shift_id=shift.pk, places=1, by=globex_owner, at=at)
    with pytest.raises(ShiftNotOpen):
        actions.offer_vto(shift_id=plan.make_shift(chat, at + HOUR).pk, places=1, by=acme_owner, at=at)
    assert offers_to_close(at=at + 15 * MINUTE) == [offer.pk]
    actions.close_vto(offer_id=offer.pk, by=CLOCK, at=at + 15 * MINUTE)
    with pytest.raises(Invalid):
        actions.offer_vto(shift_id=shift.pk, places=0, by=acme_owner, at=at + HOUR)


def test_nobody_is_sent_home_before_time_off_was_on_offer_and_then_who_claimed_last_goes_first(
    shift: Shift, ada: Agent, bo: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    first = at_desk(ada, shift, at, at - 3 * HOUR)
    last = at_desk(bo, shift, at, at - 2 * HOUR)
    with pytest.raises(Invalid):
        actions.send_home(shift_id=shift.pk, people=1, by=acme_owner, at=at + MINUTE)
    offer = actions.offer_vto(shift_id=shift.pk, places=2, by=acme_owner, at=at + MINUTE)
    with pytest.raises(VtoClosed):
        actions.send_home(shift_id=shift.pk, people=1, by=acme_owner, at=at + MINUTE)
    actions.close_vto(offer_id=offer.pk, by=acme_owner, at=at + MINUTE)
    assert [one.pk for one in actions.send_home(shift_id=shift.pk, people=1, by=acme_owner, at=at + MINUTE)] == [
        last.pk
    ]
    first.refresh_from_db()
    assert first.state == ClaimState.CHECKED_IN
    told = {span.state: span.seconds for span in payable_minutes(last.pk).spans}
    assert told == {"ready": 60, "sent_home": 2 * 3600 - 60}  # the minute of work is part of the two hours


def test_disputed_minutes_wait_for_ops_and_no_more_than_those_are_taken(
    shift: Shift, acme: Brand, ada: Agent, acme_owner: BrandActor, globex_owner: BrandActor, olu: OpsActor, at: datetime
) -> None:
    claim = plan.make_worked_claim(ada, shift)
    hold = {"claim_id": claim.pk, "reason": "Calls dropped", "at": at + 5 * HOUR}
    with pytest.raises(NotFound):
        actions.hold_minutes(seconds=600, by=globex_owner, **hold)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        actions.hold_minutes(seconds=600, by=cast.make_member(acme, "Vic Viewer", "viewer"), **hold)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        actions.hold_minutes(seconds=5 * 3600, by=acme_owner, **hold)  # type: ignore[arg-type]
    actions.hold_minutes(seconds=600, by=acme_owner, **hold)  # type: ignore[arg-type]
    claim.refresh_from_db()
    assert (claim.state, disputed_seconds(claim)) == (ClaimState.DISPUTED, 600)
    with pytest.raises(NothingVerifiable):
        actions.verify_claim(claim_id=claim.pk, by=acme_owner, at=at + 5 * HOUR)
    decide = {"claim_id": claim.pk, "reason": "Half of them", "by": olu, "at": at + 6 * HOUR}
    with pytest.raises(Invalid):
        actions.decide_dispute(taken_seconds=601, **decide)  # type: ignore[arg-type]
    actions.decide_dispute(taken_seconds=300, **decide)  # type: ignore[arg-type]
    claim.refresh_from_db()
    assert (claim.state, payable_minutes(claim.pk).worked_seconds) == (ClaimState.WORKED, 4 * 3600 - 300)
    with pytest.raises(NothingVerifiable):
        actions.decide_dispute(taken_seconds=0, **decide)  # type: ignore[arg-type]


def test_a_dispute_holds_its_own_minutes_and_the_rest_is_final_at_the_lock(
    shift: Shift, acme: Brand, ada: Agent, acme_owner: BrandActor, olu: OpsActor, at: datetime
) -> None:
    claim, monday = plan.make_worked_claim(ada, shift), week_start(shift.local_on)
    actions.hold_minutes(claim_id=claim.pk, seconds=600, reason="Calls dropped", by=acme_owner, at=at + 5 * HOUR)
    assert payable_minutes(claim.pk).worked_seconds == 4 * 3600 - 600
    locked_at = lock_moment(acme, monday)
    lock = {"brand_id": acme.pk, "week_starts_on": monday, "by": CLOCK}
    for _again in range(2):
        actions.lock_timesheet(at=locked_at, **lock)  # type: ignore[arg-type]
    claim.refresh_from_db()
    told = OutboxEvent.objects.filter(type="scheduling.shift_verified")
    assert (claim.state, claim.version, told.count()) == (ClaimState.DISPUTED, 1, 1)
    actions.decide_dispute(claim_id=claim.pk, taken_seconds=300, reason="Half", by=olu, at=locked_at + HOUR)
    with pytest.raises(NothingVerifiable):
        actions.hold_minutes(claim_id=claim.pk, seconds=60, reason="More", by=acme_owner, at=locked_at + HOUR)
    actions.lock_timesheet(at=locked_at + HOUR, **lock)  # type: ignore[arg-type]
    claim.refresh_from_db()
    assert (claim.state, claim.version, told.count()) == (ClaimState.VERIFIED, 2, 2)
    assert payable_minutes(claim.pk).worked_seconds == 4 * 3600 - 300
