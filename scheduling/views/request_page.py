"""What the page of one request shows, from its demand to the time after its day."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.actors import BrandActor
from gigcx.web.formats import clock_text, duration_text, money_text
from recruiting.queries import active_rate_card
from scheduling.forms import BudgetsForm, CancelForm, PublishForm, RefuseForm
from scheduling.forms.requests import DRAW, FIRST_COME, major_units
from scheduling.models import CapacityRequest, Quote, Shift
from scheduling.policies import can_accept_quote, can_approve_request, can_cancel_request, can_edit_request
from scheduling.queries.beginnings import given_up
from scheduling.queries.cancellations import CancellationPreview, cancellation_preview
from scheduling.queries.languages import with_language
from scheduling.queries.lists import quote_of, shifts_of_request
from scheduling.queries.rules import rules_of
from scheduling.states import COMMITTED, PLANNING, DesignState, RequestState, ShiftState
from scheduling.views.places import week_address
from scheduling.views.quote_words import (
    block_labels,
    fill_heat,
    odds_by_shift,
    odds_words,
    price_words,
    ways_words,
)
from scheduling.views.shift_bars import how_good, progress_words

BADGES: Final = {
    RequestState.DRAFT: ("accent", "edit"),
    RequestState.QUOTED: ("accent", "document"),
    RequestState.AWAITING_APPROVAL: ("short", "clock"),
    RequestState.PUBLISHED: ("cover", "check"),
    RequestState.LIVE: ("cover", "bolt"),
}
_REACHED: Final = {
    RequestState.DRAFT: 0,
    RequestState.QUOTED: 2,
    RequestState.EXPIRED: 0,
    RequestState.AWAITING_APPROVAL: 2,
    RequestState.PUBLISHED: 3,
    RequestState.LIVE: 4,
    RequestState.COMPLETED: 5,
    RequestState.RECONCILED: 6,
    RequestState.CANCELLED: -1,
}


def request_context(
    actor: BrandActor, found: CapacityRequest, *, at: datetime, typed: Mapping[str, Form]
) -> dict[str, Any]:
    """This function will read a request with its shifts and its price; `typed` are forms to show again."""
    shifts = list(shifts_of_request(found))
    quote = quote_of(found, at=at) if found.state in PLANNING else accepted_quote(found)
    preview = cancellation_preview(found, at=at) if can_cancel_request(actor, found) else None
    return {
        "page_title": found.number,
        "found": found,
        "work": with_language(found.program.name, found.language),
        "badge": BADGES.get(RequestState(found.state), ("line", "info")),
        "life": life_of(found, has_shifts=bool(shifts)),
        "shift_days": by_day(shifts, actor.brand.slug, odds=odds_by_shift(quote)),
        "shift_count": len(shifts),
        "seat_count": sum(one.seats for one in shifts),
        "filled_count": sum(one.filled for one in shifts),
        "is_planning": found.state in PLANNING,
        "progress": progress_words(found),
        **_waiting_for_workers(found),
        "is_waiting": found.state == RequestState.AWAITING_APPROVAL,
        "can_edit": can_edit_request(actor, found),
        "can_make": can_edit_request(actor, found) and found.design_state == DesignState.NONE and not shifts,
        "can_accept": can_accept_quote(actor, found) and quote is not None and found.state == RequestState.QUOTED,
        "can_approve": can_approve_request(actor, found),
        "quote": quote,
        "design": _design_words(found),
        **_quote_words(quote, found, shifts),
        **_money(found, quote, actor, at=at, typed=typed),
        **_forms(found, quote, typed),
        **_cancelling(preview, typed),
        "week_url": week_address(found, found.week_starts_on, actor.brand.slug),
        "hours_url": reverse("scheduling:hours", kwargs={"slug": actor.brand.slug}),
        "rules_url": reverse("scheduling:rules", kwargs={"slug": actor.brand.slug, "program_id": found.program_id}),
    }


def _waiting_for_workers(found: CapacityRequest) -> dict[str, Any]:
    """Whether shifts or a price are on their way, or why nobody tries any more; what was typed since begins anew."""
    is_unpriced = found.state == RequestState.DRAFT and found.design_state == DesignState.DONE
    is_current = found.state == RequestState.DRAFT and found.design_progress.get("version") == found.version
    why = given_up(found.design_progress) if is_current else None
    return {
        "is_designing": found.design_state == DesignState.QUEUED,
        "is_pricing": is_unpriced and why is None,
        "is_unpriced": is_unpriced,
        "given_up": why,
    }


def accepted_quote(found: CapacityRequest) -> Quote | None:
    """This function will return the price that a promise rests on, whenever it was made."""
    rows = Quote.objects.for_brand(found.brand_id).filter(request=found, request_version=found.version)
    return rows.first() if found.state in COMMITTED else None


def life_of(found: CapacityRequest, *, has_shifts: bool) -> list[dict[str, str]]:
    """This function will return the six steps of a request's life and where it stands."""
    names = [_("Demand"), _("Shifts"), _("Price"), _("Release"), _("The day"), _("After")]
    reached = _REACHED[RequestState(found.state)]
    if found.state == RequestState.DRAFT and (has_shifts or found.design_state == DesignState.QUEUED):
        reached = 2 if has_shifts else 1
    states = ["done" if step < reached else "now" if step == reached else "" for step in range(len(names))]
    return [{"name": name, "state": state} for name, state in zip(names, states, strict=True)]


