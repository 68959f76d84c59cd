"""Fixtures shared by every test: the clock and the cast."""

from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from xdist.scheduler import LoadScopeScheduling

from gigcx.tenancy.actors import BrandActor, OpsActor, PersonActor
from gigcx.tenancy.models import Brand
from tests import cast
from tests.databases import copy_database

# Tests that share something costly, a served product or a browser: one process takes all of them, one after the other.
TOGETHER = ("tests/browser/", "tests/local/test_supervisor.py")
# Where single tests take a minute or two.
LONG_WALKS = ("tests/journeys/", "tests/local/")


class TogetherScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Hands out tests one by one, but those that share something costly as one."""

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherScheduling:
    """Several processes share the work like this, whatever `--dist` says."""
    return TogetherScheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes a minute or two begin early, so that no process waits for the last of it. The order stays random.

    What goes together begins first, and tells the demo world; the long walks through it follow when it is there.
    """
    walks = [item for item in items if item.nodeid.startswith(LONG_WALKS) and not _empties_tables(item)]
    others = [item for item in items if item not in walks]
    walks.sort(key=lambda item: not item.nodeid.startswith(LONG_WALKS[0]))
    meanwhile = len(others) // 6
    items[:] = [*others[:meanwhile], *walks, *others[meanwhile:]]


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
def ops_desk(olu: OpsActor, settings: Any) -> Client:
    """A browser that Olu is signed in with, second factor aside."""
    settings.SECOND_FACTOR_REQUIRED = False
    client = Client()
    client.force_login(olu.user)
    return client


@pytest.fixture
def mallory(db: None) -> PersonActor:
    """Nobody's friend."""
    return cast.outsider()
