"""The demo's crowd: it comes, stays and talks, is never anybody real, and only moves where the demo is on."""

from datetime import datetime, timedelta

import pytest

from gigcx.audit.ticking import sweeps
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.actions.sessions import lose_session
from scheduling.demo.desks import DEVICE, arrival_of, crowd_key, keep_desks_alive
from scheduling.models import Claim, WorkSession
from scheduling.queries.coverage import coverage
from scheduling.queries.sweeps import silent_sessions
from scheduling.states import ClaimState, SessionState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def claim(chat: Program, ada: Agent, at: datetime) -> Claim:
    """A claim of the crowd that starts in a quarter of an hour."""
    return plan.make_claim(ada, plan.make_shift(chat, at + 15 * MINUTE, hours=2), idempotency_key=crowd_key())


def test_the_crowd_arrives_stays_and_is_counted_as_present(claim: Claim, at: datetime) -> None:
    keep_desks_alive(at=arrival_of(claim) - MINUTE)
    assert not WorkSession.objects.across_brands().exists()
    keep_desks_alive(at=arrival_of(claim))
    seen = set()
    moment = max(arrival_of(claim), claim.starts_at)
    for _minute in range(40):
        keep_desks_alive(at=moment)
        assert silent_sessions(at=moment) == []
        seen.add(WorkSession.objects.across_brands().get().state)
        moment += MINUTE
    assert seen == {SessionState.READY, SessionState.ON_CONTACT, SessionState.WRAP}
    assert coverage(claim.brand_id, at=moment).present_now == 1


def test_after_a_long_sleep_the_crowd_comes_back(claim: Claim) -> None:
    keep_desks_alive(at=claim.starts_at)
    keep_desks_alive(at=claim.starts_at + 5 * MINUTE)
    session = WorkSession.objects.across_brands().get()
    later = claim.starts_at + 60 * MINUTE
    lose_session(session_id=session.pk, by=recruit.agent_actor(claim.agent), at=later)
    actions.end_lost_session(session_id=session.pk, by=recruit.agent_actor(claim.agent), at=later)
    keep_desks_alive(at=later)
    assert WorkSession.objects.across_brands().live().get().device == DEVICE


def test_a_desk_that_somebody_opened_is_left_alone(claim: Claim) -> None:
    by = recruit.agent_actor(claim.agent)
    actions.check_in(claim_id=claim.pk, device="laptop", by=by, at=claim.starts_at)
    keep_desks_alive(at=claim.starts_at + MINUTE)
    session = WorkSession.objects.across_brands().get()
    assert (session.device, session.last_seen_at) == ("laptop", claim.starts_at)


def test_a_claim_that_a_person_made_is_left_alone(chat: Program, bo: Agent, at: datetime) -> None:
    own = plan.make_claim(bo, plan.make_shift(chat, at, hours=2))
    keep_desks_alive(at=at + MINUTE)
    own.refresh_from_db()
    assert own.state == ClaimState.CLAIMED


def test_only_a_demo_installation_sweeps_it() -> None:
    assert "scheduling.demo" not in {sweep.kind for sweep in sweeps()}
