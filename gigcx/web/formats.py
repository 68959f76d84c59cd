"""How figures are written: money, periods, durations, shares. Templates reach these through the `ui` tags."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gigcx.kernel.money import Money, exponent_of

DASH: Final = "–"
MINUS: Final = "\N{MINUS SIGN}"
_MINUTES_A_DAY: Final = 24 * 60


def reader_locale() -> Locale:
    """This function will return the Babel locale of the active language, English when Babel does not know it."""
    try:
        return Locale.parse(translation.to_locale(translation.get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def number_text(value: Decimal | float | int, places: int | None = None) -> str:
    """This function will write a number with the reader's separators; `places` fixes the decimals."""
    pattern = None if places is None else "#,##0" + ("." + "0" * places if places else "")
    text: str = format_decimal(value, format=pattern, locale=reader_locale())
    return text.replace("-", MINUS)


def amount_text(money: Money) -> str:
    """This function will write the figure alone, in the currency's own decimals: 1,140.00."""
    return number_text(money.major, exponent_of(money.currency))


def money_text(money: Money) -> str:
    """This function will write figure and code, never broken over a line: 1,140.00 USD."""
    return f"{amount_text(money)}\N{NO-BREAK SPACE}{money.currency}"


def signed_money_text(money: Money) -> str:
    """This function will write the amount with its sign, for lines of a statement: + 53.05 USD."""
    size = Money(abs(money.amount_minor), money.currency)
    sign = MINUS if money.amount_minor < 0 else "+"
    return f"{sign}\N{NO-BREAK SPACE}{money_text(size)}"


def percent_text(share: Decimal | float, places: int = 0) -> str:
    """This function will write a share of one as a percentage: 0.941 with one place gives 94.1 %."""
    return f"{number_text(Decimal(str(share)) * 100, places)}\N{NO-BREAK SPACE}%"


def duration_text(minutes: int) -> str:
    """This function will write whole minutes as 12 min, 4 h, 1 h 05 or 2 d 3 h (from one day on, hours are enough)."""
    if minutes < 0:
        return f"{MINUS}{duration_text(-minutes)}"
    days, rest = divmod(minutes, _MINUTES_A_DAY)
    hours, minutes = divmod(rest, 60)
    if days:
        return _("%(d)d d %(h)d h") % {"d": days, "h": hours} if hours else _("%(d)d d") % {"d": days}
    if hours:
        return _("%(h)d h %(m)02d") % {"h": hours, "m": minutes} if minutes else _("%(h)d h") % {"h": hours}
    return _("%(m)d min") % {"m": minutes}


def duration_of(value: timedelta | int) -> str:
    """This function will write a timedelta, or a count of minutes."""
    if isinstance(value, timedelta):
        return duration_text(round(value.total_seconds() / 60))
    return duration_text(value)


def clock_text(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """This function will write the time of day, 24 hours, in `zone` (the reader's by default)."""
    return timezone.localtime(moment, zone).strftime("%H:%M")


def day_text(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """This function will write the day in short: Fri 27 Nov in English, in the order of the reader's language."""
    local = timezone.localtime(moment, zone)
    if reader_locale().language == "en":
        return local.strftime("%a %-d %b")
    return str(format_skeleton("MMMEd", local, locale=reader_locale(), tzinfo=local.tzinfo))


def long_day_text(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """This function will write the day in full: Friday 27 November in English, as the language has it elsewhere."""
    local = timezone.localtime(moment, zone)
    if reader_locale().language == "en":
        return local.strftime("%A %-d %B")
    return str(format_date(local.date(), format="full", locale=reader_locale()))


def moment_text(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """This function will write day and time: Fri 27 Nov, 17:00."""
    return f"{day_text(moment, zone)}, {clock_text(moment, zone)}"


def period_text(starts_at: datetime, ends_at: datetime, zone: ZoneInfo | None = None) -> str:
    """This function will write a half-open period: Fri 27 Nov, 17:00 – 22:00, or with both days when it crosses midnight.

    A period that ends at midnight belongs to the day it started on: 18:00 – 24:00.
    """
    start, end = timezone.localtime(starts_at, zone), timezone.localtime(ends_at, zone)
    if end.date() == start.date():
        return f"{moment_text(starts_at, zone)} {DASH} {clock_text(ends_at, zone)}"
    if end.date() == start.date() + timedelta(days=1) and end.hour == end.minute == 0:
        return f"{moment_text(starts_at, zone)} {DASH} 24:00"
    return f"{moment_text(starts_at, zone)} {DASH} {moment_text(ends_at, zone)}"


def city_of(zone: ZoneInfo | str) -> str:
    """This function will return the city that a time zone is named after: New York."""
    return str(zone).rpartition("/")[2].replace("_", " ")


def zone_text(zone: ZoneInfo | str) -> str:
    """This function will name a time zone as people do: New York time."""
    return _("%(city)s time") % {"city": city_of(zone)}


def country_text(code: str) -> str:
    """This function will name a country in the reader's language; an unknown code stays as it is."""
    return str(reader_locale().territories.get(code, code))


def zone_clock_text(moment: datetime, zone: ZoneInfo) -> str:
    """This function will write the time somewhere else: 11:00 in New York."""
    return _("%(clock)s in %(city)s") % {"clock": clock_text(moment, zone), "city": city_of(zone)}


def iso_text(moment: datetime) -> str:
    """This function will write the moment for a machine, for `<time datetime>`."""
    return moment.isoformat()


def initials(name: str) -> str:
    """This function will return one or two letters of a name: its first and last word; of an address, its first letter."""
    words = [word for word in name.partition("@")[0].replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    picked = words if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in picked).upper()


_BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_text(user_agent: str) -> str:
    """This function will name a browser and a system, Firefox on Windows, from what a browser says of itself.

    The order matters: most browsers also claim to be Chrome and Safari. What is not known is shown as it came, cut short.
    """
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or user_agent[:60] or _("Unknown browser")


def full_moment_text(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """This function will write the moment with year and zone, for titles and evidence."""
    local = timezone.localtime(moment, zone)
    return str(format_datetime(local, "d MMM y, HH:mm z", locale=reader_locale(), tzinfo=local.tzinfo))
