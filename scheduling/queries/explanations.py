"""Why one quarter of an hour needs so many agents: from contacts to load, from load to agents, from agents to seats."""

from dataclasses import dataclass, replace

import numpy as np

from scheduling.models import ServiceTarget
from scheduling.queries.requirements import QUARTER_SECONDS, Need
from scheduling.queries.targets import promise_of
from scheduling.staffing import excluding_short_abandons, figures_at, staff
from scheduling.staffing.palm import Rule
from scheduling.states import ServiceDefinition


@dataclass(frozen=True, slots=True)
class Explanation:
    """One quarter's figures and those of the steps on the way. Shares from 0 to 1.

    `for_target` agents keep the service level, `fewer_level` is what one fewer reaches; the cap on occupancy may ask for more.
    `levels` tell the same quarter by each definition, at the agents who will be there.
    """

    need: Need
    for_target: int
    target_level: float
    fewer_level: float | None
    is_capped: bool
    levels: tuple[tuple[ServiceDefinition, float], ...]


def explanation_of(need: Need, target: ServiceTarget) -> Explanation | None:
    """This function will explain one quarter of a queue; work that may wait, and quarters without contacts, have none."""
    if need.service_level is None:
        return None
    promise = promise_of(target)
    plain = staff(need.volume, need.aht_seconds, QUARTER_SECONDS, replace(promise, max_occupancy=None))
    agents = int(plain.agents)
    levels = _level([agents, max(agents - 1, 0)], need, target)
    return Explanation(
        need=need,
        for_target=agents,
        target_level=levels[0],
        fewer_level=levels[1] if agents > 1 else None,
        is_capped=need.agents > agents,
        levels=tuple((one, _level_by(one, need, target)) for one in ServiceDefinition),
    )


def _level(agents: list[int], need: Need, target: ServiceTarget) -> list[float]:
    found = figures_at(agents, need.volume, need.aht_seconds, QUARTER_SECONDS, promise_of(target))
    return [float(one) for one in np.asarray(found.service_level)]


def _level_by(definition: ServiceDefinition, need: Need, target: ServiceTarget) -> float:
    rule: Rule = str(definition)
    if definition == ServiceDefinition.SHORT_EXCLUDED:
        rule = excluding_short_abandons(target.short_abandon_seconds or target.threshold_seconds)
    promise = replace(promise_of(target), definition=rule)
    found = figures_at(need.present, need.volume, need.aht_seconds, QUARTER_SECONDS, promise)
    return float(found.service_level)
