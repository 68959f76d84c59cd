"""What really came, and who of the brand's own staff is there: quarters of an hour, written over."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Protocol, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.intervals import GRID_MINUTES, Period, is_on_grid
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.roles import Permission
from recruiting.models import Program
from scheduling.errors import IntervalsInvalid
from scheduling.formats.quarters import LONGEST_SECONDS, MOST_CONTACTS, split_whole
from scheduling.formats.readings import MOST_PEOPLE
from scheduling.models import ActualPoint, InHouseCoverage
from scheduling.queries.doors import program_of
from scheduling.queries.languages import language_in, refuse_foreign_channel

_QUARTER: Final = timedelta(minutes=GRID_MINUTES)
_LONGEST: Final = timedelta(hours=24)
_SHOWN_PROBLEMS: Final = 20
_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class ActualInterval:
    """What came over `[starts_at, ends_at)`. `answered` is what was offered and not abandoned where it is not given."""

    starts_at: datetime
    ends_at: datetime
    offered: int
    answered: int | None = None
    abandoned: int = 0
    aht_seconds: Decimal = Decimal(0)
    answered_in_threshold: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class OwnStaff:
    """So many heads of the brand's own staff over `[starts_at, ends_at)`."""

    starts_at: datetime
    ends_at: datetime
    heads: int
    label: str = ""


class _Interval(Protocol):
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def label(self) -> str: ...


I = TypeVar("I", bound=_Interval)  # noqa: E741  one interval


@transaction.atomic
def record_actuals(
    *,
    program_id: UUID,
    channel: str,
    actuals: Sequence[ActualInterval],
    by: Actor,
    at: datetime,
    language: str = "",
) -> int:
    """Record what really came, interval by interval; what was recorded before is written over. Returns the quarters.

    Raises:
        NotFound, NotAllowed: as everywhere. Invalid: not a channel or language of the program.
        IntervalsInvalid: backwards, overlapping, off the grid, not over yet, or figures that do not add up.
    """
    program, language = _planned_work(program_id, channel, language, by)
    _refuse(actuals, lambda one: _actual_problem(one, at))
    points = [point for one in actuals for point in _actual_points(program, (channel, language), one, at)]
    ActualPoint.objects.bulk_create(
        points,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["program", "channel", "language", "starts_at"],
        update_fields=["offered", "answered", "abandoned", "answered_in_threshold", "aht_seconds", "recorded_at"],
    )
    trail.record(
        "scheduling.record_actuals",
        program,
        by=by,
        at=at,
        changes={"channel": channel, "language": language, "quarters": len(points), **_span(actuals)},
    )
    return len(points)


@transaction.atomic
def record_in_house(
    *, program_id: UUID, channel: str, heads: Sequence[OwnStaff], by: Actor, at: datetime, language: str = ""
) -> int:
    """Record the brand's own staff, interval by interval; zero takes them away. Returns the quarters.

    They count as cover and never claim.

    Raises:
        NotFound, NotAllowed: as everywhere. Invalid: not a channel or language of the program.
        IntervalsInvalid: backwards, overlapping, off the grid, or not a number of people.
    """
    program, language = _planned_work(program_id, channel, language, by)
    _refuse(heads, _heads_problem)
    wanted = {start: one.heads for one in heads for start in _quarters(one)}
    rows = InHouseCoverage.objects.for_brand(program.brand_id)
    rows = rows.filter(program=program, channel=channel, language=language)
    rows.filter(starts_at__in=[start for start, people in wanted.items() if not people]).delete()
    InHouseCoverage.objects.bulk_create(
        [
            InHouseCoverage(
                brand_id=program.brand_id,
                program=program,
                channel=channel,
                language=language,
                starts_at=start,
                heads=people,
            )
            for start, people in wanted.items()
            if people
        ],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["program", "channel", "language", "starts_at"],
        update_fields=["heads"],
    )
    trail.record(
        "scheduling.record_in_house",
        program,
        by=by,
        at=at,
        changes={"channel": channel, "language": language, "quarters": len(wanted), **_span(heads)},
    )
    return len(wanted)


