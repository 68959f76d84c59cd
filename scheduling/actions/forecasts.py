"""Expected contacts: every save is a version of its own, and one version of a week is published at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, Stale
from gigcx.kernel.intervals import GRID_MINUTES, Period, day_grid, is_on_grid, week_start, zone_of
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.roles import Permission
from recruiting.models import Program
from scheduling.errors import ForecastPublishedAlready, IntervalsInvalid
from scheduling.events import ForecastPublished
from scheduling.formats.quarters import LONGEST_SECONDS, MOST_CONTACTS, rounded, split
from scheduling.models import Forecast, ForecastPoint
from scheduling.queries.doors import program_of
from scheduling.queries.forecasts import forecast_for, newest_forecast, points_of
from scheduling.queries.languages import language_in, refuse_foreign_channel
from scheduling.queries.weeks import days_of_week, week_period
from scheduling.states import FORECAST_MOVES, DemandSource, ForecastState

_QUARTER: Final = timedelta(minutes=GRID_MINUTES)
_SHOWN_PROBLEMS: Final = 20
MOST_LEVEL: Final = 1_000

Points = dict[datetime, tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class TypedVolume:
    """So many contacts over `[starts_at, ends_at)`, each handled in so many seconds; `label` names the cell in a refusal."""

    starts_at: datetime
    ends_at: datetime
    volume: Decimal
    aht_seconds: Decimal
    label: str = ""


@dataclass(frozen=True, slots=True)
class TypedCell:
    """One typed cell of a layer: contacts over `[starts_at, ends_at)`, or the seconds that each takes."""

    starts_at: datetime
    ends_at: datetime
    value: Decimal
    label: str = ""


def save_forecast(
    *,
    program_id: UUID,
    channel: str,
    week_starts_on: date,
    volumes: Sequence[TypedVolume],
    source: str,
    by: Actor,
    at: datetime,
    parent_id: UUID | None = None,
    provenance: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
    forecast_id: UUID | None = None,
    language: str = "",
) -> Forecast:
    """Save a whole week's contacts as a new draft version; intervals that are left out expect nobody.

    Volumes over more than a quarter are split evenly, and their sum is kept exactly. `seen_version` is the newest version
    that was looked at, 0 for none.

    Raises:
        NotFound, NotAllowed: as everywhere. Stale: a newer version was saved since `seen_version`.
        Invalid: not a Monday, not a channel or language of the program.
        IntervalsInvalid: backwards, overlapping, outside the week, off the grid, below zero, or contacts without a
            handling time; `problems` maps each cell's label to what is wrong. Nothing is written.
    """
    program = program_of(by, program_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=program.brand_id)
    refuse_senseless_week(program, channel, week_starts_on)
    points = quarters_of(program, week_starts_on, volumes)
    draft = Forecast(
        channel=channel,
        language=language_in(program, language),
        week_starts_on=week_starts_on,
        source=source,
        parent_id=_own_parent(by, parent_id),
        provenance={**(provenance or {}), "who": by.label},
        **({"pk": forecast_id} if forecast_id else {}),
    )
    with transaction.atomic():
        return write_version(program, draft, points, by=by, at=at, seen_version=seen_version)


def type_forecast(
    *,
    program_id: UUID,
    channel: str,
    week_starts_on: date,
    cells: Sequence[TypedCell],
    layer: str,
    by: Actor,
    at: datetime,
    usual_aht: Decimal = Decimal(0),
    parent_id: UUID | None = None,
    seen_version: int | None = None,
    language: str = "",
) -> Forecast:
    """Save what was typed over a version as a new one; what was not typed stays as that version has it.

    The layer is "volume" or "aht". Typed contacts without a handling time so far get the usual one.

    Raises:
        As for saving. Invalid: no such layer, or nothing was typed.
    """
    program = program_of(by, program_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=program.brand_id)
    if layer not in {"volume", "aht"}:
        raise Invalid(_("Type contacts or handling times."), field="layer")
    if not cells:
        raise Invalid(_("Nothing was changed. Type a number into the grid first."))
    parent = forecast_for(by, parent_id) if parent_id else None
    language = language_in(program, language)
    here = (program.pk, week_starts_on, language)
    if parent and (parent.program_id, parent.week_starts_on, parent.language) != here:
        raise Invalid(_("That version is of another week or language. Open the page again."), field="parent_id")
    typed = {start: (one, value) for one in cells for start, value in _typed_quarters(one, layer)}
    points = points_of(parent)
    zone = zone_of(program.timezone)
    volumes = []
    for start in sorted({*points, *typed}):
        volume, aht = points.get(start, (Decimal(0), Decimal(0)))
        cell, value = typed.get(start, (None, Decimal(0)))
        if cell is not None:
            volume, aht = (value, aht or (usual_aht if value else aht)) if layer == "volume" else (volume, value)
        label = cell.label if cell else f"{start.astimezone(zone):%a %-d %b %H:%M}"
        volumes.append(TypedVolume(start, start + _QUARTER, volume, aht, label))
    return save_forecast(
        program_id=program_id,
        channel=channel,
        week_starts_on=week_starts_on,
        volumes=volumes,
        source=DemandSource.TYPED,
        by=by,
        at=at,
        parent_id=parent_id,
        provenance={"cells": len(cells), "layer": layer},
        seen_version=seen_version,
        language=language,
    )


def _typed_quarters(cell: TypedCell, layer: str) -> list[tuple[datetime, Decimal]]:
    starts = [step.starts_at for step in Period(cell.starts_at, cell.ends_at).steps(GRID_MINUTES)]
    values = split(cell.value, len(starts)) if layer == "volume" else [cell.value] * len(starts)
    return list(zip(starts, values, strict=True))


def _own_parent(by: Actor, parent_id: UUID | None) -> UUID | None:
    return forecast_for(by, parent_id).pk if parent_id else None


def refuse_senseless_week(program: Program, channel: str, week_starts_on: date) -> None:
    """This function will refuse a week that is no Monday's, and a channel that the program does not have.

    Raises:
        Invalid: naming the field.
    """
    if not 2000 <= week_starts_on.year <= 2100 or week_starts_on != week_start(week_starts_on):
        raise Invalid(_("A week starts on a Monday."), field="week_starts_on")
    refuse_foreign_channel(program, channel)


def write_version(
    program: Program, draft: Forecast, points: Points, *, by: Actor, at: datetime, seen_version: int | None = None
) -> Forecast:
    """This function will number and write a draft with its points, inside the caller's transaction.

    Raises:
        Stale: a newer version was saved since `seen_version`.
    """
    lock_program(program)
    rows = Forecast.objects.for_brand(program.brand_id).of_week(program.pk, draft.channel, draft.week_starts_on)
    newest = rows.filter(language=draft.language).order_by().aggregate(last=Max("version"))["last"] or 0
    if seen_version is not None and seen_version != newest:
        raise Stale
    draft.brand_id, draft.program = program.brand_id, program
    draft.version, draft.created_at, draft.state = newest + 1, at, ForecastState.DRAFT
    draft.save(force_insert=True)
    ForecastPoint.objects.bulk_create(
        ForecastPoint(brand_id=program.brand_id, forecast=draft, starts_at=start, volume=volume, aht_seconds=aht)
        for start, (volume, aht) in sorted(points.items())
        if volume or aht
    )
    trail.record(
        "scheduling.save_forecast",
        draft,
        by=by,
        at=at,
        to_state=draft.state,
        changes={"version": draft.version, "source": draft.source, "quarters": len(points)},
    )
    return draft


def lock_program(program: Program) -> None:
    """This function will let one planner at a time number the versions of a program's demand."""
    rows = Program.objects.across_brands().select_for_update(of=("self",), no_key=True)
    rows.values_list("pk").get(pk=program.pk)


