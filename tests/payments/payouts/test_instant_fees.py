"""What an instant payout costs is set by ops: for the house, or for agents of one brand."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.audit.models import AuditEntry
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor, OpsActor
from gigcx.tenancy.models import Brand
from gigcx.web.formats import money_text
from payments import actions, ledger
from payments.models import Earning, InstantFee
from payments.queries.instant_fees import instant_fee_for, instant_fee_now
from payments.states import EarningKind, InstantState
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON
from tests.payments.conftest import Clock
from tests.payments.payouts.test_instant import fee_income, quote_of, quoted, ready, sent, taken

pytestmark = pytest.mark.django_db


def put(fee: int, by: OpsActor, brand: Brand | None = None, *, currency: str = "USD", reason: str = "Agreed.") -> Any:
    brand_id = brand.pk if brand else None
    return actions.set_instant_fee(
        brand_id=brand_id, currency=currency, fee_minor=fee, reason=reason, by=by, at=MONDAY_NOON
    )


def test_a_brand_has_its_own_fee_else_the_houses_else_the_default_and_of_several_the_lowest_counts(
    acme: Brand, globex: Brand, olu: OpsActor
) -> None:
    assert instant_fee_for("USD", [acme.pk]) == 299
    put(250, olu)
    put(400, olu, acme)
    put(100, olu, globex, currency="EUR")
    assert [instant_fee_for("USD", asked) for asked in ([acme.pk], [globex.pk], [acme.pk, globex.pk], [])] == [
        400,
        250,
        250,
        250,
    ]
    assert instant_fee_for("EUR", [globex.pk]) == 100


def test_an_offer_costs_what_is_set_and_keeps_it(ada: Agent, program: Program, clock: Clock, olu: OpsActor) -> None:
    put(150, olu, program.brand)
    by = ready(ada, program)
    assert instant_fee_now(ada.pk, "USD") == 150
    quote = quoted(by, clock)
    put(500, olu, program.brand)
    item = actions.request_instant_payout(quote_id=quote.pk, by=by, at=clock())
    assert (quote.fee_minor, item.amount_minor, fee_income()) == (150, 1450, 150)


def test_a_payout_without_a_fee_has_no_fee_line_and_its_failure_gives_nothing_back(
    ada: Agent, program: Program, clock: Clock, olu: OpsActor
) -> None:
    from payments.gateways import instant

    put(0, olu)
    item = taken(ready(ada, program, behaviour="instant_fails"), clock)
    assert item.amount_minor == 1600
    sent(item, clock)
    assert instant.send_on(quote_of(item).pk, clock=clock) == InstantState.FAILED
    kinds = set(Earning.objects.across_brands().values_list("kind", flat=True))
    assert kinds == {EarningKind.TIME}
    assert ledger.verify_books() == []


@pytest.mark.parametrize(("fee", "reason"), [(-1, "Agreed."), (1000, "Agreed."), (299, " ")])
def test_a_fee_below_nothing_or_as_much_as_the_least_payout_is_refused(olu: OpsActor, fee: int, reason: str) -> None:
    with pytest.raises(Invalid):
        put(fee, olu, reason=reason)
    assert not InstantFee.objects.exists()


def test_only_ops_set_a_fee(acme: Brand, acme_owner: BrandActor) -> None:
    with pytest.raises(NotFound):
        put(1, acme_owner, acme)  # type: ignore[arg-type]  # who may not
    assert not InstantFee.objects.exists()


def test_ops_set_a_fee_on_a_page_and_the_history_says_why(acme: Brand, olu: OpsActor, ops_desk: Client) -> None:
    url = reverse("admin:payments_instantfee_add")
    sent_fee = {"brand": str(acme.pk), "currency": "USD", "fee": "1.50", "reason": "A launch."}
    assert ops_desk.post(url, {**sent_fee, "fee": "1.505"}).status_code == 422
    assert ops_desk.post(url, {**sent_fee, "fee": "11"}).status_code == 422  # the refusal stands above the form
    page = ops_desk.post(url, sent_fee, follow=True).content.decode()
    fee = InstantFee.objects.get()
    assert (fee.brand, fee.fee_minor, fee.set_by) == (acme, 150, olu.user)
    assert money_text(Money(150, "USD")) in page
    line = AuditEntry.objects.get(action="payments.set_instant_fee")
    assert (line.reason, line.changes["fee_minor"]) == ("A launch.", [None, 150])
