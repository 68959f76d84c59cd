"""A request with shifts on a program, released by waves; and people who may work there."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gigcx.audit.models import AuditEntry
from gigcx.tenancy.actors import Actor, SystemActor
from recruiting.models import Agent, Engagement, Program
from scheduling.actions import entries, settlements, waves, windows
from scheduling.models import CapacityRequest, ClaimWindow, DrawEntry, ReleaseWave, Shift
from scheduling.states import RequestState, ShiftState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as sched
from tests.factories import vetting as vet

CLOCK = SystemActor("clock")
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def released(
    program: Program,
    at: datetime,
    *,
    starts: Sequence[float] = (96, 106, 120),
    seats: int = 2,
    is_draw_first: bool = True,
    by: Actor = CLOCK,
    **plan: Any,
) -> tuple[CapacityRequest, list[Shift]]:
    """Shifts of four hours that start so many hours from now, planned for release."""
    request = sched.make_request(program, at + starts[0] * HOUR, state=RequestState.PUBLISHED)
    shifts = [
        sched.make_shift(program, at + hours * HOUR, seats=seats, state=ShiftState.DRAFT, request=request)
        for hours in starts
    ]
    waves.plan_release(
        request, shifts, publish_at=plan.pop("publish_at", None), is_draw_first=is_draw_first, by=by, at=at
    )
    return request, shifts


def window_of(request: CapacityRequest, position: int = 1) -> ClaimWindow:
    return (
        ClaimWindow.objects.across_brands().select_related("wave").get(wave__request=request, wave__position=position)
    )


def worker(name: str, program: Program, at: datetime, *, is_favorite: bool = False) -> Agent:
    """Somebody eligible in the program."""
    agent = recruit.make_agent(name)
    vet.make_eligible(agent, program, at)
    if is_favorite:
        Engagement.objects.across_brands().filter(agent=agent, program=program).update(is_favorite=True)
    return agent


def enter(window: ClaimWindow, agent: Agent, shifts: Sequence[Shift], at: datetime, **fields: Any) -> DrawEntry:
    return entries.enter_draw(
        window_id=window.pk,
        agent=agent,
        wishes=[one.pk for one in shifts],
        by=recruit.agent_actor(agent),
        at=at,
        **fields,
    )


def close(window: ClaimWindow, *, late: timedelta = timedelta(0)) -> ClaimWindow:
    windows.close_window(window_id=window.pk, by=CLOCK, at=window.closes_at + late)
    return fresh(window)


def settle(window: ClaimWindow, *, late: timedelta = timedelta(0)) -> ClaimWindow:
    close(window, late=late)
    settlements.settle_draw(window_id=window.pk, by=CLOCK, at=window.closes_at + late)
    return fresh(window)


def fresh(window: ClaimWindow) -> ClaimWindow:
    return ClaimWindow.objects.across_brands().select_related("wave__request__program").get(pk=window.pk)


def entry(window: ClaimWindow, agent: Agent) -> DrawEntry:
    return DrawEntry.objects.across_brands().get(window=window, agent=agent)


def state_of(shift: Shift) -> str:
    return Shift.objects.across_brands().values_list("state", flat=True).get(pk=shift.pk)


def waves_of(request_id: UUID) -> list[tuple[str, str, datetime]]:
    """Audience, mode and opening of a request's waves, in their order."""
    rows = ReleaseWave.objects.across_brands().filter(request_id=request_id).order_by("position")
    return [(one.audience, one.mode, one.opens_at) for one in rows]


def audited(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()
