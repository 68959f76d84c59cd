"""Minutes corrected after they were paid: the agent keeps the pay, the brand owes for the right minutes only."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.tenancy.actors import BrandActor
from payments import actions, ledger
from payments.models import Charge, Earning, Journal, LineDispute
from payments.queries import spendable, upcoming_charges
from payments.states import EarningState, JournalKind, LineDisputeState
from recruiting.models import Agent, Program
from scheduling.models import Claim, MinuteAdjustment
from scheduling.states import ClaimState
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import scheduling as sched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance_after_everything")]


@pytest.fixture
def claim(ada: Agent, program: Program) -> Claim:
    """An hour at 16.00 (brand: 22.00), already in a payout."""
    shift = sched.make_shift(program, MONDAY_NOON - timedelta(days=2), hours=4)
    claim = sched.make_worked_claim(ada, shift, state=ClaimState.VERIFIED, minutes=60)
    price(claim)
    actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON)
    pay.make_account(ada)
    pay.make_run()
    return claim


def price(claim: Claim) -> None:
    actions.accrue_claim(claim_id=claim.pk, source_event_id=None, by=pay.SYSTEM, at=MONDAY_NOON)


def correct(claim: Claim, minutes: int, **evidence: str) -> None:
    MinuteAdjustment.objects.create(
        brand_id=claim.brand_id,
        claim=claim,
        agent_id=claim.agent_id,
        seconds=minutes * 60,
        reason="seen",
        evidence=evidence,
        created_at=MONDAY_NOON,
    )
    claim.version += 1
    claim.save(update_fields=["version"])
    price(claim)


def owed(claim: Claim) -> int:
    (week,) = upcoming_charges(claim.brand, at=MONDAY_NOON)
    assert spendable(claim.brand_id, "USD").unbilled == week.total
    return week.total_minor


def earned() -> int:
    return sum(one.amount_minor for one in Earning.objects.across_brands().exclude(state=EarningState.REVERSED))


def test_a_downward_correction_after_payment_is_credited_to_the_brand_and_not_taken_from_the_agent(
    claim: Claim,
) -> None:
    correct(claim, -15)
    assert (owed(claim), earned()) == (1650, 1600)
    charge = Charge.objects.across_brands().get()
    assert (charge.net_minor, charge.credited_minor) == (2200, 550)
    journal = Journal.objects.get(kind=JournalKind.CHARGE_CREDITED)
    legs = dict(journal.entries.values_list("account__code", "amount_minor"))
    assert legs == {"expense.service_credit": 550, "unbilled": -550}


def test_a_correction_heard_twice_credits_once(claim: Claim) -> None:
    correct(claim, -15)
    price(claim)
    assert owed(claim) == 1650
    assert Journal.objects.filter(kind=JournalKind.CHARGE_CREDITED).count() == 1


def test_a_correction_down_and_up_again_ends_where_it_began(claim: Claim) -> None:
    correct(claim, -15)
    correct(claim, 10)
    assert (owed(claim), earned()) == (2017, 1600)  # 55 minutes at 22.00 an hour
    correct(claim, 5)
    assert (owed(claim), earned()) == (2200, 1600)


def test_up_beyond_what_was_paid_pays_the_difference_and_bills_all_minutes(claim: Claim) -> None:
    correct(claim, -15)
    correct(claim, 30)
    assert (owed(claim), earned()) == (2750, 2000)  # 75 minutes


def test_all_minutes_withdrawn_leaves_the_brand_nothing_to_pay(claim: Claim) -> None:
    correct(claim, -60)
    assert (owed(claim), earned()) == (0, 1600)


def test_a_line_replaced_after_its_money_came_back_takes_the_credit_along(claim: Claim) -> None:
    correct(claim, -15)
    row = Earning.objects.across_brands().get()
    item = row.allocations.get().item
    actions.cancel_item(item_id=item.pk, reason="wrong account", by=pay.SYSTEM, at=MONDAY_NOON)
    correct(claim, -15)
    assert (owed(claim), earned()) == (1100, 800)


def test_a_clawback_announced_goes_with_the_line_that_is_replaced_after_its_money_came_back(claim: Claim) -> None:
    correct(claim, -15, fault="Signed in from two places.")
    line, clawback = Earning.objects.across_brands().order_by("pk")
    assert (line.amount_minor, clawback.amount_minor) == (1600, -400)
    actions.cancel_item(item_id=line.allocations.get().item_id, reason="wrong account", by=pay.SYSTEM, at=MONDAY_NOON)
    correct(claim, -15)
    assert (owed(claim), earned()) == (1100, 800)  # 30 minutes, and nothing is taken back of them


def test_minutes_corrected_away_while_they_were_in_dispute_are_not_paid_beside_what_was(
    ada: Agent, program: Program, acme_owner: BrandActor
) -> None:
    shift = sched.make_shift(program, MONDAY_NOON - timedelta(days=2), hours=4)
    claim = sched.make_worked_claim(ada, shift, state=ClaimState.VERIFIED, minutes=60)
    price(claim)
    dispute = actions.dispute_charge(
        charge_id=Charge.objects.across_brands().get().pk,
        part_from=shift.starts_at,
        part_to=shift.starts_at + timedelta(minutes=15),
        reason="Nobody was there.",
        by=acme_owner,
        at=MONDAY_NOON,
    )
    actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON)
    pay.make_account(ada)
    assert pay.make_run().total_minor == 1200
    correct(claim, -15)
    assert (owed(claim), earned()) == (1650, 1200)
    dispute.refresh_from_db(from_queryset=LineDispute.objects.across_brands())
    assert dispute.state == LineDisputeState.DECIDED


def test_the_brand_reads_the_correction_on_the_line(claim: Claim, acme_owner: BrandActor) -> None:
    correct(claim, -15)
    client = Client()
    client.force_login(acme_owner.user)
    charge = Charge.objects.across_brands().get()
    url = reverse("payments:billing-line", kwargs={"slug": acme_owner.brand.slug, "charge_id": charge.pk})
    page = client.get(url).content.decode()
    assert "Minutes corrected after payment" in page
    assert "16.50" in page
    assert ledger.verify_books() == []
