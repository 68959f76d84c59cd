"""From agents on contact to seats to book: shrinkage, shows, and several contacts at once."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gigcx.kernel.errors import Invalid
from scheduling.staffing.figures import Floats, laid_out, shaped, within
from scheduling.staffing.search import ceiling

Whole = NDArray[np.int64]

CONCURRENCY_FACTORS: Final[Mapping[int, float]] = {1: 1.0, 2: 1.7, 3: 2.5, 4: 2.9, 5: 3.5}
"""What one agent with so many chats at once gets done, in agents with one: to be used until it is measured."""

_MOST_SEATS: Final = 2**24


def load_of(volume: ArrayLike, aht: ArrayLike, interval: ArrayLike) -> Floats:
    """This function will return the load in erlangs: contacts of an interval, times handling time, over its length.

    Raises:
        Invalid: a negative volume or handling time, contacts that take no time, or an interval of no length; names it.
    """
    shape, given = laid_out(volume=volume, aht=aht, interval=interval)
    within("volume", given["volume"], 0, message="Volume is zero or more.")
    within("aht", given["aht"], 0, message="Handling time is zero or more.")
    if (given["aht"][given["volume"] > 0] <= 0).any():
        raise Invalid("Handling time is above zero where contacts come.", field="aht")
    if not (given["interval"] > 0).all():
        raise Invalid("An interval has a length above zero.", field="interval")
    return shaped(given["volume"] * given["aht"] / given["interval"], shape)  # type: ignore[no-any-return]


def seats_for(agents: ArrayLike, shrinkage: ArrayLike) -> Whole:
    """This function will return the seats to book so that `agents` are on contact: ceil(agents / (1 - shrinkage)).

    `shrinkage` is the share of paid time away from contacts, from 0 to below 1.

    Raises:
        Invalid: negative agents, or a shrinkage outside its range.
    """
    shape, given = laid_out(agents=agents, shrinkage=shrinkage)
    within("agents", given["agents"], 0, message="This is zero or more.")
    within("shrinkage", given["shrinkage"], 0, 0.999999, message="Shrinkage is a share from 0 to below 1.")
    return shaped(ceiling(given["agents"] / (1 - given["shrinkage"])).astype(np.int64), shape)  # type: ignore[no-any-return]


def seats_for_show_rate(
    agents: ArrayLike, show_rate: float, *, confidence: float = 0.95, correlation: float = 0.0
) -> Whole:
    """This function will return the least seats of which, with `confidence`, at least `agents` are filled by people who show.

    Who shows is beta-binomial with mean `show_rate`: `correlation` (0 to below 1) is how much people fail together, as in an
    outage; 0 is the plain binomial.

    Raises:
        Invalid: a share outside its range, or more seats than there can be.
    """
    shape, given = laid_out(agents=agents)
    within("agents", given["agents"], 0, message="This is zero or more.")
    _check_shares(show_rate, confidence, correlation)
    wanted, places = np.unique(given["agents"], return_inverse=True)
    low, high = wanted - 1, np.maximum(np.ceil(wanted / show_rate), wanted)
    while (short := _shows(wanted, high, show_rate, correlation) < confidence).any():
        low[short], high[short] = high[short], high[short] * 2 + 1
        if high.max() > _MOST_SEATS:
            raise Invalid("No number of seats gives this confidence.", field="confidence")
    while (high - low > 1).any():
        middle = np.where(high - low > 1, np.floor((low + high) / 2), high)
        kept = _shows(wanted, middle, show_rate, correlation) >= confidence
        low, high = np.where(kept, low, middle), np.where(kept, middle, high)
    return shaped(high[places].astype(np.int64), shape)  # type: ignore[no-any-return]


def _check_shares(show_rate: float, confidence: float, correlation: float) -> None:
    for name, value, is_right in (
        ("show_rate", show_rate, 0 < show_rate <= 1),
        ("confidence", confidence, 0 < confidence < 1),
        ("correlation", correlation, 0 <= correlation < 1),
    ):
        if not is_right:
            raise Invalid(f"{value} is outside the range of this share.", field=name)


def _shows(wanted: Floats, seats: Floats, show_rate: float, correlation: float) -> Floats:
    """P(at least `wanted` of `seats` show)."""
    from scipy import special

    if show_rate == 1:
        return np.where(seats >= wanted, 1.0, 0.0)
    if correlation == 0:
        with np.errstate(invalid="ignore"):
            shown = special.betainc(np.maximum(wanted, 1), np.maximum(seats - wanted + 1, 0.5), show_rate)
        return np.where(wanted <= 0, 1.0, np.where(seats < wanted, 0.0, shown))
    return np.array([_beta_shows(n, s, show_rate, correlation) for n, s in zip(wanted, seats, strict=True)])


def _beta_shows(wanted: float, seats: float, show_rate: float, correlation: float) -> float:
    """Sums the shorter tail of the beta-binomial, in logarithms."""
    from scipy import special

    if wanted <= 0 or seats < wanted:
        return float(wanted <= 0)
    spread = (1 - correlation) / correlation
    alpha, beta = show_rate * spread, (1 - show_rate) * spread
    counts = np.arange(wanted, seats + 1) if seats - wanted < wanted else np.arange(wanted)
    logs = -np.log(seats + 1) - special.betaln(counts + 1, seats - counts + 1)
    logs += special.betaln(counts + alpha, seats - counts + beta) - special.betaln(alpha, beta)
    total = float(np.exp(logs).sum())
    return total if seats - wanted < wanted else 1 - total


def effective_aht(aht: ArrayLike, factor: ArrayLike) -> Floats:
    """This function will return the handling time that makes one agent with several chats one server: aht / factor.

    `factor` is what one agent gets done with so many chats at once, measured or from `CONCURRENCY_FACTORS`. It is below the
    number of chats: with three at once each takes longer, so dividing by three would promise too much.

    Raises:
        Invalid: a factor below 1.
    """
    shape, given = laid_out(aht=aht, factor=factor)
    within("factor", given["factor"], 1, message="An agent gets at least one contact's work done.")
    return shaped(given["aht"] / given["factor"], shape)  # type: ignore[no-any-return]


def slot_aht(aht: ArrayLike, concurrency: ArrayLike, factor: ArrayLike) -> Floats:
    """This function will return AHT(k): how long one chat takes while an agent holds k of them, aht k / factor.

    For `slots=k` of `agents_c` and `agents_a`, where every agent is k servers.

    Raises:
        Invalid: a factor below 1.
    """
    shape, given = laid_out(concurrency=concurrency, each=effective_aht(aht, factor))
    within("concurrency", given["concurrency"], 1, message="An agent handles one contact at once or more.")
    return shaped(given["each"] * given["concurrency"], shape)  # type: ignore[no-any-return]
