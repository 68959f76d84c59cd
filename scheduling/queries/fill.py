"""How a published request fills: its waves, where the seats went, and what incentives cost and could cost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from scheduling.models import CapacityRequest, Claim, ClaimWindow, ReleaseWave, Shift
from scheduling.queries.draws import SEALED
from scheduling.queries.incentives import cost_of, incentive_now, peak_of_many
from scheduling.states import OCCUPYING, ClaimKind, ClaimSource, ShiftState, WindowState


@dataclass(frozen=True, slots=True)
class WaveFill:
    """One wave with its draws, the latest last; `entrants` is None while wishes are taken, `given` None before the reveal."""

    wave: ReleaseWave
    windows: tuple[ClaimWindow, ...]
    entrants: int | None
    given: int | None

    @property
    def window(self) -> ClaimWindow | None:
        """The draw that counts: the one that was not voided."""
        return next((one for one in reversed(self.windows) if one.state != WindowState.VOID), None)


@dataclass(frozen=True, slots=True)
class ShiftFill:
    """One shift: how its seats were filled, and what it pays on top now."""

    shift: Shift
    by_source: Mapping[str, int]
    incentive: int

    @property
    def short(self) -> int:
        """Seats without anybody."""
        return max(0, self.shift.seats - self.shift.filled - self.shift.reserved)


def waves_of(request: CapacityRequest) -> list[WaveFill]:
    """This function will return the request's waves in order, with their draws: two queries."""
    rows = ReleaseWave.objects.for_brand(request.brand_id).filter(request=request).order_by("position")
    windows: dict[UUID, list[ClaimWindow]] = {}
    for one in ClaimWindow.objects.for_brand(request.brand_id).filter(wave__request=request).order_by("created_at"):
        windows.setdefault(one.wave_id, []).append(one)
    return [_wave(wave, windows.get(wave.pk, [])) for wave in rows]


def _wave(wave: ReleaseWave, windows: Sequence[ClaimWindow]) -> WaveFill:
    live = next((one for one in reversed(windows) if one.state != WindowState.VOID), None)
    is_frozen = live is not None and live.state not in SEALED
    entrants = live.result.get("entrants", 0) if live is not None and is_frozen else None
    given = None
    if live is not None and live.state == WindowState.REVEALED:
        given = len(live.result.get("winners", [])) - len(live.result.get("passed_over", []))
    return WaveFill(wave, tuple(windows), entrants, given)


def shifts_filled(request: CapacityRequest, at: datetime) -> list[ShiftFill]:
    """This function will return the request's shifts in order of time with where their seats went: three queries."""
    rows = Shift.objects.for_brand(request.brand_id).filter(request=request)
    shown = rows.exclude(state__in=[ShiftState.DRAFT, ShiftState.CANCELLED]).select_related("rate_card")
    shifts = list(shown.order_by("starts_at", "ends_at", "pk"))
    sources = _sources([one.pk for one in shifts])
    extra = incentive_now([one.pk for one in shifts], at)
    return [ShiftFill(one, sources.get(one.pk, {}), extra.get(one.pk, 0)) for one in shifts]


def _sources(shift_ids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    rows = Claim.objects.across_brands().filter(
        shift__in=list(shift_ids), state__in=list(OCCUPYING), kind=ClaimKind.SEAT
    )
    found: dict[UUID, dict[str, int]] = {}
    for shift_id, source, n in rows.values_list("shift_id", "source").annotate(n=Count("pk")).order_by():
        found.setdefault(shift_id, {})[str(ClaimSource(source))] = n
    return found


@dataclass(frozen=True, slots=True)
class IncentivePreview:
    """What an incentive would cost at most, before it is announced; amounts are minor units."""

    per_hour_minor: int
    shifts: int
    seats: int
    cost_minor: int
    left_minor: int

    @property
    def fits(self) -> bool:
        """Whether the money set aside covers it."""
        return self.cost_minor <= self.left_minor


def incentive_preview(
    request: CapacityRequest, shifts: Sequence[Shift], per_hour_minor: int, *, at: datetime
) -> IncentivePreview:
    """This function will count what an amount adds to every seat of the shifts beyond what is promised already.

    The amount is what agents get, the cost what the brand pays, at the rate of the day where these are two currencies.
    """
    peaks = peak_of_many([one.pk for one in shifts])
    cost = sum(
        cost_of(one, max(per_hour_minor, peak), one.seats, at=at).amount_minor
        - cost_of(one, peak, one.seats, at=at).amount_minor
        for one in shifts
        for peak in [peaks.get(one.pk, 0)]
    )
    return IncentivePreview(
        per_hour_minor=per_hour_minor,
        shifts=len(shifts),
        seats=sum(one.seats for one in shifts),
        cost_minor=cost,
        left_minor=request.incentive_budget_minor - request.incentive_spent_minor,
    )
