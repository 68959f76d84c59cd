"""The desk: heartbeats from a hidden tab, one session on one device, the presence check."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from gigcx.kernel.errors import MoveRefused
from gigcx.tenancy.actors import AgentActor, SystemActor
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.errors import SessionElsewhere, SessionOver
from scheduling.models import Claim, WorkSession
from scheduling.queries.sweeps import silent_sessions
from scheduling.registries import NoPresenceCheck, set_presence_check
from scheduling.states import SessionState, ShiftState
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
CLOCK = SystemActor("clock")
SCRIPTS = Path(settings.BASE_DIR) / "assets" / "js" / "pages"


@pytest.fixture
def claim(chat: Program, ada: Agent, at: datetime) -> Claim:
    """Ada's four hours from now on."""
    return plan.make_claim(ada, plan.make_shift(chat, at, state=ShiftState.STARTED))


def test_a_hidden_tab_is_not_lost_two_devices_cannot_run_two_sessions(
    claim: Claim, as_ada: AgentActor, at: datetime
) -> None:
    """A worker beats every 20 seconds whether the tab is seen or not; timers of hidden pages would come once a minute."""
    page, worker = ((SCRIPTS / f"scheduling-{name}.js").read_text() for name in ("desk", "heartbeat"))
    assert "new Worker(" in page
    assert "setInterval(beat, 20_000)" in worker
    assert "document" not in worker
    session = actions.check_in(claim_id=claim.pk, device="laptop", by=as_ada, at=at)
    for seconds in range(20, 3600, 20):
        moment = at + seconds * SECOND
        assert silent_sessions(at=moment) == []
        actions.beat(session_id=session.pk, device="laptop", by=as_ada, at=moment)
    with pytest.raises(SessionElsewhere):
        actions.check_in(claim_id=claim.pk, device="phone", by=as_ada, at=at + 3600 * SECOND)
    assert WorkSession.objects.across_brands().live().count() == 1


def test_a_hidden_tab_whose_timers_are_slowed_down_to_a_minute_is_still_not_lost(
    claim: Claim, as_ada: AgentActor, at: datetime
) -> None:
    session = actions.check_in(claim_id=claim.pk, device="laptop", by=as_ada, at=at)
    for minute in range(1, 30):
        assert silent_sessions(at=at + minute * MINUTE) == []
        actions.beat(session_id=session.pk, device="laptop", by=as_ada, at=at + minute * MINUTE)


class Always:
    """A check that is always due."""

    def is_due(self, session_id: UUID, at: datetime) -> bool:
        """Yes."""
        return True


def test_a_presence_check_stops_the_clock_until_it_is_passed_and_ends_the_session_when_failed_twice(
    claim: Claim, as_ada: AgentActor, at: datetime
) -> None:
    session = actions.check_in(claim_id=claim.pk, device="laptop", by=as_ada, at=at)
    with pytest.raises(MoveRefused):
        actions.pass_challenge(session_id=session.pk, by=CLOCK, at=at)
    set_presence_check(Always())
    try:
        assert actions.beat(session_id=session.pk, device="laptop", by=as_ada, at=at + MINUTE).state == "challenge"
        actions.pass_challenge(session_id=session.pk, by=CLOCK, at=at + MINUTE)
        actions.beat(session_id=session.pk, device="laptop", by=as_ada, at=at + 2 * MINUTE)
        first = actions.fail_challenge(session_id=session.pk, by=CLOCK, at=at + 2 * MINUTE)
        assert first.state == SessionState.CHALLENGE
        second = actions.fail_challenge(session_id=session.pk, by=CLOCK, at=at + 3 * MINUTE)
        assert (second.state, second.end_reason) == (SessionState.ENDED, "presence")
    finally:
        set_presence_check(NoPresenceCheck())
    with pytest.raises(SessionOver):
        actions.beat(session_id=session.pk, device="laptop", by=as_ada, at=at + 3 * MINUTE)
