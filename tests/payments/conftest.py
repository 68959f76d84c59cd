"""Ada and Bo work for Acme's Holiday Chat; Globex has a program of its own."""

import pytest

from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program
from tests.factories import recruiting as recruit


@pytest.fixture
def ada(db: None) -> Agent:
    return recruit.make_agent("Ada Obi")


@pytest.fixture
def bo(db: None) -> Agent:
    return recruit.make_agent("Bo Lind")


@pytest.fixture
def program(acme: Brand) -> Program:
    found = recruit.make_program(acme)
    recruit.make_rate_card(found)
    return found


@pytest.fixture
def their_program(globex: Brand) -> Program:
    found = recruit.make_program(globex, name="Globex Care")
    recruit.make_rate_card(found)
    return found
