"""Is the certification met, until when, and what stands in the way?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vetting.graph.shape import Graph, Group, Need

MET: Final = "met"
WAIVED: Final = "waived"
OPEN: Final = "open"
LOCKED: Final = "locked"
NOT_NEEDED: Final = "not_needed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a requirement kind says about one need. `until` is when it ends, None for never; `blocker` says what is missing."""

    is_met: bool
    until: datetime | None = None
    blocker: str = ""
    evidence_id: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one need stands: met, waived, open, locked (something comes first) or not needed (its group is satisfied)."""

    key: str
    status: str
    until: datetime | None
    blocker: str
    evidence_id: str

    @property
    def counts(self) -> bool:
        """Does it hold?"""
        return self.status in (MET, WAIVED)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole: satisfied or not, how each need stands, when the first thing it rests on ends, and what blocks it."""

    is_satisfied: bool
    outcomes: Mapping[str, Outcome]
    earliest_expiry: datetime | None
    blockers: tuple[str, ...]

    @property
    def evidence_ids(self) -> tuple[str, ...]:
        """The evidence it rests on, in order."""
        return tuple(sorted(one.evidence_id for one in self.outcomes.values() if one.counts and one.evidence_id))


def evaluate(
    graph: Graph, verdicts: Mapping[str, Verdict], waivers: Mapping[str, datetime | None], at: datetime
) -> Evaluation:
    """This function will judge a graph from the verdicts on its needs.

    A verdict or waiver whose end is at or before `at` no longer holds (ends are exclusive). `waivers` maps a key to its end,
    None for never; one for a need that is not waivable is ignored. Adding evidence never turns satisfied into not
    satisfied; the order of needs does not matter. The expiry is the latest one the satisfied groups allow: of a choice,
    the members that hold longest count.
    """
    standing = {need.key: _standing(need, verdicts.get(need.key), waivers, at) for need in graph.needs}
    groups = {group.key: _holding(group, graph, standing) for group in graph.groups}
    settled = {key for key, one in standing.items() if one.counts}
    settled |= {need.key for need in graph.needs if need.group and groups[need.group].is_satisfied}
    outcomes = {need.key: _outcome(need, standing[need.key], settled) for need in graph.needs}
    blockers = tuple(need.key for need in graph.needs if _blocks(need, outcomes[need.key], groups))
    ends = [standing[need.key].until for need in graph.needs if not need.group]
    ends += [holding.until for holding in groups.values()]
    return Evaluation(not blockers, outcomes, _earliest(ends) if not blockers else None, blockers)


@dataclass(frozen=True, slots=True)
class _Holding:
    is_satisfied: bool
    until: datetime | None


def _standing(need: Need, verdict: Verdict | None, waivers: Mapping[str, datetime | None], at: datetime) -> Outcome:
    options = []
    if verdict and verdict.is_met and _holds(verdict.until, at):
        options.append(Outcome(need.key, MET, verdict.until, "", verdict.evidence_id))
    if need.is_waivable and need.key in waivers and _holds(waivers[need.key], at):
        options.append(Outcome(need.key, WAIVED, waivers[need.key], "", ""))
    if not options:
        return Outcome(need.key, OPEN, None, (verdict.blocker if verdict else "") or "missing", "")
    return max(options, key=lambda one: (one.until is None, one.until.timestamp() if one.until else 0.0))


def _holds(until: datetime | None, at: datetime) -> bool:
    return until is None or until > at


def _holding(group: Group, graph: Graph, standing: Mapping[str, Outcome]) -> _Holding:
    members = [standing[need.key] for need in graph.members(group.key)]
    wanted = {"all": len(members), "any": 1}.get(group.rule, group.count)
    best = sorted((one for one in members if one.counts), key=_longest_first)[:wanted]
    return _Holding(len(best) == wanted and wanted > 0, _earliest([one.until for one in best]))


def _longest_first(outcome: Outcome) -> float:
    return -outcome.until.timestamp() if outcome.until else float("-inf")


def _outcome(need: Need, own: Outcome, settled: Collection[str]) -> Outcome:
    if own.counts:
        return own
    if need.key in settled:
        return Outcome(need.key, NOT_NEEDED, None, "", "")
    if not set(need.after) <= set(settled):
        return Outcome(need.key, LOCKED, None, own.blocker, "")
    return own


def _blocks(need: Need, outcome: Outcome, groups: Mapping[str, _Holding]) -> bool:
    if need.group:
        return not groups[need.group].is_satisfied and not outcome.counts
    return not outcome.counts


def _earliest(ends: Collection[datetime | None]) -> datetime | None:
    return min((end for end in ends if end is not None), default=None)
