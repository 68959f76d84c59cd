"""The product on the test's own database and broker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.product import Product
from tests.races.processes import Broker


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker for this test alone."""
    running = Broker(tmp_path / "broker")
    running.start()
    yield running
    running.kill()


@pytest.fixture
def product(transactional_db: None, broker: Broker, tmp_path: Path) -> Iterator[Product]:
    """The product, not started yet; it ends before the test's rows are removed."""
    changed = {"REDIS_URL": broker.url, "SECRET_KEY": settings.SECRET_KEY}
    running = Product(str(connection.settings_dict["NAME"]), tmp_path, changed=changed)
    yield running
    running.end()
