"""Tax data of agents: kept by day, encrypted; reports by the day of payment; nothing exported on a guess."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from gigcx.audit.models import AuditEntry
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound
from gigcx.tenancy.actors import AgentActor, OpsActor
from payments import actions
from payments.actions.taxes import TaxFacts, number_of
from payments.documents.taxes import is_due
from payments.errors import NothingToReport, TaxRangeWrong, ThresholdUnknown
from payments.gateways import execution
from payments.models import TaxExport, TaxProfile
from payments.policies import approvals_needed
from payments.policies.taxes import form_of, is_number
from payments.queries.taxes import (
    agents_owed_without_tax_data,
    form_years,
    income_of,
    lacking_tax_data,
    period_of,
    tax_profile_on,
)
from payments.states import TaxForm
from recruiting.models import Agent, Program
from tests import cast
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay

pytestmark = pytest.mark.django_db
FACTS = TaxFacts(country="US", legal_name="Ada Obi", address="1 Elm St", number="123-45-6789")
YEAR, TODAY = MONDAY_NOON.year, MONDAY_NOON.date()


@pytest.fixture
def ops(db: None) -> OpsActor:
    return cast.ops()


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tell(agent: Agent, facts: TaxFacts = FACTS, *, valid_from: date = TODAY, **fields: Any) -> TaxProfile:
    actor = AgentActor(agent.user, agent.pk)
    return actions.save_tax_profile(
        agent_id=agent.pk, facts=facts, valid_from=valid_from, by=actor, at=MONDAY_NOON, **fields
    )


def paid(agent: Agent, program: Program, *, at: datetime = MONDAY_NOON, key: str = "2026-W47", **fields: Any) -> None:
    """Pay an hour (or `minutes`), transferred at `at`."""
    pay.make_payable(agent, program, at=at, worked_to=at - timedelta(days=2), **fields)
    if not agent.payout_accounts.across_brands().exists():
        pay.make_account(agent, at=at - timedelta(days=30))
        pay.fund_sandbox(50_000_000)
    run = pay.make_run(at=at, key=key)
    if approvals_needed(run):
        actions.approve_run(run_id=run.pk, totals_hash=run.totals_hash, by=cast.ops(f"Ines {key}"), at=at)
    actions.start_run(run_id=run.pk, by=pay.SYSTEM, at=at)
    execution.execute_run(run.pk, clock=lambda: at)


def exported(ops: OpsActor, form: str = TaxForm.NEC_1099, tax_year: int = YEAR, **fields: Any) -> list[dict[str, str]]:
    export = actions.export_tax(form=form, tax_year=tax_year, by=ops, at=MONDAY_NOON, **fields)
    _found, plain = actions.open_tax_export(export_id=export.pk, by=ops, at=MONDAY_NOON)
    stamp, rest = plain.decode().split("\r\n", 1)
    assert "SANDBOX, no money moves" in stamp
    return list(csv.DictReader(StringIO(rest)))


def test_a_tax_number_is_encrypted_and_shows_its_last_four_signs(ada: Agent) -> None:
    profile = tell(ada)
    assert (profile.tin_last4, profile.form) == ("6789", TaxForm.NEC_1099)
    assert b"123456789" not in bytes(profile.tin_ciphertext or b"")
    assert number_of(profile) == "123456789"
    entry = AuditEntry.objects.get(action="payments.save_tax_profile")
    assert "6789" not in str(entry.changes)


def test_a_number_that_cannot_be_one_is_refused(ada: Agent) -> None:
    for number in ("", "12", "123-45-678X"):
        with pytest.raises(Invalid) as refused:
            tell(ada, TaxFacts("US", "Ada Obi", number=number))
        assert refused.value.field == "number"
    assert not TaxProfile.objects.across_brands().exists()


@pytest.mark.parametrize(
    ("country", "number", "is_one"),
    [("US", "123456789", True), ("US", "12345678", False), ("DE", "DE12345", True), ("DE", "é", False)],
)
def test_what_can_be_a_tax_number(country: str, number: str, is_one: bool) -> None:
    assert is_number(country, number) is is_one


def test_the_first_data_hold_from_the_first_of_january(ada: Agent) -> None:
    tell(ada)
    assert tax_profile_on(ada.pk, date(YEAR, 1, 1)) is not None
    assert tax_profile_on(ada.pk, date(YEAR - 1, 12, 31)) is None


def test_a_change_ends_what_was_valid_before_and_keeps_the_number(ada: Agent) -> None:
    first = tell(ada)
    second = tell(ada, TaxFacts("US", "Ada Obi-Lind"), valid_from=TODAY)
    assert tax_profile_on(ada.pk, TODAY - timedelta(days=1)) == first
    assert tax_profile_on(ada.pk, TODAY) == second
    assert number_of(second) == "123456789"


def test_a_mistake_is_mended_from_the_same_day(ada: Agent) -> None:
    tell(ada)
    mended = tell(ada, TaxFacts("US", "Ada B. Obi"), valid_from=date(YEAR, 1, 1))
    assert tax_profile_on(ada.pk, date(YEAR, 1, 1)) == mended
    assert TaxProfile.objects.across_brands().filter(valid__isempty=True).count() == 1


def test_new_data_never_begin_before_the_present_ones(ada: Agent) -> None:
    tell(ada)
    tell(ada, TaxFacts("US", "Later"), valid_from=TODAY)
    with pytest.raises(TaxRangeWrong):
        tell(ada, TaxFacts("US", "Earlier"), valid_from=date(YEAR, 2, 1))


def test_another_country_needs_its_own_number(ada: Agent) -> None:
    tell(ada)
    with pytest.raises(Invalid):
        tell(ada, TaxFacts("DE", "Ada Obi"))


def test_the_database_refuses_two_sets_of_data_for_one_day(ada: Agent) -> None:
    profile = tell(ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        TaxProfile.objects.create(
            agent=ada, valid=profile.valid, country="US", form="1099_nec", legal_name="x", created_at=MONDAY_NOON
        )


def test_whose_payouts_wait_for_tax_data(ada: Agent, bo: Agent) -> None:
    Agent.objects.across_brands().filter(pk=ada.pk).update(country="US")
    Agent.objects.across_brands().filter(pk=bo.pk).update(country="BR")
    today = TODAY
    assert lacking_tax_data([ada.pk, bo.pk], on=today) == {ada.pk}
    tell(ada)
    assert lacking_tax_data([ada.pk, bo.pk], on=today) == set()
    assert lacking_tax_data([ada.pk], on=date(YEAR - 1, 6, 1)) == {ada.pk}


def test_ops_see_whose_money_waits_for_tax_data(ada: Agent, bo: Agent, program: Program) -> None:
    Agent.objects.across_brands().update(country="US")
    pay.make_earning(ada, program)
    assert [one.pk for one in agents_owed_without_tax_data(on=TODAY)] == [ada.pk]


@pytest.mark.parametrize(("country", "form"), [("US", "1099_nec"), ("DE", "dac7"), ("GB", ""), ("BR", "")])
def test_the_country_decides_the_form(country: str, form: str) -> None:
    assert form_of(country) == form


def test_nobody_but_ops_puts_income_on_another_report(ada: Agent, ops: OpsActor) -> None:
    profile = tell(ada)
    herself: Any = AgentActor(ada.user, ada.pk)  # typed as ops only: what the checker sees, a request does not
    with pytest.raises(NotFound):
        actions.move_tax_form(profile_id=profile.pk, form=TaxForm.K_1099, by=herself, at=MONDAY_NOON)
    assert TaxProfile.objects.across_brands().get().form == TaxForm.NEC_1099
    assert actions.move_tax_form(profile_id=profile.pk, form=TaxForm.K_1099, by=ops, at=MONDAY_NOON).form == "1099_k"


def test_income_counts_on_the_day_it_was_paid(ada: Agent, program: Program) -> None:
    tell(ada, valid_from=date(YEAR, 1, 1))
    new_year = datetime(YEAR + 1, 1, 1, 0, 0, 1, tzinfo=UTC)
    paid(ada, program, at=new_year - timedelta(seconds=2), key="last", minutes=60)
    paid(ada, program, at=new_year, key="first", minutes=30)  # worked in the old year
    assert [(one.gross_minor, one.quarter) for one in income_of(YEAR)] == [(1600, 4)]
    assert [(one.gross_minor, one.quarter) for one in income_of(YEAR + 1)] == [(800, 1)]


def test_income_of_one_year_is_told_apart_by_the_data_valid_on_the_day_of_transfer(
    ada: Agent, bo: Agent, program: Program
) -> None:
    paid(bo, program, at=MONDAY_NOON - timedelta(days=7), key="nobody knows", minutes=45)
    first = tell(ada)
    paid(ada, program, at=MONDAY_NOON - timedelta(days=1), key="before", minutes=30)
    second = tell(ada, valid_from=TODAY)
    paid(ada, program, key="after", minutes=60)
    income = [(one.profile, one.gross_minor, one.net_minor, one.transactions) for one in income_of(YEAR)]
    assert income == [(first, 800, 800, 1), (second, 1600, 1600, 1), (None, 1200, 1200, 1)]
    assert [(one.form, one.agents, one.without_data) for one in form_years(on=TODAY)][:3] == [
        (TaxForm.NEC_1099, 1, 1),
        (TaxForm.K_1099, 0, 1),
        (TaxForm.DAC7, 0, 1),
    ]


def test_what_came_back_is_no_income(ada: Agent, program: Program) -> None:
    from payments.models import PayoutItem

    tell(ada)
    paid(ada, program)
    item = PayoutItem.objects.across_brands().get()
    actions.record_came_back(item_id=item.pk, reason="wrong account", by=pay.SYSTEM, at=MONDAY_NOON)
    assert income_of(YEAR) == []


def test_the_quarters_of_a_year_meet_and_leave_nothing_out() -> None:
    quarters = [period_of(2026, quarter) for quarter in (1, 2, 3, 4)]
    assert quarters[0][0] == period_of(2026)[0]
    assert quarters[3][1] == period_of(2026)[1] == datetime(2027, 1, 1, tzinfo=UTC)
    assert [one[1] for one in quarters[:3]] == [one[0] for one in quarters[1:]]


def test_an_unknown_threshold_refuses_to_export(ada: Agent, program: Program, ops: OpsActor) -> None:
    tell(ada)
    paid(ada, program, minutes=60 * 200)
    for form in (TaxForm.NEC_1099, TaxForm.K_1099, TaxForm.DAC7):
        with pytest.raises(ThresholdUnknown):
            actions.export_tax(form=form, tax_year=2027, by=ops, at=MONDAY_NOON)
    assert not TaxExport.objects.exists()


def test_1099_nec_reports_from_the_threshold_on_with_the_full_number(
    ada: Agent, bo: Agent, program: Program, ops: OpsActor
) -> None:
    tell(ada)
    tell(bo, TaxFacts("US", "Bo Lind", number="987654321"))
    paid(ada, program, minutes=60 * 125, key="ada")  # 2,000.00: the threshold of 2026
    paid(bo, program, minutes=60 * 124, key="bo")
    (row,) = exported(ops, tax_year=2026)
    assert (row["legal_name"], row["tax_number"], row["gross"]) == ("Ada Obi", "123456789", "2000.00")
    assert row["currency"] == "USD"


def test_1099_k_needs_both_amount_and_number_of_payments() -> None:
    over = {"gross_minor": 2_000_001, "transactions": 201, "least_minor": 2_000_000, "least_transactions": 200}
    assert is_due(**over)
    assert not is_due(**{**over, "transactions": 200})
    assert not is_due(**{**over, "gross_minor": 2_000_000})


def test_dac7_reports_by_quarter_net_of_fees_without_a_lower_limit(ada: Agent, program: Program, ops: OpsActor) -> None:
    tell(ada, TaxFacts("DE", "=Ada Obi", number="12345678901", vat_id="DE9"))
    paid(ada, program, at=datetime(2026, 5, 5, 12, tzinfo=UTC), key="may", minutes=30)
    paid(ada, program, at=datetime(2026, 11, 3, 12, tzinfo=UTC), key="november")
    rows = exported(ops, form=TaxForm.DAC7, tax_year=2026)
    assert [(row["quarter"], row["consideration"], row["fees"], row["transactions"]) for row in rows] == [
        ("2", "8.00", "0.00", "1"),
        ("4", "16.00", "0.00", "1"),
    ]
    assert rows[0]["legal_name"] == "'=Ada Obi"
    (second,) = exported(ops, form=TaxForm.DAC7, tax_year=2026, quarter=2)
    assert second["quarter"] == "2"


def test_nothing_to_report_makes_no_file(ada: Agent, program: Program, ops: OpsActor) -> None:
    tell(ada)
    paid(ada, program)
    with pytest.raises(NothingToReport):
        actions.export_tax(form=TaxForm.NEC_1099, tax_year=2026, by=ops, at=MONDAY_NOON)


def test_only_ops_export_and_open_and_each_opening_is_written_down(ada: Agent, program: Program, ops: OpsActor) -> None:
    tell(ada)
    paid(ada, program, minutes=60 * 200)
    agent = AgentActor(ada.user, ada.pk)
    with pytest.raises(NotAllowed):
        actions.export_tax(form=TaxForm.NEC_1099, tax_year=2026, by=agent, at=MONDAY_NOON)
    export = actions.export_tax(form=TaxForm.NEC_1099, tax_year=2026, by=ops, at=MONDAY_NOON)
    assert b"123456789" not in bytes(export.content)
    with pytest.raises(NotFound):
        actions.open_tax_export(export_id=export.pk, by=agent, at=MONDAY_NOON)
    actions.open_tax_export(export_id=export.pk, by=ops, at=MONDAY_NOON)
    assert AuditEntry.objects.filter(action="payments.open_tax_export", subject_id=export.pk).count() == 1


def test_an_unfinished_period_is_marked_in_the_file(ada: Agent, program: Program, ops: OpsActor) -> None:
    tell(ada)
    paid(ada, program, minutes=60 * 200)
    export = actions.export_tax(form=TaxForm.NEC_1099, tax_year=2026, by=ops, at=MONDAY_NOON)
    assert b"PARTIAL, paid before" in actions.open_tax_export(export_id=export.pk, by=ops, at=MONDAY_NOON)[1]


def test_ops_prove_who_they_are_before_full_numbers_leave(
    ada: Agent, program: Program, ops: OpsActor, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    tell(ada)
    paid(ada, program, minutes=60 * 200)
    export = actions.export_tax(form=TaxForm.NEC_1099, tax_year=2026, by=ops, at=MONDAY_NOON)
    client = signed_in(ops.user)
    desk = client.get(reverse("admin:payments_tax"))
    assert desk.status_code == 200
    assert "123456789" not in desk.content.decode()
    for url, sent in (
        (reverse("admin:payments_tax_file", args=[export.pk]), {}),
        (reverse("admin:payments_tax_export"), {"form": "1099_nec", "tax_year": "2026"}),
    ):
        asked = client.post(url, sent)
        assert asked.status_code == 302
        assert "reauthenticate" in asked.headers["Location"]
        assert client.get(url).status_code == 405
    assert TaxExport.objects.count() == 1


def test_the_desk_says_where_no_threshold_is_set(ops: OpsActor, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    page = signed_in(ops.user).get(reverse("admin:payments_tax")).content.decode()
    assert "1099-NEC" in page
    assert "No file was made yet" in page


def test_an_agent_tells_tax_data_on_the_page_and_typed_text_is_kept(ada: Agent, bo: Agent) -> None:
    client, url = signed_in(ada.user), reverse("payments:taxes")
    assert client.get(url).status_code == 200
    typed = {"country": "US", "legal_name": "Ada Obi", "address": "1 Elm", "number": "12", "valid_from": "2026-11-16"}
    wrong = client.post(url, typed)
    assert wrong.status_code == 422
    assert "1 Elm" in wrong.content.decode()
    assert client.post(url, {**typed, "number": "123 45 6789"}).status_code == 302
    page = client.get(url).content.decode()
    assert "ending in 6789" in page
    assert "123456789" not in page
    assert "6789" not in signed_in(bo.user).get(url).content.decode()


def test_an_agent_tells_and_reads_tax_data_over_the_api(ada: Agent, bo: Agent) -> None:
    client, url = signed_in(ada.user), "/api/v1/me/tax-profile/"
    assert client.get(url).status_code == 404
    sent = {"country": "US", "legal_name": "Ada Obi", "number": "123456789", "valid_from": "2026-11-16"}
    answer = client.post(url, sent, content_type="application/json")
    assert answer.status_code == 201, answer.content
    found = client.get(url).json()
    assert (found["tin_last4"], found["form"]) == ("6789", "1099_nec")
    assert "123456789" not in str(found)
    assert client.post(url, {**sent, "number": "1"}, content_type="application/json").status_code == 400
    assert signed_in(bo.user).get(url).status_code == 404


def test_statement_files_over_the_api_are_the_agents_own(ada: Agent, bo: Agent, program: Program) -> None:
    from payments.models import Statement

    paid(ada, program)
    statement = Statement.objects.across_brands().get()
    for file_format, begins in (("pdf", b"%PDF-"), ("csv", b'"SANDBOX')):
        url = f"/api/v1/me/statements/{statement.pk}/{file_format}/"
        answer = signed_in(ada.user).get(url)
        assert answer.content.startswith(begins)
        assert signed_in(ada.user).get(url).content == answer.content
        assert signed_in(bo.user).get(url).status_code == 404
    assert signed_in(ada.user).get(f"/api/v1/me/statements/{statement.pk}/").json()["sha256"] == statement.sha256


@pytest.mark.parametrize("payouts", [1, 3])
def test_income_is_summed_in_three_queries(
    ada: Agent, program: Program, payouts: int, django_assert_num_queries: Any
) -> None:
    tell(ada)
    for n in range(payouts):
        paid(ada, program, key=f"k{n}")
    with django_assert_num_queries(3):
        assert sum(one.gross_minor for one in income_of(YEAR)) == payouts * 1600


def test_the_demo_world_tells_tax_data_of_those_who_have_worked(ada: Agent, program: Program) -> None:
    from gigcx.web.demo import World
    from payments.demo import taxes
    from tests.factories import scheduling as plan

    Agent.objects.across_brands().filter(pk=ada.pk).update(country="US")
    shift = plan.make_shift(program, MONDAY_NOON - timedelta(days=3))
    plan.make_claim(ada, shift, state="verified")
    taxes.tell(World(at=MONDAY_NOON, scale=1))
    found = tax_profile_on(ada.pk, TODAY)
    assert found is not None
    assert (found.country, found.form) == ("US", TaxForm.NEC_1099)
