"""What a shift paid on top of the card: its own explained line, on the earning and on the brand's charge."""

from datetime import timedelta

import pytest

from gigcx.tenancy.actors import SystemActor
from payments import actions, ledger
from payments.models import Earning
from payments.pricing import recompute, sentence
from payments.states import EarningKind
from recruiting.models import Agent, Program
from scheduling.models import Incentive
from scheduling.states import ClaimState, IncentiveCause
from tests.cast import MONDAY_NOON
from tests.factories import scheduling as sched

pytestmark = pytest.mark.django_db
CLOCK = SystemActor("clock")
STARTS = MONDAY_NOON - timedelta(days=2)


def test_an_incentive_is_its_own_explained_line_and_the_brand_pays_what_the_agent_gets(
    ada: Agent, program: Program
) -> None:
    shift = sched.make_shift(program, STARTS, hours=4)
    claim = sched.make_worked_claim(ada, shift, state=ClaimState.VERIFIED, minutes=240)
    for amount, hours in ((200, 1), (350, 2), (0, 3)):
        Incentive.objects.create(
            brand_id=shift.brand_id,
            shift=shift,
            per_hour_minor=amount,
            currency="USD",
            cause=IncentiveCause.BRAND,
            announced_at=claim.claimed_at + timedelta(minutes=hours),
        )
    actions.accrue_claim(claim_id=claim.pk, source_event_id=None, by=CLOCK, at=MONDAY_NOON)
    lines = {one.kind: one for one in Earning.objects.across_brands()}
    extra = lines[EarningKind.INCENTIVE]
    assert (lines[EarningKind.TIME].amount_minor, extra.amount_minor) == (6400, 4 * 350)
    assert sentence(extra.explanation) == "240 min × 3.50 an hour = 14.00 USD"
    assert recompute(extra.explanation) == extra.amount_minor
    assert extra.charge.net_minor == 4 * 350
    assert ledger.verify_books() == []


def test_work_without_an_incentive_has_no_such_line(ada: Agent, program: Program) -> None:
    shift = sched.make_shift(program, STARTS, hours=4)
    claim = sched.make_worked_claim(ada, shift, state=ClaimState.VERIFIED, minutes=240)
    actions.accrue_claim(claim_id=claim.pk, source_event_id=None, by=CLOCK, at=MONDAY_NOON)
    assert [one.kind for one in Earning.objects.across_brands()] == [EarningKind.TIME]
