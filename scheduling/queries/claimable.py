"""Step 1 of a claim: everything that stands in the way and can be known without a lock, for each way to a seat."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from gigcx.kernel.errors import NotFound
from recruiting.models import Agent, RateCard
from scheduling.errors import (
    NotEligible,
    OpenClaimsReached,
    SeatsPaused,
    ShiftChanged,
    ShiftFull,
    ShiftNotOpen,
    TooLate,
    WaveNotOpen,
)
from scheduling.models import Claim, Shift
from scheduling.queries.languages import work_of
from scheduling.queries.prices import hourly_pay
from scheduling.queries.wishes import Wish
from scheduling.registries import nesting_rules, reliability_preview
from scheduling.states import CLAIMABLE, COMING, ClaimKind, ClaimSource, ShiftState
from vetting.queries.eligibility import eligibility, works_until

_WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True)
class SeenShift:
    """What the agent's page showed: version, the hour's pay and incentive in minor units, and the time where it was sent."""

    version: int
    pay_minor: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    incentive_minor: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """One way to a seat: in which states of the shift it works, whether waves rule it, and which seat it takes."""

    source: str
    states: tuple[str, ...]
    kind: str = ClaimKind.SEAT
    has_waves: bool = False
    from_reserved: bool = False

    @property
    def may_join_running(self) -> bool:
        """Whether a seat of a shift that has begun may be taken."""
        return ShiftState.STARTED in self.states

    def budget_of(self, wish: Wish) -> int | None:
        """This function will return the minutes a week one may commit to this early by this way, or None for no such limit."""
        if self.source == ClaimSource.DRAW:
            return wish.draw_week_minutes
        if self.source in {ClaimSource.AUTO_FILL, ClaimSource.REMEDY} or self.kind == ClaimKind.STANDBY:
            return None
        return wish.open_week_minutes


_RUNNING: Final = (ShiftState.OPEN, ShiftState.STARTED)
_STATES: Final[dict[str, tuple[str, ...]]] = {
    ClaimSource.FIRST_COME: CLAIMABLE,
    ClaimSource.DRAW: (ShiftState.COLLECTING, ShiftState.OPEN),
    ClaimSource.WAITLIST: _RUNNING,
    ClaimSource.SWAP: (ShiftState.ANNOUNCED, ShiftState.COLLECTING, ShiftState.OPEN),  # a drawn seat is its holder's
    ClaimSource.AUTO_FILL: (ShiftState.ANNOUNCED, ShiftState.COLLECTING, ShiftState.OPEN),
    ClaimSource.REMEDY: _RUNNING,
}


def way_of(source: str, *, kind: str = ClaimKind.SEAT, from_reserved: bool = False) -> Way:
    """This function will return how a source of claims works. Only first come, first served goes through waves."""
    return Way(
        source=str(source),
        states=_STATES[source],
        kind=str(kind),
        has_waves=source == ClaimSource.FIRST_COME and kind == ClaimKind.SEAT,
        from_reserved=from_reserved,
    )


def refuse_before_locking(wish: Wish, agent: Agent, *, way: Way, seen: SeenShift | None, at: datetime) -> int:
    """This function will return the share of the seats open to the agent, in basis points, or say what stands in the way.

    Raises:
        NotFound: not announced yet. ShiftNotOpen, TooLate: not in a state, or past the point, where this way works.
        SeatsPaused: the brand's payment failed and this seat was free then; a swapped seat was not.
        ShiftFull: no seat left. WaveNotOpen: no wave is open to the agent, or a draw is not settled.
        NotEligible: with reasons. OpenClaimsReached: as many open claims as reliability allows.
        ShiftChanged: it pays less than `seen` says, or runs at another time.
    """
    _refuse_state(wish, way, at)
    if way.kind == ClaimKind.SEAT and not way.from_reserved and not wish.has_room:
        raise ShiftFull  # before anything dearer: a full shift is asked for most
    cap_bp = _share_open_to(wish, at) if way.has_waves else _WHOLE
    _refuse_ineligible(wish, agent, at)
    _refuse_unreliable(wish, agent, at)
    _refuse_worse_than_seen(wish, seen)
    return cap_bp


def _refuse_state(wish: Wish, way: Way, at: datetime) -> None:
    if wish.state == ShiftState.DRAFT:
        raise NotFound
    if wish.state not in way.states:
        raise ShiftNotOpen
    if wish.is_paused and way.source != ClaimSource.SWAP:
        raise SeatsPaused
    if wish.starts_at > at:
        return
    if not way.may_join_running:
        raise ShiftNotOpen
    if at >= wish.starts_at + (wish.ends_at - wish.starts_at) / 2:
        raise TooLate(_("More than half of this shift is over: nobody joins it any more."))


def _share_open_to(wish: Wish, at: datetime) -> int:
    if not wish.waves:
        return _WHOLE
    if wish.is_drawing:
        raise WaveNotOpen(_("The draw for this shift is not settled yet. What it leaves over opens afterwards."))
    if wish.cap_bp is None:
        raise WaveNotOpen(opens_at=wish.opens_next)
    return wish.cap_bp


def _refuse_ineligible(wish: Wish, agent: Agent, at: datetime) -> None:
    until = None if wish.language else works_until(agent.pk, wish.program_id, at)
    if until is None or until < wish.ends_at:
        shift = shift_of(wish.shift_id)
        eligible_or_refuse(agent, shift, at=at)  # the same rule, with its reasons, and the language of the work
    if wish.engagement_id is None:
        raise NotEligible


def _refuse_unreliable(wish: Wish, agent: Agent, at: datetime) -> None:
    limit = reliability_preview().limits(agent, at)
    if limit is not None:
        held = Claim.objects.across_brands().of_agent(agent.pk).filter(state__in=list(COMING), ends_at__gt=at).count()
        if held >= limit:
            raise OpenClaimsReached(limit=limit)
    refusal = nesting_rules().refusal(agent, wish.program_id, wish.period, at)
    if refusal:
        raise NotEligible(refusal)


def _refuse_worse_than_seen(wish: Wish, seen: SeenShift | None) -> None:
    if seen is None:
        return
    if (seen.starts_at or wish.starts_at, seen.ends_at or wish.ends_at) != (wish.starts_at, wish.ends_at):
        raise ShiftChanged(
            _("The time of this shift changed since you opened the page. Look at it again before you claim.")
        )
    if seen.version == wish.version and wish.incentive_minor is None:
        return
    card = RateCard.objects.across_brands().with_lines().get(pk=wish.rate_card_id)
    offered = hourly_pay(card, tier=wish.tier).pay.amount_minor + (wish.incentive_minor or 0)
    if offered < seen.pay_minor + seen.incentive_minor:
        raise ShiftChanged


def shift_of(shift_id: UUID) -> Shift:
    """This function will return a shift with program and brand, whoever asks."""
    return Shift.objects.across_brands().select_related("program__brand").get(pk=shift_id)


def eligible_or_refuse(agent: Agent, shift: Shift, *, at: datetime) -> None:
    """This function will refuse unless the agent may work in the program now and until the shift's end, in its language.

    Raises:
        NotEligible: with the reasons and what fixes them.
    """
    work = work_of(shift)
    now = eligibility(agent, shift.program, at, work=work)
    if not now.is_eligible:
        raise NotEligible(reasons=now.reasons, next_steps=now.next_steps)
    if now.lapses_at is not None and now.lapses_at < shift.ends_at:
        then = eligibility(agent, shift.program, shift.ends_at, work=work)
        raise NotEligible(reasons=then.reasons, next_steps=then.next_steps)
