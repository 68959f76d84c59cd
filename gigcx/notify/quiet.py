"""Quiet hours on a person's own clock. Pure."""

from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gigcx.kernel.intervals import from_wall


class Hours(NamedTuple):
    """From one wall time to another, over midnight when the second is earlier; equal ends mean never."""

    starts: time
    ends: time


def is_quiet(at: datetime, hours: Hours, zone_name: str) -> bool:
    """This function will tell whether the moment falls into the person's quiet hours; the end is no longer quiet."""
    clock = at.astimezone(_zone(zone_name)).time()
    if hours.starts <= hours.ends:
        return hours.starts <= clock < hours.ends
    return clock >= hours.starts or clock < hours.ends


def next_waking(at: datetime, hours: Hours, zone_name: str) -> datetime:
    """This function will return `at` itself, or the end of the quiet hours it falls into, in UTC."""
    if not is_quiet(at, hours, zone_name):
        return at
    zone = _zone(zone_name)
    today = at.astimezone(zone).date()
    ends = from_wall(today, hours.ends, zone)
    return ends if ends > at else from_wall(today + timedelta(days=1), hours.ends, zone)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
