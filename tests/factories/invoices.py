"""Invoices for the tests of every stage, made by the real actions so that the books balance."""

from datetime import date, datetime, timedelta
from re import DOTALL, findall, search
from typing import Any

from django.test import Client

from gigcx.tenancy.models import Brand
from payments import actions
from payments.models import Invoice
from recruiting.models import Agent
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay

# The week of 9 November 2026 is over at Monday noon; its invoice is issued on Tuesday the 17th.
LAST_WEEK = date(2026, 11, 9)
TUESDAY = MONDAY_NOON + timedelta(days=1)


def make_draft(brand: Brand, *, currency: str = "USD", week: date = LAST_WEEK, at: datetime = TUESDAY) -> Invoice:
    """The week's draft."""
    draft = actions.draft_invoice(brand_id=brand.pk, currency=currency, period_from=week, by=pay.SYSTEM, at=at)
    assert draft is not None
    return draft


def make_invoice(agent: Agent, program: Any, *, lines: int = 1, at: datetime = TUESDAY, **fields: Any) -> Invoice:
    """An issued invoice over so many hours of work (22.00 each)."""
    for _line in range(lines):
        pay.make_payable(agent, program, at=at, **fields)
    draft = make_draft(program.brand, at=at)
    return actions.issue_invoice(invoice_id=draft.pk, by=pay.SYSTEM, at=at)


def fresh(invoice: Invoice) -> Invoice:
    """The invoice as it is now."""
    return Invoice.objects.across_brands().get(pk=invoice.pk)


def rows_of(client: Client, path: str) -> dict[int, str]:
    """Each line of an invoice as its page shows it, through all the page's parts."""
    rows: dict[int, str] = {}
    part = ""
    while True:
        page = client.get(path + part).content.decode()
        rows |= {int(number): row for number, row in findall(r'<tr><td class="num">(\d+)</td>(.*?)</tr>', page, DOTALL)}
        following = search(r'href="(\?after=\d+)#lines"', page)
        if following is None:
            return rows
        part = following[1]
