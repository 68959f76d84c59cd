"""A brand billed in euros, an agent paid in dollars: two sums, one rate of the day, books that balance in both."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gigcx.kernel.errors import DomainError, Invalid, NotFound
from gigcx.tenancy.actors import BrandActor, OpsActor
from payments import actions, ledger
from payments.errors import FxRateMissing
from payments.models import Charge, Earning, Entry, FxRate
from payments.pricing import Exchange, business_days_old, recompute
from payments.queries.rates import exchange_of
from payments.states import EarningKind
from recruiting.models import Agent, Program
from scheduling.models import Claim, Incentive, MinuteAdjustment
from scheduling.states import ClaimState, IncentiveCause
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.factories import scheduling as sched

STARTS = MONDAY_NOON - timedelta(days=2)
TODAY = MONDAY_NOON.date()
FRIDAY = TODAY - timedelta(days=3)


def keep(rate: str = "0.9", *, on: date = TODAY, base: str = "USD", quote: str = "EUR") -> None:
    actions.record_fx_rate(
        base=base, quote=quote, on=on, rate=Decimal(rate), source="test bank", by=pay.SYSTEM, at=MONDAY_NOON
    )


@pytest.fixture
def abroad(program: Program) -> Program:
    """16.00 USD an hour to the agent, 21.00 EUR from the brand."""
    card = recruit.make_rate_card(
        program, {"productive_hour": (1600, 2100), "available_hour": (1600, 2100)}, state="draft"
    )
    type(card).objects.across_brands().filter(program=program, state="active").update(
        state="superseded", valid_until=recruit.LONG_AGO
    )
    type(card).objects.across_brands().filter(pk=card.pk).update(
        bill_currency="EUR", state="active", valid_from=recruit.LONG_AGO
    )
    return program


def accrued(agent: Agent, program: Program, *, at: datetime = MONDAY_NOON) -> Claim:
    shift = sched.make_shift(program, STARTS, hours=4)
    claim = sched.make_worked_claim(agent, shift, state=ClaimState.VERIFIED, minutes=60)
    actions.accrue_claim(claim_id=claim.pk, source_event_id=None, by=pay.SYSTEM, at=at)
    return claim


def sums() -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for code, currency, minor in Entry.objects.values_list("account__code", "currency", "amount_minor"):
        found[code, currency] = found.get((code, currency), 0) + minor
    return {key: total for key, total in found.items() if total}


@pytest.mark.django_db
def test_pay_and_bill_meet_in_the_pairs_account_at_the_rate_of_the_day(ada: Agent, abroad: Program) -> None:
    keep("0.9")
    accrued(ada, abroad)
    earning, charge = Earning.objects.across_brands().get(), Charge.objects.across_brands().get()
    assert (earning.amount_minor, earning.currency) == (1600, "USD")
    assert (charge.net_minor, charge.currency) == (2100, "EUR")
    assert sums() == {
        ("unbilled", "EUR"): 2100,
        ("revenue.margin", "EUR"): -660,
        ("fx.usdeur", "EUR"): -1440,
        ("fx.usdeur", "USD"): 1600,
        ("accrued", "USD"): -1600,
    }
    assert earning.explanation["fx"] == {"base": "USD", "quote": "EUR", "rate": "0.9000000000", "on": "2026-11-16"}
    assert recompute(earning.explanation) == 1600
    assert recompute(charge.explanation) == 2100
    assert ledger.verify_books() == []


@pytest.mark.django_db
def test_a_correction_mirrors_both_currencies_at_the_rate_that_was_kept(ada: Agent, abroad: Program) -> None:
    keep("0.9")
    claim = accrued(ada, abroad)
    keep("0.5", on=TODAY - timedelta(days=3))
    MinuteAdjustment.objects.create(
        brand_id=claim.brand_id, claim=claim, agent_id=ada.pk, seconds=-3600, reason="seen", created_at=MONDAY_NOON
    )
    Claim.objects.across_brands().filter(pk=claim.pk).update(version=2)
    actions.accrue_claim(claim_id=claim.pk, source_event_id=uuid4(), by=pay.SYSTEM, at=MONDAY_NOON)
    assert sums() == {}
    assert ledger.verify_books() == []


@pytest.mark.django_db
def test_an_incentive_is_billed_at_the_days_rate_without_margin(ada: Agent, abroad: Program) -> None:
    keep("0.9")
    shift = sched.make_shift(abroad, STARTS, hours=4)
    claim = sched.make_worked_claim(ada, shift, state=ClaimState.VERIFIED, minutes=60)
    Incentive.objects.create(
        brand_id=shift.brand_id,
        shift=shift,
        per_hour_minor=200,
        currency="USD",
        cause=IncentiveCause.BRAND,
        announced_at=claim.claimed_at - timedelta(hours=1),
    )
    actions.accrue_claim(claim_id=claim.pk, source_event_id=None, by=pay.SYSTEM, at=MONDAY_NOON)
    extra = Earning.objects.across_brands().get(kind=EarningKind.INCENTIVE)
    assert (extra.amount_minor, extra.charge.net_minor, extra.charge.currency) == (200, 180, "EUR")


@pytest.mark.django_db
def test_without_a_rate_of_this_or_the_last_working_day_nothing_is_written(ada: Agent, abroad: Program) -> None:
    keep("0.9", on=FRIDAY - timedelta(days=1))
    with pytest.raises(FxRateMissing):
        accrued(ada, abroad)
    assert not Earning.objects.across_brands().exists()
    assert sums() == {}


@pytest.mark.django_db
def test_fridays_rate_serves_a_monday_and_a_rate_kept_the_other_way_round_counts() -> None:
    keep("1.25", on=FRIDAY, base="EUR", quote="USD")
    assert exchange_of("USD", "EUR", on=TODAY) == Exchange("USD", "EUR", Decimal("0.8"), FRIDAY)
    with pytest.raises(FxRateMissing):
        exchange_of("USD", "EUR", on=TODAY + timedelta(days=1))


def test_a_rates_age_is_counted_in_working_days() -> None:
    assert [business_days_old(FRIDAY, at=FRIDAY + timedelta(days=days)) for days in range(5)] == [0, 0, 0, 1, 2]


@given(amount=st.integers(0, 10**9), rate=st.decimals("0.0001", "5000", places=4))
def test_converting_there_rounds_once_and_minds_the_currencies_decimals(amount: int, rate: Decimal) -> None:
    on = date(2026, 11, 16)
    assert Exchange("USD", "JPY", rate, on).convert(amount * 100) == round(amount * rate)
    assert Exchange("JPY", "KWD", Decimal(1), on).convert(amount) == amount * 1000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"rate": Decimal(0)}, Invalid),
        ({"quote": "USD"}, Invalid),
        ({"quote": "eur"}, Invalid),
        ({"source": " "}, Invalid),
        ({"on": TODAY + timedelta(days=1)}, Invalid),
    ],
)
def test_a_senseless_rate_is_refused(wrong: dict[str, Any], refusal: type[DomainError]) -> None:
    given_rate = {"base": "USD", "quote": "EUR", "on": TODAY, "rate": Decimal(1), "source": "bank", **wrong}
    with pytest.raises(refusal):
        actions.record_fx_rate(**given_rate, by=pay.SYSTEM, at=datetime.now(UTC).replace(year=2026, month=11, day=16))


@pytest.mark.django_db
def test_a_days_rate_is_written_once_never_changed_and_not_by_a_brand(olu: OpsActor, acme_owner: BrandActor) -> None:
    keep("0.9")
    with pytest.raises(Invalid):
        keep("0.91")
    with pytest.raises(NotFound):
        actions.record_fx_rate(
            base="USD", quote="GBP", on=TODAY, rate=Decimal(1), source="us", by=acme_owner, at=MONDAY_NOON
        )
    actions.record_fx_rate(base="USD", quote="GBP", on=TODAY, rate=Decimal(1), source="us", by=olu, at=MONDAY_NOON)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE payments_fxrate SET rate = 2")


@pytest.mark.django_db
def test_ops_take_a_rate_down_in_the_admin_and_cannot_change_one(client: Client, olu: OpsActor) -> None:
    client.force_login(olu.user)
    address = reverse("admin:payments_fxrate_add")
    typed = {"base": "usd", "quote": "eur", "on": "2026-11-16", "rate": "0.9", "source": "central bank"}
    assert client.post(address, typed).status_code == 302
    kept = FxRate.objects.get()
    assert (kept.base, kept.quote, str(kept.rate)) == ("USD", "EUR", "0.9000000000")
    assert "central bank" in kept.source
    assert client.post(address, typed).status_code == 200  # a second one for the day: said on the form, typed text kept
    assert FxRate.objects.count() == 1
    wrong = [("on", "2126-11-16"), ("base", "us"), ("quote", "e1r"), ("rate", "0"), ("quote", "usd")]
    for field, text in wrong:  # said on the form too
        assert client.post(address, {**typed, "on": "2026-11-13", field: text}).status_code == 200, field
    assert FxRate.objects.count() == 1
    change = reverse("admin:payments_fxrate_change", args=[kept.pk])
    assert client.post(change, {**typed, "rate": "2"}).status_code == 403
    assert client.get(change).status_code == 200
