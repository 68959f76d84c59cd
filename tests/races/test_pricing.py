"""Facts of one claim, one request and one person that are heard at the same moment."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction

from payments import actions, ledger
from payments.actions.funds import consume_holds
from payments.models import BrandHold, Earning, PayoutAccount
from payments.states import EarningState
from scheduling.models import Claim, MinuteAdjustment
from scheduling.states import ClaimState
from tests import cast
from tests.cast import MONDAY_NOON
from tests.factories import funds as money
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.factories import scheduling as sched
from tests.races.presses import PRESSES, at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def price(claim: Claim) -> None:
    actions.accrue_claim(claim_id=claim.pk, source_event_id=None, by=pay.SYSTEM, at=MONDAY_NOON)


def test_minutes_adjusted_while_the_first_version_is_priced_are_paid_once() -> None:
    program = recruit.make_program(cast.make_brand("Acme"))
    recruit.make_rate_card(program)
    ada = recruit.make_agent("Ada Obi")
    shift = sched.make_shift(program, MONDAY_NOON - timedelta(days=2), hours=4)
    claim = sched.make_worked_claim(ada, shift, state=ClaimState.VERIFIED, minutes=60)

    def adjust() -> None:
        try:
            given = {"brand_id": claim.brand_id, "agent_id": ada.pk, "reason": "seen", "created_at": MONDAY_NOON}
            MinuteAdjustment.objects.create(claim=claim, seconds=-900, **given)
            Claim.objects.across_brands().filter(pk=claim.pk).update(version=claim.version + 1)
            price(claim)
        finally:
            connections.close_all()

    other = threading.Thread(target=adjust)
    with transaction.atomic():
        price(claim)
        other.start()
        other.join(0.5)  # it adjusts and prices, or waits for what is not committed yet
    other.join()
    live = Earning.objects.across_brands().exclude(state=EarningState.REVERSED)
    assert [one.amount_minor for one in live] == [1200]
    assert ledger.verify_books() == []


def test_batches_that_take_from_two_holds_in_another_order_do_not_wait_for_each_other() -> None:
    acme = cast.make_brand("Acme")
    program = recruit.make_program(acme)
    holds = [money.set_aside(acme, program, 9_000) for _ in range(2)]
    sources = [[(hold.source_kind, hold.source_id)] for hold in holds]

    def take(number: int) -> Any:
        with transaction.atomic():
            consume_holds([(source, 100) for source in (sources if number % 2 else reversed(sources))])

    assert at_once(take) == [None] * PRESSES
    assert {one.consumed_minor for one in BrandHold.objects.for_brand(acme.pk)} == {100 * PRESSES}


def test_a_first_payout_account_asked_for_twice_at_once_is_one() -> None:
    ada = recruit.make_agent("Ada Obi")
    found = at_once(
        lambda number: (
            actions.open_payout_account(
                agent_id=ada.pk,
                rail=("sandbox", "manual_bank_file")[number % 2],
                country="US",
                by=pay.SYSTEM,
                at=MONDAY_NOON,
            ).pk
        )
    )
    assert set(found) == set(PayoutAccount.objects.across_brands().values_list("pk", flat=True))
    assert len(set(found)) == 1
