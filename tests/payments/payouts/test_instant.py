"""Paid at once: offered with a fee, asked for once, and the fee given back whenever it was not at once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import AgentActor
from payments import actions, ledger
from payments.actions.outcomes import Outcome
from payments.errors import AboveAvailable, NotOffered, QuoteExpired
from payments.gateways import execution, instant
from payments.ledger import balance_of, platform_account
from payments.models import Earning, InstantQuote, PayoutItem, PayoutRun, SandboxPayment
from payments.queries import agent_balance
from payments.states import EarningKind, EarningState, InstantState, ItemState, OutcomeKind, RunState
from recruiting.models import Agent, Program
from tests.factories import payments as pay
from tests.payments.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance_after_everything")]


def ready(agent: Agent, program: Program, *, behaviour: str = "pays", minutes: int = 60, **fields: Any) -> AgentActor:
    """An hour's work is ready, and the bank takes instant payouts unless told otherwise."""
    pay.make_payable(agent, program, minutes=minutes)
    pay.make_account(agent, behaviour=behaviour, can_receive_instantly=behaviour != "never_instant", **fields)
    pay.fund_sandbox()
    return AgentActor(agent.user, agent.pk)


def quoted(by: AgentActor, clock: Clock, **asked: Any) -> InstantQuote:
    return instant.ask_for_quote(actor=by, currency="USD", at=clock(), **asked)


def taken(by: AgentActor, clock: Clock) -> PayoutItem:
    return actions.request_instant_payout(quote_id=quoted(by, clock).pk, by=by, at=clock())


def sent(item: PayoutItem, clock: Clock) -> None:
    execution.execute_run(item.run_id, clock=clock)


def fee_income() -> int:
    return balance_of(platform_account("revenue.instant_fee", "USD"))


def state_of(item: PayoutItem) -> str:
    return PayoutItem.objects.across_brands().get(pk=item.pk).state


def quote_of(item: PayoutItem) -> InstantQuote:
    return InstantQuote.objects.across_brands().get(item=item)


def test_an_offer_says_amount_fee_and_arrival_and_lives_fifteen_minutes(
    ada: Agent, program: Program, clock: Clock
) -> None:
    quote = quoted(ready(ada, program), clock)
    assert (quote.amount_minor, quote.fee_minor) == (1600, 299)
    assert quote.expires_at - quote.quoted_at == timedelta(minutes=15)
    assert quote.arrives_at - quote.quoted_at == timedelta(minutes=30)
    assert agent_balance(ada.pk, at=clock())[0].available.amount_minor == 1600


def test_an_instant_payout_leaves_at_once_less_the_fee_and_arrives(ada: Agent, program: Program, clock: Clock) -> None:
    item = taken(ready(ada, program), clock)
    assert (item.amount_minor, item.run.kind, item.run.state) == (1301, "instant", RunState.EXECUTING)
    sent(item, clock)
    assert state_of(item) == ItemState.TRANSFERRED
    assert instant.send_on(quote_of(item).pk, clock=clock) == InstantState.SENT
    assert state_of(item) == ItemState.ARRIVED
    assert quote_of(item).payout_key == f"gigcx:instant:{quote_of(item).pk}:1"
    assert fee_income() == 299
    paid = Earning.objects.across_brands().filter(state=EarningState.PAID).order_by("amount_minor")
    assert [(one.kind, one.amount_minor) for one in paid] == [("instant_fee", -299), ("time", 1600)]


def test_pressed_twice_it_is_one_payout(ada: Agent, program: Program, clock: Clock) -> None:
    by = ready(ada, program)
    quote = quoted(by, clock)
    first = actions.request_instant_payout(quote_id=quote.pk, by=by, at=clock())
    clock.wait(hours=1)  # even after the offer's end: it was taken
    assert actions.request_instant_payout(quote_id=quote.pk, by=by, at=clock()).pk == first.pk
    assert PayoutRun.objects.count() == 1


def test_an_instant_payout_failing_after_its_transfer_refunds_the_fee(
    ada: Agent, program: Program, clock: Clock
) -> None:
    item = taken(ready(ada, program, behaviour="instant_fails"), clock)
    sent(item, clock)
    assert instant.send_on(quote_of(item).pk, clock=clock) == InstantState.FAILED
    assert state_of(item) == ItemState.TRANSFERRED  # the money is the agent's, it only takes longer
    refund = Earning.objects.across_brands().get(kind=EarningKind.ADJUSTMENT)
    assert (refund.amount_minor, refund.cause, refund.platform_share_minor) == (299, "fee", 299)
    assert fee_income() == 0
    assert instant.send_on(quote_of(item).pk, clock=clock) == "waiting"


def test_a_bank_that_sends_an_instant_payout_back_costs_no_fee_either(
    ada: Agent, program: Program, clock: Clock
) -> None:
    item = taken(ready(ada, program), clock)
    sent(item, clock)
    instant.send_on(quote_of(item).pk, clock=clock)
    actions.record_return(item_id=item.pk, reason="account_closed", by=pay.SYSTEM, at=clock())
    assert (state_of(item), quote_of(item).state) == (ItemState.RETURNED, InstantState.FAILED)
    assert Earning.objects.across_brands().get(kind=EarningKind.ADJUSTMENT).amount_minor == 299
    assert fee_income() == 0


