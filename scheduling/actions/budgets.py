"""What a request may spend on work, incentives and remedies: typed before its price is accepted, moved afterwards."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.queries import members_with
from gigcx.tenancy.roles import Permission
from scheduling.actions.acceptances import is_above_limit
from scheduling.actions.requests import lock_request
from scheduling.actions.seats_of_requests import hold_outstanding
from scheduling.errors import AboveLimit, RequestNotEditable
from scheduling.models import CapacityRequest, Shift
from scheduling.policies import can_promise_above_limit
from scheduling.queries.commitments import committed_minor
from scheduling.queries.doors import request_for
from scheduling.states import RequestState

MOST_BUDGET: Final = 10**12
_PRICED: Final = (RequestState.DRAFT, RequestState.QUOTED)
_RUNNING: Final = (RequestState.PUBLISHED, RequestState.LIVE)


@transaction.atomic
def set_budgets(
    *,
    request_id: UUID,
    work_minor: int | None,
    incentive_minor: int,
    remedy_minor: int,
    by: Actor,
    at: datetime,
) -> CapacityRequest:
    """Say what a request's work, incentives and remedies may cost at most, before its price is accepted.

    Raises:
        NotFound, NotAllowed: as everywhere. RequestNotEditable: it is promised already. Invalid: below zero, or no amount
            of money that anybody has.
    """
    request = lock_request(request_id, by=by)
    if request.state not in _PRICED:
        raise RequestNotEditable
    for field, amount in (
        ("work_budget", work_minor),
        ("incentive_budget", incentive_minor),
        ("remedy_budget", remedy_minor),
    ):
        if amount is not None:
            _refuse_odd_amount(amount, least=0, field=field)
    request.work_budget_minor = work_minor
    request.incentive_budget_minor, request.remedy_budget_minor = incentive_minor, remedy_minor
    request.save(update_fields=["work_budget_minor", "incentive_budget_minor", "remedy_budget_minor"])
    trail.record(
        "scheduling.set_budgets",
        request,
        by=by,
        at=at,
        changes={"work": work_minor, "incentive": incentive_minor, "remedy": remedy_minor},
    )
    return request


@transaction.atomic
def set_incentive_budget(*, request_id: UUID, budget_minor: int, by: Actor, at: datetime) -> CapacityRequest:
    """Set aside what a request may spend on incentives at most, in minor units of its bill currency.

    Raises:
        NotFound: another brand's. NotAllowed: the role may not accept prices.
        Invalid: less than agents were promised, or no amount that anybody has. RequestNotEditable: over, or being approved.
        AboveLimit: a raise past what one person may promise, by somebody who is not the second; names who is.
        FundsRefused: the account does not cover it.
    """
    request = _locked(request_id, by)
    _refuse_odd_amount(budget_minor, least=request.incentive_spent_minor, field="budget")
    before, request.incentive_budget_minor = request.incentive_budget_minor, budget_minor
    request.save(update_fields=["incentive_budget_minor"])
    if request.state in _RUNNING:
        _promise(request, by, is_raise=budget_minor > before, at=at)
    changes = {"before_minor": before, "budget_minor": budget_minor}
    trail.record("scheduling.set_incentive_budget", request, by=by, at=at, changes=changes)
    return request


@transaction.atomic
def set_remedy_budget(*, request_id: UUID, budget_minor: int, by: Actor, at: datetime) -> CapacityRequest:
    """Set aside what remedies of a request may cost at most, in minor units of its bill currency.

    Raises:
        As `set_incentive_budget`; Invalid: less than remedies have cost already.
    """
    request = _locked(request_id, by)
    _refuse_odd_amount(budget_minor, least=request.remedy_spent_minor, field="budget")
    before, request.remedy_budget_minor = request.remedy_budget_minor, budget_minor
    request.save(update_fields=["remedy_budget_minor"])
    if request.state in _RUNNING:
        _promise(request, by, is_raise=budget_minor > before, at=at)
    changes = {"before_minor": before, "budget_minor": budget_minor}
    trail.record("scheduling.set_remedy_budget", request, by=by, at=at, changes=changes)
    return request


def _locked(request_id: UUID, by: Actor) -> CapacityRequest:
    found = request_for(by, request_id)
    require(by, Permission.ACCEPT_QUOTES, brand_id=found.brand_id)
    rows = CapacityRequest.objects.across_brands().select_for_update(of=("self",), no_key=True)
    request = rows.select_related("program").get(pk=found.pk)
    if request.state == RequestState.AWAITING_APPROVAL:
        raise RequestNotEditable(_("It waits for approval: what it may cost stays until somebody has decided."))
    if request.state not in (*_PRICED, *_RUNNING):
        raise RequestNotEditable(_("This request is over: nothing can be set aside for it."))
    return request


def _refuse_odd_amount(amount_minor: int, *, least: int, field: str) -> None:
    if amount_minor < 0:
        raise Invalid(_("A budget is not negative."), field=field)
    if amount_minor < least:
        raise Invalid(_("More than this is promised or spent already."), field=field)
    if amount_minor > MOST_BUDGET:
        raise Invalid(_("That is more than can be set aside for one request."), field=field)


def _promise(request: CapacityRequest, by: Actor, *, is_raise: bool, at: datetime) -> None:
    """Before acceptance a budget is a wish; afterwards it is money held, and a raise past the limit wants a second person."""
    if is_raise:
        _refuse_above_limit(request, by)
    shifts = Shift.objects.for_brand(request.brand_id).filter(request=request).select_related("rate_card")
    priced = shifts.order_by("pk").first()
    if priced is not None:
        hold_outstanding(request, priced.rate_card.bill_currency, at=at)


def _refuse_above_limit(request: CapacityRequest, by: Actor) -> None:
    if can_promise_above_limit(by, request) or not is_above_limit(request, committed_minor(request)):
        return
    owners = members_with(request.brand_id, Permission.MANAGE_BRAND)
    able = [one.full_name for one in owners if one.pk != request.accepted_by]
    if not able:
        raise AboveLimit(
            _(
                "With this the request is above the limit that one person may promise alone, and whoever accepted its "
                "price is the brand's only owner. Invite a second owner, or change the limit in the program's rules."
            )
        )
    raise AboveLimit(
        _(
            "With this the request is above the limit that one person may promise alone. "
            "An owner who did not accept its price may set it: %(names)s."
        )
        % {"names": ", ".join(able)}
    )
