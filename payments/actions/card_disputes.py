"""A card's bank takes a brand's payment back: the wallet pays as far as it goes, the rest is owed, and posting stops."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.money import Money
from gigcx.kernel.states import may_move, require_move
from gigcx.tenancy.actions import mark_past_due
from gigcx.tenancy.actors import Actor
from gigcx.tenancy.models import Brand
from gigcx.tenancy.states import BrandState
from payments import ledger
from payments.actions import journals
from payments.actions.dunning import CARD_REASON, reopen_if_clear
from payments.actions.funds import locked_funds
from payments.events import CardDisputed
from payments.ledger import balance_of, brand_account
from payments.models import BrandFunds, Journal, TopUp
from payments.queries.funds import spendable, uninvoiced_debt
from payments.states import TOP_UP_MOVES, TopUpState

S = TopUpState


@transaction.atomic
def record_card_dispute(*, payment_ref: str, dispute_ref: str, amount: Money, by: Actor, at: datetime) -> TopUp:
    """This function will take a disputed payment out of the wallet, and make the brand owe what the wallet no longer has.

    Work done stays paid. A brand that owes for it cannot post until it has paid. The same dispute is recorded once.

    Raises:
        NotFound: the payment is not one of ours.
    """
    top_up = _locked(payment_ref)
    if _is_known(f"dispute:{dispute_ref}"):
        return top_up
    locked_funds(top_up.brand_id, top_up.currency, at)
    wallet = min(amount, spendable(top_up.brand_id, top_up.currency).wallet)
    owed = amount - wallet
    actor = by.label or by.kind
    ledger.post([journals.card_disputed(top_up, dispute_ref=dispute_ref, wallet=wallet, owed=owed, actor=actor, at=at)])
    if may_move(TOP_UP_MOVES, top_up.state, S.DISPUTED):
        _move(top_up, S.DISPUTED, dispute_ref, by=by, at=at)
    outbox.publish(CardDisputed(top_up_id=top_up.pk, brand_id=top_up.brand_id), at=at, brand_id=top_up.brand_id)
    if owed:
        _stop_posting(top_up.brand_id, by=by, at=at)
    return top_up


@transaction.atomic
def win_card_dispute(*, payment_ref: str, dispute_ref: str, amount: Money, by: Actor, at: datetime) -> TopUp:
    """This function will give disputed money back: first to what the brand still owes for it, then to its wallet.

    A brand that was stopped for it can post again.
    """
    top_up = _locked(payment_ref)
    if _is_known(f"dispute-won:{dispute_ref}") or not _is_known(f"dispute:{dispute_ref}"):
        return top_up
    locked_funds(top_up.brand_id, top_up.currency, at)
    owed = min(amount, _still_owed(top_up, dispute_ref))
    actor = by.label or by.kind
    ledger.post(
        [journals.dispute_won(top_up, dispute_ref=dispute_ref, owed=owed, rest=amount - owed, actor=actor, at=at)]
    )
    if owed:
        reopen_if_clear(top_up.brand_id, by=by, at=at)
    return _move(top_up, S.SETTLED, dispute_ref, by=by, at=at) if top_up.state == S.DISPUTED else top_up


@transaction.atomic
def lose_card_dispute(*, payment_ref: str, dispute_ref: str, amount: Money, by: Actor, at: datetime) -> TopUp:
    """This function will write down that disputed money is gone for good: the brand owes it or has paid it already."""
    top_up = _locked(payment_ref)
    if _is_known(f"dispute-lost:{dispute_ref}") or not _is_known(f"dispute:{dispute_ref}"):
        return top_up
    actor = by.label or by.kind
    ledger.post([journals.dispute_lost(top_up, amount, dispute_ref=dispute_ref, actor=actor, at=at)])
    trail.record("payments.lose_card_dispute", top_up, by=by, at=at, reason=dispute_ref)
    return top_up


def pay_disputed_debt(funds: BrandFunds, *, by: Actor, at: datetime) -> Money:
    """This function will pay what disputed cards left owing from the wallet, and let the brand post again once it is paid.

    The caller has locked the funds row. Returns what was paid.
    """
    money = spendable(funds.brand_id, funds.currency)
    owed = uninvoiced_debt(funds.brand_id, money)
    paid = min(owed, money.wallet)
    if paid.amount_minor > 0:
        ledger.post([journals.debt_paid(funds, paid, left=owed - paid, actor=by.label or by.kind, at=at)])
    if owed and paid == owed:
        reopen_if_clear(funds.brand_id, by=by, at=at)
    return paid


def _still_owed(top_up: TopUp, dispute_ref: str) -> Money:
    """What the dispute made the brand owe, as far as it has not been paid meanwhile."""
    journal = Journal.objects.prefetch_related("entries__account").get(posting_key=f"dispute:{dispute_ref}")
    then = sum(one.amount_minor for one in journal.entries.all() if one.account.code == "receivable")
    now = balance_of(brand_account(top_up.brand_id, "receivable", top_up.currency))
    return Money(min(then, now), top_up.currency)


def _is_known(posting_key: str) -> bool:
    return Journal.objects.filter(posting_key=posting_key).exists()


def _locked(payment_ref: str) -> TopUp:
    rows = TopUp.objects.across_brands().select_for_update(of=("self",))
    found = rows.filter(payment_ref=payment_ref).first() if payment_ref else None
    if found is None:
        raise NotFound
    return found


def _move(top_up: TopUp, target: TopUpState, dispute_ref: str, *, by: Actor, at: datetime) -> TopUp:
    require_move(TOP_UP_MOVES, top_up.state, target)
    before, top_up.state = top_up.state, target
    top_up.save(update_fields=["state"])
    trail.record("payments.move_top_up", top_up, by=by, at=at, from_state=before, to_state=target, reason=dispute_ref)
    return top_up


def _stop_posting(brand_id: UUID, *, by: Actor, at: datetime) -> None:
    if Brand.objects.filter(pk=brand_id, state=BrandState.ACTIVE).exists():
        mark_past_due(brand_id=brand_id, reason=CARD_REASON, by=by, at=at)
