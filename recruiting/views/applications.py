"""Finding programs, applying, agreeing to terms, leaving."""

from ipaddress import ip_address
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.tenancy.actors import AgentActor
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.refusals import show_refusal, status_of
from gigcx.web.registries import agent_id_of
from recruiting import actions
from recruiting.forms import AgreeForm, ApplicationForm, WithdrawForm
from recruiting.models import Program
from recruiting.queries import (
    accepted_terms,
    active_terms,
    agent_for,
    agent_of_user,
    engagement_for,
    engagement_of,
    engagement_steps,
    offer_for,
    offer_of,
    opportunities_for,
    program_for,
    public_program,
    rendered,
)
from recruiting.states import AgentState, EngagementState
from recruiting.views.onboarding import APPLY_KEY


@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, public_slug: str) -> HttpResponse:
    """This function will take an application, after sign-up and profile where those are still missing."""
    program = public_program(public_slug)
    actor = _applicant(request)
    if actor is None:
        request.session[APPLY_KEY] = program.public_slug
        return redirect("recruiting:agent-start") if request.user.is_authenticated else _sign_up(request)
    if agent_for(actor).state in {AgentState.REGISTERED, AgentState.PROFILE_COMPLETE}:
        request.session[APPLY_KEY] = program.public_slug
        return redirect("recruiting:agent-start")
    return _application(request, actor, program)


@agent_page
@require_GET
def find(request: AgentRequest) -> HttpResponse:
    """This function will list opportunities, the best fit first, with why and what is missing."""
    agent = agent_of_user(request.actor.user)
    if agent is None or agent.state in {AgentState.REGISTERED, AgentState.PROFILE_COMPLETE}:
        return redirect("recruiting:agent-start")
    context = {"page_title": _("Find a program"), "offers": opportunities_for(agent, clock.now())}
    return render(request, "recruiting/opportunity_find.html", context)


@agent_page
@require_GET
def mine(request: AgentRequest) -> HttpResponse:
    """This function will list the agent's applications and places, each with its next step."""
    steps = engagement_steps(request.actor, clock.now())
    over = {EngagementState.DECLINED, EngagementState.ENDED}
    context = {
        "page_title": _("Applications"),
        "open": [step for step in steps if step.engagement and step.engagement.state not in over],
        "over": [step for step in steps if step.engagement and step.engagement.state in over],
        "at": clock.now(),
    }
    return render(request, "recruiting/application_list.html", context)


@agent_page
@require_http_methods(["GET", "POST"])
def leave(request: AgentRequest, engagement_id: UUID) -> HttpResponse:
    """This function will end the agent's application or place, once they have seen what that means."""
    engagement = engagement_for(request.actor, engagement_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.withdraw(engagement_id=engagement.pk, reason=reason, by=request.actor, at=clock.now())
        messages.success(request, _("You left %(program)s.") % {"program": engagement.program.name})
        return redirect("recruiting:applications")
    context = {"page_title": _("Leave the program?"), "engagement": engagement, "form": form}
    return render(request, "recruiting/application_withdraw.html", context, status=status_of(form))


@agent_page
@require_http_methods(["GET", "POST"])
def terms(request: AgentRequest, program_id: UUID) -> HttpResponse:
    """This function will show a program's terms and take the agent's agreement."""
    program = program_for(request.actor, program_id)
    version = active_terms(program.pk, clock.now())
    if version is None:
        raise NotFound
    form = AgreeForm(request.POST or None, initial={"terms_version_id": version.pk})
    if request.method == "POST" and form.is_valid() and _agreed(request, form):
        messages.success(request, _("Agreed. Your certification path is open."))
        return redirect("recruiting:applications")
    accepted = accepted_terms(request.actor.agent_id, program.pk)
    engagement = engagement_of(request.actor.agent_id, program.pk)
    context = {
        "page_title": _("Terms of %(program)s") % {"program": program.name},
        "program": program,
        "version": version,
        "body": rendered(version.body),
        "accepted": accepted,
        "is_agreed": accepted is not None and accepted.pk == version.pk,
        "may_agree": engagement is not None and engagement.accepted_at is not None,
        "detail": offer_of(program, clock.now()),
        "form": form,
    }
    return render(request, "recruiting/terms_page.html", context, status=status_of(form))


def _application(request: HttpRequest, actor: AgentActor, program: Program) -> HttpResponse:
    at = clock.now()
    agent = agent_for(actor)
    detail = offer_of(program, at)
    form = ApplicationForm(request.POST if request.method == "POST" else None, questions=detail.questions)
    if request.method == "POST" and form.is_valid():
        answer = _applied(form, actor, program)
        if answer:
            messages.info(request, answer)
            return redirect("recruiting:applications")
    context = {
        "page_title": _("Apply to %(program)s") % {"program": program.name},
        "program": program,
        "detail": detail,
        "offer": offer_for(agent, program, at),
        "form": form,
    }
    return render(request, "recruiting/application_form.html", context, status=status_of(form))


def _applied(form: ApplicationForm, actor: AgentActor, program: Program) -> str:
    """The words that greet the applicant, or nothing when the form shows a refusal."""
    ids: dict[str, Any] = {"agent_id": actor.agent_id, "program_id": program.pk}
    try:
        engagement = actions.apply_to_program(**ids, answers=form.answers(), by=actor, at=clock.now())
    except DomainError as refusal:
        show_refusal(form, refusal)
        return ""
    return {
        EngagementState.ACCEPTED: _("You are in. Read the terms to go on."),
        EngagementState.DECLINED: _("This program does not fit now. Below is why, and when you may apply again."),
    }.get(EngagementState(engagement.state), _("Application sent."))


def _agreed(request: AgentRequest, form: AgreeForm) -> bool:
    try:
        actions.accept_terms(
            agent_id=request.actor.agent_id,
            terms_version_id=form.cleaned_data["terms_version_id"],
            name_typed=form.cleaned_data["name_typed"],
            ip=_address_of(request),
            by=request.actor,
            at=clock.now(),
        )
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    return True


def _applicant(request: HttpRequest) -> AgentActor | None:
    if not request.user.is_authenticated:
        return None
    agent_id = agent_id_of(request.user)
    if agent_id is None:
        return None
    actor = AgentActor(request.user, agent_id)
    request.actor = actor  # type: ignore[attr-defined]  # the layouts read it, as after agent_page
    return actor


def _sign_up(request: HttpRequest) -> HttpResponse:
    return redirect_to_login(request.get_full_path(), login_url=reverse("account_signup"))


def _address_of(request: HttpRequest) -> str | None:
    """The caller's address as the server knows it; None for a unix socket."""
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None
