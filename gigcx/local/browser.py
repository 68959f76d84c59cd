"""The browser of the browser tests: one that is named, or the one that the set-up unpacked."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from gigcx.local.faults import LocalFault
from gigcx.local.folders import PROJECT_ROOT

QUIET_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Browser:
    """What a driver needs to start the browser."""

    program: Path
    options: tuple[str, ...] = QUIET_OPTIONS
    environment: dict[str, str] = field(default_factory=dict)


def installed_browser() -> Browser:
    """Return the Chromium named by GIGCX_CHROMIUM, else the unpacked one.

    Raises:
        LocalFault: there is no browser; the message says how to get one.
    """
    if named := os.environ.get("GIGCX_CHROMIUM"):
        return Browser(program=_existing(Path(named)))
    folder = PROJECT_ROOT / ".local" / "browser"
    libraries = [str(folder / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
    fonts = {} if Path("/etc/fonts/fonts.conf").exists() else {"FONTCONFIG_FILE": str(folder / "fonts.conf")}
    return Browser(
        program=_existing(folder / "chromium"),
        options=("--headless=shell", *QUIET_OPTIONS),
        environment={**os.environ, **fonts, "LD_LIBRARY_PATH": ":".join(filter(None, libraries))},
    )


def _existing(program: Path) -> Path:
    if not program.exists():
        raise LocalFault(f"There is no browser at {program}. Run `make setup-test`, or set GIGCX_CHROMIUM to one.")
    return program
