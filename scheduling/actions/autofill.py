"""Auto-fill: asked for by a planner, solved by a worker, looked at, then granted one agent at a time.

Nobody is booked without consent: it is read again under the lock of the agent's calendar, the row that withdrawing it takes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor, require
from gigcx.tenancy.roles import Permission
from gigcx.tenancy.scoping import TenantQuerySet
from recruiting.models import Agent
from scheduling.actions.calendars import lock_calendar
from scheduling.actions.claims import order_for, seat_agent
from scheduling.allocation.auto_fill.problem import Plan
from scheduling.errors import AutoFillNotAllowed, AutoFillRunning, InputChanged, NothingToFill, TryAgain
from scheduling.events import AgentInvitedToFill, SeatBooked
from scheduling.models import AgentCalendar, AssignmentRun, CapacityRequest, Claim, Shift
from scheduling.queries.beginnings import begun_again, is_being_done
from scheduling.queries.claimable import way_of
from scheduling.queries.doors import request_for, run_for
from scheduling.queries.fillings import DECLINE_BEFORE, DECLINE_FOR, NOTICE, Filling, filling_of
from scheduling.states import ASSIGNMENT_MOVES, AssignmentState, ClaimSource, GivenUp, RequestState, ShiftState

SOLVE_SECONDS: Final = 10.0
_BEAT: Final = timedelta(seconds=30)
_SAVE_EVERY: Final = 10
_OPEN: Final = (AssignmentState.QUEUED, AssignmentState.SOLVED)


@transaction.atomic
def start_auto_fill(*, request_id: UUID, by: Actor, at: datetime) -> AssignmentRun:
    """Ask for a plan that fills the request's open seats; a worker makes it. An older plan that waits is thrown away.

    Raises:
        NotFound, NotAllowed: not the actor's request, or not theirs to fill.
        NothingToFill: no open seat starts late enough for anybody to decline in peace.
        AutoFillRunning: a plan is being made, or being applied.
    """
    request = request_for(by, request_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=request.brand_id)
    CapacityRequest.objects.for_brand(request.brand_id).select_for_update(of=("self",)).get(pk=request.pk)
    rows = Shift.objects.for_brand(request.brand_id).filter(request=request, state=ShiftState.OPEN)
    if request.state not in {RequestState.PUBLISHED, RequestState.LIVE} or not (
        rows.filter(starts_at__gte=at + NOTICE).with_seats_to_give().exists()
    ):
        raise NothingToFill
    _make_way(request, by=by, at=at)
    run = AssignmentRun.objects.create(brand_id=request.brand_id, request=request, created_at=at)
    trail.record("scheduling.start_auto_fill", run, by=by, at=at, to_state=run.state)
    return run


def _make_way(request: CapacityRequest, *, by: Actor, at: datetime) -> None:
    older = _locked_runs().filter(request=request, state__in=_OPEN).first()
    if older is None:
        return
    if older.state == AssignmentState.QUEUED or "accepted_at" in older.figures:
        raise AutoFillRunning
    _move(older, AssignmentState.DISCARDED, by=by, at=at, action="scheduling.discard_auto_fill")


@transaction.atomic
def cancel_auto_fill(*, run_id: UUID, by: Actor, at: datetime) -> AssignmentRun:
    """Stop a plan that is being made, or throw one away that nobody applied; the worker notices within a second or two.

    Raises:
        NotFound, NotAllowed: not the actor's. MoveRefused: applied or thrown away already. AutoFillRunning: being applied.
    """
    seen = run_for(by, run_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=seen.brand_id)
    run = _locked_runs().get(pk=seen.pk)
    if "accepted_at" in run.figures and run.state == AssignmentState.SOLVED:
        raise AutoFillRunning
    run.cancel_requested_at = at
    _move(run, AssignmentState.DISCARDED, by=by, at=at, action="scheduling.discard_auto_fill")
    run.save(update_fields=["cancel_requested_at"])
    return run


def solve_auto_fill(
    *,
    run_id: UUID,
    by: Actor,
    at: datetime,
    clock: Callable[[], datetime],
    seconds: float = SOLVE_SECONDS,
    workers: int = 2,
    seed: int = 0,
    iterations: int | None = None,
) -> AssignmentRun | None:
    """Make the plan of a queued run; no lock is held while it is made. Returns None where there is nothing to do.

    Whoever was at it and fell silent for half a minute is taken to be gone, and the run is taken up again from the start,
    three times in all; then it is given up and its page says so.
    `clock` tells the time for progress; `iterations` limits the search where every machine must find the same plan.
    """
    from scheduling.allocation.auto_fill.search import auto_fill

    run = _taken_up(run_id, by=by, at=at)
    if run is None:
        return None
    filling = filling_of(run.request, at=at)
    watch = _Watch(run.pk, clock, run.figures)
    plan = auto_fill(
        filling.problem,
        seconds=seconds,
        seed=seed,
        workers=workers,
        on_progress=watch.note,
        should_stop=watch.is_called_off,
        iterations=iterations,
    )
    return _solved(run.pk, filling, plan, by=by, at=clock())


@transaction.atomic
def _taken_up(run_id: UUID, *, by: Actor, at: datetime) -> AssignmentRun | None:
    run = _locked_runs().select_related("request__program__brand").filter(pk=run_id).first()
    if run is None or run.state != AssignmentState.QUEUED:
        return None
    if is_being_done(run.figures, at=at, holds=_BEAT):
        return None
    note = begun_again(run.figures, version=0, at=at)
    run.figures = note or {"given_up": GivenUp.CRASHED.value}
    run.save(update_fields=["figures"])
    if note is None:
        _move(run, AssignmentState.DISCARDED, by=by, at=at, action="scheduling.discard_auto_fill")
        return None
    return run


@dataclass
class _Watch:
    """Progress out, a cancellation in: both at most twice a second, each in its own short statement."""

    run_id: UUID
    clock: Callable[[], datetime]
    begun: Mapping[str, Any]
    said_at: datetime | None = None
    asked_at: datetime | None = None
    is_off: bool = False

    def note(self, points: int, bound: int, picks: int) -> None:
        """This function will write how far the search is, where a page reads it."""
        now = self.clock()
        if self.said_at is not None and now - self.said_at < timedelta(seconds=0.5):
            return
        self.said_at = now
        figures = {**self.begun, "beat_at": now.isoformat(), "points": points, "bound": bound, "picks": picks}
        _queued_run(self.run_id).update(figures=figures)

    def is_called_off(self) -> bool:
        """This function will tell whether somebody stopped the run."""
        now = self.clock()
        if self.asked_at is None or now - self.asked_at >= timedelta(seconds=0.5):
            self.asked_at = now
            self.is_off = not _queued_run(self.run_id).exists()
        return self.is_off


def _queued_run(run_id: UUID) -> TenantQuerySet[AssignmentRun]:
    return AssignmentRun.objects.across_brands().filter(pk=run_id, state=AssignmentState.QUEUED)


@transaction.atomic
def _solved(run_id: UUID, filling: Filling, plan: Plan, *, by: Actor, at: datetime) -> AssignmentRun | None:
    run = _locked_runs().get(pk=run_id)
    if run.state != AssignmentState.QUEUED:
        return None
    run.input_hash, run.solved_at = filling.fingerprint, at
    run.picks = [
        {"shift": str(filling.shifts[shift].pk), "agent": str(filling.people[agent].agent_id)}
        for agent, shift in plan.picks.tolist()
    ]
    run.reasons = {str(filling.shifts[shift].pk): dict(why) for shift, why in plan.reasons.items()}
    run.figures = _figures(filling, plan)
    run.save(update_fields=["input_hash", "solved_at", "picks", "reasons", "figures"])
    _move(
        run,
        AssignmentState.SOLVED,
        by=by,
        at=at,
        action="scheduling.solve_auto_fill",
        changes={"picks": len(run.picks)},
    )
    return run


def _figures(filling: Filling, plan: Plan) -> dict[str, Any]:
    new = sum(1 for agent, _shift in plan.picks.tolist() if filling.problem.people.is_new[agent])
    willing = [one for one in filling.people if one.consented_at is not None]
    return {
        "points": plan.objective,
        "bound": plan.bound,
        "gap_bp": round(plan.gap * 10_000, 2),
        "is_proven": plan.is_proven,
        "seconds": round(plan.seconds, 2),
        "greedy_points": plan.first,
        "new_picks": new,
        "people": len(filling.people),
        "consenting": len(willing),
        "seats": int(filling.problem.shifts.seats.sum()),
        "starting_from": filling.starting_from.isoformat(),
    }


@transaction.atomic
def apply_auto_fill(*, run_id: UUID, by: Actor, at: datetime) -> AssignmentRun:
    """Accept a plan: its picks are then granted one by one (`grant_auto_fill`), which may be taken up again at any pick.

    Accepting twice changes nothing.

    Raises:
        NotFound, NotAllowed: not the actor's. MoveRefused: not solved, applied or thrown away.
        InputChanged: seats or people are not as they were when the plan was made.
    """
    seen = run_for(by, run_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=seen.brand_id)
    run = _locked_runs().select_related("request__program__brand").get(pk=seen.pk)
    require_move(ASSIGNMENT_MOVES, run.state, AssignmentState.APPLIED)
    if "accepted_at" in run.figures:
        return run
    since = datetime.fromisoformat(run.figures["starting_from"])
    if filling_of(run.request, at=at, starting_from=since).fingerprint != run.input_hash:
        raise InputChanged
    run.figures["accepted_at"] = at.isoformat()
    run.save(update_fields=["figures"])
    trail.record("scheduling.accept_auto_fill", run, by=by, at=at, changes={"picks": len(run.picks)})
    return run


def grant_auto_fill(*, run_id: UUID, by: Actor, at: datetime) -> AssignmentRun:
    """Grant the picks of an accepted plan, one agent in each transaction; what is refused keeps its reason.

    Killed in the middle and run again, or run twice at once, it gives every seat once: each pick has its own key.

    Raises:
        MoveRefused: the plan is not an accepted one.
    """
    run = AssignmentRun.objects.across_brands().select_related("request").get(pk=run_id)
    if run.state == AssignmentState.APPLIED:
        return run
    require_move(ASSIGNMENT_MOVES, run.state, AssignmentState.APPLIED)
    if "accepted_at" not in run.figures:
        raise InputChanged
    people = _agents(run.picks)
    waiting = [pick for pick in run.picks if "claim" not in pick and "refusal" not in pick]
    for done, pick in enumerate(waiting, start=1):
        pick.update(_granted(run, pick, people, by=by, at=at))
        if done % _SAVE_EVERY == 0:
            run.save(update_fields=["picks"])
    if any("claim" not in pick and "refusal" not in pick for pick in waiting):
        run.save(update_fields=["picks"])
        return run
    return _applied(run, by=by, at=at)


def _agents(picks: list[dict[str, Any]]) -> Mapping[str, Agent]:
    rows = Agent.objects.across_brands().select_related("user").filter(pk__in={pick["agent"] for pick in picks})
    return {str(agent.pk): agent for agent in rows}


def _granted(
    run: AssignmentRun, pick: Mapping[str, Any], people: Mapping[str, Agent], *, by: Actor, at: datetime
) -> dict[str, str]:
    try:
        claim = book_seat(
            shift_id=UUID(pick["shift"]),
            agent=people[pick["agent"]],
            key=f"auto-fill-{run.pk.hex}-{UUID(pick['shift']).hex}",
            by=by,
            at=at,
        )
    except TryAgain:
        return {}  # the sweep comes back to it
    except DomainError as refused:
        return {"refusal": refused.code, "words": refused.message if refused.code not in _PRIVATE else ""}
    return {"claim": str(claim.pk)}


# Where else an agent works is theirs alone: brands read that the time is taken, never by what.
_PRIVATE: Final = frozenset({"overlaps_other_shift", "hours_exceeded", "rest_too_short"})


def book_seat(*, shift_id: UUID, agent: Agent, key: str, by: Actor, at: datetime) -> Claim:
    """Grant a consenting agent one seat with the right to decline, and tell them, in one transaction.

    Raises:
        AutoFillNotAllowed: the agent withdrew consent. Everything that `grant_claim` raises.
    """
    starts_at = Shift.objects.across_brands().values_list("starts_at", flat=True).get(pk=shift_id)
    until = min(at + DECLINE_FOR, starts_at - DECLINE_BEFORE)
    order = order_for(
        shift_id,
        agent=agent,
        by=by,
        at=at,
        key=key,
        way=way_of(ClaimSource.AUTO_FILL),
        decline_until=until,
        before=lambda: _require_consent(agent.pk),
        then=lambda claim: _tell(claim, at),
    )
    return order if isinstance(order, Claim) else seat_agent(order)


def _require_consent(agent_id: UUID) -> None:
    """The calendar's row is locked by now, and withdrawing consent takes the same lock."""
    if not AgentCalendar.objects.across_brands().filter(pk=agent_id, auto_fill_at__isnull=False).exists():
        raise AutoFillNotAllowed


