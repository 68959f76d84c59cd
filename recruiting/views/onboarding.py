"""From a fresh account to an agent who may apply, in three short steps."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.tenancy.actors import AgentActor
from gigcx.web.access import AgentRequest, PersonRequest, agent_page, person_page
from gigcx.web.refusals import show_refusal, status_of
from recruiting import actions
from recruiting.forms import AbilitiesForm, AboutForm, HoursForm
from recruiting.models import Agent
from recruiting.queries import agent_for, agent_of_user, skills_offered
from recruiting.states import AgentState

STEPS: Final = (
    ("about", gettext_lazy("About you"), 1),
    ("abilities", gettext_lazy("What you can do"), 2),
    ("hours", gettext_lazy("When you want to work"), 1),
)
APPLY_KEY: Final = "apply_to"


@person_page
@require_http_methods(["GET", "POST"])
def welcome(request: PersonRequest) -> HttpResponse:
    """This function will open an agent profile, or lead to the step that comes next."""
    agent = agent_of_user(request.user)
    if agent is not None:
        return _next_page(request, agent)
    if request.method == "POST":
        actions.register_agent(user=request.user, by=request.actor, at=clock.now())
        return redirect("recruiting:welcome-step", step="about")
    context = {"page_title": _("Work as an agent"), "steps": STEPS, "minutes": sum(step[2] for step in STEPS)}
    return render(request, "recruiting/agent_welcome.html", context)


@agent_page
@require_http_methods(["GET", "POST"])
def step(request: AgentRequest, step: str) -> HttpResponse:
    """This function will show one step and keep what it asks for."""
    agent = agent_for(request.actor)
    form = form_of(step, agent, request)
    if request.method == "POST" and form.is_valid() and kept(step, form, request.actor):
        return _next_page(request, agent_for(request.actor), after=step)
    context = {"page_title": _title(step), "form": form, "step": step, **_progress(step)}
    return render(request, f"recruiting/agent_step_{step}.html", context, status=status_of(form))


def form_of(part: str, agent: Agent, request: HttpRequest) -> Any:
    """This function will return the form of a part of the profile. Raises NotFound for an unknown part."""
    posted = request.POST if request.method == "POST" else None
    makers: dict[str, Callable[[], Any]] = {
        "about": lambda: AboutForm.of(agent, posted),
        "abilities": lambda: AbilitiesForm.of(agent, skills_offered(), posted),
        "hours": lambda: HoursForm.of(agent, posted),
    }
    if part not in makers:
        raise NotFound
    return makers[part]()


def kept(part: str, form: Any, actor: AgentActor) -> bool:
    """This function will keep a part of the profile and tell whether it was accepted; the form shows a refusal."""
    calls: dict[str, Callable[[], object]] = {
        "about": lambda: actions.describe_agent(about=form.about(), **ids),
        "abilities": lambda: actions.claim_abilities(abilities=form.abilities(), **ids),
        "hours": lambda: actions.set_availability(setup=form.setup(), **ids),
    }
    ids: dict[str, Any] = {"agent_id": actor.agent_id, "by": actor, "at": clock.now()}
    try:
        calls[part]()
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    return True


def _next_page(request: HttpRequest, agent: Agent, after: str = "") -> HttpResponse:
    following = _following(agent)
    if following:
        return redirect("recruiting:welcome-step", step=following)
    slug = request.session.pop(APPLY_KEY, "")
    if slug:
        return redirect("recruiting:apply", public_slug=slug)
    return redirect("recruiting:find")


def _following(agent: Agent) -> str:
    if not agent.country:
        return "about"
    if agent.state == AgentState.REGISTERED:
        return "abilities"
    return "hours" if agent.state == AgentState.PROFILE_COMPLETE else ""


def _title(step: str) -> str:
    return next((str(label) for name, label, _minutes in STEPS if name == step), "")


def _progress(step: str) -> dict[str, Any]:
    names = [name for name, _label, _minutes in STEPS]
    place = names.index(step)
    left = sum(minutes for _name, _label, minutes in STEPS[place:])
    previous = names[place - 1] if place else ""
    return {"place": place + 1, "whole": len(names), "minutes_left": left, "previous": previous}
