"""Recurring demand: written once, pencilled in week by week, ahead of time and never twice."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, MoveRefused, Stale
from gigcx.kernel.intervals import GRID_MINUTES, week_start
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.roles import Permission
from scheduling.actions.intervals import TypedInterval, set_intervals
from scheduling.actions.requests import draft_request
from scheduling.design.expand import rows_from, wall_overlaps
from scheduling.errors import IntervalsInvalid
from scheduling.models import CapacityRequest, DemandTemplate, TemplateWeek
from scheduling.models.demand import MAX_AGENTS
from scheduling.queries.doors import program_of
from scheduling.queries.languages import language_in, refuse_foreign_channel
from scheduling.queries.templates import demand_of_week, is_in_hand, standing_demand, template_for
from scheduling.states import TEMPLATE_MOVES, TemplateState

_QUARTER: Final = timedelta(minutes=GRID_MINUTES)
_MOST_ROWS: Final = 40
_MOST_SKIPPED: Final = 200


def save_template(
    *,
    program_id: UUID,
    channel: str,
    name: str,
    rows: Sequence[dict[str, Any]],
    anchor_on: date,
    by: Actor,
    at: datetime,
    every_weeks: int = 1,
    ends_on: date | None = None,
    skip_dates: Sequence[date] = (),
    template_id: UUID | None = None,
    seen_version: int | None = None,
    language: str = "",
) -> DemandTemplate:
    """Write recurring demand down, or change it; weeks that are pencilled in already stay as they are.

    `rows` are `{"weekdays": [1..7], "from": "22:00", "to": "06:00", "agents": 4}` in the program's wall time.

    Raises:
        NotFound, NotAllowed: as everywhere. Stale: it changed since `seen_version`. MoveRefused: it has ended.
        Invalid: no name, a name in use, no such channel or language, an odd step.
        IntervalsInvalid: rows that overlap or cannot be.
    """
    program = program_of(by, program_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=program.brand_id)
    refuse_foreign_channel(program, channel)
    _refuse_senseless(name, rows, every_weeks, skip_dates)
    fields = {
        "channel": channel,
        "language": language_in(program, language),
        "name": name.strip(),
        "timezone": program.timezone,
        "every_weeks": every_weeks,
        "anchor_on": week_start(anchor_on),
        "ends_on": ends_on,
        "skip_dates": sorted({one.isoformat() for one in skip_dates}),
        "rows": list(rows),
    }
    try:
        with transaction.atomic():
            template = _changed(template_id, seen_version, by) if template_id else None
            template = template or DemandTemplate(brand_id=program.brand_id, program=program, created_at=at, version=0)
            for field, value in fields.items():
                setattr(template, field, value)
            template.version += 1
            template.save()
            trail.record(
                "scheduling.save_template",
                template,
                by=by,
                at=at,
                to_state=template.state,
                changes={"name": template.name, "version": template.version},
            )
            return template
    except IntegrityError as taken:
        raise Invalid(_("Another template of this channel and language has that name."), field="name") from taken


def pause_template(*, template_id: UUID, by: Actor, at: datetime) -> DemandTemplate:
    """Stop a template from filling weeks until it is resumed. Raises MoveRefused where it does not run."""
    return _moved(template_id, TemplateState.PAUSED, "scheduling.pause_template", by, at)


def resume_template(*, template_id: UUID, by: Actor, at: datetime) -> DemandTemplate:
    """Let a paused template fill weeks again. Raises MoveRefused where it is not paused."""
    return _moved(template_id, TemplateState.ACTIVE, "scheduling.resume_template", by, at)


def end_template(*, template_id: UUID, by: Actor, at: datetime) -> DemandTemplate:
    """End a template for good; what it pencilled in stays. Raises MoveRefused where it has ended."""
    return _moved(template_id, TemplateState.ENDED, "scheduling.end_template", by, at)


@transaction.atomic
def materialize_template(*, template_id: UUID, week_starts_on: date, by: Actor, at: datetime) -> CapacityRequest | None:
    """Pencil one week of a template in, once. What a planner pencilled stays, and promised agents are not asked for again.

    Returns the request, or None where nothing was left to ask for, the week was filled before, or somebody has it priced
    (then it is tried again later).

    Raises:
        NotFound, NotAllowed: as everywhere. MoveRefused: it is paused or has ended.
    """
    template = _locked(template_id, by)
    if template.state != TemplateState.ACTIVE:
        raise MoveRefused(_("This template is paused or has ended."))
    weeks = TemplateWeek.objects.for_brand(template.brand_id).filter(template=template, week_starts_on=week_starts_on)
    if weeks.exists() or is_in_hand(template, week_starts_on):
        return None
    TemplateWeek.objects.create(
        brand_id=template.brand_id,
        template=template,
        week_starts_on=week_starts_on,
        template_version=template.version,
        filled_at=at,
    )
    pencilled, promised = standing_demand(template, week_starts_on)
    missing = {
        start: agents - promised.get(start, 0)
        for start, agents in demand_of_week(template, week_starts_on).items()
        if start >= at and start not in pencilled and agents > promised.get(start, 0)
    }
    if not missing:
        return None
    return _pencilled(template, week_starts_on, missing, by, at)


def _pencilled(
    template: DemandTemplate, week_starts_on: date, missing: dict[datetime, int], by: Actor, at: datetime
) -> CapacityRequest:
    request = draft_request(
        program_id=template.program_id,
        channel=template.channel,
        language=template.language,
        week_starts_on=week_starts_on,
        title=template.name,
        by=by,
        at=at,
    )
    intervals = [TypedInterval(start, start + _QUARTER, agents) for start, agents in sorted(missing.items())]
    request = set_intervals(request_id=request.pk, intervals=intervals, by=by, at=at)
    request.template = template
    request.save(update_fields=["template"])
    trail.record(
        "scheduling.materialize_template",
        template,
        by=by,
        at=at,
        changes={"week": week_starts_on.isoformat(), "number": request.number},
    )
    return request


def _refuse_senseless(name: str, rows: Sequence[dict[str, Any]], every_weeks: int, skip_dates: Sequence[date]) -> None:
    if not name.strip():
        raise Invalid(_("Give it a name."), field="name")
    if not 1 <= every_weeks <= 52:
        raise Invalid(_("Every 1 to 52 weeks."), field="every_weeks")
    if len(skip_dates) > _MOST_SKIPPED:
        raise Invalid(_("At most 200 days can be skipped."), field="skip_dates")
    if not 0 < len(rows) <= _MOST_ROWS:
        raise Invalid(_("Give at least one row: days, from, to and agents."), field="rows")
    problems = {_("Row %(n)s") % {"n": n}: [words] for n, row in enumerate(rows, 1) if (words := _row_problem(row))}
    overlap = None if problems else wall_overlaps(rows_from(rows))
    if overlap:
        problems[_("Row %(n)s") % {"n": overlap[1]}] = [_("It asks for times that row %(n)s has.") % {"n": overlap[0]}]
    if problems:
        label, told = next(iter(problems.items()))
        raise IntervalsInvalid(f"{label}: {told[0]}", problems=problems)


def _row_problem(row: dict[str, Any]) -> str:
    try:
        (read,) = rows_from([row])
    except (KeyError, TypeError, ValueError):
        return _("Give days, a time from, a time to and a number of agents.")
    if not read.weekdays or not set(read.weekdays) <= set(range(1, 8)):
        return _("Choose at least one day.")
    if any(_is_off_grid(one) for one in (read.start, read.end)):
        return _("Times must fall on a quarter of an hour.")
    return "" if 1 <= read.agents <= MAX_AGENTS else _("Type a whole number from 1 to 10,000.")


def _is_off_grid(clock: time) -> bool:
    return bool(clock.minute % GRID_MINUTES or clock.second or clock.microsecond)


def _locked(template_id: UUID, by: Actor) -> DemandTemplate:
    found = template_for(by, template_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=found.brand_id)
    rows = DemandTemplate.objects.across_brands().select_for_update(of=("self",), no_key=True)
    return rows.select_related("program", "brand").get(pk=template_id)


def _changed(template_id: UUID, seen_version: int | None, by: Actor) -> DemandTemplate:
    template = _locked(template_id, by)
    if seen_version is not None and seen_version != template.version:
        raise Stale
    if template.state == TemplateState.ENDED:
        require_move(TEMPLATE_MOVES, template.state, TemplateState.ACTIVE)
    return template


@transaction.atomic
def _moved(template_id: UUID, target: TemplateState, action: str, by: Actor, at: datetime) -> DemandTemplate:
    template = _locked(template_id, by)
    current = template.state
    require_move(TEMPLATE_MOVES, current, target)
    template.state = target
    template.save(update_fields=["state"])
    trail.record(action, template, by=by, at=at, from_state=current, to_state=target)
    return template
