"""A brand's week and the statements of those who worked it: the same cents on page, paper, sheet and over the API."""

import csv
import unicodedata
from decimal import Decimal
from html import escape
from io import StringIO
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from gigcx.accounts.models import User
from gigcx.tenancy.models import Brand
from payments.documents.figures import duration
from payments.ledger import verify_books
from payments.models import Earning, Invoice, InvoiceLine, Statement
from payments.queries.invoices import hash_of, invoice_content
from payments.states import EarningState, InvoiceState
from recruiting.models import Agent, Engagement, Program
from tests.factories.invoices import rows_of
from tests.fakes.pdf_text import pages_of

pytestmark = [pytest.mark.slow]

SIGNED_STATES = [InvoiceState.ISSUED, InvoiceState.PAID, InvoiceState.PART_PAID, InvoiceState.OVERDUE]


@pytest.fixture
def invoice(world: None) -> Invoice:
    """Alder & Wren's oldest invoice: its work was paid out on the same Tuesday."""
    found = Invoice.objects.across_brands().filter(brand__slug="alder-wren", state__in=SIGNED_STATES)
    return found.select_related("brand").order_by("issued_at").get(number=1)


@pytest.fixture
def dana(world: None) -> Client:
    return signed_in(User.objects.get(email="dana@demo.example"))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words_of(content: bytes) -> str:
    return " ".join(pages_of(content)).replace("\N{NO-BREAK SPACE}", " ")


def sheet_of(content: bytes) -> list[dict[str, str]]:
    stamp, rest = content.decode().split("\r\n", 1)
    assert stamp == '"SANDBOX, no money moves"'
    return list(csv.DictReader(StringIO(rest, newline="")))


def minor(text: str) -> int:
    return int(Decimal(text) * 100)


def is_latin(name: str) -> bool:
    """Other scripts are joined and turned when they are set, so a paper's text does not read as the name it shows."""
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in name if letter.isalpha())


def printed(amount: int) -> str:
    return f"{amount // 100:,}.{amount % 100:02d}"


def test_an_invoice_of_a_brands_week_ties_to_the_cent_through_page_pdf_csv_and_api(
    invoice: Invoice, dana: Client
) -> None:
    lines = list(InvoiceLine.objects.across_brands().filter(invoice=invoice).order_by("position"))
    assert len(lines) > 50, "the demo's week is a full one"
    assert sum(line.net_minor for line in lines) == invoice.net_minor
    assert sum(line.tax_minor for line in lines) == invoice.tax_minor
    base = f"/b/alder-wren/billing/invoices/{invoice.pk}"

    rows = sheet_of(dana.get(f"{base}/csv/").content)
    assert [minor(row["net"]) for row in rows] == [line.net_minor for line in lines]
    assert [row["agent"] for row in rows] == [line.agent_name for line in lines]
    assert [row["hours"] for row in rows] == [duration(line.seconds) if line.seconds else "" for line in lines]

    paper = words_of(dana.get(f"{base}/pdf/").content)
    assert printed(invoice.gross_minor) in paper
    for line in lines:
        assert printed(line.net_minor) in paper, line.position
        assert line.agent_name in paper or not is_latin(line.agent_name), line.position

    told = dana.get(f"/api/v1/brands/alder-wren/invoices/{invoice.pk}/").json()
    assert [one["net_minor"] for one in told["content"]["lines"]] == [line.net_minor for line in lines]
    assert told["gross_minor"] == invoice.gross_minor
    assert told["content_sha256"] == invoice.content_sha256

    assert printed(invoice.gross_minor) in dana.get(f"{base}/").content.decode()
    shown = rows_of(dana, f"{base}/")
    assert list(shown) == [line.position for line in lines]
    for line in lines:
        assert printed(line.net_minor) in shown[line.position], line.position
        assert escape(line.agent_name) in shown[line.position], line.position


