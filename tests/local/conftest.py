"""A local folder of its own for each test, and nothing left behind."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gigcx.local.folders import LocalFolder
from tests.local.machine import processes_of


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[LocalFolder]:
    folder = LocalFolder(tmp_path / "local")
    yield folder
    clear(folder)


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalFolder]:
    folder = LocalFolder(tmp_path_factory.mktemp("shared") / "local")
    yield folder
    clear(folder)


def clear(folder: LocalFolder) -> None:
    """End what a failed test left running, and remove the sockets' folder, which lies outside."""
    for pid in processes_of(folder):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder.sockets, ignore_errors=True)