def _tell(claim: Claim, at: datetime) -> None:
    fact = SeatBooked(claim_id=claim.pk, shift_id=claim.shift_id, agent_id=claim.agent_id)
    outbox.publish(fact, at=at, brand_id=claim.brand_id, agent_id=claim.agent_id)


@transaction.atomic
def _applied(run: AssignmentRun, *, by: Actor, at: datetime) -> AssignmentRun:
    found = _locked_runs().select_related("request__program__brand").get(pk=run.pk)
    if found.state != AssignmentState.SOLVED:
        return found
    found.picks, found.applied_at = run.picks, at
    invited = _invite(found, at)
    booked = sum(1 for pick in found.picks if "claim" in pick)
    found.figures |= {"booked": booked, "refused": len(found.picks) - booked, "invited": invited}
    found.save(update_fields=["picks", "applied_at", "figures"])
    _move(found, AssignmentState.APPLIED, by=by, at=at, action="scheduling.apply_auto_fill", changes={"booked": booked})
    return found


def _invite(run: AssignmentRun, at: datetime) -> int:
    """Who is free for a seat that stays empty, and did not allow booking, is invited: one notice each."""
    filling = filling_of(run.request, at=at)
    asked = sorted({agent_id for agents in filling.willing.values() for agent_id in agents})
    for agent_id in asked:
        fact = AgentInvitedToFill(run_id=run.pk, request_id=run.request_id, agent_id=agent_id)
        outbox.publish(fact, at=at, brand_id=run.brand_id, agent_id=agent_id)
    return len(asked)


