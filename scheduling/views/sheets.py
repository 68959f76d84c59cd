"""What sheets of demand share: the form's week, cells, versions and refusals."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, Invalid
from gigcx.kernel.intervals import week_start, zone_of
from gigcx.web.access import BrandRequest
from gigcx.web.formats import number_text, percent_text
from scheduling.forms.core import WeekForm
from scheduling.forms.demand import SheetForm
from scheduling.models import Forecast
from scheduling.queries.doors import program_of
from scheduling.queries.forecasts import ForecastVersion
from scheduling.queries.sheets import Sheet
from scheduling.views.places import Place, day_in


def posted_place(request: BrandRequest) -> Place:
    """This function will read from a posted form which week it is about.

    Raises:
        Invalid: the form is not one of ours.
    """
    form = WeekForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("The page was not understood. Open it again."))
    program = program_of(request.actor, form.cleaned_data["program"])
    week = week_start(form.cleaned_data["week"])
    if abs(week.year - clock.now().year) >= 100:  # beyond that the calendar itself ends
        raise Invalid(_("The page was not understood. Open it again."))
    zoom = form.cleaned_data.get("zoom") or program.interval_minutes
    today = clock.now().astimezone(zone_of(program.timezone)).date()
    is_all = request.POST.get("hours") == "all"
    given = form.cleaned_data
    return Place(program, given["channel"], week, zoom, day_in("", week, today), is_all, given["language"])


def shown_field(form: Any, name: str) -> str | None:
    """This function will return the field that a refusal names, or None where the person does not see it."""
    return name if name in form.fields and not form.fields[name].widget.is_hidden else None


def done(form: Any, act: Callable[[], Any]) -> bool:
    """This function will tell whether an action went through; a refusal lands on the form."""
    try:
        act()
    except DomainError as refused:
        lines = refused.problems if isinstance(refused, Invalid) else {}
        own = [f"{label}: {words[0]}" for label, words in lines.items() if label not in form.fields]
        field = shown_field(form, refused.field)
        for words in own or [refused.message]:
            form.add_error(None if own else field, words)
        return False
    return True


def sheet_context(sheet: Sheet, form: SheetForm, *, can_type: bool) -> dict[str, Any]:
    """This function will bring the cells of a sheet as they are typed or stand."""
    rows = [
        {
            "label": row.label,
            "again": _("again") if row.is_second else "",
            "cells": [
                {"name": cell.name, "text": form.text_of(cell), "label": cell.label, "is_bad": cell.name in form.bad}
                if cell
                else None
                for cell in row.cells
            ],
        }
        for row in sheet.rows
    ]
    return {"form": form, "rows": rows, "heads": day_heads(sheet), "can_type": can_type, "minutes": sheet.minutes}


def day_heads(sheet: Sheet) -> list[dict[str, str]]:
    """This function will bring the days across the top."""
    return [{"iso": on.isoformat(), "label": f"{on:%a %-d}", "month": f"{on:%b}"} for on in sheet.days]


def version_words(one: ForecastVersion, place: Place, slug: str, *, shown: Forecast | None = None) -> dict[str, Any]:
    """This function will say of a version whose it is, where it comes from and how right it was."""
    made = one.forecast
    zone = zone_of(place.program.timezone)
    return {
        "pk": made.pk,
        "n": made.version,
        "state": made.get_state_display(),
        "kind": "cover" if one.is_published else "accent" if one.is_draft else "",
        "source": _source_words(made),
        "who": made.provenance.get("who", ""),
        "when": f"{made.created_at.astimezone(zone):%-d %b, %H:%M}",
        "volume": number_text(one.volume, 0),
        "accuracy": accuracy_words(one) if one.accuracy else None,
        "url": place.url(slug, page="forecast", version=made.pk),
        "is_shown": shown is not None and made.pk == shown.pk,
        "is_draft": one.is_draft,
        "publish_url": reverse("scheduling:forecast-publish", kwargs={"slug": slug, "forecast_id": made.pk}),
    }


def _source_words(made: Forecast) -> str:
    told = made.provenance
    if told.get("file"):
        return _("from %(file)s") % {"file": told["file"]}
    if made.source == "copied":
        return _("copied from the week of %(week)s, version %(n)s, at %(level)s %%") % {
            "week": told.get("week", ""),
            "n": told.get("version", ""),
            "level": told.get("level_percent", 100),
        }
    if made.source == "baseline":
        return _("median of %(n)s past weeks") % {"n": len(told.get("weeks", []))}
    if made.parent is not None:
        return _("typed over version %(n)s") % {"n": made.parent.version}
    return str(made.get_source_display())


def accuracy_words(one: ForecastVersion) -> dict[str, str]:
    """This function will say how far a version was off."""
    assert one.accuracy is not None  # noqa: S101  callers look first
    bias = one.accuracy.bias
    return {
        "wape": percent_text(one.accuracy.wape, 1),
        "bias": ("+" if bias > 0 else "") + percent_text(bias, 1),
        "minutes": str(one.accuracy.minutes),
    }