def test_an_instant_payout_refused_before_its_transfer_gives_lines_and_fee_back(
    ada: Agent, program: Program, clock: Clock
) -> None:
    item = taken(ready(ada, program, behaviour="refuses"), clock)
    sent(item, clock)
    assert state_of(item) == ItemState.HELD
    actions.cancel_item(item_id=item.pk, reason="asked for", by=pay.SYSTEM, at=clock())
    states = Earning.objects.across_brands().order_by("kind").values_list("kind", "state")
    assert list(states) == [("instant_fee", "reversed"), ("time", "payable")]
    assert agent_balance(ada.pk, at=clock())[0].available.amount_minor == 1600
    assert fee_income() == 0


def test_money_that_came_back_brings_its_fee_with_it_once(ada: Agent, program: Program, clock: Clock) -> None:
    item = taken(ready(ada, program, behaviour="instant_fails"), clock)
    sent(item, clock)
    instant.send_on(quote_of(item).pk, clock=clock)  # fee given back as a line of its own
    actions.release_earnings(by=pay.SYSTEM, at=clock())
    SandboxPayment.objects.all().delete()  # reversed by hand on the other side
    actions.record_came_back(item_id=item.pk, reason="reversed by hand", by=pay.SYSTEM, at=clock())
    assert agent_balance(ada.pk, at=clock())[0].available.amount_minor == 1600
    assert fee_income() == 0


def test_a_second_order_without_an_answer_keeps_its_key_and_is_not_given_again_after_twenty_hours(
    ada: Agent, program: Program, clock: Clock
) -> None:
    item = taken(ready(ada, program), clock)
    sent(item, clock)
    quote_id = quote_of(item).pk
    keys = set()
    for _try in range(3):
        claimed = actions.claim_instant(quote_id=quote_id, at=clock())
        assert claimed is not None
        keys.add(claimed.key)
        lost = Outcome(kind=OutcomeKind.UNKNOWN)
        assert actions.record_instant_outcome(quote_id=quote_id, outcome=lost, at=clock()).state == "ordered"
        assert actions.claim_instant(quote_id=quote_id, at=clock()) is None  # not before half a minute is over
        clock.wait(minutes=1)
    assert len(keys) == 1
    clock.wait(hours=20)
    assert actions.claim_instant(quote_id=quote_id, at=clock()) is None
    assert quote_of(item).state == InstantState.FAILED
    assert fee_income() == 0


def test_an_expired_offer_and_one_over_changed_lines_are_refused(ada: Agent, program: Program, clock: Clock) -> None:
    by = ready(ada, program)
    quote = quoted(by, clock)
    run = pay.make_run()
    with pytest.raises(AboveAvailable):
        actions.request_instant_payout(quote_id=quote.pk, by=by, at=clock())
    actions.cancel_run(run_id=run.pk, reason="", by=pay.SYSTEM, at=clock())
    clock.wait(minutes=15)
    with pytest.raises(QuoteExpired):
        actions.request_instant_payout(quote_id=quote.pk, by=by, at=clock())
    assert fee_income() == 0


def test_nobody_takes_another_agents_offer(ada: Agent, bo: Agent, program: Program, clock: Clock) -> None:
    quote = quoted(ready(ada, program), clock)
    with pytest.raises(NotFound):
        actions.request_instant_payout(quote_id=quote.pk, by=AgentActor(bo.user, bo.pk), at=clock())


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"minutes": 30}, "at least 10.00"),
        ({"minutes": 126 * 60}, "More than 2,000.00"),
        ({"behaviour": "never_instant"}, "does not take instant"),
        ({"state": "restricted"}, "not ready to be paid"),
    ],
)
def test_what_cannot_leave_at_once_says_why(
    ada: Agent, program: Program, clock: Clock, given: dict[str, Any], why: str
) -> None:
    by = ready(ada, program, **given)
    with pytest.raises(NotOffered, match=why):
        quoted(by, clock)
    assert not InstantQuote.objects.across_brands().exists()


def test_a_stopped_rail_offers_nothing(ada: Agent, program: Program, clock: Clock) -> None:
    by = ready(ada, program)
    actions.switch_rail(rail="sandbox", target="paused", reason="a look", by=pay.SYSTEM, at=clock())
    with pytest.raises(NotOffered, match="stopped"):
        quoted(by, clock)


def test_asking_for_less_takes_the_oldest_lines_that_fit_and_for_more_is_refused(
    ada: Agent, program: Program, clock: Clock
) -> None:
    by = ready(ada, program)
    pay.make_payable(ada, program, minutes=90)
    with pytest.raises(AboveAvailable):
        quoted(by, clock, most=4001)
    assert quoted(by, clock, most=2500).amount_minor == 1600
    assert quoted(by, clock).amount_minor == 4000


def test_who_owes_something_back_is_paid_weekly_so_that_the_cap_of_a_fifth_holds(
    ada: Agent, program: Program, clock: Clock
) -> None:
    paid = pay.make_payable(ada, program)
    by = ready(ada, program)
    run = pay.make_running_run()
    execution.execute_run(run.pk, clock=clock)
    actions.record_clawback(earning_id=paid.pk, minor=500, fault="Logged in, away.", by=pay.SYSTEM, at=clock())
    clock.wait(days=8)
    pay.make_payable(ada, program, at=clock())
    with pytest.raises(NotOffered, match="taken back first"):
        quoted(by, clock)


def test_the_fee_is_the_only_debit_beside_a_clawback(ada: Agent, program: Program, clock: Clock) -> None:
    sent(taken(ready(ada, program), clock), clock)
    negative = Earning.objects.across_brands().filter(amount_minor__lt=0)
    assert set(negative.values_list("kind", flat=True)) == {EarningKind.INSTANT_FEE}
    assert ledger.verify_books() == []
    assert isinstance(negative.get().source_id, UUID)
