"""Which tax an invoice carries, and that its parts always sum."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.pricing import tax
from payments.pricing.tax import Buyer, Seller, TaxRate, credited_tax, decide_tax, tax_groups, tax_of
from payments.pricing.vat import vat_number
from payments.states import TaxRule

DUBLIN = Seller("IE", (TaxRate("IE", 2300, date(2021, 3, 1)), TaxRate("IE", 2100, date(2020, 9, 1))))
SHOP = Seller("US", (TaxRate("US-NY", 888, date(2024, 1, 1)),))
ON = date(2026, 11, 15)


def checked(country: str) -> dict[str, str]:
    return {"vat_id": f"{country}123", "country": country, "checked_at": "2026-11-01T00:00:00+00:00"}


@pytest.mark.parametrize(
    ("seller", "buyer", "evidence", "expected"),
    [
        (DUBLIN, Buyer("IE"), {}, ("domestic", "IE", 2300)),
        (DUBLIN, Buyer("IE"), checked("IE"), ("domestic", "IE", 2300)),
        (DUBLIN, Buyer("DE"), checked("DE"), ("reverse_charge", "DE", 0)),
        (DUBLIN, Buyer("DE"), {}, ("domestic", "IE", 2300)),
        (DUBLIN, Buyer("DE"), {"vat_id": "DE123", "country": "DE"}, ("domestic", "IE", 2300)),
        (DUBLIN, Buyer("DE"), checked("FR"), ("domestic", "IE", 2300)),
        (DUBLIN, Buyer("US", "NY"), {}, ("export", "IE", 0)),
        (DUBLIN, Buyer("GB"), checked("GB"), ("export", "IE", 0)),
        (SHOP, Buyer("US", "NY"), {}, ("destination", "US-NY", 888)),
        (SHOP, Buyer("US", "TX"), {}, ("none", "US", 0)),
        (SHOP, Buyer("DE"), checked("DE"), ("none", "US", 0)),
        (Seller("IE"), Buyer("DE"), checked("DE"), ("none", "IE", 0)),
    ],
)
def test_the_tax_follows_where_both_are_and_what_was_checked(
    seller: Seller, buyer: Buyer, evidence: dict[str, str], expected: tuple[str, str, int]
) -> None:
    assert decide_tax(seller, buyer, on=ON, evidence=evidence).key == expected


def test_a_seller_registered_in_the_buyers_country_charges_its_rate_unless_the_buyer_accounts_for_it() -> None:
    seller = Seller("IE", (*DUBLIN.rates, TaxRate("DE", 1900, date(2021, 1, 1))))
    assert decide_tax(seller, Buyer("DE"), on=ON, evidence={}).key == ("destination", "DE", 1900)
    assert decide_tax(seller, Buyer("DE"), on=ON, evidence=checked("DE")).key == ("reverse_charge", "DE", 0)


def test_the_rate_is_that_of_the_day_of_supply() -> None:
    before = decide_tax(DUBLIN, Buyer("IE"), on=date(2021, 2, 28), evidence={})
    assert before.rate_bp == 2100
    assert decide_tax(DUBLIN, Buyer("IE"), on=date(2020, 8, 31), evidence={}).rule == "none"


def test_a_decision_keeps_what_it_rests_on_and_says_why() -> None:
    found = decide_tax(DUBLIN, Buyer("DE"), on=ON, evidence=checked("DE"))
    assert found.evidence["vat_id"] == "DE123"
    assert found.evidence["on"] == "2026-11-15"
    assert "Article 196" in found.sentence


def test_the_rules_have_the_names_of_the_table() -> None:
    assert {tax.NONE, tax.DOMESTIC, tax.REVERSE_CHARGE, tax.DESTINATION, tax.EXPORT} == set(TaxRule.values)


@given(
    st.lists(
        st.tuples(st.integers(1, 10**9), st.sampled_from([DUBLIN, SHOP]), st.sampled_from(["IE", "DE", "US"])),
        min_size=1,
        max_size=60,
    )
)
def test_tax_per_rate_equals_the_sum_over_lines(rows: list[tuple[int, Seller, str]]) -> None:
    nets = [net for net, _seller, _country in rows]
    findings = [decide_tax(seller, Buyer(country, "NY"), on=ON, evidence={}) for _net, seller, country in rows]
    groups = tax_groups(nets, findings)
    assert sum(group.base_minor for group in groups) == sum(nets)
    assert sorted(place for group in groups for place in group.shares) == list(range(len(rows)))
    for group in groups:
        assert group.tax_minor == tax_of(group.base_minor, group.finding.rate_bp)
        assert sum(group.shares.values()) == group.tax_minor
        assert all(share >= 0 for share in group.shares.values())


@given(st.integers(1, 10**8), st.integers(0, 10**7), st.lists(st.integers(1, 10**6), min_size=1, max_size=20))
def test_a_line_credited_in_parts_gives_back_exactly_its_tax(net: int, line_tax: int, parts: list[int]) -> None:
    before, back = 0, 0
    for part in [*parts, net]:
        now = min(part, net - before)
        if not now:
            break
        back += credited_tax(net, line_tax, credited_before=before, credited_now=now)
        before += now
    assert before == net
    assert back == line_tax


@pytest.mark.parametrize(
    ("country", "typed", "written"),
    [
        ("DE", "de 123456788", "DE123456788"),
        ("DE", "123456788", "DE123456788"),
        ("DE", "123456789", None),
        ("GR", "094259216", "EL094259216"),
        ("IE", "IE6433435F", "IE6433435F"),
        ("DE", "IE6433435F", None),
        ("US", "12-3456789", None),
        ("DE", "", None),
    ],
)
def test_a_vat_number_is_checked_by_its_digits(country: str, typed: str, written: str | None) -> None:
    assert vat_number(country, typed) == written
