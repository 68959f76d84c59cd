"""What training brings to shared pages: a menu line, panels on opportunity, path and program, and an ops queue."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.actors import Actor, AgentActor, BrandActor
from gigcx.tenancy.roles import Permission
from gigcx.web.registries import Entry, OpsGroup, Panel, Queue, add
from gigcx.web.timeline import phrase
from training import queries


def register() -> None:
    """This function will put everything on the shelves."""
    add(Entry("brand", 50, _("Training"), "training:courses", "learn", Permission.VIEW))
    add(Panel("public.opportunity", 40, "training/_panel_opportunity.html", _opportunity))
    add(Panel("agent.learn", 20, "training/_panel_learn.html", _learn))
    add(Panel("agent.home", 40, "training/_panel_home.html", _home))
    add(Panel("brand.program", 40, "training/_panel_program.html", _program))
    add(Queue(60, _("Finished courses without pay"), _unsettled_url, _unsettled, timedelta(minutes=10)))
    add(OpsGroup(40, _("Training"), ("training",)))
    for action, sentence in _PHRASES.items():
        phrase(f"training.{action}", sentence)


def _opportunity(request: HttpRequest, actor: Actor, subject: Any, at: datetime) -> Mapping[str, Any] | None:
    """`subject` is the program. Outline, minutes and pay are public; the text is not."""
    if subject is None:
        return None
    rate = queries.training_rate(subject.pk, at)
    rows = [
        {"outline": outline, "pay": queries.pay_for(rate, outline.expected_minutes * 60)}
        for outline in queries.catalogue_outlines(subject.pk)
    ]
    return {"rows": rows} if rows else None


def _learn(request: HttpRequest, actor: Actor, subject: Any, at: datetime) -> Mapping[str, Any] | None:
    if not isinstance(actor, AgentActor):
        return None
    rows = list(queries.enrolments_for(actor).open()[:10])
    offers = queries.offers_for(actor.agent_id, at)
    return {"rows": rows, "offers": offers} if rows or offers else None


def _home(request: HttpRequest, actor: Actor, subject: Any, at: datetime) -> Mapping[str, Any] | None:
    if not isinstance(actor, AgentActor):
        return None
    row = queries.enrolments_for(actor).open().first()
    return {"row": row} if row else None


def _program(request: HttpRequest, actor: Actor, subject: Any, at: datetime) -> Mapping[str, Any] | None:
    """`subject` is the program."""
    if not isinstance(actor, BrandActor) or subject is None:
        return None
    courses = list(queries.courses_for(actor).filter(program=subject)[:10])
    states = queries.version_states([course.pk for course in courses])
    rows = [{"course": course, **states.get(course.pk, {})} for course in courses]
    return {"rows": rows, "program": subject, "may_write": actor.can(Permission.AUTHOR_CONTENT)}


def _unsettled(at: datetime) -> tuple[int, datetime | None]:
    return queries.unsettled_measure()


def _unsettled_url() -> str:
    return reverse("admin:training_enrolment_changelist") + "?state__exact=completed"


_PHRASES = {
    "create_course": _("{who} began the course"),
    "start_draft": _("{who} started a new version"),
    "save_course_settings": _("{who} changed minutes or pay"),
    "add_module": _("{who} added a chapter"),
    "add_page": _("{who} added a page"),
    "move_page": _("{who} moved a page"),
    "remove_page": _("{who} removed the page {title}"),
    "save_page": _("{who} wrote on the page"),
    "add_check": _("{who} added a question"),
    "save_check": _("{who} changed a question"),
    "remove_check": _("{who} removed a question"),
    "void_approval": _("The approval fell away: {who} began to edit"),
    "request_review": _("{who} asked for review"),
    "return_version": _("{who} returned it to draft"),
    "approve_version": _("{who} approved it"),
    "approve_own_version": _("{who} approved it alone: nobody else in the brand may"),
    "publish_course_version": _("{who} published it"),
    "close_course": _("{who} closed the course; who was learning had until {until}"),
    "close_version": _("{who} took this version out of the catalogue"),
    "close_enrolment": _("The course ended before it was finished"),
    "enroll": _("{who} enrolled"),
    "start_course": _("{who} read the first page"),
    "answer_check": _("{who} answered a question"),
    "complete_enrolment": _("{who} finished the course"),
    "withdraw_enrolment": _("{who} stopped the course"),
    "move_enrolment": _("{who} went over to a newer version"),
    "call_back": _("Called back, because the course changed"),
    "state_training_time": _("Learning time was stated"),
}
