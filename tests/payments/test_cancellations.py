"""What the brand saw before it cancelled is what it is charged and what its agents get."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.audit import dispatcher
from gigcx.audit.outbox import Delivered
from gigcx.kernel import clock as kernel_clock
from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor
from payments import handlers, ledger
from payments.models import BrandHold, Charge, Earning
from payments.pricing import Card, CardLine, price_cancellation, recompute, sentence
from payments.queries import spendable
from payments.states import Cause, ChargeState, EarningKind, EarningState
from recruiting.models import Agent, Program
from recruiting.states import LineKind
from scheduling import actions as scheduling
from scheduling.errors import FeeChanged
from scheduling.events import ClaimCancelledByBrand
from scheduling.models import Claim
from scheduling.queries.cancellations import cancellation_preview, fee_share
from tests.cast import MONDAY_NOON
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def cancelled(claim: Claim, owner: BrandActor, fee: Money | None) -> None:
    """The brand cancels the claim's request at the fee it saw, and the fact is heard."""
    scheduling.cancel_request(
        request_id=claim.shift.request_id, reason="No stock.", accepted_fee=fee, by=owner, at=MONDAY_NOON
    )
    dispatcher.dispatch_due(at=MONDAY_NOON)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("notice", "pay", "bill"),
    [
        (timedelta(hours=24), 0, 0),
        (timedelta(hours=23), 1600, 2200),
        (timedelta(hours=4), 1600, 2200),
        (timedelta(hours=3, minutes=45), 3200, 4400),
        (timedelta(minutes=15), 3200, 4400),
    ],
)
def test_the_fee_that_was_shown_is_charged_and_paid_to_the_cent(
    ada: Agent, program: Program, acme_owner: BrandActor, notice: timedelta, pay: int, bill: int
) -> None:
    shift = plan.make_shift(program, MONDAY_NOON + notice)
    claim = plan.make_claim(ada, shift, at=MONDAY_NOON - HOUR)
    preview = cancellation_preview(shift.request, at=MONDAY_NOON)
    assert preview.fee == Money(bill, "USD")
    assert preview.to_agents == Money(pay, "USD")
    cancelled(claim, acme_owner, preview.fee)
    charged = [charge.net_minor for charge in Charge.objects.for_brand(acme_owner.brand_id)]
    earned = [one.amount_minor for one in Earning.objects.across_brands().filter(agent=ada)]
    assert (sum(charged), sum(earned)) == (bill, pay)
    assert len(charged) == len(earned) == int(bill > 0)
    assert ledger.trial_balance().is_zero
    assert ledger.verify_books() == []


def test_two_holders_of_two_tiers_sum_to_the_preview(
    ada: Agent, bo: Agent, program: Program, acme_owner: BrandActor
) -> None:
    recruit.make_rate_card(program, {LineKind.CANCELLATION: (733, 991)}, tier_multipliers={"trusted": 11_500})
    shift = plan.make_shift(program, MONDAY_NOON + 5 * HOUR, hours=2.75)
    claim = plan.make_claim(ada, shift, at=MONDAY_NOON - HOUR)
    plan.make_claim(bo, shift, at=MONDAY_NOON - HOUR, tier="trusted")
    preview = cancellation_preview(shift.request, at=MONDAY_NOON)
    assert preview.fee is not None
    cancelled(claim, acme_owner, preview.fee)
    charges = list(Charge.objects.for_brand(acme_owner.brand_id))
    assert len(charges) == 2
    assert sum(one.net_minor for one in charges) == preview.fee.amount_minor
    lines = list(Earning.objects.across_brands())
    assert preview.to_agents == Money(sum(one.amount_minor for one in lines), "USD")
    assert len({one.amount_minor for one in lines}) == 2
    for one in lines:
        assert recompute(one.explanation) == one.amount_minor


def test_a_fee_that_was_not_shown_is_refused(ada: Agent, program: Program, acme_owner: BrandActor) -> None:
    claim = plan.make_claim(ada, plan.make_shift(program, MONDAY_NOON + 3 * HOUR), at=MONDAY_NOON - HOUR)
    with pytest.raises(FeeChanged):
        cancelled(claim, acme_owner, Money(2200, "USD"))
    assert Charge.objects.for_brand(acme_owner.brand_id).count() == 0


def test_heard_twice_it_is_paid_once(ada: Agent, program: Program, acme_owner: BrandActor) -> None:
    claim = plan.make_claim(ada, plan.make_shift(program, MONDAY_NOON + 3 * HOUR), at=MONDAY_NOON - HOUR)
    cancelled(claim, acme_owner, Money(4400, "USD"))
    event = ClaimCancelledByBrand(claim_id=claim.pk, shift_id=claim.shift_id, agent_id=ada.pk, notice_seconds=3 * 3600)
    delivered = Delivered(
        event_id=uuid7(), occurred_at=MONDAY_NOON, brand_id=claim.brand_id, agent_id=ada.pk, at=MONDAY_NOON
    )
    handlers.accrue_cancellation(event, delivered)
    earning = Earning.objects.across_brands().get()
    assert (earning.kind, earning.cause, earning.state) == (
        EarningKind.CANCELLATION_FEE,
        Cause.CANCELLATION,
        EarningState.ACCRUED,
    )
    assert Charge.objects.for_brand(acme_owner.brand_id).get().state == ChargeState.ACCRUED


