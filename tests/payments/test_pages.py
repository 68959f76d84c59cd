"""Pages of money: what each person sees, in how many queries, and what they never see."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from gigcx.audit.models import OutboxEvent
from gigcx.tenancy.actors import BrandActor, OpsActor
from gigcx.tenancy.models import Brand
from payments import actions
from payments.gateways import execution
from payments.models import Charge, Earning, PayoutAccount, PayoutRun, Statement
from payments.states import ItemState, PayoutAccountState, RunState
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def paid(agent: Agent, program: Program) -> Statement:
    pay.make_payable(agent, program)
    pay.make_account(agent)
    pay.fund_sandbox()
    execution.execute_run(pay.make_running_run().pk)
    return Statement.objects.across_brands().get(agent=agent)


def test_an_agent_sees_balances_lines_and_the_sandbox_stripe(ada: Agent, program: Program) -> None:
    pay.make_earning(ada, program)
    page = signed_in(ada.user).get(reverse("payments:earnings")).content.decode()
    assert "16.00" in page
    assert "In review until" in page
    assert "Sandbox: no money moves" in page


def test_before_the_first_earning_the_page_says_what_will_appear(ada: Agent) -> None:
    page = signed_in(ada.user).get(reverse("payments:earnings")).content.decode()
    assert "Your first earning appears here" in page


def test_a_line_opens_to_its_steps_and_its_way_to_the_bank(ada: Agent, program: Program) -> None:
    row = pay.make_earning(ada, program)
    page = signed_in(ada.user).get(reverse("payments:earning", kwargs={"earning_id": row.pk})).content.decode()
    assert "60 min × 16.00 an hour" in page
    assert "On its way to you" in page


def test_nobody_opens_anothers_line_or_statement(ada: Agent, bo: Agent, program: Program, mallory: Any) -> None:
    statement = paid(ada, program)
    row = Earning.objects.across_brands().get()
    urls = [
        reverse("payments:earning", kwargs={"earning_id": row.pk}),
        reverse("payments:statement", kwargs={"statement_id": statement.pk}),
        reverse("payments:statement-csv", kwargs={"statement_id": statement.pk}),
    ]
    for url in urls:
        assert signed_in(ada.user).get(url).status_code == 200
        assert signed_in(bo.user).get(url).status_code == 404
        assert signed_in(mallory.user).get(url).status_code in (302, 404)
        assert Client().get(url).status_code == 302


def test_a_brand_sees_its_own_charges_and_nothing_of_others(
    ada: Agent, program: Program, their_program: Program, acme_owner: BrandActor, globex_owner: BrandActor
) -> None:
    pay.make_earning(ada, program)
    pay.make_earning(ada, their_program, minutes=90)
    ours = Charge.objects.for_brand(acme_owner.brand_id).get()
    for name, kwargs in (
        ("billing", {}),
        ("billing-lines", {}),
        ("billing-line", {"charge_id": ours.pk}),
    ):
        url = reverse(f"payments:{name}", kwargs={"slug": "acme", **kwargs})
        page = signed_in(acme_owner.user).get(url)
        assert page.status_code == 200
        assert "22.00" in page.content.decode()
        assert "33.00" not in page.content.decode()
        assert "Globex Care" not in page.content.decode()
        assert signed_in(globex_owner.user).get(url).status_code == 404
    theirs = reverse("payments:billing-line", kwargs={"slug": "globex", "charge_id": ours.pk})
    assert signed_in(globex_owner.user).get(theirs).status_code == 404


def test_a_brand_never_sees_what_an_agent_gets(ada: Agent, program: Program, acme_owner: BrandActor) -> None:
    pay.make_earning(ada, program)
    ours = Charge.objects.for_brand(acme_owner.brand_id).get()
    url = reverse("payments:billing-line", kwargs={"slug": "acme", "charge_id": ours.pk})
    assert "16.00" not in signed_in(acme_owner.user).get(url).content.decode()


def test_confirming_lines_makes_them_payable(ada: Agent, program: Program, acme_owner: BrandActor) -> None:
    row = pay.make_earning(ada, program)
    charge = Charge.objects.across_brands().get()
    url = reverse("payments:billing-confirm", kwargs={"slug": "acme"})
    sent = {"charge": [str(charge.pk), "not-an-id", "'; DROP TABLE"]}
    assert signed_in(acme_owner.user).post(url, sent).status_code == 302
    assert pay.fresh(row.pk).state == "payable"


def test_a_viewer_sees_no_billing(acme: Brand) -> None:
    from tests.cast import make_member

    viewer = make_member(acme, "Vera Viewer", role="viewer")
    assert signed_in(viewer.user).get(reverse("payments:billing", kwargs={"slug": "acme"})).status_code == 403


def test_a_statement_is_printed_from_its_snapshot_and_its_csv_runs_nothing(ada: Agent, program: Program) -> None:
    Program.objects.across_brands().update(name="=HYPERLINK(1)")
    statement = paid(ada, program)
    client = signed_in(ada.user)
    Program.objects.across_brands().update(name="Renamed since")
    page = client.get(reverse("payments:statement", kwargs={"statement_id": statement.pk})).content.decode()
    assert "=HYPERLINK(1)" in page
    assert "Renamed since" not in page
    sheet = client.get(reverse("payments:statement-csv", kwargs={"statement_id": statement.pk})).content.decode()
    assert sheet.splitlines()[0] == '"SANDBOX, no money moves"'
    assert "'=HYPERLINK(1)" in sheet


def test_an_agent_opens_a_payout_account_through_the_pretended_bank(ada: Agent) -> None:
    client = signed_in(ada.user)
    answer = client.post(reverse("payments:payout-account-start"), {"country": "US"})
    account = PayoutAccount.objects.across_brands().get()
    assert answer.headers["Location"].endswith(f"/{account.pk}/test-bank/")
    wrong = client.post(answer.headers["Location"], {"holder": "Ada Obi", "number": "12 ab"})
    assert wrong.status_code == 422
    assert "12 ab" in wrong.content.decode()
    assert client.get(answer.headers["Location"]).status_code == 200
    client.post(answer.headers["Location"], {"holder": "Ada Obi", "number": "000123456789"}, follow=True)
    account.refresh_from_db(from_queryset=PayoutAccount.objects.across_brands())
    assert (account.state, account.last4) == (PayoutAccountState.ACTIVE, "6789")
    assert "6789" in client.get(reverse("payments:payout-account")).content.decode()


def test_a_country_that_is_none_is_refused_and_nothing_is_opened(ada: Agent) -> None:
    answer = signed_in(ada.user).post(reverse("payments:payout-account-start"), {"country": "Atlantis"})
    assert answer.status_code == 422
    assert not PayoutAccount.objects.across_brands().exists()


def test_replacing_an_account_asks_to_sign_in_again(ada: Agent) -> None:
    account = pay.make_account(ada)
    client = signed_in(ada.user)
    answer = client.post(reverse("payments:payout-account-replace"), {"country": "US"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer.headers["Location"]
    account.refresh_from_db(from_queryset=PayoutAccount.objects.across_brands())
    assert account.state == PayoutAccountState.ACTIVE


def totp_of(agent: Agent) -> str:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # at the tests' noon another code than 000000
    TOTP.activate(agent.user, secret)
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@time_machine.travel(MONDAY_NOON, tick=False)
def test_replacing_an_account_asks_for_the_second_factor_where_there_is_one(ada: Agent) -> None:
    account, url = pay.make_account(ada), reverse("payments:payout-account-replace")
    code, client = totp_of(ada), signed_in(ada.user)
    asked = client.post(url, {"country": "US"})
    assert asked.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    wrong = client.post(asked.headers["Location"], {"code": "000000", "next": url})
    assert wrong.status_code == 200
    account.refresh_from_db(from_queryset=PayoutAccount.objects.across_brands())
    assert account.state == PayoutAccountState.ACTIVE
    done = client.post(asked.headers["Location"], {"code": code, "next": url})
    assert "/test-bank/" in done.headers["Location"]
    account.refresh_from_db(from_queryset=PayoutAccount.objects.across_brands())
    assert account.state == PayoutAccountState.REPLACED


def test_who_has_only_a_passkey_is_asked_for_it(ada: Agent) -> None:
    pay.make_account(ada)
    Authenticator.objects.create(user=ada.user, type=Authenticator.Type.WEBAUTHN, data={})
    asked = signed_in(ada.user).post(reverse("payments:payout-account-replace"), {"country": "US"})
    assert asked.headers["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))


def test_who_has_no_second_factor_is_told_to_add_one_and_needs_the_password_alone(ada: Agent) -> None:
    pay.make_account(ada)
    ada.user.set_password("correct horse battery")
    ada.user.save(update_fields=["password"])
    client, url = signed_in(ada.user), reverse("payments:payout-account-replace")
    assert "Add a second factor" in client.get(reverse("payments:payout-account")).content.decode()
    asked = client.post(url, {"country": "US"}).headers["Location"]
    assert asked.startswith(reverse("account_reauthenticate"))
    done = client.post(asked, {"password": "correct horse battery", "next": url})
    assert "/test-bank/" in done.headers["Location"]
    totp_of(ada)
    page = client.get(reverse("payments:payout-account")).content.decode()
    assert "Add a second factor" not in page
    assert "asked for your second factor" in page


def test_a_complete_accounts_details_do_not_change_without_proving_who_one_is(ada: Agent) -> None:
    account, client = pay.make_account(ada), signed_in(ada.user)
    client.post(reverse("payments:payout-account-start"))
    bank = reverse("payments:sandbox-bank", kwargs={"account_id": account.pk})
    client.post(bank, {"holder": "Ada Obi", "number": "000999999999"})
    client.get(reverse("payments:payout-account-return", kwargs={"account_id": account.pk}))
    account.refresh_from_db(from_queryset=PayoutAccount.objects.across_brands())
    assert account.last4 == "6789"


def test_bank_details_changed_on_the_rails_own_page_rest_for_48_hours_and_hold_what_was_planned(
    ada: Agent, program: Program
) -> None:
    account = pay.make_account(ada)
    pay.make_payable(ada, program)
    pay.fund_sandbox()
    run = pay.make_running_run()
    facts = actions.AccountFacts(
        remote_ref=account.remote_ref, state="active", last4="4321", bank_number="000777774321"
    )
    changed = actions.record_account_facts(account_id=account.pk, facts=facts, by=pay.SYSTEM, at=MONDAY_NOON)
    assert changed.usable_from == MONDAY_NOON + timedelta(hours=48)
    assert OutboxEvent.objects.filter(type="payments.payout_account_changed", agent_id=ada.pk).count() == 1
    again = actions.record_account_facts(account_id=account.pk, facts=facts, by=pay.SYSTEM, at=MONDAY_NOON)
    assert again.usable_from == changed.usable_from
    assert actions.claim_item(rail="sandbox", run_id=run.pk, at=MONDAY_NOON + timedelta(minutes=1)) is None
    assert (pay.item_of(run).state, pay.item_of(run).hold_reason) == (ItemState.HELD, "account_resting")
    rested = MONDAY_NOON + timedelta(hours=49)
    actions.free_held_items(at=rested)
    assert actions.claim_item(rail="sandbox", run_id=run.pk, at=rested) is not None


def test_a_replacement_rests_for_48_hours(ada: Agent) -> None:
    pay.make_account(ada)
    fresh = actions.replace_payout_account(
        agent_id=ada.pk, rail="sandbox", country="US", has_stepped_up=True, by=pay.SYSTEM, at=MONDAY_NOON
    )
    actions.record_account_opened(account_id=fresh.pk, remote_ref="sbx_other", by=pay.SYSTEM, at=MONDAY_NOON)
    facts = actions.AccountFacts(remote_ref="sbx_other", state="active", last4="1111", bank_number="1")
    done = actions.record_account_facts(account_id=fresh.pk, facts=facts, by=pay.SYSTEM, at=MONDAY_NOON)
    assert done.usable_from == MONDAY_NOON + timedelta(hours=48)


def test_ops_look_at_the_board_plan_and_start_a_run_with_buttons(ada: Agent, program: Program, olu: OpsActor) -> None:
    pay.make_payable(ada, program)
    pay.make_account(ada)
    client = signed_in(olu.user)
    board = client.get(reverse("admin:payments_board"))
    assert "The books balance" in board.content.decode()
    assert "no money moves" in board.content.decode()
    assert board.content.decode().count("<h1") == 1
    client.post(reverse("admin:payments_fund"), {"amount": "500", "currency": "USD"})
    opened = client.post(reverse("admin:payments_plan"), {"rail": "sandbox", "currency": "USD"}, follow=True)
    run = PayoutRun.objects.get()
    assert opened.redirect_chain[-1][0] == reverse("admin:payments_payoutrun_change", args=[run.pk])
    assert "1 Planned" in opened.content.decode()
    client.post(reverse("admin:payments_payoutrun_decide", args=[run.pk, "start"]))
    run.refresh_from_db()
    assert run.state == RunState.EXECUTING
    execution.execute_run(run.pk)
    for model in (
        "payoutitem",
        "payoutattempt",
        "earning",
        "charge",
        "journal",
        "account",
        "statement",
        "payoutaccount",
    ):
        assert client.get(reverse(f"admin:payments_{model}_changelist")).status_code == 200


def test_the_trace_follows_an_earning_to_its_journals_and_payout(ada: Agent, program: Program, olu: OpsActor) -> None:
    statement = paid(ada, program)
    row = Earning.objects.across_brands().get()
    client = signed_in(olu.user)
    for asked in (row.pk, row.source_id, statement.item_id, statement.pk):
        page = client.get(reverse("admin:payments_trace"), {"id": str(asked)}).content.decode()
        assert f"paid:{statement.item_id}" in page
        assert statement.number in page
    assert "This is not an id" in client.get(reverse("admin:payments_trace"), {"id": "x"}).content.decode()


QUERIES = {"payments:earnings": 12, "payments:payouts": 8}


@pytest.mark.parametrize(("name", "most"), QUERIES.items())
def test_an_agents_pages_cost_the_same_with_one_row_and_with_three(
    name: str, most: int, ada: Agent, program: Program, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(ada.user)
    pay.make_account(ada)
    pay.fund_sandbox()
    counts = []
    for n in (1, 2):
        for _one in range(n):
            pay.make_payable(ada, program)
        execution.execute_run(pay.make_running_run(key=f"k{n}").pk)
        client.get(reverse(name))
        with django_assert_max_num_queries(most) as captured:
            client.get(reverse(name))
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["billing", "billing-lines"])
def test_a_brands_pages_cost_the_same_with_one_row_and_with_three(
    name: str, ada: Agent, program: Program, acme_owner: BrandActor, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(acme_owner.user)
    url = reverse(f"payments:{name}", kwargs={"slug": "acme"})
    counts = []
    for n in (1, 2):
        for _one in range(n):
            pay.make_earning(ada, program)
        client.get(url)
        with django_assert_max_num_queries(12) as captured:
            client.get(url)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_both_sides_name_the_person_as_worked_hours_does(ada: Agent, program: Program, acme_owner: BrandActor) -> None:
    charge = pay.make_earning(ada, program).charge
    client = signed_in(acme_owner.user)
    slug = acme_owner.brand.slug
    for page in (
        client.get(reverse("payments:billing-lines", kwargs={"slug": slug})),
        client.get(reverse("payments:billing-line", kwargs={"slug": slug, "charge_id": charge.pk})),
        client.get(f"/api/v1/brands/{slug}/charges/"),
    ):
        assert "Ada Obi" in page.content.decode()
        assert ada.handle not in page.content.decode()
