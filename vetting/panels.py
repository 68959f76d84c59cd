"""What this stage brings to shared pages: menu lines, panels, phrases of history, and the queues of ops."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.actors import Actor, AgentActor, BrandActor
from gigcx.tenancy.roles import Permission
from gigcx.web.formats import duration_text
from gigcx.web.registries import Entry, Panel, Queue, add
from gigcx.web.timeline import phrase
from recruiting.models import Program
from recruiting.queries import agent_of_user
from vetting.queries import (
    blueprint,
    entry_certification,
    live_version,
    paths_of,
    rating_queue,
    review_queue,
    revocation_queue,
)


def register() -> None:
    """This function will put this stage's pieces on the shelves."""
    add(Entry("agent", 40, _("Learn"), "vetting:learn", "learn"))
    add(Queue(30, _("Identity checks"), _identity_url, review_queue, timedelta(hours=24)))
    add(Queue(31, _("Answers to rate"), _rating_url, rating_queue, timedelta(hours=24)))
    add(Queue(32, _("Revocations proposed"), _revocation_url, revocation_queue, timedelta(hours=48)))
    add(Panel("agent.home", 20, "vetting/_home_path.html", _home_path))
    add(Panel("brand.training", 20, "vetting/_training_links.html", _training_links))
    add(Panel("brand.program", 40, "vetting/_program_certification.html", _program_certification))
    add(Panel("public.opportunity", 40, "vetting/_opportunity_steps.html", _opportunity_steps))
    for action, sentence in _PHRASES.items():
        phrase(action, sentence)


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


_PHRASES = {
    "vetting.request_identity_check": _("{who} opened an identity check"),
    "vetting.attach_document": _("{who} added a picture: {side}"),
    "vetting.view_document": _("{who} looked at a picture"),
    "vetting.review_identity": _("{who} gave a verdict: {verdict}"),
    "vetting.move_identity_check": _("The check moved on"),
    "vetting.erase_document": _("A picture was erased"),
    "vetting.expire_identity": _("The verification ran out"),
    "vetting.record_evidence": _("Evidence was recorded: {kind}"),
    "vetting.withdraw_evidence": _("{who} withdrew evidence"),
    "vetting.open_attempt": _("{who} opened a test"),
    "vetting.begin_attempt": _("{who} began a test"),
    "vetting.take_seat": _("{who} went on with a test on another device"),
    "vetting.submit_attempt": _("{who} handed a test in"),
    "vetting.grade_attempt": _("The test was graded"),
    "vetting.record_rating": _("{who} rated an answer"),
    "vetting.issue_certificate": _("The certificate was issued"),
    "vetting.move_certificate": _("The certificate changed"),
    "vetting.propose_revocation": _("{who} asked to revoke the certificate"),
    "vetting.decide_revocation": _("{who} decided on the revocation"),
    "vetting.revoke_certificate": _("{who} revoked the certificate"),
    "vetting.share_name": _("{who} changed whether the public page names them"),
    "vetting.create_bank": _("{who} made the bank"),
    "vetting.write_item": _("{who} wrote the question"),
    "vetting.rewrite_item": _("{who} changed the question"),
    "vetting.send_item_to_review": _("{who} sent the question to review"),
    "vetting.take_item_back": _("{who} took the question back"),
    "vetting.publish_item_version": _("{who} published the question"),
    "vetting.retire_item_version": _("A version of the question retired"),
    "vetting.retire_item": _("{who} retired the question"),
    "vetting.create_assessment": _("{who} made the test"),
    "vetting.draft_assessment": _("{who} changed the test's draft"),
    "vetting.publish_assessment_version": _("{who} published the test"),
    "vetting.retire_assessment_version": _("The version before it retired"),
    "vetting.create_certification": _("{who} began the certification"),
    "vetting.draft_certification": _("{who} changed the certification's draft"),
    "vetting.publish_certification_version": _("{who} put the certification in force"),
    "vetting.retire_certification_version": _("The version before it retired"),
}
