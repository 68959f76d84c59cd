"""Sitting a test: before it, during it, after it. Plain forms first; the page's script makes them pleasant."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import clock_text
from gigcx.web.problems import problem_of
from vetting import actions
from vetting.errors import AttemptClosed, SeatTaken
from vetting.models import Attempt
from vetting.queries import asked_items, attempt_for, offer_of, result_of
from vetting.queries.attempts import AskedItem
from vetting.states import AttemptState

_SEATS: Final = "vetting_seats"
WAITING: Final = (AttemptState.SUBMITTED, AttemptState.AWAITING_RATERS, AttemptState.GRADED)


@agent_page
def test_intro(request: AgentRequest, assessment_id: UUID) -> HttpResponse:
    """This function will show the rules before a test, and open an attempt when the agent begins."""
    offer = offer_of(request.actor, assessment_id)
    problem, status = "", 200
    if request.method == "POST":
        try:
            return _begun(request, assessment_id)
        except DomainError as refused:
            problem, status = refused.message, refused.status
    is_early = offer.opens_at is not None and offer.opens_at > clock.now()
    context = {"page_title": offer.version.assessment.name, "offer": offer, "problem": problem, "is_early": is_early}
    return render(request, "vetting/test_intro.html", context, status=status)


test_intro.__test__ = False  # type: ignore[attr-defined]  # a page, not a test of ours


@agent_page
def attempt(request: AgentRequest, attempt_id: UUID) -> HttpResponse:
    """This function will show one question, or where the finished test stands. Looking closes what ran over."""
    sitting = _settled(request, attempt_id)
    if sitting.state == AttemptState.CREATED:
        return redirect("vetting:test-intro", assessment_id=sitting.assessment_id)
    if sitting.state == AttemptState.IN_PROGRESS:
        return _question(request, sitting)
    return _outcome(request, sitting)


@agent_page
def attempt_status(request: AgentRequest, attempt_id: UUID) -> HttpResponse:
    """This function will answer the waiting page's question whether the result is out."""
    sitting = _settled(request, attempt_id)
    if sitting.state in WAITING:
        return render(request, "vetting/_attempt_waiting.html", {"attempt": sitting})
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true"
    return response


@require_POST
@agent_page
def answer(request: AgentRequest, attempt_id: UUID) -> HttpResponse:
    """This function will keep one answer and go on, or answer the page's script with what was kept."""
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    position = _whole(request.POST.get("position"))
    try:
        saved = actions.save_response(
            attempt_id=attempt_id,
            position=position,
            payload=_payload(request),
            client_seq=_whole(request.POST.get("client_seq")),
            seat=_seat(request, attempt_id),
            by=request.actor,
            at=clock.now(),
        )
    except DomainError as refused:
        return _refused(request, attempt_id, position, refused, wants_json=wants_json)
    if wants_json:
        text = _("Saved %s") % clock_text(saved.saved_at)
        return JsonResponse({"seq": saved.client_seq, "text": text, "server_now": clock.now().isoformat()})
    if request.POST.get("go") == "submit":
        return redirect("vetting:attempt-check", attempt_id=attempt_id)
    step = {"next": 1, "back": -1}.get(request.POST.get("go", ""), 0)
    return _to_question(attempt_id, position + step)


@agent_page
def check(request: AgentRequest, attempt_id: UUID) -> HttpResponse:
    """This function will show what is answered before the test is handed in."""
    sitting = _settled(request, attempt_id)
    if sitting.state != AttemptState.IN_PROGRESS:
        return redirect("vetting:attempt", attempt_id=attempt_id)
    items = asked_items(sitting)
    context = {
        "page_title": _("Before you hand it in"),
        "attempt": sitting,
        "items": items,
        "open_count": sum(not item.is_answered for item in items),
        "server_now": clock.now(),
    }
    return render(request, "vetting/attempt_check.html", context)


