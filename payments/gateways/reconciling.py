"""Both ways: every payment of the other side against our books, every payout of our books against the other side."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from gigcx.kernel.errors import DomainError
from payments import actions
from payments.actions.differences import Found
from payments.actions.outcomes import RemotePayment
from payments.actions.reconciliation import Verdict, group_of, is_same
from payments.errors import RailUnavailable, UnknownRemote
from payments.gateways.protocol import PayoutRail, rail_of
from payments.ledger.retries import with_retries
from payments.models import PayoutItem, Reconciliation
from payments.queries.clock import database_now
from payments.queries.reconciliation import (
    has_payouts_in_flight,
    items_in_batches,
    paid_items,
    rail_currencies,
    rail_in_books,
)
from payments.states import DifferenceKind, RailCode, ReconciliationScope

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
K = DifferenceKind
RECENT: Final = timedelta(days=3)
_ALL: Final = datetime(2011, 1, 1, tzinfo=UTC)
_MOVEMENTS_OF_A_FULL: Final = timedelta(days=60)
_MOST_LOOK_UPS: Final = 500


@dataclass(slots=True)
class Comparison:
    """What one run has seen so far."""

    rail: PayoutRail
    started_at: datetime
    ours: int = 0
    theirs: int = 0
    settled: int = 0
    found: list[Found] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def reconcile_rail(
    rail_code: str, *, scope: str = ReconciliationScope.RECENT, clock: Clock = database_now
) -> Reconciliation:
    """This function will compare a rail with our books and return what came of it.

    What the other side paid and we did not know is settled; differences are kept for ops. A side that does not answer
    ends the run with an error, and closes nothing.
    """
    at = clock()
    since = at - RECENT if scope == ReconciliationScope.RECENT else None
    row = actions.begin_reconciliation(rail=rail_code, scope=scope, since=since, at=at)
    comparison = Comparison(rail_of(rail_code), at)
    try:
        _payments(comparison, since, clock)
        _balances(comparison, since)
    except (RailUnavailable, UnknownRemote) as silent:
        comparison.problems.append(f"{silent.code} {silent.context}")
    if rail_code == RailCode.STRIPE_CONNECT:
        _settings(comparison)
    return _finished(row, comparison, clock())


def _finished(row: Reconciliation, seen: Comparison, at: datetime) -> Reconciliation:
    noted = with_retries(lambda: actions.note_differences(row, seen.found, at=at))
    for difference in noted:
        logger.error("reconciliation difference", extra={"kind": difference.kind, "remote_ref": difference.remote_ref})
    return with_retries(
        lambda: actions.finish_reconciliation(
            row,
            ours=seen.ours,
            theirs=seen.theirs,
            settled=seen.settled,
            seen=[one.pk for one in noted],
            at=at,
            figures=seen.figures,
            error="; ".join(seen.problems),
        )
    )


def _payments(seen: Comparison, since: datetime | None, clock: Clock) -> None:
    payments = _live_first(seen.rail.payments_since(since or _ALL))
    seen.theirs = len(payments)
    groups = [group for one in payments if (group := group_of(one))]
    known = {one.pk: one for one in items_in_batches(groups, [one.ref for one in payments])}
    by_ref = {one.transfer_ref: one for one in known.values() if one.transfer_ref}
    for payment in payments:
        group = group_of(payment)
        item = (known.get(group) if group else None) or by_ref.get(payment.ref)
        if item is None or not is_same(item, payment):
            hold_against_books(seen, payment, clock)
    _ours(seen, since, {one.ref for one in payments}, clock)


def hold_against_books(seen: Comparison, payment: RemotePayment, clock: Clock) -> Verdict:
    """This function will take one payment over where that is safe, and note the difference where it is not."""
    verdict = _verdict_on(seen, payment, clock())
    seen.settled += verdict.did in ("settled", "came back")
    if verdict.kind:
        seen.found.append(
            Found(
                kind=verdict.kind,
                currency=payment.currency,
                remote_ref=payment.ref,
                item_id=verdict.item_id,
                ours_minor=verdict.ours_minor,
                theirs_minor=payment.amount_minor - payment.reversed_minor,
                detail={"why": verdict.why, "destination": payment.destination, "group": payment.group},
            )
        )
    return verdict


def _verdict_on(seen: Comparison, payment: RemotePayment, at: datetime) -> Verdict:
    code = seen.rail.code
    try:
        verdict = with_retries(lambda: actions.take_over_payment(rail=code, payment=payment, at=at))
        if verdict.kind == K.MISSING_HERE and verdict.item_id is None:
            adopted = with_retries(lambda: actions.adopt_payment(rail=code, payment=payment, at=at))
            return Verdict(item_id=adopted.pk, did="settled") if adopted else verdict
    except DomainError as refused:
        logger.exception("a payment cannot be taken over", extra={"remote_ref": payment.ref, "code": refused.code})
        return Verdict(kind=K.MISSING_HERE, why=f"{refused.code}: {refused}")
    return verdict


def _ours(seen: Comparison, since: datetime | None, refs: set[str], clock: Clock) -> None:
    rows = list(paid_items(seen.rail.code, since=since, before=seen.started_at))
    seen.ours = len(rows)
    missing = [one for one in rows if one.transfer_ref not in refs]
    for item in missing[:_MOST_LOOK_UPS]:
        _look_for(seen, item, clock)
    seen.found += [_missing_there(item) for item in missing[_MOST_LOOK_UPS:]]


def _look_for(seen: Comparison, item: PayoutItem, clock: Clock) -> None:
    """The list has an edge in time, and the other side another clock: ask for this one by its name."""
    found = _live_first(seen.rail.find(item.pk))
    for payment in found:
        if not is_same(item, payment):
            hold_against_books(seen, payment, clock)
    if not any(one.ref == item.transfer_ref for one in found):
        seen.found.append(_missing_there(item))


def _missing_there(item: PayoutItem) -> Found:
    return Found(
        kind=K.MISSING_THERE,
        currency=item.currency,
        item_id=item.pk,
        ours_minor=item.amount_minor,
        detail={"transfer_ref": item.transfer_ref, "destination": item.destination_ref},
    )


def _balances(seen: Comparison, since: datetime | None) -> None:
    code = seen.rail.code
    if code == RailCode.STRIPE_CONNECT:
        _movements(seen, since or seen.started_at - _MOVEMENTS_OF_A_FULL)
    for currency in rail_currencies(code):
        before = rail_in_books(code, currency)
        theirs = seen.rail.balance(currency)
        available, pending = rail_in_books(code, currency)
        seen.figures[currency] = {
            "ours": {"available": available, "pending": pending},
            "theirs": {"available": theirs.available_minor, "pending": theirs.pending_minor},
        }
        ours_all, theirs_all = available + pending, theirs.available_minor + theirs.pending_minor
        is_still = before == (available, pending) and not has_payouts_in_flight(code, currency)
        if is_still and ours_all != theirs_all:
            seen.found.append(Found(kind=K.BALANCE, currency=currency, ours_minor=ours_all, theirs_minor=theirs_all))


def _movements(seen: Comparison, since: datetime) -> None:
    from payments.gateways.stripe.side import StripeSide

    try:
        movements = StripeSide.from_settings().movements_since(since)
    except (RailUnavailable, UnknownRemote):
        seen.figures["movements"] = "not told"  # the next run takes them over
        return
    booked = with_retries(lambda: actions.take_over_movements(movements, rail=seen.rail.code))
    seen.figures["movements"] = {"told": len(movements), "known": booked}


def _settings(seen: Comparison) -> None:
    """Automatic payouts to our own bank would sweep away what agents are owed."""
    from payments.gateways.stripe.side import StripeSide

    try:
        interval = StripeSide.from_settings().payout_interval()
    except (RailUnavailable, UnknownRemote):
        interval = "not told"
    seen.figures["payout_schedule"] = interval
    if interval not in ("manual", "not told", ""):
        logger.error("the platform's payout schedule is not manual", extra={"interval": interval})


def look_at_group(rail: PayoutRail, group: UUID, *, clock: Clock = database_now) -> Sequence[Verdict]:
    """This function will hold every payment of one payout against the books: live ones first."""
    seen = Comparison(rail, clock())
    return [hold_against_books(seen, one, clock) for one in _live_first(rail.find(group))]


def _live_first(payments: Iterable[RemotePayment]) -> list[RemotePayment]:
    return sorted(payments, key=lambda one: one.is_reversed)
