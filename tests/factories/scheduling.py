"""Rows of scheduling, written directly, for the tests of every stage."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from psycopg2.extras import DateTimeTZRange

from gigcx.kernel.ids import uuid7
from gigcx.kernel.intervals import week_start
from recruiting.models import Agent, Engagement, Program, RateCard
from recruiting.states import EngagementState, VersionState
from scheduling.models import (
    AgentCalendar,
    CapacityRequest,
    Claim,
    ClaimWindow,
    ReleaseWave,
    RequestedInterval,
    SchedulingRules,
    Shift,
    StateSpan,
    WorkSession,
)
from scheduling.states import (
    DONE,
    OCCUPYING,
    ClaimKind,
    ClaimState,
    RequestState,
    SessionState,
    ShiftState,
    WaveAudience,
    WaveMode,
    WaveState,
    WindowState,
)
from tests.factories import recruiting as recruit

HOUR = timedelta(hours=1)


def make_request(
    program: Program, starts_at: datetime, *, state: str = RequestState.PUBLISHED, **fields: Any
) -> CapacityRequest:
    """A capacity request for the local week that holds `starts_at`, published unless told otherwise."""
    local = starts_at.astimezone(ZoneInfo(program.timezone))
    is_out = state in {RequestState.PUBLISHED, RequestState.LIVE, RequestState.COMPLETED, RequestState.RECONCILED}
    given = {
        "number": f"CR-{uuid7().hex[-8:]}",
        "channel": program.channels[0],
        "timezone": program.timezone,
        "week_starts_on": week_start(local.date()),
        "created_at": recruit.LONG_AGO,
        "published_at": recruit.LONG_AGO if is_out else None,
        **fields,
    }
    return CapacityRequest.objects.create(brand_id=program.brand_id, program=program, state=state, **given)


def ask_for(request: CapacityRequest, starts_at: datetime, *, hours: float, agents: int) -> None:
    """So many agents over so many hours, in quarters."""
    RequestedInterval.objects.bulk_create(
        RequestedInterval(
            brand_id=request.brand_id,
            request=request,
            starts_at=starts_at + timedelta(minutes=15 * step),
            agents=agents,
        )
        for step in range(round(hours * 4))
    )


def make_shift(
    program: Program,
    starts_at: datetime,
    *,
    hours: float = 4,
    seats: int = 3,
    state: str = ShiftState.OPEN,
    **fields: Any,
) -> Shift:
    """A shift with free seats, open unless told otherwise; request and rate card are made when there are none."""
    request = fields.pop("request", None) or make_request(program, starts_at)
    card = fields.pop("rate_card", None) or _card_of(program)
    return Shift.objects.create(
        brand_id=program.brand_id,
        program=program,
        request=request,
        channel=request.channel,
        language=request.language,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        timezone=program.timezone,
        local_on=starts_at.astimezone(ZoneInfo(program.timezone)).date(),
        seats=seats,
        rate_card=card,
        state=state,
        created_at=recruit.LONG_AGO,
        **fields,
    )


def make_claim(
    agent: Agent, shift: Shift, *, state: str = ClaimState.CLAIMED, at: datetime | None = None, **fields: Any
) -> Claim:
    """A claim on one seat, counted on the shift while it occupies one; an engagement is made when there is none."""
    claimed_at = at or shift.starts_at - timedelta(days=2)
    is_verified = state == ClaimState.VERIFIED
    given = {
        "engagement": fields.pop("engagement", None) or _engagement_of(agent, shift.program),
        "busy": DateTimeTZRange(shift.starts_at, shift.ends_at, "[)"),
        "rate_card": shift.rate_card,
        "tier": "new",
        "claimed_at": claimed_at,
        "undo_until": claimed_at + timedelta(minutes=5),
        "checked_in_at": shift.starts_at if state in (*DONE, ClaimState.CHECKED_IN) else None,
        "left_at": shift.ends_at if state in DONE else None,
        "version": 1 if is_verified else 0,
        "verified_at": shift.ends_at + HOUR if is_verified else None,
        "idempotency_key": uuid7().hex,
        **fields,
    }
    claim = Claim.objects.create(
        brand_id=shift.brand_id,
        shift=shift,
        agent=agent,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        state=state,
        **given,
    )
    if state in OCCUPYING:
        counter = "standby_filled" if claim.kind == ClaimKind.STANDBY else "filled"
        setattr(shift, counter, getattr(shift, counter) + 1)
        shift.save(update_fields=[counter])
    return claim


def make_worked_claim(
    agent: Agent, shift: Shift, *, state: str = ClaimState.WORKED, minutes: int | None = None, **fields: Any
) -> Claim:
    """A claim worked from its start for so many minutes (all of the shift when not given), with session and span."""
    claim = make_claim(agent, shift, state=state, **fields)
    left_at = shift.ends_at if minutes is None else shift.starts_at + timedelta(minutes=minutes)
    session = make_session(claim, state=SessionState.ENDED, until=left_at)
    make_span(session, shift.starts_at, left_at)
    return claim


def make_session(
    claim: Claim,
    *,
    state: str = SessionState.READY,
    device: str = "laptop",
    until: datetime | None = None,
    **fields: Any,
) -> WorkSession:
    """A session on the claim from its start; an ended one ends at `until`."""
    is_over = state == SessionState.ENDED
    given = {
        "started_at": claim.starts_at,
        "last_seen_at": until or claim.starts_at,
        "ended_at": (until or claim.ends_at) if is_over else None,
        **fields,
    }
    return WorkSession.objects.create(
        brand_id=claim.brand_id, agent_id=claim.agent_id, claim=claim, device=device, state=state, **given
    )


def make_span(
    session: WorkSession,
    starts_at: datetime,
    ends_at: datetime | None,
    *,
    state: str = SessionState.READY,
    cause: str = "",
) -> StateSpan:
    """One stretch of the session."""
    return StateSpan.objects.create(
        brand_id=session.brand_id,
        session=session,
        agent_id=session.agent_id,
        state=state,
        starts_at=starts_at,
        ends_at=ends_at,
        cause=cause,
    )


def make_calendar(agent: Agent, **fields: Any) -> AgentCalendar:
    """The agent's calendar row with limits of its own."""
    return AgentCalendar.objects.create(agent=agent, **fields)


