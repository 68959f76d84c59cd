"""Money over the API: each sees their own, in the same number of queries for one row and three."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.tenancy.actors import BrandActor
from payments import actions
from payments.gateways import execution
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON
from tests.factories import invoices as bill
from tests.factories import payments as pay

pytestmark = pytest.mark.django_db


def test_an_agent_reads_what_is_to_be_taken_back(ada: Agent, program: Program) -> None:
    work = pay.make_payable(ada, program)
    pay.make_account(ada)
    pay.fund_sandbox()
    execution.execute_run(pay.make_running_run().pk)
    actions.record_clawback(earning_id=work.pk, minor=400, fault="Not at the desk.", by=pay.SYSTEM, at=MONDAY_NOON)
    (balance,) = signed_in(ada.user).get("/api/v1/me/balance/").json()
    assert balance["owed"] == {"amount_minor": 400, "currency": "USD"}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_agent_reads_balance_lines_payouts_and_statements(ada: Agent, bo: Agent, program: Program) -> None:
    pay.make_payable(ada, program)
    pay.make_account(ada)
    pay.fund_sandbox()
    execution.execute_run(pay.make_running_run().pk)
    pay.make_earning(ada, program, minutes=30)
    client = signed_in(ada.user)
    (balance,) = client.get("/api/v1/me/balance/").json()
    assert balance["in_review"] == {"amount_minor": 800, "currency": "USD"}
    assert balance["paid_this_year"] == {"amount_minor": 1600, "currency": "USD"}
    assert balance["owed"] == {"amount_minor": 0, "currency": "USD"}
    assert [row["amount_minor"] for row in client.get("/api/v1/me/earnings/").json()["results"]] == [800, 1600]
    assert [row["state"] for row in client.get("/api/v1/me/payouts/").json()["results"]] == ["transferred"]
    (statement,) = client.get("/api/v1/me/statements/").json()["results"]
    assert statement["content"]["net_minor"] == 1600
    others = signed_in(bo.user)
    assert others.get("/api/v1/me/balance/").json() == []
    for name in ("earnings", "payouts", "statements"):
        assert others.get(f"/api/v1/me/{name}/").json()["results"] == []


def test_a_brand_reads_its_charges_and_never_what_an_agent_gets(
    ada: Agent, program: Program, their_program: Program, acme_owner: BrandActor, globex_owner: BrandActor
) -> None:
    pay.make_earning(ada, program)
    pay.make_earning(ada, their_program, minutes=90)
    client = signed_in(acme_owner.user)
    answer = client.get("/api/v1/brands/acme/charges/")
    assert [row["net_minor"] for row in answer.json()["results"]] == [2200]
    assert "1600" not in answer.content.decode()
    (coming,) = client.get("/api/v1/brands/acme/upcoming-charges/").json()
    assert (coming["net_minor"], coming["lines"], coming["cause"]) == (2200, 1, "work")
    assert client.get("/api/v1/brands/acme/funds/").json()["unbilled"]["amount_minor"] == 2200
    for name in ("charges", "upcoming-charges", "funds"):
        assert signed_in(globex_owner.user).get(f"/api/v1/brands/acme/{name}/").status_code == 404
        assert signed_in(ada.user).get(f"/api/v1/brands/acme/{name}/").status_code == 404
        assert Client().get(f"/api/v1/brands/acme/{name}/").status_code in (401, 403)


def test_no_brand_sees_anothers_line_invoice_or_count_nor_an_agents_balance(
    ada: Agent, program: Program, their_program: Program, acme_owner: BrandActor
) -> None:
    bill.make_invoice(ada, program)
    theirs = bill.make_invoice(ada, their_program, lines=3)
    pay.make_earning(ada, their_program, minutes=90)
    client, line = signed_in(acme_owner.user), theirs.lines.order_by("pk")[0].charge_id
    assert [row["net_minor"] for row in client.get("/api/v1/brands/acme/charges/").json()["results"]] == [2200]
    assert [row["net_minor"] for row in client.get("/api/v1/brands/acme/invoices/").json()["results"]] == [2200]
    assert client.get("/api/v1/brands/acme/upcoming-charges/").json() == []
    for slug in ("acme", "globex"):
        assert client.get(f"/api/v1/brands/{slug}/invoices/{theirs.pk}/").status_code == 404
        page = {"slug": slug, "charge_id": line}
        assert client.get(reverse("payments:billing-line", kwargs=page)).status_code == 404
    assert client.get(f"/b/acme/billing/invoices/{theirs.pk}/").status_code == 404
    for mine in ("balance", "earnings", "payouts", "statements"):
        assert client.get(f"/api/v1/me/{mine}/").status_code in (403, 404)


@pytest.mark.parametrize("name", ["api-earning-list", "api-charge-list"])
def test_lists_cost_the_same_with_one_row_and_with_three(
    name: str, ada: Agent, program: Program, acme_owner: BrandActor, django_assert_max_num_queries: Any
) -> None:
    is_brands = name == "api-charge-list"
    client = signed_in(acme_owner.user if is_brands else ada.user)
    url = reverse(name, kwargs={"slug": "acme"} if is_brands else {})
    counts = []
    for n in (1, 2):
        for _one in range(n):
            pay.make_earning(ada, program)
        client.get(url)
        with django_assert_max_num_queries(10) as captured:
            client.get(url)
        counts.append(len(captured))
    assert counts[0] == counts[1]
