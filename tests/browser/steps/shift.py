"""One shift: claimed on the phone, worked at the desk, confirmed by the brand. Only the waiting is left out."""

import re
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from playwright.sync_api import expect

from tests.browser.steps.agent import AGENT
from tests.browser.steps.brand import PROGRAM
from tests.browser.steps.programs import BILL_AN_HOUR, PAY_AN_HOUR, TRAINING_PAY
from tests.browser.steps.seats import PATIENCE_MS, Story

QUARTER = timedelta(minutes=15)
MAY_COME_LATE = timedelta(minutes=4, seconds=20)
MAY_COME_EARLY = timedelta(minutes=9)
_LENGTH = re.compile(r"(\d+) h(?: (\d+))?")


def agent_claims_shift(story: Story) -> None:
    """Ren takes a Friday evening; the toast offers to undo it, the week shows it."""
    ren = story.seat("ren", "phone")
    ren.go("/work/find/")
    ren.sees(PROGRAM)
    ren.shows("46-open-shifts")
    later = ren.page.get_by_role("link", name=re.compile("later shift"))
    if later.count():
        later.click()
    friday = ren.page.locator("main section").filter(has=ren.page.get_by_role("heading", name=re.compile("^Fri")))
    evening = ren.page.get_by_role("heading", name=re.compile(r"2[12]:00$"))
    card = friday.locator("article").filter(has_text=PROGRAM).filter(has=evening).last
    card.scroll_into_view_if_needed()
    hours = hours_in(card.inner_text())
    pay = f"{hours * Decimal(PAY_AN_HOUR):.2f}"
    expect(card).to_contain_text(pay)
    bill, total = hours * Decimal(BILL_AN_HOUR), hours * Decimal(PAY_AN_HOUR) + TRAINING_PAY
    story.at |= {"hours": str(hours), "pay": pay, "bill": f"{bill:.2f}", "total": f"{total:.2f}"}
    ren.presses(re.compile("^Claim"), card)
    ren.sees("Undo is free for")
    ren.shows("47-claimed")
    ren.go("/work/schedule/")
    ren.follows("Week after")
    ren.sees("Fri", PROGRAM, pay, "Undo")
    ren.shows("48-week")
    ren.page.locator("main ol a.link-row").first.click()
    ren.sees("What happened, what comes")
    story.at["claim"] = ren.path
    ren.shows("49-claim")


def hours_in(text: str) -> Decimal:
    """The length that a card shows, such as "3 h 30", in hours."""
    found = _LENGTH.search(text)
    assert found is not None, text
    return Decimal(found[1]) + Decimal(found[2] or 0) / 60


def _claim_id(story: Story) -> str:
    return story.at["claim"].rstrip("/").rsplit("/", 1)[-1]


def a_start_near_now() -> datetime:
    """A quarter of an hour for which somebody who arrives now is neither early nor late; waits out the minute between."""
    while True:
        now = datetime.now(UTC)
        started = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
        if now - started < MAY_COME_LATE:
            return started
        if started + QUARTER - now < MAY_COME_EARLY:
            return started + QUARTER
        time.sleep(1)


def friday_comes(story: Story) -> None:
    """The shift and its claim are moved from Friday to now."""
    length = timedelta(hours=float(story.at["hours"]))
    start, claim_id = a_start_near_now(), _claim_id(story)
    end = start + length
    story.moves_time(
        (
            "UPDATE scheduling_claim SET starts_at = %s, ends_at = %s, busy = tstzrange(%s, %s), undo_until = %s"
            " WHERE id = %s",
            (start, end, start, end, start - timedelta(hours=1), claim_id),
        ),
        (
            "UPDATE scheduling_shift SET starts_at = %s, ends_at = %s, local_on = %s"
            " WHERE id = (SELECT shift_id FROM scheduling_claim WHERE id = %s)",
            (start, end, start.date(), claim_id),
        ),
    )


def agent_works(story: Story) -> None:
    """Ren checks in, says what happens, and the desk's heartbeat is heard."""
    ren = story.seat("ren", "phone")
    ren.go("/work/desk/")
    ren.sees("Your shift is ready for you.")
    ren.shows("50-desk-arrival")
    with ren.page.expect_response(re.compile("/beat/$"), timeout=PATIENCE_MS) as beat:
        ren.presses("Check in")
    assert beat.value.ok, beat.value.status
    ren.sees("Paid time", "What are you doing?")
    ren.presses(re.compile("^On contact"))
    expect(ren.page.get_by_role("button", name=re.compile("^On contact"))).to_have_attribute("aria-pressed", "true")
    ren.sees("Earned so far")
    ren.shows("51-desk")
    ren.presses(re.compile("^Ready"))
    expect(ren.page.get_by_role("button", name=re.compile("^Ready"))).to_have_attribute("aria-pressed", "true")


def hours_pass(story: Story) -> None:
    """Everything about the shift moves back, so that it ended a moment ago; the product closes it by itself."""
    now, claim_id = datetime.now(UTC), _claim_id(story)
    length = timedelta(hours=float(story.at["hours"]))
    start = (now - length).replace(second=0, microsecond=0)
    start -= timedelta(minutes=start.minute % 15)
    end, begun, done = start + length, start + timedelta(seconds=30), start + length - timedelta(minutes=10)
    story.moves_time(
        (
            "UPDATE scheduling_claim SET starts_at = %s, ends_at = %s, busy = tstzrange(%s, %s), checked_in_at = %s"
            " WHERE id = %s",
            (start, end, start, end, start, claim_id),
        ),
        (
            "UPDATE scheduling_shift SET starts_at = %s, ends_at = %s, local_on = %s"
            " WHERE id = (SELECT shift_id FROM scheduling_claim WHERE id = %s)",
            (start, end, start.date(), claim_id),
        ),
        (
            "UPDATE scheduling_worksession SET started_at = %s, last_seen_at = %s WHERE claim_id = %s",
            (start, now, claim_id),
        ),
        *(_span_moves(claim_id, (start, begun), (begun, done), (done, None))),
    )


def _span_moves(claim_id: str, *edges: tuple[datetime, datetime | None]) -> Iterator[tuple[str, Sequence[object]]]:
    """The session's stretches in their order: waiting, on contact, waiting again and still open. The earliest first."""
    nth = (
        "SELECT span.id FROM scheduling_statespan span JOIN scheduling_worksession work ON work.id = span.session_id"
        " WHERE work.claim_id = %s ORDER BY span.id LIMIT 1 OFFSET %s"
    )
    for place, (starts_at, ends_at) in enumerate(edges):
        words = f"UPDATE scheduling_statespan SET starts_at = %s, ends_at = %s WHERE id = ({nth})"  # noqa: S608  ours
        yield words, (starts_at, ends_at, claim_id, place)


def shift_is_over(story: Story) -> None:
    """The sweep ends the session; Ren reads what was worked."""
    ren = story.seat("ren", "phone")
    for _look in range(60):
        ren.go(story.at["claim"])
        if ren.page.get_by_text("Worked", exact=True).count():
            break
        ren.page.wait_for_timeout(1000)
    ren.sees("Paid time", story.at["pay"])
    ren.shows("52-worked")


def owner_confirms_minutes(story: Story) -> None:
    """Mara confirms before the lock."""
    mara = story.seat("mara")
    mara.go(story.at["brand"] + "capacity/hours/")
    mara.sees("1 worked shift to confirm", AGENT)
    mara.shows("53-worked-hours")
    mara.presses("Confirm the ticked shifts")
    mara.sees("Nothing to confirm")
