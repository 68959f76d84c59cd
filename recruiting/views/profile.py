"""The agent's profile."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gigcx.kernel import clock
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.refusals import status_of
from gigcx.web.registries import render_panels
from recruiting.forms.parts import WEEKDAYS
from recruiting.models import Agent
from recruiting.queries import agent_for, channel_words, language_name
from recruiting.states import AgentState
from recruiting.views.onboarding import form_of, kept


@agent_page
@require_GET
def show(request: AgentRequest) -> HttpResponse:
    """This function will show the profile as brands see it, with what would make it stronger."""
    agent = agent_for(request.actor)
    if agent.state in {AgentState.REGISTERED, AgentState.PROFILE_COMPLETE}:
        return redirect("recruiting:agent-start")
    context = {
        "page_title": _("Profile"),
        "agent": agent,
        "channels": channel_words(agent.channels),
        "languages": [(language_name(row.tag), row) for row in agent.languages.all()],
        "skills": sorted(agent.skills.all(), key=lambda row: (-row.level, row.skill.label)),
        "hours": _hours(agent),
        "panels": render_panels("agent.profile", request, request.actor, subject=agent, at=clock.now()),
        **_strength(agent),
    }
    return render(request, "recruiting/agent_profile.html", context)


@agent_page
@require_http_methods(["GET", "POST"])
def edit(request: AgentRequest, part: str) -> HttpResponse:
    """This function will change one part of the profile."""
    form = form_of(part, agent_for(request.actor), request)
    if request.method == "POST" and form.is_valid() and kept(part, form, request.actor):
        messages.success(request, _("Saved."))
        return redirect("recruiting:profile")
    context = {"page_title": _("Change your profile"), "form": form, "step": part, "is_edit": True}
    return render(request, f"recruiting/agent_step_{part}.html", context, status=status_of(form))


def _hours(agent: Agent) -> list[tuple[str, str]]:
    names = dict(WEEKDAYS)
    rows = sorted(agent.availability_rules.all(), key=lambda row: (row.weekday, row.local_from))
    return [(str(names[str(row.weekday)]), f"{row.local_from:%H:%M} – {row.local_to:%H:%M}") for row in rows]


def _strength(agent: Agent) -> dict[str, object]:
    wanted = [
        (bool(agent.headline), _("Add one line about you")),
        (bool(agent.bio), _("Say more about yourself")),
        (len(agent.skills.all()) >= 3, _("Name at least three skills")),
        (bool(agent.equipment.get("owned")), _("Say what equipment you have")),
        (agent.availability_rules.exists(), _("Say when you usually want to work")),
    ]
    return {
        "strength": sum(is_there for is_there, _words in wanted),
        "strength_of": len(wanted),
        "to_add": [words for is_there, words in wanted if not is_there],
    }
