"""Fixtures shared by every test: the clock and the cast."""

from datetime import datetime

import pytest
from django.core.cache import cache

from gigcx.tenancy.actors import BrandActor, OpsActor, PersonActor
from gigcx.tenancy.models import Brand
from tests import cast
from tests.databases import copy_database

# Where single tests take a minute or two: begun early, so that no process waits for the last of them.
LONG_WALKS = ("tests/journeys/", "tests/browser/", "tests/local/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with one walk, which tells the demo world; the others follow when it is there. The order stays random."""
    walks = [item for item in items if item.nodeid.startswith(LONG_WALKS) and not _empties_tables(item)]
    others = [item for item in items if item not in walks]
    walks.sort(key=lambda item: not item.nodeid.startswith("tests/journeys/"))
    meanwhile = len(others) // 6
    items[:] = [*walks[:1], *others[:meanwhile], *walks[1:], *others[meanwhile:]]


def _empties_tables(item: pytest.Item) -> bool:
    """Say whether it leaves a database without what the migrations wrote: such tests stay where they are, at the end."""
    mark = item.get_closest_marker("django_db")
    return mark is not None and bool(mark.kwargs.get("transaction"))


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database is there already, see below; Django only connects to it."""
    return True


@pytest.fixture(scope="session")
def django_db_createdb() -> bool:
    """Django need not create it."""
    return False


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Put a migrated copy where this process expects its test database."""
    from django.db import connection

    copy_database(connection.creation._get_test_db_name())  # type: ignore[attr-defined]  # private, and the only way


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """No test meets the rate limits or cached answers of another one."""
    cache.clear()


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
