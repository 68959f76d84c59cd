"""Frozen contents as papers are made from."""

from typing import Any


def line(minor: int = 7560, **fields: Any) -> dict[str, Any]:
    given = {
        "earning": "0190d3f2-0000-7000-8000-000000000001",
        "kind": "time" if minor > 0 else "clawback",
        "cause": "work",
        "brand": "Acme",
        "program": "Holiday Chat",
        "worked_from": "2026-11-02T09:00:00+00:00",
        "worked_to": "2026-11-02T13:30:00+00:00",
        "worked_seconds": 16200,
        "amount_minor": minor,
        "why": "270 min × 16.00 an hour × 1.05 for tier = 75.60 USD",
    }
    return {**given, **fields}


def statement(lines: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    lines = [line()] if lines is None else lines
    total = sum(one["amount_minor"] for one in lines)
    taken = sum(one["amount_minor"] for one in lines if one["amount_minor"] < 0)
    given = {
        "format": 2,
        "number": "PS-2026-ABCDEF",
        "issued_at": "2026-11-24T12:00:11+00:00",
        "agent": {"name": "Ada Obi", "handle": "ada", "country": "US"},
        "timezone": "America/New_York",
        "currency": "USD",
        "rail": "sandbox",
        "is_sandbox": True,
        "reference": "sbx_123",
        "account_last4": "6789",
        "lines": lines,
        "gross_minor": total - taken,
        "clawed_back_minor": taken,
        "fees_minor": 0,
        "withheld_minor": 0,
        "net_minor": total,
        "paid_this_year_minor": 1234567,
        "balances": {"in_review_minor": 100, "ready_minor": 0, "on_its_way_minor": 0, "to_return_minor": 300},
    }
    return {**given, **fields}


def invoice(**fields: Any) -> dict[str, Any]:
    given = {
        "number": "GX-2026-000042",
        "currency": "EUR",
        "is_sandbox": False,
        "timezone": "Europe/Berlin",
        "period_from": "2026-11-16",
        "period_to": "2026-11-22",
        "issued_on": "2026-11-24",
        "due_on": "2026-12-08",
        "purchase_order": "PO-7",
        "seller": {
            "name": "GigCX Marketplace GmbH",
            "address": "Weg 1\n10115 Berlin",
            "country": "DE",
            "vat_id": "DE1",
        },
        "buyer": {"legal_name": "Acme SARL", "address": "Rue 2", "country": "FR", "vat_id": "FR2"},
        "lines": [
            {
                "position": 1,
                "kind": "time",
                "description": "60 min × 22.00 an hour = 22.00 EUR",
                "program": "Holiday Chat",
                "agent": "Ada O.",
                "worked_from": "2026-11-16T09:00:00+00:00",
                "worked_to": "2026-11-16T10:00:00+00:00",
                "seconds": 3600,
                "net_minor": 2200,
                "tax_minor": 418,
            }
        ],
        "taxes": [
            {
                "rule": "standard",
                "jurisdiction": "DE",
                "rate_bp": 1900,
                "base_minor": 2200,
                "tax_minor": 418,
                "sentence": "German VAT.",
            }
        ],
        "net_minor": 2200,
        "tax_minor": 418,
        "gross_minor": 2618,
    }
    return {**given, **fields}


def credit_note(**fields: Any) -> dict[str, Any]:
    given = {
        "number": "CN-2026-000003",
        "invoice": "GX-2026-000042",
        "currency": "EUR",
        "is_sandbox": True,
        "issued_on": "2026-11-30",
        "reason": "Ten minutes corrected",
        "seller": invoice()["seller"],
        "buyer": invoice()["buyer"],
        "lines": [{"position": 1, "description": "Ten minutes", "net_minor": 367, "tax_minor": 70}],
        "net_minor": 367,
        "tax_minor": 70,
        "gross_minor": 437,
        "to_wallet_minor": 437,
    }
    return {**given, **fields}


def receipt(**fields: Any) -> dict[str, Any]:
    given = {
        "number": "RC-1",
        "currency": "EUR",
        "is_sandbox": False,
        "amount_minor": 3000,
        "received_at": "2026-12-01T08:00:00+00:00",
        "method": "bank_transfer",
        "reference": "SEPA 99",
        "seller": invoice()["seller"],
        "buyer": invoice()["buyer"],
        "paid": [{"invoice": "GX-2026-000042", "amount_minor": 2618}],
        "to_wallet_minor": 382,
    }
    return {**given, **fields}
