"""A statement is frozen when the money leaves: same hash, same bytes, whatever changes later."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.tenancy.actors import AgentActor
from payments import actions, tasks
from payments.actions.documents import rendered
from payments.documents import digest
from payments.errors import DocumentAltered
from payments.gateways import execution
from payments.models import Earning, RenderedDocument, Statement
from payments.queries import statement_for
from payments.queries.documents import statement_snapshot, statements_without_papers
from payments.queries.statements import statement_previews
from payments.states import DocumentKind
from recruiting.models import Agent, Engagement, Program
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.fakes.pdf_text import pages_of

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def paid(agent: Agent, program: Program, **fields: Any) -> Statement:
    pay.make_payable(agent, program, **fields)
    pay.make_account(agent)
    pay.fund_sandbox()
    execution.execute_run(pay.make_running_run().pk)
    return Statement.objects.across_brands().get(agent=agent)


def kept(statement: Statement, file_format: str = "pdf") -> bytes:
    return bytes(actions.keep_statement(statement, file_format=file_format, at=MONDAY_NOON).content)


def unguarded(table: str, change: str) -> None:
    """Change a row as somebody with the keys of the database could."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET {change}")  # noqa: S608  our own words
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_a_statement_has_the_same_hash_after_rates_tier_and_names_changed(ada: Agent, program: Program) -> None:
    statement = paid(ada, program)
    before = {one: digest(kept(statement, one)) for one in ("pdf", "csv")}
    Program.objects.across_brands().update(name="Renamed since")
    recruit.make_rate_card(program, {"productive_hour": (9900, 12000)})
    Engagement.objects.across_brands().update(tier="lead")
    Agent.objects.across_brands().filter(pk=ada.pk).update(handle="another")
    ada.user.full_name, ada.user.timezone = "Somebody Else", "Asia/Tokyo"
    ada.user.save(update_fields=["full_name", "timezone"])
    statement = Statement.objects.across_brands().get(pk=statement.pk)
    assert digest(bytes(statement.snapshot)) == statement.sha256
    assert {one: digest(kept(statement, one)) for one in ("pdf", "csv")} == before
    content = statement_snapshot(statement)
    anew = {one: digest(rendered(DocumentKind.STATEMENT, content, file_format=one)) for one in before}
    assert anew == before


