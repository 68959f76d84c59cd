"""Capacity after publication: more seats at a price that was shown, fewer where nobody holds them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, Stale
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.policies import require_may_trade
from gigcx.tenancy.roles import Permission
from scheduling.actions.acceptances import is_above_limit
from scheduling.actions.incentives import recount_incentive
from scheduling.actions.requests import SOURCE_KIND
from scheduling.actions.waitlists import fill_from_line
from scheduling.errors import AboveLimit, BudgetTooSmall, SeatsTaken, ShiftNotOpen
from scheduling.events import CapacityReduced
from scheduling.models import CapacityRequest, Shift
from scheduling.queries.commitments import committed_minor, outstanding_minor, price_of_seats
from scheduling.queries.doors import shift_for
from scheduling.registries import funds_gate
from scheduling.states import RequestState, ShiftState

CHANGEABLE = (ShiftState.ANNOUNCED, ShiftState.COLLECTING, ShiftState.OPEN, ShiftState.STARTED)
MOST_SEATS = 10_000


@transaction.atomic
def add_seats(*, shift_id: UUID, seats: int, accepted_minor: int | None, by: Actor, at: datetime) -> Shift:
    """Add seats to a published shift at the price that was shown, and hold the money for them.

    Raises:
        NotFound: another brand's. NotAllowed: the role may not accept prices. Invalid: no sensible number.
        ShiftNotOpen: it is over or cancelled. Stale: the price is not the one that was shown.
        BrandNotActive: the brand is past due or suspended.
        BudgetTooSmall: beyond the request's work budget, or the incentive budget where the shift pays more.
        AboveLimit: the total is more than one person may promise.
        FundsRefused: not enough money; carries the shortfall.
    """
    shift, request = _locked(shift_id, by=by, permission=Permission.ACCEPT_QUOTES)
    require_may_trade(shift.brand)
    _refuse_odd_number(shift, seats)
    price = price_of_seats(shift, seats)
    if accepted_minor is not None and accepted_minor != price.amount_minor:
        raise Stale
    shift.seats += seats
    shift.save(update_fields=["seats"])
    _refuse_too_dear(request, price)
    recount_incentive(shift, seats_before=shift.seats - seats, at=at)
    request.refresh_from_db(fields=["incentive_spent_minor"])
    hold_outstanding(request, price.currency, at=at)
    trail.record(
        "scheduling.add_seats", shift, by=by, at=at, changes={"seats": seats, "bill_minor": price.amount_minor}
    )
    fill_from_line(shift.pk, at=at)  # who waits comes before strangers
    return shift


@transaction.atomic
def reduce_seats(*, shift_id: UUID, seats: int, by: Actor, at: datetime) -> Shift:
    """Take free seats of a published shift back; nobody who holds or was offered one loses it.

    Raises:
        NotFound: another brand's. NotAllowed: the role does not plan capacity. Invalid: no sensible number, or no seat left.
        ShiftNotOpen: it is over or cancelled. SeatsTaken: fewer seats than that are free.
    """
    shift, request = _locked(shift_id, by=by, permission=Permission.PLAN_CAPACITY)
    _refuse_odd_number(shift, seats)
    if seats >= shift.seats:
        raise Invalid(_("Leave at least one seat, or cancel the request."), field="seats")
    left = Shift.objects.across_brands().filter(pk=shift.pk, seats__gte=F("filled") + F("reserved") + seats)
    if not left.update(seats=F("seats") - seats):
        raise SeatsTaken
    shift.seats -= seats
    recount_incentive(shift, seats_before=shift.seats + seats, at=at)
    request.refresh_from_db(fields=["incentive_spent_minor"])
    hold_outstanding(request, price_of_seats(shift, 1).currency, at=at)
    trail.record("scheduling.reduce_seats", shift, by=by, at=at, changes={"seats": -seats})
    fact = CapacityReduced(request_id=request.pk, shift_id=shift.pk, seats=seats)
    outbox.publish(fact, at=at, brand_id=shift.brand_id)
    return shift


def _locked(shift_id: UUID, *, by: Actor, permission: Permission) -> tuple[Shift, CapacityRequest]:
    found = shift_for(by, shift_id)
    require(by, permission, brand_id=found.brand_id)
    shifts = Shift.objects.across_brands().select_for_update(of=("self",)).select_related("program", "rate_card")
    shift = shifts.get(pk=found.pk)
    requests = CapacityRequest.objects.across_brands().select_for_update(of=("self",), no_key=True)
    request = requests.select_related("program").get(pk=shift.request_id)
    if shift.state not in CHANGEABLE or request.state not in (RequestState.PUBLISHED, RequestState.LIVE):
        raise ShiftNotOpen
    return shift, request


def _refuse_odd_number(shift: Shift, seats: int) -> None:
    if seats < 1 or shift.seats + seats > MOST_SEATS:
        raise Invalid(_("Type how many seats: a whole number from 1 up."), field="seats")


def _refuse_too_dear(request: CapacityRequest, price: Money) -> None:
    """The total counts the seats added just now; the request's row is held, so two additions queue."""
    committed = committed_minor(request)
    if request.work_budget_minor is not None and committed > request.work_budget_minor:
        over = committed - request.work_budget_minor
        raise BudgetTooSmall(
            _("This is above the work budget of the request."), shortfall_minor=over, currency=price.currency
        )
    if is_above_limit(request, committed):
        raise AboveLimit(
            _(
                "With these seats the request is above the limit that one person may promise alone. "
                "Plan them as a new request: a second person is asked for it."
            )
        )


def hold_outstanding(request: CapacityRequest, currency: str, *, at: datetime) -> None:
    """This function will hold what a request may still cost, its budgets included; the caller holds the request's row."""
    until = max(request.shifts.values_list("ends_at", flat=True))
    left = request.incentive_budget_minor - request.incentive_spent_minor
    left += request.remedy_budget_minor - request.remedy_spent_minor
    funds_gate().hold(
        brand_id=request.brand_id,
        program_id=request.program_id,
        source_kind=SOURCE_KIND,
        source_id=request.pk,
        amount=Money(outstanding_minor(request) + left, currency),
        until=until,
        at=at,
    )
