"""How the net-hour figure of a program is made: for anybody, without signing in."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from payments.models import PayLabel
from payments.queries.labels import is_reproducible, label_figures, pay_label
from recruiting.queries import public_program


@require_GET
def how_it_is_made(request: HttpRequest, public_slug: str) -> HttpResponse:
    """This function will show a program's figure with everything it rests on, and compute it anew while you wait."""
    program = public_program(public_slug)
    label = pay_label(program.pk)
    context = {
        "page_title": _("What an hour really pays"),
        "program": program,
        "figures": label_figures(label),
        "label": label,
        "basis": basis_of(label) if label else [],
        "agrees": label is not None and is_reproducible(label),
    }
    return render(request, "payments/pay_label.html", context)


def basis_of(label: PayLabel) -> list[dict[str, Any]]:
    """This function will return what a label rests on, as terms and texts; nobody is counted below the least number."""
    rows = [
        {
            "term": _("Weeks"),
            "text": _("%(since)s to %(until)s")
            % {"since": _day(label.period_from), "until": _day(label.period_to - timedelta(days=1))},
        }
    ]
    if label.median_minor is not None:
        rows.append({"term": _("Agents"), "text": str(label.n_agents)})
    return [
        *rows,
        {"term": _("Formula"), "text": _("version %(version)s") % {"version": label.formula_version}},
        {"term": _("Fingerprint of the inputs"), "text": label.inputs_hash},
    ]


def _day(on: date) -> str:
    return f"{on:%-d %B %Y}"
