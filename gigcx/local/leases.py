"""How long a server lives: as long as somebody holds a lease on it.

Every process that needs a server holds a shared lock on the server's lease file. One keeper process per server
starts it, and stops it when it can lock the lease file for itself alone. The kernel drops a killed process's
locks, so a server never outlives the people who use it, however they end.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gigcx.local.faults import LocalFault
from gigcx.local.folders import PROJECT_ROOT
from gigcx.local.servers import Server

START_SECONDS = 90  # recovery after a crash included
STOP_SECONDS = 40
READY = "ready"
FAILED = "failed: "


class StopAsked(Exception):
    """Somebody asked to stop while a server was starting."""


def never() -> bool:
    """Stand in for a stop flag where nobody can ask to stop."""
    return False


@dataclass(frozen=True)
class LeaseFiles:
    """The files through which the users of a server and its keeper agree."""

    folder: Path
    name: str

    @property
    def lease(self) -> Path:
        return self.folder / f"{self.name}.lease"

    @property
    def keeper(self) -> Path:
        return self.folder / f"{self.name}.keeper"

    @property
    def start(self) -> Path:
        return self.folder / f"{self.name}.start"

    @property
    def state(self) -> Path:
        return self.folder / f"{self.name}.state"

    def read_state(self) -> str:
        try:
            return self.state.read_text()
        except FileNotFoundError:
            return ""

    def write_state(self, state: str) -> None:
        fresh = self.state.with_suffix(".state-new")
        fresh.write_text(state)
        fresh.replace(self.state)


@dataclass
class Lease:
    """The right to use a running server until it is given back."""

    server: Server
    files: LeaseFiles
    lock: int

    def give_back(self) -> None:
        """Give the lease back without waiting; the server stops if nobody else uses it."""
        os.close(self.lock)

    def give_back_and_wait(self) -> None:
        """Give the lease back, and wait for the server to stop if nobody else uses it."""
        self.give_back()
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and is_kept(self.files) and not _is_leased(self.files):
            time.sleep(0.05)


def take_lease(server: Server, *, should_stop: Callable[[], bool] = never) -> Lease:
    """Attach to the running server, or start it, and return the lease that keeps it alive.

    Raises:
        LocalFault: the server cannot start; the message says why.
        StopAsked: `should_stop` became true meanwhile.
    """
    server.folder.make()
    files = LeaseFiles(server.folder.path, server.name)
    lease_lock = _wait_for_lock(files.lease, fcntl.LOCK_SH, should_stop=should_stop)
    try:
        start_lock = _wait_for_lock(files.start, fcntl.LOCK_EX, should_stop=should_stop)
        try:
            _wait_until_ready(server, files, should_stop=should_stop)
        finally:
            os.close(start_lock)
    except BaseException:
        os.close(lease_lock)
        raise
    return Lease(server=server, files=files, lock=lease_lock)


def is_kept(files: LeaseFiles) -> bool:
    """Say whether a keeper runs for this server."""
    return _is_locked(files.keeper, fcntl.LOCK_SH)


def try_lock(path: Path, kind: int) -> int | None:
    """Lock the file without waiting; return its descriptor, or None if somebody else has it."""
    descriptor = _open_lock_file(path)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _wait_until_ready(server: Server, files: LeaseFiles, *, should_stop: Callable[[], bool]) -> None:
    if not is_kept(files):
        files.state.unlink(missing_ok=True)
        _start_keeper(server)
    deadline = time.monotonic() + START_SECONDS
    while (state := files.read_state()) != READY:
        if state.startswith(FAILED):
            raise LocalFault(state.removeprefix(FAILED))
        if not is_kept(files) and files.read_state() == state:
            raise LocalFault(f"The keeper of {server.name} fell; see {server.folder.logs / server.name}.log.")
        if should_stop():
            raise StopAsked
        if time.monotonic() > deadline:
            raise LocalFault(f"{server.name} did not answer within {START_SECONDS} seconds.")
        time.sleep(0.03)


def _start_keeper(server: Server) -> None:
    """Start a keeper that is on its own from the moment it holds its lock."""
    durability = [] if server.is_durable else ["--disposable"]
    command = [sys.executable, "-m", "gigcx.local.keeper", server.name, str(server.folder.path), *durability]
    log_path = server.folder.logs / f"{server.name}.log"
    with log_path.open("ab") as log:
        subprocess.run(
            command,
            check=False,
            cwd=PROJECT_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # a Ctrl-C in the terminal is for the people who use it
        )


def _wait_for_lock(path: Path, kind: int, *, should_stop: Callable[[], bool]) -> int:
    deadline = time.monotonic() + START_SECONDS + STOP_SECONDS
    while (descriptor := try_lock(path, kind)) is None:
        if should_stop():
            raise StopAsked
        if time.monotonic() > deadline:
            raise LocalFault(f"{path} stays locked by another process. Stop it and start again.")
        time.sleep(0.03)
    return descriptor


def _is_locked(path: Path, kind: int) -> bool:
    descriptor = try_lock(path, kind)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def _is_leased(files: LeaseFiles) -> bool:
    """Say whether anybody holds a lease. The keeper's own exclusive lock, while it stops, does not count."""
    shared = try_lock(files.lease, fcntl.LOCK_SH)
    if shared is None:
        return False
    os.close(shared)
    return _is_locked(files.lease, fcntl.LOCK_EX)


def _open_lock_file(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise LocalFault(f"Cannot open {path}: {error.strerror}.") from error
