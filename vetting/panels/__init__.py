"""What this stage brings to shared pages: menu lines, panels, and the queues of ops."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.actors import Actor, AgentActor, BrandActor
from gigcx.tenancy.roles import Permission
from gigcx.web.formats import duration_text
from gigcx.web.registries import Entry, OpsGroup, Panel, Queue, add
from recruiting.models import Program
from recruiting.queries import agent_of_user
from vetting.panels import needs, phrases
from vetting.queries import (
    blueprint,
    entry_certification,
    live_version,
    paths_of,
    rating_queue,
    review_queue,
    revocation_queue,
)

_ABOUT_PEOPLE = (
    "identitycheck",
    "identityreview",
    "identitydocument",
    "documentview",
    "agentidentity",
    "candidacy",
    "evidence",
    "waiver",
    "certificate",
    "revocationproposal",
)


def register() -> None:
    """This function will put this stage's pieces on the shelves."""
    add(Entry("agent", 40, _("Learn"), "vetting:learn", "learn"))
    add(Queue(30, _("Identity checks"), _identity_url, review_queue, timedelta(hours=24)))
    add(Queue(31, _("Answers to rate"), _rating_url, rating_queue, timedelta(hours=24)))
    add(Queue(32, _("Revocations proposed"), _revocation_url, revocation_queue, timedelta(hours=48)))
    add(OpsGroup(30, _("Vetting: people"), tuple(f"vetting.{table}" for table in _ABOUT_PEOPLE)))
    add(OpsGroup(32, _("Vetting: tests and certifications"), ("vetting",)))
    add(Panel("agent.home", 20, "vetting/_home_path.html", _home_path))
    add(Panel("brand.training", 20, "vetting/_training_links.html", _training_links))
    add(Panel("brand.program", 40, "vetting/_program_certification.html", _program_certification))
    add(Panel("public.opportunity", 40, "vetting/_opportunity_steps.html", _opportunity_steps))
    phrases.register()
    needs.register()


def _identity_url() -> str:
    return reverse("admin:vetting_identitycheck_changelist") + "?state__exact=needs_review"


def _rating_url() -> str:
    return reverse("admin:vetting_ratingtask_changelist") + "?state__exact=open"


def _revocation_url() -> str:
    return reverse("admin:vetting_revocationproposal_changelist") + "?state__exact=open"


def _home_path(request: HttpRequest, actor: Actor, subject: Any, at: datetime) -> Mapping[str, Any] | None:
    if not isinstance(actor, AgentActor):
        return None
    agent = agent_of_user(actor.user)
    ahead = [path for path in paths_of(agent, at) if not path.is_satisfied and path.current] if agent else []
    if not ahead:
        return None
    path = ahead[0]
    step = path.current
    return {
        "path": path,
        "step": step,
        "is_ours": step is not None and step.next_step is not None and step.next_step.who_acts == "agent",
        "left": duration_text(path.minutes_left),
        "more": len(ahead) - 1,
    }


def _training_links(request: HttpRequest, actor: Actor, subject: Any, at: datetime) -> Mapping[str, Any] | None:
    if not isinstance(actor, BrandActor) or not actor.can(Permission.AUTHOR_CONTENT):
        return None
    return {"slug": actor.brand.slug, "may_certify": actor.can(Permission.MANAGE_CERTIFICATIONS)}


def _program_certification(request: HttpRequest, actor: Actor, subject: Any, at: datetime) -> Mapping[str, Any] | None:
    if not isinstance(actor, BrandActor) or not isinstance(subject, Program):
        return None
    certification = entry_certification(subject.pk)
    version = live_version(certification) if certification else None
    return {
        "slug": actor.brand.slug,
        "certification": certification,
        "version": version,
        "plan": blueprint(version) if version else None,
        "may_certify": actor.can(Permission.MANAGE_CERTIFICATIONS),
    }


def _opportunity_steps(request: HttpRequest, actor: Actor, subject: Any, at: datetime) -> Mapping[str, Any] | None:
    certification = entry_certification(subject.pk) if isinstance(subject, Program) else None
    version = live_version(certification) if certification else None
    if version is None:
        return None
    plan = blueprint(version)
    return {"plan": plan, "minutes": duration_text(plan.minutes) if plan.minutes else ""}
