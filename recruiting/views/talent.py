"""A brand's people, from application to the bench."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.refusals import status_of
from recruiting import actions
from recruiting.forms import DecisionForm, ReasonForm
from recruiting.models import Engagement
from recruiting.queries import (
    FitLine,
    channel_words,
    engagement_for,
    language_name,
    lines_with,
    pipeline,
    programs_for,
    skill_labels,
    talent,
)
from recruiting.states import BENCH_STATES, JOINED_ENGAGEMENT_STATES, OPEN_ENGAGEMENT_STATES, EngagementState

PAGE_SIZE: Final = 25
_SHOWN_STATES: Final = (
    EngagementState.APPLIED,
    EngagementState.ACCEPTED,
    EngagementState.CERTIFIED,
    EngagementState.PRODUCTIVE,
    EngagementState.LAPSED,
    EngagementState.DECLINED,
    EngagementState.ENDED,
)
_DEEDS: Final[dict[str, tuple[Callable[..., Engagement], Any]]] = {
    "favor": (actions.favor_agent, gettext_lazy("A favorite now.")),
    "unfavor": (actions.unfavor_agent, gettext_lazy("No longer a favorite.")),
    "unblock": (actions.unblock_agent, gettext_lazy("The block is lifted.")),
    "block": (actions.block_agent, gettext_lazy("Blocked. Claimed seats stay theirs.")),
    "block-safety": (
        actions.block_agent_for_safety,
        gettext_lazy("Blocked for safety. The seats they held are taken back now."),
    ),
    "end": (actions.end_engagement, gettext_lazy("Ended.")),
}
_WITH_REASON: Final = frozenset({"block", "block-safety", "end"})


@brand_page()
@require_GET
def board(request: BrandRequest) -> HttpResponse:
    """This function will show the people in one stage, the best fit first, with why."""
    return _board(request, DecisionForm())


@brand_page(Permission.MANAGE_ENGAGEMENTS)
@require_POST
def decide(request: BrandRequest) -> HttpResponse:
    """This function will accept or decline the applicants that were ticked."""
    form = DecisionForm(request.POST)
    ids = _picked(request.POST)
    if not ids:
        form.add_error(None, _("Tick at least one applicant."))
    if not form.is_valid():
        return _board(request, form, ids)
    batch = _decided(form, ids, request)
    done = len(batch.done)
    messages.success(request, ngettext("%(n)d person decided.", "%(n)d people decided.", done) % {"n": done})
    if batch.refused:
        left = len(batch.refused)
        words = ngettext("%(n)d had moved on meanwhile.", "%(n)d had moved on meanwhile.", left)
        messages.warning(request, words % {"n": left})
    return redirect("recruiting:talent", slug=request.actor.brand.slug)


@brand_page()
@require_GET
def person(request: BrandRequest, engagement_id: UUID) -> HttpResponse:
    """This function will show what the brand may know of one agent: their work for this brand and nothing else."""
    return _person(request, engagement_for(request.actor, engagement_id), DecisionForm(), ReasonForm())


@brand_page(Permission.MANAGE_ENGAGEMENTS)
@require_POST
def decide_one(request: BrandRequest, engagement_id: UUID) -> HttpResponse:
    """This function will accept or decline one applicant."""
    engagement = engagement_for(request.actor, engagement_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _person(request, engagement, form, ReasonForm())
    batch = _decided(form, [engagement.pk], request)
    if batch.refused:
        messages.error(request, batch.refused[engagement.pk])
    else:
        messages.success(request, _("Decided. They read it now."))
    return _back(request, engagement)


@brand_page(Permission.MANAGE_ENGAGEMENTS)
@require_POST
def do(request: BrandRequest, engagement_id: UUID, deed: str) -> HttpResponse:
    """This function will favor, block or end, with a reason where one is needed."""
    engagement = engagement_for(request.actor, engagement_id)
    if deed not in _DEEDS:
        raise NotFound
    form = ReasonForm(request.POST)
    if deed in _WITH_REASON and not form.is_valid():
        return _person(request, engagement, DecisionForm(), form)
    call, done = _DEEDS[deed]
    more = {"reason": form.cleaned_data["reason"]} if deed in _WITH_REASON else {}
    try:
        call(engagement_id=engagement.pk, by=request.actor, at=clock.now(), **more)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, str(done))
    return _back(request, engagement)


def _board(request: BrandRequest, form: DecisionForm, picked: "list[UUID] | None" = None) -> HttpResponse:
    state = _state_of(request.GET.get("stage", ""))
    program_id = _uuid(request.GET.get("program", ""))
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    page = Paginator(talent(request.actor, state=state, program_id=program_id, words=words), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "page_title": _("Talent"),
        "stages": _stage_tabs(request, state),
        "stage": state,
        "rows": _rows(page),
        "page": page,
        "pages": _pages(request, page),
        "programs": programs_for(request.actor),
        "program_id": program_id,
        "words": words,
        "form": form,
        "picked": {str(one) for one in picked or []},
        "may_decide": request.actor.can(Permission.MANAGE_ENGAGEMENTS) and state == EngagementState.APPLIED,
    }
    return render(request, "recruiting/talent_board.html", context, status=status_of(form))


def _person(request: BrandRequest, engagement: Engagement, form: DecisionForm, reason: ReasonForm) -> HttpResponse:
    agent = engagement.agent
    is_open = engagement.state in OPEN_ENGAGEMENT_STATES
    context = {
        "page_title": _("Agent"),
        "engagement": engagement,
        "name": shown_name(engagement),
        "agent": agent,
        "lines": lines_with(engagement.fit_reasons, skill_labels()),
        "languages": [(language_name(row.tag), row) for row in agent.languages.all()],
        "skills": sorted(agent.skills.all(), key=lambda row: (-row.level, row.skill.label)),
        "channels": channel_words(agent.channels),
        "answers": engagement.answers.filter(answered_at=engagement.applied_at).order_by("question__position"),
        "form": form,
        "reason_form": reason,
        "may_decide": request.actor.can(Permission.MANAGE_ENGAGEMENTS),
        "is_waiting": engagement.state == EngagementState.APPLIED,
        "is_open": is_open,
        "is_bench": engagement.state in BENCH_STATES,
    }
    status = 422 if status_of(form) == 422 or status_of(reason) == 422 else 200
    return render(request, "recruiting/talent_person.html", context, status=status)


def shown_name(engagement: Engagement) -> str:
    """This function will return the name a brand may read: the handle until it has accepted the person."""
    is_known = engagement.state in JOINED_ENGAGEMENT_STATES or engagement.accepted_at is not None
    return engagement.agent.user.full_name if is_known else engagement.agent.handle


def _rows(page: Page[Engagement]) -> list[dict[str, Any]]:
    labels = skill_labels()
    return [_row(engagement, lines_with(engagement.fit_reasons, labels)) for engagement in page]


def _row(engagement: Engagement, lines: list[FitLine]) -> dict[str, Any]:
    return {
        "engagement": engagement,
        "name": shown_name(engagement),
        "lines": lines,
        "languages": ", ".join(sorted(language_name(row.tag) for row in engagement.agent.languages.all())),
        "missing": [line for line in lines if not line.is_met][:2],
    }


def _stage_tabs(request: BrandRequest, current: str) -> list[dict[str, Any]]:
    query = request.GET.copy()
    query.pop("page", None)
    found = {stage.state: stage for stage in pipeline(request.actor, _uuid(request.GET.get("program", "")))}
    tabs = []
    for state in _SHOWN_STATES:
        query["stage"] = str(state)
        count, url = found[state].count, f"?{query.urlencode()}"
        tabs.append({"label": state.label, "url": url, "is_current": state == current, "count": count})
    return tabs


def _pages(request: BrandRequest, page: Page[Engagement]) -> dict[str, str]:
    def url(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "previous_url": url(page.previous_page_number()) if page.has_previous() else "",
        "next_url": url(page.next_page_number()) if page.has_next() else "",
    }


def _decided(form: DecisionForm, ids: "list[UUID]", request: BrandRequest) -> actions.Batch:
    who: dict[str, Any] = {"engagement_ids": ids, "by": request.actor, "at": clock.now()}
    if form.cleaned_data["decision"] == "accept":
        return actions.accept_engagements(**who)
    return actions.decline_engagements(code=form.cleaned_data["code"], reason=form.cleaned_data["reason"], **who)


def _picked(posted: QueryDict) -> "list[UUID]":
    found = [_uuid(value) for value in posted.getlist("engagement")]
    return [one for one in found if one is not None]


def _state_of(value: str) -> str:
    return value if value in EngagementState.values else str(EngagementState.APPLIED)


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def _back(request: BrandRequest, engagement: Engagement) -> HttpResponse:
    return redirect("recruiting:person", slug=request.actor.brand.slug, engagement_id=engagement.pk)
