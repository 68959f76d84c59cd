"""The brand writes a course, questions, a test and a certification."""

import re

from tests.browser.steps.brand import PROGRAM
from tests.browser.steps.seats import Seat, Story

COURSE, BANK, TEST = "Returns, kindly", "Tone and returns", "Weekend chat test"
LESSON = """## Thirty days

A customer may return anything unused within **30 days**. Gift sets count as one thing.

:::check how-long
:::
"""
SINGLE = {
    "How long may a customer return an unused pan?": ("30 days", "14 days", "A year"),
    "A parcel is two days late. What comes first?": ("Say sorry and look it up", "Blame the carrier", "Close the chat"),
}
MULTIPLE = (
    "Which of these help an upset customer?",
    ("Use their name", "Say what you will do"),
    ("Send an emoji row",),
)
SHORT = ("What is the short name of our returns desk?", "the bench")


def owner_writes_course(story: Story) -> None:
    """One chapter, one page, one question on it; approved by the colleague, then published."""
    mara, training = story.seat("mara"), story.at["brand"] + "training/"
    mara.go(training)
    mara.sees("Begin with a course that is half written")
    mara.shows("09-training-empty")
    mara.follows("Or begin with an empty page")
    mara.chooses(program=PROGRAM)
    mara.types(title=COURSE, summary="What may come back, how, and how to say so kindly.")
    mara.presses("Create draft")
    mara.sees("Start here", COURSE)
    version = mara.path
    _sets_minutes(mara, version)
    _writes_page(mara, version)
    mara.go(version)
    mara.follows("Review and publish")
    mara.presses("Ask for review")
    mara.sees("somebody else approves it")
    theo = story.seat("theo")
    theo.go(mara.path)
    theo.presses("Approve")
    theo.sees("Approved by Theo Brandt")
    theo.shows("10-course-approved")
    theo.presses("Publish")
    theo.sees("Published")


def _sets_minutes(mara: Seat, version: str) -> None:
    mara.go(version + "settings/")
    mara.types(expected_minutes="10")
    mara.presses(re.compile("Save"))
    mara.sees("Minutes")


def _writes_page(mara: Seat, version: str) -> None:
    mara.go(version)
    mara.follows("First page")
    mara.follows("Add a question")
    mara.types(
        prompt="Within how many days may an unused pan come back?",
        key="how-long",
        text_1="30 days",
        why_1="Right: thirty days, gift sets too.",
        text_2="14 days",
        why_2="That is the law's least; we give more.",
    )
    mara.page.locator("[name=right_1]").check()
    mara.presses("Save question")
    mara.sees("Question added.", ":::check how-long")
    mara.types(title="What may come back", body=LESSON)
    mara.sees(re.compile(r"Saved \d\d:\d\d"), "Gift sets count as one thing.")
    mara.shows("11-course-page")


def owner_writes_questions(story: Story) -> None:
    """Four questions of three kinds; the colleague looks at them and publishes them."""
    mara, theo = story.seat("mara"), story.seat("theo")
    mara.go(story.at["brand"] + "training/banks/")
    mara.types(name=BANK, description="For the weekend team.")
    mara.presses("Make the bank")
    mara.sees("No question yet")
    bank = mara.path
    for prompt, (right, *wrong) in SINGLE.items():
        _begins_question(mara, bank, "One right answer", prompt)
        _offers(mara, [right], wrong)
        _sends_to_review(mara)
    prompt, rights, wrongs = MULTIPLE
    _begins_question(mara, bank, "Several right answers", prompt)
    _offers(mara, rights, wrongs)
    _sends_to_review(mara)
    prompt, answer = SHORT
    _begins_question(mara, bank, "Short text", prompt)
    mara.types(answers=answer)
    _sends_to_review(mara)
    theo.go(bank)
    theo.sees(MULTIPLE[0], "In review")
    theo.presses("Publish 4 questions")
    theo.sees("4 questions published.")
    theo.shows("12-bank")


def _begins_question(mara: Seat, bank: str, kind: str, prompt: str) -> None:
    mara.go(bank)
    mara.chooses(kind=kind)
    mara.presses("Write it")
    mara.types(prompt=prompt)


def _offers(mara: Seat, rights: "tuple[str, ...] | list[str]", wrongs: "tuple[str, ...] | list[str]") -> None:
    for place, text in enumerate([*rights, *wrongs], 1):
        mara.page.locator(f"[name=text_{place}]").fill(text)
    for place in range(1, len(rights) + 1):
        mara.page.locator(f"[name=right_{place}]").check()


def _sends_to_review(mara: Seat) -> None:
    mara.presses("Save the draft")
    mara.sees("Saved as a draft.")
    mara.presses("Send to review")
    mara.sees("Take back")


def owner_makes_test(story: Story) -> None:
    """All four questions, ten minutes, seventy to pass."""
    mara = story.seat("mara")
    mara.go(story.at["brand"] + "training/tests/")
    mara.types(name=TEST, purpose="Kind, right and quick.")
    mara.presses("Make the test")
    mara.chooses(bank_1=BANK)
    mara.types(minutes="10", cut_percent="70", draw_1="4", introduction="Four short questions. Take your time.")
    mara.presses("Save the draft")
    mara.sees("Save and publish")
    mara.presses("Save and publish")
    mara.sees("Version 1 is open since")
    mara.shows("13-test")


def owner_makes_certification(story: Story) -> None:
    """Identity, terms, the test and the course."""
    mara = story.seat("mara")
    mara.go(story.at["brand"] + "training/certifications/")
    mara.chooses(program=PROGRAM)
    mara.types(name=PROGRAM)
    mara.presses("Begin")
    mara.sees("What it asks for", "not in force yet")
    asked = mara.page.get_by_role("group", name="Also asked for")
    mara.ticks(f"Passed test: {TEST}", f"Course: {COURSE}", within=asked)
    mara.presses("Save the draft")
    mara.sees("Look at its effect, then publish.")
    mara.presses("Save and publish")
    mara.sees("version 1 in force since")
    mara.shows("14-certification")
