"""Open shifts for an agent: the list, and one press to claim."""

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import (
    amount_text,
    clock_text,
    day_text,
    duration_text,
    long_day_text,
    moment_text,
    money_text,
    period_text,
)
from recruiting.states import Tier
from scheduling import actions
from scheduling.forms import ClaimForm
from scheduling.models import ClaimWindow, WaitlistEntry
from scheduling.queries.doors import claim_for, worker_for
from scheduling.queries.draws import entries_of_agent, open_windows
from scheduling.queries.hours import held_around, limits_of, minutes_in, week_of
from scheduling.queries.languages import with_language
from scheduling.queries.open_shifts import LOOKAHEAD, OpenShift, calendar_of, open_shifts
from scheduling.queries.releases import can_undo
from scheduling.states import COMING, DrawEntryState, WaveAudience
from scheduling.views.waits import waiting_answer

_EVENING: Final = 17
_FIRST_SHIFTS: Final = 8
_FILTERS: Final[dict[str, Callable[[OpenShift], bool]]] = {
    "": lambda one: one.status in {"open", "draw", "later", "yours"},
    "all": lambda one: True,
    "evening": lambda one: timezone.localtime(one.shift.starts_at).hour >= _EVENING,
    "weekend": lambda one: timezone.localtime(one.shift.starts_at).weekday() >= 5,
}
_BADGES: Final = {
    "open": ("accent", "bolt"),
    "draw": ("accent", "people"),
    "later": ("line", "clock"),
    "yours": ("cover", "check"),
    "full": ("line", "people"),
    "busy": ("line", "clock"),
    "hours": ("line", "clock"),
    "paused": ("line", "clock"),
    "not_yet": ("short", "lock"),
}


@require_GET
@agent_page
def find(request: AgentRequest) -> HttpResponse:
    """This function will list the shifts the agent could take, by day."""
    at = clock.now()
    agent = worker_for(request.actor)
    held = held_around(agent.pk, at, at + LOOKAHEAD)
    found = open_shifts(agent, at, held=held)
    chosen = _chosen(request.GET.get("show", ""), found)
    keep = _FILTERS[chosen]
    limits = limits_of(agent, calendar_of(agent))
    local_on = at.astimezone(limits.zone).date()
    week = week_of(local_on, limits.zone)
    kept = [one for one in found if keep(one)]
    shown = kept if request.GET.get("until") == "all" else _first_days(kept)
    context = {
        "page_title": _("Open shifts"),
        "days": _days(shown),
        "later": _later(kept[len(shown) :], chosen),
        "chips": _chips(found, chosen),
        "count": len(found),
        "claimed_hours": f"{minutes_in(week, [one.period for one in held]) / 60:g}",
        "limit_hours": f"{limits.week_minutes / 60:g}",
        "fresh": _fresh(request),
        "has_filter": chosen != "all",
        "draws": _draws(open_windows(agent.pk, at), agent.pk),
    }
    return render(request, "scheduling/shift_find.html", context)


def _draws(windows: list[ClaimWindow], agent_id: UUID) -> list[dict[str, Any]]:
    """Draws that take wishes now: one line each with when it closes, before the list of shifts."""
    entered = entries_of_agent(agent_id, [one.pk for one in windows])
    return [
        {
            "url": reverse("scheduling:draw", kwargs={"window_id": window.pk}),
            "closes_at": window.closes_at,
            "program": with_language(window.wave.request.program.name, window.wave.request.language),
            "count": len(window.result.get("shifts", ())),
            "is_entered": window.pk in entered and entered[window.pk].state == DrawEntryState.ENTERED,
        }
        for window in windows
    ]


def _first_days(kept: list[OpenShift]) -> list[OpenShift]:
    """Whole days, until there are enough to choose from: a phone shows a few, the rest is one press away."""
    days = [list(group) for _on, group in groupby(kept, key=_local_day)]
    shown: list[OpenShift] = []
    for shifts in days:
        if len(shown) >= _FIRST_SHIFTS:
            break
        shown += shifts
    return shown


def _local_day(one: OpenShift) -> date:
    return timezone.localtime(one.shift.starts_at).date()


def _later(rest: list[OpenShift], chosen: str) -> dict[str, Any] | None:
    """What the first days leave out, with the way there: the same page, longer, at the first later day."""
    if not rest:
        return None
    asked = urlencode({**({"show": chosen} if chosen else {}), "until": "all"})
    first = rest[0].shift.starts_at
    words = ngettext("Show %(n)s later shift", "Show %(n)s later shifts", len(rest)) % {"n": len(rest)}
    return {
        "url": f"{reverse('scheduling:find')}?{asked}#on-{timezone.localtime(first):%Y-%m-%d}",
        "label": words,
        "from_day": day_text(first),
    }


def _chosen(wanted: str, found: list[OpenShift]) -> str:
    """What the agent can take comes first; where there is nothing of it, everything with the reasons."""
    if wanted in _FILTERS and wanted:
        return wanted
    return "" if any(one.status in {"open", "draw", "later"} for one in found) else "all"


def _fresh(request: AgentRequest) -> dict[str, Any] | None:
    """The claim made a moment ago, with its undo."""
    try:
        claim = claim_for(request.actor, UUID(request.GET.get("claimed", "")))
    except (ValueError, NotFound):
        return None
    if claim.state not in COMING:
        return None
    return {
        "words": _("%(period)s is yours.") % {"period": period_text(claim.starts_at, claim.ends_at)},
        "undo_url": reverse("scheduling:claim-undo", kwargs={"claim_id": claim.pk}),
        "until": claim.undo_until,
        "can_undo": can_undo(claim, at=clock.now()),
    }


