"""Swaps: the agents' board, offering, taking, trading; and the brand's word."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import Invalid
from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.roles import Permission
from gigcx.web.access import AgentRequest, BrandRequest, agent_page, brand_page
from gigcx.web.formats import clock_text, duration_text, moment_text, money_text, period_text
from recruiting.models import RateCard
from scheduling import actions
from scheduling.forms.exchange import OfferForm, SwapRefusalForm, TradeForm
from scheduling.models import Claim, SwapOffer
from scheduling.queries.doors import worker_for
from scheduling.queries.languages import with_language
from scheduling.queries.prices import price_of_seconds, seconds_between
from scheduling.queries.swaps import offers_of, swap_board, swap_for, swaps_to_approve, tradable_claims
from scheduling.states import SwapKind, SwapState
from scheduling.views.claims import claim_page


@require_GET
@agent_page
def swaps(request: AgentRequest) -> HttpResponse:
    """This function will show what colleagues offer, and what the agent has on offer."""
    at, agent_id = clock.now(), request.actor.agent_id
    board = swap_board(agent_id, at=at)
    cards, own = _cards(one.claim for one in board), tradable_claims(agent_id, at=at)
    mine = offers_of(agent_id, at=at)
    context = {
        "page_title": _("Swaps"),
        "offers": [{**_offer(one, cards), "trades": _trades(one, own)} for one in board],
        "mine": [_mine(one, agent_id) for one in mine],
        "schedule_url": reverse("scheduling:schedule"),
    }
    return render(request, "scheduling/swap_board.html", context)


def _cards(claims: Any) -> dict[UUID, RateCard]:
    wanted = {one.shift.rate_card_id for one in claims}
    return {card.pk: card for card in RateCard.objects.across_brands().with_lines().filter(pk__in=wanted)}


def _offer(offer: SwapOffer, cards: dict[UUID, RateCard]) -> dict[str, Any]:
    claim = offer.claim
    seconds = seconds_between(claim.starts_at, claim.ends_at)
    return {
        "id": offer.pk,
        "when": period_text(claim.starts_at, claim.ends_at),
        "program": with_language(claim.shift.program.name, claim.shift.language),
        "brand": offer.brand.name,
        "length": duration_text(seconds // 60),
        "pay": money_text(price_of_seconds(cards[claim.shift.rate_card_id], seconds).pay),
        "who": offer.agent.handle,
        "is_for_me": offer.to_agent_id is not None,
        "until": offer.expires_at,
        "in_return": period_text(offer.for_claim.starts_at, offer.for_claim.ends_at) if offer.for_claim else "",
        "is_trade": offer.kind == SwapKind.TRADE,
    }


def _trades(offer: SwapOffer, own: dict[UUID, list[Claim]]) -> list[dict[str, str]]:
    """What the agent could give in return for an offer that asks for nothing."""
    if offer.kind == SwapKind.TRADE:
        return []
    return [
        {"id": str(one.pk), "when": period_text(one.starts_at, one.ends_at)}
        for one in own.get(offer.claim.shift.program_id, [])
    ]


def _mine(offer: SwapOffer, agent_id: UUID) -> dict[str, Any]:
    is_giver = offer.agent_id == agent_id
    return {
        "id": offer.pk,
        "when": period_text(offer.claim.starts_at, offer.claim.ends_at),
        "url": reverse("scheduling:claim", kwargs={"claim_id": offer.claim_id}) if is_giver else "",
        "words": _mine_words(offer, is_giver=is_giver),
        "reason": offer.reason,
        "can_withdraw": is_giver,
    }


def _mine_words(offer: SwapOffer, *, is_giver: bool) -> str:
    if offer.state == SwapState.PENDING_APPROVAL and offer.decide_by:
        return _("Waits for the brand until %(until)s. Its silence means yes.") % {"until": clock_text(offer.decide_by)}
    whom = offer.to_agent.handle if offer.to_agent else _("everybody in the program")
    return _("Offered to %(whom)s. You owe it until somebody takes it.") % {"whom": whom} if is_giver else ""


@require_POST
@agent_page
def swap_offer(request: AgentRequest, claim_id: UUID) -> HttpResponse:
    """This function will put a shift on offer."""
    form = OfferForm(request.POST)
    if form.is_valid():
        try:
            actions.offer_swap(
                claim_id=claim_id, to_handle=form.cleaned_data["to_handle"], by=request.actor, at=clock.now()
            )
        except Invalid as odd:
            form.add_error("to_handle", odd.message)
        else:
            messages.success(request, _("On offer. It stays yours until somebody takes it."))
            return redirect("scheduling:claim", claim_id=claim_id)
    return claim_page(request, claim_id, offer_form=form, status=422)


@require_POST
@agent_page
def swap_take(request: AgentRequest, swap_id: UUID) -> HttpResponse:
    """This function will take over what a colleague offers."""
    done = actions.take_swap(offer_id=swap_id, agent=worker_for(request.actor), by=request.actor, at=clock.now())
    if done.state == SwapState.PENDING_APPROVAL and done.decide_by:
        words = _("The brand is asked. Without its word by %(until)s the shift is yours.")
        messages.info(request, words % {"until": clock_text(done.decide_by)})
        return redirect("scheduling:swaps")
    messages.success(request, _("The shift is yours."))
    return redirect("scheduling:schedule")


@require_POST
@agent_page
def swap_trade(request: AgentRequest, swap_id: UUID) -> HttpResponse:
    """This function will offer an own shift in return for one on offer."""
    form = TradeForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose which of your shifts you give in return."))
    actions.offer_trade(claim_id=form.cleaned_data["claim"], for_offer_id=swap_id, by=request.actor, at=clock.now())
    messages.success(request, _("Your trade is offered. Both shifts change hands once it is accepted."))
    return redirect("scheduling:swaps")


@require_POST
@agent_page
def swap_withdraw(request: AgentRequest, swap_id: UUID) -> HttpResponse:
    """This function will take an offer back."""
    done = actions.withdraw_swap(offer_id=swap_id, by=request.actor, at=clock.now())
    messages.info(request, _("Taken back. The shift stays yours."))
    return redirect("scheduling:claim", claim_id=done.claim_id)


@require_GET
@brand_page()
def swaps_to_decide(request: BrandRequest) -> HttpResponse:
    """This function will list the swaps that wait for the brand's word."""
    return _decisions(request)


