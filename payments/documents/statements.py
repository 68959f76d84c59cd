"""An agent's statement: what a payout paid and why, from its frozen snapshot alone."""

from typing import Any

from payments.documents.figures import amount, duration, local, major, moment, money, period, stamp_of, words
from payments.documents.papers import Fact, Paper, Party, Section, Sheet, Sum

_HEADINGS = (
    "statement",
    "paid_at",
    "worked_from",
    "worked_to",
    "brand",
    "program",
    "kind",
    "cause",
    "why",
    "amount",
    "currency",
)


def statement_paper(content: dict[str, Any]) -> Paper:
    """This function will lay a statement's snapshot out on paper, moments in the agent's zone."""
    agent = content["agent"]
    return Paper(
        title="Payout statement",
        number=content["number"],
        stamp=stamp_of(content),
        lead=f"{money(content['net_minor'], content['currency'])} for {agent['name']}",
        parties=(
            Party("Paid to", tuple(part for part in (agent["name"], agent["handle"], agent["country"]) if part)),
            Party("Paid by", ("GigCX Marketplace",)),
        ),
        facts=_facts(content),
        sections=_sections(content),
        sums=_sums(content),
        notes=_notes(content),
    )


def _facts(content: dict[str, Any]) -> tuple[Fact, ...]:
    zone, last4 = content["timezone"], content["account_last4"]
    return (
        Fact("Statement", content["number"]),
        Fact("Transferred", moment(content["issued_at"], zone)),
        Fact("Reference", content["reference"]),
        Fact("Times in", zone),
        Fact("Rail", words(content["rail"])),
        Fact("Account", f"ending in {last4}" if last4 else "as agreed"),
    )


def _sections(content: dict[str, Any]) -> tuple[Section, ...]:
    earned = [line for line in content["lines"] if line["amount_minor"] >= 0]
    taken = [line for line in content["lines"] if line["amount_minor"] < 0]
    found = [_lines("What it pays", earned, content)]
    if taken:
        found.append(_lines("What was taken off", taken, content))
    return tuple(found)


def _lines(title: str, lines: list[dict[str, Any]], content: dict[str, Any]) -> Section:
    rows = tuple(_row(line, content) for line in lines)
    return Section(title, ("Work", "Amount"), rows, figures=(1,), empty="Nothing.")


def _row(line: dict[str, Any], content: dict[str, Any]) -> tuple[str, str]:
    when = period(line["worked_from"], line["worked_to"], content["timezone"])
    length = f", {duration(line['worked_seconds'])}" if line["worked_seconds"] else ""
    told = (
        f"{line['program']}, {line['brand']}",
        f"{words(line['kind'])}{length} · {when}",
        line["why"],
    )
    return "\n".join(part for part in told if part), amount(line["amount_minor"], content["currency"])


def _sums(content: dict[str, Any]) -> tuple[Sum, ...]:
    currency = content["currency"]
    taken = (("clawed_back_minor", "Clawed back"), ("fees_minor", "Fees you chose"))
    shown = [Sum(name, money(content[key], currency)) for key, name in taken if content.get(key)]
    return (
        Sum("Earned", money(content["gross_minor"], currency)),
        *shown,
        Sum("Withheld", money(-content["withheld_minor"], currency)),
        Sum("Paid out", money(content["net_minor"], currency), is_total=True),
    )


def _notes(content: dict[str, Any]) -> tuple[str, ...]:
    currency, balances = content["currency"], content.get("balances", {})
    year, so_far = content["issued_at"][:4], money(content["paid_this_year_minor"], currency)
    told = [f"Paid out in {year} so far: {so_far}, by the day of transfer."]
    names = (
        ("in_review_minor", "in review"),
        ("ready_minor", "ready for the next payout"),
        ("on_its_way_minor", "on its way"),
        ("to_return_minor", "still to be netted"),
    )
    parts = [f"{money(balances[key], currency)} {name}" for key, name in names if key in balances]
    if parts:
        told.append(f"After this payout: {', '.join(parts)}.")
    told.append("Every amount is before your own taxes and costs. This statement never changes.")
    return tuple(told)


def statement_sheet(content: dict[str, Any]) -> Sheet:
    """This function will return the statement's lines, one a row; their amounts sum to the transfer."""
    zone = content["timezone"]

    def row(line: dict[str, Any]) -> tuple[Any, ...]:
        return (
            content["number"],
            local(content["issued_at"], zone).isoformat(),
            local(line["worked_from"], zone).isoformat(),
            local(line["worked_to"], zone).isoformat(),
            line["brand"],
            line["program"],
            line["kind"],
            line["cause"],
            line["why"],
            major(line["amount_minor"], content["currency"]),
            content["currency"],
        )

    return Sheet(_HEADINGS, [row(line) for line in content["lines"]], stamp_of(content))
