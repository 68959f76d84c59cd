"""A person with a phone becomes a certified agent."""

import io
import re

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, expect

from tests.browser.steps.brand import BRAND, PROGRAM
from tests.browser.steps.entrances import makes_account
from tests.browser.steps.programs import TRAINING_PAY
from tests.browser.steps.seats import PATIENCE_MS, Seat, Story
from tests.browser.steps.teaching import COURSE, MULTIPLE, SHORT, SINGLE, TEST

AGENT, HANDLE, EMAIL = "Ren Castellano", "ren-c", "ren@castellano.example"


def agent_signs_up(story: Story) -> None:
    """Ren sees the advert on a phone and makes an account on the way to applying."""
    ren = story.seat("ren", "phone")
    ren.go("/opportunities/")
    ren.follows(PROGRAM)
    ren.sees(PROGRAM, "18.00", COURSE)
    ren.shows("20-advert")
    ren.follows(re.compile("^Apply"))
    ren.sees("Make an account")
    makes_account(ren, AGENT, EMAIL)
    ren.sees("Three short steps")


def agent_tells_about_themselves(story: Story) -> None:
    """Three steps, and Ren is back at the application."""
    ren = story.seat("ren", "phone")
    ren.presses("Begin")
    ren.sees("Step 1 of 3")
    ren.shows("21-about")
    ren.chooses(country="United Kingdom")
    ren.types(handle=HANDLE, headline="Six years behind a kitchenware counter")
    ren.presses("Go on")
    ren.sees("Step 2 of 3")
    ren.ticks("Chat")
    ren.chooses(language_1="English")
    ren.page.locator("[name=level_1]").select_option("C1")
    ren.shows("22-abilities")
    ren.presses("Go on")
    ren.sees("Step 3 of 3")
    ren.types(weekly_hours_wanted="20")
    ren.ticks("A computer with a keyboard", "A headset")
    ren.presses("See what fits me")


def agent_applies(story: Story) -> None:
    """Ren applies; the brand accepts on its board."""
    ren, mara = story.seat("ren", "phone"), story.seat("mara")
    ren.sees(f"Apply to {PROGRAM}", "Your fit")
    ren.shows("23-apply")
    ren.presses("Send application")
    ren.sees("My applications", PROGRAM)
    ren.shows("24-applied")
    mara.go(story.at["brand"])
    mara.sees("Applicants waiting", f"1 applicant for {PROGRAM}")
    mara.go(story.at["brand"] + "talent/")
    mara.sees(HANDLE)
    mara.page.get_by_role("row").filter(has_text=HANDLE).get_by_role("checkbox").check()
    mara.shows("25-talent")
    mara.presses("Accept")
    mara.sees(re.compile("ccepted"))


def agent_agrees(story: Story) -> None:
    """The terms, with the pay, agreed by typing one's name."""
    ren = story.seat("ren", "phone")
    ren.go("/work/")
    ren.shows("26-home-accepted")
    ren.go("/work/applications/")
    ren.follows(re.compile("erms"), ren.page.locator("main"))
    ren.sees(f"Terms of {PROGRAM}", "every verified minute", "18.00")
    ren.shows("27-terms")
    ren.types(name_typed=AGENT)
    ren.presses(re.compile("Agree"))
    ren.sees(re.compile("path|agreed", re.IGNORECASE))


def agent_sends_identity(story: Story) -> None:
    """Ren photographs a card and sends it."""
    ren = story.seat("ren", "phone")
    ren.go("/work/learn/identity/")
    ren.types(legal_name=AGENT, birth_date="1993-04-17", last4="7K2Q", document_expires_on="2031-06-30")
    ren.chooses(country="United Kingdom")
    ren.page.locator("[name=document_type]").select_option(index=1)
    for side in ("front", "back"):
        ren.page.locator(f"[name={side}]").set_input_files(drawn_card(side))
    ren.shows("28-identity")
    ren.presses("Send for review")
    ren.sees(re.compile("look|review", re.IGNORECASE))
    ren.shows("29-identity-waiting")


def first_of_ops_looks(story: Story) -> None:
    """Olu opens the pictures, which writes the name down, and approves."""
    _reviews(story.seat("olu"), "30-identity-review")


def second_of_ops_looks(story: Story) -> None:
    """Ines decides without knowing Olu's verdict; Ren's page hears of it by itself."""
    ines, ren = story.seat("ines"), story.seat("ren", "phone")
    ines.signs_in("ines@demo.example")
    _reviews(ines, "31-identity-second")
    ren.sees("Your identity is verified until")


