"""A third agent, and shifts that change hands."""

from datetime import datetime

import pytest

from recruiting.models import Agent, Program
from tests.factories import recruiting as recruit
from tests.factories import vetting as vet


@pytest.fixture
def cy(chat: Program, at: datetime) -> Agent:
    """Cy Rao, who may work in Holiday Chat too."""
    agent = recruit.make_agent("Cy Rao")
    vet.make_eligible(agent, chat, at)
    return agent