def test_a_statement_has_the_same_hash_a_year_later(
    ada: Agent, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = paid(ada, program)
    urls = [reverse(f"api-statement-{one}", kwargs={"statement_id": statement.pk}) for one in ("pdf", "csv")]
    before = [digest(signed_in(ada.user).get(url).content) for url in urls]
    later = MONDAY_NOON + timedelta(days=365)
    monkeypatch.setattr(clock, "now", lambda: later)
    pay.make_earning(ada, program, worked_to=later - timedelta(days=2))
    assert [digest(signed_in(ada.user).get(url).content) for url in urls] == before
    known = statement_for(AgentActor(ada.user, ada.pk), statement.pk)
    assert digest(bytes(known.snapshot)) == known.sha256 == statement.sha256
    content = statement_snapshot(known)  # nothing kept: written anew from what was frozen
    assert [digest(rendered(DocumentKind.STATEMENT, content, file_format=one)) for one in ("pdf", "csv")] == before


def test_statement_lines_sum_to_the_transfer_and_balances_are_those_after_it(ada: Agent, program: Program) -> None:
    pay.make_earning(ada, program, minutes=30, worked_to=MONDAY_NOON)
    content = statement_snapshot(paid(ada, program))
    assert sum(line["amount_minor"] for line in content["lines"]) == content["net_minor"] == 1600
    assert (content["gross_minor"], content["withheld_minor"], content["clawed_back_minor"]) == (1600, 0, 0)
    assert content["paid_this_year_minor"] == 1600
    assert content["balances"] == {
        "in_review_minor": 800,
        "ready_minor": 0,
        "on_its_way_minor": 0,
        "to_return_minor": 0,
    }
    assert content["is_sandbox"] is True


def test_what_was_stated_and_rendered_cannot_be_changed(ada: Agent, program: Program) -> None:
    statement = paid(ada, program)
    kept(statement)
    for rows in (Statement.objects.across_brands(), RenderedDocument.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(sha256="0" * 64)


def test_a_paper_is_rendered_once_and_handed_out_as_it_was(ada: Agent, program: Program) -> None:
    statement = paid(ada, program)
    first = actions.keep_statement(statement, file_format="pdf", at=MONDAY_NOON)
    again = actions.keep_statement(statement, file_format="pdf", at=MONDAY_NOON + timedelta(days=365))
    assert (first.pk, bytes(first.content)) == (again.pk, bytes(again.content))
    assert again.rendered_at == MONDAY_NOON


def test_a_download_refuses_bytes_that_do_not_give_their_hash(ada: Agent, program: Program) -> None:
    statement = paid(ada, program)
    kept(statement)
    unguarded("payments_rendereddocument", "content = '\\x00'")
    with pytest.raises(DocumentAltered):
        kept(statement)
    url = reverse("payments:statement-pdf", kwargs={"statement_id": statement.pk})
    assert signed_in(ada.user).get(url).status_code == 409


def test_a_download_refuses_a_snapshot_that_was_touched(ada: Agent, program: Program) -> None:
    statement = paid(ada, program)
    kept(statement)
    forged = json.dumps({**statement_snapshot(statement), "net_minor": 999999}).encode().hex()
    unguarded("payments_statement", f"snapshot = '\\x{forged}'")
    with pytest.raises(DocumentAltered):
        kept(Statement.objects.across_brands().get())


def test_an_agent_takes_the_pdf_and_nobody_else_does(ada: Agent, bo: Agent, program: Program, mallory: Any) -> None:
    statement = paid(ada, program)
    for file_format, kind in (("pdf", "application/pdf"), ("csv", "text/csv")):
        url = reverse(f"payments:statement-{file_format}", kwargs={"statement_id": statement.pk})
        answer = signed_in(ada.user).get(url)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith(kind)
        assert f'filename="{statement.number}.{file_format}"' in answer.headers["Content-Disposition"]
        assert answer.headers["Repr-Digest"].startswith("sha-256=:")
        assert signed_in(bo.user).get(url).status_code == 404
        assert signed_in(mallory.user).get(url).status_code in (302, 404)
        assert Client().get(url).status_code == 302
    assert "SANDBOX, no money moves" in pages_of(kept(statement))[0]


def test_a_statements_page_shows_the_frozen_content_and_offers_both_files(ada: Agent, program: Program) -> None:
    statement = paid(ada, program)
    page = signed_in(ada.user).get(reverse("payments:statement", kwargs={"statement_id": statement.pk}))
    text = page.content.decode()
    for told in ("16.00", statement.sha256, "After this payout", "/pdf/", "/csv/", "SANDBOX, no money moves"):
        assert told in text


def test_the_sweep_renders_new_statements_and_then_nothing(ada: Agent, program: Program) -> None:
    paid(ada, program)
    tasks.keep_statement_papers()
    assert sorted(RenderedDocument.objects.values_list("format", flat=True)) == ["csv", "pdf"]
    before = set(RenderedDocument.objects.values_list("pk", flat=True))
    tasks.keep_statement_papers()
    assert set(RenderedDocument.objects.values_list("pk", flat=True)) == before


def test_a_statement_that_cannot_be_set_keeps_no_later_one_waiting(ada: Agent, bo: Agent, program: Program) -> None:
    first = paid(ada, program)
    pay.make_payable(bo, program)
    pay.make_account(bo)
    execution.execute_run(pay.make_running_run(key="2026-W48").pk)
    second = Statement.objects.across_brands().get(agent=bo)
    empty = f"snapshot = '{{}}', sha256 = '{digest(b'{}')}'"
    unguarded("payments_statement", f"{empty}, issued_at = '2020-01-01' WHERE id = '{first.pk}'")
    tasks.keep_statement_papers()
    assert statements_without_papers() == [first.pk]
    assert {one.subject_id for one in RenderedDocument.objects.all()} == {second.pk}


def test_the_preview_holds_what_is_ready_and_what_becomes_ready(ada: Agent, bo: Agent, program: Program) -> None:
    pay.make_payable(ada, program)
    pay.make_earning(ada, program, minutes=30, worked_to=MONDAY_NOON - timedelta(hours=12))
    pay.make_earning(ada, program, minutes=90, worked_to=MONDAY_NOON + timedelta(days=2))
    pay.make_payable(bo, program, minutes=120)
    (content,) = statement_previews(ada.pk, at=MONDAY_NOON)
    assert content["net_minor"] == 1600 + 800
    assert [line["worked_seconds"] for line in content["lines"]] == [3600, 1800]


def test_the_preview_leaves_out_what_is_held(ada: Agent, program: Program) -> None:
    row = pay.make_earning(ada, program)
    actions.hold_earning(
        earning_id=row.pk,
        reason="review",
        note="Minutes are looked at.",
        until=MONDAY_NOON + timedelta(days=9),
        by=pay.SYSTEM,
        at=MONDAY_NOON,
    )
    assert statement_previews(ada.pk, at=MONDAY_NOON) == []


def test_the_preview_becomes_the_statement_when_nothing_changes(ada: Agent, program: Program) -> None:
    pay.make_payable(ada, program)
    (before,) = statement_previews(ada.pk, at=MONDAY_NOON)
    pay.make_account(ada)
    pay.fund_sandbox()
    execution.execute_run(pay.make_running_run().pk)
    after = statement_snapshot(Statement.objects.across_brands().get())
    for key in ("lines", "gross_minor", "net_minor", "currency"):
        assert before[key] == after[key]


def test_the_preview_takes_back_no_more_than_the_payout_will(ada: Agent, program: Program) -> None:
    line = Earning.objects.across_brands().get(pk=paid(ada, program).item.allocations.get().earning_id)
    actions.record_clawback(
        earning_id=line.pk, minor=1000, fault="Signed in twice.", by=pay.SYSTEM, at=MONDAY_NOON - timedelta(days=8)
    )
    actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON)
    pay.make_payable(ada, program)
    (before,) = statement_previews(ada.pk, at=MONDAY_NOON)
    assert (before["net_minor"], before["clawed_back_minor"]) == (1600 - 320, -320)
    execution.execute_run(pay.make_running_run(key="next").pk)
    after = statement_snapshot(Statement.objects.across_brands().latest("pk"))
    assert (after["net_minor"], after["clawed_back_minor"]) == (before["net_minor"], before["clawed_back_minor"])


def test_the_preview_page_shows_the_sum_or_says_what_to_do(ada: Agent, bo: Agent, program: Program) -> None:
    from gigcx.kernel import clock

    pay.make_payable(ada, program, worked_to=clock.now() - timedelta(days=2), at=clock.now())
    url = reverse("payments:statement-preview")
    assert "16.00" in signed_in(ada.user).get(url).content.decode()
    assert "Nothing to pay out yet" in signed_in(bo.user).get(url).content.decode()


@pytest.mark.parametrize("lines", [1, 3])
def test_a_download_and_the_preview_cost_the_same_for_one_line_and_three(
    ada: Agent, program: Program, lines: int, django_assert_max_num_queries: Any
) -> None:
    from gigcx.kernel import clock

    for _ in range(lines - 1):
        pay.make_payable(ada, program)
    statement = paid(ada, program)
    client = signed_in(ada.user)
    for _ in range(lines):
        pay.make_payable(ada, program, worked_to=clock.now() - timedelta(days=2), at=clock.now())
    client.get(reverse("payments:statement-preview"))
    with django_assert_max_num_queries(10):
        client.get(reverse("payments:statement-preview"))
    with django_assert_max_num_queries(12):
        client.get(reverse("payments:statement-pdf", kwargs={"statement_id": statement.pk}))


def test_the_door_to_a_statement_is_its_agents_own(ada: Agent, bo: Agent, program: Program) -> None:
    from gigcx.kernel.errors import NotFound

    statement = paid(ada, program)
    assert statement_for(AgentActor(ada.user, ada.pk), statement.pk).pk == statement.pk
    with pytest.raises(NotFound):
        statement_for(AgentActor(bo.user, bo.pk), statement.pk)
    assert Earning.objects.across_brands().count() == 1
