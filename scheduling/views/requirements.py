"""How many agents a week needs, tried out live, kept, and turned into demand."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import moment_text
from recruiting.models import Program
from recruiting.queries import programs_for
from scheduling import actions
from scheduling.forms.requirements import TargetForm
from scheduling.models import Forecast, ServiceTarget, StaffingRequirement
from scheduling.queries.explanations import explanation_of
from scheduling.queries.forecasts import newest_forecast, points_of, published_forecast
from scheduling.queries.grid import shown_span
from scheduling.queries.languages import languages_of
from scheduling.queries.published import Standing, standing_of
from scheduling.queries.requirements import WeekNeed, requirement_of, week_need
from scheduling.queries.targets import own_version, target_of
from scheduling.queries.weeks import days_of_week
from scheduling.states import RequirementKind, StaffingModel
from scheduling.views.places import Place, frame, place_of, week_address
from scheduling.views.requirement_words import (
    Span,
    later_words,
    picture_of,
    promise_words,
    rows_of,
    shown,
    spans_of,
    stats_of,
    whose_words,
    why_words,
)
from scheduling.views.sheets import posted_place

_PAGE = "requirement"


@dataclass(frozen=True, slots=True)
class _Tried:
    """What a page is about: the promise as typed, the forecast it is tried on, and what is kept."""

    place: Place
    form: TargetForm
    saved: ServiceTarget
    forecast: Forecast | None
    kept: StaffingRequirement | None
    standing: Standing

    @property
    def target(self) -> ServiceTarget:
        """The promise as typed; the saved one where nothing sensible is typed."""
        if not self.form.is_bound or not self.form.is_valid():
            return self.saved
        typed = target_of(self.place.program, self.place.channel, language=self.place.language)
        for name, value in self.form.parts().items():
            setattr(typed, name, value)
        return typed

    @property
    def is_as_kept(self) -> bool:
        """Whether what is shown is what is kept."""
        is_typed = self.form.is_bound and self.form.is_valid()
        is_same = not is_typed or all(getattr(self.saved, name) == value for name, value in self.form.parts().items())
        if self.kept is None or self.kept.kind != RequirementKind.COMPUTED or self.forecast is None or not is_same:
            return False
        return self.kept.forecast_id == self.forecast.pk and self.kept.target_id == self.saved.pk


@require_GET
@brand_page()
def requirement(request: BrandRequest) -> HttpResponse:
    """This function will show a week's need under the promise in the address, or under the saved one."""
    programs = list(programs_for(request.actor).order_by("name"))
    if not programs:
        return render(request, "scheduling/capacity_empty.html", {"page_title": _("Requirement")})
    tried = _tried(place_of(request, programs), _asked_form(request))
    if request.headers.get("HX-Request") == "true":
        response = render(request, "scheduling/_requirement_result.html", _result(request, tried))
    else:
        response = _page(request, tried, programs, status=422 if tried.form.errors else 200)
    response["Vary"] = "HX-Request"
    return response


def _asked_form(request: HttpRequest) -> TargetForm | None:
    return TargetForm(request.GET) if "model" in request.GET else None


def _tried(place: Place, form: TargetForm | None) -> _Tried:
    saved = target_of(place.program, place.channel, language=place.language)
    where, language = (place.program.pk, place.channel, place.week), place.language
    return _Tried(
        place=place,
        form=form or TargetForm(initial=TargetForm.typed(saved)),
        saved=saved,
        forecast=published_forecast(*where, language=language) or newest_forecast(*where, language=language),
        kept=requirement_of(*where, language=language),
        standing=standing_of(place.program, place.channel, place.week, language=language),
    )


