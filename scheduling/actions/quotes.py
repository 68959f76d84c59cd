"""Turning a price into a promise: funds held, shifts announced."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, NotFound, Stale
from gigcx.kernel.money import Money
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, SystemActor, require
from gigcx.tenancy.roles import Permission
from recruiting.models import RateCard
from scheduling.actions.requests import SOURCE_KIND
from scheduling.actions.waves import plan_release
from scheduling.errors import NothingToDesign, QuoteExpired
from scheduling.events import RequestPublished
from scheduling.models import CapacityRequest, Quote, Shift
from scheduling.queries.doors import quote_for
from scheduling.queries.prices import cheapest_seat, dearest_seat, seconds_between
from scheduling.registries import funds_gate
from scheduling.states import REQUEST_MOVES, DesignState, RequestState, ShiftState

QUOTE_HOLDS: Final = timedelta(hours=72)


def quote_pencilled(
    request: CapacityRequest, shifts: Sequence[Shift], card: RateCard, *, by: Actor, at: datetime
) -> Quote:
    """This function will price a locked request's pencilled shifts and move it to quoted, in the caller's transaction.

    One line a shift, each seat rounded as its invoice will be; the total is the sum of what the lines show. The price is
    what the dearest tier costs, so that what is held covers whoever claims; the least is stated beside it.
    """
    quote = _quoted(request, shifts, card, at)
    _to_quoted(request, quote, by=by, at=at)
    return quote


def _quoted(request: CapacityRequest, shifts: Sequence[Shift], card: RateCard, at: datetime) -> Quote:
    lines = [_quote_line(shift, card) for shift in shifts]
    return Quote.objects.create(
        brand_id=request.brand_id,
        request=request,
        request_version=request.version,
        currency=card.bill_currency,
        bill_minor=sum(line["bill_minor"] for line in lines),
        pay_currency=card.pay_currency,
        pay_minor=sum(line["pay_minor"] for line in lines),
        lines=lines,
        assumptions={
            "rate_card": str(card.pk),
            "tier": "dearest",
            "least_bill_minor": sum(line["least_bill_minor"] for line in lines),
            "show_rate": 1,
        },
        created_at=at,
        expires_at=at + QUOTE_HOLDS,
    )


def _quote_line(shift: Shift, card: RateCard) -> dict[str, Any]:
    seconds = seconds_between(shift.starts_at, shift.ends_at)
    most, least = dearest_seat(card, seconds), cheapest_seat(card, seconds)
    return {
        "shift_id": str(shift.pk),
        "seats": shift.seats,
        "seconds": seconds,
        "pay_minor": most.pay.amount_minor * shift.seats,
        "bill_minor": most.bill.amount_minor * shift.seats,
        "least_bill_minor": least.bill.amount_minor * shift.seats,
    }


def _to_quoted(request: CapacityRequest, quote: Quote, *, by: Actor, at: datetime) -> None:
    require_move(REQUEST_MOVES, request.state, RequestState.QUOTED)
    request.state = RequestState.QUOTED
    request.save(update_fields=["state", "design_state", "design"])
    trail.record(
        "scheduling.quote_request",
        request,
        by=by,
        at=at,
        from_state=RequestState.DRAFT,
        to_state=request.state,
        changes={"quote": str(quote.pk), "bill_minor": quote.bill_minor},
    )


@transaction.atomic
def accept_quote(
    *,
    quote_id: UUID,
    by: Actor,
    at: datetime,
    publish_at: datetime | None = None,
    is_draw_first: bool | None = None,
) -> CapacityRequest:
    """Publish a priced request: hold the money and announce its shifts, let out now or from `publish_at` on.

    `is_draw_first` is how seats are let out; None means as the program's rules say. Accepting the same quote twice
    publishes once.

    Raises:
        NotFound: another brand's quote. NotAllowed: the role may not accept prices.
        QuoteExpired: the price no longer holds. Stale: the request was changed after it was priced.
        NothingToDesign: every shift has begun already. FundsRefused: not enough money; carries the shortfall.
    """
    quote = quote_for(by, quote_id)
    require(by, Permission.ACCEPT_QUOTES, brand_id=quote.brand_id)
    shifts = _locked_drafts(quote)
    request = (
        CapacityRequest.objects.across_brands().select_for_update(of=("self",), no_key=True).get(pk=quote.request_id)
    )
    if request.state == RequestState.PUBLISHED and request.version == quote.request_version:
        return request
    _refuse_outdated(request, quote, shifts, at=at, publish_at=publish_at)
    require_move(REQUEST_MOVES, request.state, RequestState.PUBLISHED)
    funds_gate().hold(
        brand_id=request.brand_id,
        program_id=request.program_id,
        source_kind=SOURCE_KIND,
        source_id=request.pk,
        amount=Money(quote.bill_minor, quote.currency),
        until=max(shift.ends_at for shift in shifts),
        at=at,
    )
    plan_release(request, shifts, publish_at=publish_at, is_draw_first=is_draw_first, by=by, at=at)
    request.state, request.published_at = RequestState.PUBLISHED, at
    request.save(update_fields=["state", "published_at"])
    trail.record(
        "scheduling.accept_quote",
        request,
        by=by,
        at=at,
        from_state=RequestState.QUOTED,
        to_state=request.state,
        changes={"quote": str(quote.pk), "bill_minor": quote.bill_minor, "shifts": len(shifts)},
    )
    outbox.publish(RequestPublished(request_id=request.pk), at=at, brand_id=request.brand_id)
    return request


def _locked_drafts(quote: Quote) -> list[Shift]:
    rows = Shift.objects.for_brand(quote.brand_id).select_for_update(of=("self",))
    return list(rows.filter(request_id=quote.request_id, state=ShiftState.DRAFT).order_by("pk"))


def _refuse_outdated(
    request: CapacityRequest, quote: Quote, shifts: list[Shift], *, at: datetime, publish_at: datetime | None
) -> None:
    if request.state != RequestState.QUOTED or request.version != quote.request_version:
        raise Stale
    if at >= quote.expires_at or any(shift.starts_at <= at for shift in shifts):
        raise QuoteExpired
    if not shifts:
        raise NothingToDesign
    if publish_at is not None and publish_at >= min(shift.starts_at for shift in shifts):
        raise Invalid(_("Open the shifts before the first one starts."), field="publish_at")


@transaction.atomic
def expire_quote(*, request_id: UUID, by: SystemActor, at: datetime) -> None:
    """Let a price go that nobody accepted within 72 hours; the pencilled demand stays and can be priced again.

    Raises:
        NotFound: no such request.
    """
    rows = CapacityRequest.objects.across_brands().select_for_update(of=("self",), no_key=True)
    request = rows.filter(pk=request_id).first()
    if request is None:
        raise NotFound
    valid = request.quotes.filter(request_version=request.version, expires_at__gt=at).exists()
    if request.state != RequestState.QUOTED or valid:
        return
    require_move(REQUEST_MOVES, request.state, RequestState.EXPIRED)
    Shift.objects.for_brand(request.brand_id).filter(request=request, state=ShiftState.DRAFT).delete()
    request.state, request.design_state = RequestState.EXPIRED, DesignState.NONE
    request.save(update_fields=["state", "design_state"])
    trail.record(
        "scheduling.expire_quote",
        request,
        by=by,
        at=at,
        from_state=RequestState.QUOTED,
        to_state=request.state,
    )
