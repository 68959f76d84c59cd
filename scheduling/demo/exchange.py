"""Seats changing hands in Ada's program: she waits in one line and is invited from another, offers a shift and is offered one;
a swap waits for the planner, and somebody is on standby. All of it through the stage's actions.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import F

from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import Period
from gigcx.tenancy.actors import AgentActor, BrandActor
from gigcx.web.demo import World
from recruiting.models import Agent, Engagement, Program
from recruiting.states import BENCH_STATES
from scheduling import actions
from scheduling.models import Claim, Shift
from scheduling.models.claims import ClaimQuerySet
from scheduling.queries.hours import own_refusal
from scheduling.queries.rules import rules_of
from scheduling.states import ClaimState, ShiftState

_AGO: Final = timedelta(minutes=10)
_NOT_BEFORE: Final = timedelta(hours=26)
_TRIES: Final = 40


def tell_exchange(world: World, program: Program, bench: Iterable[Engagement], ada: Agent, *, by: BrandActor) -> None:
    """This function will tell the story; where the weeks hold nothing fitting, that part is left out."""
    others = [one.agent for one in bench if one.agent_id != ada.pk]
    _ask_the_planner(program, by=by, world=world)
    lines = list(_lines_for(world, program, ada))
    for shift in lines[:2]:
        _wait(world, shift, ada)
        _wait_too(world, shift, others)
    if len(lines) > 1:
        _give_back(world, lines[1])
    _offer(world, Claim.objects.across_brands().of_agent(ada.pk), program)
    given = _claims_of(others).exclude(shift__in=lines)
    _offer(world, given.filter(starts_at__lt=world.at + timedelta(days=9)), program)
    _leave_one_to_decide(world, given, program, others)
    _stand_by(world, program, others)


def _as(agent: Agent) -> AgentActor:
    return AgentActor(agent.user, agent.pk)


def _ask_the_planner(program: Program, *, by: BrandActor, world: World) -> None:
    rules = rules_of(program)
    actions.save_rules(
        program_id=program.pk,
        changes={"is_swap_approved": True},
        seen_version=rules.version,
        by=by,
        at=world.at - timedelta(days=20),
    )


def _lines_for(world: World, program: Program, ada: Agent) -> Iterator[Shift]:
    """Full shifts of the coming days that Ada has time for."""
    rows = Shift.objects.across_brands().filter(
        program=program, state=ShiftState.OPEN, starts_at__gt=world.at + _NOT_BEFORE, filled__gte=F("seats")
    )
    for shift in rows.order_by("starts_at", "pk")[:_TRIES]:
        if own_refusal(ada, Period(shift.starts_at, shift.ends_at)) is None:
            yield shift


def _wait(world: World, shift: Shift, agent: Agent) -> bool:
    try:
        actions.join_waitlist(shift_id=shift.pk, agent=agent, by=_as(agent), at=world.at - _AGO)
    except DomainError:
        return False
    return True


def _wait_too(world: World, shift: Shift, others: list[Agent]) -> None:
    """Two more in the line, of the first who can."""
    joined = 0
    for agent in others[:_TRIES]:
        joined += _wait(world, shift, agent)
        if joined == 2:
            return


def _give_back(world: World, shift: Shift) -> None:
    """One holder cannot come: the first in line is invited now."""
    held = Claim.objects.across_brands().filter(shift=shift, state=ClaimState.CLAIMED).select_related("agent__user")
    claim = held.order_by("pk").first()
    if claim is None:
        return
    try:
        actions.release_claim(claim_id=claim.pk, accepted_points=0, by=_as(claim.agent), at=world.at)
    except DomainError:
        return


def _claims_of(agents: list[Agent]) -> ClaimQuerySet:
    return Claim.objects.across_brands().filter(agent__in=agents, state=ClaimState.CLAIMED)


def _offer(world: World, claims: ClaimQuerySet, program: Program) -> Claim | None:
    """The last of the claims to come is put on offer to everybody."""
    coming = claims.filter(
        shift__program=program, state=ClaimState.CLAIMED, starts_at__gt=world.at + _NOT_BEFORE, swap_offers__isnull=True
    )
    claim = coming.select_related("agent__user").order_by("-starts_at", "pk").first()
    if claim is None:
        return None
    actions.offer_swap(claim_id=claim.pk, by=_as(claim.agent), at=world.at - _AGO)
    return claim


def _leave_one_to_decide(world: World, given: ClaimQuerySet, program: Program, others: list[Agent]) -> None:
    claim = _offer(world, given, program)  # the latest one: that far ahead most people still have time
    if claim is None:
        return
    offer = claim.swap_offers.order_by("pk")[0]
    for agent in others[:_TRIES]:
        if agent.pk == claim.agent_id:
            continue
        try:
            actions.take_swap(offer_id=offer.pk, agent=agent, by=_as(agent), at=world.at - _AGO / 2)
        except DomainError:
            continue
        return


def _stand_by(world: World, program: Program, others: list[Agent]) -> None:
    """A brand wants one person ready beside tomorrow's first full shift."""
    rows = Shift.objects.across_brands().filter(
        program=program, state=ShiftState.OPEN, starts_at__gt=world.at + timedelta(hours=3)
    )
    shift = rows.order_by("starts_at", "pk").first()
    if shift is None:
        return
    Shift.objects.across_brands().filter(pk=shift.pk).update(standby_seats=1)
    for agent in others[:_TRIES]:
        try:
            actions.claim_standby(shift_id=shift.pk, agent=agent, by=_as(agent), at=world.at - _AGO)
        except DomainError:
            continue
        return


def ada_of(program_id: UUID) -> Agent | None:
    """This function will return Ada where she works in the program."""
    rows = Engagement.objects.across_brands().filter(program_id=program_id, state__in=BENCH_STATES)
    found = rows.filter(agent__user__full_name="Ada Obi").select_related("agent__user").first()
    return found.agent if found else None
