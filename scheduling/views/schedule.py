"""An agent's week: a calendar drawn by the server, and the same as a list."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gigcx.kernel import clock
from gigcx.kernel.intervals import week_start
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import clock_text, day_text, duration_text, money_text
from recruiting.models import RateCard
from scheduling.models import Claim
from scheduling.queries.feeds import has_feed
from scheduling.queries.hours import week_of
from scheduling.queries.languages import with_language
from scheduling.queries.lists import agents_claims
from scheduling.queries.prices import price_of_seconds, seconds_between
from scheduling.queries.releases import can_confirm, can_undo
from scheduling.queries.swaps import offers_of, swap_board
from scheduling.states import CHECK_IN_BEFORE, COMING, DONE, ClaimKind, ClaimState
from scheduling.views.places import date_or
from scheduling.views.waits import wait_rows

_TONES: Final = {
    ClaimState.CLAIMED: "accent",
    ClaimState.CONFIRMED: "accent",
    ClaimState.CHECKED_IN: "cover",
    ClaimState.NO_SHOW: "short",
    ClaimState.BRAND_CANCELLED: "short",
}


@require_GET
@agent_page
def schedule(request: AgentRequest) -> HttpResponse:
    """This function will show one week of the agent's claims."""
    at = clock.now()
    zone = timezone.get_current_timezone()
    today = timezone.localtime(at).date()
    monday = week_start(date_or(request.GET.get("week", ""), today))
    week = week_of(monday, zone)
    agent_id, is_now = request.actor.agent_id, monday == week_start(today)
    claims = list(agents_claims(agent_id, since=week.starts_at, until=week.ends_at))
    cards, on_offer = _cards(claims), {one.claim_id for one in offers_of(agent_id, at=at)}
    rows = [{**_entry(one, cards, at), "is_on_offer": one.pk in on_offer} for one in claims]
    context = {
        "page_title": _("My week"),
        "days": _days(monday, today, rows),
        "rows": rows,
        "hours": f"{sum(row['minutes'] for row in rows if row['counts']) / 60:g}",
        "week_text": _week_text(monday),
        "before_url": f"?week={monday - timedelta(days=7)}",
        "after_url": f"?week={monday + timedelta(days=7)}",
        "is_now": is_now,
        "waits": wait_rows(agent_id, at=at) if is_now else [],
        "swap_count": len(swap_board(agent_id, at=at)),
        "has_feed": has_feed(agent_id),
        "hour_lines": list(range(0, 24, 3)),
        "find_url": reverse("scheduling:find"),
    }
    return render(request, "scheduling/claim_week.html", context)


def _week_text(monday: date) -> str:
    last = monday + timedelta(days=6)
    return f"{monday:%-d} – {last:%-d %b %Y}" if monday.month == last.month else f"{monday:%-d %b} – {last:%-d %b %Y}"


def _cards(claims: list[Claim]) -> dict[Any, RateCard]:
    rows = RateCard.objects.across_brands().with_lines().filter(pk__in={claim.rate_card_id for claim in claims})
    return {card.pk: card for card in rows}


def _entry(claim: Claim, cards: dict[Any, RateCard], at: datetime) -> dict[str, Any]:
    start, end = timezone.localtime(claim.starts_at), timezone.localtime(claim.ends_at)
    seconds = seconds_between(claim.starts_at, claim.ends_at)
    pay = price_of_seconds(cards[claim.rate_card_id], seconds, tier=claim.tier).pay
    opens = claim.starts_at - CHECK_IN_BEFORE
    return {
        "on": start.date(),
        "day": day_text(claim.starts_at),
        "time": f"{clock_text(claim.starts_at)} – {clock_text(claim.ends_at)}",
        "start_minute": start.hour * 60 + start.minute,
        "end_minute": end.hour * 60 + end.minute if end.date() == start.date() else 24 * 60,
        "minutes": seconds // 60,
        "length": duration_text(seconds // 60),
        "program": with_language(claim.shift.program.name, claim.shift.language),
        "brand": claim.brand.name,
        "pay": money_text(pay),
        "state": claim.get_state_display(),
        "tone": _TONES.get(ClaimState(claim.state), "line"),
        "url": reverse("scheduling:claim", kwargs={"claim_id": claim.pk}),
        "undo_url": reverse("scheduling:claim-undo", kwargs={"claim_id": claim.pk}) if can_undo(claim, at=at) else "",
        "undo_until": claim.undo_until,
        "confirm_url": reverse("scheduling:claim-confirm", kwargs={"claim_id": claim.pk})
        if can_confirm(claim, at=at)
        else "",
        "is_standby": claim.kind == ClaimKind.STANDBY,
        "is_coming": claim.state in COMING,
        "can_check_in": claim.state in (*COMING, ClaimState.CHECKED_IN) and opens <= at < claim.ends_at,
        "counts": claim.state in (*COMING, *DONE, ClaimState.CHECKED_IN),
        "other_zone": claim.shift.timezone if claim.shift.timezone != timezone.get_current_timezone_name() else "",
        "starts_at": claim.starts_at,
    }


def _days(monday: date, today: date, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Seven columns; a block is placed by minutes of the day on a 24-hour scale of 288 units (five minutes each)."""
    return [
        {
            "label": f"{on:%a}",
            "number": on.day,
            "is_today": on == today,
            "blocks": [
                {
                    **row,
                    "y": row["start_minute"] // 5,
                    "height": max(12, (row["end_minute"] - row["start_minute"]) // 5),
                }
                for row in rows
                if row["on"] == on
            ],
        }
        for on in (monday + timedelta(days=step) for step in range(7))
    ]
