"""A plan is applied, by two workers at once, while agents press Claim on the same seats: on a real database."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db.models import Count

from gigcx.kernel.errors import DomainError
from recruiting.models import Agent, Program
from scheduling.actions.autofill import apply_auto_fill, grant_auto_fill
from scheduling.actions.claims import claim_shift
from scheduling.models import Claim, Shift
from scheduling.queries.sweeps import counters_out_of_step
from scheduling.states import OCCUPYING, AssignmentState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.factories import vetting as vet
from tests.races.presses import together
from tests.scheduling.autofill.conftest import FILLER, solved, worker
from tests.scheduling.conftest import made_program

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
WILLING, PRESSING, SHIFTS, SEATS = 8, 8, 4, 5  # pressers hold two shifts at most: four seats are left to the plan


@pytest.fixture
def now() -> datetime:
    return cast.MONDAY_NOON


@pytest.fixture
def chat(now: datetime) -> Program:
    return made_program(cast.make_brand("Acme"), "Holiday Chat")


def presser(program: Program, number: int, now: datetime) -> Agent:
    agent = recruit.make_agent(f"Presser{number} Person")
    vet.make_eligible(agent, program, now)
    return agent


def pressing(agent: Agent, shifts: list[Shift], now: datetime) -> Callable[[], object]:
    def press() -> int:
        won = 0
        for shift in shifts:
            try:
                claim_shift(shift_id=shift.pk, agent=agent, by=recruit.agent_actor(agent), at=now)
                won += 1
            except DomainError:
                continue
        return won

    return press


def test_applying_a_plan_while_agents_claim_overfills_nothing_and_books_each_pick_once(
    chat: Program, now: datetime
) -> None:
    begin = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    request = plan.make_request(chat, begin)
    shifts = [
        plan.make_shift(chat, begin + timedelta(hours=2 * step), hours=4, seats=SEATS, request=request)
        for step in range(SHIFTS)
    ]
    for number in range(WILLING):
        worker(chat, f"Willing{number} Person", now)
    others = [presser(chat, number, now) for number in range(PRESSING)]
    planner = cast.make_member(chat.brand, "Pia Planner", role="planner")
    run = solved(request, planner, now)
    apply_auto_fill(run_id=run.pk, by=planner, at=now)

    jobs: list[Callable[[], object]] = [
        lambda: grant_auto_fill(run_id=run.pk, by=FILLER, at=now),
        lambda: grant_auto_fill(run_id=run.pk, by=FILLER, at=now),
        *(pressing(agent, shifts[number % SHIFTS :] + shifts, now) for number, agent in enumerate(others)),
    ]
    together(jobs)

    run.refresh_from_db()
    held = Claim.objects.across_brands().filter(state__in=[str(one) for one in OCCUPYING])
    assert run.state == AssignmentState.APPLIED
    assert held.filter(source="auto_fill").count() == sum(1 for pick in run.picks if "claim" in pick) > 0
    for shift in Shift.objects.across_brands():
        assert shift.filled == held.filter(shift=shift).count() <= shift.seats
    assert list(counters_out_of_step()) == []
    twice = held.values("shift", "agent").annotate(n=Count("pk")).filter(n__gt=1)
    assert not twice.exists()
