"""Money on its way to a wallet: credited once, when it has settled, and never before."""

from datetime import timedelta
from uuid import uuid4

import pytest

from gigcx.kernel.errors import NotAllowed, NotFound
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor, OpsActor
from gigcx.tenancy.models import Brand
from payments import actions, ledger
from payments.actions.checkouts import CollectionFacts, CollectionState, CollectionUnknown, RefundAnswer
from payments.errors import NoSavedMethod, NotRefundable, PaymentDiffers, TopUpAmount, TopUpUnderWay
from payments.gateways import collecting
from payments.gateways.sandbox_collection import SandboxCollection
from payments.models import BrandFunds, Receipt, SandboxBalance, SandboxCheckout, TopUp
from payments.queries import spendable
from payments.queries.funds import open_top_ups, unconfirmed_refunds
from payments.states import TOP_UP_MOVES, TopUpState
from recruiting.models import Program
from tests.cast import MONDAY_NOON, make_member
from tests.factories import funds as money
from tests.factories import payments as pay

pytestmark = pytest.mark.django_db
S = TopUpState


def wallet(brand: Brand) -> int:
    return spendable(brand.pk, "USD").wallet.amount_minor


def test_a_card_payment_is_in_the_wallet_once_however_often_it_is_heard(acme: Brand) -> None:
    top_up = money.begin(acme, 50_000)
    done = money.pay(top_up)
    facts = money.paid(50_000, done.payment_ref or "")
    for _again in range(2):
        actions.record_collection_facts(top_up_id=top_up.pk, facts=facts, by=pay.SYSTEM, at=MONDAY_NOON)
    assert (wallet(acme), money.fresh(top_up.pk).state) == (50_000, S.SETTLED)
    assert Receipt.objects.for_brand(acme.pk).get().amount_minor == 50_000
    assert SandboxBalance.objects.get(pk="USD").available_minor == 50_000
    assert ledger.verify_books() == []
    assert ledger.trial_balance().is_zero


def test_a_bank_debit_credits_only_when_settled(acme: Brand) -> None:
    top_up = money.pay(money.begin(acme, 50_000), "bank_debit")
    assert (top_up.state, wallet(acme)) == (S.PROCESSING, 0)
    SandboxCheckout.objects.update(settles_at=MONDAY_NOON - timedelta(days=9))
    assert collecting.look_up_open() == 1
    assert (money.fresh(top_up.pk).state, wallet(acme)) == (S.SETTLED, 50_000)


def test_a_bank_debit_that_comes_back_credits_nothing(acme: Brand) -> None:
    top_up = money.pay(money.begin(acme, 50_000), "bank_debit_fails")
    SandboxCheckout.objects.update(settles_at=MONDAY_NOON - timedelta(days=9))
    collecting.look_up_open()
    assert (money.fresh(top_up.pk).state, money.fresh(top_up.pk).failure) == (S.FAILED, "insufficient_funds")
    assert wallet(acme) == 0


def test_a_page_nobody_paid_on_expires_and_a_late_payment_is_still_credited(acme: Brand) -> None:
    top_up = money.begin(acme, 5_000)
    money.open_page(top_up)
    SandboxCheckout.objects.update(expires_at=MONDAY_NOON - timedelta(days=9))
    assert collecting.look_up(top_up.pk).state == S.EXPIRED
    late = money.paid(5_000, "sbx_py_late")
    assert actions.settle_top_up(top_up_id=top_up.pk, facts=late, by=pay.SYSTEM, at=MONDAY_NOON).state == S.SETTLED
    assert wallet(acme) == 5_000


def test_another_amount_than_asked_for_credits_nothing(acme: Brand) -> None:
    top_up = money.begin(acme, 5_000)
    for wrong in (money.paid(4_999), money.paid(5_000, currency="EUR")):
        with pytest.raises(PaymentDiffers):
            actions.record_collection_facts(top_up_id=top_up.pk, facts=wrong, by=pay.SYSTEM, at=MONDAY_NOON)
    assert wallet(acme) == 0


def test_a_second_payment_of_one_top_up_is_a_finding(acme: Brand) -> None:
    top_up = money.fill_wallet(acme, 5_000, ref="sbx_py_first")
    with pytest.raises(PaymentDiffers):
        actions.settle_top_up(
            top_up_id=top_up.pk, facts=money.paid(5_000, "sbx_py_second"), by=pay.SYSTEM, at=MONDAY_NOON
        )
    assert wallet(acme) == 5_000