def make_rules(program: Program, **fields: Any) -> SchedulingRules:
    """The program's own rules of scheduling, the product's defaults but for what is given."""
    return SchedulingRules.objects.create(
        brand_id=program.brand_id, program=program, **{"updated_at": recruit.LONG_AGO, **fields}
    )


def make_wave(request: CapacityRequest, *, opens_at: datetime, position: int = 1, **fields: Any) -> ReleaseWave:
    """One stage of a request's release: first come, first served for everybody, unless told otherwise."""
    given = {"audience": WaveAudience.EVERYONE, "mode": WaveMode.FIRST_COME, "state": WaveState.OPEN, **fields}
    return ReleaseWave.objects.create(
        brand_id=request.brand_id,
        request=request,
        position=position,
        opens_at=opens_at,
        created_at=recruit.LONG_AGO,
        **given,
    )


def make_window(wave: ReleaseWave, *, state: str = WindowState.OPEN, **fields: Any) -> ClaimWindow:
    """The sealed draw of a wave, open unless told otherwise; the seal holds nothing."""
    given = {"opens_at": wave.opens_at, "closes_at": wave.closes_at, "created_at": recruit.LONG_AGO, **fields}
    return ClaimWindow.objects.create(
        brand_id=wave.brand_id, wave=wave, state=state, commitment=uuid7().hex, sealed_seed=b"sealed", **given
    )


def _card_of(program: Program) -> RateCard:
    cards = RateCard.objects.across_brands().filter(program=program, state=VersionState.ACTIVE)
    return cards.first() or recruit.make_rate_card(program)


def _engagement_of(agent: Agent, program: Program) -> Engagement:
    rows = Engagement.objects.across_brands().filter(agent=agent, program=program)
    return rows.exclude(state=EngagementState.ENDED).first() or recruit.make_engagement(agent, program)
