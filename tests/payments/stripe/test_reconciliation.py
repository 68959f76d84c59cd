"""Our books against Stripe's side, both ways: what fits is settled, what does not is kept until somebody looked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gigcx.kernel.errors import Invalid, MoveRefused
from gigcx.tenancy.actors import OpsActor
from payments import actions
from payments.errors import DifferencesOpen
from payments.gateways import execution
from payments.gateways.reconciling import reconcile_rail
from payments.ledger import balance_of, platform_account
from payments.models import Difference, Earning, PayoutAttempt, PayoutItem, PayoutRun, RailSwitch
from payments.queries.reconciliation import is_reconciled
from payments.states import DifferenceKind, DifferenceState, EarningState, ItemState, RailState, ReconciliationScope
from recruiting.models import Agent, Program
from tests import cast
from tests.factories import payments as pay
from tests.fakes.stripe_server import FakeStripe
from tests.payments.conftest import Clock
from tests.payments.stripe.conftest import compare, fund, stripe_account

pytestmark = pytest.mark.django_db
MakeRun = Callable[..., PayoutRun]
FULL = ReconciliationScope.FULL


def kinds() -> list[str]:
    return list(Difference.objects.filter(state="open").order_by("kind").values_list("kind", flat=True))


def test_a_clean_day_finds_nothing_and_says_what_it_compared(
    ada: Agent, bo: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada, bo)
    execution.execute_run(run.pk, clock=clock)
    clock.wait(minutes=1)
    done = reconcile_rail("stripe_connect", clock=clock)
    assert (done.ours_count, done.theirs_count, done.difference_count, done.error) == (2, 2, 0, "")
    assert done.figures["USD"]["ours"] == done.figures["USD"]["theirs"] == {"available": 996_800, "pending": 0}
    assert done.figures["payout_schedule"] == "manual"


def test_a_transfer_made_by_hand_is_unmatched(ada: Agent, stripe_side: FakeStripe, clock: Clock) -> None:
    account = stripe_account(ada, stripe_side)
    fund(stripe_side, 10_000)
    stripe_side.by_hand(amount=700, destination=account.remote_ref)
    for _hour in range(3):
        reconcile_rail("stripe_connect", clock=clock)
        clock.wait(hours=1)
    assert kinds() == [DifferenceKind.BALANCE, DifferenceKind.MISSING_HERE]
    unmatched = Difference.objects.get(kind=DifferenceKind.MISSING_HERE)
    assert (unmatched.remote_ref, unmatched.theirs_minor, unmatched.ours_minor) == ("tr_1", 700, None)
    assert not RailSwitch.objects.filter(state=RailState.FROZEN).exists()


def test_one_reversed_by_hand_returns_to_payable(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    execution.execute_run(run.pk, clock=clock)
    stripe_side.reverse("tr_1")
    clock.wait(hours=1)
    done = reconcile_rail("stripe_connect", clock=clock)
    assert (done.settled_count, done.difference_count) == (1, 0)
    assert pay.item_of(run).state == ItemState.CAME_BACK
    assert Earning.objects.across_brands().get().state == EarningState.PAYABLE
    compare(stripe_side)


def test_a_part_reversed_by_hand_is_a_difference(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    execution.execute_run(run.pk, clock=clock)
    stripe_side.reverse("tr_1", amount=600)
    clock.wait(hours=1)
    reconcile_rail("stripe_connect", clock=clock)
    found = Difference.objects.get(kind=DifferenceKind.REVERSED_THERE)
    assert (found.ours_minor, found.theirs_minor, found.item_id) == (1600, 1000, pay.item_of(run).pk)


def test_what_left_and_was_never_heard_of_is_settled_by_its_group(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    stripe_side.faults = ["lost"]
    execution.execute_run(run.pk, clock=clock)
    assert reconcile_rail("stripe_connect", clock=clock).settled_count == 1
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert PayoutAttempt.objects.across_brands().get().state == "done"
    compare(stripe_side)


def test_a_payment_that_our_books_have_and_the_other_side_has_not_is_a_difference(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    execution.execute_run(run.pk, clock=clock)
    stripe_side.transfers.clear()
    clock.wait(hours=1)
    reconcile_rail("stripe_connect", clock=clock)
    assert DifferenceKind.MISSING_THERE in kinds()


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"amount": 1500}, DifferenceKind.AMOUNT),
        ({"destination": "acct_of_somebody"}, DifferenceKind.DESTINATION),
        ({"currency": "eur"}, DifferenceKind.CURRENCY),
    ],
)
def test_a_payment_that_is_not_what_was_ordered_freezes_the_rail(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock, change: dict[str, Any], kind: str
) -> None:
    run = stripe_run(ada)
    execution.execute_run(run.pk, clock=clock)
    stripe_side.transfers[0].update(change)
    clock.wait(hours=1)
    reconcile_rail("stripe_connect", clock=clock)
    assert kind in kinds()
    assert RailSwitch.objects.get(rail="stripe_connect").state == RailState.FROZEN


def test_a_payout_paid_twice_freezes_the_rail_until_people_agree_and_it_was_compared(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock, olu: OpsActor
) -> None:
    run = stripe_run(ada)
    execution.execute_run(run.pk, clock=clock)
    item = pay.item_of(run)
    stripe_side.by_hand(amount=1600, destination=item.destination_ref, group=str(item.pk))
    clock.wait(hours=1)
    reconcile_rail("stripe_connect", clock=clock)
    assert DifferenceKind.DOUBLE_PAYMENT in kinds()
    second = cast.ops("Ines Sato")

    def thaw(by: OpsActor) -> RailSwitch:
        return actions.switch_rail(rail="stripe_connect", target=RailState.OPEN, reason="seen", by=by, at=clock())

    assert thaw(olu).state == RailState.FROZEN
    with pytest.raises(DifferencesOpen):
        thaw(second)
    stripe_side.reverse("tr_2")
    clock.wait(minutes=1)
    reconcile_rail("stripe_connect", scope=FULL, clock=clock)
    assert kinds() == []
    assert thaw(second).state == RailState.OPEN
    compare(stripe_side)


def test_a_restored_database_that_forgot_an_item_was_sent_settles_it(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    item = pay.item_of(run)
    stripe_side.by_hand(amount=1600, destination=item.destination_ref, group=str(item.pk))
    assert reconcile_rail("stripe_connect", scope=FULL, clock=clock).settled_count == 1
    assert execution.execute_run(run.pk, clock=clock) == 0
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    compare(stripe_side)


def test_a_restored_database_that_forgot_a_whole_payout_writes_it_again_and_pays_nobody_twice(
    ada: Agent, program: Program, stripe_side: FakeStripe, clock: Clock
) -> None:
    for _line in range(2):
        pay.make_payable(ada, program)
    account = stripe_account(ada, stripe_side)
    fund(stripe_side, 100_000)
    forgotten = "0192f000-0000-7000-8000-000000000001"
    stripe_side.by_hand(amount=3200, destination=account.remote_ref, group=forgotten)
    clock.wait(hours=1)
    newer = pay.make_payable(ada, program, at=clock())
    done = reconcile_rail("stripe_connect", scope=FULL, clock=clock)
    assert (done.settled_count, done.difference_count) == (1, 0)
    item = PayoutItem.objects.across_brands().get()
    assert (str(item.pk), item.state, item.amount_minor) == (forgotten, ItemState.TRANSFERRED, 3200)
    run = pay.make_running_run(rail="stripe_connect")
    assert run.total_minor == newer.amount_minor
    execution.execute_run(run.pk, clock=clock)
    assert sum(one["amount"] for one in stripe_side.transfers) == 4800
    compare(stripe_side)


def test_a_dump_restored_on_the_same_server_starts_frozen_and_thawed_pays_nobody_twice(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock, olu: OpsActor
) -> None:
    run = stripe_run(ada)
    item = pay.item_of(run)
    actions.check_database_identity(at=clock())
    RailSwitch.objects.update(database_mark="16384.99999")  # as another database of this server wrote it
    stripe_side.by_hand(amount=1600, destination=item.destination_ref, group=str(item.pk))  # paid after the dump
    assert execution.execute_run(run.pk, clock=clock) == 0
    assert RailSwitch.objects.get(rail="stripe_connect").state == RailState.FROZEN
    clock.wait(minutes=1)
    reconcile_rail("stripe_connect", scope=FULL, clock=clock)
    for person in (olu, cast.ops("Ines Sato")):
        actions.switch_rail(rail="stripe_connect", target=RailState.OPEN, reason="compared", by=person, at=clock())
    assert RailSwitch.objects.get(rail="stripe_connect").state == RailState.OPEN
    execution.execute_run(run.pk, clock=clock)
    assert len(stripe_side.transfers) == 1
    compare(stripe_side)


def test_a_forgotten_payment_that_fits_no_lines_stays_a_difference(
    ada: Agent, program: Program, stripe_side: FakeStripe, clock: Clock
) -> None:
    pay.make_payable(ada, program)
    account = stripe_account(ada, stripe_side)
    fund(stripe_side, 100_000)
    group = "0192f000-0000-7000-8000-000000000002"
    stripe_side.by_hand(amount=1601, destination=account.remote_ref, group=group)
    reconcile_rail("stripe_connect", scope=FULL, clock=clock)
    assert DifferenceKind.MISSING_HERE in kinds()
    assert not is_reconciled("stripe_connect", since=clock() - timedelta(hours=1), at=clock())


def test_a_side_that_does_not_answer_ends_with_an_error_and_closes_nothing(
    ada: Agent, stripe_side: FakeStripe, clock: Clock
) -> None:
    account = stripe_account(ada, stripe_side)
    fund(stripe_side, 10_000)
    stripe_side.by_hand(amount=700, destination=account.remote_ref)
    reconcile_rail("stripe_connect", scope=FULL, clock=clock)
    before = kinds()
    stripe_side.read_faults = ["429"]
    failed = reconcile_rail("stripe_connect", scope=FULL, clock=clock)
    assert "rail_unavailable" in failed.error
    assert kinds() == before
    assert is_reconciled("stripe_connect", since=clock(), at=clock()) is False


def test_a_difference_is_worked_by_people_with_a_word_of_why(
    ada: Agent, stripe_side: FakeStripe, clock: Clock, olu: OpsActor
) -> None:
    account = stripe_account(ada, stripe_side)
    fund(stripe_side, 10_000)
    stripe_side.by_hand(amount=700, destination=account.remote_ref)
    reconcile_rail("stripe_connect", clock=clock)
    found = Difference.objects.get(kind=DifferenceKind.MISSING_HERE)

    def resolve(target: str, why: str) -> Difference:
        return actions.resolve_difference(difference_id=found.pk, target=target, resolution=why, by=olu, at=clock())

    with pytest.raises(Invalid):
        resolve(DifferenceState.ACCEPTED, "  ")
    assert resolve(DifferenceState.EXPLAINED, "a goodwill payment").resolved_by == olu.user
    assert resolve(DifferenceState.ACCEPTED, "a goodwill payment").state == DifferenceState.ACCEPTED
    with pytest.raises(MoveRefused):
        resolve(DifferenceState.CORRECTED, "again")
    reconcile_rail("stripe_connect", clock=clock)
    assert kinds() == [DifferenceKind.BALANCE]  # accepted as it is, it does not come back


def test_our_own_funding_fees_and_what_became_available_are_taken_into_the_books_once(
    stripe_side: FakeStripe, clock: Clock
) -> None:
    stripe_side.movements = [
        _movement("txn_1", "topup", 50_000, 0, clock),
        _movement("txn_2", "charge", 10_000, 320, clock, status="pending"),
        _movement("txn_3", "stripe_fee", -150, 0, clock),
    ]
    stripe_side.available = 49_850
    for _hour in range(2):
        reconcile_rail("stripe_connect", clock=clock)
    assert _rail("available") == 49_850
    assert (_rail("pending"), balance_of(platform_account("expense.rail_fees", "USD"))) == (-320, 470)
    stripe_side.movements[1]["status"] = "available"
    reconcile_rail("stripe_connect", clock=clock)
    assert (_rail("available"), _rail("pending")) == (59_530, -10_000)  # until the top-up itself is settled


def _movement(ref: str, kind: str, amount: int, fee: int, clock: Clock, status: str = "available") -> dict[str, Any]:
    return {
        "id": ref,
        "object": "balance_transaction",
        "type": kind,
        "amount": amount,
        "fee": fee,
        "net": amount - fee,
        "currency": "usd",
        "status": status,
        "source": f"src_{ref}",
        "created": int(clock().timestamp()),
    }


def _rail(part: str) -> int:
    return balance_of(platform_account(f"rail.stripe_connect.{part}", "USD"))


def test_a_payout_schedule_that_sweeps_our_balance_away_is_seen(
    stripe_side: FakeStripe, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    stripe_side.schedule = "daily"
    assert reconcile_rail("stripe_connect", clock=clock).figures["payout_schedule"] == "daily"
    assert "not manual" in caplog.text


def test_a_list_of_many_pages_is_read_to_its_end(ada: Agent, stripe_side: FakeStripe, clock: Clock) -> None:
    account = stripe_account(ada, stripe_side)
    for _one in range(250):
        stripe_side.by_hand(amount=1, destination=account.remote_ref)
    done = reconcile_rail("stripe_connect", clock=clock)
    assert (done.theirs_count, done.difference_count) == (250, 250)
