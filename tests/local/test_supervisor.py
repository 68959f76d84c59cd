"""`make run`: one product per folder, restarted where it falls, and gone without a trace when it stops."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gigcx.local.folders import LocalFolder
from tests.local.machine import (
    assert_nothing_runs_in,
    free_port,
    processes_of,
    product_command,
    start_product,
    wait_until,
)

pytestmark = [pytest.mark.slow]
PATIENCE_SECONDS = 60  # for what takes a moment on an idle machine; a loaded one may need longer


@dataclass
class Product:
    """A running product and where its words go."""

    folder: LocalFolder
    port: int
    log: Path
    process: subprocess.Popen[bytes]

    def start_again(self) -> None:
        """Start it anew in the same folder, and wait until it says that it runs."""
        self.log = self.log.with_name(f"{self.log.stem}-again.log")
        self.process = start_product(self.folder, port=self.port, log=self.log)
        self.wait_for_greeting()

    def wait_for_greeting(self) -> None:
        """Wait until it says that it runs."""
        wait_until(lambda: self.says("Ctrl-C stops everything") or self.process.poll() is not None, seconds=180)
        assert self.says("Ctrl-C stops everything"), self.log.read_text()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def answers(self) -> bool:
        """Say whether it can do its work, database included."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def says(self, words: str) -> bool:
        return words in self.log.read_text()

    def processes(self, words: str) -> list[int]:
        return [pid for pid, command in processes_of(self.folder).items() if words in command]


@pytest.fixture(scope="module")
def product(shared_folder: LocalFolder) -> Iterator[Product]:
    """The product, running at the begin and at the end of each test: making its tables takes half a minute."""
    port, log = free_port(), shared_folder.path.parent / "run.log"
    product = Product(shared_folder, port, log, start_product(shared_folder, port=port, log=log))
    try:
        product.wait_for_greeting()
        yield product
    finally:
        product.process.kill()
        product.process.wait()


def test_the_product_answers_and_says_where(product: Product) -> None:
    assert wait_until(product.answers, seconds=PATIENCE_SECONDS)
    assert product.says(f"GigCX Marketplace is at {product.url}")
    for name in ("gunicorn", "celery", "ticker", "valkey-server", "postgres"):
        assert product.processes(name), name


def test_a_wrong_address_shows_our_own_page_and_nothing_of_the_inside(product: Product) -> None:
    assert wait_until(product.answers, seconds=PATIENCE_SECONDS)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{product.port}/no/such/page/", timeout=20)
    page = refused.value.read().decode()
    assert refused.value.code == 404
    assert "There is nothing at this address" in page
    assert "DEBUG" not in page
    for kept in ("/mailbox/", "/styleguide/", "/static/app.css"):
        with urllib.request.urlopen(f"http://127.0.0.1:{product.port}{kept}", timeout=20) as answer:
            assert answer.status == 200, kept


def test_a_second_start_says_that_it_runs_already(product: Product) -> None:
    second = product_command(product.folder, PORT=str(free_port()))
    assert second.returncode == 1
    assert second.stderr == f"gigcx: Already running at {product.url}. `make stop` stops it.\n"
    assert product_command(product.folder, "status").stdout == f"gigcx: Running at {product.url}.\n"


def test_a_killed_worker_is_started_again(product: Product) -> None:
    before = set(product.processes("celery"))
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: product.says("worker ended with code -9; starting it again"), seconds=PATIENCE_SECONDS)
    assert wait_until(lambda: bool(set(product.processes("celery")) - before), seconds=PATIENCE_SECONDS)
    assert wait_until(product.answers, seconds=PATIENCE_SECONDS)


def test_a_killed_database_server_is_started_again(product: Product) -> None:
    (postmaster,) = product.processes("bin/postgres -D")
    os.kill(postmaster, signal.SIGKILL)
    assert wait_until(lambda: product.says("postgres fell; starting it again"), seconds=PATIENCE_SECONDS)
    assert wait_until(lambda: bool(product.processes("bin/postgres -D")), seconds=PATIENCE_SECONDS)
    assert wait_until(product.answers, seconds=PATIENCE_SECONDS)


def test_kill_9_leaves_nothing_running_and_the_next_start_just_works(product: Product) -> None:
    os.kill(product.process.pid, signal.SIGKILL)
    product.process.wait()
    assert_nothing_runs_in(product.folder)
    product.start_again()
    assert wait_until(product.answers, seconds=PATIENCE_SECONDS), product.log.read_text()


def test_a_stop_ends_everything_in_order(product: Product) -> None:
    stopped = product_command(product.folder, "stop")
    assert stopped.stdout == "gigcx: Stopped.\n"
    assert product.process.wait(PATIENCE_SECONDS) == 0
    assert_nothing_runs_in(product.folder)
    said = product.log.read_text().splitlines()
    product.start_again()
    order = [line.split("stopping ")[1] for line in said if "gigcx    stopping " in line]
    assert order == ["ticker", "worker", "web", "valkey", "postgres"]


def test_a_taken_port_is_named_with_a_way_out(folder: LocalFolder) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = somebody.getsockname()[1]
        refused = product_command(folder, PORT=str(port))
    assert refused.returncode == 1
    assert refused.stderr == (
        f"gigcx: Port {port} is taken by another program. Choose another: `make run PORT={port + 1}`.\n"
    )
    assert_nothing_runs_in(folder)


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1", "८०००"])
def test_a_port_that_is_none_is_refused(folder: LocalFolder, port: str) -> None:
    refused = product_command(folder, PORT=port)
    assert refused.returncode == 1
    assert refused.stderr == f"gigcx: PORT is {port!r}; use a number from 1 to 65535.\n"


def test_stopping_when_nothing_runs_is_no_fault(folder: LocalFolder) -> None:
    folder.make()
    assert product_command(folder, "stop").stdout == "gigcx: Nothing is running here.\n"
    assert product_command(folder, "status").returncode == 1


def test_ctrl_c_during_the_set_up_stops_at_once_and_leaves_nothing(folder: LocalFolder, tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    process = start_product(folder, port=free_port(), log=log)
    assert wait_until(
        lambda: any("migrate" in command for command in processes_of(folder).values()), seconds=PATIENCE_SECONDS
    )
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE_SECONDS) == 0
    assert "stopping before the start was finished" in log.read_text()
    assert_nothing_runs_in(folder)


def test_a_program_that_keeps_falling_stops_the_product_with_its_words(tmp_path: Path) -> None:
    script = f"""
from gigcx.local.supervisor import Program, Supervisor
supervisor = Supervisor()
supervisor.start(Program("web", [{sys.executable!r}, "-c", "raise SystemExit('no such brand')"]))
try:
    supervisor.watch(tend=lambda: None)
finally:
    supervisor.stop_all()
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=90, check=False, cwd=os.getcwd()
    )
    assert ended.stdout.count("web      no such brand") == 6, ended.stdout
    assert "web keeps falling (code 1)" in ended.stderr
