"""What a queue is asked and what it answers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gigcx.kernel.errors import Invalid

Floats = NDArray[np.float64]


class Definition(StrEnum):
    """What counts as answered well. The four of Jouini, Koole & Roubos (2013); they differ as soon as callers hang up."""

    ANSWERED_IN_T_OF_OFFERED = "answered_in_t_of_offered"
    ANSWERED_IN_T_OF_ANSWERED = "answered_in_t_of_answered"
    ANSWERED_OR_ABANDONED_IN_T_OF_OFFERED = "answered_or_abandoned_in_t_of_offered"
    EXCLUDING_SHORT_ABANDONS = "excluding_short_abandons"


@dataclass(frozen=True, slots=True)
class ShortAbandons:
    """Answered in T over offered less those who hung up within `seconds`."""

    seconds: float


def excluding_short_abandons(seconds: float) -> ShortAbandons:
    """This function will define service as answered in T of the contacts that did not hang up within `seconds`.

    Raises:
        Invalid: `seconds` is negative.
    """
    if not seconds >= 0:
        raise Invalid("Short abandons need a time of zero or more seconds.", field="definition")
    return ShortAbandons(float(seconds))


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """How an interval runs in the long run. Arrays of one shape; plain numbers when every input was one.

    `wait_probability`: share that finds nobody free. `asa`: mean wait of all contacts, those that hang up included, in the
    unit of the input (`inf` where the queue never settles). `abandoned`: share that hangs up. `occupancy`: busy share.
    """

    wait_probability: Floats
    asa: Floats
    service_level: Floats
    abandoned: Floats
    occupancy: Floats


def laid_out(**given: ArrayLike) -> tuple[tuple[int, ...], dict[str, Floats]]:
    """This function will broadcast named inputs and return their common shape with flat float arrays.

    Raises:
        Invalid: the shapes do not fit each other, or something is no number; names the input where it can.
    """
    arrays: dict[str, Floats] = {}
    for name, value in given.items():
        try:
            arrays[name] = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise Invalid("This is not a number.", field=name) from error
        if np.isnan(arrays[name]).any():
            raise Invalid("This is not a number.", field=name)
    try:
        shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
    except ValueError as error:
        raise Invalid("The lists differ in length.") from error
    return shape, {name: np.broadcast_to(array, shape).ravel() for name, array in arrays.items()}


def within(name: str, values: Floats, least: float, most: float = np.inf, *, message: str) -> None:
    """This function will refuse values outside `[least, most]`.

    Raises:
        Invalid: names the input.
    """
    if values.size and (values.min() < least or values.max() > most):
        raise Invalid(message, field=name)


def check_queue(given: dict[str, Floats]) -> None:
    """This function will refuse what no queue can have.

    Raises:
        Invalid: a negative or endless load, a handling time that is not above zero where there is load, a part of an agent,
            a negative threshold or patience, a target or an occupancy outside its range; names the input.
    """
    within("load", given["load"], 0, np.finfo(np.float64).max, message="The load is a number of zero or more erlangs.")
    if "aht" in given and not (given["aht"][given["load"] > 0] > 0).all():
        raise Invalid("Handling time is above zero where contacts come.", field="aht")
    for name in ("agents", "threshold", "patience", "aht"):
        if name in given:
            within(name, given[name], 0, message="This is zero or more.")
    if "agents" in given and not (given["agents"] == np.floor(given["agents"])).all():
        raise Invalid("Agents are whole people.", field="agents")
    if "target" in given:
        within("target", given["target"], 0, 1, message="The target is a share from 0 to 1.")
    if "max_occupancy" in given:
        within("max_occupancy", given["max_occupancy"], 1e-6, 1, message="Occupancy is a share above 0, at most 1.")


def shaped(values: NDArray[Any], shape: tuple[int, ...]) -> Any:
    """This function will give flat values their shape back; a plain number for no shape."""
    return values.reshape(shape)[()]
