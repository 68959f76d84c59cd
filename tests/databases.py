"""Test databases by copying: migrations run once for each state of the migration files, every test database is a copy."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
_LOCK = 7_420_117


def copy_database(name: str) -> None:
    """Put a freshly migrated, otherwise empty database at that name, replacing what was there."""
    with _server() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        template = _template(cursor)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop_database(name: str) -> None:
    """Remove a database and whoever is connected to it."""
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def url_of(name: str) -> str:
    """The address of a database on the tests' server."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _template(cursor: Any) -> str:
    """The migrated database to copy from; made when no database has these migrations yet."""
    name = f"migrated_{_fingerprint()}"
    cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'migrated\\_%'")
    known = [row[0] for row in cursor.fetchall()]
    if name in known:
        return name
    for old in known:
        cursor.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
    unfinished = f"unfinished_{_fingerprint()}"
    cursor.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
    cursor.execute(f'CREATE DATABASE "{unfinished}"')
    _migrate(unfinished)
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def _migrate(name: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url_of(name), "DJANGO_SETTINGS_MODULE": "gigcx.settings.test"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]


def _fingerprint() -> str:
    digest = hashlib.sha256()
    files = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("gigcx/*/migrations/*.py")]
    for path in [*sorted(files), ROOT / "gigcx" / "audit" / "sql.py", ROOT / "requirements" / "prod.txt"]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _server() -> Iterator[Any]:
    connection = psycopg2.connect(url_of("postgres"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
