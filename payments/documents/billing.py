"""What brands get: invoices and credit notes, from the content frozen when they were issued."""

from typing import Any

from payments.documents.figures import amount, day, duration, local, major, money, percent, period, stamp_of, words
from payments.documents.papers import Fact, Paper, Party, Section, Sheet, Sum

_INVOICE_HEADINGS = (
    "invoice",
    "position",
    "worked_from",
    "worked_to",
    "program",
    "agent",
    "kind",
    "description",
    "hours",
    "net",
    "tax",
    "currency",
)
_NOTE_HEADINGS = ("credit_note", "invoice", "position", "description", "net", "tax", "currency")


def party_of(role: str, party: dict[str, Any]) -> Party:
    """This function will return somebody's name, address and numbers as lines."""
    name = party.get("legal_name") or party.get("name") or ""
    address = str(party.get("address") or "").splitlines()
    where = " ".join(str(party[key]) for key in ("region", "country") if party.get(key))
    vat = f"VAT {party['vat_id']}" if party.get("vat_id") else ""
    return Party(role, tuple(line for line in (name, *address, where, vat, str(party.get("email") or "")) if line))


def invoice_paper(content: dict[str, Any]) -> Paper:
    """This function will lay an issued invoice out on paper."""
    return Paper(
        title="Invoice",
        number=content["number"],
        stamp=stamp_of(content),
        lead=f"{money(content['gross_minor'], content['currency'])}, due {day(content['due_on'])}",
        parties=(party_of("From", content["seller"]), party_of("To", content["buyer"])),
        facts=_facts(content),
        sections=(_lines(content), _taxes(content)),
        sums=_sums(content),
        notes=_notes(content),
    )


def _facts(content: dict[str, Any]) -> tuple[Fact, ...]:
    order = content.get("purchase_order", "")
    return (
        Fact("Invoice", content["number"]),
        Fact("Issued", day(content["issued_on"])),
        Fact("Work of", f"{day(content['period_from'])} – {day(content['period_to'])}"),
        Fact("Due", day(content["due_on"])),
        *((Fact("Purchase order", order),) if order else ()),
    )


def _lines(content: dict[str, Any]) -> Section:
    rows = tuple(_row(line, content) for line in content["lines"])
    return Section("Work", ("Line", "Net"), rows, figures=(1,), empty="No lines.")


def _row(line: dict[str, Any], content: dict[str, Any]) -> tuple[str, str]:
    zone = content.get("timezone", "UTC")
    when = period(line["worked_from"], line["worked_to"], zone)
    length = f", {duration(line['seconds'])}" if line.get("seconds") else ""
    told = (
        f"{line['position']}. {line['program']}, {line['agent']}",
        f"{words(line['kind'])}{length} · {when}",
        line["description"],
    )
    return "\n".join(part for part in told if part), amount(line["net_minor"], content["currency"])


def _taxes(content: dict[str, Any]) -> Section:
    currency = content["currency"]
    rows = tuple(
        (
            "\n".join(
                part for part in (f"{words(tax['rule'])} {tax['jurisdiction']}", tax.get("sentence", "")) if part
            ),
            percent(tax["rate_bp"]),
            amount(tax["base_minor"], currency),
            amount(tax["tax_minor"], currency),
        )
        for tax in content["taxes"]
    )
    return Section("Tax", ("Rule", "Rate", "Base", "Tax"), rows, figures=(1, 2, 3), empty="No tax.")


def _sums(content: dict[str, Any]) -> tuple[Sum, ...]:
    currency = content["currency"]
    return (
        Sum("Net", money(content["net_minor"], currency)),
        Sum("Tax", money(content["tax_minor"], currency)),
        Sum("Total", money(content["gross_minor"], currency), is_total=True),
    )


def _notes(content: dict[str, Any]) -> tuple[str, ...]:
    zone = content.get("timezone", "UTC")
    bank = content["seller"].get("bank", "")
    return (
        *((f"By bank transfer to {bank}, with the invoice's number.",) if bank else ()),
        f"Times in {zone}. This invoice never changes; what is corrected later comes as a credit note.",
    )


def invoice_sheet(content: dict[str, Any]) -> Sheet:
    """This function will return the invoice's lines, one a row; net and tax sum to the invoice's."""
    zone, currency = content.get("timezone", "UTC"), content["currency"]

    def row(line: dict[str, Any]) -> tuple[Any, ...]:
        return (
            content["number"],
            line["position"],
            local(line["worked_from"], zone).isoformat(),
            local(line["worked_to"], zone).isoformat(),
            line["program"],
            line["agent"],
            line["kind"],
            line["description"],
            duration(line["seconds"]) if line.get("seconds") else "",
            major(line["net_minor"], currency),
            major(line["tax_minor"], currency),
            currency,
        )

    return Sheet(_INVOICE_HEADINGS, [row(line) for line in content["lines"]], stamp_of(content))


def credit_note_paper(content: dict[str, Any]) -> Paper:
    """This function will lay a credit note out on paper, with the invoice that it corrects."""
    currency, to_wallet = content["currency"], content.get("to_wallet_minor", 0)
    rows = tuple(
        (line["description"], amount(line["net_minor"], currency), amount(line["tax_minor"], currency))
        for line in content["lines"]
    )
    back = f"{money(to_wallet, currency)} of it went to your wallet." if to_wallet else "It lowers what is still due."
    return Paper(
        title="Credit note",
        number=content["number"],
        stamp=stamp_of(content),
        lead=f"{money(content['gross_minor'], currency)} taken off invoice {content['invoice']}",
        parties=(party_of("From", content["seller"]), party_of("To", content["buyer"])),
        facts=(
            Fact("Credit note", content["number"]),
            Fact("Issued", day(content["issued_on"])),
            Fact("Invoice", content["invoice"]),
            Fact("Reason", content["reason"]),
        ),
        sections=(Section("What is taken off", ("Line", "Net", "Tax"), rows, figures=(1, 2), empty="No lines."),),
        sums=_sums(content),
        notes=(back,),
    )


def credit_note_sheet(content: dict[str, Any]) -> Sheet:
    """This function will return the credit note's lines, one a row."""
    currency = content["currency"]
    rows = [
        (
            content["number"],
            content["invoice"],
            line.get("position", place),
            line["description"],
            major(line["net_minor"], currency),
            major(line["tax_minor"], currency),
            currency,
        )
        for place, line in enumerate(content["lines"], start=1)
    ]
    return Sheet(_NOTE_HEADINGS, rows, stamp_of(content))
