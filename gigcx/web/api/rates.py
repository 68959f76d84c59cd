"""How often one may ask: fixed windows of a minute, counted in the cache. Without a cache everybody may ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.cache import cache

WINDOW_SECONDS: Final = 60
PER_MINUTE: Final = {"ip": 1200, "actor": 300, "key": 600, "verify": 60, "draw_proof": 60}


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of one limit in the present window."""

    limit: int
    remaining: int
    reset_seconds: int

    @property
    def is_spent(self) -> bool:
        return self.remaining < 0

    def headers(self) -> dict[str, str]:
        """This function will return the RateLimit headers (draft-ietf-httpapi-ratelimit-headers-06)."""
        left = str(max(self.remaining, 0))
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": left,
            "RateLimit-Reset": str(self.reset_seconds),
        }


def spend(scope: str, who: str, *, at_seconds: float) -> Allowance:
    """This function will count one request of `who` and return what is left; scopes are those of PER_MINUTE."""
    limit = {**PER_MINUTE, **getattr(settings, "API_RATES", {})}[scope]
    window, into = divmod(int(at_seconds), WINDOW_SECONDS)
    name = f"rate:{scope}:{who}:{window}"
    used = 1 if cache.add(name, 1, timeout=2 * WINDOW_SECONDS) else _counted(name)
    return Allowance(limit, limit - used, WINDOW_SECONDS - into)


def tightest(allowances: Iterable[Allowance]) -> Allowance:
    """This function will return the allowance that ends first."""
    return min(allowances, key=lambda one: (one.remaining, one.limit))


def _counted(name: str) -> int:
    try:
        return cache.incr(name)
    except ValueError:  # the window's counter expired between two calls
        return 1
