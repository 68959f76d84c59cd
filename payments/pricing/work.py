"""Time worked: seconds grouped by rate, so that cutting them differently changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from payments.pricing.cards import Card, CardLine
from payments.pricing.factors import Factors, finished, steps_of
from payments.pricing.steps import Price

# A correction of minutes counts as time served; it has no length of its own and may be negative.
SERVING: Final = frozenset({"on_contact", "wrap", "productive", "worked", "adjusted"})
WAITING: Final = frozenset({"ready", "available", "idle"})
# Lost to an incident: no work, and nothing but the floor pays it.
EXCUSED: Final = frozenset({"excused"})


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of payable time `[starts_at, ends_at)`; `seconds` is what counts of it.

    `state` is the work state, `cause` why it was idle (empty while serving), `payer` brand or platform.
    """

    starts_at: datetime
    ends_at: datetime
    seconds: int
    state: str
    cause: str = ""
    payer: str = "brand"


def rate_line(card: Card, state: str) -> CardLine | None:
    """This function will return the hourly line that pays a work state; None where it is not paid.

    Waiting is paid by its own line where the card has one, else like serving.
    """
    if state in SERVING:
        return card.line("productive_hour")
    if state in WAITING:
        return card.line("available_hour") or card.line("productive_hour")
    return None


def seconds_by_line(card: Card, spans: Iterable[Span]) -> dict[str, int]:
    """This function will add up the paid seconds per kind of rate line.

    A correction that takes more than was served takes the rest from the time waited, and never more than there is.
    """
    found: dict[str, int] = {}
    for span in spans:
        line = rate_line(card, span.state)
        if line is not None:
            found[line.kind] = found.get(line.kind, 0) + span.seconds
    return found if min(found.values(), default=0) >= 0 else _less_what_is_short(found)


def _less_what_is_short(found: dict[str, int]) -> dict[str, int]:
    short = -sum(min(0, seconds) for seconds in found.values())
    paid: dict[str, int] = {}
    for kind in sorted(found, reverse=True):
        taken = min(short, max(0, found[kind]))
        paid[kind], short = max(0, found[kind]) - taken, short - taken
    return paid


def price_time(card: Card, spans: Iterable[Span], *, tier_bp: int, tier: str = "", **factors: Any) -> Price | None:
    """This function will price the time of one agent on one shift, or return None when none of it is paid.

    rate × seconds / 3600 per rate, then the multipliers of `Factors` in their order, rounded once. The bill side takes
    the same steps.
    """
    grouped = seconds_by_line(card, spans)
    if not any(grouped.values()):
        return None
    pay, bill = steps_of(card, "pay"), steps_of(card, "bill")
    for kind, seconds in sorted(grouped.items(), reverse=True):
        line = card.lines[kind]
        pay.hours(kind, seconds=seconds, rate_minor=line.pay_minor)
        bill.hours(kind, seconds=seconds, rate_minor=line.bill_minor)
    return finished(pay, bill, Factors(tier=tier, tier_bp=tier_bp, **factors))


def earned_exactly(card: Card, spans: Iterable[Span], *, tier_bp: int, side: str) -> Fraction:
    """This function will return the unrounded pay (or bill) of some spans, for floors."""
    total = Fraction(0)
    for kind, seconds in seconds_by_line(card, spans).items():
        line = card.lines[kind]
        rate = line.pay_minor if side == "pay" else line.bill_minor
        total += Fraction(rate * seconds * tier_bp, 3600 * 10_000)
    return total
