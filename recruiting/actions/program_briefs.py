"""What a brand says about a program, checked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from gigcx.kernel.errors import Invalid
from gigcx.kernel.intervals import zone_of
from recruiting.actions.agents import checked_channels
from recruiting.actions.territories import country_code
from recruiting.actions.wording import cefr_level, chosen, language_tag, many_lines, one_line, whole
from recruiting.models import Skill
from recruiting.registries import ways_of_giving_out_work
from recruiting.states import EngagementMode, LineOfBusiness

_CLOCK: Final = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
_INTERVALS: Final = (15, 30, 60)


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """When the program is served, in its own time zone, Monday 0. "HH:MM"; an end at or before the start is next day."""

    weekday: int
    starts: str
    ends: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramBrief:
    """Everything a brand decides about a program. `languages` maps a tag to a CEFR level, `skills` a key to 1-5."""

    name: str
    summary: str = ""
    description: str = ""
    line_of_business: str = LineOfBusiness.CUSTOMER_CARE
    channels: Sequence[str] = ()
    engagement_mode: str = EngagementMode.SHIFT
    languages: Mapping[str, str] = field(default_factory=dict)
    skills: Mapping[str, int] = field(default_factory=dict)
    countries: Sequence[str] = ()
    equipment: Sequence[str] = ()
    sensitivity_ceiling: int = 0
    timezone: str = "UTC"
    service_hours: Sequence[ServiceHours] = ()
    interval_minutes: int = 30
    lock_down_hours: int = 24
    undo_minutes: int = 5
    launch_minimum: int = 5
    is_launched_at_minimum: bool = True
    is_auto_accepting: bool = False


def columns_of(brief: ProgramBrief, *, kept_mode: str = "") -> dict[str, Any]:
    """This function will return the program's columns from a brief; a program may keep the mode it has.

    Raises:
        Invalid: names the field at fault and what to do.
    """
    zone_of(brief.timezone)
    return {
        "timezone": brief.timezone,
        "is_launched_at_minimum": bool(brief.is_launched_at_minimum),
        "is_auto_accepting": bool(brief.is_auto_accepting),
        "name": one_line(brief.name, field="name", limit=80),
        "summary": one_line(brief.summary, field="summary", limit=240, is_required=False),
        "description": many_lines(brief.description, field="description", limit=8000),
        "line_of_business": _one_of(brief.line_of_business, LineOfBusiness.values, field="line_of_business"),
        "engagement_mode": _one_of(
            brief.engagement_mode, [*ways_of_giving_out_work(), kept_mode], field="engagement_mode"
        ),
        "channels": checked_channels(brief.channels),
        "languages": _languages(brief.languages),
        "required_skills": _skills(brief.skills),
        "countries": sorted({country_code(code, field="countries") for code in brief.countries}),
        "equipment": _equipment(brief.equipment),
        "service_hours": _service_hours(brief.service_hours),
        **_numbers(brief),
    }


def _equipment(lines: Sequence[str]) -> list[str]:
    if len(lines) > 12:
        raise Invalid(_("Name at most twelve things."), field="equipment")
    return [one_line(line, field="equipment", limit=80) for line in lines]


def _numbers(brief: ProgramBrief) -> dict[str, int]:
    if brief.interval_minutes not in _INTERVALS:
        raise Invalid(_("Plan in intervals of 15, 30 or 60 minutes."), field="interval_minutes")
    ranges = {
        "sensitivity_ceiling": (0, 3),
        "lock_down_hours": (0, 168),
        "undo_minutes": (0, 60),
        "launch_minimum": (1, 5000),
    }
    numbers = {
        name: whole(getattr(brief, name), field=name, lowest=low, highest=high) for name, (low, high) in ranges.items()
    }
    return {"interval_minutes": brief.interval_minutes, **numbers}


def _one_of(value: str, values: Iterable[str], *, field: str) -> str:
    return chosen([value], field=field, among=list(values))[0]


def _languages(wanted: Mapping[str, str]) -> list[dict[str, str]]:
    if len(wanted) > 5:
        raise Invalid(_("Ask for at most five languages."), field="languages")
    return [{"tag": language_tag(tag), "level": cefr_level(level)} for tag, level in wanted.items()]


def _skills(wanted: Mapping[str, int]) -> list[dict[str, Any]]:
    known = set(Skill.objects.filter(key__in=list(wanted), is_retired=False).values_list("key", flat=True))
    unknown = sorted(set(wanted) - known)
    if unknown:
        raise Invalid(_("There is no skill called %(key)s.") % {"key": unknown[0][:60]}, field="skills")
    return [{"key": key, "level": whole(level, field="skills", lowest=1, highest=5)} for key, level in wanted.items()]


def _service_hours(hours: Sequence[ServiceHours]) -> list[dict[str, Any]]:
    for stretch in hours:
        if not (_CLOCK.match(stretch.starts) and _CLOCK.match(stretch.ends) and 0 <= stretch.weekday <= 6):
            raise Invalid(_("Give hours as 09:00 and 21:00, Monday to Sunday."), field="service_hours")
        if stretch.starts == stretch.ends and stretch.starts != "00:00":
            raise Invalid(_("The end must differ from the start; 00:00 to 00:00 is all day."), field="service_hours")
    return [{"weekday": one.weekday, "from": one.starts, "to": one.ends} for one in hours]
