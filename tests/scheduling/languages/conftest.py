"""A program that serves customers in English and German, and two agents of whom one speaks both."""

from datetime import datetime
from typing import Any, Final

import pytest

from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program
from tests.factories import recruiting as recruit
from tests.scheduling.conftest import made_program

TWO_LANGUAGES: Final[list[dict[str, Any]]] = [{"tag": "en", "level": "B2"}, {"tag": "de", "level": "C1"}]


@pytest.fixture
def chat(acme: Brand) -> Program:
    """Acme's chat, in English at B2 and German at C1."""
    return made_program(acme, "Holiday Chat", languages=TWO_LANGUAGES)


@pytest.fixture
def german(ada: Agent, at: datetime) -> Agent:
    """Ada, who speaks German well enough."""
    recruit.give_language(ada, "de", level="C2")
    return ada
