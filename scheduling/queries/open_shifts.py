"""The shifts an agent sees, each with what it pays them and, where it is not theirs to take, why and what fixes it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import Period
from gigcx.kernel.money import Money
from recruiting.matching import LanguageLevels
from recruiting.models import Agent, Engagement, Program, RateCard
from recruiting.queries import in_known_language, languages_of_agents
from recruiting.states import OPEN_ENGAGEMENT_STATES
from scheduling.errors import OverlapsOtherShift, SeatsPaused
from scheduling.models import AgentCalendar, ClaimWindow, DrawEntry, Shift, WaitlistEntry
from scheduling.queries.draws import entries_of_agent, is_for, takes_wishes, windows_of_shifts
from scheduling.queries.hours import Held, Limits, held_around, limits_of, refusal_for
from scheduling.queries.incentives import incentive_now
from scheduling.queries.languages import work_of
from scheduling.queries.prices import hourly_pay, price_of_seconds, seconds_between
from scheduling.queries.waits import waiting_of
from scheduling.states import CLAIMABLE, DrawEntryState, ShiftState
from vetting.queries.eligibility import Eligibility, eligibilities_in, spoken_for

LOOKAHEAD: Final = timedelta(days=21)
_SHOWN: Final = (*CLAIMABLE, ShiftState.ANNOUNCED, ShiftState.COLLECTING)
_HOT_HOURS: Final = 2
_AT_MOST: Final = 120


@dataclass(frozen=True, slots=True)
class OpenShift:
    """One shift for one agent. Only open ones can be claimed.

    `status` is open, draw, later, yours, full, busy, hours, paused or not_yet.

    A shift with status draw takes the agent's wishes in `window` until it closes; one with status later opens to them at
    `opens_at`. `wave` says in which stage of its release the shift is for them.
    """

    shift: Shift
    tier: str
    pay_per_hour: Money
    pay_total: Money
    status: str
    reason: str
    fix_label: str
    fix_url: str
    seats_left: int
    claim_id: UUID | None
    incentive: Money
    wave: str = "first_come"
    window: ClaimWindow | None = None
    opens_at: datetime | None = None
    is_entered: bool = False
    is_hot: bool = False
    waiting: WaitlistEntry | None = None

    @property
    def can_claim(self) -> bool:
        """Whether one press takes it."""
        return self.status == "open"


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is known of the agent before looking at any shift."""

    held: Sequence[Held]
    limits: Limits
    tiers: Mapping[UUID, str]
    answers: Mapping[UUID, Eligibility]
    cards: Mapping[UUID, RateCard]
    engagements: Mapping[UUID, Engagement]
    windows: Mapping[UUID, Sequence[ClaimWindow]]
    entered: Mapping[UUID, DrawEntry]
    waiting: Mapping[UUID, WaitlistEntry]
    incentives: Mapping[UUID, int]
    hot_hours: Mapping[UUID, int]
    spoken: Mapping[str, LanguageLevels]
    at: datetime


def open_shifts(agent: Agent, at: datetime, *, held: Sequence[Held] | None = None) -> list[OpenShift]:
    """This function will return the coming shifts of the agent's programs in the next three weeks, soonest first.

    `held` is the agent's taken time where the caller has read it already. The number of queries grows neither
    with the shifts nor with the agent's programs.
    """
    engagements = _engagements(agent)
    shifts = list(_coming_shifts(agent, engagements, at))
    if not shifts:
        return []
    reader = _reader(agent, engagements, shifts, at, held=held)
    return [_judged(shift, reader) for shift in shifts]


def _reader(
    agent: Agent,
    engagements: Sequence[Engagement],
    shifts: Sequence[Shift],
    at: datetime,
    *,
    held: Sequence[Held] | None,
) -> _Reader:
    ids = [shift.pk for shift in shifts]
    windows = windows_of_shifts(ids)
    return _Reader(
        held=held_around(agent.pk, at, at + LOOKAHEAD) if held is None else held,
        limits=limits_of(agent, calendar_of(agent)),
        tiers={one.program_id: one.tier for one in engagements},
        answers=eligibilities_in(agent, _programs_of(shifts), at),
        cards=_cards_of(shifts),
        engagements={one.program_id: one for one in engagements},
        windows=windows,
        entered=entries_of_agent(agent.pk, {one.pk for found in windows.values() for one in found}),
        waiting=waiting_of(agent.pk),
        incentives=incentive_now(ids, at),
        hot_hours=_hot_hours(shifts),
        spoken=_spoken(agent, shifts),
        at=at,
    )


def _spoken(agent: Agent, shifts: Iterable[Shift]) -> Mapping[str, LanguageLevels]:
    """Read only where some shift is in a language."""
    return languages_of_agents([agent.pk]).get(agent.pk, {}) if any(one.language for one in shifts) else {}


def _hot_hours(shifts: Iterable[Shift]) -> dict[UUID, int]:
    """Only programs that have rules of their own."""
    programs = {shift.program_id: shift.program for shift in shifts}
    return {
        pk: program.scheduling_rules.hot_below_hours
        for pk, program in programs.items()
        if hasattr(program, "scheduling_rules")
    }


def calendar_of(agent: Agent) -> AgentCalendar | None:
    """This function will return the agent's calendar row, or None before the first claim."""
    try:
        return agent.calendar
    except AgentCalendar.DoesNotExist:
        return None