@transaction.atomic
def publish_forecast(*, forecast_id: UUID, by: Actor, at: datetime) -> Forecast:
    """Make a version the one that planning reads; the one before it is superseded.

    Raises:
        NotFound, NotAllowed: as everywhere. ForecastPublishedAlready: it is, or it was.
        Invalid: nothing is in it.
    """
    found = forecast_for(by, forecast_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=found.brand_id)
    lock_program(found.program)
    forecast = forecast_for(by, forecast_id)
    if forecast.state != ForecastState.DRAFT:
        raise ForecastPublishedAlready
    if not forecast.points.exists():
        raise Invalid(_("Nothing is in this version yet. Type one day or upload a file."))
    _supersede(forecast, by=by, at=at)
    require_move(FORECAST_MOVES, forecast.state, ForecastState.PUBLISHED)
    forecast.state, forecast.published_at = ForecastState.PUBLISHED, at
    forecast.save(update_fields=["state", "published_at"])
    trail.record(
        "scheduling.publish_forecast",
        forecast,
        by=by,
        at=at,
        from_state=ForecastState.DRAFT,
        to_state=forecast.state,
        changes={"version": forecast.version},
    )
    published = ForecastPublished(forecast_id=forecast.pk, program_id=forecast.program_id)
    outbox.publish(published, at=at, brand_id=forecast.brand_id)
    return forecast


def _supersede(coming: Forecast, *, by: Actor, at: datetime) -> None:
    rows = Forecast.objects.for_brand(coming.brand_id)
    same_week = rows.of_week(coming.program_id, coming.channel, coming.week_starts_on)
    for standing in same_week.published().filter(language=coming.language):
        require_move(FORECAST_MOVES, standing.state, ForecastState.SUPERSEDED)
        standing.state = ForecastState.SUPERSEDED
        standing.save(update_fields=["state"])
        trail.record(
            "scheduling.supersede_forecast",
            standing,
            by=by,
            at=at,
            from_state=ForecastState.PUBLISHED,
            to_state=standing.state,
            changes={"version": standing.version, "by_version": coming.version},
        )


