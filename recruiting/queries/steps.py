"""What comes next for an agent, in each program they applied to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from gigcx.tenancy.actors import Actor, AgentActor
from recruiting.models import Agent, Engagement, TermsAcceptance, TermsVersion
from recruiting.queries.agents import agent_for
from recruiting.states import JOINED_ENGAGEMENT_STATES, AgentState, EngagementState, VersionState

LEARN_URL: Final = "/work/learn/"
SHIFTS_URL: Final = "/work/find/"


@dataclass(frozen=True, slots=True)
class EngagementStep:
    """The next step in one program. `is_mine` says that the agent must act; `url` is empty where there is nothing to open."""

    engagement: Engagement | None
    code: str
    title: str
    text: str
    who: str
    is_mine: bool
    url: str = ""
    label: str = ""


def next_steps_of(actor: Actor, at: datetime) -> list[EngagementStep]:
    """This function will return what the agent must or may do next, the most pressing first."""
    agent = agent_for(actor)
    if agent.state in {AgentState.REGISTERED, AgentState.PROFILE_COMPLETE}:
        return [_finish_profile(agent)]
    steps = [step for step in engagement_steps(actor, at) if step.code not in {"declined", "ended"}]
    return sorted(steps, key=lambda step: not step.is_mine) or [_find_program()]


def engagement_steps(actor: Actor, at: datetime) -> list[EngagementStep]:
    """This function will return every engagement of the agent with its next step, latest application first."""
    if not isinstance(actor, AgentActor):
        return []
    rows = Engagement.objects.for_actor(actor).select_related("program__brand")
    engagements = list(rows.order_by("-applied_at", "pk"))
    joined = [one.program_id for one in engagements if one.state in JOINED_ENGAGEMENT_STATES]
    asked = unaccepted_terms(actor.agent_id, joined, at)
    return [_step(engagement, asked.get(engagement.program_id)) for engagement in engagements]


def unaccepted_terms(agent_id: UUID, program_ids: Iterable[UUID], at: datetime) -> dict[UUID, TermsVersion]:
    """This function will return, by program, terms that wait for the agent's acceptance.

    A version that is not material asks nothing of those who accepted an earlier one.
    """
    ids = list(program_ids)
    published = TermsVersion.objects.across_brands().filter(program_id__in=ids).exclude(state=VersionState.DRAFT)
    in_force = published.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at), valid_from__lte=at)
    given = TermsAcceptance.objects.across_brands().filter(agent_id=agent_id, version__program_id__in=ids)
    newest: dict[UUID, int] = {}
    for program_id, version in given.values_list("version__program_id", "version__version"):
        newest[program_id] = max(version, newest.get(program_id, 0))
    versions = {row.program_id: row for row in in_force.order_by("version")}
    material = _last_material(published.order_by("version"))
    return {
        program_id: version
        for program_id, version in versions.items()
        if newest.get(program_id, 0) < material.get(program_id, version.version)
    }


def _last_material(versions: Iterable[TermsVersion]) -> dict[UUID, int]:
    return {row.program_id: row.version for row in versions if row.is_material}


def _finish_profile(agent: Agent) -> EngagementStep:
    minutes = 4 if agent.state == AgentState.REGISTERED else 1
    return EngagementStep(
        None,
        "finish_profile",
        _("Finish your profile"),
        _("Then you can apply. It takes about %(minutes)d min.") % {"minutes": minutes},
        _("You"),
        True,
        reverse("recruiting:agent-start"),
        _("Continue"),
    )


def _find_program() -> EngagementStep:
    return EngagementStep(
        None,
        "find_program",
        _("Find a program"),
        _("See what fits you, why, and what it pays."),
        _("You"),
        True,
        reverse("recruiting:find"),
        _("See opportunities"),
    )


def _step(engagement: Engagement, terms: TermsVersion | None) -> EngagementStep:
    if terms is not None:
        return _terms_step(engagement, terms)
    code, title, text, is_mine, url, label = _words(engagement)
    who = _("You") if is_mine else engagement.program.brand.name
    return EngagementStep(engagement, code, title, text, who, is_mine, url, label)


def _terms_step(engagement: Engagement, terms: TermsVersion) -> EngagementStep:
    is_first = engagement.state == EngagementState.ACCEPTED
    return EngagementStep(
        engagement,
        "accept_terms",
        _("You are in: read the terms") if is_first else _("The terms changed"),
        _("Type your name to agree, then certification opens.") if is_first else _("Agree before your next claim."),
        _("You"),
        True,
        reverse("recruiting:terms", args=[engagement.program_id]),
        _("Read and agree"),
    )


def _words(engagement: Engagement) -> tuple[str, str, str, bool, str, str]:
    """Code, title, text, whether the agent must act, address and its label."""
    work = ("work", _("Claim a shift"), _("You are certified here."), True, SHIFTS_URL, _("See open shifts"))
    waiting = _("Most brands answer within two working days.")
    path = _("Your path shows each step, its time and its pay.")
    renew = _("Work opens again once it is renewed.")
    return {
        EngagementState.APPLIED: ("wait", _("Application sent"), waiting, False, "", ""),
        EngagementState.WAITLISTED: (
            "wait",
            _("On the waiting list"),
            _("You are asked when a place is free."),
            False,
            "",
            "",
        ),
        EngagementState.ACCEPTED: ("certify", _("Get certified"), path, True, LEARN_URL, _("Go on")),
        EngagementState.CERTIFIED: work,
        EngagementState.PRODUCTIVE: work,
        EngagementState.LAPSED: ("renew", _("Renew your certificate"), renew, True, LEARN_URL, _("Renew")),
        EngagementState.DECLINED: ("declined", _("Not this time"), engagement.decline_reason, False, "", ""),
        EngagementState.ENDED: ("ended", _("Ended"), engagement.end_reason, False, "", ""),
    }[EngagementState(engagement.state)]
