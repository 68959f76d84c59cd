"""The keeper of one server: starts it, watches it, and stops it when nobody holds a lease any more.

Run as `python -m gigcx.local.keeper NAME FOLDER [--disposable]`.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from gigcx.local.faults import LocalFault
from gigcx.local.folders import LocalFolder
from gigcx.local.leases import FAILED, READY, START_SECONDS, LeaseFiles, try_lock
from gigcx.local.orphans import die_with_parent
from gigcx.local.servers import Postgres, Server, Valkey

SERVERS: dict[str, type[Postgres | Valkey]] = {"postgres": Postgres, "valkey": Valkey}
_LOOK_EVERY_SECONDS = 0.2
_FAST_STOP_SECONDS = 25


class Keeper:
    """One server's keeper, from start to stop."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.files = LeaseFiles(server.folder.path, server.name)
        self.is_stop_asked = False

    def take_place(self) -> bool:
        """Become the one keeper of this server; say no when there is one already.

        Tried for a moment, because somebody may just be looking whether the place is taken.
        """
        for _ in range(10):
            if try_lock(self.files.keeper, fcntl.LOCK_EX) is not None:
                return True
            time.sleep(0.03)
        return False

    def run(self) -> int:
        """Keep the server until nobody needs it; return the exit code."""
        signal.signal(signal.SIGTERM, self._ask_stop)
        process: subprocess.Popen[bytes] | None = None
        try:
            self.server.prepare()
            process = self._start()
            self._await_ready(process)
            self.server.finish()
            self.files.write_state(READY)
            self._watch(process)
        except LocalFault as fault:
            print(f"keeper: {fault}", file=sys.stderr, flush=True)
            self.files.write_state(f"{FAILED}{fault}")
            return 1
        finally:
            if process is not None:
                self._stop(process)
            if self.files.read_state() == READY:
                self.files.state.unlink(missing_ok=True)
        return 0

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.server.command(),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(self.server.stop_signal),  # noqa: PLW1509  single-threaded by design
        )

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        log = self.server.folder.logs / f"{self.server.name}.log"
        begins_at = log.stat().st_size if log.exists() else 0
        deadline = time.monotonic() + START_SECONDS
        while not self.server.is_ready():
            if process.poll() is not None:
                raise LocalFault(self.server.explain(_text_from(log, begins_at)))
            if self.is_stop_asked or time.monotonic() > deadline:
                raise LocalFault(f"{self.server.name} was stopped before it answered.")
            time.sleep(0.03)

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while not self.is_stop_asked and not self._is_unused():
            if process.poll() is not None:
                raise LocalFault(f"{self.server.name} ended by itself with code {process.returncode}.")
            time.sleep(_LOOK_EVERY_SECONDS)

    def _is_unused(self) -> bool:
        """Lock the lease file for ourselves; the lock is kept until we end, so newcomers wait for a fresh keeper."""
        return try_lock(self.files.lease, fcntl.LOCK_EX) is not None

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(self.server.stop_signal)
        try:
            process.wait(_FAST_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait()

    def _ask_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stop_asked = True


def _text_from(log: Path, begins_at: int) -> str:
    with log.open(errors="replace") as lines:
        lines.seek(begins_at)
        return lines.read()


def main(arguments: list[str]) -> int:
    """Keep the server named on the command line."""
    name, folder, *options = arguments
    server = SERVERS[name](LocalFolder(Path(folder)), is_durable="--disposable" not in options)
    keeper = Keeper(server)
    if keeper.take_place() and os.fork() == 0:  # who started us waits for the lock to be ours, not for the server
        return keeper.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
