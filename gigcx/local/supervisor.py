"""Starts the product's own processes, shows their logs, restarts what falls and stops all of it in order.

Single-threaded on purpose: the kernel signals a child when the *thread* that started it dies.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from gigcx.local.faults import LocalFault
from gigcx.local.folders import PROJECT_ROOT
from gigcx.local.leases import StopAsked
from gigcx.local.orphans import die_with_parent

RESTARTS_A_MINUTE = 5
_COLOURS = {"web": "36", "worker": "33", "ticker": "35"}
_LOOK_EVERY_SECONDS = 0.2
_ASK_EVERY_SECONDS = 0.4
_TEND_EVERY_SECONDS = 0.5


@dataclass(frozen=True)
class Program:
    """What to run, and how it likes to be stopped."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    orphan_signal: signal.Signals = signal.SIGTERM  # what the kernel sends it when we are killed
    stop_seconds: float = 12


class Child:
    """A running program in a session of its own, with its output on a pipe."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.started_at = time.monotonic()
        self._unfinished = b""
        self.process = subprocess.Popen(
            list(program.command),
            cwd=PROJECT_ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(program.orphan_signal),  # noqa: PLW1509  one thread, see above
        )
        self.output = self._output_descriptor()

    def read_lines(self) -> list[str]:
        """Return the lines that have arrived since the last call; does not wait."""
        try:
            arrived = os.read(self.output, 65536)
        except BlockingIOError:
            return []
        lines = (self._unfinished + arrived).split(b"\n")
        self._unfinished = lines.pop() if arrived else b""
        return [line.decode(errors="replace") for line in lines if line or arrived]

    def stop(self) -> None:
        """End the program and whatever it started: kindly at first."""
        if self.process.poll() is None:
            self.process.terminate()
        self._wait_quietly(self.program.stop_seconds)
        self.kill_group()
        self.process.wait()

    def kill_group(self) -> None:
        """End what is left of the program's own processes."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Let go of the pipe."""
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _wait_quietly(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read_lines()  # a full pipe must not keep it from ending
            time.sleep(0.03)

    def _output_descriptor(self) -> int:
        if self.process.stdout is None:
            raise LocalFault(f"{self.program.name} has no output pipe.")
        descriptor = self.process.stdout.fileno()
        os.set_blocking(descriptor, False)
        return descriptor


class Supervisor:
    """Runs steps to their end and programs until somebody asks to stop."""

    def __init__(self) -> None:
        self.is_stop_asked = False
        self.children: list[Child] = []
        self._pipes = selectors.DefaultSelector()
        self._restarts: dict[str, deque[float]] = {}
        self._is_coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def listen_for_signals(self) -> None:
        """Turn Ctrl-C, SIGTERM and a closed terminal into the stop flag."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_stop)

    def should_stop(self) -> bool:
        """Say whether somebody asked to stop."""
        return self.is_stop_asked

    def say(self, text: str) -> None:
        """Show a line of our own."""
        self._show("gigcx", text)

    def run_step(self, program: Program) -> None:
        """Run a program to its end.

        Raises:
            LocalFault: it failed.
            StopAsked: somebody asked to stop meanwhile; the program was ended.
        """
        child = self._start(program)
        try:
            while child.process.poll() is None:
                self._show_output(_LOOK_EVERY_SECONDS)
                if self.is_stop_asked:
                    raise StopAsked
            self._show_output(0)
        finally:
            self._end(child)
        if child.process.returncode != 0:
            raise LocalFault(f"{program.name} failed with code {child.process.returncode}; its words are above.")

    def start(self, program: Program) -> None:
        """Start a program that is meant to run until the end."""
        self.children.append(self._start(program))

    def wait_until(self, is_ready: Callable[[], bool], *, seconds: float, doing: str) -> None:
        """Show logs until the condition holds.

        Raises:
            LocalFault: a program ended meanwhile, or the time is up.
            StopAsked: somebody asked to stop meanwhile.
        """
        deadline = time.monotonic() + seconds
        while not is_ready():
            self._show_output_for(_ASK_EVERY_SECONDS)
            if self.is_stop_asked:
                raise StopAsked
            for child in self.children:
                if child.process.poll() is not None:
                    self._show_output(0)
                    raise LocalFault(f"{child.program.name} ended with code {child.process.returncode} while {doing}.")
            if time.monotonic() > deadline:
                raise LocalFault(f"Gave up {doing} after {seconds:.0f} seconds; the logs above say more.")

    def watch(self, *, tend: Callable[[], None]) -> None:
        """Show logs and restart what falls, until somebody asks to stop; `tend` is called now and then.

        Raises:
            LocalFault: a program falls again and again.
        """
        while not self.is_stop_asked:
            self._show_output_for(_TEND_EVERY_SECONDS)
            tend()
            for child in list(self.children):
                if child.process.poll() is not None and not self.is_stop_asked:
                    self._restart(child)

    def stop_all(self) -> None:
        """Stop the programs, the last started first."""
        while self.children:
            child = self.children.pop()
            self.say(f"stopping {child.program.name}")
            self._end(child)

    def _start(self, program: Program) -> Child:
        child = Child(program)
        self._pipes.register(child.output, selectors.EVENT_READ, child)
        return child

    def _end(self, child: Child) -> None:
        child.stop()
        for line in child.read_lines():
            self._show(child.program.name, line)
        if child.output in self._pipes.get_map():
            self._pipes.unregister(child.output)
        child.close()

    def _restart(self, fallen: Child) -> None:
        name = fallen.program.name
        recent = self._restarts.setdefault(name, deque())
        while recent and recent[0] < time.monotonic() - 60:
            recent.popleft()
        if len(recent) >= RESTARTS_A_MINUTE:
            raise LocalFault(f"{name} keeps falling (code {fallen.process.returncode}); the logs above say why.")
        recent.append(time.monotonic())
        self.say(f"{name} ended with code {fallen.process.returncode}; starting it again")
        self._end(fallen)
        self.children[self.children.index(fallen)] = self._start(fallen.program)

    def _show_output_for(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.is_stop_asked:
            self._show_output(min(left, _LOOK_EVERY_SECONDS))

    def _show_output(self, seconds: float) -> None:
        if not self._pipes.get_map():
            time.sleep(seconds)
            return
        for key, _ in self._pipes.select(seconds):
            lines = key.data.read_lines()
            for line in lines:
                self._show(key.data.program.name, line)
            if not lines and key.data.process.poll() is not None:
                self._pipes.unregister(key.fd)

    def _show(self, name: str, line: str) -> None:
        prefix = f"{name:<8} "
        if self._is_coloured:
            prefix = f"\x1b[{_COLOURS.get(name, '32')}m{prefix}\x1b[0m"
        try:
            print(f"{prefix}{line}", flush=True)
        except BrokenPipeError:  # whoever read our output is gone; the product goes on
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115  open as long as we live

    def _ask_stop(self, number: int, _frame: FrameType | None) -> None:
        self.is_stop_asked = True
        if number == signal.SIGHUP:  # the terminal is gone, and printing to it would end us early
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115  open as long as we live
