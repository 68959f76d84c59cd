"""Whatever happens in whatever order, a brand's wallet and holds never pass zero and the books agree."""

from contextlib import suppress
from uuid import UUID, uuid5

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gigcx.kernel.money import Money
from gigcx.tenancy.models import Brand
from payments import actions, ledger
from payments.errors import FundsShort, NotRefundable
from payments.ledger import balance_of, brand_account
from payments.models import TopUp
from payments.queries import spendable
from payments.states import FundsMode
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON
from tests.factories import funds as money
from tests.factories import payments as pay

pytestmark = pytest.mark.django_db
SOURCES = [uuid5(UUID(int=0), str(number)) for number in range(3)]
AMOUNTS = st.integers(1, 90).map(lambda hundreds: hundreds * 100)
STEPS = st.one_of(
    st.tuples(st.just("top_up"), st.integers(10, 90).map(lambda hundreds: hundreds * 100), st.just(0)),
    st.tuples(st.just("hold"), AMOUNTS, st.integers(0, 2)),
    st.tuples(st.just("release"), st.just(0), st.integers(0, 2)),
    st.tuples(st.just("work"), st.integers(5, 120), st.integers(0, 2)),
    st.tuples(st.just("dispute"), AMOUNTS, st.integers(0, 2)),
    st.tuples(st.just("refund"), st.just(0), st.integers(0, 2)),
    st.tuples(st.just("mode"), st.just(0), st.integers(0, 1)),
    st.tuples(st.just("idle"), st.just(0), st.just(0)),
)


def take(step: tuple[str, int, int], brand: Brand, program: Program, agent: Agent) -> None:
    name, amount, which = step
    top_ups = list(TopUp.objects.for_brand(brand.pk).order_by("pk"))
    chosen = top_ups[which % len(top_ups)] if top_ups else None
    match name:
        case "top_up":
            money.fill_wallet(brand, max(amount, 1_000))
        case "hold":
            money.set_aside(brand, program, amount, source_id=SOURCES[which])
        case "release":
            actions.release_funds(source_kind="request", source_id=SOURCES[which], at=MONDAY_NOON)
        case "work":
            pay.make_earning(agent, program, minutes=amount, hold_sources=(("request", SOURCES[which]),))
        case "dispute" if chosen:
            taken = Money(min(amount, chosen.amount_minor), "USD")
            names = {"payment_ref": chosen.payment_ref or "", "dispute_ref": f"dp_{chosen.pk}"}
            actions.record_card_dispute(amount=taken, by=pay.SYSTEM, at=MONDAY_NOON, **names)
        case "refund" if chosen:
            actions.refund_top_up(top_up_id=chosen.pk, reason="leaving", by=pay.SYSTEM, at=MONDAY_NOON)
        case "mode":
            mode = (FundsMode.TERMS, FundsMode.PREPAID)[which]
            actions.set_funds_mode(brand_id=brand.pk, currency="USD", mode=mode, by=pay.SYSTEM, at=MONDAY_NOON)
        case "idle":
            actions.return_idle_holds(at=MONDAY_NOON)


def must_hold(brand: Brand) -> None:
    found = spendable(brand.pk, "USD")
    in_hold = balance_of(brand_account(brand.pk, "hold", "USD"))
    assert found.wallet.amount_minor >= 0
    assert found.wallet.amount_minor + in_hold >= 0
    assert in_hold >= (found.held.amount_minor if found.is_prepaid else 0)
    assert ledger.trial_balance().is_zero


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=14))
def test_wallet_and_hold_never_pass_zero(
    steps: list[tuple[str, int, int]], ada: Agent, acme: Brand, program: Program
) -> None:
    with transaction.atomic():
        for step in steps:
            with suppress(FundsShort, NotRefundable), transaction.atomic():
                take(step, acme, program, ada)
            must_hold(acme)
        assert ledger.verify_books() == []
        transaction.set_rollback(True)
