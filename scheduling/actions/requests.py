"""Capacity requests: pencilling, editing, cancelling."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, Stale
from gigcx.kernel.intervals import week_start
from gigcx.kernel.money import Money
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.numbers import next_number
from gigcx.tenancy.roles import Permission
from recruiting.models import Program
from scheduling.actions.incentives import let_go_of_incentive
from scheduling.actions.releases import cancel_claim_for_brand
from scheduling.errors import FeeChanged, FundsRefused, RequestNotEditable
from scheduling.events import RequestCancelled
from scheduling.models import CapacityRequest, Claim, Shift
from scheduling.queries.cancellations import cancellation_preview
from scheduling.queries.doors import program_of, request_for
from scheduling.queries.languages import language_in, languages_asked, refuse_foreign_channel
from scheduling.registries import funds_gate
from scheduling.states import (
    COMING,
    PLANNING,
    REQUEST_MOVES,
    SHIFT_MOVES,
    ClaimKind,
    DesignState,
    RequestState,
    ShiftState,
)

SOURCE_KIND = "scheduling.capacity_request"


def draft_request(
    *,
    program_id: UUID,
    channel: str,
    week_starts_on: date,
    by: Actor,
    at: datetime,
    title: str = "",
    language: str = "",
) -> CapacityRequest:
    """Pencil a request for one week of a program's channel, or return the one already being planned.

    With a language, it asks for agents who speak that one; without, for the program's agents as they are.

    Raises:
        NotFound: another brand's program. NotAllowed: the role does not plan capacity.
        Invalid: not a Monday, not a channel of the program, or a language that it does not serve; names the field.
    """
    program = program_of(by, program_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=program.brand_id)
    _refuse_senseless(program, channel, week_starts_on)
    language = language_in(program, language)
    try:
        return _planned(program, channel, language, week_starts_on) or _drafted(
            program, channel, week_starts_on, language=language, title=title, by=by, at=at
        )
    except IntegrityError:
        planned = _planned(program, channel, language, week_starts_on)
        if planned is None:
            raise
        return planned


def _refuse_senseless(program: Program, channel: str, week_starts_on: date) -> None:
    if week_starts_on != week_start(week_starts_on):
        raise Invalid(_("A week starts on a Monday."), field="week")
    refuse_foreign_channel(program, channel)


def _planned(program: Program, channel: str, language: str, week_starts_on: date) -> CapacityRequest | None:
    rows = CapacityRequest.objects.for_brand(program.brand_id)
    rows = rows.of_week(program.pk, channel, week_starts_on, language=language)
    return rows.planning().select_related("program").first()


@transaction.atomic
def _drafted(
    program: Program, channel: str, week_starts_on: date, *, language: str, title: str, by: Actor, at: datetime
) -> CapacityRequest:
    request = CapacityRequest.objects.create(
        brand_id=program.brand_id,
        number=next_number(program.brand_id, "CR"),
        program=program,
        channel=channel,
        language=language,
        timezone=program.timezone,
        title=title.strip(),
        week_starts_on=week_starts_on,
        shown_minutes=program.interval_minutes,
        languages=languages_asked(program, language),
        created_at=at,
    )
    trail.record("scheduling.draft_request", request, by=by, at=at, to_state=request.state)
    return request


def lock_request(request_id: UUID, *, by: Actor) -> CapacityRequest:
    """This function will lock a request the actor may plan and return it with its program.

    Raises:
        NotFound: another brand's. NotAllowed: the role does not plan capacity.
    """
    found = request_for(by, request_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=found.brand_id)
    rows = CapacityRequest.objects.across_brands().select_for_update(of=("self",), no_key=True)
    return rows.select_related("program", "brand").get(pk=request_id)


def require_editable(request: CapacityRequest, *, seen_version: int | None) -> None:
    """This function will refuse to change demand that is a promise, or that changed since it was seen.

    Raises:
        RequestNotEditable: it is published, over or cancelled. Stale: somebody else changed it.
    """
    if request.state not in PLANNING:
        raise RequestNotEditable
    if seen_version is not None and seen_version != request.version:
        raise Stale


def back_to_draft(request: CapacityRequest, *, by: Actor, at: datetime) -> None:
    """This function will note that demand changed: the version rises, pencilled shifts and the price fall away."""
    current = request.state
    Shift.objects.for_brand(request.brand_id).filter(request=request, state=ShiftState.DRAFT).delete()
    request.version += 1
    request.design_state, request.design = DesignState.NONE, {}
    if current != RequestState.DRAFT:
        require_move(REQUEST_MOVES, current, RequestState.DRAFT)
        if current == RequestState.AWAITING_APPROVAL:
            withdraw_promise(request, at=at)
        request.state = RequestState.DRAFT
    request.save(update_fields=["version", "design_state", "design", "state"])
    if current != RequestState.DRAFT:
        trail.record("scheduling.edit_request", request, by=by, at=at, from_state=current, to_state=request.state)


def withdraw_promise(request: CapacityRequest, *, at: datetime) -> None:
    """This function will let go of the money and forget who accepted a price that waited for a second person."""
    funds_gate().release(source_kind=SOURCE_KIND, source_id=request.pk, at=at)
    request.accepted_by, request.approval_asked_at, request.publish_at, request.is_draw_first = None, None, None, None
    request.save(update_fields=["accepted_by", "approval_asked_at", "publish_at", "is_draw_first"])


def cancel_request(
    *, request_id: UUID, reason: str, accepted_fee: Money | None, by: Actor, at: datetime
) -> CapacityRequest:
    """Take a request back. What that costs was shown first; those who hold seats are told and paid by the ladder.

    Raises:
        NotFound, NotAllowed: as everywhere. MoveRefused: over, or cancelled already.
        FeeChanged: cancelling costs something else now. Invalid: a published request needs a reason.
    """
    return _cancelled(request_id, reason, accepted_fee, by, at)


@transaction.atomic
def _cancelled(request_id: UUID, reason: str, accepted_fee: Money | None, by: Actor, at: datetime) -> CapacityRequest:
    shifts = list(_locked_shifts(request_for(by, request_id)))
    request = lock_request(request_id, by=by)
    shifts += list(Shift.objects.for_brand(request.brand_id).filter(request=request, state=ShiftState.DRAFT))
    require_move(REQUEST_MOVES, request.state, RequestState.CANCELLED)
    _refuse_unseen_fee(request, reason, accepted_fee, at)
    for shift in shifts:
        cancel_shift(shift, reason=reason, by=by, at=at)
    was_out = request.state not in PLANNING
    _end_cancelled(request, reason=reason.strip(), by=by, at=at)
    if was_out:
        outbox.publish(RequestCancelled(request_id=request.pk), at=at, brand_id=request.brand_id)
        _hold_only(accepted_fee, request, at)
    return request


def _end_cancelled(request: CapacityRequest, *, reason: str, by: Actor, at: datetime) -> None:
    current, request.state = request.state, RequestState.CANCELLED
    require_move(REQUEST_MOVES, current, request.state)
    request.cancelled_at, request.cancel_reason = at, reason
    request.save(update_fields=["state", "cancelled_at", "cancel_reason"])
    trail.record(
        "scheduling.cancel_request", request, by=by, at=at, from_state=current, to_state=request.state, reason=reason
    )


def end_called_off(request: CapacityRequest, *, reason: str, by: Actor, at: datetime) -> None:
    """This function will end a locked, published request of which no shift is left, and let its money go."""
    shifts = Shift.objects.for_brand(request.brand_id).filter(request=request)
    if request.state != RequestState.PUBLISHED or shifts.exclude(state=ShiftState.CANCELLED).exists():
        return
    _end_cancelled(request, reason=reason, by=by, at=at)
    outbox.publish(RequestCancelled(request_id=request.pk), at=at, brand_id=request.brand_id)
    funds_gate().release(source_kind=SOURCE_KIND, source_id=request.pk, at=at)


def _hold_only(fee: Money | None, request: CapacityRequest, at: datetime) -> None:
    """What was held beyond the accepted fee is free again; the fee stays held until its lines take it."""
    funds_gate().release(source_kind=SOURCE_KIND, source_id=request.pk, at=at)
    if not fee:
        return
    with suppress(FundsRefused):
        funds_gate().hold(
            brand_id=request.brand_id,
            program_id=request.program_id,
            source_kind=SOURCE_KIND,
            source_id=request.pk,
            amount=fee,
            until=at,
            at=at,
        )


def _refuse_unseen_fee(request: CapacityRequest, reason: str, accepted_fee: Money | None, at: datetime) -> None:
    if request.state in PLANNING:
        return
    if not reason.strip():
        raise Invalid(_("Say why: the agents who hold seats will read it."), field="reason")
    fee = cancellation_preview(request, at=at).fee
    if fee != accepted_fee and (fee or accepted_fee):
        raise FeeChanged


def _locked_shifts(request: CapacityRequest) -> Iterable[Shift]:
    rows = Shift.objects.across_brands().select_for_update(of=("self",), no_key=True)
    return list(rows.filter(request_id=request.pk).exclude(state=ShiftState.DRAFT).order_by("pk"))


def cancel_shift(shift: Shift, *, reason: str, by: Actor, at: datetime) -> None:
    """This function will call a shift off with everybody on it, by the ladder; the caller holds its row.

    What has begun runs on; a pencilled shift goes without a trace.
    """
    if shift.state == ShiftState.DRAFT:
        shift.delete()
        return
    if shift.state in {ShiftState.ENDED, ShiftState.CANCELLED, ShiftState.STARTED}:
        return
    let_go_of_incentive(shift.pk, at=at)
    held = Claim.objects.across_brands().select_for_update(of=("self",)).filter(shift=shift, state__in=list(COMING))
    for claim in held.select_related("agent__user").order_by("pk"):
        cancel_claim_for_brand(claim, by=by, at=at, reason=reason)
        if claim.kind == ClaimKind.STANDBY:
            shift.standby_filled -= 1
        else:
            shift.filled -= 1
    current = shift.state
    require_move(SHIFT_MOVES, current, ShiftState.CANCELLED)
    shift.state = ShiftState.CANCELLED
    shift.save(update_fields=["state", "filled", "standby_filled"])
    trail.record(
        "scheduling.cancel_shift", shift, by=by, at=at, from_state=current, to_state=shift.state, reason=reason
    )
