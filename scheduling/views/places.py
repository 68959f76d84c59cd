"""Which week of which program's channel and language a page of planning shows, and the ways to the weeks beside it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol, TypedDict
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.intervals import week_start, zone_of
from gigcx.web.access import BrandRequest
from gigcx.web.formats import city_of
from recruiting.models import Program
from recruiting.states import Channel
from scheduling.queries.languages import ANY, language_choices, language_in, language_words
from scheduling.queries.weeks import days_of_week

ZOOMS = (15, 30, 60)


class Where(TypedDict):
    """What demand is of, as actions ask for it."""

    program_id: UUID
    channel: str
    language: str


@dataclass(frozen=True, slots=True)
class Place:
    """Which week of which program's channel, and how it is looked at."""

    program: Program
    channel: str
    week: date
    zoom: int
    day: date
    is_all_hours: bool
    language: str = ""

    @property
    def where(self) -> Where:
        """What demand typed here is of."""
        return {"program_id": self.program.pk, "channel": self.channel, "language": self.language}

    def url(self, slug: str, *, page: str = "capacity", **changes: Any) -> str:
        """The address of the page here, or somewhere near."""
        query = {
            "program": self.program.pk,
            "channel": self.channel,
            "week": self.week.isoformat(),
            "zoom": self.zoom,
            "day": self.day.isoformat(),
            **({"hours": "all"} if self.is_all_hours else {}),
            **({"language": self.language} if self.language else {}),
            **changes,
        }
        return f"{reverse(f'scheduling:{page}', kwargs={'slug': slug})}?{urlencode(query)}"

    def initial(self, version: int | None) -> dict[str, Any]:
        """What the page's forms carry."""
        return {
            "program": self.program.pk,
            "channel": self.channel,
            "language": self.language,
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
    day = day_in(request.GET.get("day", ""), week, today)
    return Place(program, channel, week, zoom, day, _wants_all(request), _language_or(program, request))


def _language_or(program: Program, request: HttpRequest) -> str:
    """The language of an address; one that the program does not serve is any."""
    try:
        return language_in(program, request.GET.get("language", "")[:20].replace("\x00", ""))
    except Invalid:
        return ANY


class Planned(Protocol):
    """Something that was made for a week of a program's channel and language."""

    program_id: UUID
    channel: str
    language: str


def week_address(made: Planned, week: date | None, slug: str, *, page: str = "capacity") -> str:
    """This function will return the page of the week that something was made for."""
    query: dict[str, Any] = {"program": made.program_id, "channel": made.channel}
    query |= {"week": week.isoformat()} if week else {}
    query |= {"language": made.language} if made.language else {}
    return f"{reverse(f'scheduling:{page}', kwargs={'slug': slug})}?{urlencode(query)}"


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
                "url": place.url(slug, page=page, program=one.pk, channel="", language=""),
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
        "languages": _languages(place, slug, page),
        "language_text": language_words(place.language),
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


def _languages(place: Place, slug: str, page: str) -> list[dict[str, Any]]:
    """What demand may be in; nothing to choose where the program serves one language."""
    known = language_choices(place.program)
    if len(known) <= 2 and not place.language:  # any, and the only one
        return []
    return [
        {
            "label": label,
            "url": place.url(slug, page=page, language=tag),
            "is_current": tag == place.language,
        }
        for tag, label in known
    ]
