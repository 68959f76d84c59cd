"""The product's own processes on a test's database, with a broker that the test may take away from them."""

import http.client
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import redis
from django.conf import settings
from django.test import Client
from django.utils.crypto import get_random_string

from gigcx.accounts.models import User
from gigcx.local.folders import LocalFolder
from gigcx.local.servers import Valkey


class Broker:
    """A Valkey server of the test's own, so that stopping or emptying it disturbs nobody else."""

    def __init__(self, folder: Path) -> None:
        self._server = Valkey(LocalFolder(folder), is_durable=False)
        self._server.folder.make()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self._server.url

    def start(self) -> None:
        """Start it empty and wait until it answers."""
        self._server.prepare()
        self._process = subprocess.Popen(
            self._server.command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(self._server.is_ready)

    def kill(self) -> None:
        """kill -9: everything in it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def flush_all(self) -> None:
        """Throw away what is queued while the server stays up."""
        with redis.Redis.from_url(self.url.split("?")[0]) as client:
            client.flushall()


@dataclass(frozen=True)
class Browser:
    """A signed-in browser that speaks real HTTP to the server at `netloc`."""

    netloc: str
    cookie: str
    token: str

    def post(self, path: str, **fields: object) -> tuple[int, str]:
        """Send a form, and return status and text."""
        status, text, _location = self.press(path, **fields)
        return status, text

    def press(self, path: str, **fields: object) -> tuple[int, str, str]:
        """Send a form, and return status, text and where the answer leads."""
        connection = http.client.HTTPConnection(self.netloc, timeout=60)
        headers = {
            "Cookie": self.cookie,
            "X-CSRFToken": self.token,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request("POST", path, urlencode(fields), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.getheader("Location") or ""
        finally:
            connection.close()


def browser_of(user: User, netloc: str) -> Browser:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(user)
    token = get_random_string(32)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"
    return Browser(netloc, cookie, token)


def wait_for(true: Callable[[], object], *, seconds: float = 120) -> None:
    """Wait until it holds; fail when it does not in time."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.05)
