"""The environment of a process on this machine: which database, which broker, which secrets."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from gigcx.local.faults import LocalFault
from gigcx.local.folders import LocalFolder, local_folder
from gigcx.local.leases import Lease, never, take_lease
from gigcx.local.servers import Postgres, Server, Valkey

DEFAULT_SETTINGS = "gigcx.settings.dev"
_NEEDS_NO_SERVER = {"help", "--help", "version", "--version", "makemessages", "compilemessages", "collectstatic"}
_leases: list[Lease] = []  # held as long as the process lives


def prepare(command: str = "") -> None:
    """Make this process's environment complete, with servers of our own where none are named.

    Servers started here stop when the last process that uses them ends. Ends the process with one line when
    something on the machine is in the way.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", DEFAULT_SETTINGS)
    if command in _NEEDS_NO_SERVER:
        return
    folder = local_folder()
    try:
        _leases.extend(lease_servers(folder))
        if os.environ["DJANGO_SETTINGS_MODULE"] == DEFAULT_SETTINGS:
            os.environ.setdefault("SECRET_KEY", local_secret(folder, "secret-key"))
    except LocalFault as fault:
        sys.exit(f"gigcx: {fault}")


def lease_servers(
    folder: LocalFolder,
    *,
    is_durable: bool = True,
    should_stop: Callable[[], bool] = never,
) -> list[Lease]:
    """Take a lease on each server that the environment does not name, and name it there.

    Returns the leases in the order of their start: PostgreSQL, Valkey.

    Raises:
        LocalFault: a server cannot start.
        StopAsked: `should_stop` became true meanwhile.
    """
    wanted: list[tuple[str, Server]] = [
        ("DATABASE_URL", Postgres(folder, is_durable=is_durable)),
        ("REDIS_URL", Valkey(folder, is_durable=is_durable)),
    ]
    leases: list[Lease] = []
    for variable, server in wanted:
        if not os.environ.get(variable):
            leases.append(take_lease(server, should_stop=should_stop))
            os.environ[variable] = server.url
    return leases


def local_secret(folder: LocalFolder, name: str) -> str:
    """Return a secret of this machine's own, made at its first use and never committed."""
    path = folder.path / "secrets" / name
    if not path.exists():
        _write_secret(path)
    return path.read_text().strip()


def _write_secret(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # another process was faster: its secret is as good
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