@transaction.atomic
def copy_week(
    *,
    program_id: UUID,
    channel: str,
    source_week: date,
    week_starts_on: date,
    by: Actor,
    at: datetime,
    level_percent: int = 100,
    seen_version: int | None = None,
    language: str = "",
) -> Forecast:
    """Copy a language's newest forecast of another week by weekday and wall clock, at a level of so many percent.

    Raises:
        NotFound, NotAllowed, Stale: as for saving.
        Invalid: the same week, nothing to copy, or a level outside 1 to 1,000.
    """
    program = program_of(by, program_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=program.brand_id)
    refuse_senseless_week(program, channel, week_starts_on)
    if not 1 <= level_percent <= MOST_LEVEL:
        raise Invalid(_("Type a level from 1 to 1,000 percent."), field="level_percent")
    language = language_in(program, language)
    source = newest_forecast(program.pk, channel, week_start(source_week), language=language)
    if source is None:
        raise Invalid(_("That week has no forecast yet. Choose another one."), field="source_week")
    if source.week_starts_on == week_starts_on:
        raise Invalid(_("A week cannot be copied onto itself."), field="source_week")
    level = Decimal(level_percent) / 100
    points = carried(points_of(source), program, source.week_starts_on, week_starts_on, level=level)
    draft = Forecast(
        channel=channel,
        language=language,
        week_starts_on=week_starts_on,
        source=DemandSource.COPIED,
        parent=source,
        provenance={
            "who": by.label,
            "week": source.week_starts_on.isoformat(),
            "version": source.version,
            "level_percent": level_percent,
        },
    )
    return write_version(program, draft, points, by=by, at=at, seen_version=seen_version)


def carried(points: Points, program: Program, source_week: date, target_week: date, *, level: Decimal) -> Points:
    """This function will carry a week's points to another week by weekday and wall clock.

    A quarter that the source week does not have expects nobody; of a doubled quarter the first counts, for both.
    """
    zone = zone_of(program.timezone)
    found: Points = {}
    for source_on, target_on in zip(days_of_week(source_week), days_of_week(target_week), strict=True):
        by_clock: dict[Any, tuple[Decimal, Decimal]] = {}
        for start in day_grid(source_on, zone):
            if start in points:
                by_clock.setdefault(start.astimezone(zone).time(), points[start])
        for start in day_grid(target_on, zone):
            volume, aht = by_clock.get(start.astimezone(zone).time(), (Decimal(0), Decimal(0)))
            if volume or aht:
                found[start] = (rounded(volume * level), aht)
    return found


def quarters_of(program: Program, week_starts_on: date, volumes: Sequence[TypedVolume]) -> Points:
    """This function will split what was typed into quarters of the week, sums kept.

    Raises:
        IntervalsInvalid: with what is wrong, by label.
    """
    problems = volume_problems(week_period(week_starts_on, zone_of(program.timezone)), volumes)
    if problems:
        shown = dict(list(problems.items())[:_SHOWN_PROBLEMS])
        label, words = next(iter(shown.items()))
        raise IntervalsInvalid(f"{label}: {words[0]}", problems=shown)
    points: Points = {}
    for one in volumes:
        starts = [step.starts_at for step in Period(one.starts_at, one.ends_at).steps(GRID_MINUTES)]
        aht = rounded(one.aht_seconds, Decimal("0.01"))
        for start, volume in zip(starts, split(one.volume, len(starts)), strict=True):
            points[start] = (volume, aht)
    return points


def volume_problems(week: Period, volumes: Sequence[TypedVolume]) -> dict[str, list[str]]:
    """This function will say what is wrong with each typed interval, by its label; nothing wrong gives nothing."""
    problems: dict[str, list[str]] = {}
    taken: dict[datetime, str] = {}
    for number, one in enumerate(volumes, 1):
        label = one.label or _("Interval %(n)s") % {"n": number}
        found = _time_problem(one, week) or figure_problem(one.volume, one.aht_seconds) or _overlap(one, label, taken)
        if found:
            problems.setdefault(label, []).append(found)
    return problems


def _time_problem(one: TypedVolume, week: Period) -> str:
    if one.ends_at <= one.starts_at:
        return _("The end must come after the start.")
    if not (is_on_grid(one.starts_at) and is_on_grid(one.ends_at)):
        return _("Times must fall on a quarter of an hour.")
    if one.starts_at < week.starts_at or one.ends_at > week.ends_at:
        return _("This time is not part of the week.")
    return ""


def figure_problem(volume: Decimal, aht_seconds: Decimal) -> str:
    """This function will say what is wrong with a number of contacts and their handling time, or nothing."""
    try:
        volume, aht_seconds = rounded(volume), rounded(aht_seconds, Decimal("0.01"))
    except InvalidOperation:
        return _("Type a number.")
    if not 0 <= volume <= MOST_CONTACTS:
        return _("Type a number of contacts from 0 to 1,000,000.")
    if not 0 <= aht_seconds <= LONGEST_SECONDS:
        return _("Type a handling time from 1 second to 24 hours.")
    if volume and not aht_seconds:
        return _("Contacts need a handling time. Type seconds, or minutes and seconds such as 4:30.")
    return ""


def _overlap(one: TypedVolume, label: str, taken: dict[datetime, str]) -> str:
    start = one.starts_at
    while start < one.ends_at:
        other = taken.setdefault(start, label)
        if other is not label:
            return _("Overlaps %(other)s.") % {"other": other}
        start += _QUARTER
    return ""
