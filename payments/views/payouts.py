"""An agent's payouts and statements."""

import csv
import json
from datetime import datetime
from io import StringIO
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gigcx.kernel import clock
from gigcx.kernel.money import Money, exponent_of
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import amount_text, day_text, moment_text, money_text, period_text
from payments.models import PayoutItem, Statement
from payments.queries import destination_facts, next_payout_at, payouts_for, statement_for
from payments.queries.pages import page_of
from payments.states import EarningKind, ItemState
from payments.views import words
from payments.views.earnings import tabs

PAGE: Final = 30
_BADGES: Final = {
    ItemState.ARRIVED: ("cover", "check"),
    ItemState.TRANSFERRED: ("accent", "arrow-right"),
    ItemState.HELD: ("short", "pause"),
    ItemState.RETURNED: ("short", "undo"),
}
# A spreadsheet runs what begins like this; an apostrophe makes it text.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@agent_page
def payouts(request: AgentRequest) -> HttpResponse:
    """This function will list payouts; transferred and arrived are told apart."""
    page = page_of(payouts_for(request.actor), by="planned_at", after=request.GET.get("after", ""), size=PAGE)
    context = {
        "page_title": _("Payouts"),
        "tabs": tabs("payouts"),
        "rows": [_row(item) for item in page.rows],
        "next_url": f"?after={page.next_cursor}" if page.next_cursor else "",
        "first_words": _("Payouts leave every week, the next one %(when)s, from 5.00 on. Your first one appears here.")
        % {"when": moment_text(next_payout_at(clock.now()))},
    }
    return render(request, "payments/payout_list.html", context)


def _row(item: PayoutItem) -> dict[str, Any]:
    kind, icon = _BADGES.get(ItemState(item.state), ("line", "clock"))
    statement = getattr(item, "statement", None)
    return {
        "day": day_text(item.transferred_at or item.planned_at),
        "amount": money_text(item.money),
        "where": destination_facts(item),
        "state": _state_words(item),
        "badge": {"kind": kind, "icon": icon, "text": _badge_text(item)},
        "url": reverse("payments:statement", kwargs={"statement_id": statement.pk}) if statement else "",
        "number": statement.number if statement else "",
    }


def _badge_text(item: PayoutItem) -> str:
    if item.state in (ItemState.SENDING, ItemState.UNKNOWN, ItemState.PLANNED):
        return _("On its way")
    return str(ItemState(item.state).label)


def _state_words(item: PayoutItem) -> str:
    if item.state == ItemState.HELD and item.hold_until:
        return _("%(why)s. Mend your payout account by %(when)s, or it goes into a later payout.") % {
            "why": words.hold_reason(item.hold_reason).capitalize(),
            "when": day_text(item.hold_until),
        }
    if item.arrived_at:
        return _("arrived %(when)s") % {"when": moment_text(item.arrived_at)}
    if item.transferred_at:
        return _("transferred %(when)s") % {"when": moment_text(item.transferred_at)}
    return _("planned %(when)s") % {"when": moment_text(item.planned_at)}


@agent_page
def statement(request: AgentRequest, statement_id: UUID) -> HttpResponse:
    """This function will print a statement from its frozen snapshot."""
    found = statement_for(request.actor, statement_id)
    content = _content(found)
    context = {
        "page_title": _("Statement %(number)s") % {"number": found.number},
        "content": content,
        "sha256": found.sha256,
        "issued": moment_text(datetime.fromisoformat(content["issued_at"])),
        "net": _money(content, "net_minor"),
        "sums": _sums(content),
        "rows": [_line(line, content["currency"]) for line in content["lines"]],
        "csv_url": reverse("payments:statement-csv", kwargs={"statement_id": found.pk}),
    }
    return render(request, "payments/statement_page.html", context)


def _content(found: Statement) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(bytes(found.snapshot))
    return content


def _money(content: dict[str, Any], key: str) -> str:
    return money_text(Money(content[key], content["currency"]))


def _sums(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": _("Earned"), "figure": _money(content, "gross_minor")},
        {"name": _("Withheld"), "figure": _money(content, "withheld_minor")},
        {"name": _("Paid out"), "figure": _money(content, "net_minor"), "is_total": True},
    ]


def _line(line: dict[str, Any], currency: str) -> dict[str, Any]:
    starts, ends = (datetime.fromisoformat(line[key]) for key in ("worked_from", "worked_to"))
    return {
        "what": f"{line['program']}, {line['brand']}",
        "kind": str(EarningKind(line["kind"]).label),
        "when": period_text(starts, ends) if ends > starts else moment_text(ends),
        "why": line["why"],
        "amount": amount_text(Money(line["amount_minor"], currency)),
    }


@agent_page
def statement_csv(request: AgentRequest, statement_id: UUID) -> HttpResponse:
    """This function will hand the statement's lines out as CSV, made from the snapshot alone."""
    found = statement_for(request.actor, statement_id)
    response = HttpResponse(_csv(_content(found)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.number}.csv"'
    return response


def _csv(content: dict[str, Any]) -> str:
    sheet = StringIO()
    writer = csv.writer(sheet)
    if content["is_sandbox"]:
        writer.writerow(["SANDBOX, no money moves"])
    writer.writerow(["statement", "worked_from", "worked_to", "brand", "program", "kind", "why", "amount", "currency"])
    for line in content["lines"]:
        amount = Money(line["amount_minor"], content["currency"])
        texts = (line["worked_from"], line["worked_to"], line["brand"], line["program"], line["kind"], line["why"])
        figure = f"{amount.major:.{exponent_of(amount.currency)}f}"
        writer.writerow([content["number"], *(_as_text(text) for text in texts), figure, content["currency"]])
    return sheet.getvalue()


def _as_text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
