"""A full week of half hours, pasted as it was copied from a spreadsheet; shifts, their price, and the promise."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.steps.brand import PROGRAM
from tests.browser.steps.programs import BILL_AN_HOUR
from tests.browser.steps.seats import PATIENCE_MS, Story

LONDON = ZoneInfo("Europe/London")
FRIDAY, SATURDAY = 4, 5
# Agents a retail brand needs hour by hour from 08:00 to 22:00: a slow morning, a lunch, an evening.
WEEKDAY = (1, 1, 2, 2, 3, 3, 2, 2, 2, 3, 4, 4, 3, 2)
# And what the sheet says from Friday 17:00 on, half hour by half hour.
FRIDAY_EVENING = (4, 6, 7, 8, 8, 7, 6, 5, 4, 3)


def next_monday() -> date:
    """The Monday after today, in London."""
    today = datetime.now(LONDON).date()
    return today + timedelta(days=7 - today.weekday())


def needed(weekday: int, hour: int, minute: int) -> int:
    """How many agents that half hour needs."""
    if weekday == FRIDAY and hour >= 17:
        return FRIDAY_EVENING[(hour - 17) * 2 + minute // 30]
    return WEEKDAY[hour - 8] + (1 if weekday == SATURDAY and 11 <= hour < 17 else 0)


def sheet() -> str:
    """The cells as a spreadsheet copies them: tabs between columns, days across, half hours down."""
    monday = next_monday()
    heads = [f"{monday + timedelta(days=day):%a %-d %b}" for day in range(7)]
    lines = ["\t".join(["", *heads])]
    for half in range(16, 44):
        hour, minute = half // 2, half % 2 * 30
        lines.append("\t".join([f"{hour:02d}:{minute:02d}", *(str(needed(day, hour, minute)) for day in range(7))]))
    return "\n".join(lines) + "\n"


def hours_needed() -> float:
    """The sum of the sheet in hours."""
    return sum(needed(day, half // 2, half % 2 * 30) for day in range(7) for half in range(16, 44)) / 2


def owner_pastes_week(story: Story) -> None:
    """The sheet lands in next week's grid, pencilled."""
    mara = story.seat("mara")
    mara.go(story.at["brand"] + "capacity/")
    mara.follows("Week after")
    mara.sees(PROGRAM, "Nothing is planned in this week yet.")
    mara.shows("41-capacity-blank")
    mara.follows("Paste a week")
    mara.types(sheet=sheet())
    mara.shows("42-paste")
    mara.presses("Pencil it in")
    mara.sees(f"Pencilled this week: {hours_needed():g} h", "The shifts make the price exact.")
    friday = mara.page.get_by_role("row").filter(has_text=re.compile("^Fri"))
    expect(friday).to_contain_text("8", timeout=PATIENCE_MS)
    mara.shows("43-capacity-pencilled")


def owner_publishes_shifts(story: Story) -> None:
    """A worker draws the shifts; Mara sees the price and publishes them."""
    mara = story.seat("mara")
    mara.presses(re.compile("^Make shifts"))
    mara.sees(re.compile("Price, "), "Short of the curve")
    price = mara.page.get_by_text(re.compile(r"^Price, [\d.,]+ h$")).inner_text()
    hours = float(price.removeprefix("Price, ").removesuffix(" h").replace(",", ""))
    assert abs(hours - hours_needed()) <= hours_needed() / 20
    mara.sees(f"{hours * float(BILL_AN_HOUR):,.2f}")
    mara.page.get_by_label("First come, first served").check()
    mara.shows("44-shifts-priced")
    mara.presses(re.compile(r"^Publish \d+"))
    mara.sees("CR-1001", "Published", re.compile(r"0 / \d"))
    mara.shows("45-shifts-published")
