"""A sealed draw for an agent: ranking wishes, the receipt, changing one's mind until the close, and the result."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import amount_text, clock_text, day_text, duration_text
from recruiting.models import RateCard
from scheduling.actions import entries
from scheduling.forms.release import WishesForm
from scheduling.models import ClaimWindow, DrawEntry, Shift
from scheduling.queries.doors import worker_for
from scheduling.queries.draw_results import headline, rank_band, wish_results
from scheduling.queries.draws import engagement_in, entry_of, shifts_of_window, takes_wishes, window_for
from scheduling.queries.incentives import incentive_now
from scheduling.queries.languages import with_language
from scheduling.queries.prices import hourly_pay
from scheduling.states import DrawEntryState, WaveAudience, WindowState

_MOVES: Final = ("add", "up", "down", "drop")


@require_http_methods(["GET", "POST"])
@agent_page
def draw(request: AgentRequest, window_id: UUID) -> HttpResponse:
    """This function will show a draw: the ranking while it is open, the result after it. Moving a wish saves nothing."""
    window = window_for(request.actor, window_id)
    agent = worker_for(request.actor)
    entry = entry_of(agent.pk, window.pk)
    if request.method != "POST":
        return _page(request, window, entry, _saved(entry), at=clock.now())
    form = WishesForm(request.POST)
    if not form.is_valid():
        return _page(request, window, entry, form.wishes(), at=clock.now(), form=form, status=422)
    if "seal" not in request.POST:
        wishes = _moved(form.wishes(), request)
        return _page(request, window, entry, wishes, at=clock.now(), form=form)
    try:
        entries.enter_draw(
            window_id=window.pk,
            agent=agent,
            wishes=[UUID(one) for one in form.wishes()],
            max_minutes=form.max_minutes(),
            by=request.actor,
            at=clock.now(),
        )
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _page(request, window, entry, form.wishes(), at=clock.now(), form=form, status=422)
    messages.success(request, _("Your wishes are sealed. The receipt below proves them."))
    return redirect("scheduling:draw", window_id=window.pk)


@require_POST
@agent_page
def draw_withdraw(request: AgentRequest, window_id: UUID) -> HttpResponse:
    """This function will take the agent's wishes out of the draw."""
    entries.withdraw_entry(window_id=window_id, agent=worker_for(request.actor), by=request.actor, at=clock.now())
    messages.info(request, _("Withdrawn. You can enter again until the draw closes."))
    return redirect("scheduling:draw", window_id=window_id)


def _saved(entry: DrawEntry | None) -> list[str]:
    return list(entry.wishes) if entry is not None and entry.state != DrawEntryState.WITHDRAWN else []


def _moved(wishes: list[str], request: AgentRequest) -> list[str]:
    """The wishes after one press of a button that moves one."""
    for move in _MOVES:
        shift = request.POST.get(move, "")
        if not shift:
            continue
        rest = [one for one in wishes if one != shift]
        if move == "drop":
            return rest
        if move == "add":
            return [*rest, shift]
        if shift in wishes:
            place = wishes.index(shift) + (-1 if move == "up" else 1)
            place = min(max(place, 0), len(rest))
            return [*rest[:place], shift, *rest[place:]]
    return wishes


def _page(
    request: AgentRequest,
    window: ClaimWindow,
    entry: DrawEntry | None,
    wishes: Sequence[str],
    *,
    at: datetime,
    form: WishesForm | None = None,
    status: int = 200,
) -> HttpResponse:
    program = window.wave.request.program
    is_open = takes_wishes(window, at)
    blocks = _blocks(request, window, at)
    ranked = [blocks[one] for one in wishes if one in blocks]
    context = {
        "page_title": _title(window, entry, is_open=is_open),
        "window": window,
        "program": program,
        "work": with_language(program.name, window.wave.request.language),
        "is_open": is_open,
        "is_favorites": window.wave.audience == WaveAudience.FAVORITES,
        "state": _state_words(window, at),
        "form": form or WishesForm(initial={"hours": _hours(entry)}),
        "ranked": ranked,
        "others": _by_day([block for key, block in blocks.items() if key not in set(wishes)]),
        "entry": entry if entry is not None and entry.state != DrawEntryState.WITHDRAWN else None,
        "is_changed": entry is None or list(wishes) != _saved(entry),
        "seal_words": ngettext("%(n)s wish", "%(n)s wishes", len(ranked)) % {"n": len(ranked)},
        "proof_url": reverse("scheduling:proof", kwargs={"window_id": window.pk}),
        **_result(window, entry),
    }
    return render(request, "scheduling/draw_page.html", context, status=status)


