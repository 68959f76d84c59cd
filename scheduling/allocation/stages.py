"""Which waves a release goes through, and which shifts each one gives: by the clock and the program's rules alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FAVORITES: Final = "favorites"
EVERYONE: Final = "everyone"
_WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Offered:
    """One shift of a release."""

    shift: str
    starts_at: datetime
    seats: int


@dataclass(frozen=True, slots=True)
class ReleaseRules:
    """The rules a release is planned by. Shares are basis points."""

    is_draw_first: bool
    has_favorites: bool
    favorites_share_bp: int
    draw_hours: int
    first_come_below_hours: int


@dataclass(frozen=True, slots=True)
class Stage:
    """One wave: a draw with its shifts, or first come (then `closes_at` is None and every shift not being drawn is in it)."""

    audience: str
    is_draw: bool
    opens_at: datetime
    closes_at: datetime | None
    share_bp: int
    shifts: tuple[str, ...] = ()


def seats_in_share(seats: int, share_bp: int) -> int:
    """This function will return how many seats a share gives at most, rounded down."""
    return seats * share_bp // _WHOLE


def stages_of(offered: Sequence[Offered], rules: ReleaseRules, *, opens_at: datetime) -> list[Stage]:
    """This function will return the waves of a release in order; the last is always first come, for everyone.

    A shift is drawn only where the draw closes well before it starts (`first_come_below_hours`). Favorites draw first, up to
    their share, where that costs no shift its draw for everyone. What is too near opens first come at once.
    """
    length = timedelta(hours=rules.draw_hours)
    once = _in_time(offered, rules, opens_at + length) if rules.is_draw_first else []
    draws: list[Stage] = []
    if once:
        twice = _in_time(offered, rules, opens_at + 2 * length)
        ahead = [one for one in twice if seats_in_share(one.seats, rules.favorites_share_bp)]
        begins = opens_at
        if rules.has_favorites and ahead and len(twice) == len(once):
            draws.append(_draw(FAVORITES, ahead, begins, length, rules.favorites_share_bp))
            begins += length
        draws.append(_draw(EVERYONE, once, begins, length, _WHOLE))
    is_all_drawn = bool(draws) and len(once) == len(offered)
    first_come_at = draws[-1].closes_at if is_all_drawn else None
    return [*draws, Stage(EVERYONE, False, first_come_at or opens_at, None, _WHOLE)]


def _in_time(offered: Sequence[Offered], rules: ReleaseRules, closes_at: datetime) -> list[Offered]:
    least = timedelta(hours=rules.first_come_below_hours)
    return [one for one in offered if one.starts_at - least >= closes_at]


def _draw(audience: str, offered: Sequence[Offered], opens_at: datetime, length: timedelta, share_bp: int) -> Stage:
    shifts = tuple(one.shift for one in offered)
    return Stage(audience, True, opens_at, opens_at + length, share_bp, shifts)
