"""`python -m benchmarks.shift_design [DIR]`: designs every `*.json` of a folder, or a set of its own, 10 seconds each.

Prints objective, lower bound, gap, seconds and proof of each, checked by a recomputation that shares no code with the
designer. What is small and not proven in that time gets 60 seconds more. A `best_known` in a file is compared. `--out`
writes each result as JSON.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy
import scipy

from benchmarks.shift_design_examples import example
from scheduling.design.problem import Design, DesignProblem, allowed_kinds
from scheduling.design.search import design_shifts

SEED: Final = 7
SECONDS: Final = 10.0
PROOF_SECONDS: Final = 60.0
WORKERS: Final = 2
SMALL: Final = 60  # distinct shifts to choose from


@dataclass(frozen=True, slots=True)
class Outcome:
    """One instance, designed and checked."""

    name: str
    design: Design
    seconds: float
    best_known: float | None
    fault: str

    @property
    def is_matched(self) -> bool | None:
        """Whether the best known is matched or beaten; None where none is known."""
        return None if self.best_known is None else self.design.objective <= self.best_known


def main(arguments: Sequence[str] | None = None) -> int:
    """This function will run the instances and return 1 where a stated figure is wrong."""
    asked = _asked(arguments)
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, Python {platform.python_version()},", end=" ")
    print(f"numpy {numpy.__version__}, scipy {scipy.__version__}, seed {asked.seed}, {asked.workers} workers\n")
    print(f"{'instance':28} {'objective':>10} {'bound':>10} {'gap %':>7} {'seconds':>8}  {'proof':5} {'known':>8}")
    outcomes = []
    for name, given in _instances(asked.folder):
        outcome = _run(name, given, seconds=asked.seconds, asked=asked)
        outcomes.append(outcome)
        _show(outcome)
        if not outcome.design.is_proven and _is_small(given) and asked.proof > asked.seconds:
            longer = _run(f"{name} ({asked.proof:.0f} s)", given, seconds=asked.proof, asked=asked)
            outcomes.append(longer)
            _show(longer)
        if asked.out:
            _write(asked.out, name, outcomes[-1])
    _sum_up(outcomes)
    return 1 if any(one.fault for one in outcomes) else 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shift_design", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="a folder with *.json; without it, a generated set")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--proof", type=float, default=PROOF_SECONDS, help="seconds for what is small and not proven")
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, help="a folder for the results")
    return parser.parse_args(arguments)


def _instances(folder: Path | None) -> Iterator[tuple[str, dict[str, Any]]]:
    if folder is None:
        for given in own_set():
            yield given["name"], given
        return
    files = sorted(folder.rglob("*.json"))
    if not files:
        sys.exit(f"no *.json in {folder}")
    for file in files:
        read = json.loads(file.read_text(encoding="utf-8"))
        found = read.get("instances", [read]) if isinstance(read, dict) else read
        for at, given in enumerate(found):
            problem = given.get("problem", given)
            if "required" in problem:
                name = file.stem if len(found) == 1 else f"{file.stem}-{at}"
                yield name, _complete(problem, given.get("best_known", problem.get("best_known")))


def _complete(problem: Mapping[str, Any], best_known: float | None) -> dict[str, Any]:
    """What a file may leave out, with its default."""
    slot_minutes = problem.get("slot_minutes", 15)
    days = problem.get("days") or max(1, len(problem["required"]) * slot_minutes // 1440)
    return {**problem, "slot_minutes": slot_minutes, "days": days, "best_known": best_known}


def own_set() -> list[dict[str, Any]]:
    """This function will return the generated instances: few and many hidden shifts, with and without an exact design."""
    few = [example(seed, slot_minutes=slot) for slot in (60, 30, 15) for seed in (1, 2, 3)]
    many = [example(seed, slot_minutes=slot, hidden=(3, 8)) for slot in (60, 30, 15) for seed in (11, 12, 13)]
    rough = [example(seed, slot_minutes=slot, is_legal=False) for slot in (60, 30, 15) for seed in (21, 22, 23)]
    return [*few, *many, *rough]


def _run(name: str, given: Mapping[str, Any], *, seconds: float, asked: argparse.Namespace) -> Outcome:
    problem, began = DesignProblem.from_json(dict(given)), time.perf_counter()
    design = design_shifts(problem, seconds=seconds, seed=asked.seed, workers=asked.workers)
    return Outcome(
        name, design, time.perf_counter() - began, given.get("best_known"), fault_of(given, design.to_json())
    )


def fault_of(given: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    """This function will recompute a result from its shifts alone and name what is stated wrongly, empty where nothing."""
    slots, slot_minutes, weights = len(given["required"]), given["slot_minutes"], given.get("weights") or {}
    per_day, covered = slots // given["days"], [0] * slots
    for shift in result["shifts"]:
        if not any(_is_allowed(shift, family) for family in given["families"]):
            return f"start {shift['start']}, length {shift['length']} is not allowed"
        for day, heads in enumerate(shift["heads"]):
            for step in range(shift["length"] if heads else 0):
                slot = day * per_day + shift["start"] + step
                if slot >= slots and not given.get("cyclic"):
                    return "a shift runs past the end"
                covered[slot % slots] += heads
    spare = [have - need for have, need in zip(covered, given["required"], strict=True)]
    under, over = (
        -sum(one for one in spare if one < 0) * slot_minutes,
        sum(one for one in spare if one > 0) * slot_minutes,
    )
    short, idle = _by_slot(weights.get("under", 1), slots), _by_slot(weights.get("over", 1), slots)
    cost = sum(-one * each for one, each in zip(spare, short, strict=True) if one < 0) * slot_minutes
    cost += sum(one * each for one, each in zip(spare, idle, strict=True) if one > 0) * slot_minutes
    distinct, each = len({(shift["start"], shift["length"]) for shift in result["shifts"]}), weights.get("distinct")
    cost += distinct * (max(short) * slot_minutes if each is None else each)
    stated = (result["under"], result["over"], result["distinct"], result["objective"])
    if stated[:3] != (under, over, distinct) or abs(stated[3] - cost) > 1e-6:
        return f"states {stated}, is {(under, over, distinct, cost)}"
    return "" if result["bound"] <= cost else f"bound {result['bound']} above {cost}"


def _by_slot(weight: Any, slots: int) -> list[float]:
    return list(weight) if isinstance(weight, list) else [weight] * slots


def _is_allowed(shift: Mapping[str, int], family: Mapping[str, int]) -> bool:
    starts_well = family["start_min"] <= shift["start"] <= family["start_max"]
    return starts_well and family["length_min"] <= shift["length"] <= family["length_max"]


def _is_small(given: Mapping[str, Any]) -> bool:
    return len(allowed_kinds(DesignProblem.from_json(dict(given)))) <= SMALL


def _show(one: Outcome) -> None:
    known = "" if one.best_known is None else f"{one.best_known:g}{' ok' if one.is_matched else ' WORSE'}"
    proof = "yes" if one.design.is_proven else "no"
    print(
        f"{one.name:28} {one.design.objective:10g} {one.design.bound:10g} {one.design.gap * 100:7.2f} {one.seconds:8.1f}"
        f"  {proof:5} {known:>8}  {one.fault and 'WRONG: ' + one.fault}",
        flush=True,
    )


def _write(folder: Path, name: str, one: Outcome) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    result = {**one.design.to_json(), "is_proven": one.design.is_proven, "seconds": round(one.seconds, 2)}
    (folder / f"{name}.json").write_text(json.dumps(result), encoding="utf-8")


def _sum_up(outcomes: Sequence[Outcome]) -> None:
    known = [one for one in outcomes if one.is_matched is not None]
    proven = sum(one.design.is_proven for one in outcomes)
    print(
        f"\n{len(outcomes)} runs, {proven} proven, largest gap {max(one.design.gap for one in outcomes) * 100:.2f} %,",
        end=" ",
    )
    print(f"best known matched or beaten {sum(bool(one.is_matched) for one in known)} of {len(known)},", end=" ")
    print(f"wrong {sum(bool(one.fault) for one in outcomes)}, load now {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    sys.exit(main())
