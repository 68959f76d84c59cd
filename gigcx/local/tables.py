"""Whether the embedded database fits the code, told without loading the product."""

from __future__ import annotations

import hashlib

from gigcx.local.folders import PROJECT_ROOT
from gigcx.local.servers import Postgres

NOTE = "tables"
_PACKAGES = ("gigcx", "recruiting", "vetting", "training", "scheduling", "payments")
_APPLIED = "SELECT md5(string_agg(app || '.' || name, ',' ORDER BY app, name)) FROM django_migrations"


def are_up_to_date(database: Postgres) -> bool:
    """Say whether `migrate` ran to its end with exactly this code, and nothing was migrated by hand since."""
    noted = database.notes().get(NOTE)
    return noted is not None and noted == _state_of(database)


def note_up_to_date(database: Postgres) -> None:
    """Note that `migrate` has just ended well with this code."""
    database.write_note(NOTE, _state_of(database))


def _state_of(database: Postgres) -> str:
    digest = hashlib.sha256((PROJECT_ROOT / "requirements" / "prod.txt").read_bytes())
    for path in sorted(path for package in _PACKAGES for path in (PROJECT_ROOT / package).rglob("*.py")):
        digest.update(str(path.relative_to(PROJECT_ROOT)).encode() + path.read_bytes())
    digest.update(database.query(_APPLIED, database="gigcx").encode())
    return digest.hexdigest()[:16]
