"""The crowd: claims, sessions and minutes of many people, written in bulk with the facts they state."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg2.extras import DateTimeTZRange

from gigcx.audit.models import AuditEntry
from gigcx.kernel.ids import uuid7
from gigcx.kernel.intervals import Period, zone_of
from gigcx.web.demo import World
from recruiting.models import Engagement
from scheduling.demo.desks import DEVICE, crowd_key
from scheduling.models import CapacityRequest, Claim, Shift, StateSpan, WorkSession
from scheduling.queries.hours import Held, limits_of, minutes_in, refusal_for, week_of
from scheduling.states import ClaimState, SessionState

_UNDO: Final = timedelta(minutes=5)
_ADA_HOURS: Final = 24
_ROUND: Final = (
    (SessionState.READY, 4),
    (SessionState.ON_CONTACT, 14),
    (SessionState.WRAP, 3),
    (SessionState.ON_CONTACT, 11),
    (SessionState.WRAP, 2),
)


class Crowd:
    """Who is where, over the whole chapter, so that nobody is booked twice or too long."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.held: dict[UUID, list[Held]] = {}

    def fill(self, request: CapacityRequest, bench: list[Engagement], *, share: float) -> None:
        """This function will give the request's seats to the bench; past ones are worked, running ones are at work."""
        shifts = list(Shift.objects.for_brand(request.brand_id).filter(request=request).order_by("starts_at", "pk"))
        now = self.world.at
        running_first = sorted(shifts, key=lambda shift: not shift.starts_at <= now < shift.ends_at)
        claims = [claim for shift in running_first for claim in self._claims_of(shift, bench, share)]
        Claim.objects.bulk_create(claims)
        Shift.objects.bulk_update(shifts, ["filled"])
        self._write_work([claim for claim in claims if claim.state != ClaimState.CLAIMED])
        AuditEntry.objects.bulk_create(line for claim in claims for line in _history(claim))

    def _claims_of(self, shift: Shift, bench: list[Engagement], share: float) -> Iterable[Claim]:
        wanted = round(shift.seats * share) if share < 1 else shift.seats - (self.world.rng.random() < 0.12)
        for engagement in self._in_order(bench):
            if shift.filled >= wanted:
                return
            if self._takes(engagement, shift):
                shift.filled += 1
                yield self._claim(engagement, shift)

    def _in_order(self, bench: list[Engagement]) -> list[Engagement]:
        """Ada comes first, so that her weeks are full; the others in any order."""
        ada = [one for one in bench if _is_ada(one)]
        others = [one for one in bench if one not in ada]
        return [*ada, *self.world.rng.sample(others, len(others))]

    def _takes(self, engagement: Engagement, shift: Shift) -> bool:
        if engagement.certified_at is None or engagement.certified_at > shift.starts_at - timedelta(days=3):
            return False
        held = self.held.setdefault(engagement.agent_id, [])
        if _is_ada(engagement) and not self._suits_ada(shift, held):
            return False
        if refusal_for(Period(shift.starts_at, shift.ends_at), held, limits_of(engagement.agent, None)):
            return False
        held.append(Held(shift.pk, shift.pk, shift.starts_at, shift.ends_at, shift.ends_at))
        held.sort(key=lambda one: one.starts_at)
        return True

    def _suits_ada(self, shift: Shift, held: list[Held]) -> bool:
        """One shift a day and thirty hours a week leave her the coming days, which she books herself."""
        zone = zone_of(shift.timezone)
        hours = minutes_in(week_of(shift.local_on, zone), [one.period for one in held]) / 60
        is_day_taken = any(one.starts_at.astimezone(zone).date() == shift.local_on for one in held)
        return shift.starts_at <= self.world.at and not is_day_taken and hours < _ADA_HOURS

    def _claim(self, engagement: Engagement, shift: Shift) -> Claim:
        at = self.world.at
        notice = timedelta(hours=self.world.rng.randint(26, 60))
        claimed_at = min(shift.starts_at - notice, at - timedelta(hours=2))
        state = ClaimState.CLAIMED
        left_at = None
        if shift.ends_at <= at:
            early = self.world.rng.random() < 0.06
            state, left_at = ClaimState.WORKED, shift.ends_at - timedelta(minutes=45 if early else 0)
        elif shift.starts_at <= at and not _is_ada(engagement):
            state = ClaimState.CHECKED_IN
        return Claim(
            brand_id=shift.brand_id,
            shift=shift,
            agent=engagement.agent,
            engagement=engagement,
            state=state,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            busy=DateTimeTZRange(shift.starts_at, left_at or shift.ends_at, "[)"),
            rate_card_id=shift.rate_card_id,
            tier=engagement.tier,
            claimed_at=claimed_at,
            undo_until=claimed_at + _UNDO,
            checked_in_at=None if state == ClaimState.CLAIMED else shift.starts_at - timedelta(minutes=3),
            left_at=left_at,
            idempotency_key=uuid7().hex if _is_ada(engagement) else crowd_key(),
        )

    def _write_work(self, claims: list[Claim]) -> None:
        sessions = [self._session(claim) for claim in claims]
        WorkSession.objects.bulk_create(sessions)
        StateSpan.objects.bulk_create(span for session in sessions for span in self._spans(session))

    def _session(self, claim: Claim) -> WorkSession:
        is_over = claim.left_at is not None
        return WorkSession(
            brand_id=claim.brand_id,
            agent_id=claim.agent_id,
            claim=claim,
            device=DEVICE,
            state=SessionState.ENDED if is_over else SessionState.ON_CONTACT,
            started_at=claim.checked_in_at or claim.starts_at,
            last_seen_at=claim.left_at or self.world.at,
            ended_at=claim.left_at,
            end_reason="shift_over" if is_over else "",
        )

    def seat(self, session: WorkSession) -> None:
        """This function will fill an open desk with what was done at it up to now, in place of its one open stretch."""
        StateSpan.objects.across_brands().filter(session=session).delete()
        spans = list(self._spans(session))
        StateSpan.objects.bulk_create(spans)
        session.state, session.last_seen_at = spans[-1].state, self.world.at
        session.save(update_fields=["state", "last_seen_at"])

    def _spans(self, session: WorkSession) -> Iterable[StateSpan]:
        """Ready, on contact, wrapping up, in rounds; the last one of a running session stays open."""
        assert session.claim is not None  # noqa: S101  every session of this chapter works a claim
        moment, end = session.started_at, session.claim.left_at or self.world.at
        turn = 0
        while moment < end:
            state, minutes = _ROUND[turn % len(_ROUND)]
            until = min(end, moment + timedelta(minutes=max(1, minutes + self.world.rng.randint(-2, 3)) * 3))
            is_open = until == end and session.ended_at is None
            yield _span(session, SessionState.ON_CONTACT if is_open else state, moment, None if is_open else until)
            moment, turn = until, turn + 1


def _is_ada(engagement: Engagement) -> bool:
    return engagement.agent.user.full_name == "Ada Obi"


def _span(session: WorkSession, state: str, starts_at: datetime, ends_at: datetime | None) -> StateSpan:
    return StateSpan(
        brand_id=session.brand_id,
        session=session,
        agent_id=session.agent_id,
        state=state,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def _history(claim: Claim) -> Iterable[AuditEntry]:
    steps: list[tuple[str, datetime | None, str]] = [
        ("scheduling.claim_shift", claim.claimed_at, ClaimState.CLAIMED),
        ("scheduling.check_in", claim.checked_in_at, ClaimState.CHECKED_IN),
        ("scheduling.finish_claim", claim.left_at, ClaimState.WORKED),
    ]
    for action, at, state in steps:
        if at is not None:
            yield AuditEntry(**_line(claim), action=action, at=at, to_state=state)


def _line(claim: Claim) -> dict[str, Any]:
    return {
        "actor_kind": "agent",
        "actor_id": claim.agent.user_id,
        "actor_label": claim.agent.user.full_name[:80],
        "subject_type": "scheduling.claim",
        "subject_id": claim.pk,
        "brand_id": claim.brand_id,
        "agent_id": claim.agent_id,
    }
