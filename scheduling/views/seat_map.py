"""Who sits where: the seat map beside the board, and both on a screen on the wall."""

from collections import Counter
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound
from gigcx.kernel.intervals import zone_of
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import clock_text
from recruiting.models import Program
from scheduling.queries.seat_map import SeatMap, ShiftSeats, seat_map
from scheduling.queries.wallboard import Wallboard, programs_of_the_day, wallboard
from scheduling.states import SeatNow
from scheduling.views.wallboard import answered_if_moved, board_context, chosen_program, program_chips

_MOST_FREE: Final = 8
_TONES: Final = {
    SeatNow.ON_CONTACT: "busy",
    SeatNow.READY: "cover",
    SeatNow.WRAP: "cover",
    SeatNow.AUX: "over",
    SeatNow.CHALLENGE: "over",
    SeatNow.LOST: "short",
    SeatNow.AWAY: "short",
    SeatNow.LATE: "short",
    SeatNow.COMING: "accent",
    SeatNow.OFFERED: "line",
    SeatNow.FREE: "free",
}


@require_GET
@brand_page()
def seats(request: BrandRequest) -> HttpResponse:
    """This function will show who holds which seat of one program, now and in the next hour."""
    programs = programs_of_the_day(request.actor.brand_id, at=clock.now())
    chosen = chosen_program(request, programs)
    context: dict[str, Any] = {"page_title": _("Seats"), "program": chosen}
    if chosen is not None:
        context |= _map_context(seat_map(chosen, at=clock.now()))
        context |= {
            "chips": program_chips(programs, chosen) if len(programs) > 1 else [],
            "live_url": _address(request, "wallboard-seats-live", chosen),
            "board_url": _address(request, "wallboard", chosen),
            "screen_url": _address(request, "wallboard-screen", chosen),
        }
    return render(request, "scheduling/wallboard_seats.html", context)


@require_GET
@brand_page()
def seats_live(request: BrandRequest) -> HttpResponse:
    """This function will answer the map's moving part, or that nothing moved since the last answer."""
    found = seat_map(_program(request), at=clock.now())
    return answered_if_moved(request, found.fingerprint, "scheduling/_seat_map.html", lambda: _map_context(found))


@require_GET
@brand_page()
def screen(request: BrandRequest) -> HttpResponse:
    """This function will show board and seats large, without menus and without a button that changes anything."""
    at, program = clock.now(), _program(request)
    context = {
        "page_title": program.name,
        **_screen_context(request, wallboard(program, at=at), seat_map(program, at=at)),
        "live_url": _address(request, "wallboard-screen-live", program),
        "board_url": _address(request, "wallboard", program),
    }
    return render(request, "scheduling/wallboard_screen.html", context)


@require_GET
@brand_page()
def screen_live(request: BrandRequest) -> HttpResponse:
    """This function will answer the screen's moving part, or that nothing moved since the last answer."""
    at, program = clock.now(), _program(request)
    board, found = wallboard(program, at=at), seat_map(program, at=at)
    return answered_if_moved(
        request,
        f"{board.fingerprint}{found.fingerprint}",
        "scheduling/_wallboard_screen.html",
        lambda: _screen_context(request, board, found),
    )


def _program(request: BrandRequest) -> Program:
    chosen = chosen_program(request, programs_of_the_day(request.actor.brand_id, at=clock.now()))
    if chosen is None:
        raise NotFound
    return chosen


def _address(request: BrandRequest, name: str, program: Program) -> str:
    return f"{reverse(f'scheduling:{name}', kwargs={'slug': request.actor.brand.slug})}?program={program.pk}"


def _screen_context(request: BrandRequest, board: Wallboard, found: SeatMap) -> dict[str, Any]:
    """A wall is looked at by many: it shows no money, and nobody presses anything on it."""
    shown = board_context(request, board, clock.now())
    gaps = [{**one, "remedies": []} for one in shown["gaps"]]
    quiet = {"gaps": gaps, "budgets": [], "lull": [], "can_plan": False, "can_pay": False}
    return {**shown, **quiet, **_map_context(found)}


def _map_context(found: SeatMap) -> dict[str, Any]:
    counts = _counts(found)
    return {
        "map_program": found.program,
        "map_shifts": [_shift(one) for one in found.shifts],
        "map_hidden": found.hidden,
        "map_key": [{"label": one.label, "tone": _TONES[one], "count": counts[one]} for one in SeatNow if counts[one]],
    }


def _counts(found: SeatMap) -> Counter[SeatNow]:
    counts = Counter(seat.now for shift in found.shifts for seat in shift.held)
    for shift in found.shifts:
        counts[SeatNow.OFFERED] += shift.offered
        counts[SeatNow.FREE] += shift.free
    return counts


def _shift(one: ShiftSeats) -> dict[str, Any]:
    zone = zone_of(one.shift.timezone)
    shown = min(one.free, _MOST_FREE)
    return {
        "when": f"{clock_text(one.shift.starts_at, zone)} – {clock_text(one.shift.ends_at, zone)}",
        "words": ngettext("%(held)s of %(n)s seat held", "%(held)s of %(n)s seats held", one.shift.seats)
        % {"held": one.shift.filled, "n": one.shift.seats},
        "seats": [
            *(_seat(seat.name, seat.now, claim_id=seat.claim_id, is_standby=seat.is_standby) for seat in one.held),
            *(_seat("", SeatNow.OFFERED) for _number in range(min(one.offered, _MOST_FREE))),
            *(_seat("", SeatNow.FREE) for _number in range(shown)),
        ],
        "more_free": one.free - shown,
    }


def _seat(name: str, now: SeatNow, *, claim_id: UUID | None = None, is_standby: bool = False) -> dict[str, Any]:
    words = _("Standby: %(state)s") % {"state": now.label} if is_standby else str(now.label)
    return {"id": claim_id, "name": name, "words": words, "tone": _TONES[now]}
