"""Papers from frozen content: equal bytes, the stamp on every page, and nothing in them that runs."""

import csv
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments import documents
from payments.documents import SANDBOX, Paper, Sheet, csv_bytes, digest, guarded, pdf_bytes
from payments.documents.figures import amount, duration, percent, period
from tests.fakes.pdf_text import pages_of
from tests.payments.documents import contents

Draw = Callable[[dict[str, Any]], Paper]
Tabulate = Callable[[dict[str, Any]], Sheet]
KINDS: list[tuple[Callable[..., dict[str, Any]], Draw, Tabulate]] = [
    (contents.statement, documents.statement_paper, documents.statement_sheet),
    (contents.invoice, documents.invoice_paper, documents.invoice_sheet),
    (contents.credit_note, documents.credit_note_paper, documents.credit_note_sheet),
    (contents.receipt, documents.receipt_paper, documents.receipt_sheet),
]


def rows_of(sheet: Sheet) -> list[list[str]]:
    return list(csv.reader(StringIO(csv_bytes(sheet).decode(), newline="")))


def words_of(paper: Paper) -> str:
    return " ".join(pages_of(pdf_bytes(paper))).replace("\N{NO-BREAK SPACE}", " ")


def test_a_hundred_runs_of_one_statement_have_equal_bytes() -> None:
    paper = documents.statement_paper(contents.statement([contents.line() for _ in range(60)]))
    assert len({digest(pdf_bytes(paper)) for _ in range(100)}) == 1


def test_another_content_has_other_bytes() -> None:
    one, other = (documents.statement_paper(contents.statement(reference=ref)) for ref in ("sbx_1", "sbx_2"))
    assert pdf_bytes(one) != pdf_bytes(other)


@pytest.mark.parametrize(("content", "paper", "sheet"), KINDS)
def test_the_sandbox_stamp_is_on_every_page_and_heads_the_csv(
    content: Callable[..., dict[str, Any]], paper: Draw, sheet: Tabulate
) -> None:
    pages = pages_of(pdf_bytes(paper(content(is_sandbox=True))))
    assert pages
    assert all(SANDBOX in page for page in pages)
    assert rows_of(sheet(content(is_sandbox=True)))[0] == [SANDBOX]


@pytest.mark.parametrize(("content", "paper", "sheet"), KINDS)
def test_real_papers_carry_no_stamp(content: Callable[..., dict[str, Any]], paper: Draw, sheet: Tabulate) -> None:
    assert SANDBOX not in words_of(paper(content(is_sandbox=False)))
    assert SANDBOX not in csv_bytes(sheet(content(is_sandbox=False))).decode()


def test_the_stamp_is_on_each_of_many_pages() -> None:
    pages = pages_of(pdf_bytes(documents.statement_paper(contents.statement([contents.line() for _ in range(60)]))))
    assert len(pages) == 4
    assert [SANDBOX in page for page in pages] == [True] * 4
    assert pages[-1].endswith("Page 4 of 4")


def test_a_statement_says_lines_clawbacks_gross_withheld_net_year_and_balances() -> None:
    content = contents.statement([contents.line(), contents.line(-1200, why="Fault shown: minutes not worked")])
    words = words_of(documents.statement_paper(content))
    for told in (
        "Holiday Chat, Acme",
        "270 min × 16.00 an hour",
        "What was taken off",
        "Fault shown: minutes not worked",
        "Earned75.60 USD",
        "Clawed back−12.00 USD",
        "Withheld0.00 USD",
        "Paid out63.60 USD",
        "12,345.67 USD",
        "3.00 USD still to be netted",
        "sbx_123",
        "ending in 6789",
    ):
        assert told in words


def test_a_statement_tells_times_in_the_agents_zone() -> None:
    words = words_of(documents.statement_paper(contents.statement()))
    assert "2 Nov 2026, 04:00 – 08:30" in words
    assert "America/New_York" in words
    assert "2026-11-02T04:00:00-05:00" in csv_bytes(documents.statement_sheet(contents.statement())).decode()


