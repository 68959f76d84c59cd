"""A week of an agent's money as a picture: the sum, where it is, and a bar a day."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils.translation import gettext as _

from gigcx.kernel.money import Money
from gigcx.web.formats import amount_text, day_text, duration_text, money_text, number_text, reader_locale
from payments.queries.weeks import DayEarned, WeekEarned


def week_label(monday: date, zone: ZoneInfo) -> str:
    """This function will name a week by its first and last day."""
    first, last = (datetime.combine(day, time(12), zone) for day in (monday, date.fromordinal(monday.toordinal() + 6)))
    return _("%(first)s to %(last)s") % {"first": day_text(first, zone), "last": day_text(last, zone)}


def week_picture(week: WeekEarned, *, today: date) -> dict[str, Any]:
    """This function will bring figures and bars of one week in one currency."""
    most = max(day.total.amount_minor for day in week.days)
    return {
        "total": amount_text(week.total),
        "currency": week.total.currency,
        "hours": _("%(hours)s h paid time") % {"hours": _hours(week.seconds)} if week.seconds else "",
        "net": _net_words(week),
        "places": [{"name": name, "figure": amount_text(money), "css": css} for name, money, css in _places(week)],
        "parts": _parts(week),
        "spoken": ", ".join(f"{name} {money_text(money)}" for name, money, _css in _places(week)),
        "days": [_day(day, most=most, today=today) for day in week.days],
    }


def _hours(seconds: int) -> str:
    """Hours with one decimal, which whole hours do without."""
    return number_text(round(Decimal(seconds) / 3600, 1).normalize())


def _net_words(week: WeekEarned) -> str:
    if not week.taken_off:
        return _("Gross and net are the same: nothing was taken off.")
    return _("%(gross)s gross, %(off)s in fees and corrections, %(net)s net.") % {
        "gross": amount_text(week.total - week.taken_off),
        "off": amount_text(week.taken_off),
        "net": amount_text(week.total),
    }


def _places(week: WeekEarned) -> list[tuple[str, Money, str]]:
    """Where the week's money is, surest first; places without any are left out."""
    every = (
        (_("Paid"), week.paid, "f-solid"),
        (_("On its way"), week.on_its_way, "f-acc"),
        (_("Available"), week.available, "f-cover"),
        (_("In review"), week.in_review, ""),
    )
    return [place for place in every if place[1]]


def _parts(week: WeekEarned) -> list[dict[str, Any]]:
    shown = [(max(0, money.amount_minor), css) for _name, money, css in _places(week)]
    whole, before, parts = sum(size for size, _css in shown) or 1, 0, []
    for size, css in shown:
        begins, width = 100 * before / whole, 100 * size / whole
        parts.append({"from": f"{begins:.1f}", "width": f"{width:.1f}", "css": css, "pencil": "" if css else "ink"})
        before += size
    return parts


def _day(day: DayEarned, *, most: int, today: date) -> dict[str, Any]:
    ink, pencil = (max(0, 100 * money.amount_minor / most) if most > 0 else 0 for money in (day.ink, day.pencil))
    return {
        "name": format_date(day.on, "EEE d", locale=reader_locale()),
        "amount": amount_text(day.total) if day.total else "",
        "time": duration_text(day.seconds // 60) if day.seconds else "",
        "ink_y": f"{100 - ink:.1f}",
        "ink": f"{ink:.1f}",
        "pencil_y": f"{max(0, 100 - ink - pencil):.1f}",
        "pencil": f"{pencil:.1f}",
        "is_today": day.on == today,
    }
