"""The incomplete gamma functions that queues are made of, as logarithms, right in both tails.

SciPy's own are used within three standard deviations of the mean, where they are good to the last digits. Further out they
underflow or, from a million on, lose digits (the series stops after 2,000 terms); continued fractions with only positive
terms take over there.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from scheduling.staffing.figures import Floats

_TERMS: Final = 36
_FAR: Final = 9.0  # three standard deviations, squared
_SMALL: Final = 20.0


def log_poisson(count: Floats, mean: Floats) -> Floats:
    """This function will return ln(mean^count e^-mean / count!), `mean` above 0, `count` any real of zero or more.

    Large counts by Loader's saddle point ("Fast and accurate computation of binomial probabilities", 2000), which does not
    subtract large numbers from each other.
    """
    from scipy import special

    found: Floats = count * np.log(mean) - mean - special.gammaln(count + 1)
    large = count > _SMALL
    n, a = count[large], mean[large]
    gap = a - n
    inverse = 1 / n
    square = inverse * inverse
    stirling = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
    ratio = np.where(np.abs(gap) < 0.5 * n, np.log1p(np.maximum(gap / n, -0.5)), np.log(a / n))
    found[large] = n * ratio - gap - stirling - 0.5 * np.log(2 * np.pi * n)
    return found


def _lower_fraction(x: Floats, y: Floats) -> Floats:
    """F in `A(x, y) = x / (x - y + F)`, for y well below x: y/(d+1 + 2y/(d+2 + 3y/(d+3 + ...))), d = x - y."""
    gap = x - y
    tail = gap + _TERMS
    for k in range(_TERMS, 1, -1):
        tail = gap + (k - 1) + k * y / tail
    return y / tail


def _upper_fraction(n: Floats, a: Floats) -> Floats:
    """Gamma(n + 1, a) e^a a^-(n+1) for a well above n, by Legendre's continued fraction (DLMF 8.9.2)."""
    first = a - n
    tail = first + 2 * _TERMS
    for k in range(_TERMS, 0, -1):
        tail = first + 2 * (k - 1) + k * (n + 1 - k) / tail
    return 1 / tail


def _is_far(low: Floats, high: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    gap = high - low
    return (gap > 0) & ((gap * gap > _FAR * high) | (low < 0.5 * high))


def kummer(x: Floats, y: Floats) -> "Kummer":
    """This function will return A = 1 + y/(x+1) + y^2/((x+1)(x+2)) + ... as a logarithm, and what hangs up by it.

    A is Kummer's 1F1(1; x+1; y) = x e^y y^-x gamma(x, y) (Palm 1957; Mandelbaum & Zeltyn 2007). `x` is above 0, `y` zero or
    more.
    """
    from scipy import special

    found = Kummer(np.zeros_like(x), y / x, np.full_like(x, np.nan))
    some = y > 0
    far = some & _is_far(y, x)
    xs, ys = x[far], y[far]
    fraction = _lower_fraction(xs, ys)
    found.log[far], found.loss[far] = np.log(xs / (xs - ys + fraction)), fraction / xs
    near = some & ~far
    xs, ys = x[near], y[near]
    share = np.log(special.gammainc(xs, ys))
    found.log[near], found.log_share[near] = share - log_poisson(xs, ys), share
    found.loss[near] = np.maximum(np.exp(-found.log[near]) + (ys - xs) / xs, 0.0)
    return found


@dataclass(frozen=True, slots=True)
class Kummer:
    """`log`: ln A. `loss`: 1/A + y/x - 1, free of cancellation. `log_share`: ln P(x, y) near the mean, else `nan`."""

    log: Floats
    loss: Floats
    log_share: Floats


def log_inverse_blocking(agents: Floats, load: Floats) -> Floats:
    """This function will return ln(1 / B(agents, load)), B being Erlang's loss probability; `load` above 0.

    1/B = Gamma(n+1, a) e^a a^-n, which is a Poisson distribution function over its mass (Jagerman 1974).
    """
    from scipy import special

    found = np.empty_like(load)
    short, ample = _is_far(agents, load), _is_far(load, agents + 1)
    near = ~(short | ample)
    found[short] = np.log(load[short] * _upper_fraction(agents[short], load[short]))
    n, a = agents[near], load[near]
    found[near] = np.log(special.gammaincc(n + 1, a)) - log_poisson(n, a)
    n, a = agents[ample], load[ample]
    above = np.exp(log_poisson(n + 1, a)) * (n + 1) / (n + 1 - a + _lower_fraction(n + 1, a))
    found[ample] = np.log1p(-above) - log_poisson(n, a)
    return found
