"""`make run`: the whole product on this machine, from servers to a page in the browser.

Run as `python -m gigcx.local.run [stop|status]`. PORT (8000), BIND (127.0.0.1), WEB_WORKERS (2), DEMO (yes).
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from gigcx.local import tables
from gigcx.local.environment import DEFAULT_SETTINGS, lease_servers, local_secret
from gigcx.local.faults import LocalFault
from gigcx.local.folders import LocalFolder, local_folder
from gigcx.local.leases import Lease, StopAsked, is_kept, take_lease, try_lock
from gigcx.local.servers import Postgres
from gigcx.local.supervisor import Program, Supervisor

QUEUES = "grading,payouts,routing,packages,solver,notify,webhooks,sweeps,default"
DEMO, DEMO_LOADING, DEMO_LOADED = "demo world", "loading", "loaded"
_STOP_SECONDS = 60


@dataclass(frozen=True)
class Address:
    """Where the product is served."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def require_free(self) -> None:
        """Refuse a port that somebody else uses.

        Raises:
            LocalFault: the port is taken, or this user may not use it.
        """
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except PermissionError as error:
                raise LocalFault(f"Port {self.port} is only for root. Choose another: `make run PORT=8001`.") from error
            except OSError as error:
                raise LocalFault(
                    f"Port {self.port} is taken by another program. Choose another: `make run PORT={self.port + 1}`."
                ) from error

    def answers(self) -> bool:
        """Say whether the product answers.

        Raises:
            LocalFault: it answers that it is not well.
        """
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host  # noqa: S104  compared, not bound
        try:
            with urllib.request.urlopen(f"http://{host}:{self.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as error:
            raise LocalFault(f"/healthz answers {error.code}; the logs above say why.") from error
        except OSError:  # nobody listens yet
            return False


class RunLock:
    """One product per folder: who runs it, and where."""

    def __init__(self, folder: LocalFolder) -> None:
        self.path = folder.path / "run.lock"

    def take(self, address: Address) -> None:
        """Take the lock for as long as this process lives.

        Raises:
            LocalFault: the product runs already; the message says where.
        """
        descriptor = try_lock(self.path, fcntl.LOCK_EX)
        if descriptor is None:
            raise LocalFault(f"Already running at {self.read().get('url', 'another terminal')}. `make stop` stops it.")
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps({"pid": os.getpid(), "url": address.url}).encode())

    def read(self) -> dict[str, str | int]:
        """Return the pid and the URL of the running product, or nothing when none runs."""
        if not self.path.exists():
            return {}
        descriptor = try_lock(self.path, fcntl.LOCK_SH)
        if descriptor is not None:
            os.close(descriptor)
            return {}
        for _ in range(20):  # it may be writing just now
            try:
                return dict(json.loads(self.path.read_text()))
            except ValueError:
                time.sleep(0.05)
        return {}


def main(arguments: list[str]) -> int:
    """Start, stop or look at the product."""
    folder = local_folder()
    try:
        match arguments:
            case []:
                return serve(folder)
            case ["stop"]:
                return stop(folder)
            case ["status"]:
                return show_status(folder)
    except LocalFault as fault:
        print(f"gigcx: {fault}", file=sys.stderr)
        return 1
    print("usage: python -m gigcx.local.run [stop|status]", file=sys.stderr)
    return 2


def serve(folder: LocalFolder) -> int:
    """Run the product until somebody asks to stop; return the exit code."""
    address = read_address()
    supervisor = Supervisor()
    supervisor.listen_for_signals()
    folder.make()
    RunLock(folder).take(address)
    address.require_free()
    set_environment(folder, address)
    began = time.monotonic()
    leases: list[Lease] = []
    try:
        supervisor.say("starting the servers")
        is_embedded = not os.environ.get("DATABASE_URL")
        leases += lease_servers(folder, should_stop=supervisor.should_stop)
        prepare_database(supervisor, Postgres(folder) if is_embedded else None)
        start_programs(supervisor, address)
        supervisor.wait_until(address.answers, seconds=90, doing="waiting for the first page")
        greet(supervisor, folder, address, seconds=time.monotonic() - began)
        supervisor.watch(tend=lambda: revive_servers(supervisor, leases))
    except StopAsked:
        supervisor.say("stopping before the start was finished")
    finally:
        supervisor.stop_all()
        for lease in reversed(leases):
            supervisor.say(f"stopping {lease.server.name}")
            lease.give_back_and_wait()
    supervisor.say("stopped; nothing is left running")
    return 0