def drawn_card(side: str) -> FilePayload:
    """A card as a phone would photograph it."""
    card = Image.new("RGB", (1280, 800), "#e8e1d3")
    pen = ImageDraw.Draw(card)
    pen.rounded_rectangle((60, 60, 1220, 740), 40, fill="#f7f4ec", outline="#7a7365", width=4)
    pen.rectangle((110, 160, 450, 600), fill="#b9b2a3")
    for line, words in enumerate(
        (AGENT.upper(), "17 APR 1993", "UNITED KINGDOM", f"7K2Q {side.upper()}", "30 JUN 2031")
    ):
        pen.text((500, 180 + 80 * line), words, fill="#2c2a26", font_size=44)
    kept = io.BytesIO()
    card.save(kept, "JPEG", quality=88)
    return FilePayload(name=f"{side}.jpg", mimeType="image/jpeg", buffer=kept.getvalue())


def _reviews(ops: Seat, picture: str) -> None:
    ops.go("/admin/vetting/identitycheck/?state__exact=needs_review&o=-1")
    ops.page.get_by_role("row").filter(has_text=HANDLE).get_by_role("link").first.click()
    ops.sees(AGENT, "17", "7K2Q")
    while ops.page.get_by_text("Closed. Open it: your name is written down.").count():
        ops.page.get_by_text("Closed. Open it: your name is written down.").first.click()
        ops.page.wait_for_load_state()
    for picture_shown in ops.page.locator("img.rv-image").all():
        expect(picture_shown).to_have_js_property("complete", True)
        assert picture_shown.evaluate("image => image.naturalWidth") > 600
    for box in ops.page.locator("[name=checklist]").all():
        box.check()
    ops.ticks("Approve")
    ops.shows(picture)
    ops.presses("Give this verdict")
    ops.sees(re.compile("Verified|Noted"))


def agent_learns(story: Story) -> None:
    """The course: a wrong answer is explained and costs nothing, the right one opens the way on."""
    ren = story.seat("ren", "phone")
    ren.go("/work/learn/")
    ren.sees(COURSE, TEST)
    ren.shows("32-path")
    ren.follows(re.compile(COURSE), ren.page.locator("main"))
    ren.sees("Pays when finished", str(TRAINING_PAY))
    ren.shows("33-course")
    ren.presses(re.compile("Start the course"))
    ren.sees("Gift sets count as one thing.", "One question is still open on this page.")
    ren.ticks("14 days")
    ren.presses("Answer")
    ren.sees("Not quite. Try again, it costs nothing.", "we give more")
    ren.shows("34-lesson-wrong")
    ren.ticks("30 days")
    ren.presses("Try again")
    ren.sees("Right: thirty days")
    ren.presses("Done, next page")
    ren.sees("Finished. Well done.", "You earned", str(TRAINING_PAY))
    ren.shows("35-course-done")


def agent_sits_test(story: Story) -> None:
    """The test: four questions, graded by the worker while the page waits."""
    ren = story.seat("ren", "phone")
    ren.go("/work/learn/")
    ren.follows(re.compile(f"{TEST}|test"), ren.page.locator("main"))
    ren.sees("Four short questions.", "Tries left")
    ren.shows("36-test-intro")
    ren.presses("Begin")
    for place in range(1, 5):
        ren.sees(f"Question {place} of 4")
        _answers(ren)
        if place == 2:
            ren.shows("37-test-question")
        ren.presses(re.compile("Save and"))
    ren.sees("Every question has an answer.")
    ren.presses("Hand in")
    ren.sees("Your result", "Passed", "100")
    ren.shows("38-test-result")


def _answers(ren: Seat) -> None:
    asked = ren.page.locator(".item-prompt").inner_text().strip()
    if asked == SHORT[0]:
        ren.types(text=SHORT[1])
    elif asked == MULTIPLE[0]:
        ren.ticks(*MULTIPLE[1])
    else:
        ren.ticks(SINGLE[asked][0])


def agent_is_certified(story: Story) -> None:
    """The certificate, and a program that goes live with its first certified agent."""
    ren, mara = story.seat("ren", "phone"), story.seat("mara")
    ren.go("/work/learn/certificates/")
    for _look in range(20):
        if ren.page.get_by_text(BRAND).count():
            break
        ren.page.wait_for_timeout(1000)
        ren.go("/work/learn/certificates/")
    ren.sees(PROGRAM, BRAND)
    ren.shows("39-certificate")
    mara.go(story.at["program"])
    expect(mara.page.locator("main")).to_contain_text("Live", timeout=PATIENCE_MS)
    mara.shows("40-program-live")
