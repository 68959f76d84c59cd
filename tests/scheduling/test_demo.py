"""The chapter leaves a world in which counters, constraints and facts agree."""

from datetime import datetime, timedelta

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.tenancy.actors import BrandActor
from gigcx.web.demo import World
from recruiting.models import Agent, Program
from scheduling.demo import tell
from scheduling.models import Claim, Shift
from scheduling.queries.sweeps import counters_out_of_step
from scheduling.states import ClaimState, ShiftState
from tests.factories import recruiting as recruit
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
    ahead = claims.filter(agent=ada, starts_at__gt=at).values_list("shift__local_on", flat=True)
    assert len(ahead) == len(set(ahead)) == 3
    assert Shift.objects.across_brands().filter(state=ShiftState.OPEN, starts_at__gt=at).with_room().exists()
    verified = claims.filter(state=ClaimState.VERIFIED).count()
    assert OutboxEvent.objects.filter(type="scheduling.shift_verified").count() == verified
