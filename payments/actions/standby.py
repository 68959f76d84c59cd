"""Lines of a shift's time that is no work: standing by uncalled, time off by choice, being sent home."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from payments.actions.accrual import WorkLine
from payments.actions.lines import line_of
from payments.pricing import Card, Price, price_sent_home, price_standby, price_vto
from payments.states import Cause, EarningKind
from scheduling.queries.work import SENT_HOME, STANDBY, VTO, PayableSpan

_OWN_LINES: Final[Mapping[str, tuple[EarningKind, Cause, Callable[..., Price | None]]]] = {
    STANDBY: (EarningKind.STANDBY, Cause.STANDBY, price_standby),
    VTO: (EarningKind.VTO, Cause.VTO, price_vto),
    SENT_HOME: (EarningKind.SENT_HOME, Cause.SENT_HOME, price_sent_home),
}


def own_lines(card: Card, spans: Sequence[PayableSpan], *, tier: str, common: Mapping[str, Any]) -> list[WorkLine]:
    """This function will price each kind of paid time that is no work as its own line, under its own dates."""
    found = [_line_of(card, spans, state, tier=tier, common=common) for state in _OWN_LINES]
    return [line for line in found if line is not None]


def _line_of(
    card: Card, spans: Sequence[PayableSpan], state: str, *, tier: str, common: Mapping[str, Any]
) -> WorkLine | None:
    own = [span for span in spans if span.state == state]
    kind, cause, price_of = _OWN_LINES[state]
    seconds = sum(span.seconds for span in own)
    price = price_of(card, seconds=seconds, tier_bp=card.tier_bp(tier), tier=tier) if seconds > 0 else None
    if price is None:
        return None
    dates = {"worked_from": own[0].starts_at, "worked_to": own[-1].ends_at, "worked_seconds": seconds}
    return line_of({**common, **dates}, kind, cause, price, part="all")
