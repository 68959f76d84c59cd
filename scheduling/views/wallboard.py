"""The board of the day, and its presses."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.intervals import zone_of
from gigcx.kernel.money import Money, exponent_of
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import clock_text, duration_text, money_text, percent_text
from recruiting.models import Program
from scheduling import actions
from scheduling.forms.day import RemedyBudgetForm
from scheduling.models import Remedy
from scheduling.queries.coverage import axis_ticks
from scheduling.queries.doors import request_for
from scheduling.queries.intraday import Step
from scheduling.queries.languages import language_words
from scheduling.queries.remedies import remedy_for
from scheduling.queries.wallboard import BoardGap, Wallboard, programs_of_the_day, work_of_the_day
from scheduling.queries.wallboard import wallboard as read_board
from scheduling.states import RemedyKind


@require_GET
@brand_page()
def wallboard(request: BrandRequest) -> HttpResponse:
    """This function will show one program's day."""
    at, programs = clock.now(), programs_of_the_day(request.actor.brand_id, at=clock.now())
    chosen = chosen_program(request, programs)
    context: dict[str, Any] = {"page_title": _("The day"), "programs": programs}
    if chosen is not None:
        context |= board_context(request, read_board(chosen, at=at), at)
        context["chips"] = program_chips(programs, chosen)
    return render(request, "scheduling/wallboard_page.html", context)


@require_GET
@brand_page()
def wallboard_live(request: BrandRequest) -> HttpResponse:
    """This function will answer the board's moving part, or that nothing moved since the last answer."""
    at, programs = clock.now(), programs_of_the_day(request.actor.brand_id, at=clock.now())
    chosen = chosen_program(request, programs)
    if chosen is None:
        raise NotFound
    board = read_board(chosen, at=at)
    return answered_if_moved(
        request, board.fingerprint, "scheduling/_wallboard.html", lambda: board_context(request, board, at)
    )


