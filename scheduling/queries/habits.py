"""A brand's released seats as the quoting room reads them: when they were taken before the start, and at what pay."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gigcx.kernel.intervals import zone_of
from recruiting.models import RateCard
from scheduling.models import Claim, Shift
from scheduling.queries.prices import hourly_pay
from scheduling.quoting import Habits, OpenShift, learned_habits, slot_of
from scheduling.states import OCCUPYING, ClaimSource, ShiftState, WaveMode

HABITS_BACK: Final = timedelta(days=182)


def habits_of(brand_id: UUID, *, at: datetime) -> Habits:
    """This function will learn from the brand's first-come shifts of the last half year, whichever program, in four queries.

    A shift that was drawn says nothing of when people come: its seats went at one moment.
    """
    rows = Shift.objects.for_brand(brand_id).filter(
        state__in=(ShiftState.STARTED, ShiftState.ENDED),
        starts_at__gte=at - HABITS_BACK,
        starts_at__lt=at,
        publish_at__isnull=False,
    )
    shifts = list(rows.exclude(request__waves__mode=WaveMode.DRAW).order_by("starts_at", "pk"))
    return learned_habits(list(_open_shifts(shifts, _taken(brand_id, shifts), _ratios(brand_id, shifts))))


def _taken(brand_id: UUID, shifts: Sequence[Shift]) -> dict[UUID, list[datetime]]:
    rows = Claim.objects.for_brand(brand_id).filter(
        shift__in=shifts, source=ClaimSource.FIRST_COME, state__in=list(OCCUPYING)
    )
    found: dict[UUID, list[datetime]] = defaultdict(list)
    for shift_id, moment in rows.order_by().values_list("shift_id", "claimed_at"):
        found[shift_id].append(moment)
    return found


def _ratios(brand_id: UUID, shifts: Sequence[Shift]) -> dict[UUID, float]:
    """Each card's hourly pay against the usual of its program, weighed by the seats it priced."""
    seats: dict[UUID, int] = defaultdict(int)
    for shift in shifts:
        seats[shift.rate_card_id] += shift.seats
    cards = list(RateCard.objects.for_brand(brand_id).with_lines().filter(pk__in=seats).order_by("pk"))
    pay = {card.pk: hourly_pay(card).pay.amount_minor for card in cards}
    usual: dict[tuple[UUID, str], tuple[int, int]] = {}
    for card in cards:
        total, weight = usual.get((card.program_id, card.pay_currency), (0, 0))
        part = (total + pay[card.pk] * seats[card.pk], weight + seats[card.pk])
        usual[card.program_id, card.pay_currency] = part
    return {card.pk: _ratio(pay[card.pk], *usual[card.program_id, card.pay_currency]) for card in cards}


def _ratio(pay_minor: int, total: int, weight: int) -> float:
    return pay_minor * weight / total if total else 1.0


def _open_shifts(
    shifts: Sequence[Shift], taken: Mapping[UUID, Sequence[datetime]], ratios: Mapping[UUID, float]
) -> Iterable[OpenShift]:
    groups: dict[tuple[UUID, int], int] = {}
    for shift in shifts:
        local = shift.starts_at.astimezone(zone_of(shift.timezone))
        key = (shift.program_id, slot_of(local.weekday(), local.hour))
        opened = shift.publish_at or shift.created_at
        moments = [one for one in taken.get(shift.pk, []) if opened <= one < shift.starts_at]
        yield OpenShift(
            group=groups.setdefault(key, len(groups)),
            seats=shift.seats,
            open_hours=max(0.0, _hours(shift.starts_at - opened)),
            taken_hours=tuple(_hours(shift.starts_at - one) for one in moments),
            is_full=shift.filled >= shift.seats,
            pay_ratio=ratios.get(shift.rate_card_id, 1.0),
        )


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600
