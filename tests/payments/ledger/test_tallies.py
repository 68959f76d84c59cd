"""What is open is tallied in the transaction that opens or closes it, and is the sum of the lines to the cent."""

import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payments import actions, ledger
from payments.models import Charge, ChargeTally, Earning
from payments.queries import upcoming_charges
from payments.states import ChargeState, EarningState
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON, make_brand
from tests.factories import payments as pay
from tests.factories import recruiting as recruit

OPEN = (ChargeState.ACCRUED, ChargeState.HELD, ChargeState.READY)
STEPS = st.lists(
    st.tuples(st.sampled_from(["work", "hold", "withdraw", "release", "fold", "undo"]), st.integers(0, 3)), max_size=8
)
Sums = dict[tuple[object, ...], tuple[int, int]]


def slowly() -> Sums:
    """Count and net by week, program, kind and cause, line by line."""
    found: Sums = defaultdict(lambda: (0, 0))
    for one in Charge.objects.across_brands().select_related("earning").filter(state__in=OPEN):
        key = (one.billing_week, one.program_id, one.kind, one.earning.cause)
        found[key] = (found[key][0] + 1, found[key][1] + one.owed_minor)
    return dict(found)


def shown(program: Program) -> Sums:
    """The same as the brand's page has it."""
    weeks = upcoming_charges(program.brand, at=MONDAY_NOON)
    return {
        (week.starts_on, line.program_id, line.kind, line.cause): (line.lines, line.net.amount_minor)
        for week in weeks
        for line in week.lines
        if not line.is_estimate
    }


def take(step: str, which: int, agent: Agent, program: Program) -> None:
    waiting = Earning.objects.across_brands().exclude(state=EarningState.REVERSED).order_by("pk")
    chosen = list(waiting)[which : which + 1]
    match step:
        case "work":
            pay.make_earning(agent, program, minutes=7 + which, worked_to=MONDAY_NOON - timedelta(days=1 + 4 * which))
        case "hold" if chosen and chosen[0].state == EarningState.ACCRUED:
            until = MONDAY_NOON + timedelta(days=9)
            actions.hold_earning(
                earning_id=chosen[0].pk, reason="look", note="", until=until, by=pay.SYSTEM, at=MONDAY_NOON
            )
        case "withdraw" if chosen:
            actions.reverse_earnings([chosen[0].pk], reason="wrong", by=pay.SYSTEM, at=MONDAY_NOON)
        case "release":
            actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON)
        case "fold":
            actions.fold_tallies(above=which)
        case "undo":
            with transaction.atomic():
                take("work", which, agent, program)
                transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_page_shows_the_sum_of_the_lines_whatever_happens_to_them(
    ada: Agent, program: Program, steps: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        for step, which in (("work", 0), *steps):
            take(step, which, ada, program)
        assert shown(program) == slowly()
        assert ledger.verify_books() == []
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_many_lines_of_one_statement_are_one_row_and_a_release_adds_none(ada: Agent, program: Program) -> None:
    engagement = pay.engaged(ada, program)
    card = recruit.make_rate_card(program)
    lines = [pay.work_line(program, ada, engagement, card) for _ in range(5)]
    actions.accrue(lines, by=pay.SYSTEM, at=MONDAY_NOON - timedelta(days=2))
    actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON)
    tally = ChargeTally.objects.for_brand(program.brand_id).get()
    assert (tally.lines, tally.net_minor) == (5, 11_000)


@pytest.mark.django_db
def test_folding_leaves_one_row_and_forgets_what_came_to_nothing(ada: Agent, program: Program) -> None:
    for _ in range(3):
        pay.make_earning(ada, program)
    gone = pay.make_earning(ada, program, worked_to=MONDAY_NOON - timedelta(days=20))
    actions.reverse_earnings([gone.pk], reason="wrong", by=pay.SYSTEM, at=MONDAY_NOON)
    assert actions.fold_tallies(above=1) == 5
    assert ChargeTally.objects.for_brand(program.brand_id).get().lines == 3
    assert actions.fold_tallies(above=1) == 0
    assert shown(program) == slowly()


@pytest.mark.django_db
def test_a_tally_that_is_off_by_a_cent_is_found(ada: Agent, program: Program) -> None:
    pay.make_earning(ada, program)
    ChargeTally.objects.for_brand(program.brand_id).update(net_minor=2201)
    assert [one.rule for one in ledger.verify_books()] == ["a week's tally equals its open charges"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_what_is_added_while_two_fold_is_neither_lost_nor_counted_twice() -> None:
    program = recruit.make_program(make_brand("Acme"))
    recruit.make_rate_card(program)
    agents = [recruit.make_agent(f"Agent{n} Busy") for n in range(2)]
    for agent in agents:
        pay.make_earning(agent, program)

    def repeat(call: Callable[[], object]) -> None:
        try:
            for _ in range(6):
                call()
        finally:
            connections.close_all()

    works = [partial(pay.make_earning, agent, program) for agent in agents]
    folds = [partial(actions.fold_tallies, above=1)] * 2
    threads = [threading.Thread(target=repeat, args=(call,)) for call in (*works, *folds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shown(program) == slowly()
    assert sum(lines for lines, _net in slowly().values()) == 14
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM payments_chargetally")
        assert cursor.fetchone()[0] < 14
