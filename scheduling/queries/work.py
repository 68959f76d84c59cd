"""Minutes: what an agent did on a claim, which of it is paid, and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gigcx.kernel.errors import NotFound
from scheduling.models import Claim, Incident, MinuteAdjustment, StateSpan, WorkSession
from scheduling.queries.excusals import cut_by_cause, floored_stretches, incidents_of, payer_of
from scheduling.queries.incentives import incentive_of
from scheduling.states import GAP, OVERRUN, PAID, IdleCause, Payer, SessionState

ADJUSTED = "adjusted"
EXCUSED = "excused"


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

    `incentive_per_hour_minor` comes on top of the card for every hour worked, in `currency`.
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


def payable_minutes(claim_id: UUID) -> PayableWork:
    """This function will return the paid stretches of a claim: ready, on contact or wrapping up, within the shift.

    Work before the start is not paid; a contact still open at the end is, for at most twenty minutes. Waiting has one
    cause and payer: the incident it fell into, else low volume. Stretches that an incident took from the holder are
    `EXCUSED`: they are no work, and are paid by the floor alone. Corrections come last, in the order they were made.

    Raises:
        NotFound: there is no such claim.
    """
    claim = Claim.objects.across_brands().select_related("shift", "rate_card").filter(pk=claim_id).first()
    if claim is None:
        raise NotFound
    incidents = incidents_of(claim)
    worked = [one for span in paid_spans(claim, _spans_of(claim_id), until=None) for one in _laid(span, incidents)]
    spans = (*worked, *_excused(claim, incidents), *_corrections(claim))
    timed = [span for span in spans if span.state != ADJUSTED]
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
        worked_seconds=max(0, sum(span.seconds for span in spans if span.state != EXCUSED)),
        incentive_per_hour_minor=incentive_of(claim),
    )


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
    """This function will return the paid seconds of many claims with three queries, corrections included."""
    claims = {claim.pk: claim for claim in Claim.objects.across_brands().filter(pk__in=list(claim_ids))}
    totals = dict.fromkeys(claims, 0)
    spans = StateSpan.objects.across_brands().filter(session__claim__in=claims).select_related("session")
    for span in spans:
        claim = claims[_claim_id(span)]
        totals[claim.pk] += sum(one.seconds for one in paid_spans(claim, [span], until=None))
    for claim_id, seconds in (
        MinuteAdjustment.objects.across_brands().filter(claim__in=claims).values_list("claim_id", "seconds")
    ):
        totals[claim_id] += seconds
    return {claim_id: max(0, total) for claim_id, total in totals.items()}


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
    seconds = int((ends_at - starts_at).total_seconds())
    return PayableSpan(starts_at, ends_at, seconds, span.state, str(cause), payer)


def _laid(span: PayableSpan, incidents: list[Incident]) -> Iterable[PayableSpan]:
    """Waiting is cut where incidents begin and end; seconds are counted to the piece's own whole second."""
    if span.state != SessionState.READY or not incidents:
        return [span]
    pieces = cut_by_cause(span.starts_at, span.ends_at, incidents, at=span.ends_at)
    return [_piece(span, *piece) for piece in pieces]


def _piece(span: PayableSpan, starts_at: datetime, ends_at: datetime, incident: Incident | None) -> PayableSpan:
    before = int((starts_at - span.starts_at).total_seconds())
    seconds = int((ends_at - span.starts_at).total_seconds()) - before
    if incident is None:
        return replace(span, starts_at=starts_at, ends_at=ends_at, seconds=seconds)
    cause, payer = incident.cause_owner, payer_of(incident.cause_owner)
    return replace(span, starts_at=starts_at, ends_at=ends_at, seconds=seconds, cause=cause, payer=payer)


def _excused(claim: Claim, incidents: list[Incident]) -> Iterable[PayableSpan]:
    for incident, (starts_at, ends_at) in floored_stretches(claim, incidents, at=claim.ends_at):
        seconds = int((ends_at - starts_at).total_seconds())
        cause = incident.cause_owner
        yield PayableSpan(starts_at, ends_at, seconds, EXCUSED, cause, payer_of(cause))


def _corrections(claim: Claim) -> tuple[PayableSpan, ...]:
    rows = MinuteAdjustment.objects.across_brands().filter(claim=claim).order_by("created_at", "pk")
    return tuple(PayableSpan(claim.starts_at, claim.starts_at, row.seconds, ADJUSTED, "", Payer.BRAND) for row in rows)
