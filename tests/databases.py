"""Test databases by copying: migrations run once for each state of the migration files, every test database is a copy."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from gigcx.local.folders import local_folder

ROOT = Path(__file__).resolve().parent.parent
_LOCK, _DEMO_LOCK = 7_420_117, 7_420_118
_brokers: dict[str, int] = {}


def copy_database(name: str) -> None:
    """Put a freshly migrated, otherwise empty database at that name, replacing what was there."""
    with _server() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        template = _template(cursor)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def copy_demo(name: str, folder: Path) -> None:
    """Put the demo world at that name, and its files below `folder`/media; told once for each state of the code."""
    with _server() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_DEMO_LOCK])
        template = _demo(cursor)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    shutil.copytree(_demo_folder(template) / "media", folder / "media", dirs_exist_ok=True)


def product_environment(database: str, folder: Path) -> dict[str, str]:
    """What a process of the running product needs to work on that database and folder."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
        "DJANGO_SETTINGS_MODULE": "gigcx.settings.dev",
        "DATABASE_URL": url_of(database),
        "REDIS_URL": f"{os.environ['REDIS_URL'].split('?')[0]}?db={broker_of(database)}",
        "GIGCX_LOCAL_DIR": str(folder),
        "VAULT_KEYS": base64.b64encode(b"t" * 32).decode(),
        "LOG_LEVEL": "WARNING",
    }


def broker_of(database: str) -> int:
    """A numbered database of the broker that no other product and no other test process uses: they follow this one's."""
    own = int(os.environ["REDIS_URL"].partition("?db=")[2] or 0)
    return own + 1 + _brokers.setdefault(database, len(_brokers)) % 4


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


def _demo(cursor: Any) -> str:
    """The database that holds the demo world as today's code tells it."""
    name = f"demo_{_fingerprint_of_code()}"
    cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'demo\\_%'")
    known = [row[0] for row in cursor.fetchall()]
    if name in known:
        return name
    for old in known:
        cursor.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
        shutil.rmtree(_demo_folder(old), ignore_errors=True)
    unfinished = f"telling_{_fingerprint_of_code()}"
    copy_database(unfinished)
    (_demo_folder(name) / "media").mkdir(parents=True, exist_ok=True)
    _manage(product_environment(unfinished, _demo_folder(name)), "demo")
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def _demo_folder(name: str) -> Path:
    return local_folder().below("test").path / name


def _migrate(name: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url_of(name), "DJANGO_SETTINGS_MODULE": "gigcx.settings.test"}
    _manage(environment, "migrate", "--verbosity", "0")


def _manage(environment: dict[str, str], *words: str) -> None:
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"


def _fingerprint_of_code() -> str:
    digest = hashlib.sha256(_fingerprint().encode())
    stages = ("gigcx", "recruiting", "vetting", "training", "scheduling", "payments")
    for path in sorted(path for stage in stages for path in (ROOT / stage).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


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
