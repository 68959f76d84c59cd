"""Ops set what a brand may owe and for how long, on a page of the admin, with a reason."""

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.audit.models import AuditEntry
from gigcx.tenancy.actors import BrandActor, OpsActor
from gigcx.tenancy.models import Brand
from payments.models import BrandFunds
from payments.queries import spendable
from tests.factories import funds as money

pytestmark = pytest.mark.django_db


def signed_in(actor: OpsActor | BrandActor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def address(funds: BrandFunds) -> str:
    return reverse("admin:payments_brandfunds_terms", args=[funds.pk])


def test_ops_set_a_credit_limit_and_due_days_and_the_history_says_why(acme: Brand, ops_desk: Client) -> None:
    funds = money.make_terms(acme, 100_000)
    page = ops_desk.get(address(funds)).content.decode()
    assert 'value="1000.00"' in page
    sent = {"limit": "2500.50", "days_until_due": "30", "reason": "Two good years."}
    done = ops_desk.post(address(funds), sent, follow=True).content.decode()
    funds.refresh_from_db()
    assert (funds.credit_limit_minor, funds.days_until_due) == (250_050, 30)
    assert spendable(acme.pk, "USD").credit_limit.amount_minor == 250_050
    line = AuditEntry.objects.filter(action="payments.set_terms", subject_id=funds.pk).order_by("-id")[0]
    assert line.changes == {"credit_limit_minor": [100_000, 250_050], "days_until_due": [14, 30]}
    assert line.reason == "Two good years."
    assert "set credit limit and due days: Two good years." in done


@pytest.mark.parametrize(
    "wrong", [{"limit": "-1"}, {"limit": "1.005"}, {"limit": "x"}, {"days_until_due": "121"}, {"reason": ""}]
)
def test_terms_that_make_no_sense_are_refused_and_what_was_typed_stays(
    acme: Brand, ops_desk: Client, wrong: dict[str, str]
) -> None:
    funds = money.make_terms(acme, 100_000)
    sent = {"limit": "7777.00", "days_until_due": "30", "reason": "Two good years.", **wrong}
    answer = ops_desk.post(address(funds), sent)
    funds.refresh_from_db()
    assert (answer.status_code, funds.credit_limit_minor) == (422, 100_000)
    assert ("Two good years." in answer.content.decode()) is ("reason" not in wrong)


def test_nobody_but_ops_reaches_the_terms_page(acme: Brand, acme_owner: BrandActor) -> None:
    funds = money.make_terms(acme, 100_000)
    answer = signed_in(acme_owner).post(address(funds), {"limit": "9", "days_until_due": "1", "reason": "Me."})
    funds.refresh_from_db()
    assert answer.status_code in (302, 403, 404)
    assert funds.credit_limit_minor == 100_000
