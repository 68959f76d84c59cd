"""Coming late and pressing twice: both presses open the same desk, and one seat is taken."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from gigcx.tenancy.actors import AgentActor, SystemActor
from scheduling import actions
from scheduling.models import Shift, WorkSession
from scheduling.states import ClaimState, ShiftState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.factories import vetting as vet
from tests.races.presses import at_once
from tests.scheduling.conftest import made_program

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 4


def test_a_missed_claim_checked_in_six_times_at_once_opens_one_desk() -> None:
    now = cast.MONDAY_NOON + timedelta(minutes=30)
    program = made_program(cast.make_brand("Acme"), "Holiday Chat")
    for number in range(ROUNDS):
        agent = recruit.make_agent(f"Ada{number} Obi")
        vet.make_eligible(agent, program, now)
        claim = plan.make_claim(agent, plan.make_shift(program, now - timedelta(minutes=30), state=ShiftState.STARTED))
        actions.mark_no_show(claim_id=claim.pk, by=SystemActor("clock"), at=now - timedelta(minutes=20))
        opened = _pressed(recruit.agent_actor(agent), claim.pk, now)
        assert len(set(opened)) == 1
        assert WorkSession.objects.across_brands().filter(claim=claim).count() == 1
        claim.refresh_from_db()
        assert claim.state == ClaimState.CHECKED_IN
        assert Shift.objects.across_brands().get(pk=claim.shift_id).filled == 1


def _pressed(by: AgentActor, claim_id: UUID, at: datetime) -> list[UUID]:
    return at_once(lambda _press: actions.check_in(claim_id=claim_id, device="laptop", by=by, at=at).pk)
