"""Lines for full shifts and standby: joining, answering an invitation, leaving, taking an unconfirmed seat."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gigcx.kernel import clock
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import duration_text, period_text
from scheduling import actions
from scheduling.forms.exchange import WaitForm
from scheduling.models import WaitlistEntry
from scheduling.queries.doors import worker_for
from scheduling.queries.languages import with_language
from scheduling.queries.waits import UNCONFIRMED_BEFORE, place_of, unconfirmed_among, waits_of_agent
from scheduling.states import WaitState


def place_words(place: int) -> str:
    """This function will say a place in line."""
    return _("You are first in line.") if place == 1 else _("You are number %(n)s in line.") % {"n": place}


def waiting_answer(request: HttpRequest, entry: WaitlistEntry) -> HttpResponse:
    """This function will say that the seat went to somebody faster and which place in line one has, and show the week."""
    words = _(
        "Someone was faster: the last seat is taken. %(place)s A seat that comes free is kept for you while you answer."
    )
    messages.warning(request, words % {"place": place_words(place_of(entry))})
    return redirect("scheduling:schedule")


@require_POST
@agent_page
def shift_wait(request: AgentRequest, shift_id: UUID) -> HttpResponse:
    """This function will join the line for a full shift."""
    form = WaitForm(request.POST)
    entry = actions.join_waitlist(
        shift_id=shift_id,
        agent=worker_for(request.actor),
        by=request.actor,
        at=clock.now(),
        auto_accept=form.is_valid() and form.cleaned_data["auto_accept"],
    )
    messages.success(request, _("You wait for this shift. %(place)s") % {"place": place_words(place_of(entry))})
    return redirect("scheduling:schedule")


@require_POST
@agent_page
def shift_standby(request: AgentRequest, shift_id: UUID) -> HttpResponse:
    """This function will take a standby place."""
    claim = actions.claim_standby(shift_id=shift_id, agent=worker_for(request.actor), by=request.actor, at=clock.now())
    messages.success(request, _("You are on standby. Be ready to be called until the shift ends."))
    return redirect("scheduling:claim", claim_id=claim.pk)


@require_POST
@agent_page
def wait_accept(request: AgentRequest, wait_id: UUID) -> HttpResponse:
    """This function will take the seat that is held for the agent."""
    claim = actions.accept_invitation(entry_id=wait_id, by=request.actor, at=clock.now())
    messages.success(request, _("%(period)s is yours.") % {"period": period_text(claim.starts_at, claim.ends_at)})
    return redirect("scheduling:claim", claim_id=claim.pk)


@require_POST
@agent_page
def wait_take(request: AgentRequest, wait_id: UUID) -> HttpResponse:
    """This function will take the seat of a holder who did not confirm."""
    claim = actions.take_unconfirmed(entry_id=wait_id, by=request.actor, at=clock.now())
    messages.success(request, _("%(period)s is yours.") % {"period": period_text(claim.starts_at, claim.ends_at)})
    return redirect("scheduling:claim", claim_id=claim.pk)


@require_POST
@agent_page
def wait_decline(request: AgentRequest, wait_id: UUID) -> HttpResponse:
    """This function will let the next in line have the seat."""
    actions.decline_invitation(entry_id=wait_id, by=request.actor, at=clock.now())
    messages.info(request, _("Declined. The seat goes to the next in line."))
    return redirect("scheduling:schedule")


@require_POST
@agent_page
def wait_leave(request: AgentRequest, wait_id: UUID) -> HttpResponse:
    """This function will stop waiting."""
    actions.leave_waitlist(entry_id=wait_id, by=request.actor, at=clock.now())
    messages.info(request, _("You no longer wait for this shift."))
    return redirect("scheduling:schedule")


def wait_rows(agent_id: UUID, *, at: datetime) -> list[dict[str, Any]]:
    """This function will return the agent's places in line for the page, invitations first."""
    waits = waits_of_agent(agent_id, at=at)
    loose = unconfirmed_among(entry.shift_id for entry, _place in waits)
    rows = [_row(entry, place, loose, at) for entry, place in waits]
    return sorted(rows, key=lambda row: not row["is_invited"])


def _row(entry: WaitlistEntry, place: int, loose: set[UUID], at: datetime) -> dict[str, Any]:
    shift = entry.shift
    is_late = at >= shift.starts_at - UNCONFIRMED_BEFORE and at < shift.starts_at
    is_invited = entry.state == WaitState.INVITED and entry.expires_at is not None and entry.expires_at > at
    return {
        "id": entry.pk,
        "when": period_text(shift.starts_at, shift.ends_at),
        "program": with_language(shift.program.name, shift.language),
        "brand": entry.brand.name,
        "length": duration_text(int((shift.ends_at - shift.starts_at).total_seconds() // 60)),
        "place": place_words(place),
        "is_invited": is_invited,
        "expires_at": entry.expires_at,
        "auto_accept": entry.auto_accept,
        "can_take": not is_invited and is_late and entry.shift_id in loose,
    }