def test_every_line_of_the_invoice_is_on_the_statement_of_who_worked_it(invoice: Invoice) -> None:
    lines = InvoiceLine.objects.across_brands().filter(invoice=invoice).select_related("charge__earning")
    paid = 0
    for line in lines:
        earning = line.charge.earning
        if earning.state != EarningState.PAID:
            continue
        statement = Statement.objects.across_brands().get(
            item__allocations__earning=earning, item__allocations__released_at__isnull=True
        )
        (told,) = [one for one in content_of(statement)["lines"] if one["earning"] == str(earning.pk)]
        assert told["amount_minor"] == earning.amount_minor
        assert told["worked_seconds"] == line.seconds
        assert line.charge.owed_minor >= earning.brand_share_minor
        paid += 1
    assert paid > 50, "most of the week was paid out"


def content_of(statement: Statement) -> dict[str, Any]:
    import json

    found: dict[str, Any] = json.loads(bytes(statement.snapshot))
    return found


def test_a_statement_ties_to_its_transfer_through_page_pdf_csv_and_api(world: None) -> None:
    ada = User.objects.get(email="ada@demo.example")
    client = signed_in(ada)
    statement = Statement.objects.across_brands().filter(agent__user=ada).order_by("issued_at").first()
    assert statement is not None
    content = content_of(statement)
    assert sum(line["amount_minor"] for line in content["lines"]) == content["net_minor"] == statement.item.amount_minor
    base = f"/work/earnings/statements/{statement.pk}"
    rows = sheet_of(client.get(f"{base}/csv/").content)
    assert sum(minor(row["amount"]) for row in rows) == statement.item.amount_minor
    paper, page = words_of(client.get(f"{base}/pdf/").content), client.get(f"{base}/").content.decode()
    for line in content["lines"]:
        assert printed(line["amount_minor"]) in paper
        assert printed(line["amount_minor"]) in page
    told = client.get("/api/v1/me/statements/").json()["results"]
    (mine,) = [one for one in told if one["id"] == str(statement.pk)]
    assert mine["sha256"] == statement.sha256
    assert mine["content"] == content


def test_both_say_the_same_after_rates_tier_and_names_changed(invoice: Invoice, dana: Client) -> None:
    ada = User.objects.get(email="ada@demo.example")
    statement = Statement.objects.across_brands().filter(agent__user=ada).order_by("issued_at").first()
    assert statement is not None
    path = f"/work/earnings/statements/{statement.pk}/pdf/"
    before = signed_in(ada).get(path).content, dana.get(f"/b/alder-wren/billing/invoices/{invoice.pk}/pdf/").content
    with transaction.atomic():
        User.objects.filter(pk=ada.pk).update(full_name="Somebody Else")
        Agent.objects.across_brands().filter(user=ada).update(handle="other-handle")
        Engagement.objects.across_brands().filter(agent__user=ada).update(tier="lead")
        Program.objects.across_brands().filter(brand=invoice.brand).update(name="Renamed")
        Brand.objects.filter(pk=invoice.brand_id).update(name="Renamed Retail", legal_name="Renamed Retail Ltd")
        again = Invoice.objects.across_brands().select_related("brand").get(pk=invoice.pk)
        assert hash_of(invoice_content(again)) == invoice.content_sha256
        after = signed_in(ada).get(path).content, dana.get(f"/b/alder-wren/billing/invoices/{invoice.pk}/pdf/").content
        transaction.set_rollback(True)
    assert after == before


def test_the_demos_books_are_zero_and_every_identity_holds(world: None) -> None:
    assert list(verify_books()) == []
    unpaid = Earning.objects.across_brands().filter(state=EarningState.PAID, paid_at__isnull=True)
    assert not unpaid.exists()


def test_the_money_pages_of_a_full_brand_stay_within_their_queries(invoice: Invoice, dana: Client) -> None:
    pages = {"": 20, "lines/": 12, "invoices/": 12, "funds/": 12, "budgets/": 12, "disputes/": 12, "details/": 12}
    with override_settings(DEBUG=False):
        for path, most in pages.items():
            with CaptureQueriesContext(connection) as asked:
                assert dana.get(f"/b/alder-wren/billing/{path}").status_code == 200
            assert len(asked) <= most, f"{path}: {len(asked)} queries"
