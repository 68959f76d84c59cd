"""One claim: its page, undo, confirm, release at the cost shown."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import Invalid
from gigcx.kernel.money import Money
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import clock_text, duration_text, money_text, period_text
from scheduling import actions
from scheduling.errors import PointsChanged
from scheduling.forms import ReleaseForm
from scheduling.forms.exchange import OfferForm
from scheduling.models import Claim, SwapOffer
from scheduling.queries.breaks import planned_break_of
from scheduling.queries.doors import claim_for
from scheduling.queries.excuses import can_ask_excuse, excusals_of_claim
from scheduling.queries.incentives import incentive_of
from scheduling.queries.languages import with_language
from scheduling.queries.prices import hour_at_desk, price_of_seconds, seconds_between
from scheduling.queries.releases import CONFIRM_FROM, CONFIRM_UNTIL, can_confirm, can_undo, free_until, release_cost
from scheduling.queries.swaps import can_offer_swap, open_offer_of, swap_closes_at
from scheduling.queries.timelines import claim_timeline
from scheduling.queries.work import disputed_seconds, payable_minutes
from scheduling.registries import money_pages
from scheduling.states import COMING, ClaimKind, ClaimState, SwapState

_PAID = frozenset({ClaimState.VERIFIED, ClaimState.EXCUSED, ClaimState.BRAND_CANCELLED})


@require_GET
@agent_page
def claim(request: AgentRequest, claim_id: UUID) -> HttpResponse:
    """This function will show one claim: when, what it pays, what happened, and what giving it back costs."""
    return claim_page(request, claim_id)


def claim_page(
    request: AgentRequest, claim_id: UUID, *, offer_form: OfferForm | None = None, status: int = 200
) -> HttpResponse:
    """This function will render the page of a claim, with a form that was refused."""
    found = claim_for(request.actor, claim_id)
    at = clock.now()
    offer = open_offer_of(found)
    context = {
        "page_title": period_text(found.starts_at, found.ends_at),
        "claim": found,
        "work": with_language(found.shift.program.name, found.shift.language),
        "other_zone": found.shift.timezone if found.shift.timezone != timezone.get_current_timezone_name() else "",
        **_claim_facts(found),
        "cost": release_cost(found, at=at) if found.state in COMING else None,
        "can_undo": can_undo(found, at=at),
        "free_until": free_until(found),
        "can_confirm": can_confirm(found, at=at),
        "confirm_until": found.starts_at - CONFIRM_UNTIL,
        "confirm_from": found.starts_at - CONFIRM_FROM if found.state == ClaimState.CLAIMED else None,
        "is_early": at < found.starts_at - CONFIRM_FROM,
        "is_standby": found.kind == ClaimKind.STANDBY,
        "is_desk_open": found.state == ClaimState.CHECKED_IN,
        "offer": _offer_words(offer) if offer else None,
        "can_offer": offer is None and can_offer_swap(found, at=at),
        "offer_form": offer_form or OfferForm(),
        "swap_until": swap_closes_at(found),
        "pause": planned_break_of(found) if found.state in (*COMING, ClaimState.CHECKED_IN) else None,
        "money_url": money_pages().of_claim(found.pk, request.actor) if found.state in _PAID else "",
        "steps": claim_timeline(found, at=at),
        "can_excuse": can_ask_excuse(found, at=at),
        "excuses": excusals_of_claim(found),
        "can_report": found.state in (*COMING, ClaimState.CHECKED_IN) and found.starts_at - timedelta(hours=1) <= at,
    }
    return render(request, "scheduling/claim_page.html", context, status=status)


def _offer_words(offer: SwapOffer) -> dict[str, Any]:
    whom = _("to %(who)s") % {"who": offer.to_agent.handle} if offer.to_agent else _("to everybody in the program")
    words = _("On offer %(whom)s until %(until)s. It stays yours until somebody takes it.") % {
        "whom": whom,
        "until": clock_text(offer.expires_at),
    }
    if offer.state == SwapState.PENDING_APPROVAL and offer.taker and offer.decide_by:
        words = _("%(who)s wants to take it. The brand has until %(until)s to say no; its silence means yes.") % {
            "who": offer.taker.handle,
            "until": clock_text(offer.decide_by),
        }
    return {"id": offer.pk, "words": words, "reason": offer.reason}


def _claim_facts(found: Claim) -> dict[str, Any]:
    worked = payable_minutes(found.pk) if found.checked_in_at else None
    seconds = worked.worked_seconds if worked else seconds_between(found.starts_at, found.ends_at)
    base = price_of_seconds(found.rate_card, seconds, tier=found.tier).pay
    extra = incentive_of(found)
    more = Money(round(extra * seconds / 3600), base.currency)
    return {
        "per_hour": money_text(hour_at_desk(found, found.rate_card).pay),
        "incentive": money_text(Money(extra, base.currency)) if extra else "",
        "pay": money_text(base + more),
        "worked": duration_text(worked.worked_seconds // 60) if worked else "",
        "held": duration_text(-(-disputed_seconds(found) // 60)) if found.state == ClaimState.DISPUTED else "",
        "length": duration_text(int((found.ends_at - found.starts_at).total_seconds() // 60)),
    }


@require_POST
@agent_page
def claim_undo(request: AgentRequest, claim_id: UUID) -> HttpResponse:
    """This function will take a fresh claim back."""
    found = actions.undo_claim(claim_id=claim_id, by=request.actor, at=clock.now())
    messages.info(
        request, _("Undone. %(period)s is free again.") % {"period": period_text(found.starts_at, found.ends_at)}
    )
    return redirect("scheduling:find")


@require_POST
@agent_page
def claim_confirm(request: AgentRequest, claim_id: UUID) -> HttpResponse:
    """This function will note that the holder will come."""
    found = actions.confirm_claim(claim_id=claim_id, by=request.actor, at=clock.now())
    messages.success(
        request,
        _("Confirmed: %(period)s. See you then.") % {"period": period_text(found.starts_at, found.ends_at)},
    )
    return redirect("scheduling:schedule")


@require_POST
@agent_page
def claim_release(request: AgentRequest, claim_id: UUID) -> HttpResponse:
    """This function will give a seat back at the cost that was shown."""
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Open the claim again: what giving it back costs was not sent."))
    try:
        found = actions.release_claim(
            claim_id=claim_id, accepted_points=form.cleaned_data["points"], by=request.actor, at=clock.now()
        )
    except PointsChanged as changed:
        messages.warning(
            request,
            _("%(words)s It is %(points)s points now. Nothing was changed.")
            % {"words": changed.message, "points": changed.points},
        )
        return redirect("scheduling:claim", claim_id=claim_id)
    messages.info(request, _("You gave back %(period)s.") % {"period": period_text(found.starts_at, found.ends_at)})
    return redirect("scheduling:schedule")
