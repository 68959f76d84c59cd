"""A published request of one program, with people who may work in it and said when they are free."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest

from gigcx.tenancy.actors import BrandActor, SystemActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, AvailabilityRule, Program
from scheduling.actions.autofill import (
    allow_auto_fill,
    apply_auto_fill,
    grant_auto_fill,
    solve_auto_fill,
    start_auto_fill,
)
from scheduling.models import AssignmentRun, CapacityRequest
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.factories import vetting as vet

FILLER = SystemActor("auto-fill")
DAY = timedelta(days=1)


@pytest.fixture
def planner(acme: Brand) -> BrandActor:
    """Somebody of Acme who plans."""
    return cast.make_member(acme, "Pia Planner", role="planner")


@pytest.fixture
def request_of_chat(chat: Program, at: datetime) -> CapacityRequest:
    """Acme's published request for the week of tomorrow."""
    return plan.make_request(chat, at + DAY)


def free_all_week(agent: Agent) -> None:
    """The agent is free at any time of any day."""
    AvailabilityRule.objects.bulk_create(
        AvailabilityRule(
            agent=agent, weekday=day, local_from=time(0), local_to=time(0), timezone="UTC", valid_from="2020-01-01"
        )
        for day in range(7)
    )


def worker(program: Program, name: str, at: datetime, *, allows: bool = True) -> Agent:
    """Somebody certified who is free all week and, unless told otherwise, lets auto-fill book them."""
    agent = recruit.make_agent(name)
    vet.make_eligible(agent, program, at)
    free_all_week(agent)
    if allows:
        allow_auto_fill(by=recruit.agent_actor(agent), at=at)
    return agent


def solved(request: CapacityRequest, by: BrandActor, at: datetime) -> AssignmentRun:
    """A plan, made."""
    run = start_auto_fill(request_id=request.pk, by=by, at=at)
    solve_auto_fill(run_id=run.pk, by=FILLER, at=at, clock=lambda: at, seconds=20, workers=1, iterations=4)
    run.refresh_from_db()
    return run


def applied(request: CapacityRequest, by: BrandActor, at: datetime) -> AssignmentRun:
    """A plan, made and granted."""
    run = solved(request, by, at)
    apply_auto_fill(run_id=run.pk, by=by, at=at)
    return grant_auto_fill(run_id=run.pk, by=FILLER, at=at)


Worker = Callable[..., Agent]
