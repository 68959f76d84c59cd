"""E-mails about money say where none moves."""

from typing import Any

import pytest

from gigcx.notify.letters import notification_letter
from gigcx.notify.models import Notification
from gigcx.notify.registries import stamp_of
from recruiting.models import Agent
from tests.cast import MONDAY_NOON

pytestmark = pytest.mark.django_db


def told(agent: Agent, url: str) -> Notification:
    payload = {"title": "Your payout was transferred", "text": "", "url": url, "label": "Have a look"}
    return Notification.objects.create(
        user=agent.user, kind="payout", payload=payload, dedupe_key=url, created_at=MONDAY_NOON
    )


@pytest.mark.parametrize("url", ["/work/earnings/payouts/", "/b/acme/billing/"])
def test_the_subject_of_a_money_mail_says_that_no_money_moves(ada: Agent, url: str) -> None:
    words = notification_letter(told(ada, url).pk, MONDAY_NOON)
    assert words is not None
    assert words.subject == "SANDBOX, no money moves: Your payout was transferred"


def test_other_mails_carry_no_mark_and_real_money_none_either(ada: Agent, settings: Any) -> None:
    words = notification_letter(told(ada, "/work/shifts/").pk, MONDAY_NOON)
    assert words is not None
    assert words.subject == "Your payout was transferred"
    settings.PAYMENTS_MODE = "live"
    assert stamp_of("/work/earnings/") == ""
