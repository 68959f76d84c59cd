"""Minutes: what an agent did on a claim, which of it is paid, and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from gigcx.audit import trail
from gigcx.kernel.errors import NotFound
from scheduling.models import Claim, Incident, MinuteAdjustment, StateSpan, WorkSession
from scheduling.queries.excusals import cut_by_cause, floored_stretches, incidents_of, payer_of
from scheduling.queries.incentives import incentive_of
from scheduling.states import GAP, OVERRUN, PAID, ClaimKind, ClaimState, IdleCause, Payer, SessionState

ADJUSTED = "adjusted"
EXCUSED = "excused"
STANDBY = "standby"
VTO = "vto"
SENT_HOME = "sent_home"
# Paid by a line of their own or by a floor, and no work.
NO_WORK: Final = frozenset({EXCUSED, STANDBY, VTO, SENT_HOME})
WHOLE: Final = 10_000
LEAST_SENT_HOME: Final = 2 * 3600


@dataclass(frozen=True, slots=True)
class PayableSpan:
    """A half-open stretch that is paid. A correction has no length of its own, only `seconds`, and may be negative."""

    starts_at: datetime
    ends_at: datetime
    seconds: int
    state: str
    cause: str
    payer: str


@dataclass(frozen=True, slots=True)
class PayableWork:
    """Everything that pricing one claim needs. `worked_seconds` is the sum over what was worked, never below zero.

    `incentive_per_hour_minor` comes on top of the card for every hour worked, in `currency`. `planned_seconds` is the length of
    the claim as it was promised. Besides the desk's own states, spans have these, each with its card line:

    - `standby`: at the desk on standby and not called; from the call on the same desk's spans are work.
    - `vto`: from leaving by choice to the planned end. `seconds` is the share of that rest which the offer promised to pay.
    - `sent_home`: from being sent home to the planned end. `seconds` is what is paid beyond the work: the greater of the work,
      half the shift and two hours, at most the shift, less the work.
    """

    claim_id: UUID
    version: int
    agent_id: UUID
    engagement_id: UUID
    program_id: UUID
    brand_id: UUID
    shift_id: UUID
    rate_card_id: UUID
    tier: str
    currency: str
    worked_from: datetime | None
    worked_to: datetime | None
    spans: tuple[PayableSpan, ...]
    worked_seconds: int
    incentive_per_hour_minor: int = 0
    planned_seconds: int = 0


def payable_minutes(claim_id: UUID) -> PayableWork:
    """This function will return the paid stretches of a claim: ready, on contact or wrapping up, within the shift.

    Work before the start is not paid; a contact still open at the end is, for at most twenty minutes. Waiting has one
    cause and payer: the incident it fell into, else low volume. Stretches that an incident took from the holder are
    `EXCUSED`: they are no work, and are paid by the floor alone. Then comes the paid part of a rest that was not worked;
    corrections come last, in the order they were made. While a dispute is open its minutes, and only those, are taken off.

    Raises:
        NotFound: there is no such claim.
    """
    claim = Claim.objects.across_brands().select_related("shift", "rate_card", "vto").filter(pk=claim_id).first()
    if claim is None:
        raise NotFound
    incidents = incidents_of(claim)
    worked = [one for span in paid_spans(claim, _spans_of(claim_id), until=None) for one in _laid(span, incidents)]
    rest = rest_of(claim, sum(span.seconds for span in worked))
    spans = (*_called(claim, worked), *_excused(claim, incidents), *rest, *_corrections(claim), *_held(claim))
    timed = [span for span in spans if span.state not in {ADJUSTED, VTO, SENT_HOME}]
    return PayableWork(
        claim_id=claim.pk,
        version=claim.version,
        agent_id=claim.agent_id,
        engagement_id=claim.engagement_id,
        program_id=claim.shift.program_id,
        brand_id=claim.brand_id,
        shift_id=claim.shift_id,
        rate_card_id=claim.rate_card_id,
        tier=claim.tier,
        currency=claim.rate_card.pay_currency,
        worked_from=timed[0].starts_at if timed else None,
        worked_to=timed[-1].ends_at if timed else None,
        spans=spans,
        worked_seconds=max(0, sum(span.seconds for span in spans if span.state not in NO_WORK)),
        incentive_per_hour_minor=incentive_of(claim),
        planned_seconds=_seconds(claim.starts_at, claim.ends_at),
    )


def disputed_seconds(claim: Claim) -> int:
    """This function will return how many seconds of a claim its brand last disputed."""
    line = trail.history_of(claim).filter(action="scheduling.hold_minutes").last()
    return int(line.changes["seconds"]) if line is not None else 0


def paid_spans(claim: Claim, spans: Iterable[StateSpan], *, until: datetime | None) -> tuple[PayableSpan, ...]:
    """This function will clip spans to what the claim pays; an open one counts to `until`, or not at all."""
    found = (_clipped(claim, span, until) for span in spans if span.state in PAID)
    return tuple(span for span in found if span is not None)


def paid_seconds_so_far(claim: Claim, session: WorkSession, *, at: datetime) -> int:
    """This function will return the paid seconds of a running session, the open stretch up to now included."""
    spans = StateSpan.objects.across_brands().filter(session__claim=claim).order_by("starts_at")
    is_silent = session.state == SessionState.LOST or at - session.last_seen_at > GAP
    until = session.last_seen_at if is_silent else at
    return sum(span.seconds for span in paid_spans(claim, spans, until=until))


def worked_seconds_by_claim(claim_ids: Iterable[UUID]) -> dict[UUID, int]:
    """This function will return the paid seconds of many claims with three queries, corrections included.

    Time at the desk on standby counts; a rest that was not worked does not.
    """
    claims = {claim.pk: claim for claim in Claim.objects.across_brands().filter(pk__in=list(claim_ids))}
    totals = dict.fromkeys(claims, 0)
    spans = StateSpan.objects.across_brands().filter(session__claim__in=claims).select_related("session")
    for span in spans:
        claim = claims[_claim_id(span)]
        totals[claim.pk] += sum(one.seconds for one in paid_spans(claim, [span], until=None))
    for claim_id, seconds in _adjustments().filter(claim__in=claims).values_list("claim_id", "seconds"):
        totals[claim_id] += seconds
    return {claim_id: max(0, total) for claim_id, total in totals.items()}


def rest_of(claim: Claim, worked_seconds: int) -> tuple[PayableSpan, ...]:
    """This function will return the paid part of a rest that was not worked: nothing for most claims.

    `worked_seconds` is what was spent at the desk. A claim fetched with its `vto` costs no query.
    """
    taken = getattr(claim, "vto", None)
    if taken is not None:
        left_at, state, seconds = taken.taken_at, VTO, taken.seconds_left * taken.pay_bp // WHOLE
    elif claim.sent_home_at is not None:
        left_at, state, seconds = claim.sent_home_at, SENT_HOME, _owed_home(claim, worked_seconds)
    else:
        return ()
    if seconds <= 0:
        return ()
    starts_at = min(max(left_at, claim.starts_at), claim.ends_at)
    return (PayableSpan(starts_at, claim.ends_at, seconds, state, "", Payer.BRAND),)


def _owed_home(claim: Claim, worked_seconds: int) -> int:
    """Beyond the work: the greater of the work, half the shift and two hours, at most the shift."""
    planned = _seconds(claim.starts_at, claim.ends_at)
    return min(max(worked_seconds, planned // 2, LEAST_SENT_HOME), planned) - worked_seconds


def _called(claim: Claim, spans: Iterable[PayableSpan]) -> Iterable[PayableSpan]:
    """Until the call, or the end, a desk on standby is paid for being ready, whatever its state says."""
    called_at = claim.ends_at if claim.kind == ClaimKind.STANDBY else claim.promoted_at
    if called_at is None:
        return spans
    return [piece for span in spans for piece in _cut_at(span, called_at)]


def _cut_at(span: PayableSpan, called_at: datetime) -> Iterable[PayableSpan]:
    if span.ends_at <= called_at:
        return [replace(span, state=STANDBY, cause="")]
    if span.starts_at >= called_at:
        return [span]
    before = _seconds(span.starts_at, called_at)
    return [
        replace(span, ends_at=called_at, seconds=before, state=STANDBY, cause=""),
        replace(span, starts_at=called_at, seconds=span.seconds - before),
    ]


def _seconds(starts_at: datetime, ends_at: datetime) -> int:
    return int((ends_at - starts_at).total_seconds())


def _claim_id(span: StateSpan) -> UUID:
    if span.session.claim_id is None:
        raise NotFound
    return span.session.claim_id


def _spans_of(claim_id: UUID) -> Iterable[StateSpan]:
    return StateSpan.objects.across_brands().filter(session__claim_id=claim_id).order_by("starts_at", "pk")


def _clipped(claim: Claim, span: StateSpan, until: datetime | None) -> PayableSpan | None:
    end = span.ends_at or until
    if end is None:
        return None
    runs_over = span.state in {SessionState.ON_CONTACT, SessionState.WRAP}
    starts_at = max(span.starts_at, claim.starts_at)
    ends_at = min(end, claim.ends_at + OVERRUN if runs_over else claim.ends_at)
    if ends_at <= starts_at:
        return None
    cause = span.cause or (IdleCause.VOLUME if span.state == SessionState.READY else "")
    payer = Payer.PLATFORM if span.cause == IdleCause.PLATFORM else Payer.BRAND
    return PayableSpan(starts_at, ends_at, _seconds(starts_at, ends_at), span.state, str(cause), payer)


def _laid(span: PayableSpan, incidents: list[Incident]) -> Iterable[PayableSpan]:
    """Waiting is cut where incidents begin and end; seconds are counted to the piece's own whole second."""
    if span.state != SessionState.READY or not incidents:
        return [span]
    pieces = cut_by_cause(span.starts_at, span.ends_at, incidents, at=span.ends_at)
    return [_piece(span, *piece) for piece in pieces]


