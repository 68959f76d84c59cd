"""The set-up of a fresh clone: quick when warm, and in plain words when the machine is in the way."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gigcx.local import bootstrap
from gigcx.local.browser import installed_browser
from gigcx.local.environment import local_secret
from gigcx.local.faults import LocalFault
from gigcx.local.folders import PROJECT_ROOT, LocalFolder

BOOTSTRAP = "gigcx/local/bootstrap.py"


def copy_of_the_project(place: Path) -> Path:
    """A clone's worth of what the set-up looks at."""
    for name in ("gigcx/local", "requirements", "assets/css", "templates"):
        shutil.copytree(PROJECT_ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("package.json", "package-lock.json", "vite.config.js"):
        shutil.copy(PROJECT_ROOT / name, place / name)
    return place


def set_up(place: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, BOOTSTRAP, "run"],
        cwd=place,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_python_that_is_too_old_is_told_so_in_one_line() -> None:
    pretend = f"import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path({BOOTSTRAP!r}, run_name='__main__')"
    refused = subprocess.run(
        [sys.executable, "-c", pretend], cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert refused.stderr.startswith("gigcx: Python 3.11 or newer is needed, and this is ")
    assert refused.stderr.count("\n") == 1


def test_a_python_without_ensurepip_and_pip_is_told_what_to_install(tmp_path: Path) -> None:
    place = copy_of_the_project(tmp_path / "project")
    for name in ("ensurepip", "pip"):
        (tmp_path / f"{name}.py").write_text("raise ImportError")
    refused = set_up(place, PYTHONPATH=str(tmp_path))
    assert refused.returncode == 1
    assert re.search(r"`sudo apt-get install python3\.\d+-venv`, then run this again\.\n$", refused.stderr)


def test_without_a_network_the_set_up_says_so_and_keeps_what_it_has(tmp_path: Path) -> None:
    nowhere = "http://127.0.0.1:9/simple"
    offline = {"PIP_INDEX_URL": nowhere, "PIP_EXTRA_INDEX_URL": nowhere, "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1"}
    place = copy_of_the_project(tmp_path)
    refused = set_up(place, **offline, PIP_FIND_LINKS="", PIP_CONFIG_FILE=os.devnull)
    assert refused.returncode == 1
    assert (
        refused.stderr == "gigcx: No network: could not install uv. Connect and run this again; what arrived is kept.\n"
    )
    assert (place / ".venv" / "made.json").exists()


def test_a_foreign_folder_in_the_place_of_the_environment_is_not_removed(tmp_path: Path) -> None:
    place = copy_of_the_project(tmp_path)
    (place / ".venv").mkdir()
    (place / ".venv" / "letters.txt").write_text("keep me")
    refused = set_up(place)
    assert refused.returncode == 1
    assert "is not a virtual environment. Move it away" in refused.stderr
    assert (place / ".venv" / "letters.txt").read_text() == "keep me"


def test_a_missing_lock_is_named(tmp_path: Path) -> None:
    with pytest.raises(bootstrap.SetupFault, match=r"requirements/none\.txt is missing from this copy"):
        bootstrap.file_hash("requirements/none.txt")


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", "null", '"done"', "\x00"])
def test_a_broken_stamp_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    stamp = tmp_path / "made.json"
    stamp.write_text(content)
    assert bootstrap.read_stamp(str(stamp)) == {}


def test_a_full_disk_is_called_a_full_disk() -> None:
    words = [sys.executable, "-c", "raise SystemExit('OSError: [Errno 28] No space left on device')"]
    with pytest.raises(bootstrap.SetupFault, match="The disk is full: could not build the assets"):
        bootstrap.run(words, doing="build the assets")


def test_any_other_failure_is_shown_with_its_last_words() -> None:
    words = [sys.executable, "-c", "raise SystemExit('theme.css:4 unknown at-rule')"]
    with pytest.raises(bootstrap.SetupFault, match=r"Could not build the assets \(exit 1\):\ntheme\.css:4 unknown"):
        bootstrap.run(words, doing="build the assets")


def test_a_changed_template_makes_the_assets_stale() -> None:
    before = bootstrap.combined_hash(["Makefile", "manage.py"])
    assert bootstrap.combined_hash(["manage.py", "Makefile"]) == before
    assert bootstrap.combined_hash(["Makefile", "package.json"]) != before
    assert any(name.endswith(".html") for name in bootstrap.files_below("templates"))
    assert not any("assets/dist" in name for name in bootstrap.files_below("assets", skip="dist"))


def test_a_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path)
    first = local_secret(folder, "secret-key")
    assert len(first) >= 50
    assert local_secret(folder, "secret-key") == first
    assert (tmp_path / "secrets" / "secret-key").stat().st_mode & 0o077 == 0


def test_a_named_browser_that_is_not_there_is_no_reason_to_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIGCX_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(LocalFault, match=r"There is no browser at /nowhere/chromium\. Run `make setup-test`"):
        installed_browser()
