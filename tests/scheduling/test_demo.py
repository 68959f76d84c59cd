"""The chapter leaves a world in which counters, constraints and facts agree."""

from datetime import datetime, timedelta

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.tenancy.actors import AgentActor, BrandActor
from gigcx.web.demo import World
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.demo import tell
from scheduling.demo.crowd import Crowd
from scheduling.models import Claim, Excusal, Incident, Shift, SwapOffer, WaitlistEntry
from scheduling.queries.sweeps import counters_out_of_step
from scheduling.queries.work import paid_seconds_so_far
from scheduling.states import (
    ClaimKind,
    ClaimSource,
    ClaimState,
    ExcusalState,
    IncidentState,
    ShiftState,
    SwapState,
    WaitState,
)
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.factories import vetting as vet
from vetting.models import Certificate

pytestmark = pytest.mark.django_db


def test_the_chapter_tells_past_present_and_future_with_true_counters(
    chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    for number in range(14):
        vet.make_eligible(recruit.make_agent(f"P{number} Q"), chat, at - timedelta(days=50))
    Certificate.objects.across_brands().filter(agent=ada).update(valid_from=at - timedelta(days=60))
    tell(World(at=at))
    claims = Claim.objects.across_brands()
    assert counters_out_of_step() == []
    assert claims.filter(state=ClaimState.VERIFIED).exists()
    assert claims.filter(state=ClaimState.CHECKED_IN, ends_at__gt=at).exists()
    pressed = claims.filter(agent=ada, starts_at__gt=at, source=ClaimSource.FIRST_COME)  # a draw may give her one more
    ahead = pressed.values_list("shift__local_on", flat=True)
    assert len(ahead) == len(set(ahead)) == 3
    assert Shift.objects.across_brands().filter(state=ShiftState.OPEN, starts_at__gt=at).with_room().exists()
    waits = WaitlistEntry.objects.across_brands().filter(agent=ada)
    swaps = SwapOffer.objects.across_brands()
    assert set(waits.values_list("state", flat=True)) >= {WaitState.INVITED}
    assert set(swaps.values_list("state", flat=True)) == {SwapState.OPEN, SwapState.PENDING_APPROVAL}
    assert swaps.filter(agent=ada).exists()
    assert claims.filter(kind=ClaimKind.STANDBY).exists()
    assert Incident.objects.across_brands().get().state == IncidentState.SETTLED
    assert Excusal.objects.across_brands().filter(state=ExcusalState.REQUESTED).count() == 1
    verified = sum(claims.filter(state=ClaimState.VERIFIED).values_list("version", flat=True))
    assert OutboxEvent.objects.filter(type="scheduling.shift_verified").count() == verified


def test_somebody_at_work_for_hours_has_hours_on_the_desk(
    chat: Program, ada: Agent, as_ada: AgentActor, at: datetime
) -> None:
    claim = plan.make_claim(ada, plan.make_shift(chat, at - timedelta(hours=3), hours=8, state=ShiftState.STARTED))
    session = actions.check_in(claim_id=claim.pk, device="demo", by=as_ada, at=claim.starts_at)
    Crowd(World(at=at)).seat(session)
    assert paid_seconds_so_far(claim, session, at=at) > 2 * 3600
    assert paid_seconds_so_far(claim, session, at=at + timedelta(hours=1)) <= 3 * 3600
