"""The product in one story, typed by hand: a new brand asks for people, a new agent works one Friday evening and is paid.

The same story as tests/journeys, in a real Chromium against the running product with its worker and its ticker.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.steps import agent, brand, capacity, money, programs, shift, teaching
from tests.browser.steps.seats import Story
from tests.product import Product

# The time limit is for the journey itself: telling the demo world first may take minutes on a busy machine.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300, func_only=True),
]


@pytest.fixture
def story(product: Product, chromium: Browser, pictures: Path) -> Iterator[Story]:
    """New people at their own screens; ops are the demo world's."""
    told = Story(product, chromium, pictures)
    yield told
    told.close()


def test_a_new_brand_and_a_new_agent_go_from_sign_up_to_payout(story: Story) -> None:
    # A brand is founded and opened; a colleague joins, for what needs two.
    brand.owner_founds_brand(story)
    brand.ops_open_brand(story)
    brand.colleague_joins(story)

    # It says what the work is, what it pays, what must be known, and who may do it.
    programs.owner_writes_program(story)
    programs.owner_sets_prices(story)
    programs.owner_sets_terms(story)
    teaching.owner_writes_course(story)
    teaching.owner_writes_questions(story)
    teaching.owner_makes_test(story)
    teaching.owner_makes_certification(story)
    programs.program_goes_to_review(story)

    # Somebody with a phone finds it, is accepted, and becomes certified.
    agent.agent_signs_up(story)
    agent.agent_tells_about_themselves(story)
    agent.agent_applies(story)
    agent.agent_agrees(story)
    agent.agent_sends_identity(story)
    agent.first_of_ops_looks(story)
    agent.second_of_ops_looks(story)
    agent.agent_learns(story)
    agent.agent_sits_test(story)
    agent.agent_is_certified(story)

    # The brand pastes next week's demand and publishes shifts; the agent takes Friday evening.
    capacity.owner_pastes_week(story)
    capacity.owner_publishes_shifts(story)
    shift.agent_claims_shift(story)

    # Friday comes, is worked, and is over.
    shift.friday_comes(story)
    shift.agent_works(story)
    shift.hours_pass(story)
    shift.shift_is_over(story)
    shift.owner_confirms_minutes(story)

    # Verified minutes become money: for the agent in the bank, for the brand on its bill.
    money.agent_sees_earning(story)
    money.agent_says_where_to_pay(story)
    money.owner_sees_charge(story)
    money.ops_pay(story)
    money.agent_is_paid(story)