def test_a_statement_of_the_first_format_is_still_set() -> None:
    content = contents.statement()
    for later in ("balances", "clawed_back_minor", "fees_minor"):
        del content[later]
    assert "Paid out75.60 USD" in words_of(documents.statement_paper({**content, "format": 1}))


def test_the_amounts_of_a_statements_sheet_sum_to_the_transfer() -> None:
    content = contents.statement([contents.line(), contents.line(-1200), contents.line(33)])
    _stamp, headings, *rows = rows_of(documents.statement_sheet(content))
    amounts = [Decimal(row[headings.index("amount")]) for row in rows]
    assert sum(amounts) * 100 == content["net_minor"]


def test_an_invoice_says_parties_lines_taxes_and_total() -> None:
    words = words_of(documents.invoice_paper(contents.invoice()))
    for told in (
        "GX-2026-000042",
        "10115 Berlin",
        "Acme SARL",
        "VAT FR2",
        "PO-7",
        "Ada O.",
        "19 %",
        "26.18 EUR",
        "8 December",
    ):
        assert told in words


def test_a_credit_note_names_its_invoice_and_where_the_money_went() -> None:
    words = words_of(documents.credit_note_paper(contents.credit_note()))
    for told in ("CN-2026-000003", "GX-2026-000042", "Ten minutes corrected", "4.37 EUR of it went to your wallet"):
        assert told in words


def test_a_receipt_says_what_it_settled_and_its_rest() -> None:
    assert "GX-2026-000042" in words_of(documents.receipt_paper(contents.receipt()))
    rows = rows_of(documents.receipt_sheet(contents.receipt()))[1:]
    assert [(row[4], row[5]) for row in rows] == [("GX-2026-000042", "26.18"), ("", "3.82")]


def test_text_that_looks_like_the_typesetters_code_is_text() -> None:
    name = '#panic("x") $x^2$ *b* @ref <label> \\ // ]'
    assert name in words_of(documents.statement_paper(contents.statement([contents.line(program=name)])))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
@pytest.mark.parametrize("field", ["brand", "program", "why"])
def test_a_cell_that_begins_like_a_formula_is_text(sign: str, field: str) -> None:
    told = f"{sign}HYPERLINK(1)"
    _stamp, headings, row = rows_of(
        documents.statement_sheet(contents.statement([contents.line(7560, **{field: told})]))
    )
    assert row[headings.index(field)] == f"'{told}"


def test_a_negative_amount_stays_a_figure() -> None:
    _stamp, headings, row = rows_of(documents.statement_sheet(contents.statement([contents.line(-1200)])))
    assert row[headings.index("amount")] == "-12.00"


@settings(max_examples=200, deadline=None)
@given(st.text(), st.sampled_from(["=", "+", "-", "@", "\t", "\r", ""]))
def test_no_text_cell_ever_begins_like_a_formula(rest: str, first: str) -> None:
    written = guarded(first + rest)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert written.removeprefix("'") == (first + rest).removeprefix("'")


def test_figures_are_written_by_the_currencys_decimals() -> None:
    assert (amount(114000, "USD"), amount(-5, "USD")) == ("1,140.00", "−0.05")
    assert (amount(1140, "JPY"), amount(1140, "KWD")) == ("1,140", "1.140")


def test_durations_periods_and_rates_are_written_plainly() -> None:
    assert [duration(n) for n in (0, 59, 3600, 3660, 16205)] == [
        "0 min",
        "0 min 59 s",
        "1 h 00 min",
        "1 h 01 min",
        "4 h 30 min 5 s",
    ]
    assert [percent(n) for n in (0, 550, 1900)] == [
        "0\N{NO-BREAK SPACE}%",
        "5.5\N{NO-BREAK SPACE}%",
        "19\N{NO-BREAK SPACE}%",
    ]
    night = period("2026-11-02T22:00:00+00:00", "2026-11-03T02:00:00+00:00", "UTC")
    assert night == "2 Nov 2026, 22:00 – 3 Nov 2026, 02:00"
