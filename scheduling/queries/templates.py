"""Recurring demand: what templates will make, where the clocks get in their way, and which weeks are due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from gigcx.kernel.errors import NotFound
from gigcx.kernel.intervals import week_start, zone_of
from gigcx.tenancy.actors import Actor
from scheduling.design.expand import Block, demand_of, expand_template, repeats_in, rows_from
from scheduling.models import CapacityRequest, DemandTemplate, RequestedInterval, TemplateWeek
from scheduling.states import COMMITTED, PLANNING, DesignState, RequestState, TemplateState

WEEKS_AHEAD: Final = 4
_WEEKS_WARNED: Final = 30


@dataclass(frozen=True, slots=True)
class TemplateWeekPlan:
    """One coming week of a template: agents by quarter, and whether it is pencilled in already."""

    week_starts_on: date
    demand: dict[datetime, int]
    is_made: bool

    @property
    def agent_quarters(self) -> int:
        """Its sum in quarters of an hour."""
        return sum(self.demand.values())


def template_for(actor: Actor, template_id: UUID) -> DemandTemplate:
    """This function will return the template with its program.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    rows = DemandTemplate.objects.for_actor(actor).select_related("program", "brand")
    found = rows.filter(pk=template_id).first()
    if found is None:
        raise NotFound
    return found


def templates_of(actor: Actor) -> QuerySet[DemandTemplate]:
    """This function will return the templates that still can recur, by program and name."""
    rows = DemandTemplate.objects.for_actor(actor).exclude(state=TemplateState.ENDED).select_related("program")
    return rows.order_by("program__name", "name", "pk")


def demand_of_week(template: DemandTemplate, week_starts_on: date) -> dict[datetime, int]:
    """This function will return what a template asks for in a week, by quarter.

    A week that it skips still has the end of the Sunday night before, where the week before is not skipped.
    """
    has_before = _repeats(template, week_starts_on - timedelta(days=7))
    ends_on, is_skipped = template.ends_on, not _repeats(template, week_starts_on)
    if is_skipped and not has_before:
        return {}
    if is_skipped:
        sunday = week_starts_on - timedelta(days=1)
        ends_on = min(sunday, ends_on) if ends_on else sunday
    return demand_of(
        rows_from(template.rows),
        zone=zone_of(template.timezone),
        week_starts_on=week_starts_on,
        skip_dates=_skipped(template),
        ends_on=ends_on,
        begins_on=None if has_before else week_starts_on,
    )


def coming_weeks(template: DemandTemplate, *, at: datetime) -> list[TemplateWeekPlan]:
    """This function will return the next weeks that a template fills, this one included, with one query."""
    made = set(
        TemplateWeek.objects.for_brand(template.brand_id)
        .filter(template=template)
        .values_list("week_starts_on", flat=True)
    )
    return [TemplateWeekPlan(week, demand_of_week(template, week), week in made) for week in _due_weeks(template, at)]


def clock_warnings(template: DemandTemplate, *, at: datetime) -> list[Block]:
    """This function will return the blocks of the next thirty weeks that a clock change moves, doubles or stretches."""
    first = _this_week(template, at)
    weeks = (first + timedelta(weeks=step) for step in range(_WEEKS_WARNED))
    rows, zone = rows_from(template.rows), zone_of(template.timezone)
    return [
        block
        for week in weeks
        if _repeats(template, week)
        for block in expand_template(
            rows, zone=zone, week_starts_on=week, skip_dates=_skipped(template), ends_on=template.ends_on
        )
        if block.flag
    ]


def weeks_to_materialize(*, at: datetime) -> list[tuple[UUID, date]]:
    """This function will return the weeks up to four ahead that active templates have not pencilled in yet."""
    made = set(TemplateWeek.objects.across_brands().values_list("template_id", "week_starts_on"))
    active = DemandTemplate.objects.across_brands().filter(state=TemplateState.ACTIVE).order_by("created_at", "pk")
    return [
        (template.pk, week)
        for template in active
        for week in _due_weeks(template, at)
        if (template.pk, week) not in made
    ]


def standing_demand(template: DemandTemplate, week_starts_on: date) -> tuple[set[datetime], Mapping[datetime, int]]:
    """This function will return the quarters that are pencilled in already, and the agents promised by quarter."""
    rows = RequestedInterval.objects.for_brand(template.brand_id).filter(
        request__program_id=template.program_id,
        request__channel=template.channel,
        request__language=template.language,
        request__week_starts_on=week_starts_on,
        request__state__in=[*PLANNING, *COMMITTED],
    )
    pencilled: set[datetime] = set()
    promised: dict[datetime, int] = {}
    for start, agents, state in rows.values_list("starts_at", "agents", "request__state"):
        if state in PLANNING:
            pencilled.add(start)
        else:
            promised[start] = promised.get(start, 0) + agents
    return pencilled, promised


def is_in_hand(template: DemandTemplate, week_starts_on: date) -> bool:
    """This function will tell whether somebody has the week designed or priced: its demand must not change under them."""
    rows = CapacityRequest.objects.for_brand(template.brand_id)
    week = rows.of_week(template.program_id, template.channel, week_starts_on, language=template.language)
    planned = week.planning()
    return planned.exclude(state=RequestState.DRAFT, design_state=DesignState.NONE).exists()


def _this_week(template: DemandTemplate, at: datetime) -> date:
    return week_start(at.astimezone(zone_of(template.timezone)).date())


def _due_weeks(template: DemandTemplate, at: datetime) -> list[date]:
    first = _this_week(template, at)
    weeks = (first + timedelta(weeks=step) for step in range(WEEKS_AHEAD + 1))
    return [week for week in weeks if _repeats(template, week) or _is_reached(template, week)]


def _repeats(template: DemandTemplate, week: date) -> bool:
    return repeats_in(week, anchor_on=template.anchor_on, every_weeks=template.every_weeks, ends_on=template.ends_on)


def _is_reached(template: DemandTemplate, week: date) -> bool:
    """Whether the night of the Sunday before runs into a week that the template itself skips."""
    nights = [row for row in rows_from(template.rows) if 7 in row.weekdays and time(0) < row.end <= row.start]
    return bool(nights) and _repeats(template, week - timedelta(days=7)) and bool(demand_of_week(template, week))


def _skipped(template: DemandTemplate) -> set[date]:
    return {date.fromisoformat(one) for one in template.skip_dates}
