"""Where the local servers keep their files."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from gigcx.local.faults import LocalFault

NOBODY = 65534
PROJECT_ROOT = Path(__file__).resolve().parents[2]
_SOCKETS_BELOW = Path("/tmp")  # noqa: S108  short and the same for all, as a socket path must be; ours alone, see make()


@dataclass(frozen=True)
class LocalFolder:
    """One set of servers: their files, their logs and their sockets."""

    path: Path

    @property
    def logs(self) -> Path:
        return self.path / "log"

    @property
    def sockets(self) -> Path:
        digest = hashlib.sha256(str(self.path).encode()).hexdigest()[:10]
        return _SOCKETS_BELOW / f"gigcx-{os.getuid()}-{digest}"

    def below(self, name: str) -> LocalFolder:
        """Return the folder of another set of servers, kept inside this one."""
        return LocalFolder(self.path / name)

    def make(self) -> None:
        """Create the folders, or say why they cannot be used.

        Raises:
            LocalFault: a folder belongs to somebody else, is read-only, or the disk is full.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.logs.mkdir(exist_ok=True)
            self.sockets.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise LocalFault(f"Cannot create {error.filename}: {error.strerror}.") from error
        for folder in (self.path, self.logs):
            if not os.access(folder, os.W_OK | os.X_OK):
                raise LocalFault(f"Cannot write to {folder}: {_owner_hint(folder)}.")
        if self.sockets.is_symlink() or self.sockets.stat().st_uid not in _owners_we_trust():
            raise LocalFault(f"{self.sockets} is not ours: somebody else made it. Remove it and start again.")


def _owners_we_trust() -> set[int]:
    """Ourselves; and for root also nobody, as whom PostgreSQL runs where there are no user namespaces."""
    return {0, NOBODY} if os.getuid() == 0 else {os.getuid()}


def local_folder() -> LocalFolder:
    """Return the folder named by GIGCX_LOCAL_DIR, else `.local` in the project."""
    named = os.environ.get("GIGCX_LOCAL_DIR")
    return LocalFolder(Path(named).expanduser().resolve() if named else PROJECT_ROOT / ".local")


def _owner_hint(folder: Path) -> str:
    owner = folder.stat().st_uid
    if owner != os.getuid():
        return f"it belongs to user {owner}, not to you. Change its owner or set GIGCX_LOCAL_DIR"
    return "it is read-only"
