"""What recruiting brings to shared pages: hats, menus, panels and the ops queue."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gigcx.accounts.models import User
from gigcx.tenancy.actors import Actor, AgentActor, BrandActor
from gigcx.tenancy.roles import Permission
from gigcx.web.registries import Entry, Hat, OpsGroup, Panel, Queue, add, find_agent_with
from gigcx.web.timeline import phrase
from recruiting.queries import agent_of_user, applicants_waiting, first_steps, next_steps_of, programs_in_review


def register() -> None:
    """This function will put everything on the shelves."""
    find_agent_with(_agent_id)
    add(Hat(10, "agent", _agent_hat))
    add(Queue(20, gettext_lazy("Programs to review"), _review_url, programs_in_review, timedelta(hours=24)))
    add(OpsGroup(20, gettext_lazy("Recruiting"), ("recruiting",)))
    add(Panel("brand.lead", 5, "recruiting/_first_steps.html", _first_steps))
    add(Panel("agent.home", 30, "recruiting/_next_steps.html", _next_steps))
    add(Panel("brand.today", 40, "recruiting/_applicants_waiting.html", _applicants_waiting))
    for entry in _entries():
        add(entry)
    for action, sentence in _PHRASES.items():
        phrase(action, sentence)


def _entries() -> tuple[Entry, ...]:
    return (
        Entry("brand", 30, gettext_lazy("Programs"), "recruiting:programs", "brand", Permission.VIEW),
        Entry("brand", 40, gettext_lazy("Talent"), "recruiting:talent", "people", Permission.VIEW),
        Entry("agent", 60, gettext_lazy("Profile"), "recruiting:profile", "person", is_primary=False),
        Entry("public", 10, gettext_lazy("Opportunities"), "recruiting:opportunities", "search"),
    )


def _agent_id(user: User) -> UUID | None:
    agent = agent_of_user(user)
    return agent.pk if agent else None


def _agent_hat(user: User) -> Sequence[tuple[str, str]]:
    return [(_("Agent"), reverse("web:agent-home"))] if agent_of_user(user) else []


def _review_url() -> str:
    return reverse("admin:recruiting_program_changelist") + "?state__exact=content_review"


def _next_steps(request: HttpRequest, actor: Actor, subject: Any, at: datetime) -> Mapping[str, Any] | None:
    return {"steps": next_steps_of(actor, at)} if isinstance(actor, AgentActor) else None


def _first_steps(request: HttpRequest, actor: Actor, subject: Any, at: datetime) -> Mapping[str, Any] | None:
    """Before its first program is public a brand has no day to look at: what comes next leads the page."""
    steps = first_steps(actor, at) if isinstance(actor, BrandActor) else []
    return {"steps": steps, "done": sum(step["state"] == "done" for step in steps)} if steps else None


def _applicants_waiting(request: HttpRequest, actor: Actor, subject: Any, at: datetime) -> Mapping[str, Any] | None:
    if not isinstance(actor, BrandActor):
        return None
    waiting = applicants_waiting(actor)
    return (
        {"waiting": waiting, "talent_url": reverse("recruiting:talent", args=[actor.brand.slug])} if waiting else None
    )


_PHRASES = {
    "recruiting.register_agent": gettext_lazy("{who} opened an agent profile"),
    "recruiting.describe_agent": gettext_lazy("{who} changed their profile"),
    "recruiting.claim_abilities": gettext_lazy("{who} said what they can do"),
    "recruiting.set_availability": gettext_lazy("{who} set their hours"),
    "recruiting.pause_agent": gettext_lazy("{who} went on a break"),
    "recruiting.resume_agent": gettext_lazy("{who} came back"),
    "recruiting.record_skill": gettext_lazy("A skill was proved: {proof}"),
    "recruiting.record_language": gettext_lazy("A language was proved: {proof}"),
    "recruiting.create_program": gettext_lazy("{who} wrote the first draft"),
    "recruiting.edit_program": gettext_lazy("{who} changed the program{what}"),
    "recruiting.set_questions": gettext_lazy("{who} changed the questions for applicants"),
    "recruiting.submit_program": gettext_lazy("{who} sent the program to review"),
    "recruiting.approve_program": gettext_lazy("{who} approved the program; it is public"),
    "recruiting.return_program": gettext_lazy("{who} sent the program back"),
    "recruiting.make_ready": gettext_lazy("Enough agents are certified"),
    "recruiting.launch_program": gettext_lazy("The program went live"),
    "recruiting.pause_program": gettext_lazy("{who} paused the program"),
    "recruiting.resume_program": gettext_lazy("{who} resumed the program"),
    "recruiting.sunset_program": gettext_lazy("{who} closed the program to applications"),
    "recruiting.archive_program": gettext_lazy("{who} archived the program"),
    "recruiting.publish_rate_card": gettext_lazy("{who} published prices, version {version}"),
    "recruiting.publish_terms": gettext_lazy("{who} published terms, version {version}"),
    "recruiting.accept_terms": gettext_lazy("{who} agreed to the terms"),
    "recruiting.apply_to_program": gettext_lazy("{who} applied, fit {fit} of 100"),
    "recruiting.accept_engagement": gettext_lazy("{who} accepted the application"),
    "recruiting.decline_engagement": gettext_lazy("{who} declined the application"),
    "recruiting.certify_engagement": gettext_lazy("Certified: work is open"),
    "recruiting.lapse_engagement": gettext_lazy("The certificate lapsed"),
    "recruiting.mark_productive": gettext_lazy("First work done well"),
    "recruiting.end_engagement": gettext_lazy("{who} ended the engagement"),
    "recruiting.block_agent": gettext_lazy("{who} blocked the agent"),
    "recruiting.block_agent_for_safety": gettext_lazy("{who} blocked the agent for safety and took their seats back"),
    "recruiting.unblock_agent": gettext_lazy("{who} lifted the block"),
    "recruiting.favor_agent": gettext_lazy("{who} made the agent a favorite"),
    "recruiting.unfavor_agent": gettext_lazy("{who} took the agent off the favorites"),
    "recruiting.record_standing": gettext_lazy("Tier and standing were recorded"),
}
