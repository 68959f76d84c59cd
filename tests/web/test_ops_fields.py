"""Read-only pages of ops say amounts and small tables in words."""

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.tenancy.actors import OpsActor
from gigcx.tenancy.models import Brand
from gigcx.web.ops_fields import plain, worded
from payments.models import Receipt
from recruiting.models import Program
from tests.cast import MONDAY_NOON
from tests.factories import recruiting as make


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], "–"),
        ({}, "–"),
        (None, "–"),
        (["chat", "voice"], "chat, voice"),
        ([{"level": "B2", "tag": "en"}, {"level": "C1", "tag": "de"}], "level B2, tag en; level C1, tag de"),
        ({"card_brand": "visa", "last4": "4242"}, "card brand visa, last4 4242"),
        (0, "0"),
    ],
)
def test_a_small_table_reads_as_a_sentence(value: object, words: str) -> None:
    assert plain(value) == words


def test_an_amount_is_shown_with_its_currency_and_its_decimals() -> None:
    shown = worded(Receipt)["amount_minor"]
    assert shown(Receipt(amount_minor=250_000, currency="USD")) == "2,500.00\N{NO-BREAK SPACE}USD"
    assert shown(Receipt(amount_minor=2500, currency="JPY")) == "2,500\N{NO-BREAK SPACE}JPY"


def test_what_is_deep_stays_a_table_and_is_escaped() -> None:
    shown = worded(Program)["service_hours"]
    deep = shown(Program(service_hours=[{"days": [{"from": "<b>"}]}]))
    assert deep.startswith('<pre class="gx-json">')
    assert "&lt;b&gt;" in deep


@pytest.mark.django_db
def test_ops_read_a_program_without_brackets(client: Client, olu: OpsActor, acme: Brand) -> None:
    program = make.make_program(acme, languages=[{"tag": "en", "level": "B2"}], channels=["chat", "voice"])
    client.force_login(olu.user)
    page = client.get(reverse("admin:recruiting_program_change", args=[program.pk])).content.decode()
    for words in ("tag en, level B2", "chat, voice"):
        assert words in page
    assert "&quot;tag&quot;" not in page


@pytest.mark.django_db
def test_ops_read_a_receipt_with_its_amount_once(client: Client, olu: OpsActor, acme: Brand) -> None:
    receipt = pay_in(acme)
    client.force_login(olu.user)
    page = client.get(reverse("admin:payments_receipt_change", args=[receipt.pk])).content.decode()
    assert "250000" not in page
    assert page.count("2,500.00\N{NO-BREAK SPACE}USD") == 1


def pay_in(brand: Brand) -> Receipt:
    return Receipt.objects.across_brands().create(
        brand=brand,
        currency="USD",
        amount_minor=250_000,
        method="bank_transfer",
        rail="manual_bank_file",
        remote_ref="BANK-1",
        legal_entity="GIGCX",
        year=2026,
        number=1,
        full_number="RC-2026-00001",
        received_at=MONDAY_NOON,
    )