def _title(window: ClaimWindow, entry: DrawEntry | None, *, is_open: bool) -> str:
    if window.state == WindowState.REVEALED and entry is not None:
        return headline(entry)
    return _("Rank your wishes") if is_open else _("Draw")


def _state_words(window: ClaimWindow, at: datetime) -> str:
    if window.state == WindowState.VOID:
        return _("This draw was voided: %(why)s") % {"why": window.void_reason}
    if window.state == WindowState.REVEALED:
        return ""
    if at < window.opens_at:
        return _("This draw takes no wishes yet.")
    return "" if takes_wishes(window, at) else _("Closed. The seats are being drawn; this page shows the result.")


def _hours(entry: DrawEntry | None) -> str:
    return f"{entry.max_minutes / 60:g}" if entry is not None and entry.max_minutes else ""


def _blocks(request: AgentRequest, window: ClaimWindow, at: datetime) -> dict[str, dict[str, Any]]:
    """The shifts of the draw in order of time, each in the words of the page."""
    shifts = list(shifts_of_window(window))
    cards = {
        one.pk: one
        for one in RateCard.objects.across_brands().with_lines().filter(pk__in={s.rate_card_id for s in shifts})
    }
    extra = incentive_now([one.pk for one in shifts], at)
    engagement = engagement_in(request.actor.agent_id, window)
    tier = engagement.tier if engagement else ""
    return {str(one.pk): _block(one, cards[one.rate_card_id], tier, extra.get(one.pk, 0)) for one in shifts}


def _block(shift: Shift, card: RateCard, tier: str, extra: int) -> dict[str, Any]:
    pay = hourly_pay(card, tier=tier).pay
    zone = timezone.get_current_timezone_name()
    return {
        "id": str(shift.pk),
        "day": day_text(shift.starts_at),
        "time": f"{clock_text(shift.starts_at)} – {clock_text(shift.ends_at)}",
        "length": duration_text(int((shift.ends_at - shift.starts_at).total_seconds() // 60)),
        "other_zone": shift.timezone if shift.timezone != zone else "",
        "starts_at": shift.starts_at,
        "per_hour": amount_text(type(pay)(pay.amount_minor + extra, pay.currency)),
        "has_extra": bool(extra),
        "seats": ngettext("%(n)s seat", "%(n)s seats", shift.seats) % {"n": shift.seats},
    }


def _by_day(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    days: dict[str, list[dict[str, Any]]] = {}
    for block in blocks:
        days.setdefault(block["day"], []).append(block)
    return [{"day": day, "shifts": shifts} for day, shifts in days.items()]


def _result(window: ClaimWindow, entry: DrawEntry | None) -> dict[str, Any]:
    if entry is None or window.state != WindowState.REVEALED:
        return {"results": [], "band": ""}
    entrants = int(window.result.get("entrants", 1))
    return {
        "results": [
            {
                "time": f"{day_text(one.shift.starts_at)} {clock_text(one.shift.starts_at)} – {clock_text(one.shift.ends_at)}"
                if one.shift
                else "",
                "words": one.words,
                "is_won": one.is_won,
            }
            for one in wish_results(entry)
        ],
        "band": rank_band(entry.rank, entrants) if entry.rank else "",
    }
