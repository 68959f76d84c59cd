"""Erlang A: callers who wait, and hang up when their patience ends (Palm 1957; Mandelbaum & Zeltyn 2007)."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from gigcx.kernel.errors import Invalid
from scheduling.staffing.erlang import missed_c, queue_c
from scheduling.staffing.figures import (
    Definition,
    Floats,
    QueueFigures,
    ShortAbandons,
    check_queue,
    excluding_short_abandons,
    laid_out,
    shaped,
)
from scheduling.staffing.fractions import Kummer, kummer, log_inverse_blocking

Rule = Definition | ShortAbandons | str

_LEAST: Final = 1e-280  # beyond it nobody is left


def rule_of(definition: Rule) -> Definition | ShortAbandons:
    """This function will read a definition given as member, as stored code or as `excluding_short_abandons(seconds)`.

    Raises:
        Invalid: no such definition, or the one that needs seconds without them.
    """
    if isinstance(definition, ShortAbandons):
        return excluding_short_abandons(definition.seconds)
    try:
        rule = Definition(definition)
    except ValueError as error:
        raise Invalid("There is no such definition of service level.", field="definition") from error
    if rule is Definition.EXCLUDING_SHORT_ABANDONS:
        raise Invalid("Say which abandons are short: excluding_short_abandons(seconds).", field="definition")
    return rule


@dataclass(frozen=True, slots=True)
class _Queue:
    """One M/M/n+M queue per element, in the units of Palm's functions: x = n patience/aht, y = load patience/aht."""

    agents: Floats
    load: Floats
    aht: Floats
    patience: Floats
    palm: Kummer
    wait: Floats

    @classmethod
    def of(cls, agents: Floats, load: Floats, aht: Floats, patience: Floats) -> "_Queue":
        """P(wait) = J / (E + J), J = rho A(x, y), E = 1 / B(n - 1, a)."""
        from scipy import special

        scale = patience / aht
        palm = kummer(agents * scale, load * scale)
        odds = log_inverse_blocking(agents - 1, load) - np.log(load / agents) - palm.log
        return cls(agents, load, aht, patience, palm, special.expit(-odds))

    @property
    def abandoned(self) -> Floats:
        """P(abandon) = P(wait) (1/J + 1 - 1/rho)."""
        return np.minimum(self.wait * self.palm.loss * (self.agents / self.load), 1.0)

    def after(self, threshold: Floats) -> tuple[Floats, Floats]:
        """Shares of all contacts that were answered, and that hung up, after waiting longer than the threshold.

        P(W > T) = e^{-theta T} P(wait) gamma(x, z) / gamma(x, y), z = y e^{-theta T}. Those who get that far find the queue
        that Palm's functions of (x, z) describe: (x/z) (1 - 1/A(x, z)) of them are answered, the rest hangs up.
        """
        scale, passed = self.patience / self.aht, threshold / self.patience
        x, y = self.agents * scale, self.load * scale
        z = y * np.exp(-passed)
        later = kummer(x, z)
        apart = later.log - self.palm.log - self.agents * threshold / self.aht - y * np.expm1(-passed)
        both = later.log_share - self.palm.log_share
        longer = self.wait * np.exp(np.minimum(np.where(np.isnan(both), apart, both), 0.0) - passed)
        turned = np.where(z > _LEAST, x / np.maximum(z, _LEAST), 0.0)
        return longer * np.minimum(-np.expm1(-later.log) * turned, 1.0), longer * np.minimum(later.loss * turned, 1.0)


def _missed(queue: _Queue, threshold: Floats, rule: Definition | ShortAbandons) -> Floats:
    """One less the service level, computed so that small shares keep their digits."""
    answered_late, hung_up_late = queue.after(threshold)
    if rule is Definition.ANSWERED_OR_ABANDONED_IN_T_OF_OFFERED:
        return answered_late + hung_up_late
    abandoned = queue.abandoned
    if isinstance(rule, ShortAbandons):
        _, later = queue.after(np.full_like(threshold, rule.seconds))
        return _share(answered_late + later, 1 - (abandoned - later))
    if rule is Definition.ANSWERED_IN_T_OF_ANSWERED:
        return _share(answered_late, 1 - abandoned)
    return np.minimum(abandoned + answered_late, 1.0)