def _engagements(agent: Agent) -> list[Engagement]:
    rows = Engagement.objects.across_brands().filter(agent=agent, state__in=OPEN_ENGAGEMENT_STATES)
    return list(rows.order_by("pk"))


def _coming_shifts(agent: Agent, engagements: Iterable[Engagement], at: datetime) -> Iterable[Shift]:
    """Shifts in a language that is not in the profile are left out: nobody looks for those."""
    rows = (
        Shift.objects.across_brands()
        .filter(
            program_id__in=[one.program_id for one in engagements],
            state__in=_SHOWN,
            starts_at__gt=at,
            starts_at__lt=at + LOOKAHEAD,
        )
        .filter(in_known_language(agent.pk, "language"))
    )
    return rows.select_related("program__brand", "program__scheduling_rules").order_by("starts_at", "ends_at", "pk")[
        :_AT_MOST
    ]


def _programs_of(shifts: Iterable[Shift]) -> list[Program]:
    return list({shift.program_id: shift.program for shift in shifts}.values())


def _cards_of(shifts: Iterable[Shift]) -> dict[UUID, RateCard]:
    rows = RateCard.objects.across_brands().with_lines().filter(pk__in={shift.rate_card_id for shift in shifts})
    return {card.pk: card for card in rows}


def _judged(shift: Shift, reader: _Reader) -> OpenShift:
    tier, card = reader.tiers[shift.program_id], reader.cards[shift.rate_card_id]
    mine = next((one for one in reader.held if one.shift_id == shift.pk), None)
    left = max(0, shift.seats - shift.filled - shift.reserved)
    extra = Money(reader.incentives.get(shift.pk, 0), card.pay_currency)
    seconds = seconds_between(shift.starts_at, shift.ends_at)
    stage = _stage(shift, reader)
    status, reason, label, url = _verdict(shift, reader, stage, is_mine=mine is not None, left=left)
    return OpenShift(
        shift=shift,
        tier=tier,
        pay_per_hour=hourly_pay(card, tier=tier).pay + extra,
        pay_total=price_of_seconds(card, seconds, tier=tier).pay
        + Money(extra.amount_minor * seconds // 3600, extra.currency),
        status=status,
        reason=reason,
        fix_label=label,
        fix_url=url,
        seats_left=left,
        claim_id=mine.claim_id if mine else None,
        incentive=extra,
        wave=stage.wave,
        window=stage.window,
        opens_at=stage.opens_at,
        is_entered=stage.is_entered,
        is_hot=_is_hot(shift, reader) and status == "open",
        waiting=reader.waiting.get(shift.pk),
    )


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where a shift's release stands for one agent."""

    wave: str
    window: ClaimWindow | None = None
    opens_at: datetime | None = None
    is_entered: bool = False


def _stage(shift: Shift, reader: _Reader) -> _Stage:
    """Open shifts are first come. Otherwise the draw open to the agent now, else the next one, else what follows the draws."""
    if shift.state == ShiftState.OPEN:
        return _Stage("first_come")
    windows = reader.windows.get(shift.pk, ())
    mine = [one for one in windows if is_for(one, reader.engagements[shift.program_id])]
    now = next((one for one in mine if takes_wishes(one, reader.at)), None)
    if now is not None:
        entry = reader.entered.get(now.pk)
        is_entered = entry is not None and entry.state == DrawEntryState.ENTERED and str(shift.pk) in entry.wishes
        return _Stage(now.wave.audience, now, None, is_entered)
    following = next((one for one in mine if one.opens_at > reader.at), None)
    if following is not None:
        return _Stage(following.wave.audience, None, following.opens_at)
    being_drawn = next((one for one in windows if one.closes_at <= reader.at), None)
    if being_drawn is not None:
        return _Stage("drawing")
    return _Stage("first_come", None, shift.publish_at)


def _is_hot(shift: Shift, reader: _Reader) -> bool:
    hours = reader.hot_hours.get(shift.program_id, _HOT_HOURS)
    return shift.starts_at - reader.at < timedelta(hours=hours)


def _verdict(shift: Shift, reader: _Reader, stage: _Stage, *, is_mine: bool, left: int) -> tuple[str, str, str, str]:
    if is_mine:
        return "yours", "", "", ""
    answer = spoken_for(reader.answers[shift.program_id], shift.program, work_of(shift), reader.spoken)
    if not answer.is_eligible:
        return _not_yet(answer)
    refusal = refusal_for(Period(shift.starts_at, shift.ends_at), reader.held, reader.limits)
    if refusal is not None:
        return _status_of(refusal), refusal.message, "", ""
    if shift.paused_at is not None:
        return "paused", SeatsPaused().message, "", ""
    if shift.state != ShiftState.OPEN:
        return ("draw" if stage.window else "later"), "", "", ""
    return ("open", "", "", "") if left else ("full", "", "", "")


def _status_of(refusal: DomainError) -> str:
    return "busy" if isinstance(refusal, OverlapsOtherShift) else "hours"


def _not_yet(answer: Eligibility) -> tuple[str, str, str, str]:
    reason = str(answer.reasons[0].sentence) if answer.reasons else ""
    step = next((step for step in answer.next_steps if step.url), None)
    return "not_yet", reason, str(step.label) if step else "", step.url if step else ""
