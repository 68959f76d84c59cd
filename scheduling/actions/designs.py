"""Making shifts from demand: asked for by a planner, done by a worker, priced at once, changed by hand."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, NotFound, Stale
from gigcx.kernel.intervals import day_of, is_on_grid, zone_of
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from recruiting.models import RateCard
from recruiting.queries import active_rate_card
from scheduling.actions.quotes import quote_pencilled
from scheduling.actions.requests import back_to_draft, lock_request, require_editable, withdraw_promise
from scheduling.design.problem import Design, DesignProblem
from scheduling.errors import DesignRunning, NoRateCard, NothingToDesign
from scheduling.models import CapacityRequest, Shift
from scheduling.models.demand import MAX_AGENTS, CapacityRequestQuerySet
from scheduling.queries.beginnings import begun_again, is_being_done
from scheduling.queries.designs import curve_of, demand_from, figures_of, need_beyond, problem_of
from scheduling.queries.lists import shifts_of_request
from scheduling.queries.weeks import week_period
from scheduling.states import REQUEST_MOVES, DesignState, GivenUp, RequestState, ShiftState

if TYPE_CHECKING:
    from scheduling.design.search import Progress

DESIGN_SECONDS: Final = 5.0
BEAT_HOLDS: Final = timedelta(seconds=30)
LONGEST_SHIFT: Final = timedelta(hours=12)
_LOOK_EVERY: Final = 1.0


@transaction.atomic
def design_request_shifts(
    *, request_id: UUID, by: Actor, at: datetime, seen_version: int | None = None
) -> CapacityRequest:
    """Ask for shifts that cover a pencilled request. A worker makes them; the row says that somebody must.

    Raises:
        NotFound, NotAllowed, Stale, RequestNotEditable: as for typing.
        NothingToDesign: no demand from now on. NoRateCard: nothing to price with. DesignRunning: it is being done.
    """
    request = lock_request(request_id, by=by)
    require_editable(request, seen_version=seen_version)
    if request.design_state == DesignState.QUEUED and not _is_abandoned(request, at):
        raise DesignRunning
    if not request.intervals.filter(agents__gt=0, starts_at__gte=at).exists():
        raise NothingToDesign
    if not any(demand_from(request, at=at).values()):
        raise NothingToDesign(_("Published shifts cover all of it already. Ask for more than they do."))
    if active_rate_card(request.program_id, at) is None:
        raise NoRateCard
    if request.state != RequestState.DRAFT:
        back_to_draft(request, by=by, at=at)
    request.design_state, request.design_requested_at = DesignState.QUEUED, at
    request.design_cancel_at, request.design_progress = None, {}
    request.save(update_fields=["design_state", "design_requested_at", "design_cancel_at", "design_progress"])
    trail.record("scheduling.design_request_shifts", request, by=by, at=at)
    return request


@transaction.atomic
def stop_design(*, request_id: UUID, by: Actor, at: datetime) -> CapacityRequest:
    """End a running design early and keep the best found so far. What no worker has taken up is called off.

    Raises:
        NotFound, NotAllowed: as everywhere. Stale: nothing is being made any more.
    """
    request = lock_request(request_id, by=by)
    if request.design_state != DesignState.QUEUED:
        raise Stale(_("No shifts are being made for this request now."))
    request.design_cancel_at = at
    if not is_beating(request, at=at):
        request.design_state = DesignState.NONE
    request.save(update_fields=["design_cancel_at", "design_state"])
    trail.record("scheduling.stop_design", request, by=by, at=at)
    return request


def make_designed_shifts(
    *,
    request_id: UUID,
    by: Actor,
    at: datetime,
    seconds: float = DESIGN_SECONDS,
    workers: int = 1,
    iterations: int | None = None,
) -> Design | None:
    """Solve a queued request and write its pencilled shifts and their price.

    The solving holds no lock; what was typed meanwhile wins and the result is thrown away. A worker that died left its last
    beat behind: half a minute later another may take the request up, three times in all; then it is given up, and its page
    says so. Run twice, the second finds nothing to do. Returns None in all these cases. `iterations` limits the search
    where every machine must find the same shifts.
    """
    from scheduling.design.search import design_shifts

    request = _taken_up(request_id, by=by, at=at)
    if request is None:
        return None
    problem = problem_of(request, demand_from(request, at=at), need_beyond(request))
    report = _Report(request, at)
    design = design_shifts(
        problem,
        seconds=seconds,
        seed=request.version,
        workers=workers,
        on_progress=report.note,
        should_stop=report.is_told_to_stop,
        iterations=iterations,
    )
    return design if _written(request, problem, design, report, by=by, at=at) else None


@dataclass(frozen=True, slots=True)
class ChangedShift:
    """A pencilled shift as a planner wants it; no seats takes it away."""

    shift_id: UUID
    starts_at: datetime
    ends_at: datetime
    seats: int


@transaction.atomic
def change_pencilled_shifts(
    *,
    request_id: UUID,
    changes: Sequence[ChangedShift],
    by: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> CapacityRequest:
    """Move pencilled shifts or change their seats, all or none. Their price is counted anew by a worker.

    Raises:
        NotFound, NotAllowed, Stale, RequestNotEditable: as for typing; a shift that is not pencilled any more is not found.
        Invalid: off the grid, outside the week, in the past, longer than a day's limit; `field` is part and shift.
    """
    request = lock_request(request_id, by=by)
    require_editable(request, seen_version=seen_version)
    shifts = _lock_pencilled(request, changes)
    noted = []
    for one in changes:
        shift = shifts.get(one.shift_id)
        if shift is None:
            raise NotFound
        _require_sensible(request, one, at)
        noted.append(_change(shift, one, zone_of(request.timezone)))
    if noted:
        _note_change(request, by=by, at=at)
        trail.record("scheduling.change_pencilled_shifts", request, by=by, at=at, changes={"shifts": noted})
    return request


def is_beating(request: CapacityRequest, *, at: datetime) -> bool:
    """This function will tell whether a worker has been heard of lately."""
    return is_being_done(request.design_progress, at=at, holds=BEAT_HOLDS)


class _Report:
    """What a worker tells the row about its search, and what it hears back. At most once a second."""

    def __init__(self, request: CapacityRequest, at: datetime) -> None:
        self._rows = CapacityRequest.objects.across_brands().filter(pk=request.pk, version=request.version)
        self._at, self._began, self._looked = at, time.monotonic(), 0.0
        self._progress: dict[str, Any] = dict(request.design_progress)
        self.was_told = False

    @property
    def seconds(self) -> float:
        """How long the search has run."""
        return round(time.monotonic() - self._began, 1)

    def note(self, progress: "Progress") -> None:
        """Remember how far it is."""
        self._progress |= {
            "objective": progress.objective,
            "bound": progress.bound,
            "distinct": progress.distinct,
            "tries": progress.tries,
        }
        self._exchange()

    def is_told_to_stop(self) -> bool:
        """Whether the planner said stop, or typed something else."""
        self._exchange()
        return self.was_told

    def _exchange(self) -> None:
        if self.was_told or time.monotonic() - self._looked < _LOOK_EVERY:
            return
        self._looked = time.monotonic()
        now = self._at + timedelta(seconds=self.seconds)
        self._progress |= {"seconds": self.seconds, "beat_at": now.isoformat()}
        going_on = self._rows.filter(design_state=DesignState.QUEUED, design_cancel_at=None)
        self.was_told = not going_on.update(design_progress=self._progress)


def _taken_up(request_id: UUID, *, by: Actor, at: datetime) -> CapacityRequest | None:
    """The request, if nobody else is at it: the beat is compared and set in one statement."""
    rows = CapacityRequest.objects.across_brands()
    request = rows.select_related("program").get(pk=request_id)
    if request.design_state != DesignState.QUEUED or request.state != RequestState.DRAFT or is_beating(request, at=at):
        return None
    seen = request.design_progress
    note = begun_again(seen, version=request.version, at=at)
    same = rows.filter(pk=request_id, version=request.version, design_state=DesignState.QUEUED, design_progress=seen)
    if note is None:
        _give_up_crashed(same, by=by, at=at)
        return None
    request.design_progress = note
    return request if same.update(design_progress=note) else None


@transaction.atomic
def _give_up_crashed(same: CapacityRequestQuerySet, *, by: Actor, at: datetime) -> None:
    request = same.select_for_update(of=("self",), no_key=True).first()
    if request is not None:
        _give_up(request, GivenUp.CRASHED, by=by, at=at)


def _give_up(request: CapacityRequest, why: GivenUp, *, by: Actor, at: datetime) -> None:
    """The demand stands, and its page says why there are no shifts; who presses again begins anew."""
    request.design_state, request.design = DesignState.NONE, {}
    request.design_progress = {"given_up": why.value, "version": request.version}
    request.save(update_fields=["design_state", "design", "design_progress"])
    trail.record("scheduling.give_up_design", request, by=by, at=at, changes={"why": why.value})


def _is_abandoned(request: CapacityRequest, at: datetime) -> bool:
    asked = request.design_requested_at or at
    return not is_beating(request, at=at) and at - asked >= 2 * BEAT_HOLDS


@transaction.atomic
def _written(
    request: CapacityRequest, problem: DesignProblem, design: Design, report: _Report, *, by: Actor, at: datetime
) -> bool:
    seen = request.version
    rows = CapacityRequest.objects.across_brands().select_for_update(of=("self",), no_key=True)
    request = rows.select_related("program").get(pk=request.pk)
    if request.version != seen or request.design_state != DesignState.QUEUED or request.state != RequestState.DRAFT:
        return False
    request.design_progress = {}
    card = active_rate_card(request.program_id, at)
    if card is None or not design.shifts:
        _give_up(request, GivenUp.NO_RATE_CARD if card is None else GivenUp.NO_SHIFTS, by=by, at=at)
        return False
    shifts = _pencil(request, problem, design, card, at)
    request.design_state, request.design = DesignState.DONE, _figures(design, report)
    request.save(update_fields=["design_progress"])
    quote_pencilled(request, shifts, card, by=by, at=at)
    return True


def _figures(design: Design, report: _Report) -> dict[str, Any]:
    return {
        "under": design.under_minutes,
        "over": design.over_minutes,
        "distinct": design.distinct,
        "objective": design.objective,
        "bound": design.bound,
        "is_proven": design.is_proven,
        "seconds": report.seconds,
        "was_stopped": report.was_told,
    }


@dataclass(frozen=True, slots=True)
class _Made:
    """One shift to be: its time and seats."""

    starts_at: datetime
    ends_at: datetime
    seats: int


def _pencil(
    request: CapacityRequest, problem: DesignProblem, design: Design, card: RateCard, at: datetime
) -> list[Shift]:
    Shift.objects.for_brand(request.brand_id).filter(request=request, state=ShiftState.DRAFT).delete()
    zone = zone_of(request.timezone)
    return Shift.objects.bulk_create(
        Shift(
            brand_id=request.brand_id,
            program_id=request.program_id,
            request=request,
            channel=request.channel,
            language=request.language,
            starts_at=made.starts_at,
            ends_at=made.ends_at,
            timezone=request.timezone,
            local_on=made.starts_at.astimezone(zone).date(),
            seats=made.seats,
            rate_card=card,
            created_at=at,
        )
        for made in _made(request, problem, design)
    )


def _made(request: CapacityRequest, problem: DesignProblem, design: Design) -> Sequence[_Made]:
    first = week_period(request.week_starts_on, zone_of(request.timezone)).starts_at
    slot = timedelta(minutes=problem.slot_minutes)
    made = []
    for one in design.shifts:
        for day, heads in enumerate(one.heads):
            slots = problem.slots_of(day, one.kind) if heads else None
            if slots:
                made.append(_Made(first + slot * slots[0], first + slot * (slots[-1] + 1), heads))
    return sorted(made, key=lambda shift: (shift.starts_at, shift.ends_at))


def _lock_pencilled(request: CapacityRequest, changes: Sequence[ChangedShift]) -> dict[UUID, Shift]:
    rows = Shift.objects.for_brand(request.brand_id).filter(request=request, state=ShiftState.DRAFT)
    asked = rows.filter(pk__in=[one.shift_id for one in changes])
    return {one.pk: one for one in asked.select_for_update(of=("self",), no_key=True).order_by("pk")}


def _change(shift: Shift, wanted: ChangedShift, zone: ZoneInfo) -> dict[str, str]:
    before = f"{shift.starts_at.isoformat()}/{shift.ends_at.isoformat()} x {shift.seats}"
    if not wanted.seats:
        shift.delete()
        return {"from": before, "to": ""}
    shift.starts_at, shift.ends_at, shift.seats = wanted.starts_at, wanted.ends_at, wanted.seats
    shift.local_on = wanted.starts_at.astimezone(zone).date()
    shift.save(update_fields=["starts_at", "ends_at", "seats", "local_on"])
    return {"from": before, "to": f"{wanted.starts_at.isoformat()}/{wanted.ends_at.isoformat()} x {wanted.seats}"}


def _require_sensible(request: CapacityRequest, wanted: ChangedShift, at: datetime) -> None:
    week = week_period(request.week_starts_on, zone_of(request.timezone))
    starts_at, ends_at, one = wanted.starts_at, wanted.ends_at, wanted.shift_id
    if not 0 <= wanted.seats <= MAX_AGENTS:
        raise Invalid(_("Seats lie between 0 and 10,000."), field=f"seats-{one}")
    if not is_on_grid(starts_at):
        raise Invalid(_("Shifts start and end on the quarter hour."), field=f"start-{one}")
    if not is_on_grid(ends_at):
        raise Invalid(_("Shifts start and end on the quarter hour."), field=f"end-{one}")
    if not timedelta(0) < ends_at - starts_at <= LONGEST_SHIFT:
        raise Invalid(_("A shift lasts from a quarter of an hour to twelve hours."), field=f"end-{one}")
    if not week.starts_at <= starts_at < week.ends_at or ends_at > _latest_end(request):
        raise Invalid(_("The shift lies outside the week."), field=f"start-{one}")
    if starts_at < at:
        raise Invalid(_("The shift would start in the past."), field=f"start-{one}")


def _latest_end(request: CapacityRequest) -> datetime:
    """Sunday's night shift may end on the next morning, drawn by hand."""
    return day_of(request.week_starts_on + timedelta(days=7), zone_of(request.timezone)).ends_at


def _note_change(request: CapacityRequest, *, by: Actor, at: datetime) -> None:
    """The price falls away, the shifts stay; who waits for approval waits no longer."""
    if request.state == RequestState.AWAITING_APPROVAL:
        withdraw_promise(request, at=at)
    before = request.state
    if before != RequestState.DRAFT:
        require_move(REQUEST_MOVES, before, RequestState.DRAFT)
        request.state = RequestState.DRAFT
    request.version += 1
    curve = curve_of(request, at=at)
    is_left = shifts_of_request(request).exists()
    request.design_state = DesignState.DONE if is_left else DesignState.NONE
    request.design = figures_of(request, curve, bound=request.design.get("bound", 0)) if is_left else {}
    request.design_progress = {}
    request.save(update_fields=["version", "state", "design_state", "design", "design_progress"])
    if before != RequestState.DRAFT:
        trail.record("scheduling.edit_request", request, by=by, at=at, from_state=before, to_state=request.state)
