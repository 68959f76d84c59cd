"""The running product for tests: web server, worker and ticker as processes of their own, over one database."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from tests.databases import copy_demo, drop_database, product_environment

ROOT = Path(settings.BASE_DIR)
BIN = Path(sys.executable).parent
QUEUES = ",".join(settings.QUEUES)


@dataclass
class Product:
    """Processes over one database. `url` is where it is served; `changed` replaces parts of their environment."""

    database: str
    folder: Path
    port: int = field(default_factory=lambda: _free_port())  # noqa: PLW0108  defined below, found when called
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        usual = product_environment(self.database, self.folder)
        return {**usual, "SITE_URL": self.url, **self.changed}

    def create(self) -> None:
        """Make the database and its demo world."""
        copy_demo(self.database, self.folder)

    def manage(self, *words: str) -> str:
        """Run a management command and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {words}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def start(self, *names: str) -> None:
        """Start the named processes, or web, worker and ticker, and wait for the health page where there is a web."""
        commands = {
            "web": (
                "gunicorn",
                "gigcx.wsgi",
                "--preload",
                "-b",
                f"127.0.0.1:{self.port}",
                "-w",
                "2",
                "-k",
                "gthread",
                "--threads",
                "6",
                "--log-level",
                "warning",
            ),
            "worker": ("celery", "-A", "gigcx", "worker", "-Q", QUEUES, "-c", "2", "-l", "WARNING"),
            "ticker": (sys.executable, "manage.py", "ticker"),
        }
        for name in names or commands:
            self._spawn(name, *commands[name])
        if "web" in self.running:
            self._wait()

    def kill(self, name: str) -> None:
        """kill -9 one of the processes with its children."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        """Stop everything, kindly at first."""
        for process in self.running.values():
            os.killpg(process.pid, signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.running.clear()

    def stop(self) -> None:
        """Stop everything and drop the database."""
        self.end()
        drop_database(self.database)

    def _spawn(self, name: str, program: str, *words: str) -> None:
        path = program if program.startswith("/") else str(BIN / program)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [path, *words], cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise AssertionError("the product did not start: " + (self.folder / "web.log").read_text()[-3000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