def test_failing_after_it_settled_changes_nothing(acme: Brand) -> None:
    top_up = money.fill_wallet(acme, 5_000)
    failed = CollectionFacts(state=CollectionState.FAILED, failure="card_declined")
    actions.record_collection_facts(top_up_id=top_up.pk, facts=failed, by=pay.SYSTEM, at=MONDAY_NOON)
    assert (money.fresh(top_up.pk).state, wallet(acme)) == (S.SETTLED, 5_000)


def test_who_may_top_up_and_how_much(acme: Brand, acme_owner: BrandActor, globex_owner: BrandActor) -> None:
    planner = make_member(acme, "Pia Planner", role="planner")
    with pytest.raises(NotAllowed):
        money.begin(acme, 5_000, by=planner)
    with pytest.raises(NotFound):
        money.begin(acme, 5_000, by=globex_owner)
    for minor in (999, 50_000_001):
        with pytest.raises(TopUpAmount):
            money.begin(acme, minor, by=acme_owner)
    assert money.begin(acme, 1_000, by=acme_owner).started_by == acme_owner.user


def saved(brand: Brand, way: str = "card") -> BrandFunds:
    """A brand with a saved method that pays 100.00 whenever less than 50.00 is free."""
    money.make_prepaid(brand)
    money.pay(money.begin(brand, 4_000), saves_method=True)
    BrandFunds.objects.for_brand(brand.pk).update(method_ref=f"sbx_pm_{way}")
    return actions.set_auto_top_up(
        brand_id=brand.pk, currency="USD", below_minor=5_000, amount_minor=10_000, by=pay.SYSTEM, at=MONDAY_NOON
    )


def test_an_automatic_top_up_charges_the_saved_method_once_below_the_line(acme: Brand) -> None:
    saved(acme)
    assert collecting.top_up_low_brands() == 1
    assert wallet(acme) == 14_000
    assert collecting.top_up_low_brands() == 0
    assert TopUp.objects.for_brand(acme.pk).filter(is_automatic=True).count() == 1


def test_a_declined_automatic_top_up_rests_for_a_day(acme: Brand) -> None:
    funds = saved(acme, "card_declined")
    assert collecting.top_up_low_brands(clock=lambda: MONDAY_NOON) == 1
    assert collecting.top_up_low_brands(clock=lambda: MONDAY_NOON + timedelta(hours=23)) == 0
    with pytest.raises(TopUpUnderWay):
        actions.start_automatic_top_up(funds_id=funds.pk, rail="sandbox", by=pay.SYSTEM, at=MONDAY_NOON)
    assert collecting.top_up_low_brands(clock=lambda: MONDAY_NOON + timedelta(hours=25)) == 1
    assert wallet(acme) == 4_000


def test_a_kill_between_writing_down_and_asking_charges_the_saved_method_once(acme: Brand) -> None:
    funds = saved(acme)
    top_up = actions.start_automatic_top_up(funds_id=funds.pk, rail="sandbox", by=pay.SYSTEM, at=MONDAY_NOON)
    for _again in range(2):
        collecting.look_up(top_up.pk, clock=lambda: MONDAY_NOON + timedelta(minutes=3))
    assert wallet(acme) == 14_000
    assert SandboxCheckout.objects.filter(top_up_id=top_up.pk).count() == 1


def test_an_old_automatic_top_up_is_looked_up_and_never_asked_for_again(acme: Brand) -> None:
    funds = saved(acme)
    top_up = actions.start_automatic_top_up(funds_id=funds.pk, rail="sandbox", by=pay.SYSTEM, at=MONDAY_NOON)
    done = collecting.look_up(top_up.pk, clock=lambda: MONDAY_NOON + timedelta(hours=25))
    assert (done.state, wallet(acme)) == (S.EXPIRED, 4_000)
    assert not SandboxCheckout.objects.filter(top_up_id=top_up.pk).exists()


def test_nothing_is_charged_by_itself_without_a_saved_method(acme: Brand) -> None:
    with pytest.raises(NoSavedMethod):
        actions.set_auto_top_up(
            brand_id=acme.pk, currency="USD", below_minor=1, amount_minor=10_000, by=pay.SYSTEM, at=MONDAY_NOON
        )