def _quote_words(quote: Quote | None, found: CapacityRequest, shifts: Sequence[Shift]) -> dict[str, Any]:
    return {
        "price": price_words(quote, found),
        "odds": odds_words(quote),
        "ways": ways_words(quote, found),
        "heat": fill_heat(quote, shifts) if found.state in PLANNING else [],
        "blocks": block_labels(),
    }


def currency_of(found: CapacityRequest, *, at: datetime) -> str:
    """This function will return the currency that the program is billed in."""
    card = active_rate_card(found.program_id, at)
    return card.bill_currency if card else "USD"


def _money(
    found: CapacityRequest, quote: Quote | None, actor: BrandActor, *, at: datetime, typed: Mapping[str, Form]
) -> dict[str, Any]:
    if found.state not in (RequestState.DRAFT, RequestState.QUOTED) or not can_edit_request(actor, found):
        return {"budgets": None}
    currency = quote.currency if quote else currency_of(found, at=at)
    shown = {
        "work": major_units(found.work_budget_minor, currency),
        "incentive": major_units(found.incentive_budget_minor or None, currency),
        "remedy": major_units(found.remedy_budget_minor or None, currency),
    }
    return {
        "budgets": typed.get("budgets") or BudgetsForm(initial=shown),
        "currency": currency,
        "has_budgets": any(shown.values()) or "budgets" in typed,
    }


def _forms(found: CapacityRequest, quote: Quote | None, typed: Mapping[str, Form]) -> dict[str, Any]:
    chosen = DRAW if rules_of(found.program).is_draw_first else FIRST_COME
    return {
        "publish": typed.get("publish")
        or PublishForm(initial={"quote": quote.pk if quote else None, "release": chosen}),
        "refuse": typed.get("refuse") or RefuseForm(),
        "is_refusing": "refuse" in typed,
    }


def _cancelling(preview: CancellationPreview | None, typed: Mapping[str, Form]) -> dict[str, Any]:
    fee = preview.fee if preview else None
    shown = {"fee_minor": fee.amount_minor if fee else None, "fee_currency": fee.currency if fee else ""}
    return {
        "preview": preview,
        "cancel": typed.get("cancel") or CancelForm(initial=shown),
        "fee_text": money_text(fee) if fee else "",
    }


def _design_words(found: CapacityRequest) -> dict[str, Any] | None:
    good = how_good(found.design)
    if good is None:
        return None
    figures = found.design
    return {
        **good,
        "under": duration_text(figures["under"]),
        "over": duration_text(figures["over"]),
        "has_under": figures["under"] > 0,
        "has_over": figures["over"] > 0,
        "words": _goodness(good),
    }


def _goodness(good: Mapping[str, Any]) -> str:
    if good["is_by_hand"]:
        return _("Changed by hand")
    if good["is_best"]:
        return _("Best possible")
    return _("At most %(gap)s %% off the best") % {"gap": good["gap"]}


def by_day(shifts: Sequence[Shift], slug: str, *, odds: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """This function will group shifts by local day, each with how full it is or is likely to be."""
    days: dict[str, list[dict[str, Any]]] = {}
    for one in shifts:
        zone = zone_of(one.timezone)
        is_draft = one.state == ShiftState.DRAFT
        days.setdefault(f"{one.local_on:%A %-d %B}", []).append(
            {
                "time": f"{clock_text(one.starts_at, zone)} – {clock_text(one.ends_at, zone)}",
                "length": duration_text(int((one.ends_at - one.starts_at).total_seconds() // 60)),
                "seats": one.seats,
                "filled": one.filled,
                "short": max(0, one.seats - one.filled) if not is_draft else 0,
                "is_draft": is_draft,
                "odds": odds.get(str(one.pk)) if is_draft else None,
                "state": one.get_state_display(),
                "url": reverse("scheduling:shift", kwargs={"slug": slug, "shift_id": one.pk}),
            }
        )
    return [{"day": day, "shifts": rows} for day, rows in days.items()]
