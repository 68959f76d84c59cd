"""A brand is founded, and ops open its account."""

import re

from tests.browser.steps.entrances import follows_letter, makes_account, signs_up
from tests.browser.steps.seats import Story

OWNER, TRAINER = "mara@juniper.example", "theo@juniper.example"
BRAND = "Juniper & Salt"
PROGRAM = "Weekend chat"


def owner_founds_brand(story: Story) -> None:
    """Mara signs up and tells who her brand is."""
    mara = story.seat("mara")
    signs_up(mara, "Mara Ellison", OWNER)
    mara.sees("What brings you here?")
    mara.shows("01-start")
    mara.follows("Begin as a brand")
    mara.sees("Your brand on GigCX")
    mara.types(
        name=BRAND,
        legal_name="Juniper & Salt Retail Ltd",
        website="https://juniper.example",
        about="We sell kitchenware online and in nine shops. Customers ask about deliveries and returns, mostly by chat.",
    )
    mara.chooses(country="United Kingdom")
    mara.page.locator("select[name=timezone]").select_option("Europe/London")
    mara.page.locator("select[name=currency]").select_option("USD")
    mara.presses(re.compile("Send for review"))
    mara.sees("We are looking at it.")
    story.at["brand"] = mara.path.removesuffix("account/")
    mara.shows("02-brand-in-review")


def ops_open_brand(story: Story) -> None:
    """Olu finds the brand in the queue and approves it."""
    olu = story.seat("olu")
    olu.signs_in("olu@demo.example")
    olu.go("/admin/")
    olu.shows("03-ops-home")
    olu.follows(re.compile("Brands? "), olu.page.locator("main, #main").first)
    olu.follows(BRAND)
    olu.sees("The brand may publish programs")
    olu.shows("04-ops-brand")
    olu.presses("Approve")
    olu.sees("The brand is open for business; its owners hear of it.")
    mara = story.seat("mara")
    mara.go(story.at["brand"] + "account/")
    mara.sees("Open for business.")


def colleague_joins(story: Story) -> None:
    """Two pairs of eyes: a brand invites a trainer."""
    mara, theo = story.seat("mara"), story.seat("theo")
    mara.go(story.at["brand"] + "settings/members/")
    mara.page.locator("main form[action$='/invite/'] [name=email]").fill(TRAINER)
    mara.page.locator("main form[action$='/invite/'] [name=role]").select_option("trainer")
    mara.presses(re.compile("Send invitation"))
    mara.sees("Invited, not here yet", TRAINER)
    follows_letter(theo, TRAINER, "/join/member/")
    theo.sees(f"Join {BRAND}")
    theo.follows("Make an account and join")
    makes_account(theo, "Theo Brandt", TRAINER)
    theo.presses("Join")
    theo.sees(BRAND)
    theo.shows("05-colleague-joined")
