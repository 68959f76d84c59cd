"""The agent's side: courses to take, a course's home, its pages and questions."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.web.access import AgentRequest, agent_page
from training import actions, queries
from training.errors import AnswerInvalid
from training.models import Enrolment
from training.states import (
    CLOSING_SENTENCES,
    OPEN_ENROLMENT_STATES,
    ChangeClass,
    CheckKind,
    ClosingCause,
    EnrolmentState,
)

MOST_SECONDS_AGO = 120


@agent_page
def my_courses(request: AgentRequest) -> HttpResponse:
    """This function will list what there is to learn, what is under way and what is done."""
    enrolments = list(queries.enrolments_for(request.actor)[:50])
    context = {
        "page_title": _("Courses"),
        "offers": queries.offers_for(request.actor.agent_id, clock.now()),
        "open": [row for row in enrolments if row.state in OPEN_ENROLMENT_STATES],
        "done": [row for row in enrolments if row.state == EnrolmentState.COMPLETED],
        "closed": [row for row in enrolments if row.state == EnrolmentState.CLOSED],
    }
    return render(request, "training/my_courses.html", context)


@agent_page
@require_http_methods(["GET", "POST"])
def course_about(request: AgentRequest, course_id: UUID) -> HttpResponse:
    """This function will say what a course takes, pays and opens before anybody enrols; POST enrols."""
    version = queries.offered_version(request.actor.agent_id, course_id)
    if request.method == "POST":
        enrolment = actions.enroll(course_id=course_id, by=request.actor, at=clock.now())
        return _to_first_page(enrolment)
    if begun := queries.open_enrolment_of(request.actor.agent_id, course_id):
        return redirect("training:course-home", enrolment_id=begun.pk)
    rate = queries.training_rate(version.course.program_id, clock.now())
    context = {
        "page_title": version.course.title,
        "version": version,
        "outline": queries.course_outline(version),
        "rate": rate,
        "pay": queries.pay_for(rate, queries.offered_seconds(request.actor.user.pk, version)),
        "reason": queries.reason_of(request.actor.user.pk, version),
    }
    return render(request, "training/course_about.html", context)


@agent_page
def course_home(request: AgentRequest, enrolment_id: UUID) -> HttpResponse:
    """This function will show an enrolment: where to go on, what it pays, what it opens."""
    enrolment = queries.enrolment_for(request.actor, enrolment_id)
    newer = queries.newer_version(enrolment)
    if newer and newer.change == ChangeClass.MINOR and enrolment.state in OPEN_ENROLMENT_STATES:
        moved = actions.move_enrolment(enrolment_id=enrolment.pk, by=request.actor, at=clock.now())
        return redirect("training:course-home", enrolment_id=moved.pk)
    rate = queries.training_rate(enrolment.course.program_id, clock.now())
    time = queries.times_of(enrolment).first()
    seconds = time.counted_seconds if time else queries.payable_seconds(enrolment)
    context = {
        "page_title": enrolment.course.title,
        "enrolment": enrolment,
        "home": queries.course_home(enrolment),
        "newer": newer if enrolment.state in OPEN_ENROLMENT_STATES else None,
        "is_open": enrolment.state in OPEN_ENROLMENT_STATES,
        "is_done": enrolment.state == EnrolmentState.COMPLETED,
        "why_closed": CLOSING_SENTENCES[ClosingCause(enrolment.closing_cause)] if enrolment.closing_cause else "",
        "time": time,
        "seconds": seconds,
        "pay": queries.pay_for(rate, seconds),
        "rate": rate,
    }
    return render(request, "training/course_home.html", context)


@agent_page
@require_POST
def course_stop(request: AgentRequest, enrolment_id: UUID) -> HttpResponse:
    """This function will stop a course; what was done is kept."""
    actions.withdraw_enrolment(enrolment_id=enrolment_id, by=request.actor, at=clock.now())
    messages.success(request, _("Stopped. Finished pages are kept if you start again."))
    return redirect("training:my-courses")


@agent_page
@require_POST
def course_move(request: AgentRequest, enrolment_id: UUID) -> HttpResponse:
    """This function will go over to the newer version now."""
    moved = actions.move_enrolment(enrolment_id=enrolment_id, by=request.actor, at=clock.now())
    messages.success(request, _("You are on the newest version. Pages that did not change stay done."))
    return redirect("training:course-home", enrolment_id=moved.pk)


@agent_page
def lesson(request: AgentRequest, enrolment_id: UUID, page_id: UUID) -> HttpResponse:
    """This function will show a page of the course and note that it was opened."""
    enrolment = queries.enrolment_for(request.actor, enrolment_id)
    if enrolment.state in OPEN_ENROLMENT_STATES:
        actions.open_page(enrolment_id=enrolment.pk, page_id=page_id, by=request.actor, at=clock.now())
    shown = queries.lesson_of(enrolment, page_id)
    context = {
        "page_title": shown.page.title,
        "enrolment": enrolment,
        "lesson": shown,
        "is_open": enrolment.state in OPEN_ENROLMENT_STATES,
    }
    return render(request, "training/lesson.html", context)


@agent_page
@require_POST
def lesson_done(request: AgentRequest, enrolment_id: UUID, page_id: UUID) -> HttpResponse:
    """This function will mark a page as done and lead to the next one, or to the end."""
    enrolment = actions.complete_page(enrolment_id=enrolment_id, page_id=page_id, by=request.actor, at=clock.now())
    home = queries.course_home(enrolment)
    if enrolment.state == EnrolmentState.COMPLETED or home.resume_id is None:
        return redirect("training:course-home", enrolment_id=enrolment.pk)
    return redirect("training:lesson", enrolment_id=enrolment.pk, page_id=_next_open(home, page_id))


@agent_page
@require_POST
def check_answer(request: AgentRequest, enrolment_id: UUID, check_id: UUID) -> HttpResponse:
    """This function will take an answer; htmx gets the question back with what is said to it."""
    enrolment = queries.enrolment_for(request.actor, enrolment_id)
    check = queries.check_in(enrolment, check_id)
    problem = ""
    try:
        actions.answer_check(
            enrolment_id=enrolment.pk,
            check_id=check.pk,
            client_seq=_client_seq(request.POST.get("client_seq", "")),
            response=_response(request, check.kind),
            by=request.actor,
            at=clock.now(),
        )
    except AnswerInvalid as refused:
        problem = refused.message
    if not request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        if problem:
            messages.error(request, problem)
        return redirect("training:lesson", enrolment_id=enrolment.pk, page_id=check.page_id)
    context = {
        "question": queries.question_of(enrolment, check),
        "problem": problem,
        "enrolment": enrolment,
        "is_open": True,
        "lesson": queries.lesson_of(enrolment, check.page_id),
        "is_fragment": True,
    }
    return render(request, "training/_question_answered.html", context, status=422 if problem else 200)


@agent_page
@require_POST
def lesson_activity(request: AgentRequest, enrolment_id: UUID, page_id: UUID) -> HttpResponse:
    """This function will count learning time from `{"ago": [seconds, ...]}`: how long ago each ping was."""
    at = clock.now()
    actions.record_activity(
        enrolment_id=enrolment_id, page_id=page_id, pings=_pings(request.body, at), by=request.actor, at=at
    )
    return HttpResponse(status=204)


def _pings(body: bytes, at: datetime) -> list[datetime]:
    """The server's clock decides: the browser only says how long ago."""
    try:
        raw: Any = json.loads(body or b"{}")
        ago = raw["ago"]
        seconds = [int(one) for one in ago][:20]
    except (ValueError, KeyError, TypeError) as wrong:
        raise Invalid(_("Send how many seconds ago, as a list."), field="ago") from wrong
    return [at - timedelta(seconds=one) for one in seconds if 0 <= one <= MOST_SECONDS_AGO]


def _client_seq(raw: str) -> int:
    if not raw.isdecimal() or not 0 < int(raw) < 1_000_000:
        raise Invalid(_("Load the page again and answer once more."), field="client_seq")
    return int(raw)


def _response(request: AgentRequest, kind: str) -> dict[str, Any]:
    if kind == CheckKind.SHORT_TEXT:
        return {"text": request.POST.get("text", "")}
    return {"options": request.POST.getlist("options")}


def _next_open(home: queries.CourseHome, page_id: UUID) -> UUID:
    """The first open page after this one, else the first open one."""
    after = [page.id for page in home.pages]
    later = after[after.index(page_id) + 1 :] if page_id in after else []
    waiting = [page.id for page in home.pages if not page.is_done]
    found = next((one for one in later if one in waiting), None) or next(iter(waiting), None)
    if found is None:
        raise NotFound
    return found


def _to_first_page(enrolment: Enrolment) -> HttpResponse:
    home = queries.course_home(enrolment)
    if home.resume_id is None:
        return redirect("training:course-home", enrolment_id=enrolment.pk)
    return redirect("training:lesson", enrolment_id=enrolment.pk, page_id=home.resume_id)
