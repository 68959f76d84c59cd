"""Pages of brands' money: paying in through the pretended page, budgets, and what past due means."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.audit import dispatcher
from gigcx.kernel import clock
from gigcx.kernel.money import Money
from gigcx.notify.models import Notification
from gigcx.tenancy.actors import BrandActor, OpsActor
from gigcx.tenancy.models import Brand
from gigcx.tenancy.states import BrandState
from payments import actions
from payments.actions.checkouts import (
    CheckoutOrder,
    CheckoutSession,
    CollectionFacts,
    CollectionState,
    CollectionUnknown,
)
from payments.gateways import collection
from payments.models import BrandFunds, Budget, Invoice, SandboxCheckout, TopUp
from payments.queries import spendable, upcoming_charges
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON, make_member
from tests.factories import funds as money
from tests.factories import invoices as bill
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
    top_up = money.begin(acme, 5_000, at=clock.now())
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
    acme.country = "IE"
    acme.save(update_fields=["country"])
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


def test_money_of_a_brand_over_the_api(acme: Brand, acme_owner: BrandActor, globex_owner: BrandActor) -> None:
    client, base = signed_in(acme_owner.user), "/api/v1/brands/acme"
    made = client.post(f"{base}/top-ups/", {"amount_minor": 25_000}, content_type="application/json")
    assert (made.status_code, made.json()["state"]) == (201, "started")
    assert "/test-checkout/" in made.json()["pay_url"]
    assert [one["id"] for one in client.get(f"{base}/top-ups/").json()["results"]] == [made.json()["id"]]
    assert client.get(f"{base}/top-ups/{made.json()['id']}/").json()["settled_at"] is None
    limits = {"month": clock.now().date().isoformat(), "soft_minor": 100, "hard_minor": 200}
    assert client.post(f"{base}/budgets/", limits, content_type="application/json").status_code == 201
    (use,) = client.get(f"{base}/budgets/").json()
    assert (use["budget"]["hard_minor"], use["used_minor"]) == (200, 0)
    small = client.post(f"{base}/top-ups/", {"amount_minor": 1}, content_type="application/json")
    assert small.status_code == 400
    foreign = {**limits, "program": str(uuid4())}
    assert client.post(f"{base}/budgets/", foreign, content_type="application/json").status_code == 404
    theirs = signed_in(globex_owner.user)
    for path in ("top-ups", "budgets", f"top-ups/{made.json()['id']}"):
        assert theirs.get(f"{base}/{path}/").status_code == 404
    assert theirs.get(f"/api/v1/brands/globex/top-ups/{made.json()['id']}/").status_code == 404


def test_ops_let_a_hold_go_give_money_back_and_change_how_a_brand_pays(
    acme: Brand, program: Program, olu: OpsActor
) -> None:
    client = signed_in(olu.user)
    top_up = money.pay(money.begin(acme, 10_000))
    hold = money.set_aside(acme, program, 4_000)
    funds = BrandFunds.objects.for_brand(acme.pk).get()
    for model, pk, name in (
        ("brandfunds", funds.pk, "prepaid"),
        ("brandhold", hold.pk, "release"),
        ("topup", top_up.pk, "refund"),
    ):
        assert client.get(reverse(f"admin:payments_{model}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:payments_{model}_change", args=[pk])).status_code == 200
        client.post(reverse(f"admin:payments_{model}_decide", args=[pk, name]), {"reason": "leaving"})
    assert BrandFunds.objects.for_brand(acme.pk).get().mode == "prepaid"
    assert spendable(acme.pk, "USD").held.amount_minor == 0
    assert money.fresh(top_up.pk).refunded_minor == 10_000
    for model in ("budget", "budgetalert"):
        assert client.get(reverse(f"admin:payments_{model}_changelist")).status_code == 200


def test_those_who_mind_the_money_are_told(acme: Brand, acme_owner: BrandActor, program: Program) -> None:
    planner = make_member(acme, "Pia Planner", role="planner")
    money.make_terms(acme, 10_000)
    actions.set_budget(
        brand_id=acme.pk,
        program_id=None,
        currency="USD",
        month=MONDAY_NOON.date(),
        soft_minor=10_000,
        hard_minor=10_000,
        by=acme_owner,
        at=MONDAY_NOON,
    )
    money.set_aside(acme, program, 9_000)
    money.fill_wallet(acme, 5_000)
    late = money.begin(acme, 5_000)
    declined = CollectionFacts(state=CollectionState.FAILED, failure="card_declined")
    actions.record_collection_facts(top_up_id=late.pk, facts=declined, by=pay.SYSTEM, at=MONDAY_NOON)
    dispatcher.dispatch_due(at=MONDAY_NOON)
    titles = [str(one.payload["title"]) for one in Notification.objects.filter(user=acme_owner.user)]
    assert any("left to spend" in one for one in titles)
    assert any("80 % of the budget of the whole brand" in one for one in titles)
    assert any("is in your wallet" in one for one in titles)
    assert any("was not paid" in one for one in titles)
    assert not Notification.objects.filter(user=planner.user).exists()


class SilentProvider:
    """A provider whose answer never comes."""

    def open_checkout(self, order: CheckoutOrder, *, key: str) -> CheckoutSession:
        raise CollectionUnknown("timeout")

    def find_of(self, top_up_id: UUID) -> tuple[CollectionFacts, ...]:
        raise CollectionUnknown("timeout")


def test_a_provider_that_does_not_answer_leaves_nothing_paid_and_says_so(
    acme_owner: BrandActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(collection._BUILDERS, "sandbox", SilentProvider)
    client = signed_in(acme_owner.user)
    answer = client.post(address("top-up-start"), {"amount": "250.00"})
    assert answer.status_code == 422
    assert "Nothing was paid" in answer.content.decode()
    top_up = TopUp.objects.for_brand(acme_owner.brand_id).get()
    page = client.get(address("top-up", top_up_id=top_up.pk)).content.decode()
    assert "waiting for you to pay" in page
    posted = client.post("/api/v1/brands/acme/top-ups/", {"amount_minor": 25_000}, content_type="application/json")
    assert posted.json()["code"] == "rail_unavailable"
    assert spendable(acme_owner.brand_id, "USD").wallet.amount_minor == 0


def test_a_settled_top_up_pays_open_invoices_at_once(ada: Agent, acme: Brand, program: Program) -> None:
    invoice = bill.make_invoice(ada, program)
    money.fill_wallet(acme, invoice.gross_minor + 1_000, at=bill.TUESDAY)
    dispatcher.dispatch_due(at=bill.TUESDAY)
    invoice.refresh_from_db(from_queryset=Invoice.objects.across_brands())
    assert invoice.state == "paid"
    assert spendable(acme.pk, "USD").wallet.amount_minor == 1_000
