"""Your path: done, now, next; and the certificates it leads to."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound
from gigcx.web import registries
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import day_text, duration_text
from recruiting.models import Agent
from recruiting.queries import agent_of_user
from vetting import actions
from vetting.models import Certificate
from vetting.queries import Progress, attempts_for, certificates_for, paths_of
from vetting.queries.certifications import StepProgress
from vetting.states import COUNTING_CERTIFICATES, UNSETTLED_ATTEMPTS

WHO_ACTS = {
    "agent": _("You"),
    "ops": _("We wait for our people"),
    "brand": _("We wait for the brand"),
    "provider": _("We wait for the provider"),
}


@agent_page
def learn(request: AgentRequest) -> HttpResponse:
    """This function will show the way to every certificate the agent is working on."""
    at = clock.now()
    paths = paths_of(_me(request), at)
    ahead = [_path(path) for path in paths if path.certificate is None or not path.is_satisfied]
    for path in ahead[1:]:
        _quieten(path)
    context = {
        "page_title": _("Your path"),
        "paths": ahead,
        "has_done": [_path(path) for path in paths if path.certificate is not None and path.is_satisfied],
        "attempts": attempts_for(request.actor).filter(state__in=UNSETTLED_ATTEMPTS)[:5],
        "panels": registries.render_panels("agent.learn", request, request.actor, at=at),
    }
    return render(request, "vetting/learn_page.html", context)


def _me(request: AgentRequest) -> Agent:
    agent = agent_of_user(request.actor.user)
    if agent is None:
        raise NotFound
    return agent


@agent_page
def certificates(request: AgentRequest) -> HttpResponse:
    """This function will list the agent's certificates."""
    rows = [_row(one) for one in certificates_for(request.actor)]
    context = {"page_title": _("Your certificates"), "rows": rows}
    return render(request, "vetting/certificates_page.html", context)


@require_POST
@agent_page
def share(request: AgentRequest, certificate_id: UUID) -> HttpResponse:
    """This function will show or hide the name on the certificate's public page."""
    change = actions.share_name if request.POST.get("is_public") else actions.hide_name
    change(certificate_id=certificate_id, by=request.actor, at=clock.now())
    messages.success(request, _("Done."))
    return redirect("vetting:certificates")


def _path(path: Progress) -> dict[str, Any]:
    now = path.current
    return {
        "name": path.certification.name,
        "program": path.program,
        "brand": path.program.brand,
        "certificate": path.certificate,
        "done": path.done,
        "whole": len(path.steps),
        "minutes_left": duration_text(path.minutes_left) if path.minutes_left else "",
        "steps": [_step(step, is_now=step is now) for step in path.steps],
        "is_satisfied": path.is_satisfied,
        "certificate_step": _("Valid %(months)d months. Opens work in %(program)s.")
        % {"months": path.version.validity_months, "program": path.program.name},
    }


def _quieten(path: dict[str, Any]) -> None:
    """One primary button a page: the first path's."""
    for step in path["steps"]:
        step["state"] = "next" if step["state"] == "now" else step["state"]


def _step(step: StepProgress, *, is_now: bool) -> dict[str, Any]:
    is_done = step.status not in ("open", "locked")
    is_ours = is_now and step.next_step is not None and step.next_step.who_acts == "agent"
    words = [duration_text(step.requirement.minutes)] if step.requirement.minutes and not is_done else []
    if step.status == "waived":
        words.append(_("let go for you"))
    if is_done and step.until is not None:
        words.append(_("holds until %s") % day_text(step.until))
    if not is_done and step.next_step is not None and step.next_step.who_acts != "agent":
        words.append(str(WHO_ACTS.get(step.next_step.who_acts, "")))
    can_start = step.status == "open" and step.next_step is not None and step.next_step.url
    return {
        "title": step.requirement.title,
        "text": " · ".join(words),
        "why": _("Something before it comes first.") if step.status == "locked" else "",
        "state": "done" if is_done else "now" if is_now else "next",
        "url": step.next_step.url if can_start and step.next_step else "",
        "label": step.next_step.label if step.next_step else "",
        "is_ours": is_ours,
    }


def _row(certificate: Certificate) -> dict[str, Any]:
    counts = certificate.state in COUNTING_CERTIFICATES
    return {"certificate": certificate, "counts": counts, "kind": "cover" if counts else "short"}
