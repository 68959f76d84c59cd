"""The outlook of a request before it is promised: chance of filling, floors, fixed staff, ramp, clock changes.

Counting takes seconds, so only workers call this. All that it assumes is written down beside what it finds.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from gigcx.kernel.intervals import GRID_MINUTES, Period, day_of, zone_of
from gigcx.kernel.money import round_minor
from recruiting.models import RateCard
from scheduling.models import CapacityRequest, ForecastPoint
from scheduling.queries.designs import Demand, demand_of
from scheduling.queries.fill_odds import Market, PlannedShift, market_of
from scheduling.queries.prices import dearest_idle_seat, hourly_pay
from scheduling.queries.weeks import days_of_week, week_period
from scheduling.quoting import (
    Certainty,
    Costs,
    FillOdds,
    OnDemand,
    certainty_to_json,
    cheapest_rota,
    compare_strategies,
    comparison_to_json,
    fill_probability,
    odds_to_json,
    price_of_certainty,
)
from scheduling.states import ForecastState

_DRAWS: Final = (200, 4_000)
_SHIFTS_PLAYED: Final = 40_000
_CERTAINTY_PART: Final = Fraction(3, 20)
_OWN_ON_TOP: Final = Fraction(13, 10)
_ABSENCE_BP: Final = 1_000
_USUAL_HANDLING_SECONDS: Final = 360.0
_OCCUPANCY: Final = 0.85
_ENOUGH: Final = 0.95
_LONGEST_RAMP: Final = timedelta(weeks=104)


@dataclass(frozen=True, slots=True)
class Outlook:
    """JSON values of a quote: odds, ways to staff, assumptions; and what is owed if volume stays away, minor units."""

    fill: dict[str, Any]
    strategies: dict[str, Any]
    assumptions: dict[str, Any]
    floor_exposure_minor: int
    seed: int


def outlook_of(request: CapacityRequest, planned: Sequence[PlannedShift], card: RateCard, *, at: datetime) -> Outlook:
    """This function will simulate the release, compare with fixed staff and write down what both assume."""
    week = week_period(request.week_starts_on, zone_of(request.timezone))
    market = market_of(request, planned, card, week=week, at=at)
    seed = request.pk.int % 1_000_000_007 + request.version
    draws = _draws(len(planned))
    odds = fill_probability(market.bench, market.seats, draws=draws, seed=seed)
    certainty = price_of_certainty(market.bench, market.seats, draws=int(draws * _CERTAINTY_PART), seed=seed)
    costs, demand = _costs(request, card, odds), demand_of(request, at=at)
    return Outlook(
        fill=odds_to_json(odds)
        | {"certainty": _certainty_words(certainty, planned, card), "ramp": _ramp(market, odds, at=at)},
        strategies=_strategies(demand, planned, costs, week=week),
        assumptions=_assumptions(market, costs, draws)
        | {"clock_changes": clock_changes(request, planned), "given_minutes": demand.given_minutes},
        floor_exposure_minor=sum(_idle_minor(one, card) for one in planned),
        seed=seed,
    )


def _draws(shifts: int) -> int:
    """How often the release is played: a few shifts average out less than a week of them, and cost less to play."""
    least, most = _DRAWS
    return min(max(_SHIFTS_PLAYED // max(shifts, 1), least), most)


def _idle_minor(one: PlannedShift, card: RateCard) -> int:
    seconds = int((one.ends_at - one.starts_at).total_seconds())
    return dearest_idle_seat(card, seconds).bill.amount_minor * one.seats


def _certainty_words(found: Certainty, planned: Sequence[PlannedShift], card: RateCard) -> dict[str, Any]:
    """What the raise costs: the brand pays what agents get on top, for the seats expected to fill with it."""
    pay = hourly_pay(card).pay
    per_hour = round_minor(Fraction(found.raise_share).limit_denominator(1_000) * pay.amount_minor)
    hours = Fraction(sum(one.hours for one in planned) * found.share_after).limit_denominator(100)
    return certainty_to_json(found) | {
        "per_hour_minor": per_hour,
        "cost_minor": round_minor(per_hour * hours),
        "currency": pay.currency,
    }


def _ramp(market: Market, odds: FillOdds, *, at: datetime) -> dict[str, Any]:
    """When the pool will be big enough at the pace of the last eight weeks; no date where it does not grow."""
    size = market.bench.size
    if odds.share >= _ENOUGH:
        return {"is_small": False, "bench": size}
    needed = max(size + 1, round(max(size, 1) * _ENOUGH / max(odds.share, 0.02)))
    weeks = (needed - size) / market.certified_a_week if market.certified_a_week else None
    ready = at + timedelta(weeks=weeks) if weeks is not None and timedelta(weeks=weeks) <= _LONGEST_RAMP else None
    return {
        "is_small": True,
        "bench": size,
        "needed": needed,
        "in_training": market.in_training,
        "ready_on": ready.date().isoformat() if ready else None,
    }


def _strategies(demand: Demand, planned: Sequence[PlannedShift], costs: Costs, *, week: Period) -> dict[str, Any]:
    required = [demand.left.get(one.starts_at, 0) for one in week.steps(GRID_MINUTES)]
    seated = seats_by_slot(planned, week)
    short = sum(max(0, need - have) for need, have in zip(required, seated, strict=True)) * GRID_MINUTES / 60
    found = compare_strategies(
        required,
        costs,
        slot_minutes=GRID_MINUTES,
        rota=cheapest_rota(required, slot_minutes=GRID_MINUTES),
        on_demand=OnDemand(sum(one.hours for one in planned), short),
    )
    return comparison_to_json(found) | {"required": required, "seats": seated, "slot_minutes": GRID_MINUTES}


def seats_by_slot(planned: Sequence[PlannedShift], week: Period) -> list[int]:
    """This function will return how many seats each quarter of the week has."""
    step = GRID_MINUTES * 60
    seats = [0] * (week.seconds // step)
    for one in planned:
        first = int((one.starts_at - week.starts_at).total_seconds()) // step
        last = int((one.ends_at - week.starts_at).total_seconds()) // step
        for slot in range(max(0, first), min(last, len(seats))):
            seats[slot] += one.seats
    return seats


def _costs(request: CapacityRequest, card: RateCard, odds: FillOdds) -> Costs:
    """Own staff at agents' pay and 30 % on top; in another currency than the bill, four fifths of the bill."""
    hour = hourly_pay(card)
    is_same = hour.pay.currency == hour.bill.currency
    own = hour.pay.amount_minor * _OWN_ON_TOP if is_same else Fraction(hour.bill.amount_minor * 4, 5)
    return Costs(
        fixed_hour_minor=round_minor(own),
        on_demand_hour_minor=hour.bill.amount_minor,
        absence_bp=_ABSENCE_BP,
        fill_bp=round(odds.share * 10_000),
        contacts_per_hour=round(3600 / _handling_seconds(request) * _OCCUPANCY, 2),
    )


