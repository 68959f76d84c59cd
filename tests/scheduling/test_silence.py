"""A desk that says nothing earns nothing, whether or not the clock has looked at it yet."""

from datetime import datetime, timedelta

import pytest

from gigcx.tenancy.actors import AgentActor, SystemActor
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.models import Claim, WorkSession
from scheduling.queries.work import payable_minutes
from scheduling.states import ClaimState, SessionState, ShiftState
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CLOCK = SystemActor("clock")


@pytest.fixture
def claim(chat: Program, ada: Agent, at: datetime) -> Claim:
    """Ada's four hours from now on."""
    return plan.make_claim(ada, plan.make_shift(chat, at, state=ShiftState.STARTED))


@pytest.fixture
def session(claim: Claim, as_ada: AgentActor, at: datetime) -> WorkSession:
    """Ada's desk, opened at the start, heard of a minute later and never again."""
    opened = actions.check_in(claim_id=claim.pk, device="d", by=as_ada, at=at)
    return actions.beat(session_id=opened.pk, device="d", by=as_ada, at=at + MINUTE)


def test_checking_out_after_hours_of_silence_pays_to_the_last_beat(
    claim: Claim, session: WorkSession, as_ada: AgentActor, at: datetime
) -> None:
    ended = actions.check_out(session_id=session.pk, device="d", by=as_ada, at=at + 3 * HOUR)
    claim.refresh_from_db()
    assert payable_minutes(claim.pk).worked_seconds == 60
    assert (ended.ended_at, claim.left_at, claim.busy.upper) == (at + MINUTE, at + MINUTE, at + MINUTE)


@pytest.mark.parametrize("state", ["ready", "on_contact"])
def test_the_end_of_the_shift_pays_a_silent_desk_to_the_last_beat(
    claim: Claim, session: WorkSession, as_ada: AgentActor, at: datetime, state: str
) -> None:
    actions.record_state(session_id=session.pk, device="d", state=state, by=as_ada, at=at + 2 * MINUTE)
    actions.close_claim(claim_id=claim.pk, by=CLOCK, at=claim.ends_at + MINUTE)
    claim.refresh_from_db()
    assert (claim.state, claim.left_at) == (ClaimState.WORKED, at + 2 * MINUTE)
    assert payable_minutes(claim.pk).worked_seconds == 120


def test_a_desk_that_beats_to_the_end_is_paid_in_full(claim: Claim, session: WorkSession, at: datetime) -> None:
    WorkSession.objects.across_brands().filter(pk=session.pk).update(last_seen_at=claim.ends_at - MINUTE)
    actions.close_claim(claim_id=claim.pk, by=CLOCK, at=claim.ends_at + HOUR)
    claim.refresh_from_db()
    assert claim.left_at == claim.ends_at
    assert payable_minutes(claim.pk).worked_seconds == 4 * 3600


def test_another_device_takes_over_from_a_silent_one_before_the_clock_has_noticed(
    claim: Claim, session: WorkSession, as_ada: AgentActor, at: datetime
) -> None:
    resumed = actions.check_in(claim_id=claim.pk, device="phone", by=as_ada, at=at + 5 * MINUTE)
    assert (resumed.pk, resumed.device, resumed.state) == (session.pk, "phone", SessionState.READY)
