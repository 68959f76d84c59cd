"""From verified minutes to the agent's bank: earning, early confirmation, run, payout, statement; and the charge."""

import re

from tests.browser.steps.agent import AGENT
from tests.browser.steps.brand import PROGRAM
from tests.browser.steps.programs import PAY_AN_HOUR, TRAINING_PAY
from tests.browser.steps.seats import Seat, Story


def agent_sees_earning(story: Story) -> None:
    """The fact travels by the outbox; a worker prices it; Ren reads how."""
    ren = story.seat("ren", "phone")
    ren.go("/work/earnings/")
    for _look in range(30):
        if ren.page.get_by_text(f"{story.at['pay']} USD", exact=True).count():
            break
        ren.page.wait_for_timeout(1000)
        ren.go("/work/earnings/")
    ren.sees("In review", story.at["pay"], str(TRAINING_PAY))
    ren.shows("54-earnings")
    amount = ren.page.get_by_text(f"{story.at['pay']} USD", exact=True)
    ren.page.locator("main li").filter(has=amount).get_by_role("link").first.click()
    ren.sees("The sum", story.at["pay"], PAY_AN_HOUR)
    ren.shows("55-earning")
    story.at["earning"] = ren.path


def agent_says_where_to_pay(story: Story) -> None:
    """The pretended bank's page takes a test number."""
    ren = story.seat("ren", "phone")
    ren.go("/work/earnings/")
    ren.follows(re.compile("Set up payouts"))
    ren.sees("Where should your money go?")
    ren.chooses(country="United Kingdom")
    ren.presses("Go on to bank details")
    ren.sees("The sandbox pretends to be a bank.")
    ren.types(holder=AGENT, number="000123456789")
    ren.presses("Save the account")
    ren.sees("ending in 6789")
    ren.shows("56-account")


def owner_sees_charge(story: Story) -> None:
    """Mara sees what the week costs and confirms the lines, which ends their review."""
    mara = story.seat("mara")
    mara.go(story.at["brand"] + "billing/")
    mara.sees(story.at["bill"], PROGRAM, "Held for published work")
    mara.shows("57-billing")
    mara.follows(re.compile("See every line"))
    mara.sees(AGENT, story.at["bill"])
    mara.shows("58-billing-lines")
    mara.presses("Confirm the chosen lines")
    mara.sees("Every line is settled.")


def ops_pay(story: Story) -> None:
    """Olu funds the sandbox and plans a run; Ines approves it; a worker sends it."""
    olu, ines = story.seat("olu"), story.seat("ines")
    olu.go("/admin/payments/railswitch/board/")
    olu.types(amount="100000")
    olu.presses("Add money")
    olu.sees("The sandbox has it.")
    olu.shows("59-money-board")
    olu.presses(re.compile("^Plan USD"))
    olu.sees("Planned.")
    olu.sees(re.compile("checks", re.IGNORECASE))
    story.at["run"] = olu.path
    olu.shows("60-run-planned")
    if olu.page.get_by_role("button", name="Approve these totals").count():
        _approves(ines, story)
        olu.go(story.at["run"])
    olu.presses("Start sending")
    olu.sees("Started: workers send it now.")


def _approves(ines: Seat, story: Story) -> None:
    ines.go(story.at["run"])
    ines.presses("Approve these totals")
    ines.sees("Approved.")


def agent_is_paid(story: Story) -> None:
    """The payout is on its way or there, with a statement that names both lines."""
    ren = story.seat("ren", "phone")
    for _look in range(60):
        ren.go("/work/earnings/payouts/")
        if ren.page.get_by_text(re.compile("^statement|· statement")).count():
            break
        ren.page.wait_for_timeout(1000)
    ren.sees(story.at["total"], "statement")
    ren.shows("61-payouts")
    ren.page.locator("main a.link-row").first.click()
    ren.sees("Paid out", story.at["total"], story.at["pay"], str(TRAINING_PAY), "SANDBOX, no money moves.")
    ren.shows("62-statement")
    ren.go("/work/earnings/")
    ren.sees("Paid this year", story.at["total"])
    story.seat("olu").go(story.at["run"])
    story.seat("olu").shows("63-run-done")