def _piece(span: PayableSpan, starts_at: datetime, ends_at: datetime, incident: Incident | None) -> PayableSpan:
    before = _seconds(span.starts_at, starts_at)
    seconds = _seconds(span.starts_at, ends_at) - before
    if incident is None:
        return replace(span, starts_at=starts_at, ends_at=ends_at, seconds=seconds)
    cause, payer = incident.cause_owner, payer_of(incident.cause_owner)
    return replace(span, starts_at=starts_at, ends_at=ends_at, seconds=seconds, cause=cause, payer=payer)


def _excused(claim: Claim, incidents: list[Incident]) -> Iterable[PayableSpan]:
    for incident, (starts_at, ends_at) in floored_stretches(claim, incidents, at=claim.ends_at):
        seconds = _seconds(starts_at, ends_at)
        cause = incident.cause_owner
        yield PayableSpan(starts_at, ends_at, seconds, EXCUSED, cause, payer_of(cause))


def _adjustments() -> QuerySet[MinuteAdjustment]:
    """Corrections; the share of a rest was once written as one, and is told by `rest_of` where the claim knows it."""
    rows = MinuteAdjustment.objects.across_brands()
    return rows.exclude(evidence__has_key="rest", claim__vto__isnull=False)


def _corrections(claim: Claim) -> tuple[PayableSpan, ...]:
    rows = _adjustments().filter(claim=claim).order_by("created_at", "pk")
    return tuple(PayableSpan(claim.starts_at, claim.starts_at, row.seconds, ADJUSTED, "", Payer.BRAND) for row in rows)


def _held(claim: Claim) -> tuple[PayableSpan, ...]:
    if claim.state != ClaimState.DISPUTED:
        return ()
    return (PayableSpan(claim.starts_at, claim.starts_at, -disputed_seconds(claim), ADJUSTED, "", Payer.BRAND),)