def _planned_work(program_id: UUID, channel: str, language: str, by: Actor) -> tuple[Program, str]:
    program = program_of(by, program_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=program.brand_id)
    refuse_foreign_channel(program, channel)
    return program, language_in(program, language)


def _span(intervals: Iterable[_Interval]) -> dict[str, str]:
    starts = [one.starts_at for one in intervals]
    return {"first": min(starts).isoformat(), "last": max(starts).isoformat()} if starts else {}


def _quarters(one: _Interval) -> list[datetime]:
    return [step.starts_at for step in Period(one.starts_at, one.ends_at).steps(GRID_MINUTES)]


def _refuse(intervals: Sequence[I], own_problem: Callable[[I], str]) -> None:
    problems: dict[str, list[str]] = {}
    taken: dict[datetime, str] = {}
    for number, one in enumerate(intervals, 1):
        label = one.label or _("Interval %(n)s") % {"n": number}
        found = _time_problem(one) or own_problem(one) or _overlap(one, label, taken)
        if found:
            problems.setdefault(label, []).append(found)
    if problems:
        shown = dict(list(problems.items())[:_SHOWN_PROBLEMS])
        label, words = next(iter(shown.items()))
        raise IntervalsInvalid(f"{label}: {words[0]}", problems=shown)


def _time_problem(one: _Interval) -> str:
    if one.ends_at <= one.starts_at:
        return _("The end must come after the start.")
    if one.ends_at - one.starts_at > _LONGEST:
        return _("An interval lasts a day at most.")
    if not (is_on_grid(one.starts_at) and is_on_grid(one.ends_at)):
        return _("Times must fall on a quarter of an hour.")
    return ""


def _overlap(one: _Interval, label: str, taken: dict[datetime, str]) -> str:
    for start in _quarters(one):
        other = taken.setdefault(start, label)
        if other is not label:
            return _("Overlaps %(other)s.") % {"other": other}
    return ""


def _actual_problem(one: ActualInterval, at: datetime) -> str:
    if one.ends_at > at:
        return _("This time is not over yet. Record what came afterwards.")
    parts = (one.answered or 0) + one.abandoned
    if not 0 <= one.offered <= MOST_CONTACTS or min(one.answered or 0, one.abandoned) < 0:
        return _("Type a number of contacts from 0 to 1,000,000.")
    if parts > one.offered or (one.answered_in_threshold or 0) > one.offered:
        return _("Answered and abandoned are more than offered.")
    if not 0 <= one.aht_seconds <= LONGEST_SECONDS:
        return _("Type a handling time from 1 second to 24 hours.")
    return ""


def _heads_problem(one: OwnStaff) -> str:
    return "" if 0 <= one.heads <= MOST_PEOPLE else _("Type a whole number from 0 to 10,000.")


def _actual_points(program: Program, work: tuple[str, str], one: ActualInterval, at: datetime) -> Iterable[ActualPoint]:
    """The interval's quarters: each part is shared out evenly, so that every quarter adds up like the whole."""
    starts = _quarters(one)
    answered = one.offered - one.abandoned if one.answered is None else one.answered
    rest = split_whole(one.offered - answered - one.abandoned, len(starts))
    parts = (split_whole(answered, len(starts)), split_whole(one.abandoned, len(starts))[::-1], rest)
    in_time = one.answered_in_threshold
    quick = split_whole(in_time, len(starts)) if in_time is not None else [None] * len(starts)
    for index, start in enumerate(starts):
        yield ActualPoint(
            brand_id=program.brand_id,
            program=program,
            channel=work[0],
            language=work[1],
            starts_at=start,
            offered=sum(part[index] for part in parts),
            answered=parts[0][index],
            abandoned=parts[1][index],
            answered_in_threshold=quick[index],
            aht_seconds=one.aht_seconds,
            recorded_at=at,
        )
