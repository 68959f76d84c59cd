"""The desk: check in, say what one does, the heartbeat, check out."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, Invalid
from gigcx.kernel.ids import link_token
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import amount_text, money_text, percent_text, period_text
from recruiting.models import RateCard
from scheduling import actions
from scheduling.forms import StateForm
from scheduling.models import Claim, WorkSession
from scheduling.queries.doors import live_session_of
from scheduling.queries.languages import with_language
from scheduling.queries.lists import next_claim
from scheduling.queries.prices import hour_at_desk, price_at_desk
from scheduling.queries.vto import open_offer
from scheduling.queries.work import paid_seconds_so_far
from scheduling.registries import work_feed
from scheduling.states import CHECK_IN_BEFORE, COMING, PAID, ClaimState, SessionState

_DEVICE: Final = "desk_device"


@require_GET
@agent_page
def desk(request: AgentRequest) -> HttpResponse:
    """This function will show the running session, or the shift to check in to."""
    at = clock.now()
    session = live_session_of(request.actor.agent_id)
    if session is not None and session.claim is not None:
        return render(request, "scheduling/desk_session.html", _session_context(request, session, session.claim, at))
    coming = next_claim(request.actor.agent_id, at=at)
    context = {"page_title": _("Desk"), "claim": coming, **(_arrival(coming, at) if coming else {})}
    return render(request, "scheduling/desk_arrival.html", context)


def _arrival(claim: Claim, at: datetime) -> dict[str, Any]:
    opens = claim.starts_at - CHECK_IN_BEFORE
    card = _priced(claim)
    return {
        "work": with_language(claim.shift.program.name, claim.shift.language),
        "period": period_text(claim.starts_at, claim.ends_at),
        "opens_at": opens,
        "is_soon": opens - at < timedelta(hours=24),
        "can_check_in": claim.state in (*COMING, ClaimState.CHECKED_IN) and opens <= at < claim.ends_at,
        "per_hour": money_text(hour_at_desk(claim, card).pay),
        "starts_at": claim.starts_at,
    }


def _priced(claim: Claim) -> RateCard:
    return RateCard.objects.across_brands().with_lines().get(pk=claim.rate_card_id)


def _session_context(request: AgentRequest, session: WorkSession, claim: Claim, at: datetime) -> dict[str, Any]:
    figures = _figures(session, claim, at)
    return {
        "page_title": _("Desk"),
        "session": session,
        "claim": claim,
        "work": with_language(claim.shift.program.name, claim.shift.language),
        "period": period_text(claim.starts_at, claim.ends_at),
        "is_here": session.device == request.session.get(_DEVICE),
        "is_lost": session.state == SessionState.LOST,
        "buttons": _buttons(session),
        "waiting": work_feed().open_work(claim.shift.program, at),
        "is_early_leave": at < claim.ends_at,
        "rest": period_text(at, claim.ends_at) if at < claim.ends_at else "",
        "vto": _time_off(claim, at),
        **figures,
    }


def _time_off(claim: Claim, at: datetime) -> dict[str, Any] | None:
    """What is on offer, as a sentence: how long, and what of the rest is paid."""
    offer = open_offer(claim.shift_id, at=at) if claim.state == ClaimState.CHECKED_IN else None
    if offer is None:
        return None
    return {
        "until": offer.expires_at,
        "left": offer.places - offer.taken,
        "share": percent_text(offer.pay_bp / 10_000) if offer.pay_bp else "",
    }


def _figures(session: WorkSession, claim: Claim, at: datetime) -> dict[str, Any]:
    seconds = paid_seconds_so_far(claim, session, at=at)
    card = _priced(claim)
    pay, hour = price_at_desk(claim, card, seconds).pay, hour_at_desk(claim, card).pay
    return {
        "paid_seconds": seconds,
        "paid_clock": _clock(seconds),
        "money": amount_text(pay),
        "currency": pay.currency,
        "per_hour": amount_text(hour),
        "hour_minor": hour.amount_minor,
        "is_counting": session.state in PAID and claim.starts_at <= at < claim.ends_at,
        "starts_at": claim.starts_at,
    }


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _buttons(session: WorkSession) -> list[dict[str, Any]]:
    names = {
        SessionState.READY: (_("Ready"), "1", _("Waiting for the next contact, paid")),
        SessionState.ON_CONTACT: (_("On contact"), "2", _("With a customer, paid")),
        SessionState.WRAP: (_("Wrapping up"), "3", _("Notes after a contact, paid")),
        SessionState.AUX: (_("Pause"), "4", _("Away from the desk, not paid")),
    }
    return [
        {"state": str(state), "label": label, "key": key, "words": words, "is_on": session.state == state}
        for state, (label, key, words) in names.items()
    ]


@require_POST
@agent_page
def desk_check_in(request: AgentRequest, claim_id: UUID) -> HttpResponse:
    """This function will begin work on a claim at this device."""
    device = request.session.setdefault(_DEVICE, link_token())
    actions.check_in(claim_id=claim_id, device=device, by=request.actor, at=clock.now())
    return redirect("scheduling:desk")


@require_POST
@agent_page
def desk_state(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """This function will note what the agent does now."""
    form = StateForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose ready, on contact, wrapping up or paused."), field="state")
    actions.record_state(
        session_id=session_id,
        device=_device(request),
        state=form.cleaned_data["state"],
        by=request.actor,
        at=clock.now(),
    )
    return redirect("scheduling:desk")


@require_POST
@agent_page
def desk_beat(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """This function will take the heartbeat of a desk and answer with its figures."""
    at = clock.now()
    try:
        session = actions.beat(session_id=session_id, device=_device(request), by=request.actor, at=at)
    except DomainError as refused:
        return JsonResponse({"code": refused.code, "words": refused.message}, status=refused.status)
    claim = session.claim
    if claim is None:
        return JsonResponse({"state": session.state})
    figures = _figures(session, claim, at)
    kept = ("paid_seconds", "money", "is_counting")
    has_offer = open_offer(claim.shift_id, at=at) is not None
    return JsonResponse({"state": session.state, "has_offer": has_offer, **{name: figures[name] for name in kept}})


@require_POST
@agent_page
def desk_check_out(request: AgentRequest, session_id: UUID) -> HttpResponse:
    """This function will leave the desk for good and lead to the finished claim."""
    session = actions.check_out(session_id=session_id, device=_device(request), by=request.actor, at=clock.now())
    messages.success(request, _("Checked out. Your minutes are below."))
    if session.claim_id is None:
        return redirect("scheduling:schedule")
    return redirect(reverse("scheduling:claim", kwargs={"claim_id": session.claim_id}))


def _device(request: AgentRequest) -> str:
    return str(request.session.get(_DEVICE, ""))
