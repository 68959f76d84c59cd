"""What planned shifts would cost: priced, shown for 72 hours, let go when nobody takes it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from gigcx.audit import trail
from gigcx.kernel.errors import NotFound, Stale
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, SystemActor
from recruiting.models import RateCard
from recruiting.queries import active_rate_card
from scheduling.actions.acceptances import send_back
from scheduling.actions.requests import lock_request
from scheduling.models import CapacityRequest, Quote, Shift
from scheduling.queries.beginnings import begun_again, given_up, is_being_done
from scheduling.queries.fill_odds import PlannedShift
from scheduling.queries.outlooks import Outlook, outlook_of
from scheduling.queries.prices import cheapest_seat, dearest_seat, hour_kind, seconds_between
from scheduling.states import REQUEST_MOVES, DesignState, GivenUp, RequestState, ShiftState

QUOTE_HOLDS: Final = timedelta(hours=72)
# As long as a worker may count before it is ended.
_COUNTING_LASTS: Final = timedelta(seconds=90)


def quote_pencilled(
    request: CapacityRequest,
    shifts: Sequence[Shift],
    card: RateCard,
    *,
    by: Actor,
    at: datetime,
    outlook: Outlook | None = None,
) -> Quote:
    """This function will price a locked request's pencilled shifts and move it to quoted, in the caller's transaction.

    One line a shift, each seat rounded as its invoice will be; the total is the sum of what the lines show. The price is
    what the dearest tier costs, so that what is held covers whoever claims; the least is stated beside it. The outlook
    takes a second or two to count: only workers call this, and may hand in one that they counted before locking.
    """
    found = outlook or outlook_of(request, [_planned(one) for one in shifts], card, at=at)
    quote = _quoted(request, shifts, card, found, at=at)
    _to_quoted(request, quote, by=by, at=at)
    return quote


def quote_request(*, request_id: UUID, by: Actor, at: datetime) -> Quote | None:
    """Price a request whose shifts are pencilled but not priced, as after moving one by hand. A worker does it.

    The counting holds no lock; what was changed meanwhile wins and nothing is written. Run twice, the second finds nothing
    to do. Where no rate card is in force any more, or a worker died at it three times, it is given up and the page says so.
    Returns None in all these cases.

    Raises:
        NotFound: no such request.
    """
    request = _taken_up(request_id, by=by, at=at)
    shifts = _drafts(request) if request is not None else []
    if request is None or not shifts:
        return None
    card = active_rate_card(request.program_id, at)
    if card is None:
        _give_up(request_id, request.version, GivenUp.NO_RATE_CARD, by=by, at=at)
        return None
    outlook = outlook_of(request, [_planned(one) for one in shifts], card, at=at)
    return _priced(request, [one.pk for one in shifts], card, outlook, by=by, at=at)


@transaction.atomic
def price_again(*, request_id: UUID, by: Actor, at: datetime) -> CapacityRequest:
    """Let workers price a request again that they had given up.

    Raises:
        NotFound, NotAllowed: as everywhere. Stale: it is priced, changed or being priced.
    """
    request = lock_request(request_id, by=by)
    if not _wants_price(request, request.version) or given_up(request.design_progress) is None:
        raise Stale
    request.design_progress = {}
    request.save(update_fields=["design_progress"])
    trail.record("scheduling.price_again", request, by=by, at=at)
    return request


def _taken_up(request_id: UUID, *, by: Actor, at: datetime) -> CapacityRequest | None:
    """The request, if it wants a price and nobody else is at it: the beat is compared and set in one statement."""
    rows = CapacityRequest.objects.across_brands().select_related("program").filter(pk=request_id)
    request = rows.first()
    if request is None:
        raise NotFound
    seen, version = request.design_progress, request.version
    if not _wants_price(request, version) or given_up(seen) or is_being_done(seen, at=at, holds=_COUNTING_LASTS):
        return None
    note = begun_again(seen, version=version, at=at)
    if note is None:
        _give_up(request_id, version, GivenUp.CRASHED, by=by, at=at)
        return None
    return request if rows.filter(version=version, design_progress=seen).update(design_progress=note) else None


@transaction.atomic
def _give_up(request_id: UUID, version: int, why: GivenUp, *, by: Actor, at: datetime) -> None:
    rows = CapacityRequest.objects.across_brands().select_for_update(of=("self",), no_key=True)
    request = rows.get(pk=request_id)
    if not _wants_price(request, version):
        return
    request.design_progress = {"given_up": why.value, "version": version}
    request.save(update_fields=["design_progress"])
    trail.record("scheduling.give_up_quote", request, by=by, at=at, changes={"why": why.value})


@transaction.atomic
def _priced(
    seen: CapacityRequest, shift_ids: Sequence[UUID], card: RateCard, outlook: Outlook, *, by: Actor, at: datetime
) -> Quote | None:
    rows = CapacityRequest.objects.across_brands().select_for_update(of=("self",), no_key=True)
    request = rows.select_related("program").get(pk=seen.pk)
    shifts = _drafts(request)
    if not _wants_price(request, seen.version) or [one.pk for one in shifts] != list(shift_ids):
        return None
    return quote_pencilled(request, shifts, card, by=by, at=at, outlook=outlook)


def _drafts(request: CapacityRequest) -> list[Shift]:
    rows = Shift.objects.for_brand(request.brand_id).filter(request=request, state=ShiftState.DRAFT)
    return list(rows.order_by("starts_at", "ends_at", "pk"))


def _wants_price(request: CapacityRequest, version: int) -> bool:
    is_pencilled = request.state == RequestState.DRAFT and request.design_state == DesignState.DONE
    return is_pencilled and request.version == version


def _planned(shift: Shift) -> PlannedShift:
    return PlannedShift(shift.starts_at, shift.ends_at, shift.seats)


def _quoted(
    request: CapacityRequest, shifts: Sequence[Shift], card: RateCard, outlook: Outlook, *, at: datetime
) -> Quote:
    lines = [
        _quote_line(shift, card) | {"odds": odds} for shift, odds in zip(shifts, outlook.fill["shifts"], strict=True)
    ]
    return Quote.objects.create(
        brand_id=request.brand_id,
        request=request,
        request_version=request.version,
        currency=card.bill_currency,
        bill_minor=sum(line["bill_minor"] for line in lines),
        pay_currency=card.pay_currency,
        pay_minor=sum(line["pay_minor"] for line in lines),
        lines=lines,
        assumptions=outlook.assumptions
        | {
            "rate_card": str(card.pk),
            "tier": "dearest",
            "least_bill_minor": sum(line["least_bill_minor"] for line in lines),
            "kind": hour_kind(card),
        },
        floor_exposure_minor=outlook.floor_exposure_minor,
        fill={key: value for key, value in outlook.fill.items() if key != "shifts"},
        strategies=outlook.strategies,
        seed=outlook.seed,
        created_at=at,
        expires_at=at + QUOTE_HOLDS,
    )


def _quote_line(shift: Shift, card: RateCard) -> dict[str, Any]:
    seconds = seconds_between(shift.starts_at, shift.ends_at)
    most, least = dearest_seat(card, seconds), cheapest_seat(card, seconds)
    return {
        "shift_id": str(shift.pk),
        "kind": hour_kind(card),
        "seats": shift.seats,
        "seconds": seconds,
        "pay_minor": most.pay.amount_minor * shift.seats,
        "bill_minor": most.bill.amount_minor * shift.seats,
        "least_bill_minor": least.bill.amount_minor * shift.seats,
    }


def _to_quoted(request: CapacityRequest, quote: Quote, *, by: Actor, at: datetime) -> None:
    require_move(REQUEST_MOVES, request.state, RequestState.QUOTED)
    request.state, request.design_progress = RequestState.QUOTED, {}
    request.save(update_fields=["state", "design_state", "design", "design_progress"])
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
def expire_quote(*, request_id: UUID, by: SystemActor, at: datetime) -> None:
    """Let a price go that nobody accepted, or approved, within 72 hours; the pencilled demand stays and can be priced again.

    Raises:
        NotFound: no such request.
    """
    rows = CapacityRequest.objects.across_brands().select_for_update(of=("self",), no_key=True)
    request = rows.filter(pk=request_id).first()
    if request is None:
        raise NotFound
    valid = request.quotes.filter(request_version=request.version, expires_at__gt=at).exists()
    if valid or request.state not in (RequestState.QUOTED, RequestState.AWAITING_APPROVAL):
        return
    if request.state == RequestState.AWAITING_APPROVAL:
        send_back(request, action="scheduling.expire_approval", reason="", by=by, at=at)
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
