"""What the sweep of the release finds due. Row timestamps decide, never the tick."""

from datetime import datetime
from uuid import UUID

from scheduling.models import ClaimWindow, ReleaseWave
from scheduling.states import RequestState, WaveMode, WaveState, WindowState

_NOT_DRAWN = (WindowState.COMMITTED, WindowState.OPEN, WindowState.CLOSED)


def windows_to_open(*, at: datetime) -> list[UUID]:
    """This function will return draws whose opening has come."""
    rows = ClaimWindow.objects.across_brands().filter(state=WindowState.COMMITTED, opens_at__lte=at)
    return list(rows.order_by("opens_at", "pk").values_list("pk", flat=True))


def windows_to_close(*, at: datetime) -> list[UUID]:
    """This function will return draws whose time is over."""
    rows = ClaimWindow.objects.across_brands().filter(state=WindowState.OPEN, closes_at__lte=at)
    return list(rows.order_by("closes_at", "pk").values_list("pk", flat=True))


def windows_to_settle() -> list[UUID]:
    """This function will return closed draws, and drawn ones that a killed worker left half booked."""
    rows = ClaimWindow.objects.across_brands().filter(state__in=[WindowState.CLOSED, WindowState.DRAWN])
    return list(rows.order_by("closes_at", "pk").values_list("pk", flat=True))


def unsettled_since(*, at: datetime) -> list[datetime]:
    """This function will return when draws closed that are neither booked nor revealed, the oldest first."""
    rows = ClaimWindow.objects.across_brands().filter(
        state__in=[WindowState.OPEN, WindowState.CLOSED, WindowState.DRAWN], closes_at__lte=at
    )
    return list(rows.order_by("closes_at", "pk").values_list("closes_at", flat=True))


def orphaned_windows() -> list[UUID]:
    """This function will return draws, not drawn yet, of requests that were cancelled."""
    rows = ClaimWindow.objects.across_brands().filter(state__in=_NOT_DRAWN, wave__request__state=RequestState.CANCELLED)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def waves_to_open(*, at: datetime) -> list[UUID]:
    """This function will return first-come waves whose opening has come."""
    rows = ReleaseWave.objects.across_brands().filter(
        state=WaveState.PLANNED, mode=WaveMode.FIRST_COME, opens_at__lte=at
    )
    live = rows.exclude(request__state=RequestState.CANCELLED)
    return list(live.order_by("opens_at", "pk").values_list("pk", flat=True))
