"""Ada and Bo work for Acme's Holiday Chat; Globex has a program of its own."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from gigcx.tenancy.models import Brand
from payments import ledger
from payments.models import PayoutItem, SandboxPayment
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON
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


class Clock:
    """A clock that goes on when told."""

    def __init__(self) -> None:
        self.at = MONDAY_NOON + timedelta(minutes=1)

    def __call__(self) -> datetime:
        return self.at

    def wait(self, **how_long: float) -> None:
        self.at += timedelta(**how_long)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def books_balance_after_everything(db: None) -> Iterator[None]:
    yield
    assert ledger.trial_balance().is_zero
    assert ledger.verify_books() == []
    paid = {row.group: row.amount_minor for row in SandboxPayment.objects.exclude(ref="")}
    for item in PayoutItem.objects.across_brands().filter(state__in=["transferred", "arrived", "returned"]):
        assert paid[item.pk] == item.amount_minor
    assert SandboxPayment.objects.exclude(ref="").count() == len(paid)
