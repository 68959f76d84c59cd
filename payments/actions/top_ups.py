"""Money on its way from a brand to its wallet: begun, paid, settled, failed, given back. Nothing here asks the other side."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from gigcx.kernel.states import may_move, require_move
from gigcx.tenancy.actors import Actor, BrandActor, require
from gigcx.tenancy.policies import require_ops
from gigcx.tenancy.roles import Permission
from payments import ledger
from payments.actions import journals
from payments.actions.card_disputes import pay_disputed_debt
from payments.actions.checkouts import CheckoutSession, CollectionFacts, CollectionState
from payments.actions.funds import locked_funds
from payments.actions.numbering import number_receipt
from payments.errors import NoSavedMethod, NotRefundable, PaymentDiffers, TopUpAmount, TopUpUnderWay
from payments.events import TopUpFailed, TopUpSettled
from payments.models import BrandFunds, Journal, Receipt, TopUp
from payments.policies.funds import CHECKOUT_OPEN_FOR, REST_AFTER_FAILURE, is_top_up_amount
from payments.queries.funds import spendable
from payments.states import TOP_UP_MOVES, RailCode, ReceiptMethod, TopUpState

S = TopUpState
_OPEN = (S.STARTED, S.PROCESSING)


@transaction.atomic
def start_top_up(*, brand_id: UUID, amount: Money, rail: str, by: Actor, at: datetime) -> TopUp:
    """This function will write down that a brand wants to pay, with the key that the other side will be asked under.

    Raises:
        NotAllowed: the role does not cover it.
        TopUpAmount: less than the least, or more than the most, of one top-up.
    """
    require(by, Permission.MANAGE_BILLING, brand_id=brand_id)
    if not is_top_up_amount(amount):
        raise TopUpAmount(_("Choose an amount from 10 to 500,000."), field="amount")
    user = by.user if isinstance(by, BrandActor) else None
    top_up = _begun(brand_id, amount, rail, at=at, started_by=user)
    trail.record("payments.start_top_up", top_up, by=by, at=at, to_state=top_up.state)
    return top_up


def _begun(brand_id: UUID, amount: Money, rail: str, *, at: datetime, **given: object) -> TopUp:
    pk = uuid7()
    fields = {"started_at": at, "expires_at": at + CHECKOUT_OPEN_FOR, **given}
    return TopUp.objects.create(
        id=pk,
        brand_id=brand_id,
        currency=amount.currency,
        amount_minor=amount.amount_minor,
        rail=rail,
        idempotency_key=f"gigcx:topup:{pk}:1",
        **fields,
    )


@transaction.atomic
def start_automatic_top_up(*, funds_id: UUID, rail: str, by: Actor, at: datetime) -> TopUp:
    """This function will begin the automatic top-up of a brand whose spendable money is below its line.

    Raises:
        NoSavedMethod: it is switched off, or no method is saved.
        TopUpUnderWay: one is open, or one failed within a day, or the money is there meanwhile.
    """
    funds = BrandFunds.objects.across_brands().select_for_update(of=("self",)).get(pk=funds_id)
    if funds.auto_top_up_minor is None or not funds.method_ref:
        raise NoSavedMethod
    rows = TopUp.objects.for_brand(funds.brand_id).filter(currency=funds.currency, is_automatic=True)
    rests = rows.filter(state=S.FAILED, ended_at__gt=at - REST_AFTER_FAILURE).exists()
    is_low = spendable(funds.brand_id, funds.currency).free.amount_minor < (funds.auto_top_up_below_minor or 0)
    if rests or not is_low or rows.filter(state__in=_OPEN).exists():
        raise TopUpUnderWay
    amount = Money(funds.auto_top_up_minor, funds.currency)
    top_up = _begun(funds.brand_id, amount, rail, at=at, is_automatic=True)
    trail.record("payments.start_top_up", top_up, by=by, at=at, to_state=top_up.state, reason="below the line")
    return top_up


@transaction.atomic
def set_auto_top_up(
    *, brand_id: UUID, currency: str, below_minor: int, amount_minor: int, by: Actor, at: datetime
) -> BrandFunds:
    """This function will let the saved method pay by itself whenever spendable money falls below a line.

    Raises:
        NotAllowed: the role does not cover it.
        NoSavedMethod: no card or account is saved.
        TopUpAmount: the amount is out of range, or the line is below zero.
    """
    require(by, Permission.MANAGE_BILLING, brand_id=brand_id)
    funds = locked_funds(brand_id, currency, at)
    if not funds.method_ref:
        raise NoSavedMethod
    if below_minor < 0:
        raise TopUpAmount(_("Choose an amount of zero or more."), field="below")
    if not is_top_up_amount(Money(amount_minor, currency)):
        raise TopUpAmount(_("Choose an amount from 10 to 500,000."), field="amount")
    return _set_auto(funds, below_minor, amount_minor, by, at)


@transaction.atomic
def stop_auto_top_up(*, brand_id: UUID, currency: str, by: Actor, at: datetime) -> BrandFunds:
    """This function will switch automatic top-ups off. One that is on its way still settles."""
    require(by, Permission.MANAGE_BILLING, brand_id=brand_id)
    return _set_auto(locked_funds(brand_id, currency, at), None, None, by, at)


def _set_auto(funds: BrandFunds, below: int | None, amount: int | None, by: Actor, at: datetime) -> BrandFunds:
    before = [funds.auto_top_up_below_minor, funds.auto_top_up_minor]
    funds.auto_top_up_below_minor, funds.auto_top_up_minor = below, amount
    funds.save(update_fields=["auto_top_up_below_minor", "auto_top_up_minor"])
    trail.record("payments.set_auto_top_up", funds, by=by, at=at, changes={"minor": [before, [below, amount]]})
    return funds


@transaction.atomic
def record_checkout(*, top_up_id: UUID, session: CheckoutSession, at: datetime) -> TopUp:
    """This function will keep where the brand pays; hearing it again changes nothing."""
    top_up = _locked(top_up_id)
    if top_up.checkout_ref is None:
        top_up.checkout_ref, top_up.pay_url = session.ref, session.url
        top_up.save(update_fields=["checkout_ref", "pay_url"])
    return top_up


def note_top_up_asked(*, top_up_id: UUID, at: datetime) -> None:
    """This function will note that the other side is asked now, answered or not: others have their turn next."""
    TopUp.objects.across_brands().filter(pk=top_up_id).update(looked_up_at=at)


@transaction.atomic
def record_collection_facts(*, top_up_id: UUID, facts: CollectionFacts, by: Actor, at: datetime) -> TopUp:
    """This function will take what the other side says of a top-up's payment; said twice, late or in any order it ends the same.

    Raises:
        PaymentDiffers: paid in another amount or currency than asked for: nothing is credited, somebody has to look.
    """
    top_up = _locked(top_up_id)
    top_up.looked_up_at = at
    top_up.save(update_fields=["looked_up_at"])
    if facts.state == CollectionState.PAID:
        return settle_top_up(top_up_id=top_up_id, facts=facts, by=by, at=at)
    if facts.state in (CollectionState.FAILED, CollectionState.EXPIRED):
        target = S.FAILED if facts.state == CollectionState.FAILED else S.EXPIRED
        return _ended(top_up, target, facts.failure, by=by, at=at)
    if facts.state == CollectionState.PROCESSING and top_up.state == S.STARTED:
        _keep_refs(top_up, facts)
        return _moved(top_up, S.PROCESSING, by=by, at=at)
    return top_up


@transaction.atomic
def settle_top_up(*, top_up_id: UUID, facts: CollectionFacts, by: Actor, at: datetime) -> TopUp:
    """This function will credit the wallet once with money that has settled, and keep the receipt and a saved method.

    A payment that was given up on and settles after all is credited too.

    Raises:
        PaymentDiffers: another amount or currency was paid, or the payment is a second one.
    """
    top_up = _locked(top_up_id)
    if top_up.state not in (*_OPEN, S.FAILED, S.EXPIRED):
        _require_same_payment(top_up, facts)
        return top_up
    if (facts.amount_minor, facts.currency) != (top_up.amount_minor, top_up.currency):
        raise PaymentDiffers(context={"top_up": str(top_up.pk), "paid_minor": facts.amount_minor})
    locked = locked_funds(top_up.brand_id, top_up.currency, at)
    _keep_refs(top_up, facts)
    _keep_method(locked, facts)
    top_up.settled_at, top_up.failure = at, ""
    top_up.save(update_fields=["settled_at", "failure"])
    _moved(top_up, S.SETTLED, by=by, at=at)
    _post_settled(top_up, by, at)
    _receipt(top_up, facts, at)
    pay_disputed_debt(locked, by=by, at=at)
    fact = TopUpSettled(top_up_id=top_up.pk, brand_id=top_up.brand_id, currency=top_up.currency)
    outbox.publish(fact, at=at, brand_id=top_up.brand_id)
    return top_up


def _require_same_payment(top_up: TopUp, facts: CollectionFacts) -> None:
    if top_up.payment_ref and facts.payment_ref and top_up.payment_ref != facts.payment_ref:
        raise PaymentDiffers(context={"top_up": str(top_up.pk), "payment_ref": facts.payment_ref})


def _post_settled(top_up: TopUp, by: Actor, at: datetime) -> None:
    """The sandbox lets its money be used at once; a real provider says later when it does."""
    actor = by.label or by.kind
    postings = [journals.top_up_settled(top_up, actor=actor, at=at)]
    if top_up.rail == RailCode.SANDBOX:
        postings.append(journals.top_up_available(top_up, actor=actor, at=at))
    ledger.post(postings)


def _receipt(top_up: TopUp, facts: CollectionFacts, at: datetime) -> None:
    known = {str(one) for one in ReceiptMethod.values}
    receipt = Receipt(
        id=uuid7(),
        brand_id=top_up.brand_id,
        currency=top_up.currency,
        amount_minor=top_up.amount_minor,
        method=facts.method if facts.method in known else ReceiptMethod.CARD,
        rail=top_up.rail,
        remote_ref=top_up.payment_ref or f"topup:{top_up.pk}",
        top_up=top_up,
        received_at=at,
    )
    number_receipt(receipt, on=at.date()).save(force_insert=True)


def _keep_refs(top_up: TopUp, facts: CollectionFacts) -> None:
    top_up.checkout_ref = top_up.checkout_ref or facts.checkout_ref or None
    top_up.payment_ref = facts.payment_ref or top_up.payment_ref
    top_up.save(update_fields=["checkout_ref", "payment_ref"])


def _keep_method(funds: BrandFunds, facts: CollectionFacts) -> None:
    if facts.method_ref:
        funds.customer_ref, funds.method_ref = facts.customer_ref, facts.method_ref
        funds.method_label = facts.method_label
        funds.save(update_fields=["customer_ref", "method_ref", "method_label"])


def _ended(top_up: TopUp, target: TopUpState, reason: str, *, by: Actor, at: datetime) -> TopUp:
    if not may_move(TOP_UP_MOVES, top_up.state, target):
        return top_up
    top_up.failure, top_up.ended_at = reason[:200], at
    top_up.save(update_fields=["failure", "ended_at"])
    _moved(top_up, target, by=by, at=at)
    if target == S.FAILED:
        outbox.publish(TopUpFailed(top_up_id=top_up.pk, brand_id=top_up.brand_id), at=at, brand_id=top_up.brand_id)
    return top_up


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund that was decided: what to ask the other side for, always in the same words under the same key."""

    top_up_id: UUID
    rail: str
    payment_ref: str
    amount: Money
    key: str


