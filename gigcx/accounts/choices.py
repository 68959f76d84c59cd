"""What a person chooses from."""

from functools import lru_cache
from typing import Final
from zoneinfo import available_timezones

_REGIONS: Final = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@lru_cache(maxsize=1)
def time_zones() -> list[tuple[str, str]]:
    """This function will return the zones people live in, by region and city, UTC first."""
    lived_in = sorted(name for name in available_timezones() if name.startswith(_REGIONS))
    return [("UTC", "UTC"), *((name, _spoken(name)) for name in lived_in)]


def _spoken(name: str) -> str:
    region, _slash, city = name.partition("/")
    return f"{city.replace('_', ' ').replace('/', ', ')} ({region})"
