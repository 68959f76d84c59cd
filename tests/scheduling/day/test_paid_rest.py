"""What is paid although it was not worked: a rest after leaving, and being ready on standby; each told by its own state."""

from datetime import datetime, timedelta

import pytest

from gigcx.tenancy.actors import AgentActor, BrandActor, SystemActor
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.models import Claim, MinuteAdjustment, Shift, WorkSession
from scheduling.queries.work import payable_minutes, worked_seconds_by_claim
from scheduling.states import ClaimKind, ShiftState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CLOCK = SystemActor("clock")


@pytest.fixture
def shift(chat: Program, at: datetime) -> Shift:
    """One seat and one standby place, running from now for four hours."""
    return plan.make_shift(chat, at, seats=1, standby_seats=1, state=ShiftState.STARTED)


def at_desk(agent: Agent, shift: Shift, at: datetime, kind: str = ClaimKind.SEAT) -> Claim:
    claim = plan.make_claim(agent, shift, kind=kind)
    actions.check_in(claim_id=claim.pk, device="laptop", by=recruit.agent_actor(agent), at=at)
    return claim


def seen_until(claim: Claim, at: datetime) -> WorkSession:
    """The desk of a claim answered all the time until then."""
    sessions = WorkSession.objects.across_brands().filter(claim=claim)
    sessions.update(last_seen_at=at)
    return sessions.get()


def told(claim: Claim) -> list[tuple[str, int]]:
    return [(span.state, span.seconds) for span in payable_minutes(claim.pk).spans]


def test_the_paid_share_of_time_off_is_told_beside_the_work(
    shift: Shift, ada: Agent, as_ada: AgentActor, acme_owner: BrandActor, at: datetime
) -> None:
    claim = at_desk(ada, shift, at)
    actions.offer_vto(shift_id=shift.pk, places=1, pay_bp=2_500, by=acme_owner, at=at + MINUTE)
    actions.accept_vto(claim_id=claim.pk, by=as_ada, at=at + MINUTE)
    rest = 4 * 3600 - 60
    assert told(claim) == [("ready", 60), ("vto", rest // 4)]
    found = payable_minutes(claim.pk)
    assert (found.worked_seconds, found.planned_seconds, found.worked_to) == (60, 4 * 3600, at + MINUTE)
    assert found.spans[-1].ends_at == shift.ends_at
    assert worked_seconds_by_claim([claim.pk]) == {claim.pk: 60}
    assert not MinuteAdjustment.objects.across_brands().exists()


def test_time_off_for_nothing_leaves_the_work_alone(
    shift: Shift, ada: Agent, as_ada: AgentActor, acme_owner: BrandActor, at: datetime
) -> None:
    claim = at_desk(ada, shift, at)
    actions.offer_vto(shift_id=shift.pk, places=1, by=acme_owner, at=at + MINUTE)
    actions.accept_vto(claim_id=claim.pk, by=as_ada, at=at + MINUTE)
    assert told(claim) == [("ready", 60)]


@pytest.mark.parametrize(("hours", "worked", "owed"), [(4, 60, 60), (8, 60, 180), (8, 300, 0), (1, 30, 30)])
def test_who_is_sent_home_is_owed_work_half_the_shift_or_two_hours_whichever_is_most(
    chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime, hours: int, worked: int, owed: int
) -> None:
    shift = plan.make_shift(chat, at, hours=hours, state=ShiftState.STARTED)
    claim = at_desk(ada, shift, at)
    left_at = at + worked * MINUTE
    seen_until(claim, left_at)
    offer = actions.offer_vto(shift_id=shift.pk, places=1, by=acme_owner, at=left_at)
    actions.close_vto(offer_id=offer.pk, by=acme_owner, at=left_at)
    actions.send_home(shift_id=shift.pk, people=1, by=acme_owner, at=left_at)
    rest = [("sent_home", owed * 60)] if owed else []
    assert [one for one in told(claim) if one[0] != "ready"] == rest


def test_standby_that_nobody_calls_is_ready_and_not_at_work(
    shift: Shift, ada: Agent, as_ada: AgentActor, at: datetime
) -> None:
    claim = at_desk(ada, shift, at, ClaimKind.STANDBY)
    session = seen_until(claim, at + 10 * MINUTE)
    actions.check_out(session_id=session.pk, device="laptop", by=as_ada, at=at + 10 * MINUTE)
    assert told(claim) == [("standby", 600)]
    assert payable_minutes(claim.pk).worked_seconds == 0


def test_from_the_call_on_standby_is_work(shift: Shift, ada: Agent, as_ada: AgentActor, at: datetime) -> None:
    claim = at_desk(ada, shift, at, ClaimKind.STANDBY)
    seen_until(claim, at + 10 * MINUTE)
    actions.promote_standby(shift_id=shift.pk, by=CLOCK, at=at + 10 * MINUTE)
    session = seen_until(claim, at + 25 * MINUTE)
    actions.check_out(session_id=session.pk, device="laptop", by=as_ada, at=at + 25 * MINUTE)
    assert told(claim) == [("standby", 600), ("ready", 900)]
    assert payable_minutes(claim.pk).worked_seconds == 900


def test_a_share_once_written_as_a_correction_is_told_once(
    shift: Shift, ada: Agent, as_ada: AgentActor, acme_owner: BrandActor, at: datetime
) -> None:
    claim = at_desk(ada, shift, at)
    actions.offer_vto(shift_id=shift.pk, places=1, pay_bp=2_500, by=acme_owner, at=at + MINUTE)
    actions.accept_vto(claim_id=claim.pk, by=as_ada, at=at + MINUTE)
    share = (4 * 3600 - 60) // 4
    MinuteAdjustment.objects.create(
        brand_id=claim.brand_id,
        claim=claim,
        agent=ada,
        seconds=share,
        reason="as it was written before",
        evidence={"rest": share},
        created_at=at,
    )
    assert told(claim) == [("ready", 60), ("vto", share)]
    assert worked_seconds_by_claim([claim.pk]) == {claim.pk: 60}