@transaction.atomic
def refund_top_up(*, top_up_id: UUID, reason: str, by: Actor, at: datetime) -> Refund:
    """This function will take what is unspent of a top-up out of the wallet, to go back the way it came. Once a top-up.

    Raises:
        NotFound: somebody other than ops asks.
        NotRefundable: it is not settled, or nothing of it is left in the wallet.
    """
    require_ops(by)
    top_up = _locked(top_up_id)
    locked_funds(top_up.brand_id, top_up.currency, at)
    wallet = spendable(top_up.brand_id, top_up.currency).wallet
    amount = min(wallet, top_up.money)
    if top_up.state != S.SETTLED or amount.amount_minor <= 0 or not top_up.payment_ref:
        raise NotRefundable
    if Journal.objects.filter(posting_key=f"refund:{top_up.pk}").exists():
        raise NotRefundable(_("A refund of this top-up was refused before; send the money by bank transfer."))
    top_up.refunded_minor = amount.amount_minor
    top_up.save(update_fields=["refunded_minor"])
    _moved(top_up, S.REFUNDED, by=by, at=at, reason=reason)
    ledger.post([journals.refunded(top_up, amount, actor=by.label or by.kind, at=at)])
    return refund_of(top_up)


def refund_of(top_up: TopUp) -> Refund:
    """This function will return what a decided refund asks the other side for."""
    amount = Money(top_up.refunded_minor, top_up.currency)
    return Refund(top_up.pk, top_up.rail, top_up.payment_ref or "", amount, f"gigcx:refund:{top_up.pk}:1")