def test_the_money_stays_held_until_the_line_takes_it(ada: Agent, program: Program, acme_owner: BrandActor) -> None:
    from scheduling.registries import funds_gate

    claim = plan.make_claim(ada, plan.make_shift(program, MONDAY_NOON + 3 * HOUR), at=MONDAY_NOON - HOUR)
    request = claim.shift.request
    funds_gate().hold(
        brand_id=request.brand_id,
        program_id=program.pk,
        source_kind="scheduling.capacity_request",
        source_id=request.pk,
        amount=Money(26_400, "USD"),
        until=claim.ends_at,
        at=MONDAY_NOON - HOUR,
    )
    before = spendable(request.brand_id, "USD")
    scheduling.cancel_request(
        request_id=request.pk, reason="No stock.", accepted_fee=Money(4400, "USD"), by=acme_owner, at=MONDAY_NOON
    )
    assert spendable(request.brand_id, "USD").held == Money(4400, "USD")
    dispatcher.dispatch_due(at=MONDAY_NOON)
    after = spendable(request.brand_id, "USD")
    assert (after.held, after.unbilled) == (Money(0, "USD"), Money(4400, "USD"))
    assert after.free == before.free + Money(26_400 - 4400, "USD")
    assert BrandHold.objects.for_brand(request.brand_id).filter(state="active").get().consumed_minor == 4400


def test_the_agent_sees_the_line_and_how_it_is_made(ada: Agent, program: Program, acme_owner: BrandActor) -> None:
    claim = plan.make_claim(ada, plan.make_shift(program, MONDAY_NOON + 6 * HOUR), at=MONDAY_NOON - HOUR)
    cancelled(claim, acme_owner, Money(2200, "USD"))
    earning = Earning.objects.across_brands().get()
    client = signed_in(ada.user)
    listed = client.get(reverse("payments:earnings")).content.decode()
    assert "Cancellation by the brand" in listed
    assert "16.00" in listed
    page = client.get(reverse("payments:earning", kwargs={"earning_id": earning.pk})).content.decode()
    assert "Hours cancelled late: 240 min × 8.00 an hour" in page
    assert "× 0.5 for less than 24 hours&#x27; notice" in page
    charge = Charge.objects.for_brand(acme_owner.brand_id).get()
    url = reverse("payments:billing-line", kwargs={"slug": acme_owner.brand.slug, "charge_id": charge.pk})
    shown = signed_in(acme_owner.user).get(url).content.decode()
    assert "22.00" in shown
    assert "cancelled by the brand" in shown


def test_the_request_page_says_what_it_costs_and_what_agents_get_of_it(
    ada: Agent, program: Program, acme_owner: BrandActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_clock, "now", lambda: MONDAY_NOON)
    shift = plan.make_shift(program, MONDAY_NOON + 3 * HOUR)
    plan.make_claim(ada, shift, at=MONDAY_NOON - HOUR)
    url = reverse("scheduling:request", kwargs={"slug": acme_owner.brand.slug, "request_id": shift.request_id})
    page = " ".join(signed_in(acme_owner.user).get(url).content.decode().split())
    assert "44.00" in page
    assert "of which 32.00" in page
    assert "all of it for them" not in page


def test_the_ladder_turns_at_four_and_at_twenty_four_hours() -> None:
    second = timedelta(seconds=1)
    assert [fee_share(24 * HOUR), fee_share(24 * HOUR - second)] == [0, Fraction(1, 4)]
    assert [fee_share(4 * HOUR), fee_share(4 * HOUR - second)] == [Fraction(1, 4), Fraction(1, 2)]


def test_a_card_without_the_line_pays_the_share_of_a_planned_hour() -> None:
    hour = CardLine("productive_hour", 1400, 1990)
    card = Card(1, "USD", "USD", {"productive_hour": hour})
    late = price_cancellation(card, seconds=7200, share=fee_share(3 * HOUR), tier_bp=10_000)
    early = price_cancellation(card, seconds=7200, share=fee_share(20 * HOUR), tier_bp=10_000)
    assert late is not None
    assert early is not None
    assert (late.pay_minor, late.bill_minor, early.pay_minor, early.bill_minor) == (1400, 1990, 700, 995)
    assert sentence(late.explanation) == "120 min × 14.00 an hour × 0.5 for less than 4 hours' notice = 14.00 USD"
    assert price_cancellation(card, seconds=7200, share=Fraction(0), tier_bp=10_000) is None