def _share(part: Floats, whole: Floats) -> Floats:
    """Part over whole; all of it where the whole is nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, np.minimum(part / whole, 1.0), 1.0)


def _missed_without_waiting(lost: Floats, rule: Definition | ShortAbandons) -> Floats:
    """Patience of nothing: who finds nobody free is gone at once, so all waits are nothing."""
    if isinstance(rule, ShortAbandons) or rule is not Definition.ANSWERED_IN_T_OF_OFFERED:
        return np.where(lost < 1, 0.0, 1.0 if rule is not Definition.ANSWERED_OR_ABANDONED_IN_T_OF_OFFERED else 0.0)
    return lost


def _missed_without_agents(patience: Floats, threshold: Floats, rule: Definition | ShortAbandons) -> Floats:
    """Nobody there: nobody is answered; all hang up when their patience ends."""
    if rule is not Definition.ANSWERED_OR_ABANDONED_IN_T_OF_OFFERED:
        return np.ones_like(patience)
    return np.exp(-threshold / np.where(patience > 0, patience, 1.0)) * (patience > 0)


def missed_a(  # noqa: PLR0917  the order of the literature
    agents: Floats, load: Floats, aht: Floats, patience: Floats, threshold: Floats, rule: Definition | ShortAbandons
) -> Floats:
    """This function will return one less the service level over flat arrays that were checked."""
    found = np.zeros_like(load)
    busy = load > 0
    staffed = busy & (agents > 0)
    gone, endless = staffed & (patience == 0), busy & np.isinf(patience)
    usual, empty = staffed & ~gone & ~endless, busy & (agents == 0) & ~endless
    if usual.any():
        queue = _Queue.of(agents[usual], load[usual], aht[usual], patience[usual])
        found[usual] = _missed(queue, threshold[usual], rule)
    if gone.any():
        lost = np.exp(-log_inverse_blocking(agents[gone], load[gone]))
        found[gone] = _missed_without_waiting(lost, rule)
    found[endless] = missed_c(agents[endless], load[endless], aht[endless], threshold[endless])
    found[empty] = _missed_without_agents(patience[empty], threshold[empty], rule)
    return found


def queue_a(  # noqa: PLR0917  the order of the literature
    agents: ArrayLike,
    load: ArrayLike,
    aht: ArrayLike,
    patience: ArrayLike,
    threshold: ArrayLike,
    definition: Rule = Definition.ANSWERED_IN_T_OF_OFFERED,
) -> QueueFigures:
    """This function will describe an interval in which callers hang up: M/M/n+M, Palm's Erlang A.

    `agents` whole, `load` in erlangs; `aht`, mean `patience` (exponential) and `threshold` in one unit of time; inputs
    broadcast, the definition of service level is one for all. A `patience` of `inf` is Erlang C, of 0 Erlang B. The load may
    be far above the agents. `asa` is P(abandon) times patience: the mean wait of all contacts.

    Raises:
        Invalid: an input outside its range or an unknown definition; names it.
    """
    rule = rule_of(definition)
    shape, given = laid_out(agents=agents, load=load, aht=aht, patience=patience, threshold=threshold)
    check_queue(given)
    n, a, handling, patient = given["agents"], given["load"], given["aht"], given["patience"]
    wait, abandoned = _waits(n, a, handling, patient)
    level = 1.0 - missed_a(n, a, handling, patient, given["threshold"], rule)
    endless = np.isinf(patient)
    patiently = queue_c(n, a, np.where(a > 0, handling, 1.0), given["threshold"])
    asa = np.where(endless, patiently.asa, abandoned * np.where(endless, 0.0, patient))
    served = a * (1 - abandoned) / np.where(n > 0, n, 1.0)
    occupancy = np.where(endless, patiently.occupancy, np.where(n > 0, np.minimum(served, 1.0), np.sign(a)))
    wait = np.where(endless, patiently.wait_probability, wait)
    return QueueFigures(*(shaped(one, shape) for one in (wait, asa, level, abandoned, occupancy)))


def _waits(agents: Floats, load: Floats, aht: Floats, patience: Floats) -> tuple[Floats, Floats]:
    """Shares that wait and that hang up; endless patience is left to Erlang C."""
    busy = (load > 0) & ~np.isinf(patience)
    wait = np.where(busy, 1.0, 0.0)
    abandoned = wait.copy()
    gone, usual = busy & (agents > 0) & (patience == 0), busy & (agents > 0) & (patience > 0)
    if gone.any():
        wait[gone] = abandoned[gone] = np.exp(-log_inverse_blocking(agents[gone], load[gone]))
    if usual.any():
        queue = _Queue.of(agents[usual], load[usual], aht[usual], patience[usual])
        wait[usual], abandoned[usual] = queue.wait, queue.abandoned
    return wait, abandoned
