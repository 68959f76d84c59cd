"""Floors: the least an agent gets for an interval they were there for, whatever came in."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Final

from payments.pricing.cards import Card, CardLine
from payments.pricing.factors import steps_of
from payments.pricing.steps import Price, Steps
from payments.pricing.work import EXCUSED, SERVING, WAITING, Span, earned_exactly

# Who pays follows the cause: quiet hours and the brand's own failures are the brand's, everything else the platform's.
PLATFORM_CAUSES: Final = frozenset({"platform", "provider", "region"})
_NEVER: Final = frozenset({"agent"})


@dataclass(frozen=True, slots=True)
class FloorTopUp:
    """What a floor adds for one cause. `payer` is brand or platform."""

    cause: str
    payer: str
    price: Price


@dataclass(slots=True)
class _Side:
    pay: Steps
    bill: Steps


def floor_top_ups(card: Card, spans: Iterable[Span], *, interval_minutes: int, tier_bp: int) -> tuple[FloorTopUp, ...]:
    """This function will top up each interval to the card's floor and return one line per cause.

    Per interval: max(0, floor rate × eligible seconds / 3600 - earned there), summed exactly per cause, rounded once.
    Time that an incident took is eligible like time there; time offline by the agent's own doing is not. The brand
    pays at least what the agent gets.
    """
    line = card.line("floor")
    if line is None or not line.pay_minor:
        return ()
    sides: dict[str, _Side] = {}
    for starts_at, inside in _intervals(spans, interval_minutes):
        _top_up(card, line, starts_at, inside, tier_bp=tier_bp, sides=sides)
    made = (_finished(cause, side) for cause, side in sorted(sides.items()))
    return tuple(top_up for top_up in made if top_up.price.pay_minor > 0)


def _intervals(spans: Iterable[Span], minutes: int) -> Iterator[tuple[datetime, list[Span]]]:
    found: dict[datetime, list[Span]] = defaultdict(list)
    for span in spans:
        for piece in _cut(span, minutes):
            found[_start_of(piece.starts_at, minutes)].append(piece)
    yield from sorted(found.items(), key=lambda pair: pair[0])


def _cut(span: Span, minutes: int) -> Iterator[Span]:
    """Pieces of a span that each lie in one interval; counted seconds are shared by length, the last takes the rest."""
    left, start = span.seconds, span.starts_at
    while start < span.ends_at:
        end = min(_start_of(start, minutes) + timedelta(minutes=minutes), span.ends_at)
        length = int((end - start).total_seconds())
        seconds = left if end == span.ends_at else min(left, length)
        yield replace(span, starts_at=start, ends_at=end, seconds=seconds)
        left, start = left - seconds, end


def _start_of(moment: datetime, minutes: int) -> datetime:
    size = minutes * 60
    return datetime.fromtimestamp(int(moment.timestamp()) // size * size, UTC)


def _top_up(
    card: Card, line: CardLine, starts_at: datetime, spans: Sequence[Span], *, tier_bp: int, sides: dict[str, _Side]
) -> None:
    eligible = [span for span in spans if span.state in SERVING | WAITING | EXCUSED and span.cause not in _NEVER]
    seconds = sum(span.seconds for span in eligible)
    earned = earned_exactly(card, eligible, tier_bp=tier_bp, side="pay")
    if Fraction(line.pay_minor * seconds * tier_bp, 3600 * 10_000) <= earned:
        return
    side = sides.setdefault(_cause(eligible), _Side(steps_of(card, "pay"), steps_of(card, "bill")))
    billed = earned_exactly(card, eligible, tier_bp=tier_bp, side="bill")
    step = {"code": "floor", "rule": "floor", "at": starts_at.isoformat(), "seconds": seconds, "factor_bp": tier_bp}
    side.pay.add(**step, rate_minor=line.pay_minor, earned=str(earned))
    side.bill.add(**step, rate_minor=line.bill_minor, earned=str(billed))


def _cause(spans: Sequence[Span]) -> str:
    """The cause with the most idle seconds; low volume where none is stated."""
    idle: Counter[str] = Counter()
    for span in spans:
        if span.state in WAITING | EXCUSED:
            idle[span.cause or "volume"] += span.seconds
    return min(idle, key=lambda cause: (-idle[cause], cause)) if idle else "volume"


def _finished(cause: str, side: _Side) -> FloorTopUp:
    payer = "platform" if cause in PLATFORM_CAUSES else "brand"
    if payer == "brand" and side.pay.currency == side.bill.currency:
        side.bill.add(code="at_least", rule="margin", least=str(side.pay.total))
    pay_side, bill_side = side.pay.explanation(), side.bill.explanation()
    bill_minor = bill_side["amount_minor"] if payer == "brand" else 0
    return FloorTopUp(cause, payer, Price(pay_side["amount_minor"], bill_minor, pay_side, bill_side))