def answered_if_moved(
    request: BrandRequest, fingerprint: str, template: str, context: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """This function will draw a moving part, or say that nothing moved since the answer that the browser kept."""
    tag = quote_etag(fingerprint)
    known = parse_etags(request.headers.get("If-None-Match", ""))
    answer: HttpResponse
    answer = HttpResponseNotModified() if tag in known else render(request, template, context())
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def program_chips(programs: Sequence[Program], chosen: Program) -> list[dict[str, Any]]:
    """This function will list the programs to choose from."""
    return [
        {"label": one.name, "url": f"?program={one.pk}", "is_on": one.pk == chosen.pk, "count": None}
        for one in programs
    ]


def chosen_program(request: BrandRequest, programs: Sequence[Program]) -> Program | None:
    """This function will return the program in the address, else the first.

    Raises:
        NotFound: it is not one of them.
    """
    wanted = request.GET.get("program", "")
    if not wanted:
        return programs[0] if programs else None
    found = next((one for one in programs if str(one.pk) == wanted), None)
    if found is None:
        raise NotFound
    return found


def board_context(request: BrandRequest, board: Wallboard, at: datetime) -> dict[str, Any]:
    """This function will say in words and pictures what the board holds."""
    zone = zone_of(board.program.timezone)
    slug = request.actor.brand.slug
    return {
        "board": board,
        "headline": headline(board, zone),
        "figures": figures(board),
        "picture": picture(board.steps, zone, at),
        "gaps": [_gap(one, zone) for one in board.gaps],
        "lull": [_remedy(one) for one in board.lull],
        "incidents": [
            {
                "id": one.pk,
                "title": one.title,
                "state": one.get_state_display(),
                "since": clock_text(one.starts_at, zone),
            }
            for one in board.incidents
        ],
        "budgets": [_budget(one) for one in board.budgets],
        "live_url": reverse("scheduling:wallboard-live", kwargs={"slug": slug}) + f"?program={board.program.pk}",
        "incidents_url": reverse("scheduling:incidents", kwargs={"slug": slug}),
        "can_plan": request.actor.can(Permission.PLAN_CAPACITY),
        "can_pay": request.actor.can(Permission.ACCEPT_QUOTES),
        "board_program": board.program,
    }


def headline(board: Wallboard, zone: ZoneInfo) -> str:
    """This function will say in one sentence how the program stands now."""
    missing = board.required - board.checked_in
    if not board.required:
        return _("Nobody is needed right now.") if not board.checked_in else _("More people are there than are needed.")
    if missing > 0:
        words = ngettext("%(n)s person is missing now.", "%(n)s people are missing now.", missing)
        return words % {"n": missing}
    later = next((one for one in board.gaps if one.gap.starts_at > board.steps[0].starts_at), None)
    if later is not None:
        return _("Covered now, short by %(n)s from %(clock)s.") % {
            "n": later.gap.people,
            "clock": clock_text(later.gap.starts_at, zone),
        }
    return _("Covered for the next four hours.")


def figures(board: Wallboard) -> list[dict[str, Any]]:
    """This function will return the board's figures in the order they are read."""
    level = board.service_level
    forecast = _("%(n)s asked for") % {"n": board.requested} if board.requested != board.required else ""
    return [
        _figure(_("Needed now"), board.required, forecast),
        _figure(_("At their desks"), board.checked_in, _("of %(n)s claimed") % {"n": board.claimed}, _tone(board)),
        _figure(_("On contact"), board.on_contact, _desk_words(board)),
        _figure(_("Late"), board.late, "", "short" if board.late else ""),
        _figure(_("No connection"), board.lost, "", "short" if board.lost else ""),
        _figure(_("Own staff"), board.in_house, ""),
        _figure(
            _("Answered in time"),
            percent_text(level.share) if level else "–",
            _("%(n)s offered in 2 h") % {"n": level.offered} if level else _("no figures yet"),
        ),
        _figure(
            _("Waiting"),
            "–" if board.backlog is None else board.backlog,
            _("not connected") if board.backlog is None else "",
        ),
    ]


def _figure(name: str, value: object, words: str, tone: str = "") -> dict[str, Any]:
    return {"name": name, "value": str(value), "words": words, "tone": tone}


def _tone(board: Wallboard) -> str:
    return "short" if board.checked_in < board.required else "cover" if board.required else ""


def _desk_words(board: Wallboard) -> str:
    return _("%(ready)s ready, %(wrap)s wrapping up, %(aux)s paused") % {
        "ready": board.ready,
        "wrap": board.wrapping_up,
        "aux": board.paused,
    }


def picture(steps: Sequence[Step], zone: ZoneInfo, at: datetime) -> dict[str, Any]:
    """This function will draw the next four hours: who is sure, who claimed, what is missing; needed as a line."""
    peak = max((max(one.needed, one.claimed) for one in steps), default=0) or 1
    width, unit = 760 / max(1, len(steps)), 120 / peak
    bars, path = [], ""
    for place, one in enumerate(steps):
        x, top = 34 + place * width, 140 - one.needed * unit
        covered = min(one.claimed, one.needed)
        bars.append(
            {
                "x": f"{x + 1:.1f}",
                "width": f"{width - 2:.1f}",
                "y": f"{140 - covered * unit:.1f}",
                "height": f"{covered * unit:.1f}",
                "short_y": f"{top:.1f}",
                "short": f"{one.short * unit:.1f}" if one.short > 0 else "",
                "over_y": f"{140 - one.claimed * unit:.1f}",
                "over": f"{-one.short * unit:.1f}" if one.short < 0 else "",
            }
        )
        path += f"{'L' if path else 'M'}{x:.1f} {top:.1f}L{x + width:.1f} {top:.1f}"
    short = [one for one in steps if one.short > 0]
    return {
        "bars": bars,
        "line": path,
        "ticks": [{"y": f"{140 - n * unit:.1f}", "label_y": f"{144 - n * unit:.1f}", "n": n} for n in axis_ticks(peak)],
        "hours": [
            {"x": f"{34 + place * width:.1f}", "label": clock_text(one.starts_at, zone)}
            for place, one in enumerate(steps)
            if place % 4 == 0
        ],
        "words": _("%(n)s of %(all)s quarter hours are short.") % {"n": len(short), "all": len(steps)},
    }


def _gap(one: BoardGap, zone: ZoneInfo) -> dict[str, Any]:
    gap = one.gap
    return {
        "channel": one.channel,
        "language": language_words(one.language) if one.language else "",
        "when": f"{clock_text(gap.starts_at, zone)} – {clock_text(gap.ends_at, zone)}",
        "people": gap.people,
        "minutes": duration_text(gap.minutes),
        "needed": gap.needed,
        "expected": gap.expected,
        "remedies": [_remedy(remedy) for remedy in one.remedies],
    }


def _remedy(one: Remedy) -> dict[str, Any]:
    each = Money(round(one.cost_minor / one.covered_minutes), one.currency) if one.covered_minutes else None
    return {
        "id": one.pk,
        "label": one.get_kind_display(),
        "words": _words(one),
        "seats": one.seats,
        "minutes": duration_text(one.covered_minutes) if one.covered_minutes else "",
        "cost": money_text(Money(one.cost_minor, one.currency)) if one.cost_minor else _("no extra cost"),
        "each": money_text(each) if each and each.amount_minor else "",
    }


def _words(one: Remedy) -> str:
    shift = one.shift
    when = (
        f"{clock_text(shift.starts_at, zone_of(shift.timezone))} – {clock_text(shift.ends_at, zone_of(shift.timezone))}"
        if shift
        else ""
    )
    sentences = {
        RemedyKind.STANDBY: _("They are ready now: shift %(when)s"),
        RemedyKind.WAITLIST: _("Added to the shift %(when)s, those in line are asked first"),
        RemedyKind.INCENTIVE: _("Every hour of the shift %(when)s pays more, for all who hold a seat"),
        RemedyKind.EXTEND: _("Those on the shift %(when)s are asked to stay"),
        RemedyKind.VTO: _("Those on the shift %(when)s may leave early, without a mark"),
        RemedyKind.OWN_STAFF: _("Your own people take the desk; nobody is asked"),
    }
    sentence = sentences[RemedyKind(one.kind)]
    return sentence % {"when": when} if "%(when)s" in sentence else sentence


def _budget(one: Any) -> dict[str, Any]:
    return {
        "id": one.request.pk,
        "number": one.request.number,
        "left": money_text(Money(one.left_minor, one.currency)) if one.currency else "",
        "whole": money_text(Money(one.request.remedy_budget_minor, one.currency)) if one.currency else "",
        "is_set": one.request.remedy_budget_minor > 0,
        "currency": one.currency,
    }


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def remedy_act(request: BrandRequest, remedy_id: UUID) -> HttpResponse:
    """This function will carry a remedy out."""
    done = actions.act_on_remedy(remedy_id=remedy_id, by=request.actor, at=clock.now())
    messages.success(
        request,
        _("%(what)s: done. The board follows in a moment.") % {"what": done.get_kind_display()},
    )
    return _back(request, done.program_id)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def remedy_dismiss(request: BrandRequest, remedy_id: UUID) -> HttpResponse:
    """This function will take a remedy off the board."""
    remedy_for(request.actor, remedy_id)
    gone = actions.dismiss_remedy(remedy_id=remedy_id, by=request.actor, at=clock.now())
    return _back(request, gone.program_id)


@require_POST
@brand_page(Permission.ACCEPT_QUOTES)
def remedy_budget(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will set how much remedies of a request may cost."""
    found = request_for(request.actor, request_id)
    form = RemedyBudgetForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Type an amount, such as 250."), field="amount")
    currency = request.actor.brand.currency
    minor = int(form.cleaned_data["amount"] * Decimal(10) ** exponent_of(currency))
    actions.set_remedy_budget(request_id=request_id, budget_minor=minor, by=request.actor, at=clock.now())
    messages.success(request, _("The remedy budget is set."))
    return _back(request, found.program_id)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def wallboard_look(request: BrandRequest) -> HttpResponse:
    """This function will look for gaps and price remedies now, instead of at the next five minutes."""
    at, programs = clock.now(), programs_of_the_day(request.actor.brand_id, at=clock.now())
    wanted = request.POST.get("program", "")
    found = next((one for one in programs if str(one.pk) == wanted), None)
    if found is None:
        raise NotFound
    for channel, language in work_of_the_day(found, at=at):
        actions.run_intraday(program_id=found.pk, channel=channel, language=language, by=request.actor, at=at)
    return _back(request, found.pk)


def _back(request: BrandRequest, program_id: UUID) -> HttpResponse:
    address = reverse("scheduling:wallboard", kwargs={"slug": request.actor.brand.slug})
    return redirect(f"{address}?program={program_id}")
