"""What the tests see of the machine: processes, ports, programs of their own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from gigcx.local.folders import PROJECT_ROOT, LocalFolder

USER_OF_SERVERS = """
import sys, time
from pathlib import Path
from gigcx.local.environment import lease_servers
from gigcx.local.folders import LocalFolder
lease_servers(LocalFolder(Path(sys.argv[1])), is_durable=False)
print("ready", flush=True)
time.sleep(120)
"""
SET_BY_THE_SUITE = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "SITE_URL", "PORT", "DEBUG")


def environment_of(folder: LocalFolder, **more: str) -> dict[str, str]:
    """The environment of somebody who just cloned the project, with their own local folder."""
    kept = {name: value for name, value in os.environ.items() if name not in SET_BY_THE_SUITE}
    return {**kept, "GIGCX_LOCAL_DIR": str(folder.path), **more}


def start_user_of_servers(folder: LocalFolder) -> subprocess.Popen[str]:
    """Start a process that uses the folder's servers, and wait until it has them."""
    process = subprocess.Popen(
        [sys.executable, "-c", USER_OF_SERVERS, str(folder.path)],
        cwd=PROJECT_ROOT,
        env=environment_of(folder),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.stdout.close()
    return process


def start_product(folder: LocalFolder, *, port: int, log: Path, **more: str) -> subprocess.Popen[bytes]:
    """Start `make run`'s supervisor without the demo world."""
    environment = environment_of(folder, PORT=str(port), **{"DEMO": "no", "WEB_WORKERS": "1", **more})
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "gigcx.local.run"],
            cwd=PROJECT_ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def product_command(folder: LocalFolder, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the supervisor's command line to its end."""
    return subprocess.run(
        [sys.executable, "-m", "gigcx.local.run", *arguments],
        cwd=PROJECT_ROOT,
        env=environment_of(folder, **more),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def processes_of(folder: LocalFolder) -> dict[int, str]:
    """Every living process that was started for this folder, with its command line."""
    needles = [str(folder.path).encode(), str(folder.sockets).encode()]
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        if int(place.name) == os.getpid():
            continue
        try:
            command = (place / "cmdline").read_bytes()
            seen = command + (place / "environ").read_bytes()
            if command and any(needle in seen for needle in needles):
                found[int(place.name)] = command.replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
    return found


def assert_nothing_runs_in(folder: LocalFolder) -> None:
    """Fail unless every process of this folder ends in time."""
    assert wait_until(lambda: processes_of(folder) == {}, seconds=60), processes_of(folder)


def wait_until(holds: Callable[[], bool], *, seconds: float) -> bool:
    """Wait for the condition; say whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
