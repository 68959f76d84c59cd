"""`make backup` and `make restore`: the database and the uploaded files in one archive.

Run as `python -m gigcx.local.backups save|restore ARCHIVE`. Works for the embedded database and for any other that
DATABASE_URL names. The broker is not saved: it holds only hints, and the database is the truth.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from gigcx.local.environment import lease_servers
from gigcx.local.faults import LocalFault
from gigcx.local.folders import PROJECT_ROOT, LocalFolder, local_folder
from gigcx.local.run import DEMO, DEMO_LOADED, RunLock
from gigcx.local.servers import Postgres, postgres_program

_DUMP, _FILES = "database.dump", "media"


def save(folder: LocalFolder, archive: Path) -> None:
    """Write the database and the uploaded files to a new archive, readable by nobody else.

    Raises:
        LocalFault: the database cannot be read or the archive cannot be written.
    """
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=archive.parent) as place:
        dump = Path(place) / _DUMP
        _postgres(
            "pg_dump", "--format=custom", "--no-owner", "--exclude-extension=*", f"--file={dump}", _database_url()
        )
        being_made = Path(place) / archive.name
        with tarfile.open(being_made, "w") as files:
            files.add(dump, _DUMP)
            if _media(folder).exists():
                files.add(_media(folder), _FILES)
        being_made.chmod(0o600)
        being_made.replace(archive)


def restore(folder: LocalFolder, archive: Path) -> None:
    """Put the database and the uploaded files of an archive in place of those that are here.

    What was here is kept once: the embedded database as `gigcx_before_restore`, the files as `media.before-restore`.
    A database of your own must be empty, but for the extensions.

    Raises:
        LocalFault: the product runs, or the archive is not one of ours, or the database refuses.
    """
    if running := RunLock(folder).read():
        raise LocalFault(f"The product runs at {running.get('url')}. `make stop` first, then restore.")
    with tempfile.TemporaryDirectory(dir=folder.path) as place:
        _unpack(archive, Path(place))
        _restore_database(folder, Path(place) / _DUMP)
        _replace_files(_media(folder), Path(place) / _FILES)


def main(arguments: list[str]) -> int:
    """Save or restore as the command line says; return the exit code."""
    folder = local_folder()
    began = time.monotonic()
    try:
        match arguments:
            case ["save", *named]:
                archive = Path(named[0]) if named else _new_archive()
                _with_database(folder)
                save(folder, archive)
                print(f"gigcx: Saved {archive} ({_size(archive)}) in {time.monotonic() - began:.1f} s.")
            case ["restore", named] if named:
                _with_database(folder)
                restore(folder, Path(named))
                print(f"gigcx: Restored {named} in {time.monotonic() - began:.1f} s. `make run` brings it up to date.")
            case _:
                print("usage: make backup, or make restore FROM=backups/<time>.tar", file=sys.stderr)
                return 2
    except (LocalFault, OSError) as fault:
        print(f"gigcx: {fault}", file=sys.stderr)
        return 1
    return 0


def _restore_database(folder: LocalFolder, dump: Path) -> None:
    embedded = Postgres(folder)
    if _database_url() != embedded.url:
        _load(dump, _database_url())
        return
    fresh = "gigcx_restoring"
    embedded.query(f"DROP DATABASE IF EXISTS {fresh} WITH (FORCE)")
    embedded.query(f"CREATE DATABASE {fresh} OWNER gigcx")
    _load(dump, embedded.url.removesuffix("gigcx") + fresh)
    embedded.query("DROP DATABASE IF EXISTS gigcx_before_restore WITH (FORCE)")
    embedded.query("ALTER DATABASE gigcx RENAME TO gigcx_before_restore")
    embedded.query(f"ALTER DATABASE {fresh} RENAME TO gigcx")
    embedded.write_note(DEMO, DEMO_LOADED)


def _load(dump: Path, url: str) -> None:
    _postgres("pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", f"--dbname={url}", str(dump))


def _with_database(folder: LocalFolder) -> None:
    os.environ.setdefault("REDIS_URL", "redis://unused")  # only the database is needed
    lease_servers(folder)


def _database_url() -> str:
    return os.environ["DATABASE_URL"]


def _media(folder: LocalFolder) -> Path:
    named = os.environ.get("MEDIA_ROOT", "").strip()
    return Path(named) if named else folder.path / "media"


def _new_archive() -> Path:
    return PROJECT_ROOT / "backups" / f"{datetime.now(tz=UTC):%Y-%m-%dT%H%M%SZ}.tar"


def _unpack(archive: Path, place: Path) -> None:
    try:
        with tarfile.open(archive) as files:
            members = [m for m in files.getmembers() if m.name == _DUMP or m.name.split("/", 1)[0] == _FILES]
            if not any(member.name == _DUMP for member in members):
                raise LocalFault(f"{archive} is not a backup of this product: it has no {_DUMP} in it.")
            files.extractall(place, members=members, filter="data")
    except (tarfile.TarError, FileNotFoundError) as error:
        raise LocalFault(f"{archive} cannot be read: {str(error).splitlines()[0]}") from error


def _replace_files(media: Path, saved: Path) -> None:
    if not saved.exists():
        return
    before = media.with_name(f"{media.name}.before-restore")
    shutil.rmtree(before, ignore_errors=True)
    if media.exists():
        media.rename(before)
    media.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(saved, media)


def _postgres(program: str, *arguments: str) -> None:
    done = subprocess.run([postgres_program(program), *arguments], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise LocalFault(f"{program} failed: {(done.stderr.strip() or 'no reason given').splitlines()[0]}")


def _size(archive: Path) -> str:
    return f"{archive.stat().st_size / 1e6:.1f} MB"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
