"""An incentive promised in what agents are paid in is held and counted in what the brand pays in."""

from datetime import timedelta
from decimal import Decimal

import pytest

from gigcx.tenancy.actors import BrandActor
from payments import actions
from payments.errors import FxRateMissing
from payments.models import BrandHold
from recruiting.models import Agent, Program
from scheduling.actions.incentives import announce_incentive
from scheduling.models import CapacityRequest, Incentive, Shift
from scheduling.queries.fill import incentive_preview
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.factories import scheduling as sched

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift(program: Program) -> Shift:
    """Four hours of three seats, paid in dollars and billed in euro, with 100.00 set aside for incentives."""
    card = recruit.make_rate_card(program, state="draft")
    rows = type(card).objects.across_brands()
    rows.filter(program=program, state="active").update(state="superseded", valid_until=recruit.LONG_AGO)
    rows.filter(pk=card.pk).update(bill_currency="EUR", state="active", valid_from=recruit.LONG_AGO)
    starts_at = MONDAY_NOON + timedelta(days=2)
    request = sched.make_request(program, starts_at, incentive_budget_minor=10_000)
    return sched.make_shift(program, starts_at, hours=4, request=request, rate_card=rows.get(pk=card.pk))


def keep(rate: str, *, days_ago: int = 0) -> None:
    on = (MONDAY_NOON - timedelta(days=days_ago)).date()
    actions.record_fx_rate(
        base="USD", quote="EUR", on=on, rate=Decimal(rate), source="test bank", by=pay.SYSTEM, at=MONDAY_NOON
    )


def test_an_incentive_is_held_and_counted_in_the_brands_currency_at_the_days_rate(
    shift: Shift, acme_owner: BrandActor
) -> None:
    keep("0.9")
    told = incentive_preview(shift.request, [shift], 200, at=MONDAY_NOON)
    step = announce_incentive(shift_id=shift.pk, per_hour_minor=200, by=acme_owner, at=MONDAY_NOON)
    hold = BrandHold.objects.for_brand(shift.brand_id).get(source_kind="scheduling.incentive")
    spent = CapacityRequest.objects.for_brand(shift.brand_id).get(pk=shift.request_id).incentive_spent_minor
    assert (step.currency, step.per_hour_minor) == ("USD", 200)
    assert (hold.currency, hold.amount_minor) == ("EUR", 2_160)  # 2.00 USD × 4 hours × 3 seats × 0.9
    assert (told.cost_minor, step.budget_minor, spent) == (2_160, 2_160, 2_160)


def test_a_raise_costs_its_difference_at_the_rate_of_its_own_day(shift: Shift, acme_owner: BrandActor) -> None:
    keep("0.8", days_ago=3)
    friday = MONDAY_NOON - timedelta(days=3)
    announce_incentive(shift_id=shift.pk, per_hour_minor=100, by=acme_owner, at=friday)
    keep("0.9")
    step = announce_incentive(shift_id=shift.pk, per_hour_minor=200, by=acme_owner, at=MONDAY_NOON)
    assert step.budget_minor == 1_080
    assert BrandHold.objects.for_brand(shift.brand_id).get(state="active").amount_minor == 2_160


def test_no_incentive_is_promised_on_a_day_without_a_rate(shift: Shift, acme_owner: BrandActor, ada: Agent) -> None:
    with pytest.raises(FxRateMissing):
        announce_incentive(shift_id=shift.pk, per_hour_minor=200, by=acme_owner, at=MONDAY_NOON)
    assert not Incentive.objects.across_brands().exists()
    assert not BrandHold.objects.for_brand(shift.brand_id).exists()
