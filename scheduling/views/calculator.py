"""The public calculator: one day's demand, staffed four ways, from assumptions the reader may change."""

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gigcx.kernel.money import Money
from gigcx.web.formats import money_text, number_text
from scheduling.forms.calculator import DEFAULTS, PRESETS, CalculatorForm
from scheduling.quoting import (
    Comparison,
    Costs,
    OnDemand,
    compare_strategies,
    comparison_to_json,
    daily_rota,
    on_demand_steps,
)
from scheduling.views.curves import Mark, core_problem
from scheduling.views.quote_words import way_heads, way_row

_CURRENCY: Final = "USD"
_OCCUPANCY: Final = 0.85


@require_GET
def calculator(request: HttpRequest) -> HttpResponse:
    """This function will compare four ways to staff the day in the address; without one, a shop's chat."""
    form = CalculatorForm(_given(request))
    found = _worked_out(form.cleaned_data) if form.is_valid() else None
    context = {
        "page_title": _("Calculator"),
        "form": form,
        "found": found,
        "share_url": f"{reverse('scheduling:calculator')}?{urlencode(_shared(form))}" if found else "",
    }
    is_fragment = request.headers.get("HX-Request") == "true"
    name = "scheduling/_calculator_result.html" if is_fragment else "scheduling/calculator_page.html"
    status = 422 if form.errors and not is_fragment else 200
    response = render(request, name, context, status=status)
    response["Vary"] = "HX-Request"
    return response


def _given(request: HttpRequest) -> dict[str, str]:
    typed = {name: request.GET[name] for name in (*DEFAULTS, "hours") if name in request.GET}
    given = {**DEFAULTS, **typed}
    if not given.get("hours", "").strip():
        given["hours"] = " ".join(str(people) for people in PRESETS.get(given["curve"], PRESETS["shop"]))
    return given


def _shared(form: CalculatorForm) -> dict[str, str]:
    shown = {name: str(form.data[name]) for name in DEFAULTS}
    return shown | {"hours": str(form.data["hours"])} if form.cleaned_data["curve"] == "typed" else shown


def _worked_out(given: dict[str, Any]) -> dict[str, Any]:
    required, days = given["required"], given["days"]
    steps = on_demand_steps(required, slot_minutes=60, shortest_minutes=given["shortest"] * 60)
    costs = Costs(
        fixed_hour_minor=int(given["own"] * 100),
        on_demand_hour_minor=int(given["demand"] * 100),
        absence_bp=given["absence"] * 100,
        fill_bp=given["fill"] * 100,
        contacts_per_hour=float(60 / given["handling"]) * _OCCUPANCY,
        lost_contact_minor=int(given["lost"] * 100),
    )
    compared = compare_strategies(
        list(required) * days,
        costs,
        slot_minutes=60,
        rota=daily_rota(required, open_days=days),
        on_demand=OnDemand(float(sum(steps.seats) * days)),
    )
    return _words(compared, required, steps.seats)


def _words(compared: Comparison, required: Sequence[int], seats: Sequence[int]) -> dict[str, Any]:
    found = comparison_to_json(compared)
    marks = [Mark(hour, f"{hour:02d}") for hour in range(0, 24, 3)]
    return {
        "heads": way_heads(),
        "rows": [
            way_row(one, _CURRENCY, is_best=one["kind"] == found["best"], name=_name_of(one["kind"]))
            for one in found["strategies"]
        ],
        "verdict": _verdict(compared),
        "is_fixed_cheaper": compared.is_fixed_cheaper,
        "hours": number_text(compared.required_hours),
        "curve": core_problem(required, seats, average=compared.average, marks=marks),
    }


def _name_of(kind: str) -> str:
    return {
        "peak": _("Fixed team at the peak"),
        "average": _("Fixed team at the average"),
        "rota": _("Cheapest fixed rota, 8-hour shifts"),
        "on_demand": _("On demand"),
    }[kind]


def _verdict(compared: Comparison) -> str:
    if not compared.peak:
        return _("Nobody is needed: nothing to compare.")
    best, mine, rota = compared.of(compared.best), compared.of("on_demand"), compared.of("rota")
    if compared.is_fixed_cheaper:
        extra = Money(mine.cost_minor - best.cost_minor, _CURRENCY)
        if extra.amount_minor < 0:
            return _(
                "Fixed staff win here: on demand would leave %(hours)s hours a week uncovered, so cheaper would be worse."
            ) % {"hours": number_text(round(mine.uncovered_hours))}
        return _("Fixed is cheaper here, by %(by)s a week: hire. Come back when your days have peaks.") % {
            "by": money_text(extra)
        }
    saved = Money(rota.cost_minor - mine.cost_minor, _CURRENCY)
    return _("On demand is cheaper here, by %(by)s a week against the best fixed rota.") % {"by": money_text(saved)}