def _chips(found: list[OpenShift], chosen: str) -> list[dict[str, Any]]:
    names = {"": _("I can take"), "all": _("All"), "evening": _("Evenings"), "weekend": _("Weekends")}
    base = reverse("scheduling:find")
    return [
        {
            "label": label,
            "url": f"{base}?show={key}" if key else base,
            "is_on": key == chosen,
            "count": sum(1 for one in found if _FILTERS[key](one)),
        }
        for key, label in names.items()
    ]


def _days(found: list[OpenShift]) -> list[dict[str, Any]]:
    return [
        {
            "iso": on.isoformat(),
            "title": long_day_text(shifts[0].shift.starts_at),
            "count": ngettext("%(n)s shift", "%(n)s shifts", len(shifts)) % {"n": len(shifts)},
            "shifts": [_card(one) for one in shifts],
        }
        for on, shifts in ((on, list(group)) for on, group in groupby(found, key=_local_day))
    ]


def _card(one: OpenShift) -> dict[str, Any]:
    shift = one.shift
    kind, icon = _BADGES[one.status]
    zone = timezone.get_current_timezone_name()
    return {
        "id": shift.pk,
        "time": f"{clock_text(shift.starts_at)} – {clock_text(shift.ends_at)}",
        "starts_at": shift.starts_at,
        "seen_start": shift.starts_at.isoformat(),
        "seen_end": shift.ends_at.isoformat(),
        "other_zone": shift.timezone if shift.timezone != zone else "",
        "per_hour": amount_text(one.pay_per_hour),
        "total": amount_text(one.pay_total),
        "total_text": money_text(one.pay_total),
        "program": with_language(shift.program.name, shift.language),
        "brand": shift.program.brand.name,
        "length": duration_text(int((shift.ends_at - shift.starts_at).total_seconds() // 60)),
        "badge": _badge_words(one),
        "badge_kind": kind,
        "badge_icon": icon,
        "seats": ngettext("%(n)s seat left", "%(n)s seats left", one.seats_left) % {"n": one.seats_left},
        "is_last": one.can_claim and one.seats_left == 1 and one.shift.seats > 1,
        "tier": str(Tier(one.tier).label) if one.tier in Tier.values and one.tier != Tier.NEW else "",
        "reason": one.reason,
        "fix_label": one.fix_label,
        "fix_url": one.fix_url,
        "can_claim": one.can_claim,
        "status": one.status,
        "incentive": amount_text(one.incentive) if one.incentive else "",
        "wave": _wave_words(one),
        "is_hot": one.is_hot,
        "is_waiting": one.waiting is not None,
        "has_standby": one.status == "full" and shift.standby_filled < shift.standby_seats,
        "draw_url": reverse("scheduling:draw", kwargs={"window_id": one.window.pk}) if one.window else "",
        "is_entered": one.is_entered,
        "is_dim": one.status in {"full", "busy", "hours", "paused", "not_yet"},
        "claim_url": reverse("scheduling:claim", kwargs={"claim_id": one.claim_id}) if one.claim_id else "",
        "version": shift.version,
        "pay_minor": one.pay_per_hour.amount_minor,
        "key": uuid7().hex,
    }


def _wave_words(one: OpenShift) -> str:
    """Which stage of the release this is for the agent, and when it turns."""
    if one.status == "draw" and one.window is not None:
        until = {"until": moment_text(one.window.closes_at)}
        if one.wave == WaveAudience.FAVORITES:
            return _("Draw for favorites, you are one of them. Wishes until %(until)s.") % until
        return _("Draw for everyone. Wishes until %(until)s; being early changes nothing.") % until
    if one.status != "later":
        return ""
    if one.opens_at is None:
        return _("The draw is being settled. What is left opens right after it.")
    words = {"at": moment_text(one.opens_at)}
    if one.wave == "first_come":
        return _("Opens first come, first served: %(at)s.") % words
    return _("Wishes for its draw are taken from %(at)s.") % words


def _badge_words(one: OpenShift) -> str:
    if one.is_hot:
        return _("Hot: starts soon")
    if one.status == "draw":
        return _("In your wishes") if one.is_entered else _("Draw")
    words = {
        "open": _("First come"),
        "later": _("Not open yet"),
        "yours": _("Yours"),
        "full": _("Full"),
        "busy": _("You are busy then"),
        "hours": _("Over your hours"),
        "paused": _("Paused"),
        "not_yet": _("Not yet"),
    }
    return words[one.status]


@require_POST
@agent_page
def shift_claim(request: AgentRequest, shift_id: UUID) -> HttpResponse:
    """This function will take one seat of a shift, or the next place in line where the last one has just gone."""
    form = ClaimForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Open the list of shifts and press Claim there."))
    done = actions.claim_or_wait(
        shift_id=shift_id,
        agent=worker_for(request.actor),
        by=request.actor,
        at=clock.now(),
        idempotency_key=form.cleaned_data["key"],
        seen=form.seen(),
    )
    if isinstance(done, WaitlistEntry):
        return waiting_answer(request, done)
    return redirect(f"{reverse('scheduling:find')}?claimed={done.pk}")
