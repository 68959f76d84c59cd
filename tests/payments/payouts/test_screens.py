"""Instant payouts, bank details and bank files on their pages and over the API."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from payments import actions
from payments.gateways import execution
from payments.models import BankFile, BankFileLine, InstantQuote, PayoutAccount, PayoutItem, PayoutRun
from payments.states import InstantState, ItemState
from recruiting.models import Agent, Program
from tests import cast
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.payments.payouts.test_bank_files import bank_account

pytestmark = pytest.mark.django_db
QUOTES, PAYOUTS = "/api/v1/me/instant-payouts/quotes/", "/api/v1/me/instant-payouts/"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def mine(ada: Agent, program: Program) -> Client:
    """Ada has 16.00 ready and a bank that takes instant payouts."""
    pay.make_payable(ada, program)
    pay.make_account(ada, can_receive_instantly=True)
    pay.fund_sandbox()
    return signed_in(ada.user)


def offered(client: Client) -> str:
    return str(client.post(reverse("payments:instant"), {"currency": "USD"}).headers["Location"])


def test_the_free_date_and_the_fee_are_shown_before_anything_is_asked_for(mine: Client) -> None:
    page = mine.get(reverse("payments:instant")).content.decode()
    for words in ("costs nothing", "16.00", "2.99", "13.01", "Ask for an offer"):
        assert words in page
    assert not InstantQuote.objects.across_brands().exists()


def test_an_offer_is_taken_by_a_press_and_a_second_press_changes_nothing(mine: Client) -> None:
    address = offered(mine)
    page = mine.get(address).content.decode()
    for words in ("costs nothing", "13.01", "cannot be called back", "Send"):
        assert words in page
    for _press in range(2):
        assert mine.post(address).headers["Location"] == reverse("payments:payouts")
    run = PayoutRun.objects.get()
    assert run.kind == "instant"
    execution.execute_run(run.pk)
    assert PayoutItem.objects.across_brands().get().state == ItemState.TRANSFERRED
    assert "13.01" in mine.get(reverse("payments:payouts")).content.decode()
    assert "You took this offer" in mine.get(address).content.decode()


def test_why_not_is_said_where_it_is_not_possible(ada: Agent, program: Program) -> None:
    client = signed_in(ada.user)
    assert "Nothing is ready to pay yet" in client.get(reverse("payments:instant")).content.decode()
    pay.make_payable(ada, program)
    assert "do not know where to pay you" in client.get(reverse("payments:instant")).content.decode()
    pay.make_account(ada)
    page = client.get(reverse("payments:instant")).content.decode()
    assert "Your bank does not take instant payouts" in page
    assert offered(client) == reverse("payments:instant")


def test_another_agents_offer_looks_like_one_that_is_not_there(mine: Client, bo: Agent) -> None:
    address = offered(mine)
    other = signed_in(bo.user)
    assert other.get(address).status_code == other.post(address).status_code == 404
    assert InstantQuote.objects.across_brands().get().state == InstantState.QUOTED


@pytest.mark.parametrize("currency", ["", "XXX", "USD\x00", "€€€€€"])
def test_a_currency_that_the_agent_has_not_is_no_error(mine: Client, currency: str) -> None:
    assert mine.post(reverse("payments:instant"), {"currency": currency}).status_code == 302
    assert mine.post(QUOTES, {"currency": currency}, content_type="application/json").status_code == 400


def test_an_offer_is_asked_for_and_taken_over_the_api(mine: Client, bo: Agent) -> None:
    wanted = {"currency": "USD", "amount_minor": 1601}
    assert mine.post(QUOTES, wanted, content_type="application/json").json()["code"] == "above_available"
    answer = mine.post(QUOTES, {"currency": "USD"}, content_type="application/json")
    quote = answer.json()
    assert (answer.status_code, quote["fee_minor"], quote["net_minor"], quote["state"]) == (201, 299, 1301, "quoted")
    asked = {"quote": quote["id"]}
    assert signed_in(bo.user).post(PAYOUTS, asked, content_type="application/json").status_code == 404
    first, second = (mine.post(PAYOUTS, asked, content_type="application/json").json() for _press in range(2))
    assert first["id"] == second["id"]
    assert (first["amount_minor"], first["state"]) == (1301, "planned")


def test_the_payout_account_over_the_api_has_no_number(mine: Client, bo: Agent) -> None:
    found = mine.get("/api/v1/me/payout-account/").json()
    assert (found["last4"], found["state"], found["can_receive_instantly"]) == ("6789", "active", True)
    assert not {"fingerprint", "details_ciphertext", "remote_ref"} & set(found)
    assert signed_in(bo.user).get("/api/v1/me/payout-account/").status_code == 404


def test_an_account_that_misses_something_says_what(ada: Agent) -> None:
    client = signed_in(ada.user)
    client.post(reverse("payments:payout-account-start"), {"country": "US"})
    account = PayoutAccount.objects.across_brands().get()
    execution.refresh_account(account, by=pay.SYSTEM, at=MONDAY_NOON)
    page = client.get(reverse("payments:payout-account")).content.decode()
    assert "The details of your bank account" in page


def test_a_country_without_a_provider_is_asked_for_bank_details_on_our_page(ada: Agent, bo: Agent) -> None:
    client = signed_in(ada.user)
    address = client.post(reverse("payments:payout-account-start"), {"country": "NG"}).headers["Location"]
    account = PayoutAccount.objects.across_brands().get()
    assert address == reverse("payments:bank-details", kwargs={"account_id": account.pk})
    assert "Account number or IBAN" in client.get(address).content.decode()
    assert signed_in(bo.user).get(address).status_code == 404


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"number": "DE89 3704 0044 0532 0130 01"}, "typing error"),
        ({"number": "DE89 3704 0044 0532 0130 00"}, "another country"),
        ({"number": "??"}, "4 to 34 letters"),
        ({"number": "12345678"}, "need your bank&#x27;s code"),
        ({"number": "12345678", "bank_code": "!"}, "3 to 15 letters"),
    ],
)
def test_wrong_bank_details_are_told_and_kept_in_the_form(given: dict[str, str], said: str) -> None:
    from payments.forms.bank import BankDetailsForm

    form = BankDetailsForm({"holder": "Ada Obi", **given}, country="NG")
    assert not form.is_valid()
    assert said in str(form.errors)
    assert form["number"].value() == given["number"]


def test_ops_make_a_file_take_it_and_somebody_else_answers_its_line(ada: Agent, program: Program) -> None:
    pay.make_payable(ada, program)
    bank_account(ada)
    run = pay.make_running_run(rail="manual_bank_file")
    first, second = (signed_in(cast.ops(name).user) for name in ("Olu Ops", "Noor Haddad"))
    first.post(reverse("admin:payments_payoutrun_decide", args=[run.pk, "make_file"]))
    made = BankFile.objects.get()
    page = first.get(reverse("admin:payments_bankfile_change", args=[made.pk])).content.decode()
    assert made.sha256 in page
    assert "12345678" not in page
    taken = first.post(reverse("admin:payments_bankfile_take", args=[made.pk]))
    assert b"12345678" in taken.content
    assert first.get(reverse("admin:payments_bankfile_take", args=[made.pk])).status_code == 405
    line = BankFileLine.objects.get()
    answer = reverse("admin:payments_bankfileline_decide", args=[line.pk, "confirm"])
    first.post(answer, {"reason": "FT-1"})
    assert BankFileLine.objects.get().state == "waiting"
    assert second.get(reverse("admin:payments_bankfileline_change", args=[line.pk])).status_code == 200
    second.post(answer, {"reason": "FT-1"})
    assert (BankFileLine.objects.get().state, pay.item_of(run).state) == ("confirmed", ItemState.TRANSFERRED)


def test_the_list_of_payouts_asks_as_much_for_three_as_for_one(
    ada: Agent, program: Program, django_assert_max_num_queries: Any
) -> None:
    pay.make_account(ada)
    pay.fund_sandbox()
    client = signed_in(ada.user)
    for key in ("one", "two", "three"):
        pay.make_payable(ada, program)
        execution.execute_run(pay.make_running_run(key=key).pk)
        with django_assert_max_num_queries(12):
            assert client.get(reverse("payments:payouts")).status_code == 200
    for name in ("payments:instant", "payments:payout-account"):
        with django_assert_max_num_queries(12):
            assert client.get(reverse(name)).status_code == 200


def test_a_run_in_the_admin_names_what_needs_a_look(ada: Agent, bo: Agent, program: Program) -> None:
    for agent in (ada, bo):
        pay.make_payable(agent, program)
        pay.make_account(agent, fingerprint="shared")
    run = pay.make_run()
    page = signed_in(cast.ops().user).get(reverse("admin:payments_payoutrun_change", args=[run.pk])).content.decode()
    assert "1 bank accounts serve more than one agent" in page
    assert "Approve these totals" in page
    assert "Start sending" not in page
    actions.cancel_run(run_id=run.pk, reason="", by=pay.SYSTEM, at=MONDAY_NOON)
