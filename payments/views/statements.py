"""An agent's statements: frozen ones, and what the next one says as things stand."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gigcx.kernel import clock
from gigcx.kernel.money import Money
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import amount_text, moment_text, money_text, period_text, zone_text
from payments.queries import next_payout_at, statement_for
from payments.queries.documents import statement_snapshot
from payments.queries.statements import is_day_before, statement_previews
from payments.states import EarningKind


@agent_page
def statement(request: AgentRequest, statement_id: UUID) -> HttpResponse:
    """This function will print a statement from its frozen snapshot, moments in the zone that it was issued for."""
    found = statement_for(request.actor, statement_id)
    content = statement_snapshot(found)
    context = {
        "page_title": _("Statement %(number)s") % {"number": found.number},
        "content": content,
        "sha256": found.sha256,
        "zone": zone_text(content["timezone"]),
        "issued": moment_text(datetime.fromisoformat(content["issued_at"]), ZoneInfo(content["timezone"])),
        **_shown(content),
        "pdf_url": reverse("payments:statement-pdf", kwargs={"statement_id": found.pk}),
        "csv_url": reverse("payments:statement-csv", kwargs={"statement_id": found.pk}),
    }
    return render(request, "payments/statement_page.html", context)


@agent_page
def preview(request: AgentRequest) -> HttpResponse:
    """This function will show what the next payout's statement would say now."""
    at = clock.now()
    found = statement_previews(request.actor.agent_id, at=at)
    leaves = moment_text(next_payout_at(at))
    told = _("It leaves %(when)s.") if is_day_before(at) else _("It leaves %(when)s; more may come in until then.")
    context = {
        "page_title": _("Your next statement"),
        "leaves": leaves,
        "told": told % {"when": leaves},
        "previews": [{"currency": content["currency"], **_shown(content)} for content in found],
    }
    return render(request, "payments/statement_preview.html", context)


def _shown(content: dict[str, Any]) -> dict[str, Any]:
    return {
        "net": _money(content, "net_minor"),
        "sums": _sums(content),
        "rows": [_line(line, content) for line in content["lines"]],
        "balances": _balances(content),
    }


def _money(content: dict[str, Any], key: str) -> str:
    return money_text(Money(content[key], content["currency"]))


def _sums(content: dict[str, Any]) -> list[dict[str, Any]]:
    taken = (("clawed_back_minor", _("Clawed back")), ("fees_minor", _("Fees you chose")))
    withheld = Money(-content["withheld_minor"], content["currency"])
    return [
        {"name": _("Earned"), "figure": _money(content, "gross_minor")},
        *({"name": name, "figure": _money(content, key)} for key, name in taken if content.get(key)),
        {"name": _("Withheld"), "figure": money_text(withheld)},
        {"name": _("Paid out"), "figure": _money(content, "net_minor"), "is_total": True},
    ]


def _line(line: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    zone = ZoneInfo(content["timezone"])
    starts, ends = (datetime.fromisoformat(line[key]) for key in ("worked_from", "worked_to"))
    return {
        "what": f"{line['program']}, {line['brand']}",
        "kind": str(EarningKind(line["kind"]).label),
        "when": period_text(starts, ends, zone) if ends > starts else moment_text(ends, zone),
        "why": line["why"],
        "amount": amount_text(Money(line["amount_minor"], content["currency"])),
    }


def _balances(content: dict[str, Any]) -> list[dict[str, str]]:
    """Empty for statements of the first format, which did not keep them."""
    names = {
        "in_review_minor": _("In review"),
        "ready_minor": _("Ready for the next payout"),
        "on_its_way_minor": _("On its way"),
        "to_return_minor": _("Still to be taken back"),
    }
    kept = content.get("balances", {})
    found = [
        {"term": name, "text": money_text(Money(kept[k], content["currency"]))}
        for k, name in names.items()
        if k in kept
    ]
    year = _("Paid out in %(year)s") % {"year": content["issued_at"][:4]}
    return [*found, {"term": year, "text": _money(content, "paid_this_year_minor")}]
