"""Templates on real days: wall times in a zone become instants, whatever the clocks do.

A block keeps its wall start and its wall length: 22:00-06:00 ends at 06:00, and lasts seven or nine real hours in a night
when clocks change. A start that clocks jump over moves by the gap and keeps its length; a doubled one is the first. Both are
flagged, and so is a block that lasts longer or shorter than it says.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from gigcx.kernel.intervals import Period, day_grid, from_wall, is_doubled, is_missing

_DAY: Final = timedelta(days=1)
_QUARTER: Final = timedelta(minutes=15)

MOVED: Final = "moved"
DOUBLED: Final = "doubled"
SHORTER: Final = "shorter"
LONGER: Final = "longer"


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """So many agents on these weekdays (1 is Monday), from one wall time to another; at or before `start` is the next day."""

    weekdays: tuple[int, ...]
    start: time
    end: time
    agents: int

    @property
    def wall_minutes(self) -> int:
        """Its length on the wall, 15 minutes to 24 hours."""
        minutes = (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute
        return minutes if minutes > 0 else minutes + 24 * 60


@dataclass(frozen=True, slots=True)
class Block:
    """One row on one day, half-open and UTC. `flag` says what the clocks did to it, empty where nothing."""

    on: date
    starts_at: datetime
    ends_at: datetime
    agents: int
    wall_start: time
    wall_end: time
    flag: str

    @property
    def seconds(self) -> int:
        """What it really lasts."""
        return int((self.ends_at - self.starts_at).total_seconds())


def rows_from(given: Iterable[Mapping[str, Any]]) -> list[TemplateRow]:
    """This function will read the rows a template stores."""
    return [
        TemplateRow(
            tuple(int(one) for one in row["weekdays"]),
            time.fromisoformat(row["from"]),
            time(0) if row["to"] == "24:00" else time.fromisoformat(row["to"]),
            int(row["agents"]),
        )
        for row in given
    ]


def expand_template(
    rows: Sequence[TemplateRow],
    *,
    zone: ZoneInfo,
    week_starts_on: date,
    skip_dates: Collection[date] = (),
    ends_on: date | None = None,
) -> list[Block]:
    """This function will put a template's rows onto one local week, in order of their starts.

    `skip_dates` and days after `ends_on` get nothing; a block belongs to the day on which it starts.
    """
    blocks = [
        block_on(on, row.start, row.wall_minutes, zone, agents=row.agents)
        for row in rows
        for on in _days(row, week_starts_on)
        if on not in skip_dates and (ends_on is None or on <= ends_on)
    ]
    return sorted(blocks, key=lambda one: (one.starts_at, one.ends_at))


def block_on(on: date, start: time, wall_minutes: int, zone: ZoneInfo, *, agents: int = 0) -> Block:
    """This function will put a wall start and a wall length onto one day."""
    wall = datetime.combine(on, start)
    starts_at = from_wall(on, start, zone)
    begins = starts_at.astimezone(zone).replace(tzinfo=None) if is_missing(wall, zone) else wall
    ends = begins + timedelta(minutes=wall_minutes)
    ends_at = max(from_wall(ends.date(), ends.time(), zone), starts_at + _QUARTER)
    wall_end = (wall + timedelta(minutes=wall_minutes)).time()
    flag = _flag(wall, zone, wall_minutes, ends_at - starts_at)
    return Block(on, starts_at, ends_at, agents, start, wall_end, flag)


def repeats_in(week_starts_on: date, *, anchor_on: date, every_weeks: int, ends_on: date | None = None) -> bool:
    """This function will tell whether a pattern of every n weeks from its first Monday falls into that week."""
    weeks, rest = divmod((week_starts_on - anchor_on).days, 7)
    is_over = ends_on is not None and week_starts_on > ends_on
    return weeks >= 0 and rest == 0 and weeks % every_weeks == 0 and not is_over


def demand_of(
    rows: Sequence[TemplateRow],
    *,
    zone: ZoneInfo,
    week_starts_on: date,
    skip_dates: Collection[date] = (),
    ends_on: date | None = None,
    begins_on: date | None = None,
) -> dict[datetime, int]:
    """This function will return the agents of each real quarter of an hour of the week, none lost and none doubled.

    A quarter takes the number that stands at its wall time; where nothing stands there, that of a block which the clocks
    moved onto it. The night of the Sunday before reaches into the week unless that lies before `begins_on`; this week's own
    Sunday night is cut where the week ends.
    """
    told = _Calendar(frozenset(skip_dates), begins_on or week_starts_on - _DAY, ends_on or date.max)
    blocks = expand_template(rows, zone=zone, week_starts_on=week_starts_on, skip_dates=skip_dates, ends_on=ends_on)
    stretched = {step.starts_at: one.agents for one in blocks for step in _covered(one, zone).steps(15)}
    found: dict[datetime, int] = {}
    for step in range(7):
        for start in day_grid(week_starts_on + step * _DAY, zone):
            standing = _standing(rows, start.astimezone(zone), told)
            agents = stretched.get(start, 0) if standing is None else standing
            if agents:
                found[start] = agents
    return found


def wall_overlaps(rows: Sequence[TemplateRow]) -> tuple[int, int] | None:
    """This function will return the first two rows (counted from 1) that ask for the same wall time, or None."""
    taken: dict[int, int] = {}
    for number, row in enumerate(rows, 1):
        for weekday in row.weekdays:
            first = (weekday - 1) * 24 * 60 + row.start.hour * 60 + row.start.minute
            for minute in range(first, first + row.wall_minutes, 15):
                other = taken.setdefault(minute % (7 * 24 * 60), number)
                if other != number:
                    return other, number
    return None


def _days(row: TemplateRow, week_starts_on: date) -> list[date]:
    return [week_starts_on + timedelta(days=weekday - 1) for weekday in sorted(set(row.weekdays))]


def _flag(wall: datetime, zone: ZoneInfo, wall_minutes: int, lasts: timedelta) -> str:
    if is_missing(wall, zone):
        return MOVED
    if is_doubled(wall, zone):
        return DOUBLED
    usual = timedelta(minutes=wall_minutes)
    return SHORTER if lasts < usual else LONGER if lasts > usual else ""


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Which days a template knows."""

    skipped: frozenset[date]
    begins_on: date
    ends_on: date

    def has(self, on: date) -> bool:
        return self.begins_on <= on <= self.ends_on and on not in self.skipped


def _covered(block: Block, zone: ZoneInfo) -> Period:
    """What a block covers as demand: a moved one still ends where the wall says, if that comes after its start."""
    day = block.on + _DAY if block.wall_end <= block.wall_start else block.on
    told = from_wall(day, block.wall_end, zone)
    is_cut = block.flag == MOVED and block.starts_at < told < block.ends_at
    return Period(block.starts_at, told if is_cut else block.ends_at)


def _standing(rows: Sequence[TemplateRow], local: datetime, told: _Calendar) -> int | None:
    """The number that stands at a wall time, from its own day or the night before; None where nothing does."""
    clock = local.time()
    for row in rows:
        is_night = row.end <= row.start
        if row.start <= clock and (is_night or clock < row.end):
            on = local.date()
        elif is_night and clock < row.end:
            on = local.date() - _DAY
        else:
            continue
        if on.isoweekday() in row.weekdays and told.has(on):
            return row.agents
    return None
