"""One broker serves every test process and the products they run, each from numbered databases of its own."""

import os
import runpy
from pathlib import Path

import pytest
import redis

from tests import databases

SETTINGS = Path(databases.ROOT) / "gigcx" / "settings" / "test.py"
PROCESSES = 3  # as many as `make test` starts
PRODUCTS = 4


def test_no_two_test_processes_and_products_share_a_database_and_the_broker_has_them_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker, taken = os.environ["REDIS_URL"].partition("?")[0], []
    for process in range(PROCESSES):
        monkeypatch.setattr(databases, "_brokers", {})
        monkeypatch.setenv("REDIS_URL", broker)
        monkeypatch.setenv("PYTEST_XDIST_WORKER", f"gw{process}")
        runpy.run_path(str(SETTINGS))
        taken.append(int(os.environ["REDIS_URL"].partition("?db=")[2]))
        taken += [databases.broker_of(f"product_{number}") for number in range(PRODUCTS)]
    assert len(set(taken)) == len(taken) == PROCESSES * (1 + PRODUCTS)
    with redis.Redis.from_url(f"{broker}?db={max(taken)}") as last:
        assert last.ping()
