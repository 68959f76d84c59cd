"""Fixtures shared by every test: the clock and the cast."""

from datetime import datetime

import pytest

from gigcx.tenancy.actors import BrandActor, OpsActor, PersonActor
from gigcx.tenancy.models import Brand
from tests import cast


@pytest.fixture
def at() -> datetime:
    """A Monday noon in UTC, before Black Friday."""
    return cast.MONDAY_NOON


@pytest.fixture
def acme(db: None) -> Brand:
    """The brand that most stories are about."""
    return cast.make_brand("Acme")


@pytest.fixture
def globex(db: None) -> Brand:
    """The brand that must never see Acme's things."""
    return cast.make_brand("Globex")


@pytest.fixture
def acme_owner(acme: Brand) -> BrandActor:
    """Acme's owner, April."""
    return cast.make_member(acme, "April Acme")


@pytest.fixture
def globex_owner(globex: Brand) -> BrandActor:
    """Globex's owner, Gus."""
    return cast.make_member(globex, "Gus Globex")


@pytest.fixture
def olu(db: None) -> OpsActor:
    """Ops."""
    return cast.ops()


@pytest.fixture
def mallory(db: None) -> PersonActor:
    """Nobody's friend."""
    return cast.outsider()
