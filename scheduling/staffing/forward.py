"""What the rest of the day, and the next week, will bring."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gigcx.kernel.errors import Invalid
from scheduling.staffing.figures import Floats, laid_out, within

HALF_LIFE_INTERVALS = 8.0
WEEKS = 6


@dataclass(frozen=True, slots=True)
class Reforecast:
    """A day seen from its middle: what came, then the forecast bent by how it has gone.

    `volume` and `aht` have the forecast's shape; `ratio` and `aht_ratio` are what the rest was multiplied by.
    """

    volume: Floats
    ratio: float
    aht: Floats | None = None
    aht_ratio: float = 1.0


def reforecast(
    forecast: ArrayLike,
    actual: ArrayLike,
    elapsed: int,
    prior: float,
    *,
    half_life: float = HALF_LIFE_INTERVALS,
    forecast_aht: ArrayLike | None = None,
    actual_aht: ArrayLike | None = None,
) -> Reforecast:
    """This function will carry what really came into the rest of a forecast: ratio = (actual + k) / (forecast + k).

    `forecast` and `actual` are contacts an interval, in order; the first `elapsed` of both are compared, those a `half_life`
    of intervals ago with half the weight of the last. `prior` k is in contacts: how many the forecast is believed for before
    the day speaks (a Gamma prior of mean 1). Handling time likewise, weighed with the contacts that came, if both are given.

    Raises:
        Invalid: more elapsed than there are figures, a negative volume, prior or half-life.
    """
    shape, given = laid_out(forecast=forecast)
    seen = np.asarray(actual, dtype=np.float64).ravel()
    _check(given["forecast"], seen, elapsed, prior, half_life)
    weights = 0.5 ** (np.arange(elapsed - 1, -1, -1) / half_life)
    came, expected = seen[:elapsed], given["forecast"][:elapsed]
    ratio = _ratio(float(weights @ came), float(weights @ expected), prior)
    volume = np.concatenate([came, given["forecast"][elapsed:] * ratio]).reshape(shape)
    if forecast_aht is None or actual_aht is None:
        return Reforecast(volume, ratio)
    planned, took = laid_out(aht=forecast_aht)[1]["aht"], np.asarray(actual_aht, dtype=np.float64).ravel()[:elapsed]
    if planned.shape != given["forecast"].shape or took.shape != came.shape:
        raise Invalid("Handling times and volumes differ in length.", field="forecast_aht")
    heard = weights * came
    usual = float(heard @ planned[:elapsed] / heard.sum()) if heard.sum() > 0 else 1.0
    slower = _ratio(float(heard @ took), float(heard @ planned[:elapsed]), prior * usual)
    return Reforecast(volume, ratio, np.concatenate([took, planned[elapsed:] * slower]).reshape(shape), slower)


def _check(forecast: Floats, actual: Floats, elapsed: int, prior: float, half_life: float) -> None:
    within("forecast", forecast, 0, message="Volume is zero or more.")
    within("actual", actual[:elapsed], 0, message="Volume is zero or more.")
    if not 0 <= elapsed <= min(forecast.size, actual.size):
        raise Invalid("More intervals have passed than there are figures for.", field="elapsed")
    if prior < 0 or not half_life > 0:
        raise Invalid("The prior is zero or more contacts, the half-life above zero.", field="prior")


def _ratio(came: float, expected: float, prior: float) -> float:
    """(came + k) / (expected + k); 1 where nothing was expected, nothing came and nothing is believed."""
    return (came + prior) / (expected + prior) if expected + prior > 0 else 1.0


def baseline(history: ArrayLike, *, level: float | None = None, weeks: int = WEEKS) -> Floats:
    """This function will forecast a week from past ones: the median of each weekday and slot over 6 weeks, times a level.

    `history` has one row a week, oldest first, and one column a slot; `nan` where nothing is known, and 0 comes out where no
    week knows. The median keeps one odd week out. `level` is how much higher or lower than that the coming week lies;
    without it, the last two weeks' sum over the median's, on the slots both know.

    Raises:
        Invalid: no week, or a negative volume or level.
    """
    past = np.asarray(history, dtype=np.float64)
    if past.ndim != 2 or not past.size:
        raise Invalid("A baseline needs at least one past week.", field="history")
    past = past[-weeks:]
    if (past < 0).any() or (level is not None and level < 0):
        raise Invalid("Volume is zero or more.", field="history")
    usual = _medians(past)
    return usual * (_level(past[-2:], usual) if level is None else level)


def _medians(past: Floats) -> Floats:
    """The median of what is known, column by column; 0 where nothing is."""
    known = ~np.isnan(past)
    usual = np.zeros(past.shape[1])
    columns = known.any(axis=0)
    usual[columns] = np.nanmedian(past[:, columns], axis=0)
    return usual


def _level(recent: Floats, usual: Floats) -> float:
    known = ~np.isnan(recent)
    whole = float((known * usual).sum())
    return float(np.nansum(recent)) / whole if whole > 0 else 1.0