@transaction.atomic
def confirm_refund(*, top_up_id: UUID, by: Actor, at: datetime) -> TopUp:
    """This function will write down that the other side has sent the money back."""
    top_up = _locked(top_up_id)
    if top_up.state == S.REFUNDED and top_up.ended_at is None:
        top_up.ended_at = at
        top_up.save(update_fields=["ended_at"])
        trail.record("payments.confirm_refund", top_up, by=by, at=at)
    return top_up


@transaction.atomic
def undo_refund(*, top_up_id: UUID, reason: str, by: Actor, at: datetime) -> TopUp:
    """This function will put a refund that was refused for good back into the wallet."""
    top_up = _locked(top_up_id)
    if top_up.state != S.REFUNDED or top_up.ended_at is not None:
        return top_up
    money = Money(top_up.refunded_minor, top_up.currency)
    journal = Journal.objects.get(posting_key=f"refund:{top_up.pk}")
    actor = by.label or by.kind
    ledger.post(
        [journals.refund_undone(top_up, money, reverses_id=journal.pk, actor=actor, at=at, reason=reason[:200])]
    )
    top_up.refunded_minor, top_up.failure = 0, reason[:200]
    top_up.save(update_fields=["refunded_minor", "failure"])
    return _moved(top_up, S.SETTLED, by=by, at=at, reason=reason)


def _locked(top_up_id: UUID) -> TopUp:
    found = TopUp.objects.across_brands().select_for_update(of=("self",)).filter(pk=top_up_id).first()
    if found is None:
        raise NotFound
    return found


def _moved(top_up: TopUp, target: TopUpState, *, by: Actor, at: datetime, reason: str = "") -> TopUp:
    require_move(TOP_UP_MOVES, top_up.state, target)
    before, top_up.state = top_up.state, target
    top_up.save(update_fields=["state"])
    trail.record(
        "payments.move_top_up",
        top_up,
        by=by,
        at=at,
        from_state=before,
        to_state=target,
        reason=reason or top_up.failure,
    )
    return top_up
