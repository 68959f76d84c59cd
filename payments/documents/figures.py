"""How papers write money, moments and durations. English, and in the zone that the content names."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from gigcx.kernel.money import Money, exponent_of

SANDBOX: Final = "SANDBOX, no money moves"
_MINUS: Final = "\N{MINUS SIGN}"
_DASH: Final = "\N{EN DASH}"


def stamp_of(content: dict[str, Any]) -> str:
    """This function will return what stands on every page, nothing where money is real."""
    return SANDBOX if content["is_sandbox"] else ""


def major(minor: int, currency: str) -> Decimal:
    """This function will return an amount in major units with the currency's own decimals."""
    return Money(minor, currency).major


def amount(minor: int, currency: str) -> str:
    """This function will write the figure alone: 1,140.00."""
    return f"{major(minor, currency):,.{exponent_of(currency)}f}".replace("-", _MINUS)


def money(minor: int, currency: str) -> str:
    """This function will write figure and code: 1,140.00 USD."""
    return f"{amount(minor, currency)}\N{NO-BREAK SPACE}{currency}"


def day(value: str | date) -> str:
    """This function will write a day in full: 4 March 2026."""
    found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{found.day} {found:%B %Y}"


def moment(value: str, zone: str) -> str:
    """This function will write day and time of an ISO 8601 moment in a zone: 4 Mar 2026, 17:05."""
    found = local(value, zone)
    return f"{found.day} {found:%b %Y, %H:%M}"


def local(value: str, zone: str) -> datetime:
    """This function will return an ISO 8601 moment in a zone."""
    return datetime.fromisoformat(value).astimezone(ZoneInfo(zone))


def period(starts: str, ends: str, zone: str) -> str:
    """This function will write a half-open period; only one day where it begins and ends on the same."""
    if starts == ends:
        return moment(ends, zone)
    first, last = local(starts, zone), local(ends, zone)
    tail = f"{last:%H:%M}" if last.date() == first.date() else moment(ends, zone)
    return f"{moment(starts, zone)} {_DASH} {tail}"


def duration(seconds: int) -> str:
    """This function will write seconds as hours and minutes, with seconds only where there are some: 1 h 05 min."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes:02d} min" if hours else f"{minutes} min"]
    parts.append(f"{rest} s" if rest else "")
    return " ".join(part for part in parts if part)


def percent(basis_points: int) -> str:
    """This function will write basis points as a percentage: 1900 as 19 %."""
    text = f"{Decimal(basis_points) / 100:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}\N{NO-BREAK SPACE}%"


def words(code: str) -> str:
    """This function will write a code as words: sent_home as Sent home."""
    return code.replace("_", " ").strip().capitalize()
