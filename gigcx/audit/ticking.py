"""The ticker: idempotent sweeps at fixed cadences, each slot run once however many tickers there are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from gigcx.audit.models import PeriodicRun


@dataclass(frozen=True, slots=True)
class Sweep:
    """A periodic job: `start` sends its task and returns at once, False where that was not possible."""

    kind: str
    every_seconds: int
    start: Callable[[], object]

    def slot_at(self, at: datetime) -> datetime:
        """This function will return the start of the slot that `at` falls into."""
        return datetime.fromtimestamp(int(at.timestamp()) // self.every_seconds * self.every_seconds, UTC)


_sweeps: dict[str, Sweep] = {}


def sweep_every(seconds: int, kind: str, start: Callable[[], object]) -> None:
    """This function will register a sweep; stages call it in their app's `ready`."""
    _sweeps[kind] = Sweep(kind, seconds, start)


def sweeps() -> list[Sweep]:
    """This function will return the registered sweeps by name."""
    return [_sweeps[kind] for kind in sorted(_sweeps)]


def take_due_slots(*, at: datetime) -> Iterator[Sweep]:
    """This function will yield each sweep whose present slot nobody has taken yet, having marked it taken."""
    for sweep in sweeps():
        if _take(sweep, at):
            yield sweep


def give_back(sweep: Sweep, *, at: datetime) -> None:
    """This function will give back a slot whose sweep could not start, so that the next tick tries again."""
    PeriodicRun.objects.filter(kind=sweep.kind, slot=sweep.slot_at(at)).delete()


def last_tick_at() -> datetime | None:
    """This function will return when any sweep was last started, or None."""
    return PeriodicRun.objects.order_by("-started_at").values_list("started_at", flat=True).first()


def forget_old_runs(*, at: datetime, days: int = 3) -> int:
    """This function will delete marks older than `days` and return how many."""
    return PeriodicRun.objects.filter(started_at__lt=at - timedelta(days=days)).delete()[0]


def _take(sweep: Sweep, at: datetime) -> bool:
    slot = sweep.slot_at(at)
    if PeriodicRun.objects.filter(kind=sweep.kind, slot=slot).exists():
        return False
    try:
        with transaction.atomic():
            PeriodicRun.objects.create(kind=sweep.kind, slot=slot, started_at=at)
    except IntegrityError:
        return False
    return True
