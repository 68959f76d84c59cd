"""The figures that rule brands' money. Pure."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gigcx.kernel.money import Money
from payments.policies.rules import minor_of

# Work is verified at the timesheet lock at the latest: the Monday after its week, 23:59 in the brand's zone.
UNTIL_LOCKED: Final = timedelta(days=8)
CHECKOUT_OPEN_FOR: Final = timedelta(hours=23)
# A failed automatic top-up is not tried again at once: the card's bank counts tries.
REST_AFTER_FAILURE: Final = timedelta(hours=24)
# Past this age a provider may have forgotten our key: look the payment up, never ask for it again.
ASK_AGAIN_WITHIN: Final = timedelta(hours=20)
SUSPENDED_AFTER: Final = timedelta(days=21)
THRESHOLDS: Final = (50, 80, 100)
_MONTHS_AHEAD: Final = 24
_LEAST_TOP_UP_MAJOR: Final = 10
_MOST_TOP_UP_MAJOR: Final = 500_000


def is_top_up_amount(money: Money) -> bool:
    """This function will tell whether one top-up may be of this size: 10 to 500,000."""
    least, most = top_up_range(money.currency)
    return least <= money.amount_minor <= most


def top_up_range(currency: str) -> tuple[int, int]:
    """This function will return the least and the most of one top-up, both inclusive, in minor units."""
    return minor_of(_LEAST_TOP_UP_MAJOR, currency), minor_of(_MOST_TOP_UP_MAJOR, currency)


def month_of(day: date) -> date:
    """This function will return the first day of a day's month."""
    return day.replace(day=1)


def is_budget_month(day: date, *, today: date) -> bool:
    """This function will tell whether limits may be set from a day's month on: not over, and at most two years ahead."""
    ahead = (day.year - today.year) * 12 + day.month - today.month
    return 0 <= ahead <= _MONTHS_AHEAD


def next_month(month: date) -> date:
    """This function will return the first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def local_day(moment: datetime, timezone: str) -> date:
    """This function will return the day of a moment in a zone."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def reached(used_minor: int, soft_minor: int) -> tuple[int, ...]:
    """This function will return the thresholds, in percent of the soft limit, that an amount has reached."""
    if used_minor <= 0:
        return ()
    return tuple(one for one in THRESHOLDS if used_minor * 100 >= soft_minor * one)
