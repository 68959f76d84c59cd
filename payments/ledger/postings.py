"""What is handed to the books: balanced sets of legs under a key that always means the same thing."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from gigcx.kernel.money import Money
from payments.errors import CurrencyMismatch, Unbalanced
from payments.ledger.chart import AccountRef

_CANONICAL: Final = json.JSONEncoder(separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Leg:
    """One entry to come: a positive amount is a debit, a negative one a credit."""

    account: AccountRef
    amount_minor: int


def _place(leg: Leg) -> tuple[str, str, UUID, str, int]:
    account = leg.account
    return account.code, account.owner_kind, account.owner_id, account.currency, leg.amount_minor


def debit(account: AccountRef, money: Money) -> Leg:
    """This function will return the leg that debits an account.

    Raises:
        CurrencyMismatch: the account is kept in another currency.
    """
    return Leg(_same_currency(account, money), money.amount_minor)


def credit(account: AccountRef, money: Money) -> Leg:
    """This function will return the leg that credits an account.

    Raises:
        CurrencyMismatch: the account is kept in another currency.
    """
    return Leg(_same_currency(account, money), -money.amount_minor)


def _same_currency(account: AccountRef, money: Money) -> AccountRef:
    if account.currency != money.currency:
        raise CurrencyMismatch(
            _("%(account)s is kept in %(kept)s, not %(given)s.")
            % {"account": account.code, "kept": account.currency, "given": money.currency}
        )
    return account


@dataclass(frozen=True, slots=True)
class Posting:
    """A journal to come. `posting_key` is deterministic: the same fact gives the same key.

    Legs of nothing are dropped, so a builder may always state every leg.
    """

    posting_key: str
    kind: str
    legs: tuple[Leg, ...]
    effective_at: datetime
    source_kind: str
    source_id: UUID
    actor: str = "system"
    reason: str = ""
    reverses_id: UUID | None = None

    def __post_init__(self) -> None:
        kept = tuple(sorted((leg for leg in self.legs if leg.amount_minor), key=_place))
        object.__setattr__(self, "legs", kept)

    def require_balance(self) -> None:
        """This function will refuse a posting that is not balanced.

        Raises:
            Unbalanced: fewer than two legs, or a currency that does not sum to zero.
        """
        sums: dict[str, int] = defaultdict(int)
        for leg in self.legs:
            sums[leg.account.currency] += leg.amount_minor
        wrong = {currency: total for currency, total in sums.items() if total}
        if wrong or len(self.legs) < 2:
            raise Unbalanced(
                _("Journal %(key)s does not balance.") % {"key": self.posting_key},
                context={"off_by": wrong, "legs": len(self.legs)},
            )

    @property
    def content_hash(self) -> str:
        """What the journal means, in one value: kind, source and legs; not when or by whom it was said."""
        content = [
            self.kind,
            self.source_kind,
            str(self.source_id),
            str(self.reverses_id or ""),
            [
                [
                    leg.account.code,
                    leg.account.owner_kind,
                    str(leg.account.owner_id),
                    leg.account.currency,
                    leg.amount_minor,
                ]
                for leg in self.legs
            ],
        ]
        return hashlib.sha256(_CANONICAL.encode(content).encode()).hexdigest()


def mirrored(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """This function will return the legs that undo these."""
    return tuple(Leg(leg.account, -leg.amount_minor) for leg in legs)
