"""Starts the tests' own servers before Django's settings load. Named by `-p` in pytest's options.

The tests have a cluster of their own, so that they never touch the data of `make run`. With xdist only the
controller starts servers: the workers inherit its environment.
"""

from __future__ import annotations

import os

import pytest

from gigcx.local.environment import lease_servers
from gigcx.local.faults import LocalFault
from gigcx.local.folders import local_folder
from gigcx.local.leases import Lease

_leases: list[Lease] = []


def _start() -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    try:
        _leases.extend(lease_servers(local_folder().below("test"), is_durable=False))
    except LocalFault as fault:
        pytest.exit(str(fault), returncode=4)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the servers that the run started, the broker first."""
    while _leases:
        _leases.pop().give_back_and_wait()


_start()
