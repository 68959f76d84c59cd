"""What shifts pay on top of the card: now for who claims, and for good for who holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Max

from gigcx.kernel.money import Money
from recruiting.models import RateCard
from recruiting.states import LineKind
from scheduling.models import Claim, Incentive, SchedulingRules, Shift
from scheduling.queries.prices import hourly_pay
from scheduling.queries.rules import rules_of
from scheduling.registries import price_book
from scheduling.states import IncentiveCause, ShiftState

Step = tuple[datetime, int]
WHOLE: Final = 10_000
# No ladder of any program begins earlier.
FIRST_RUNG: Final = timedelta(days=7)


def incentive_of(claim: Claim) -> int:
    """This function will return what the holder gets on top of each hour, in minor units.

    The highest step in force at any moment from the claim to the shift's end: a raise reaches who claimed before it, a
    cut never does, and claiming again never earns more than having claimed early.
    """
    return incentives_of([claim])[claim.pk]


def incentives_of(claims: Iterable[Claim]) -> dict[UUID, int]:
    """This function will return the same for many claims with one query."""
    held = list(claims)
    steps = _steps({claim.shift_id for claim in held})
    return {claim.pk: _best(steps.get(claim.shift_id, ()), claim.claimed_at, claim.ends_at) for claim in held}


def incentive_now(shift_ids: Iterable[UUID], at: datetime) -> dict[UUID, int]:
    """This function will return, per shift that has one, what claiming now pays on top of each hour, in minor units."""
    in_force = {shift_id: _best(steps, at, at) for shift_id, steps in _steps(set(shift_ids)).items()}
    return {shift_id: amount for shift_id, amount in in_force.items() if amount}


def _steps(shift_ids: set[UUID]) -> dict[UUID, list[Step]]:
    rows = Incentive.objects.across_brands().filter(shift_id__in=shift_ids).order_by("announced_at")
    found: dict[UUID, list[Step]] = {}
    for shift_id, announced_at, amount in rows.values_list("shift_id", "announced_at", "per_hour_minor"):
        found.setdefault(shift_id, []).append((announced_at, amount))
    return found


def _best(steps: Sequence[Step], since: datetime, until: datetime) -> int:
    """The step in force at `since`, and every one announced after it and before the end."""
    before = [amount for announced_at, amount in steps if announced_at <= since]
    later = [amount for announced_at, amount in steps if since < announced_at < until]
    return max([*before[-1:], *later], default=0)


def peak_of(shift_id: UUID) -> int:
    """This function will return the highest step the shift ever had, in minor units an hour."""
    rows = Incentive.objects.across_brands().filter(shift_id=shift_id)
    return rows.aggregate(peak=Max("per_hour_minor"))["peak"] or 0


def peak_of_many(shift_ids: Iterable[UUID]) -> dict[UUID, int]:
    """This function will return the highest step of each shift that ever had one: one query."""
    rows = Incentive.objects.across_brands().filter(shift_id__in=list(shift_ids))
    return dict(rows.values_list("shift_id").annotate(peak=Max("per_hour_minor")).order_by())


def budget_of_step(shift: Shift, per_hour_minor: int, *, at: datetime) -> Money:
    """This function will return what a step may cost the brand at most beyond the steps before: every seat, every hour.

    Only what goes beyond the highest step so far counts: that one is promised to its holders already.
    """
    before = peak_of(shift.pk)
    return cost_of(shift, max(per_hour_minor, before), shift.seats, at=at) - cost_of(shift, before, shift.seats, at=at)


def cost_of(shift: Shift, per_hour_minor: int, seats: int, *, at: datetime) -> Money:
    """This function will price so much for every hour of so many seats, rounded up, in what the brand pays in.

    What agents are promised is in their currency; the rate is that of the day.
    """
    seconds = int((shift.ends_at - shift.starts_at).total_seconds()) * seats
    pay = Money(-(-per_hour_minor * seconds // 3600), shift.rate_card.pay_currency)
    return price_book().billed(shift.rate_card, pay, at=at)


@dataclass(frozen=True, slots=True)
class LadderStep:
    """The incentive that the ladder asks for now, and why."""

    per_hour_minor: int
    hours_before: int
    below_bp: int


def ladder_step(shift_id: UUID, *, at: datetime) -> LadderStep | None:
    """This function will return the step of the ladder that is due for a shift, None where none is.

    Each rung is climbed once, when its hour comes and the shift is filled less than it asks; a step adds a share of the
    card's hourly pay up to the cap.
    """
    rows = Shift.objects.across_brands().select_related("program")
    shift = rows.filter(pk=shift_id, state=ShiftState.OPEN, starts_at__gt=at).first()
    if shift is None:
        return None
    rules = rules_of(shift.program)
    rung = _rung(shift, rules, at)
    if rung is None or _climbed_since(shift, shift.starts_at - timedelta(hours=rung[0])):
        return None
    card = RateCard.objects.across_brands().with_lines().get(pk=shift.rate_card_id)
    pay = hourly_pay(card).pay.amount_minor
    present = incentive_now([shift.pk], at).get(shift.pk, 0)
    wanted = min(present + pay * rules.incentive_step_bp // WHOLE, highest_incentive(card, rules))
    return LadderStep(wanted, rung[0], rung[1]) if wanted > present else None


def highest_incentive(card: RateCard, rules: SchedulingRules) -> int:
    """This function will return the most that ladder and remedies may add to an hour: the rules' share of the pay, and
    never more than the card's own highest incentive.
    """
    share = hourly_pay(card).pay.amount_minor * rules.incentive_cap_bp // WHOLE
    own = card.line(LineKind.INCENTIVE_CAP)
    return share if own is None else min(share, own.pay_minor)


def _rung(shift: Shift, rules: SchedulingRules, at: datetime) -> tuple[int, int] | None:
    """The nearest rung whose hour has come, where the shift is filled less than it asks."""
    passed = [
        (hours, below) for hours, below in rules.incentive_ladder if at >= shift.starts_at - timedelta(hours=hours)
    ]
    if not passed:
        return None
    hours, below = min(passed)
    filled = shift.filled + shift.reserved
    return (hours, below) if filled * WHOLE < below * shift.seats else None


def _climbed_since(shift: Shift, since: datetime) -> bool:
    rows = Incentive.objects.across_brands().filter(shift=shift, cause=IncentiveCause.LADDER)
    return rows.filter(announced_at__gte=since).exists()


def shifts_on_the_ladder(*, at: datetime) -> list[UUID]:
    """This function will return open shifts with free seats near enough for a ladder, whose request has money for it."""
    rows = (
        Shift.objects.across_brands()
        .with_seats_to_give()
        .filter(
            state=ShiftState.OPEN,
            starts_at__gt=at,
            starts_at__lte=at + FIRST_RUNG,
            request__incentive_budget_minor__gt=F("request__incentive_spent_minor"),
        )
    )
    return list(rows.order_by("starts_at", "pk").values_list("pk", flat=True))