@require_POST
@agent_page
def submit(request: AgentRequest, attempt_id: UUID) -> HttpResponse:
    """This function will hand the test in."""
    try:
        actions.submit_attempt(attempt_id=attempt_id, seat=_seat(request, attempt_id), by=request.actor, at=clock.now())
    except SeatTaken as refused:
        messages.warning(request, refused.message)
    return redirect("vetting:attempt", attempt_id=attempt_id)


@require_POST
@agent_page
def seat(request: AgentRequest, attempt_id: UUID) -> HttpResponse:
    """This function will bring the test to this device."""
    taken = actions.take_seat(attempt_id=attempt_id, by=request.actor, at=clock.now())
    _remember_seat(request, taken)
    return redirect("vetting:attempt", attempt_id=attempt_id)


def _begun(request: AgentRequest, assessment_id: UUID) -> HttpResponse:
    at = clock.now()
    opened = actions.open_attempt(agent_id=request.actor.agent_id, assessment_id=assessment_id, by=request.actor, at=at)
    if opened.state == AttemptState.CREATED:
        _remember_seat(request, actions.begin_attempt(attempt_id=opened.pk, by=request.actor, at=at))
    return redirect("vetting:attempt", attempt_id=opened.pk)


def _settled(request: AgentRequest, attempt_id: UUID) -> Attempt:
    sitting = attempt_for(request.actor, attempt_id)
    if sitting.state == AttemptState.IN_PROGRESS:
        sitting.state = actions.close_overdue_attempt(attempt_id=attempt_id, at=clock.now()).state
    return sitting


def _question(request: AgentRequest, sitting: Attempt) -> HttpResponse:
    items = asked_items(sitting)
    wanted = _whole(request.GET.get("q"))
    item = next((one for one in items if one.position == wanted), None) or _first_open(items)
    has_seat = _seat(request, sitting.pk) == sitting.seat
    context = {
        "page_title": sitting.version.assessment.name,
        "attempt": sitting,
        "item": item,
        "items": items,
        "count": len(items),
        "answered": sum(one.is_answered for one in items),
        "next_seq": max(one.seq for one in items) + 1,
        "has_seat": has_seat,
        "server_now": clock.now(),
        "is_last": item.position == len(items),
    }
    return render(request, "vetting/attempt_page.html", context, status=200 if has_seat else 409)


def _first_open(items: list[AskedItem]) -> AskedItem:
    if not items:
        raise NotFound
    return next((one for one in items if not one.is_answered), items[0])


def _outcome(request: AgentRequest, sitting: Attempt) -> HttpResponse:
    context: dict[str, Any] = {
        "page_title": sitting.version.assessment.name,
        "attempt": sitting,
        "is_waiting": sitting.state in WAITING,
        "result": result_of(sitting),
        "offer": offer_of(request.actor, sitting.assessment_id),
    }
    return render(request, "vetting/attempt_result.html", context)


def _refused(
    request: AgentRequest, attempt_id: UUID, position: int, refused: DomainError, *, wants_json: bool
) -> HttpResponse:
    if wants_json:
        return JsonResponse(problem_of(refused), status=refused.status, content_type="application/problem+json")
    if isinstance(refused, NotFound):
        raise refused
    messages.warning(request, refused.message)
    if isinstance(refused, AttemptClosed | SeatTaken):
        return redirect("vetting:attempt", attempt_id=attempt_id)
    return _to_question(attempt_id, position)


def _to_question(attempt_id: UUID, position: int) -> HttpResponse:
    response = redirect("vetting:attempt", attempt_id=attempt_id)
    response["Location"] += f"?q={position}"
    return response


def _payload(request: HttpRequest) -> dict[str, Any]:
    if "text" in request.POST:
        return {"text": request.POST["text"]}
    return {"options": request.POST.getlist("options")}


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _seat(request: HttpRequest, attempt_id: UUID) -> str:
    return str(request.session.get(_SEATS, {}).get(str(attempt_id), ""))


def _remember_seat(request: HttpRequest, sitting: Attempt) -> None:
    request.session[_SEATS] = {**request.session.get(_SEATS, {}), str(sitting.pk): sitting.seat}
