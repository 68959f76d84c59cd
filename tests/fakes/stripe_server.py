"""A small stateful Stripe on this machine: it remembers keys, moves pretended money, misbehaves on demand and sends webhooks.

Under a key it answers what it once answered, 500s included, for 24 hours of its own clock, and keeps every request it saw.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.stripe_state import Answer, FakeStripe, Seen

__all__ = ["Answer", "FakeStripe", "Seen", "fake_stripe"]


class _Handler(BaseHTTPRequestHandler):
    fake: FakeStripe
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        self._answer("GET", split.path, nested(parse_qsl(split.query)), "")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        kind = self.headers.get("Content-Type", "")
        params = json.loads(body or "{}") if "json" in kind else nested(parse_qsl(body, keep_blank_values=True))
        self._answer("POST", urlsplit(self.path).path, params, kind)

    def _answer(self, method: str, path: str, params: dict[str, Any], kind: str) -> None:
        seen = Seen(
            method=method,
            path=path,
            params=params,
            key=self.headers.get("Idempotency-Key", ""),
            content_type=kind,
            account=self.headers.get("Stripe-Account", ""),
            version=self.headers.get("Stripe-Version", ""),
        )
        answer, was_replay = self.fake.handle(seen)
        if answer.waits:
            time.sleep(answer.waits)
        if answer.was_lost:
            self.close_connection = True
            return
        content = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Request-Id", f"req_{len(self.fake.seen)}")
        if was_replay:
            self.send_header("Idempotent-Replayed", "true")
        with suppress(BrokenPipeError, ConnectionResetError):  # who asked has given up, or was killed
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """`a[b]=1` as {"a": {"b": "1"}}, as Stripe reads forms; `a[0]=x` becomes a list."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        parts = name.replace("]", "").split("[")
        inner = found
        for part in parts[:-1]:
            inner = inner.setdefault(part, {})
        inner[parts[-1]] = value
    return {key: _listed(value) for key, value in found.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(one) for key, one in value.items()}
    is_list = bool(inner) and all(key.isdigit() or key == "" for key in inner)
    return list(inner.values()) if is_list else inner


@contextmanager
def fake_stripe(now: Callable[[], float] = time.time, port: int = 0) -> Iterator[FakeStripe]:
    """A running fake on a free port of this machine, or on that one."""
    fake = FakeStripe(clock=now)
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
