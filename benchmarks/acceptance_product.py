"""The product as it really runs, for a driver that kills parts of it: its own processes, servers and supervisor."""

import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

ROOT: Final = Path(__file__).resolve().parents[1]
_PARTS: Final = {
    "web": "gunicorn",
    "worker": "gigcx.local.worker",
    "ticker": "manage.py ticker",
    "postgres": "bin/postgres -D",
    "valkey": "valkey-server",
}
R = TypeVar("R")
_MOST_A_MINUTE: Final = 3  # more often, and the supervisor calls it broken


class Product:
    """`make run` without its demo world, in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.url = folder, f"http://127.0.0.1:{port}"
        self.kills: list[tuple[float, str]] = []
        self._log = (folder / "product.log").open("w")
        command = [sys.executable, "-m", "gigcx.local.run"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PORT": str(port), "DEMO": "no"}, stdout=self._log, stderr=self._log
        )

    def wait_until_ready(self, seconds: float = 240) -> None:
        """Raises where it ends or does not answer in time."""
        deadline = time.monotonic() + seconds
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the product does not start; {self._log.name} says why")
            time.sleep(1)

    def answers(self) -> bool:
        """Does the web answer?"""
        with suppress(OSError), urllib.request.urlopen(self.url + "/healthz", timeout=3) as answer:  # noqa: S310  our own
            return bool(answer.status == 200)
        return False

    def is_running(self) -> bool:
        """Is its supervisor still there?"""
        return self._process.poll() is None

    def knock(self, body: bytes, signature: str) -> int:
        """Delivers a webhook and returns the answer's status, 0 for none."""
        headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/webhooks/stripe/", body, headers)  # noqa: S310  our own address
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return 0

    def kill(self, dice: random.Random) -> str:
        """Kills one part, or one of its children, at once and without a word; returns which."""
        recent = [part for when, part in self.kills if time.monotonic() - when < 60]
        free = [part for part in _PARTS if recent.count(part) < _MOST_A_MINUTE]
        part = dice.choice(free) if free else ""
        found = self._processes(_PARTS[part]) if part else []
        if not found:
            return ""
        with suppress(ProcessLookupError):
            os.kill(dice.choice(found), signal.SIGKILL)
        self.kills.append((time.monotonic(), part))
        return part

    def _processes(self, name: str) -> list[int]:
        """Processes of ours with that in their command: below the supervisor, or keeping files in our folder."""
        lines = {pid: line for pid, line in _command_lines() if name in line and "gigcx.local.keeper" not in line}
        return [pid for pid, line in lines.items() if str(self.folder) in line or self._is_ours(pid)]

    def _is_ours(self, pid: int) -> bool:
        for _step in range(5):
            pid = _parent_of(pid)
            if pid <= 1:
                return False
            if pid == self._process.pid or f" {self.folder}" in _command_line(pid):
                return True
        return False

    def stop(self) -> None:
        """Stops it kindly, servers and all."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(60)
        self._process.kill()
        self._log.close()


def patiently(step: Callable[[], R], *, seconds: float = 90) -> R:
    """Does something in the product's database, again while that is away."""
    from django.db import Error, close_old_connections

    deadline = time.monotonic() + seconds
    while True:
        try:
            return step()
        except Error:
            if time.monotonic() > deadline:
                raise
            close_old_connections()
            time.sleep(1)


def _command_lines() -> Iterator[tuple[int, str]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            yield int(entry.name), _command_line(int(entry.name))


def _command_line(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def _parent_of(pid: int) -> int:
    with suppress(OSError, IndexError, ValueError):
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return 0
