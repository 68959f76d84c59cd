"""The brand says what the work is, what it pays and who may do it."""

import re
from decimal import Decimal

from tests.browser.steps.brand import PROGRAM
from tests.browser.steps.seats import Story

TERMS = """## What we promise each other

- Every answer is written by you, in our tone.
- You are paid for **every verified minute**, also while you wait for the next chat.

## What is not allowed

- Taking customers' data out of the desk.
"""
PAY_AN_HOUR, BILL_AN_HOUR = "18.00", "25.20"
TRAINING_PAY = Decimal("2.00")  # ten minutes at 12.00 an hour


def owner_writes_program(story: Story) -> None:
    """Mara drafts the program, its prices and its terms."""
    mara = story.seat("mara")
    mara.go(story.at["brand"] + "programs/")
    mara.follows(re.compile("program", re.IGNORECASE), mara.page.locator("main"))
    mara.types(
        name=PROGRAM,
        summary="Answer shoppers' chats about deliveries and returns in the evening rush.",
        description="Three chats at a time. Fridays from five are busy; Sundays are calm.",
        launch_minimum="1",
        from_1="08:00",
        to_1="22:00",
    )
    mara.page.get_by_role("group", name="Days").first.get_by_label("Sat").check()
    mara.page.get_by_role("group", name="Days").first.get_by_label("Sun").check()
    mara.presses("Save draft")
    mara.sees("Draft saved. Prices and terms come next.", "Before review, still missing:")
    story.at["program"] = mara.path
    mara.shows("06-program-draft")


def owner_sets_prices(story: Story) -> None:
    """An hour of work and an hour of learning."""
    mara = story.seat("mara")
    mara.follows(re.compile("^Pay"), mara.page.locator("main"))
    mara.sees("Version 1")
    mara.shows("07-prices")
    mara.types(
        productive_hour_pay=PAY_AN_HOUR,
        productive_hour_bill=BILL_AN_HOUR,
        training_pay="12.00",
        training_bill="15.00",
    )
    mara.presses(re.compile("Publish prices"))
    mara.sees("Prices in force", "18.00 USD", "25.20 USD", "28.6 %", "still missing:", "Publish terms.")


def owner_sets_terms(story: Story) -> None:
    """The terms in Markdown."""
    mara = story.seat("mara")
    mara.go(story.at["program"] + "terms/")
    mara.types(body=TERMS)
    mara.presses(re.compile("Publish terms"))
    mara.sees("Send to review", "version 1")
    mara.shows("08-program-ready")


def program_goes_to_review(story: Story) -> None:
    """Mara sends it, Olu approves it, everybody sees it."""
    mara, olu = story.seat("mara"), story.seat("olu")
    mara.go(story.at["program"])
    mara.presses("Send to review")
    mara.sees("Sent to review.", "In review.")
    olu.go("/admin/recruiting/program/?state__exact=content_review")
    olu.follows(PROGRAM)
    olu.sees("agents may apply", TERMS.splitlines()[0].strip("# "))
    olu.shows("15-ops-program")
    olu.presses("Approve")
    olu.sees("The program is public and takes applications.")
    mara.go(story.at["program"])
    mara.follows("Public page")
    mara.sees(PROGRAM, "18.00")
    story.at["public"] = mara.path
    mara.shows("16-public-opportunity")