def test_what_is_unspent_of_a_top_up_goes_back_once(acme: Brand, program: Program, olu: OpsActor) -> None:
    money.make_prepaid(acme)
    top_up = money.pay(money.begin(acme, 10_000))
    money.set_aside(acme, program, 4_000)
    refund = actions.refund_top_up(top_up_id=top_up.pk, reason="leaving", by=olu, at=MONDAY_NOON)
    assert (refund.amount, wallet(acme)) == (Money(6_000, "USD"), 0)
    assert collecting.send_open_refunds() == 1
    assert collecting.send_open_refunds() == 0
    assert SandboxCheckout.objects.get().refunded_minor == 6_000
    with pytest.raises(NotRefundable):
        actions.refund_top_up(top_up_id=top_up.pk, reason="again", by=olu, at=MONDAY_NOON)
    assert ledger.verify_books() == []


def test_a_refund_whose_answer_was_lost_is_not_sent_twice(acme: Brand, olu: OpsActor) -> None:
    top_up = money.pay(money.begin(acme, 10_000))
    refund = actions.refund_top_up(top_up_id=top_up.pk, reason="wrong brand", by=olu, at=MONDAY_NOON)
    SandboxCheckout.objects.update(refunded_minor=refund.amount.amount_minor)  # it happened; we never heard
    assert collecting.send_open_refunds() == 1
    assert money.fresh(top_up.pk).ended_at is not None


def test_a_refused_refund_is_in_the_wallet_again(acme: Brand, olu: OpsActor) -> None:
    top_up = money.pay(money.begin(acme, 10_000))
    refund = actions.refund_top_up(top_up_id=top_up.pk, reason="leaving", by=olu, at=MONDAY_NOON)
    SandboxBalance.objects.update(available_minor=0)
    assert not collecting.send_refund(refund)
    after = money.fresh(top_up.pk)
    assert (after.state, after.refunded_minor, wallet(acme)) == (S.SETTLED, 0, 10_000)
    assert ledger.verify_books() == []


def test_every_state_of_a_top_up_has_its_row_and_none_follows_itself() -> None:
    assert set(TOP_UP_MOVES) == set(S.values)
    assert all(state not in after for state, after in TOP_UP_MOVES.items())


def test_an_unknown_top_up_is_not_found() -> None:
    with pytest.raises(NotFound):
        actions.record_collection_facts(top_up_id=uuid4(), facts=money.paid(5_000), by=pay.SYSTEM, at=MONDAY_NOON)


def test_refunds_that_nobody_answers_keep_no_other_waiting(
    acme: Brand, globex: Brand, olu: OpsActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = []
    for brand in (acme, globex):
        paid = money.pay(money.begin(brand, 10_000))
        decided.append(actions.refund_top_up(top_up_id=paid.pk, reason="leaving", by=olu, at=MONDAY_NOON).top_up_id)
    TopUp.objects.across_brands().update(looked_up_at=MONDAY_NOON)
    first, second = unconfirmed_refunds()
    assert {first, second} == set(decided)
    with monkeypatch.context() as silent:
        silent.setattr(SandboxCollection, "refund", _silent)
        silent.setattr(collecting, "unconfirmed_refunds", lambda: [first])
        assert collecting.send_open_refunds(clock=lambda: MONDAY_NOON + timedelta(hours=1)) == 0
    assert unconfirmed_refunds(limit=1) == [second]


def test_top_ups_that_nobody_answers_keep_no_other_waiting(
    acme: Brand, globex: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (money.begin(brand, 10_000) for brand in (acme, globex))
    for top_up in (first, second):
        money.open_page(top_up)
    monkeypatch.setattr(SandboxCollection, "find", _silent)
    monkeypatch.setattr(collecting, "open_top_ups", lambda at: [first.pk])
    TopUp.objects.across_brands().update(looked_up_at=MONDAY_NOON)
    assert collecting.look_up_open(clock=lambda: MONDAY_NOON + timedelta(minutes=1)) == 0
    assert open_top_ups(MONDAY_NOON + timedelta(minutes=2), limit=1) == [second.pk]


def _silent(*_given: object, **_named: object) -> RefundAnswer:
    raise CollectionUnknown("no answer", {})