@transaction.atomic
def allow_auto_fill(*, by: Actor, at: datetime) -> AgentCalendar:
    """Let auto-fill book the acting agent into shifts while they are free; saying so again keeps the first moment.

    Raises:
        NotFound: the actor is no agent.
    """
    calendar = _own_calendar(by)
    if calendar.auto_fill_at is None:
        calendar.auto_fill_at = at
        calendar.save(update_fields=["auto_fill_at"])
        trail.record("scheduling.allow_auto_fill", calendar, by=by, at=at, agent_id=calendar.agent_id)
    return calendar


@transaction.atomic
def stop_auto_fill(*, by: Actor, at: datetime) -> AgentCalendar:
    """Withdraw that consent, from this moment on; seats given before stay and can be declined as promised.

    Raises:
        NotFound: the actor is no agent.
    """
    calendar = _own_calendar(by)
    if calendar.auto_fill_at is not None:
        calendar.auto_fill_at = None
        calendar.save(update_fields=["auto_fill_at"])
        trail.record("scheduling.stop_auto_fill", calendar, by=by, at=at, agent_id=calendar.agent_id)
    return calendar


def _own_calendar(by: Actor) -> AgentCalendar:
    if not isinstance(by, AgentActor):
        raise NotFound
    return lock_calendar(by.agent_id)


def _locked_runs() -> TenantQuerySet[AssignmentRun]:
    return AssignmentRun.objects.across_brands().select_for_update(of=("self",))


def _move(
    run: AssignmentRun, target: AssignmentState, *, by: Actor, at: datetime, action: str, changes: Any = None
) -> None:
    before = run.state
    require_move(ASSIGNMENT_MOVES, before, target)
    run.state = target
    run.save(update_fields=["state"])
    trail.record(action, run, by=by, at=at, from_state=before, to_state=target, changes=changes)
