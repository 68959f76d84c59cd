"""Closing a gap in one press, within the money that the brand set aside for it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.ids import uuid7
from gigcx.kernel.intervals import GRID_MINUTES
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, SystemActor, require
from gigcx.tenancy.roles import Permission
from scheduling.actions.actuals import OwnStaff, record_in_house
from scheduling.actions.incentives import announce_incentive
from scheduling.actions.seats_of_requests import add_seats, hold_outstanding
from scheduling.actions.standby import promote_standby
from scheduling.actions.vto import offer_vto
from scheduling.actions.waitlists import fill_from_line, lock_shift
from scheduling.errors import BudgetTooSmall, RemedyGone
from scheduling.events import RemedyActed, ShiftAnnounced
from scheduling.models import CapacityRequest, InHouseCoverage, Remedy, Shift
from scheduling.queries.incentives import budget_of_step, cost_of, peak_of
from scheduling.queries.remedies import RemedyPlan, remedy_for
from scheduling.states import REMEDY_MOVES, IncentiveCause, RemedyKind, RemedyState, ShiftState


def act_on_remedy(*, remedy_id: UUID, by: Actor, at: datetime) -> Remedy:
    """Carry a proposed remedy out and count its cost against the request's remedy budget, both or neither.

    One conditional update keeps the budget, however many are pressed at once.

    Raises:
        NotFound: another brand's. NotAllowed: the role does not plan. RemedyGone: done, dismissed or too late.
        BudgetTooSmall: the budget does not cover it; carries the shortfall.
        What stands in the way of the step itself: FundsRefused, ShiftNotOpen, VtoClosed.
    """
    found = remedy_for(by, remedy_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=found.brand_id)
    return _acted(remedy_id, found.shift_id, by, at)


@transaction.atomic
def _acted(remedy_id: UUID, shift_id: UUID | None, by: Actor, at: datetime) -> Remedy:
    if shift_id is not None:
        lock_shift(shift_id)
    remedy = _locked(remedy_id)
    if remedy.state != RemedyState.PROPOSED or remedy.ends_at <= at:
        raise RemedyGone
    _spend(remedy, at)
    _STEPS[RemedyKind(remedy.kind)](remedy, by, at)
    remedy.is_automatic = isinstance(by, SystemActor)
    _move(remedy, RemedyState.ACTED, "scheduling.act_on_remedy", by=by, at=at)
    outbox.publish(
        RemedyActed(remedy_id=remedy.pk, request_id=remedy.request_id, cost_minor=remedy.cost_minor),
        at=at,
        brand_id=remedy.brand_id,
    )
    return remedy


def _locked(remedy_id: UUID) -> Remedy:
    rows = Remedy.objects.across_brands().select_for_update(of=("self",))
    return rows.select_related("request", "shift", "program").get(pk=remedy_id)


def _spend(remedy: Remedy, at: datetime) -> None:
    """Money for incentives goes over to their own budget, from which each step is paid."""
    beyond = _incentive_beyond(remedy, at)
    cost = remedy.cost_minor + beyond
    over = cost if remedy.kind == RemedyKind.INCENTIVE else beyond
    change = {"remedy_spent_minor": F("remedy_spent_minor") + cost}
    if over:
        change["incentive_budget_minor"] = F("incentive_budget_minor") + over
    rows = CapacityRequest.objects.for_brand(remedy.brand_id).filter(
        pk=remedy.request_id, remedy_budget_minor__gte=F("remedy_spent_minor") + cost
    )
    if not rows.update(**change):
        request = CapacityRequest.objects.for_brand(remedy.brand_id).get(pk=remedy.request_id)
        left = request.remedy_budget_minor - request.remedy_spent_minor
        raise BudgetTooSmall(
            _("The remedy budget of this request does not cover it."),
            shortfall_minor=cost - left,
            currency=remedy.currency,
        )


def _incentive_beyond(remedy: Remedy, at: datetime) -> int:
    """What its incentive costs beyond its price: added seats get what the shift pays on top, a raise reaches added seats."""
    if remedy.shift is None:
        return 0
    if remedy.kind == RemedyKind.INCENTIVE:
        step = budget_of_step(remedy.shift, int(remedy.details["per_hour_minor"]), at=at)
        return max(0, step.amount_minor - remedy.cost_minor)
    added = remedy.seats if remedy.kind == RemedyKind.WAITLIST else int(remedy.details.get("added", 0))
    peak, seats = peak_of(remedy.shift.pk), remedy.shift.seats
    more = cost_of(remedy.shift, peak, seats + added, at=at) - cost_of(remedy.shift, peak, seats, at=at)
    return more.amount_minor


def _shift_of(remedy: Remedy) -> Shift:
    if remedy.shift is None:
        raise RemedyGone
    return remedy.shift


def _call_standby(remedy: Remedy, by: Actor, at: datetime) -> None:
    """Who is called takes a free seat; where there are fewer of them, seats are added, never more than were priced."""
    shift = Shift.objects.for_brand(remedy.brand_id).get(pk=_shift_of(remedy).pk)
    added = int(remedy.details.get("added", 0))
    if added:
        add_seats(shift_id=shift.pk, seats=added, accepted_minor=remedy.cost_minor, by=by, at=at)
    called = 0
    while called < remedy.seats and promote_standby(shift_id=shift.pk, by=by, at=at) is not None:
        called += 1
    if not called:
        raise RemedyGone


def _add_seats(remedy: Remedy, by: Actor, at: datetime) -> None:
    shift = _shift_of(remedy)
    add_seats(shift_id=shift.pk, seats=remedy.seats, accepted_minor=remedy.cost_minor, by=by, at=at)
    fill_from_line(shift.pk, at=at)


def _raise_pay(remedy: Remedy, by: Actor, at: datetime) -> None:
    per_hour = int(remedy.details["per_hour_minor"])
    announce_incentive(
        shift_id=_shift_of(remedy).pk, per_hour_minor=per_hour, cause=IncentiveCause.REMEDY, by=by, at=at
    )


def _extend(remedy: Remedy, by: Actor, at: datetime) -> None:
    """A claimed shift never changes its times: who stays claims the short one that follows. They are told of it."""
    shift = _shift_of(remedy)
    following = Shift.objects.create(
        brand_id=shift.brand_id,
        program_id=shift.program_id,
        request_id=shift.request_id,
        channel=shift.channel,
        language=shift.language,
        starts_at=datetime.fromisoformat(remedy.details["from"]),
        ends_at=datetime.fromisoformat(remedy.details["to"]),
        timezone=shift.timezone,
        local_on=shift.local_on,
        seats=remedy.seats,
        rate_card_id=shift.rate_card_id,
        state=ShiftState.OPEN,
        publish_at=at,
        created_at=at,
    )
    trail.record("scheduling.announce_shift", following, by=by, at=at, to_state=following.state)
    outbox.publish(ShiftAnnounced(shift_id=following.pk), at=at, brand_id=following.brand_id)
    hold_outstanding(remedy.request, remedy.currency, at=at)


def _offer_time_off(remedy: Remedy, by: Actor, at: datetime) -> None:
    offer_vto(shift_id=_shift_of(remedy).pk, places=remedy.seats, by=by, at=at)


def _use_own_staff(remedy: Remedy, by: Actor, at: datetime) -> None:
    channel, language = remedy.request.channel, remedy.request.language
    rows = InHouseCoverage.objects.for_brand(remedy.brand_id).filter(
        program=remedy.program,
        channel=channel,
        language=language,
        starts_at__gte=remedy.starts_at,
        starts_at__lt=remedy.ends_at,
    )
    heads = dict(rows.values_list("starts_at", "heads"))
    quarter, start, wanted = timedelta(minutes=GRID_MINUTES), remedy.starts_at, []
    while start < remedy.ends_at:
        wanted.append(OwnStaff(start, start + quarter, heads.get(start, 0) + remedy.seats))
        start += quarter
    record_in_house(program_id=remedy.program_id, channel=channel, language=language, heads=wanted, by=by, at=at)
    trail.record("scheduling.note_own_staff", remedy, by=by, at=at, changes={"heads": remedy.seats})


_STEPS: Final[Mapping[RemedyKind, Callable[[Remedy, Actor, datetime], None]]] = {
    RemedyKind.STANDBY: _call_standby,
    RemedyKind.WAITLIST: _add_seats,
    RemedyKind.INCENTIVE: _raise_pay,
    RemedyKind.EXTEND: _extend,
    RemedyKind.VTO: _offer_time_off,
    RemedyKind.OWN_STAFF: _use_own_staff,
}


@transaction.atomic
def dismiss_remedy(*, remedy_id: UUID, by: Actor, at: datetime) -> Remedy:
    """Take a proposal off the board.

    Raises:
        NotFound: another brand's. NotAllowed: the role does not plan. MoveRefused: done or gone already.
    """
    found = remedy_for(by, remedy_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=found.brand_id)
    remedy = _locked(remedy_id)
    _move(remedy, RemedyState.DISMISSED, "scheduling.dismiss_remedy", by=by, at=at)
    return remedy


def write_proposals(
    program_id: UUID, channel: str, plans: list[RemedyPlan], *, by: Actor, at: datetime, language: str = ""
) -> list[Remedy]:
    """This function will put the plans on the board: new ones, those that stand brought up to date, the rest gone.

    The caller holds a transaction. What was dismissed for the same gap stays off the board.
    """
    standing = Remedy.objects.across_brands().select_for_update(of=("self",)).select_related("request")
    rows = standing.filter(
        program_id=program_id,
        request__channel=channel,
        request__language=language,
        state=RemedyState.PROPOSED,
    )
    known = {(one.request_id, one.kind, one.shift_id, one.starts_at): one for one in rows.order_by("pk")}
    dismissed = _dismissed(program_id, channel, language, at)
    wanted = {plan.key: plan for plan in plans if (plan.kind, plan.shift_id) not in dismissed}
    for key, row in known.items():
        if key not in wanted:
            _move(row, RemedyState.EXPIRED, "scheduling.expire_remedy", by=by, at=at)
    return [
        _brought_up(known[key], plan) if key in known else _written(program_id, plan, by=by, at=at)
        for key, plan in wanted.items()
    ]


def _dismissed(program_id: UUID, channel: str, language: str, at: datetime) -> set[tuple[str, UUID | None]]:
    rows = Remedy.objects.across_brands().filter(
        program_id=program_id,
        request__channel=channel,
        request__language=language,
        state=RemedyState.DISMISSED,
        ends_at__gt=at,
    )
    recent = rows.filter(decided_at__gt=at - timedelta(hours=1))
    return {(kind, shift_id) for kind, shift_id in recent.values_list("kind", "shift_id")}


def _brought_up(row: Remedy, plan: RemedyPlan) -> Remedy:
    row.ends_at, row.seats, row.covered_minutes = plan.ends_at, plan.seats, plan.covered_minutes
    row.cost_minor, row.details = plan.cost_minor, plan.details
    row.save(update_fields=["ends_at", "seats", "covered_minutes", "cost_minor", "details"])
    return row


def _written(program_id: UUID, plan: RemedyPlan, *, by: Actor, at: datetime) -> Remedy:
    brand_id = CapacityRequest.objects.across_brands().values_list("brand_id", flat=True).get(pk=plan.request_id)
    row = Remedy.objects.create(
        id=uuid7(),
        brand_id=brand_id,
        request_id=plan.request_id,
        program_id=program_id,
        shift_id=plan.shift_id,
        kind=plan.kind,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        seats=plan.seats,
        covered_minutes=plan.covered_minutes,
        cost_minor=plan.cost_minor,
        currency=plan.currency,
        details=plan.details,
        proposed_at=at,
    )
    trail.record("scheduling.propose_remedy", row, by=by, at=at, to_state=row.state)
    return row


def _move(remedy: Remedy, target: RemedyState, action: str, *, by: Actor, at: datetime) -> None:
    current = remedy.state
    require_move(REMEDY_MOVES, current, target)
    remedy.state, remedy.decided_at = target, at
    remedy.save(update_fields=["state", "decided_at", "is_automatic"])
    trail.record(
        action, remedy, by=by, at=at, from_state=current, to_state=target, changes={"cost_minor": remedy.cost_minor}
    )
