"""Floors on real claims: by cause and payer, explained to the half hour, and on the demo world's cards."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.tenancy.actors import BrandActor
from payments import actions
from payments.ledger import agent_account, balance_of, brand_account, platform_account
from payments.models import Charge, Earning
from payments.pricing import recompute
from payments.states import Cause, EarningKind
from recruiting.demo.offers import OFFERS
from recruiting.models import Agent, Program
from scheduling.models import Claim, StateSpan
from scheduling.states import ClaimState
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.factories import scheduling as sched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance_after_everything")]


def waited(agent: Agent, program: Program, *, cause: str) -> Claim:
    """An hour ready without a contact, at 10.00 (brand: 14.00); the floor is 16.00 (brand: 22.00)."""
    recruit.make_rate_card(program, {"available_hour": (1000, 1400), "floor": (1600, 2200)})
    shift = sched.make_shift(program, MONDAY_NOON - timedelta(days=2), hours=4)
    claim = sched.make_worked_claim(agent, shift, state=ClaimState.VERIFIED, minutes=60)
    StateSpan.objects.across_brands().filter(session__claim=claim).update(cause=cause)
    actions.accrue_claim(claim_id=claim.pk, source_event_id=None, by=pay.SYSTEM, at=MONDAY_NOON)
    return claim


def floor() -> Earning:
    return Earning.objects.across_brands().get(kind=EarningKind.FLOOR)


@pytest.mark.parametrize("cause", ["", "volume", "brand"])
def test_quiet_hours_and_the_brands_own_failures_are_the_brands(ada: Agent, program: Program, cause: str) -> None:
    waited(ada, program, cause=cause)
    line = floor()
    assert (line.amount_minor, line.brand_share_minor, line.platform_share_minor) == (600, 600, 0)
    assert line.cause == (cause or Cause.VOLUME)
    charge = Charge.objects.across_brands().get(earning=line)
    assert charge.net_minor == 800
    assert recompute(charge.explanation) == 800


def test_an_outage_of_ours_is_ours_to_pay(ada: Agent, program: Program) -> None:
    waited(ada, program, cause="platform")
    line = floor()
    assert (line.amount_minor, line.brand_share_minor, line.platform_share_minor) == (600, 0, 600)
    assert not Charge.objects.across_brands().filter(earning=line).exists()


def test_zero_contacts_pay_the_floor_and_an_outage_charges_the_platform_and_neither_brand_nor_agent(
    ada: Agent, program: Program
) -> None:
    waited(ada, program, cause="platform")
    lines = Earning.objects.across_brands().filter(agent=ada)
    assert sum(line.amount_minor for line in lines) == 1600  # the whole floor of the hour, not one contact
    assert [line.kind for line in lines if line.amount_minor < 0] == []
    assert balance_of(agent_account(ada.pk, "accrued", "USD")) == 1600
    assert balance_of(agent_account(ada.pk, "clawback", "USD")) == 0
    assert balance_of(platform_account("expense.floor", "USD")) == 600
    assert balance_of(brand_account(program.brand_id, "unbilled", "USD")) == 1400  # the hour it was ready, no floor


def test_who_was_away_gets_no_floor(ada: Agent, program: Program) -> None:
    waited(ada, program, cause="agent")
    assert not Earning.objects.across_brands().filter(kind=EarningKind.FLOOR).exists()


def test_agent_and_brand_read_the_half_hours_and_the_cause(
    ada: Agent, program: Program, acme_owner: BrandActor
) -> None:
    waited(ada, program, cause="")
    line = floor()
    client = Client()
    client.force_login(ada.user)
    page = client.get(reverse("payments:earning", kwargs={"earning_id": line.pk})).content.decode()
    assert page.count("floor of 16.00 an hour for 30 min, of which 5.00 was earned") >= 2
    assert "low volume" in page
    client.force_login(acme_owner.user)
    charge = Charge.objects.across_brands().get(earning=line)
    url = reverse("payments:billing-line", kwargs={"slug": acme_owner.brand.slug, "charge_id": charge.pk})
    page = client.get(url).content.decode()
    assert "07:00: floor of 22.00" in page  # noon in UTC, on the brand's clock
    assert "07:30: floor of 22.00" in page
    assert "Minute by minute" in page


def test_a_floor_of_the_demo_world_makes_a_waiting_hour_worth_what_was_shown() -> None:
    floored = [offer.rate_card.lines for offer in OFFERS if "floor" in offer.rate_card.lines]
    assert len(floored) == 2
    for lines in floored:
        assert lines["available_hour"].pay_minor < lines["floor"].pay_minor
        assert lines["floor"] == lines["productive_hour"]
