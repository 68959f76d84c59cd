"""Which week of which program's channel a page of planning shows, and the ways to the weeks beside it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound
from gigcx.kernel.intervals import week_start, zone_of
from gigcx.web.access import BrandRequest
from gigcx.web.formats import city_of
from recruiting.models import Program
from recruiting.states import Channel
from scheduling.queries.weeks import days_of_week

ZOOMS = (15, 30, 60)


@dataclass(frozen=True, slots=True)
class Place:
    """Which week of which program's channel, and how it is looked at."""

    program: Program
    channel: str
    week: date
    zoom: int
    day: date
    is_all_hours: bool

    def url(self, slug: str, *, page: str = "capacity", **changes: Any) -> str:
        """The address of the page here, or somewhere near."""
        query = {
            "program": self.program.pk,
            "channel": self.channel,
            "week": self.week.isoformat(),
            "zoom": self.zoom,
            "day": self.day.isoformat(),
            **({"hours": "all"} if self.is_all_hours else {}),
            **changes,
        }
        return f"{reverse(f'scheduling:{page}', kwargs={'slug': slug})}?{urlencode(query)}"

    def initial(self, version: int | None) -> dict[str, Any]:
        """What the page's forms carry."""
        return {
            "program": self.program.pk,
            "channel": self.channel,
            "week": self.week.isoformat(),
            "zoom": self.zoom,
            "version": version,
        }


def place_of(request: BrandRequest, programs: list[Program]) -> Place:
    """This function will read the address; a stranger's program is no place."""
    if not programs:
        raise NotFound
    wanted = request.GET.get("program", "")
    program = next((one for one in programs if str(one.pk) == wanted), None)
    if program is None and wanted:
        raise NotFound
    program = program or programs[0]
    today = clock.now().astimezone(zone_of(program.timezone)).date()
    week = week_start(date_or(request.GET.get("week", ""), today))
    zoom = int(request.GET["zoom"]) if request.GET.get("zoom") in {"15", "30", "60"} else program.interval_minutes
    channel = request.GET.get("channel", "")
    channel = channel if channel in program.channels else (program.channels or [""])[0]
    return Place(program, channel, week, zoom, day_in(request.GET.get("day", ""), week, today), _wants_all(request))


def _wants_all(request: HttpRequest) -> bool:
    return request.GET.get("hours") == "all"


def date_or(text: str, otherwise: date) -> date:
    """The date of an address; beyond a century from now the calendar itself ends."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if abs(found.year - otherwise.year) < 100 else otherwise


def day_in(text: str, week: date, today: date) -> date:
    """This function will return the day asked for, or today, or the week's first."""
    days = days_of_week(week)
    wanted = date_or(text, today)
    return wanted if wanted in days else days[0]


def frame(request: BrandRequest, place: Place, programs: list[Program], *, page: str = "capacity") -> dict[str, Any]:
    """This function will bring what stands around a week: programs, channels, zoom, the weeks beside it."""
    slug, week = request.actor.brand.slug, timedelta(days=7)
    first, last = place.week, place.week + timedelta(days=6)
    return {
        "place": place,
        "programs": [
            {
                "label": one.name,
                "url": place.url(slug, page=page, program=one.pk, channel=""),
                "is_current": one.pk == place.program.pk,
            }
            for one in programs
        ],
        "channels": [
            {
                "label": str(Channel(one).label) if one in Channel.values else one,
                "url": place.url(slug, page=page, channel=one),
                "is_current": one == place.channel,
            }
            for one in place.program.channels
        ],
        "zooms": [
            {
                "label": f"{zoom} min" if zoom == place.zoom else str(zoom),
                "url": place.url(slug, page=page, zoom=zoom),
                "is_current": zoom == place.zoom,
            }
            for zoom in ZOOMS
        ],
        "week_text": f"{first:%-d} – {last:%-d %b %Y}"
        if first.month == last.month
        else f"{first:%-d %b} – {last:%-d %b %Y}",
        "before_url": place.url(slug, page=page, week=(first - week).isoformat(), day=""),
        "after_url": place.url(slug, page=page, week=(first + week).isoformat(), day=""),
        "hours_url": place.url(slug, page=page, hours="" if place.is_all_hours else "all"),
        "paste_url": place.url(slug, page="capacity-paste"),
        "zone_city": city_of(place.program.timezone),
        "day_base_url": place.url(slug, page=page, day="").removesuffix("&day="),
    }
