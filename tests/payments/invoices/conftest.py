"""After every test here the books still balance, and what brands owe is what their invoices ask for."""

from collections.abc import Iterator

import pytest
from django.db.models import F, Sum

from payments import ledger
from payments.ledger import balance_of, brand_account
from payments.models import Invoice
from payments.states import OWING_INVOICES


def receivable_equals_open_invoices() -> None:
    open_minor = F("gross_minor") - F("paid_minor") - F("credited_minor")
    rows = Invoice.objects.across_brands().exclude(state__in=["draft", "discarded"])
    for brand_id, currency in set(rows.values_list("brand_id", "currency")):
        owing = rows.filter(brand_id=brand_id, currency=currency, state__in=OWING_INVOICES)
        asked = owing.aggregate(total=Sum(open_minor))["total"] or 0
        assert balance_of(brand_account(brand_id, "receivable", currency)) == asked


@pytest.fixture(autouse=True)
def _books_balance(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if request.node.get_closest_marker("django_db"):
        assert ledger.verify_books() == []
        assert ledger.trial_balance().is_zero
        receivable_equals_open_invoices()
