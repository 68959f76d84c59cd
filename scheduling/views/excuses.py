"""An agent's side of a bad day: saying that something is down, asking to be excused, taking time off in a lull."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, Invalid
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import duration_text, moment_text, period_text
from scheduling import actions
from scheduling.forms.day import ExcuseForm, OutageForm
from scheduling.models import Claim, Excusal
from scheduling.queries.doors import claim_for
from scheduling.queries.excuses import can_ask_excuse, excusals_of_claim, free_excuses_left
from scheduling.states import ExcusalState


@require_http_methods(["GET", "POST"])
@agent_page
def excuse(request: AgentRequest, claim_id: UUID) -> HttpResponse:
    """This function will show what excuses a claim, and take the agent's own request."""
    found, at = claim_for(request.actor, claim_id), clock.now()
    left = free_excuses_left(found.agent_id, at=at)
    form = ExcuseForm(request.POST if request.method == "POST" else None, free_left=left)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.request_excuse(claim_id=claim_id, by=request.actor, at=at, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.field if getattr(refused, "field", "") in form.fields else None, refused.message)
        else:
            messages.success(request, _told(made))
            return redirect("scheduling:excuse", claim_id=claim_id)
    status = 422 if form.errors else 200
    return render(request, "scheduling/excuse_page.html", _context(found, form, left), status=status)


def _told(made: Excusal) -> str:
    if made.state == ExcusalState.GRANTED:
        return _("Excused: it costs no points.")
    return _("Asked. A person answers within a day; if nobody does, you are excused.")


def _context(found: Claim, form: ExcuseForm, left: int) -> dict[str, Any]:
    at = clock.now()
    return {
        "page_title": _("Excuse"),
        "claim": found,
        "period": period_text(found.starts_at, found.ends_at),
        "points": -found.points,
        "can_ask": can_ask_excuse(found, at=at),
        "free_left": left,
        "form": form,
        "rows": [_row(one) for one in excusals_of_claim(found)],
    }


def _row(one: Excusal) -> dict[str, Any]:
    return {
        "title": one.incident.title if one.incident else one.get_reason_class_display(),
        "state": one.get_state_display(),
        "is_granted": one.state == ExcusalState.GRANTED,
        "words": one.decision_reason or (one.statement if one.incident is None else ""),
        "until": moment_text(one.due_at) if one.state == ExcusalState.REQUESTED and one.due_at else "",
        "floor": duration_text(one.floor_seconds // 60) if one.floor_seconds else "",
    }


@require_http_methods(["GET", "POST"])
@agent_page
def outage(request: AgentRequest, claim_id: UUID) -> HttpResponse:
    """This function will take a report that something outside the agent's hands stops the work."""
    found = claim_for(request.actor, claim_id)
    form = OutageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.report_outage(claim_id=claim_id, by=request.actor, at=clock.now(), **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.field if getattr(refused, "field", "") in form.fields else None, refused.message)
        else:
            messages.success(request, _("Reported. If others in your place say the same, it excuses all of you."))
            return redirect("scheduling:claim", claim_id=claim_id)
    context = {
        "page_title": _("Something is down"),
        "claim": found,
        "period": period_text(found.starts_at, found.ends_at),
        "form": form,
    }
    return render(request, "scheduling/outage_page.html", context, status=422 if form.errors else 200)


@require_POST
@agent_page
def time_off(request: AgentRequest, claim_id: UUID) -> HttpResponse:
    """This function will let the agent leave early where time off is on offer."""
    if "sure" not in request.POST:
        raise Invalid(_("Open the desk again: the offer was not sent."))
    taken = actions.accept_vto(claim_id=claim_id, by=request.actor, at=clock.now())
    messages.success(
        request,
        _("Enjoy it: %(rest)s are yours, and nobody marks it down.")
        % {"rest": duration_text(taken.seconds_left // 60)},
    )
    return redirect("scheduling:claim", claim_id=claim_id)