def stop(folder: LocalFolder) -> int:
    """Stop the product that runs in this folder, and wait until it has."""
    running = RunLock(folder).read()
    if not running:
        print("gigcx: Nothing is running here.")
        return 0
    os.kill(int(running["pid"]), signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while RunLock(folder).read().get("pid") == running["pid"]:
        if time.monotonic() > deadline:
            raise LocalFault(f"Process {running['pid']} does not stop. End it with `kill -9 {running['pid']}`.")
        time.sleep(0.1)
    print("gigcx: Stopped.")
    return 0


def show_status(folder: LocalFolder) -> int:
    """Say whether the product runs, and where."""
    running = RunLock(folder).read()
    print(f"gigcx: Running at {running['url']}." if running else "gigcx: Not running.")
    return 0 if running else 1


def read_address() -> Address:
    """Read where to serve from PORT and BIND."""
    port = os.environ.get("PORT", "").strip() or "8000"
    if not (port.isascii() and port.isdecimal() and 1 <= int(port) <= 65535):
        raise LocalFault(f"PORT is {port!r}; use a number from 1 to 65535.")
    return Address(host=os.environ.get("BIND", "").strip() or "127.0.0.1", port=int(port))


def set_environment(folder: LocalFolder, address: Address) -> None:
    """Complete the environment that all programs inherit; what is set by hand stays."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", DEFAULT_SETTINGS)
    os.environ.setdefault("SECRET_KEY", local_secret(folder, "secret-key"))
    os.environ.setdefault("SITE_URL", address.url)
    os.environ.setdefault("DEBUG", "no")
    os.environ["GIGCX_LOCAL_DIR"] = str(folder.path)


def prepare_database(supervisor: Supervisor, embedded: Postgres | None) -> None:
    """Bring the tables up to date, and load the demo world into an embedded database that has none."""
    if embedded is None:
        _migrate(supervisor)
        return
    if embedded.notes().get(DEMO) == DEMO_LOADING:
        supervisor.say("the last start was interrupted while it loaded the demo world; starting it over")
        embedded.recreate_database()
    if not tables.are_up_to_date(embedded):
        _migrate(supervisor)
        tables.note_up_to_date(embedded)
    wants_demo = os.environ.get("DEMO", "yes").lower() not in {"no", "0", "false"}
    if wants_demo and (words := demo_beside_stripe()):
        supervisor.say(words)
    if wants_demo and embedded.notes().get(DEMO) != DEMO_LOADED:
        supervisor.say("loading the demo world (only the first time)")
        embedded.write_note(DEMO, DEMO_LOADING)
        supervisor.run_step(_management("demo", "demo"))
        embedded.write_note(DEMO, DEMO_LOADED)


def demo_beside_stripe() -> str:
    """Say what the demo world is where payments are not the sandbox's; empty where they are."""
    mode = os.environ.get("PAYMENTS_MODE", "").strip() or "sandbox"
    if mode == "sandbox":
        return ""
    return (
        f"PAYMENTS_MODE is {mode} and DEMO is yes: the demo world's past payouts are the sandbox's and moved nothing; "
        "whatever is paid from now on goes through Stripe. Set DEMO=no for an empty product."
    )


def _migrate(supervisor: Supervisor) -> None:
    supervisor.say("bringing the tables up to date")
    supervisor.run_step(_management("migrate", "migrate", "--no-input", "--verbosity=0"))


def start_programs(supervisor: Supervisor, address: Address) -> None:
    """Start web, worker and ticker; they are stopped in the opposite order."""
    supervisor.say("starting web, worker and ticker")
    workers = os.environ.get("WEB_WORKERS", "").strip() or "2"
    gunicorn = [sys.executable, "-m", "gunicorn", "gigcx.wsgi:application", "--preload", "--log-level", "warning"]
    # threads: a browser opens connections that it does not use yet, and a plain worker would wait for each
    size = ["--workers", workers, "--worker-class", "gthread", "--threads", "6", "--graceful-timeout", "5"]
    bind = ["--bind", f"{address.host}:{address.port}", "--no-control-socket"]
    no_collected = {"PYTHONWARNINGS": "ignore:No directory at"}  # static files come straight from their sources
    supervisor.start(Program("web", [*gunicorn, *size, *bind], environment=no_collected))
    celery = [sys.executable, "-m", "gigcx.local.worker", "--app", "gigcx.celery", "--quiet"]
    pool = ["worker", "--loglevel", "WARNING", "--concurrency", "2", "--queues", QUEUES]
    alone = ["--without-gossip", "--without-mingle", "--hostname", "local@%h"]
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}  # it only ever sees JSON
    # Killed outright when we are: a kind stop would wait for a broker that is gone, and no task minds being killed.
    supervisor.start(Program("worker", [*celery, *pool, *alone], environment=quiet, orphan_signal=signal.SIGKILL))
    supervisor.start(_management("ticker", "ticker"))


def revive_servers(supervisor: Supervisor, leases: list[Lease]) -> None:
    """Start a server again that has fallen; its address stays the same."""
    for place, lease in enumerate(leases):
        if not is_kept(lease.files):
            supervisor.say(f"{lease.server.name} fell; starting it again")
            lease.give_back()
            leases[place] = take_lease(lease.server, should_stop=supervisor.should_stop)


def greet(supervisor: Supervisor, folder: LocalFolder, address: Address, *, seconds: float) -> None:
    """Say where the product is and who can sign in."""
    supervisor.say(f"ready after {seconds:.1f} s")
    lines = ["", f"GigCX Marketplace is at {address.url}", ""]
    sign_ins = folder.path / "demo-signins.txt"
    if sign_ins.exists():
        lines += [*sign_ins.read_text().rstrip().splitlines(), ""]
    for line in [*lines, "Ctrl-C stops everything."]:
        supervisor.say(line)


def _management(name: str, *arguments: str) -> Program:
    manage = str(Path(__file__).resolve().parents[2] / "manage.py")
    return Program(name, [sys.executable, manage, *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
