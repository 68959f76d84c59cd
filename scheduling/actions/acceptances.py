"""Turning a price into a promise: funds held, a second person asked where the amount is high, shifts announced."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, NotAllowed, Stale
from gigcx.kernel.money import Money
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, BrandActor, require
from gigcx.tenancy.policies import require_may_trade
from gigcx.tenancy.roles import Permission
from scheduling.actions.requests import SOURCE_KIND, withdraw_promise
from scheduling.actions.waves import plan_release
from scheduling.errors import BudgetTooSmall, NothingToDesign, OwnApproval, QuoteExpired
from scheduling.events import RequestPublished
from scheduling.models import CapacityRequest, Quote, Shift
from scheduling.queries.doors import quote_for, request_for
from scheduling.queries.rules import rules_of
from scheduling.registries import funds_gate
from scheduling.states import REQUEST_MOVES, DesignState, RequestState, ShiftState


@transaction.atomic
def accept_quote(
    *,
    quote_id: UUID,
    by: Actor,
    at: datetime,
    publish_at: datetime | None = None,
    is_draw_first: bool | None = None,
) -> CapacityRequest:
    """Publish a priced request: hold the money, announce its shifts, let seats out now or from `publish_at` on.

    `is_draw_first` is how seats are let out; None means as the program's rules say. Above the rules' limit the money is held
    and a second person is asked; the request then waits for approval. Accepting the same quote twice publishes once.

    Raises:
        NotFound: another brand's quote. NotAllowed: the role may not accept prices.
        BrandNotActive: the brand is past due or suspended. QuoteExpired: the price no longer holds.
        Stale: the request was changed after it was priced.
        NothingToDesign: every shift has begun already. BudgetTooSmall: more than the request's own work budget.
        FundsRefused: not enough money; carries the shortfall.
    """
    quote = quote_for(by, quote_id)
    require(by, Permission.ACCEPT_QUOTES, brand_id=quote.brand_id)
    require_may_trade(quote.brand)
    request = _locked(quote.request_id)
    shifts = _locked_drafts(request)
    if request.state in _TAKEN and request.version == quote.request_version:
        return request
    if request.state != RequestState.QUOTED or request.version != quote.request_version:
        raise Stale
    _refuse_outdated(quote, shifts, at=at, publish_at=publish_at)
    _refuse_over_budget(request, quote)
    _hold(request, quote, shifts, at=at)
    request.accepted_by = by.user.pk if isinstance(by, BrandActor) else by.ref_id
    request.publish_at, request.is_draw_first = publish_at, is_draw_first
    if is_above_limit(request, quote.bill_minor):
        return _ask_second(request, quote, by=by, at=at)
    return _publish(request, quote, shifts, action="scheduling.accept_quote", by=by, at=at)


_TAKEN: Final = (RequestState.PUBLISHED, RequestState.LIVE, RequestState.AWAITING_APPROVAL)


@transaction.atomic
def approve_request(*, request_id: UUID, by: Actor, at: datetime) -> CapacityRequest:
    """Let a price through that another person accepted above the limit. Approving twice publishes once.

    Raises:
        NotFound: another brand's. NotAllowed: the role may not accept prices, or no person stands behind the actor.
        BrandNotActive: the brand is past due or suspended. OwnApproval: the actor accepted the price.
        QuoteExpired: it no longer holds, or a shift has begun. Stale: the request does not wait for approval.
    """
    found = request_for(by, request_id)
    _require_person(by, found)
    require_may_trade(found.brand)
    request = _locked(found.pk)
    shifts = _locked_drafts(request)
    if request.state in (RequestState.PUBLISHED, RequestState.LIVE):
        return request
    quote = _waiting_quote(request)
    _refuse_own(by, request)
    _refuse_outdated(quote, shifts, at=at, publish_at=_still_ahead(request, at))
    _hold(request, quote, shifts, at=at)
    return _publish(request, quote, shifts, action="scheduling.approve_request", by=by, at=at)


@transaction.atomic
def refuse_request(*, request_id: UUID, reason: str, by: Actor, at: datetime) -> CapacityRequest:
    """Send a price that waits for approval back to planning; demand and shifts stay, and whoever accepted reads why.

    Raises:
        NotFound, NotAllowed, OwnApproval: as for approving. Invalid: a reason is needed. Stale: nothing waits.
    """
    found = request_for(by, request_id)
    _require_person(by, found)
    request = _locked(found.pk)
    if not reason.strip():
        raise Invalid(_("Say why, so that whoever planned it can change it."), field="reason")
    _waiting_quote(request)
    _refuse_own(by, request)
    send_back(request, action="scheduling.refuse_request", reason=reason.strip(), by=by, at=at)
    return request


def _require_person(by: Actor, request: CapacityRequest) -> None:
    """Two persons decide: a key is not one, whoever made it."""
    require(by, Permission.ACCEPT_QUOTES, brand_id=request.brand_id)
    if not isinstance(by, BrandActor) or by.api_key_id is not None:
        raise NotAllowed


def _refuse_own(by: Actor, request: CapacityRequest) -> None:
    if isinstance(by, BrandActor) and by.user.pk == request.accepted_by:
        raise OwnApproval


def _waiting_quote(request: CapacityRequest) -> Quote:
    quote = request.quotes.filter(request_version=request.version).first()
    if request.state != RequestState.AWAITING_APPROVAL or quote is None:
        raise Stale
    return quote


def _still_ahead(request: CapacityRequest, at: datetime) -> datetime | None:
    return request.publish_at if request.publish_at and request.publish_at > at else None


def is_above_limit(request: CapacityRequest, work_minor: int) -> bool:
    """This function will tell whether work at that price, with the request's budgets, needs a second person."""
    limit = rules_of(request.program).approval_above_minor
    return limit is not None and promised_minor(request, work_minor) > limit


