"""What a brand may still spend, prepaid and on terms, and what its holds do to it."""

from uuid import uuid4

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.kernel.errors import MoveRefused, NotFound
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor, OpsActor
from gigcx.tenancy.models import Brand
from payments import actions, ledger
from payments.errors import FundsShort
from payments.models import BrandHold
from payments.queries import spendable
from payments.states import FundsMode
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON
from tests.factories import funds as money
from tests.factories import payments as pay

pytestmark = pytest.mark.django_db


def free(brand: Brand) -> int:
    return spendable(brand.pk, "USD").free.amount_minor


def wallet(brand: Brand) -> int:
    return spendable(brand.pk, "USD").wallet.amount_minor


def test_a_prepaid_hold_moves_money_out_of_the_wallet_and_its_release_moves_it_back(
    acme: Brand, program: Program
) -> None:
    money.make_prepaid(acme, 10_000)
    hold = money.set_aside(acme, program, 6_000)
    assert (wallet(acme), free(acme)) == (4_000, 4_000)
    actions.release_funds(source_kind=hold.source_kind, source_id=hold.source_id, at=MONDAY_NOON)
    assert (wallet(acme), free(acme)) == (10_000, 10_000)
    assert ledger.verify_books() == []


def test_a_prepaid_brand_has_no_credit_and_is_told_what_is_missing(acme: Brand, program: Program) -> None:
    money.make_prepaid(acme, 1_000)
    with pytest.raises(FundsShort) as refused:
        money.set_aside(acme, program, 1_500)
    assert refused.value.context["shortfall_minor"] == 500
    assert free(acme) == 1_000


def test_a_hold_grows_and_shrinks_with_its_source(acme: Brand, program: Program) -> None:
    money.make_prepaid(acme, 10_000)
    source = uuid4()
    for minor, left in ((9_000, 1_000), (10_000, 0), (2_000, 8_000)):
        money.set_aside(acme, program, minor, source_id=source)
        assert (wallet(acme), free(acme)) == (left, left)
    with pytest.raises(FundsShort):
        money.set_aside(acme, program, 10_001, source_id=source)
    assert BrandHold.objects.for_brand(acme.pk).get(state="active").amount_minor == 2_000
    assert ledger.verify_books() == []


def test_work_done_under_a_prepaid_hold_is_counted_once(ada: Agent, acme: Brand, program: Program) -> None:
    money.make_prepaid(acme, 10_000)
    source = uuid4()
    money.set_aside(acme, program, 5_000, source_id=source)
    pay.make_earning(ada, program, hold_sources=(("request", source),))
    found = spendable(acme.pk, "USD")
    assert (found.held.amount_minor, found.covered.amount_minor, found.unbilled.amount_minor) == (2_800, 2_200, 2_200)
    assert found.free.amount_minor == 5_000
    actions.release_funds(source_kind="request", source_id=source, at=MONDAY_NOON)
    assert free(acme) == 7_800


def test_work_without_a_hold_is_paid_and_takes_from_what_is_free(ada: Agent, acme: Brand, program: Program) -> None:
    money.make_prepaid(acme, 1_000)
    pay.make_earning(ada, program)
    assert free(acme) == -1_200
    with pytest.raises(FundsShort) as refused:
        money.set_aside(acme, program, 100)
    assert refused.value.context["shortfall_minor"] == 100


def test_held_money_nobody_needs_any_more_goes_back(ada: Agent, acme: Brand, program: Program) -> None:
    money.make_prepaid(acme, 5_000)
    source = uuid4()
    money.set_aside(acme, program, 5_000, source_id=source)
    earning = pay.make_earning(ada, program, hold_sources=(("request", source),))
    actions.release_funds(source_kind="request", source_id=source, at=MONDAY_NOON)
    assert actions.return_idle_holds(at=MONDAY_NOON) == 0
    actions.reverse_earnings([earning.pk], reason="wrong", by=pay.SYSTEM, at=MONDAY_NOON)
    assert actions.return_idle_holds(at=MONDAY_NOON) == 1
    assert actions.return_idle_holds(at=MONDAY_NOON) == 0
    assert wallet(acme) == 5_000
    assert ledger.verify_books() == []


def test_changing_how_a_brand_pays_moves_what_its_holds_still_cover(acme: Brand, program: Program) -> None:
    money.make_terms(acme, 10_000)
    money.set_aside(acme, program, 4_000)
    with pytest.raises(FundsShort) as refused:
        money.make_prepaid(acme)
    assert refused.value.context["shortfall_minor"] == 4_000
    money.fill_wallet(acme, 5_000)
    money.make_prepaid(acme)
    assert (wallet(acme), free(acme)) == (1_000, 1_000)
    actions.set_funds_mode(brand_id=acme.pk, currency="USD", mode=FundsMode.TERMS, by=pay.SYSTEM, at=money.SOON)
    assert (wallet(acme), free(acme)) == (5_000, 11_000)
    assert ledger.verify_books() == []


def test_funds_are_told_to_be_low_once_when_the_line_is_crossed(acme: Brand, program: Program) -> None:
    money.make_terms(acme, 10_000)
    for minor in (7_000, 2_000, 500):
        money.set_aside(acme, program, minor)
    assert OutboxEvent.objects.filter(type="payments.funds_low", brand_id=acme.pk).count() == 1


def test_only_ops_set_how_a_brand_pays_and_let_a_hold_go(
    acme: Brand, program: Program, acme_owner: BrandActor, olu: OpsActor
) -> None:
    hold = money.set_aside(acme, program, 4_000)
    with pytest.raises(NotFound):
        actions.set_funds_mode(brand_id=acme.pk, currency="USD", mode=FundsMode.PREPAID, by=acme_owner, at=MONDAY_NOON)
    with pytest.raises(NotFound):
        actions.release_hold(hold_id=hold.pk, reason="mine", by=acme_owner, at=MONDAY_NOON)
    actions.release_hold(hold_id=hold.pk, reason="the request is gone", by=olu, at=MONDAY_NOON)
    with pytest.raises(MoveRefused):
        actions.release_hold(hold_id=hold.pk, reason="again", by=olu, at=MONDAY_NOON)


def test_tax_that_no_hold_covers_is_taken_off(ada: Agent, acme: Brand, program: Program) -> None:
    Brand.objects.filter(pk=acme.pk).update(country="IE")
    money.make_terms(acme, 10_000)
    pay.make_earning(ada, program)
    found = spendable(acme.pk, "USD")
    assert (found.unbilled, found.unbilled_tax) == (Money(2_200, "USD"), Money(506, "USD"))
    assert found.free.amount_minor == 10_000 - 2_706