def _handling_seconds(request: CapacityRequest) -> float:
    """The week's published handling time, weighted by volume; six minutes where nothing is published."""
    points = ForecastPoint.objects.for_brand(request.brand_id).filter(
        forecast__program_id=request.program_id,
        forecast__channel=request.channel,
        forecast__language=request.language,
        forecast__week_starts_on=request.week_starts_on,
        forecast__state=ForecastState.PUBLISHED,
    )
    pairs = [(float(volume), float(seconds)) for volume, seconds in points.values_list("volume", "aht_seconds")]
    contacts = sum(volume for volume, _seconds in pairs)
    return sum(volume * seconds for volume, seconds in pairs) / contacts if contacts else _USUAL_HANDLING_SECONDS


def _assumptions(market: Market, costs: Costs, draws: int) -> dict[str, Any]:
    return {
        "draws": draws,
        "bench": market.bench.size,
        "past_shifts": market.past_shifts,
        "show_rate": round(market.bench.show_mean, 4),
        "brand_kept": round(market.brand_kept, 4),
        "habits": asdict(market.habits),
        "own_hour_minor": costs.fixed_hour_minor,
        "on_demand_hour_minor": costs.on_demand_hour_minor,
        "absence_bp": costs.absence_bp,
        "contacts_per_hour": costs.contacts_per_hour,
    }


def clock_changes(request: CapacityRequest, planned: Sequence[PlannedShift]) -> list[dict[str, Any]]:
    """This function will name the days of the week with more or fewer than 24 hours, and the shifts that lie across.

    A shift is paid for the hours that pass, so one whose wall clock says eight may last seven or nine.
    """
    zone = zone_of(request.timezone)
    found = []
    for on in days_of_week(request.week_starts_on):
        hours = day_of(on, zone).seconds / 3600
        if hours == 24:
            continue
        across = [one for one in planned if _is_bent(one, request.timezone)]
        found.append({"on": on.isoformat(), "hours": hours, "shifts": len(across)})
    return found


def _is_bent(one: PlannedShift, timezone: str) -> bool:
    zone = zone_of(timezone)
    walls = [moment.astimezone(zone).replace(tzinfo=None) for moment in (one.starts_at, one.ends_at)]
    return walls[1] - walls[0] != one.ends_at - one.starts_at
