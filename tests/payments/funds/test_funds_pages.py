"""Pages of brands' money: paying in through the pretended page, budgets, and what past due means."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from gigcx.tenancy.states import BrandState
from payments import actions
from payments.models import Budget, SandboxCheckout, TopUp
from payments.queries import spendable, upcoming_charges
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON, make_member
from tests.factories import funds as money
from tests.factories import payments as pay

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, **kwargs: Any) -> str:
    return reverse(f"payments:{name}", kwargs={"slug": "acme", **kwargs})


def test_a_brand_tops_up_through_the_pretended_page(acme_owner: BrandActor) -> None:
    client = signed_in(acme_owner.user)
    sent = client.post(address("top-up-start"), {"amount": "250.00", "saves_method": "on"})
    top_up = TopUp.objects.for_brand(acme_owner.brand_id).get()
    assert sent.headers["Location"] == address("test-checkout", top_up_id=top_up.pk)
    assert "Pay 250.00" in client.get(sent.headers["Location"]).content.decode()
    back = client.post(sent.headers["Location"], {"way": "card"})
    page = client.get(back.headers["Location"]).content.decode()
    assert "is in your wallet" in page
    assert spendable(acme_owner.brand_id, "USD").wallet.amount_minor == 25_000
    saved = client.post(address("auto-top-up"), {"below": "50", "amount": "100"}, follow=True).content.decode()
    assert "Below 50.00" in saved
    stopped = client.post(address("auto-top-up-stop"), follow=True).content.decode()
    assert "Below 50.00" not in stopped


def test_what_was_typed_wrong_stays_and_says_why(acme_owner: BrandActor) -> None:
    client = signed_in(acme_owner.user)
    for amount, words in (("1", "10 to 500,000"), ("12.345", "fewer decimals"), ("ten", "number")):
        answer = client.post(address("top-up-start"), {"amount": amount})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert f'value="{amount}"' in answer.content.decode()
    assert client.post(address("auto-top-up"), {"below": "1", "amount": "100"}).status_code == 422
    wrong = client.post(address("budgets"), {"program": str(uuid4()), "month": "x", "soft": "9", "hard": "1"})
    assert wrong.status_code == 422


def test_anothers_top_up_budget_and_checkout_are_not_there(
    acme: Brand, acme_owner: BrandActor, globex_owner: BrandActor
) -> None:
    top_up = money.begin(acme, 5_000)
    money.open_page(top_up)
    row = actions.set_budget(
        brand_id=acme.pk,
        program_id=None,
        currency="USD",
        month=MONDAY_NOON.date(),
        soft_minor=100,
        hard_minor=100,
        by=acme_owner,
        at=MONDAY_NOON,
    )
    theirs = signed_in(globex_owner.user)
    for name, kwargs in (("top-up", {"top_up_id": top_up.pk}), ("test-checkout", {"top_up_id": top_up.pk})):
        assert signed_in(acme_owner.user).get(address(name, **kwargs)).status_code == 200
        own = reverse(f"payments:{name}", kwargs={"slug": "globex", **kwargs})
        assert [theirs.get(one).status_code for one in (address(name, **kwargs), own)] == [404, 404]
    assert (
        theirs.post(reverse("payments:budget-lift", kwargs={"slug": "globex", "budget_id": row.pk})).status_code == 404
    )


def test_a_planner_sees_no_funds_and_a_viewer_of_billing_pays_nothing(acme: Brand) -> None:
    planner = make_member(acme, "Pia Planner", role="planner")
    for name in ("funds", "budgets", "billing-live"):
        assert signed_in(planner.user).get(address(name)).status_code == 403
    assert signed_in(planner.user).post(address("top-up-start"), {"amount": "100"}).status_code == 403
    assert not TopUp.objects.for_brand(acme.pk).exists()


def test_budgets_show_what_is_used_and_that_new_work_is_stopped(
    ada: Agent, program: Program, acme_owner: BrandActor
) -> None:
    from gigcx.kernel import clock

    client, now = signed_in(acme_owner.user), clock.now()
    month = now.strftime("%Y-%m-01")
    client.post(address("budgets"), {"program": "", "month": month, "soft": "10", "hard": "20"})
    pay.make_earning(ada, program, worked_to=now, at=now)
    page = client.get(address("budgets")).content.decode()
    assert "22.00" in page
    assert "New work is stopped" in page
    row = Budget.objects.for_brand(acme_owner.brand_id).get()
    client.post(address("budget-lift", budget_id=row.pk))
    assert "No budget yet" in client.get(address("budgets")).content.decode()


def test_past_due_says_what_runs_what_stops_and_how_to_pay(
    acme: Brand, acme_owner: BrandActor, program: Program
) -> None:
    money.make_prepaid(acme)
    money.fill_wallet(acme, 10_000, ref="pi_1")
    money.set_aside(acme, program, 7_000)
    from gigcx.kernel.money import Money

    actions.record_card_dispute(
        payment_ref="pi_1", dispute_ref="dp_1", amount=Money(10_000, "USD"), by=pay.SYSTEM, at=MONDAY_NOON
    )
    assert Brand.objects.get(pk=acme.pk).state == BrandState.PAST_DUE
    client = signed_in(acme_owner.user)
    for name in ("billing", "billing-live"):
        page = client.get(address(name)).content.decode()
        assert "is overdue" in page
        assert "Booked work runs and agents are paid" in page
        assert "?amount=7000" in page
    assert 'value="70"' in client.get(address("funds") + "?amount=7000").content.decode().replace('"70.00"', '"70"')


def test_a_closed_page_says_that_nothing_was_charged(acme: Brand, acme_owner: BrandActor) -> None:
    top_up = money.begin(acme, 5_000)
    money.open_page(top_up)
    SandboxCheckout.objects.update(expires_at=MONDAY_NOON.replace(year=2025))
    page = signed_in(acme_owner.user).get(address("top-up", top_up_id=top_up.pk)).content.decode()
    assert "Nothing was charged" in page
    assert "Try again" in page


def test_coming_weeks_carry_expected_tax(ada: Agent, acme: Brand, program: Program) -> None:
    Brand.objects.filter(pk=acme.pk).update(country="IE")
    pay.make_earning(ada, program)
    (week,) = upcoming_charges(acme, at=MONDAY_NOON)
    assert (week.total.amount_minor, week.expected_tax.amount_minor, week.expected.amount_minor) == (2_200, 506, 2_706)


@pytest.mark.parametrize("name", ["funds", "budgets"])
def test_pages_cost_the_same_with_one_row_and_with_three(
    name: str, acme: Brand, program: Program, acme_owner: BrandActor, django_assert_max_num_queries: Any
) -> None:
    client, counts = signed_in(acme_owner.user), []
    for n in (1, 2):
        for _one in range(n):
            money.begin(acme, 5_000)
            money.set_aside(acme, program, 10)
        client.get(address(name))
        with django_assert_max_num_queries(14) as captured:
            client.get(address(name))
        counts.append(len(captured))
    assert counts[0] == counts[1]
