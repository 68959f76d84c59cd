"""What a rail says moved its balance, taken into the books once: our own funding, its fees, what became available."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from gigcx.kernel.money import Money
from payments import ledger
from payments.actions.journals.lines import rail_funded
from payments.actions.journals.rails import rail_fee, rail_settled
from payments.ledger import Posting

_PAYMENTS: Final = ("charge", "payment")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteMovement:
    """One line of a rail's own account of its balance, in minor units: `amount_minor` before `fee_minor`."""

    ref: str
    kind: str
    source_ref: str
    amount_minor: int
    fee_minor: int
    currency: str
    is_available: bool
    made_at: datetime


@transaction.atomic
def take_over_movements(movements: Iterable[RemoteMovement], *, rail: str) -> int:
    """This function will write what we did not do ourselves into the books, once, and return how many lines it knew.

    Transfers, refunds and disputes have journals of their own, written by what caused them.
    """
    postings = [posting for one in movements for posting in _postings(one, rail)]
    ledger.post(postings)
    return len(postings)


def _postings(one: RemoteMovement, rail: str) -> Iterable[Posting]:
    money = Money(one.amount_minor, one.currency)
    source = _id_of(one.ref)
    if one.kind == "topup" and one.amount_minor > 0:
        yield rail_funded(rail, money, funding_id=source, actor="reconciliation", at=one.made_at)
    elif one.kind in _PAYMENTS and one.amount_minor > 0:
        fee = Money(one.fee_minor, one.currency)
        if fee.amount_minor > 0:
            yield rail_fee(rail, fee, ref=one.ref, source_id=source, at=one.made_at, is_available=False)
        if one.is_available:
            yield rail_settled(rail, money - fee, ref=one.ref, source_id=source, at=one.made_at)
    elif one.kind == "stripe_fee" and one.amount_minor < 0:
        fee = Money(-one.amount_minor, one.currency)
        yield rail_fee(rail, fee, ref=one.ref, source_id=source, at=one.made_at, is_available=True)


def _id_of(ref: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"rail:{ref}")