@require_POST
@brand_page()
def requirement_try(request: BrandRequest) -> HttpResponse:
    """This function will lead to the page under what was typed; where a script runs, nobody presses this."""
    place = posted_place(request)
    typed = {name: request.POST[name][:40] for name in TargetForm.base_fields if name in request.POST}
    return redirect(place.url(request.actor.brand.slug, page=_PAGE, **typed))


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def requirement_save(request: BrandRequest) -> HttpResponse:
    """This function will save the promise and compute the week under it."""
    place, form = posted_place(request), TargetForm(request.POST)
    if form.is_valid() and _saved(request, place, form):
        messages.success(request, _("Computed and kept. Use it as demand when it looks right."))
        return redirect(place.url(request.actor.brand.slug, page=_PAGE))
    programs = list(programs_for(request.actor).order_by("name"))
    return _page(request, _tried(place, form), programs, status=422)


def _saved(request: BrandRequest, place: Place, form: TargetForm) -> bool:
    at, seen = clock.now(), request.POST.get("version", "")
    try:
        target = actions.save_target(
            **place.where,
            by=request.actor,
            at=at,
            seen_version=int(seen) if seen.isdecimal() and len(seen) < 9 else None,
            **form.parts(),
        )
        actions.compute_requirement(
            **place.where,
            week_starts_on=place.week,
            by=request.actor,
            at=at,
            target_id=target.pk,
        )
    except DomainError as refused:
        form.add_error(TargetForm.field_of(refused.field or ""), refused.message)
        return False
    return True


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def requirement_pencil(request: BrandRequest, requirement_id: UUID) -> HttpResponse:
    """This function will make what is left to book the week's demand."""
    planned = actions.pencil_requirement(requirement_id=requirement_id, by=request.actor, at=clock.now())
    messages.success(
        request, _("Pencilled in. Nothing is booked until you design shifts, look at the price and publish.")
    )
    return redirect(week_address(planned, planned.week_starts_on, request.actor.brand.slug))


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def requirement_typed(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will keep the agents typed into a request as its week's requirement."""
    kept = actions.keep_typed_requirement(request_id=request_id, by=request.actor, at=clock.now())
    messages.success(request, _("Kept as typed, as version %(n)s.") % {"n": kept.version})
    return redirect(week_address(kept, kept.week_starts_on, request.actor.brand.slug, page=_PAGE))


def _page(request: BrandRequest, tried: _Tried, programs: list[Program], *, status: int) -> HttpResponse:
    place, slug = tried.place, request.actor.brand.slug
    context = {
        "page_title": _("Requirement"),
        **frame(request, place, programs, page=_PAGE),
        **_result(request, tried),
        "form": tried.form,
        "hidden": {
            **place.initial(None),
            "day": place.day.isoformat(),
            "version": own_version(tried.saved, place.language),
        }.items(),
        "try_url": reverse("scheduling:requirement-try", kwargs={"slug": slug}),
        "page_url": reverse("scheduling:requirement", kwargs={"slug": slug}),
    }
    return render(request, "scheduling/requirement_week.html", context, status=status)


def _result(request: BrandRequest, tried: _Tried) -> dict[str, Any]:
    """Everything that follows the sliders."""
    target, place = tried.target, tried.place
    base = {
        "form": tried.form,
        "save_url": reverse("scheduling:requirement-save", kwargs={"slug": request.actor.brand.slug}),
        "promise": promise_words(target),
        "whose": whose_words(tried.saved, place.language, has_others=len(languages_of(place.program)) > 1),
        "promise_name": str(StaffingModel(target.model).label).partition(":")[0],
        "is_later": target.model == StaffingModel.DEFERRED,
        "can_plan": request.actor.can(Permission.PLAN_CAPACITY),
        **_standing(request, tried),
    }
    if tried.forecast is None or tried.form.errors:
        return base
    found = week_need(
        place.program,
        target,
        place.week,
        points_of(tried.forecast),
        heads=tried.standing.heads,
        language=place.language,
    )
    return {**base, **_figures(request, tried, found, target)}


def _figures(request: BrandRequest, tried: _Tried, found: WeekNeed, target: ServiceTarget) -> dict[str, Any]:
    place, zone = tried.place, zone_of(tried.place.program.timezone)
    used = [one.starts_at for one in found.needs if one.volume or one.seats]
    window = (0, 24 * 60) if place.is_all_hours else shown_span(place.program, used, zone)
    spans = shown(spans_of(found, place.day, zone, minutes=place.zoom), zone, window)
    is_later = target.model == StaffingModel.DEFERRED
    chosen = None if is_later else _chosen(request, spans)
    address = _address(request, place, tried)
    why = explanation_of(chosen.peak, target) if chosen else None
    return {
        "has_figures": True,
        "stats": stats_of(found, tried.standing.published, tried.kept.summary if tried.kept else None),
        "days": _days(found, tried, address),
        "day_title": f"{place.day:%A %-d %B}",
        "rows": rows_of(
            spans,
            zone,
            tried.standing.published,
            why_url=address(day=place.day),
            chosen=chosen.starts_at if chosen else None,
        ),
        "picture": picture_of(spans, zone),
        "why": why_words(why, target, zone) if why else None,
        "chosen": f"{chosen.starts_at.timestamp():.0f}" if chosen else "",
        "later": later_words(found, target) if is_later else [],
        "is_kept_in_time": found.is_kept,
        "carried": round(found.carried_in_hours, 1),
    }


def _chosen(request: HttpRequest, spans: list[Span]) -> Span | None:
    """The interval in the address, or the day's fullest."""
    asked = request.GET.get("why", "")
    if asked.isdecimal() and len(asked) < 12:
        moment = datetime.fromtimestamp(int(asked), tz=UTC)
        found = next((one for one in spans if one.starts_at == moment), None)
        if found is not None and found.volume:
            return found
    return max((one for one in spans if one.volume), key=lambda one: (one.peak.seats, one.volume), default=None)


def _address(request: BrandRequest, place: Place, tried: _Tried) -> Any:
    """Addresses of this page that keep what is being tried."""
    typed = {name: tried.form.data[name] for name in TargetForm.base_fields if name in tried.form.data}

    def to(*, day: Any) -> str:
        return place.url(request.actor.brand.slug, page=_PAGE, day=day.isoformat(), **typed)

    return to


def _days(found: WeekNeed, tried: _Tried, address: Any) -> list[dict[str, Any]]:
    zone = zone_of(tried.place.program.timezone)
    most: dict[Any, int] = {}
    for one in found.needs:
        on = one.starts_at.astimezone(zone).date()
        most[on] = max(most.get(on, 0), one.seats)
    return [
        {
            "label": f"{on:%a %-d}",
            "count": most.get(on, 0),
            "url": address(day=on),
            "is_current": on == tried.place.day,
        }
        for on in days_of_week(tried.place.week)
    ]


def _standing(request: BrandRequest, tried: _Tried) -> dict[str, Any]:
    """What is kept, whether it still holds, and what to do next."""
    place, slug, kept = tried.place, request.actor.brand.slug, tried.kept
    is_over = place.week + timedelta(days=7) <= clock.now().astimezone(zone_of(place.program.timezone)).date()
    return {
        "forecast": tried.forecast,
        "is_draft_forecast": tried.forecast is not None and tried.forecast.published_at is None,
        "forecast_url": place.url(slug, page="forecast"),
        "staff_url": place.url(slug, page="own-staff"),
        "kept": kept,
        "kept_at": moment_text(kept.created_at, zone_of(place.program.timezone)) if kept else "",
        "is_as_kept": tried.is_as_kept,
        "is_over": is_over,
        **_typed(tried, slug),
        "pencil_url": reverse("scheduling:requirement-pencil", kwargs={"slug": slug, "requirement_id": kept.pk})
        if kept
        else "",
    }


def _typed(tried: _Tried, slug: str) -> dict[str, Any]:
    """The agents typed into the week's request, which may be kept as its requirement as they are."""
    found, kept = tried.standing.typed, tried.kept
    if found is None:
        return {}
    return {
        "typed": found,
        "is_typed_kept": kept is not None and kept.kind == RequirementKind.TYPED,
        "typed_url": reverse("scheduling:requirement-typed", kwargs={"slug": slug, "request_id": found.pk}),
        "typed_week_url": tried.place.url(slug),
    }
