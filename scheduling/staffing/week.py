"""From contacts to seats, interval by interval, under one promise: the whole chain that a requirement is."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scheduling.staffing.deferred import DeferredPlan, deferred_agents
from scheduling.staffing.erlang import queue_c
from scheduling.staffing.figures import Definition, Floats, QueueFigures, laid_out, within
from scheduling.staffing.palm import Rule, queue_a
from scheduling.staffing.search import agents_a, agents_c
from scheduling.staffing.seats import load_of, seats_for, slot_aht

Whole = NDArray[np.int64]

SECONDS_OF_AN_HOUR: Final = 3_600
_FUZZ: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Promise:
    """What callers are promised and how people work. Shares from 0 to 1, times in seconds.

    `is_patient` says that nobody hangs up (Erlang C). `concurrency` contacts at once get `factor` agents' work done.
    """

    target: float
    threshold: float
    patience: float
    is_patient: bool = False
    definition: Rule = Definition.ANSWERED_IN_T_OF_OFFERED
    max_occupancy: float | None = None
    shrinkage: float = 0.0
    concurrency: int = 1
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Staffed:
    """One entry an interval. `present` is what is left of the rounded seats after shrinkage: whole agents, never fewer than
    asked; `figures` are theirs."""

    load: Floats
    agents: Whole
    seats: Whole
    in_house: Whole
    to_book: Whole
    present: Whole
    figures: QueueFigures


@dataclass(frozen=True, slots=True)
class StaffedLater:
    """Work that may wait, one entry an interval; `hours` is the work that came."""

    hours: Floats
    agents: Whole
    seats: Whole
    in_house: Whole
    to_book: Whole
    plan: DeferredPlan


def staff(
    volume: ArrayLike, aht: ArrayLike, interval: ArrayLike, promise: Promise, *, in_house: ArrayLike = 0
) -> Staffed:
    """This function will say how many agents and seats every interval needs, and how it runs with them.

    `volume` contacts an interval, each handled in `aht` seconds, intervals of `interval` seconds; own staff (`in_house`
    heads, on the same schedule and shrinking alike) is taken off in `to_book`. Where there are more of them than needed, the
    figures are theirs.

    Raises:
        Invalid: an input or a part of the promise outside its range; names it.
    """
    shape, given = laid_out(volume=volume, aht=aht, interval=interval, in_house=in_house)
    within("in_house", given["in_house"], 0, message="Heads are zero or more.")
    handling: Floats = slot_aht(given["aht"].reshape(shape), promise.concurrency, promise.factor)
    load = load_of(given["volume"].reshape(shape), handling, given["interval"].reshape(shape))
    agents = _agents(load, handling, promise)
    seats, own = seats_for(agents, promise.shrinkage), given["in_house"].astype(np.int64).reshape(shape)[()]
    return _described(load, handling, promise, agents=agents, seats=seats, own=own)


def staffed(  # noqa: PLR0917  as `staff`, with the seats given
    volume: ArrayLike, aht: ArrayLike, interval: ArrayLike, promise: Promise, seats: ArrayLike, in_house: ArrayLike = 0
) -> Staffed:
    """This function will describe intervals with so many seats, own staff among them, whatever they would need.

    `agents` are those left on contact after shrinkage.

    Raises:
        Invalid: an input or a part of the promise outside its range; names it.
    """
    shape, given = laid_out(volume=volume, aht=aht, interval=interval, seats=seats, in_house=in_house)
    for name in ("seats", "in_house"):
        within(name, given[name], 0, message="This is zero or more.")
    handling: Floats = slot_aht(given["aht"].reshape(shape), promise.concurrency, promise.factor)
    load = load_of(given["volume"].reshape(shape), handling, given["interval"].reshape(shape))
    whole, own = (given[name].astype(np.int64).reshape(shape)[()] for name in ("seats", "in_house"))
    return _described(load, handling, promise, agents=_present(whole, promise), seats=whole, own=own)


def _present(seats: Whole, promise: Promise) -> Whole:
    """Whole people on contact when shrinkage has taken its share."""
    return np.floor(seats * (1 - promise.shrinkage) * (1 + _FUZZ)).astype(np.int64)  # type: ignore[no-any-return]


def _described(load: Floats, handling: Floats, promise: Promise, *, agents: Whole, seats: Whole, own: Whole) -> Staffed:
    present = _present(np.maximum(seats, own), promise)
    figures = figures_with(present, load, handling, promise)
    return Staffed(load, agents, seats, own, np.maximum(seats - own, 0), present, figures)


def _agents(load: Floats, handling: Floats, promise: Promise) -> Whole:
    if promise.is_patient:
        return agents_c(
            load,
            handling,
            promise.threshold,
            promise.target,
            max_occupancy=promise.max_occupancy,
            slots=promise.concurrency,
        )
    return agents_a(
        load,
        handling,
        promise.patience,
        promise.threshold,
        promise.target,
        promise.definition,
        max_occupancy=promise.max_occupancy,
        slots=promise.concurrency,
    )


def figures_with(agents: ArrayLike, load: ArrayLike, handling: ArrayLike, promise: Promise) -> QueueFigures:
    """This function will describe intervals with so many agents; load and handling time are those of one of their slots.

    Raises:
        Invalid: as for the queues.
    """
    servers = np.asarray(agents) * promise.concurrency
    if promise.is_patient:
        return queue_c(servers, load, handling, promise.threshold)
    return queue_a(servers, load, handling, promise.patience, promise.threshold, promise.definition)


def figures_at(agents: ArrayLike, volume: ArrayLike, aht: ArrayLike, interval: float, promise: Promise) -> QueueFigures:
    """This function will describe intervals of so many contacts with so many agents on contact.

    Raises:
        Invalid: as for `staff`.
    """
    handling = slot_aht(aht, promise.concurrency, promise.factor)
    return figures_with(agents, load_of(volume, handling, interval), handling, promise)


def staff_later(
    volume: ArrayLike,
    aht: ArrayLike,
    interval: float,
    promise: Promise,
    *,
    due: ArrayLike,
    is_open: ArrayLike,
    spare_hours: ArrayLike = 0.0,
    carried: float = 0.0,
    in_house: ArrayLike = 0,
) -> StaffedLater:
    """This function will level work that may wait over the open intervals, idle time first, and say which seats that needs.

    `due` in intervals (see `deferred_agents`), `is_open` 1 or 0. An agent works `max_occupancy` of the time on contact.

    Raises:
        Invalid: an input outside its range; names it.
    """
    _, given = laid_out(volume=volume, aht=aht, open=is_open, in_house=in_house)
    hours = given["volume"] * given["aht"] / SECONDS_OF_AN_HOUR / promise.factor
    each = given["open"] * interval / SECONDS_OF_AN_HOUR * (promise.max_occupancy or 1.0)
    plan = deferred_agents(hours, due, each, spare_hours, carried)
    seats = np.asarray(seats_for(plan.agents, promise.shrinkage))
    own = given["in_house"].astype(np.int64)
    return StaffedLater(hours, plan.agents, seats, own, np.maximum(seats - own, 0), plan)
