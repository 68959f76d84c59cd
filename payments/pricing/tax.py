"""Which tax an invoice carries, why, and how much of it each line bears.

The rules are those of a service sold between businesses (Directive 2006/112/EC, articles 44, 45, 196 and 226; sales tax of
a state where the seller is registered). Rates are dated and come from the seller's registrations: none is known here.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Final

from gigcx.kernel.money import allocate, round_minor

NONE: Final = "none"
DOMESTIC: Final = "domestic"
REVERSE_CHARGE: Final = "reverse_charge"
DESTINATION: Final = "destination"
EXPORT: Final = "export"
# Member states of the European Union by ISO 3166 code; VAT numbers of Greece begin with EL.
MEMBER_STATES: Final = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    }
)
_ONE: Final = 10_000
_SENTENCES: Final = {
    NONE: "No tax: the seller is not registered for tax where it would be due.",
    DOMESTIC: "Tax at the rate of {place}.",
    REVERSE_CHARGE: "Reverse charge: the customer accounts for the VAT (Article 196, Directive 2006/112/EC).",
    DESTINATION: "Tax at the rate of {place}, where the customer is.",
    EXPORT: "Not subject to {place} tax: the service is supplied where the customer is.",
}


@dataclass(frozen=True, slots=True)
class TaxRate:
    """One dated rate of a place where the seller is registered ("IE", "US-NY"); `since` is inclusive."""

    jurisdiction: str
    rate_bp: int
    since: date


@dataclass(frozen=True, slots=True)
class Seller:
    """Who invoices, and where it is registered for tax."""

    country: str
    rates: tuple[TaxRate, ...] = ()

    def rate_in(self, jurisdiction: str, on: date) -> TaxRate | None:
        """This function will return the rate in force there on a day, or None without a registration."""
        known = [one for one in self.rates if one.jurisdiction == jurisdiction and one.since <= on]
        return max(known, key=lambda one: one.since, default=None)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whom the invoice is made out to. `region` is a state where sales tax is a state's."""

    country: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class TaxFinding:
    """A decided tax: the rule, whose rate, the rate in basis points, the sentence to print and what it rests on."""

    rule: str
    jurisdiction: str
    rate_bp: int
    sentence: str
    evidence: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def key(self) -> tuple[str, str, int]:
        """What one group of an invoice shares."""
        return (self.rule, self.jurisdiction, self.rate_bp)


def decide_tax(seller: Seller, buyer: Buyer, *, on: date, evidence: Mapping[str, Any]) -> TaxFinding:
    """This function will decide the tax of a supply completed on a day.

    `evidence` is the check of the buyer's VAT number: `vat_id`, `country` and `checked_at`. Only a checked number of the
    buyer's own country moves the tax to the buyer.
    """
    rests_on = {"seller_country": seller.country, "buyer_country": buyer.country, "on": on.isoformat(), **evidence}
    for place in _places(buyer):
        rate = seller.rate_in(place, on)
        is_home = buyer.country == seller.country
        if rate is not None and (is_home or not _is_reverse_charged(seller, buyer, evidence)):
            return _found(DOMESTIC if place == seller.country else DESTINATION, place, rate.rate_bp, rests_on)
    return _without_rate_there(seller, buyer, on, evidence, rests_on)


def _places(buyer: Buyer) -> list[str]:
    """The state first: where both are registered, the narrower place decides."""
    return [f"{buyer.country}-{buyer.region}", buyer.country] if buyer.region else [buyer.country]


def _without_rate_there(
    seller: Seller, buyer: Buyer, on: date, evidence: Mapping[str, Any], rests_on: dict[str, Any]
) -> TaxFinding:
    home = seller.rate_in(seller.country, on)
    if home is None or buyer.country == seller.country:
        return _found(NONE, seller.country, 0, rests_on)
    if _is_reverse_charged(seller, buyer, evidence):
        return _found(REVERSE_CHARGE, buyer.country, 0, rests_on)
    if _are_both_in_the_union(seller, buyer):
        return _found(DOMESTIC, seller.country, home.rate_bp, rests_on)
    return _found(EXPORT, seller.country, 0, rests_on)


def _is_reverse_charged(seller: Seller, buyer: Buyer, evidence: Mapping[str, Any]) -> bool:
    is_checked = bool(evidence.get("checked_at")) and evidence.get("country") == buyer.country
    return is_checked and _are_both_in_the_union(seller, buyer) and seller.country != buyer.country


def _are_both_in_the_union(seller: Seller, buyer: Buyer) -> bool:
    return seller.country in MEMBER_STATES and buyer.country in MEMBER_STATES


def _found(rule: str, place: str, rate_bp: int, evidence: dict[str, Any]) -> TaxFinding:
    return TaxFinding(rule, place, rate_bp, _SENTENCES[rule].format(place=place), evidence)


def tax_of(base_minor: int, rate_bp: int) -> int:
    """This function will return the tax on a base in minor units, rounded once, halves to the even neighbour."""
    return round_minor(Fraction(base_minor * rate_bp, _ONE))


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """All lines of an invoice that share one decision. `shares` gives each line's tax by its place in the invoice."""

    finding: TaxFinding
    base_minor: int
    tax_minor: int
    shares: dict[int, int]


def tax_groups(nets: Sequence[int], findings: Sequence[TaxFinding]) -> list[TaxGroup]:
    """This function will round the tax once per rule, place and rate and share it over the lines by their net.

    Nets are positive. The tax of a group is always the sum of its lines' shares.
    """
    members: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for place, finding in enumerate(findings):
        members[finding.key].append(place)
    return [_group([nets[place] for place in places], places, findings[places[0]]) for places in members.values()]


def _group(nets: Sequence[int], places: Sequence[int], finding: TaxFinding) -> TaxGroup:
    base = sum(nets)
    tax = tax_of(base, finding.rate_bp)
    return TaxGroup(finding, base, tax, dict(zip(places, allocate(tax, nets), strict=True)))


def credited_tax(line_net: int, line_tax: int, *, credited_before: int, credited_now: int) -> int:
    """This function will return the tax that goes back with a part of a line's net.

    Counted from the line's beginning, so that a line credited in parts gives back exactly its tax in the end.
    """
    before = round_minor(Fraction(line_tax * credited_before, line_net))
    return round_minor(Fraction(line_tax * (credited_before + credited_now), line_net)) - before