def promised_minor(request: CapacityRequest, work_minor: int) -> int:
    """This function will add what incentives and remedies may cost to the price of the work."""
    return work_minor + request.incentive_budget_minor + request.remedy_budget_minor


def _refuse_over_budget(request: CapacityRequest, quote: Quote) -> None:
    if request.work_budget_minor is not None and quote.bill_minor > request.work_budget_minor:
        raise BudgetTooSmall(
            _("The price is above the work budget of this request."),
            shortfall_minor=quote.bill_minor - request.work_budget_minor,
            currency=quote.currency,
        )


def _hold(request: CapacityRequest, quote: Quote, shifts: Sequence[Shift], *, at: datetime) -> None:
    funds_gate().hold(
        brand_id=request.brand_id,
        program_id=request.program_id,
        source_kind=SOURCE_KIND,
        source_id=request.pk,
        amount=Money(promised_minor(request, quote.bill_minor), quote.currency),
        until=max(shift.ends_at for shift in shifts),
        at=at,
    )


def _ask_second(request: CapacityRequest, quote: Quote, *, by: Actor, at: datetime) -> CapacityRequest:
    require_move(REQUEST_MOVES, request.state, RequestState.AWAITING_APPROVAL)
    request.state, request.approval_asked_at = RequestState.AWAITING_APPROVAL, at
    request.save(update_fields=["state", "approval_asked_at", "accepted_by", "publish_at", "is_draw_first"])
    trail.record(
        "scheduling.ask_approval",
        request,
        by=by,
        at=at,
        from_state=RequestState.QUOTED,
        to_state=request.state,
        changes={"quote": str(quote.pk), "bill_minor": quote.bill_minor},
    )
    return request


def _publish(
    request: CapacityRequest, quote: Quote, shifts: Sequence[Shift], *, action: str, by: Actor, at: datetime
) -> CapacityRequest:
    current = request.state
    require_move(REQUEST_MOVES, current, RequestState.PUBLISHED)
    plan_release(
        request, shifts, publish_at=_still_ahead(request, at), is_draw_first=request.is_draw_first, by=by, at=at
    )
    request.state, request.published_at = RequestState.PUBLISHED, at
    request.save(update_fields=["state", "published_at", "accepted_by", "publish_at", "is_draw_first"])
    trail.record(
        action,
        request,
        by=by,
        at=at,
        from_state=current,
        to_state=request.state,
        changes={"quote": str(quote.pk), "bill_minor": quote.bill_minor, "shifts": len(shifts)},
    )
    outbox.publish(RequestPublished(request_id=request.pk), at=at, brand_id=request.brand_id)
    return request


def _locked(request_id: UUID) -> CapacityRequest:
    rows = CapacityRequest.objects.across_brands().select_for_update(of=("self",), no_key=True)
    return rows.select_related("program").get(pk=request_id)


def _locked_drafts(request: CapacityRequest) -> list[Shift]:
    """Pencilled shifts are locked after their request, published ones before it: whoever edits does the same."""
    rows = Shift.objects.for_brand(request.brand_id).select_for_update(of=("self",))
    return list(rows.filter(request_id=request.pk, state=ShiftState.DRAFT).order_by("pk"))


def _refuse_outdated(quote: Quote, shifts: Sequence[Shift], *, at: datetime, publish_at: datetime | None) -> None:
    if at >= quote.expires_at or any(shift.starts_at <= at for shift in shifts):
        raise QuoteExpired
    if not shifts:
        raise NothingToDesign
    if publish_at is not None and publish_at >= min(shift.starts_at for shift in shifts):
        raise Invalid(_("Open the shifts before the first one starts."), field="publish_at")


def send_back(request: CapacityRequest, *, action: str, reason: str, by: Actor, at: datetime) -> None:
    """Give back what was held for a locked request and let its priced shifts go; its demand stays, as a draft."""
    current = request.state
    require_move(REQUEST_MOVES, current, RequestState.DRAFT)
    withdraw_promise(request, at=at)
    Shift.objects.for_brand(request.brand_id).filter(request=request, state=ShiftState.DRAFT).delete()
    request.state, request.design_state = RequestState.DRAFT, DesignState.NONE
    request.version += 1
    request.save(update_fields=["state", "design_state", "version"])
    trail.record(action, request, by=by, at=at, from_state=current, to_state=request.state, reason=reason)
