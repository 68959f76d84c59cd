"""A receipt: what a brand paid, when, how, and which invoices it settled."""

from typing import Any

from payments.documents.billing import party_of
from payments.documents.figures import amount, day, major, money, stamp_of, words
from payments.documents.papers import Fact, Paper, Section, Sheet, Sum

_HEADINGS = ("receipt", "received_on", "method", "reference", "invoice", "amount", "currency")


def receipt_paper(content: dict[str, Any]) -> Paper:
    """This function will lay a receipt out on paper."""
    currency = content["currency"]
    rows = tuple((one["invoice"], amount(one["amount_minor"], currency)) for one in content["paid"])
    return Paper(
        title="Receipt",
        number=content["number"],
        stamp=stamp_of(content),
        lead=f"{money(content['amount_minor'], currency)} received {day(content['received_at'])}, with thanks",
        parties=(party_of("Received by", content["seller"]), party_of("Received from", content["buyer"])),
        facts=(
            Fact("Receipt", content["number"]),
            Fact("Received", day(content["received_at"])),
            Fact("Method", words(content["method"])),
            Fact("Reference", content["reference"]),
        ),
        sections=(Section("What it pays", ("Invoice", "Amount"), rows, figures=(1,), empty="It went to your wallet."),),
        sums=_sums(content),
    )


def _sums(content: dict[str, Any]) -> tuple[Sum, ...]:
    currency, rest = content["currency"], content["to_wallet_minor"]
    return (
        *((Sum("Kept in your wallet", money(rest, currency)),) if rest else ()),
        Sum("Received", money(content["amount_minor"], currency), is_total=True),
    )


def receipt_sheet(content: dict[str, Any]) -> Sheet:
    """This function will return what the receipt settled, one invoice a row; what went to the wallet has none."""
    currency, rest = content["currency"], content["to_wallet_minor"]
    parts = [(one["invoice"], one["amount_minor"]) for one in content["paid"]] + ([("", rest)] if rest else [])
    facts = (content["number"], content["received_at"][:10], content["method"], content["reference"])
    return Sheet(
        _HEADINGS, [(*facts, number, major(minor, currency), currency) for number, minor in parts], stamp_of(content)
    )