def _decisions(
    request: BrandRequest, *, refused: dict[UUID, SwapRefusalForm] | None = None, status: int = 200
) -> HttpResponse:
    slug = request.actor.brand.slug
    rows = [_decision(one, slug, (refused or {}).get(one.pk)) for one in swaps_to_approve(request.actor)]
    context = {
        "page_title": _("Swaps to approve"),
        "rows": rows,
        "can_decide": request.actor.can(Permission.PLAN_CAPACITY),
        "capacity_url": reverse("scheduling:capacity", kwargs={"slug": slug}),
    }
    return render(request, "scheduling/swap_decisions.html", context, status=status)


def _decision(offer: SwapOffer, slug: str, form: SwapRefusalForm | None) -> dict[str, Any]:
    zone = zone_of(offer.claim.shift.timezone)
    where = {"slug": slug, "swap_id": offer.pk}
    return {
        "id": offer.pk,
        "program": with_language(offer.claim.shift.program.name, offer.claim.shift.language),
        "when": period_text(offer.claim.starts_at, offer.claim.ends_at, zone),
        "giver": offer.agent.user.full_name,
        "taker": offer.taker.user.full_name if offer.taker else "",
        "in_return": _return_words(offer.for_claim, zone),
        "decide_by": moment_text(offer.decide_by, zone) if offer.decide_by else "",
        "decide_at": offer.decide_by,
        "approve_url": reverse("scheduling:swap-approve", kwargs=where),
        "refuse_url": reverse("scheduling:swap-refuse", kwargs=where),
        "form": form or SwapRefusalForm(auto_id=f"id_%s_{offer.pk}"),
    }


def _return_words(claim: Claim | None, zone: Any) -> str:
    return period_text(claim.starts_at, claim.ends_at, zone) if claim else ""


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def swap_approve(request: BrandRequest, swap_id: UUID) -> HttpResponse:
    """This function will say yes to a swap."""
    actions.approve_swap(offer_id=swap_id, by=request.actor, at=clock.now())
    messages.success(request, _("Approved. The shift has changed hands."))
    return redirect("scheduling:swaps-to-approve", slug=request.actor.brand.slug)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def swap_refuse(request: BrandRequest, swap_id: UUID) -> HttpResponse:
    """This function will say no to a swap, with a reason."""
    swap_for(request.actor, swap_id)
    form = SwapRefusalForm(request.POST, auto_id=f"id_%s_{swap_id}")
    if form.is_valid():
        try:
            actions.refuse_swap(offer_id=swap_id, reason=form.cleaned_data["reason"], by=request.actor, at=clock.now())
        except Invalid as odd:
            form.add_error("reason", odd.message)
        else:
            messages.info(request, _("Refused. Both agents read why."))
            return redirect("scheduling:swaps-to-approve", slug=request.actor.brand.slug)
    return _decisions(request, refused={swap_id: form}, status=422)
