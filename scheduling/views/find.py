"""Open shifts for an agent: the list, one press to claim, undo, release, and one claim's own page."""

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
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
from gigcx.web.formats import amount_text, clock_text, day_text, duration_text, long_day_text, money_text, period_text
from recruiting.states import Tier
from scheduling import actions
from scheduling.errors import PointsChanged
from scheduling.forms import ClaimForm, ReleaseForm
from scheduling.models import Claim
from scheduling.queries.doors import claim_for, worker_for
from scheduling.queries.hours import held_around, limits_of, minutes_in, week_of
from scheduling.queries.open_shifts import LOOKAHEAD, OpenShift, calendar_of, open_shifts
from scheduling.queries.prices import hourly_pay, price_of_seconds, seconds_between
from scheduling.queries.releases import can_undo, release_cost
from scheduling.queries.timelines import claim_timeline
from scheduling.queries.work import payable_minutes
from scheduling.states import COMING, ClaimState

_EVENING: Final = 17
_FIRST_SHIFTS: Final = 8
_FILTERS: Final[dict[str, Callable[[OpenShift], bool]]] = {
    "": lambda one: one.can_claim or one.status == "yours",
    "all": lambda one: True,
    "evening": lambda one: timezone.localtime(one.shift.starts_at).hour >= _EVENING,
    "weekend": lambda one: timezone.localtime(one.shift.starts_at).weekday() >= 5,
}
_BADGES: Final = {
    "open": ("accent", "bolt"),
    "yours": ("cover", "check"),
    "full": ("line", "people"),
    "busy": ("line", "clock"),
    "hours": ("line", "clock"),
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
    }
    return render(request, "scheduling/shift_find.html", context)


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
    return "" if any(one.can_claim for one in found) else "all"


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
        "program": shift.program.name,
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
        "is_dim": one.status in {"full", "busy", "hours", "not_yet"},
        "claim_url": reverse("scheduling:claim", kwargs={"claim_id": one.claim_id}) if one.claim_id else "",
        "version": shift.version,
        "pay_minor": one.pay_per_hour.amount_minor,
        "key": uuid7().hex,
    }


def _badge_words(one: OpenShift) -> str:
    words = {
        "open": _("First come"),
        "yours": _("Yours"),
        "full": _("Full"),
        "busy": _("You are busy then"),
        "hours": _("Over your hours"),
        "not_yet": _("Not yet"),
    }
    return words[one.status]


@require_POST
@agent_page
def shift_claim(request: AgentRequest, shift_id: UUID) -> HttpResponse:
    """This function will take one seat of a shift; refusals go to the error page or back to where one pressed."""
    form = ClaimForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Open the list of shifts and press Claim there."))
    claim = actions.claim_shift(
        shift_id=shift_id,
        agent=worker_for(request.actor),
        by=request.actor,
        at=clock.now(),
        idempotency_key=form.cleaned_data["key"],
        seen=form.seen(),
    )
    return redirect(f"{reverse('scheduling:find')}?claimed={claim.pk}")


@require_POST
@agent_page
def claim_undo(request: AgentRequest, claim_id: UUID) -> HttpResponse:
    """This function will take a fresh claim back."""
    claim = actions.undo_claim(claim_id=claim_id, by=request.actor, at=clock.now())
    messages.info(
        request, _("Undone. %(period)s is free again.") % {"period": period_text(claim.starts_at, claim.ends_at)}
    )
    return redirect("scheduling:find")


@require_POST
@agent_page
def claim_release(request: AgentRequest, claim_id: UUID) -> HttpResponse:
    """This function will give a seat back at the cost that was shown."""
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Open the claim again: what giving it back costs was not sent."))
    try:
        claim = actions.release_claim(
            claim_id=claim_id, accepted_points=form.cleaned_data["points"], by=request.actor, at=clock.now()
        )
    except PointsChanged as changed:
        messages.warning(
            request,
            _("%(words)s It is %(points)s points now. Nothing was changed.")
            % {"words": changed.message, "points": changed.points},
        )
        return redirect("scheduling:claim", claim_id=claim_id)
    messages.info(request, _("You gave back %(period)s.") % {"period": period_text(claim.starts_at, claim.ends_at)})
    return redirect("scheduling:schedule")


@require_GET
@agent_page
def claim(request: AgentRequest, claim_id: UUID) -> HttpResponse:
    """This function will show one claim: when, what it pays, what happened, and what giving it back costs."""
    found = claim_for(request.actor, claim_id)
    at = clock.now()
    context = {
        "page_title": period_text(found.starts_at, found.ends_at),
        "claim": found,
        "other_zone": found.shift.timezone if found.shift.timezone != timezone.get_current_timezone_name() else "",
        **_claim_facts(found),
        "cost": release_cost(found, at=at) if found.state in COMING else None,
        "can_undo": can_undo(found, at=at),
        "is_desk_open": found.state == ClaimState.CHECKED_IN,
        "steps": claim_timeline(found, at=at),
    }
    return render(request, "scheduling/claim_page.html", context)


def _claim_facts(found: Claim) -> dict[str, Any]:
    worked = payable_minutes(found.pk) if found.checked_in_at else None
    seconds = worked.worked_seconds if worked else seconds_between(found.starts_at, found.ends_at)
    return {
        "per_hour": money_text(hourly_pay(found.rate_card, tier=found.tier).pay),
        "pay": money_text(price_of_seconds(found.rate_card, seconds, tier=found.tier).pay),
        "worked": duration_text(worked.worked_seconds // 60) if worked else "",
        "length": duration_text(int((found.ends_at - found.starts_at).total_seconds() // 60)),
    }
