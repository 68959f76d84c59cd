"""A small stateful Stripe: transfers, recipient accounts, balance and idempotency keys, with faults on demand.

It remembers under a key what it once answered, 500s included, as Stripe does, and keeps every request it saw.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    params: dict[str, Any]
    key: str
    content_type: str


@dataclass
class Answer:
    """What went back."""

    status: int
    body: dict[str, Any]
    was_lost: bool = False


@dataclass
class FakeStripe:
    """The other side. `faults` holds what to do with the next POSTs: lost, 500, 409, 429, empty, closed, unauthorized."""

    url: str = ""
    available: int = 1_000_000
    transfers: list[dict[str, Any]] = field(default_factory=list)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, tuple[dict[str, Any], Answer]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def handle(self, seen: Seen) -> tuple[Answer, bool]:
        """This function will answer a request and tell whether the answer is a replay."""
        with self.lock:
            self.seen.append(seen)
            if seen.method == "GET":
                return self._read(seen), False
            known = self.keys.get(seen.key)
            if known is not None:
                return (known[1] if known[0] == seen.params else _error(400, "idempotency_error", "")), True
            return self._write(seen), False

    def _write(self, seen: Seen) -> Answer:
        fault = self.faults.pop(0) if self.faults else ""
        if fault in _BEFORE:
            return _BEFORE[fault]
        answer = self._created(seen)
        if fault == "500":
            answer = _error(500, "api_error", "")
        self.keys[seen.key] = (seen.params, Answer(answer.status, answer.body))
        answer.was_lost = fault == "lost"
        return answer

    def _created(self, seen: Seen) -> Answer:
        if seen.path == "/v1/transfers":
            return self._transfer(seen.params)
        if seen.path == "/v2/core/accounts":
            return self._account()
        if seen.path == "/v2/core/account_links":
            return Answer(200, {"object": "v2.core.account_link", "url": "https://connect.stripe.test/onboard"})
        return _error(404, "invalid_request_error", "resource_missing")

    def _transfer(self, params: dict[str, Any]) -> Answer:
        amount = int(params["amount"])
        if amount > self.available:
            return _error(400, "invalid_request_error", "balance_insufficient")
        if params["destination"] not in self.accounts:
            return _error(400, "invalid_request_error", "account_invalid")
        self.available -= amount
        made = {
            "id": f"tr_{len(self.transfers) + 1}",
            "object": "transfer",
            "amount": amount,
            "amount_reversed": 0,
            "currency": params["currency"],
            "destination": params["destination"],
            "transfer_group": params.get("transfer_group"),
            "metadata": params.get("metadata", {}),
            "created": 1_790_000_000 + len(self.transfers),
            "livemode": False,
            "reversed": False,
        }
        self.transfers.append(made)
        return Answer(200, made)

    def _account(self) -> Answer:
        ref = f"acct_{len(self.accounts) + 1}"
        self.accounts[ref] = {"id": ref, "object": "v2.core.account", "livemode": False}
        return Answer(200, self.accounts[ref])

    def _read(self, seen: Seen) -> Answer:
        if seen.path == "/v1/transfers":
            group = seen.params.get("transfer_group")
            rows = [one for one in self.transfers if group in (None, one["transfer_group"])]
            return Answer(200, {"object": "list", "data": rows, "has_more": False, "url": "/v1/transfers"})
        if seen.path == "/v1/balance":
            money = [{"amount": self.available, "currency": "usd"}]
            return Answer(200, {"object": "balance", "available": money, "pending": [], "livemode": False})
        return Answer(200, self._facts(seen.path.rsplit("/", 1)[-1]))

    def _facts(self, ref: str) -> dict[str, Any]:
        transfers = {"stripe_balance": {"stripe_transfers": {"status": "active", "status_details": []}}}
        return {
            **self.accounts[ref],
            "configuration": {"recipient": {"capabilities": transfers}},
            "requirements": {"entries": []},
        }


def _error(status: int, kind: str, code: str) -> Answer:
    return Answer(status, {"error": {"type": kind, "code": code or None, "message": code or kind}})


_BEFORE = {
    "409": _error(409, "invalid_request_error", ""),
    "429": _error(429, "invalid_request_error", "rate_limit"),
    "empty": _error(400, "invalid_request_error", "balance_insufficient"),
    "closed": _error(400, "invalid_request_error", "account_closed"),
    "unauthorized": _error(401, "invalid_request_error", ""),
}


class _Handler(BaseHTTPRequestHandler):
    fake: FakeStripe
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        self._answer(Seen("GET", split.path, _nested(parse_qsl(split.query)), "", ""))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        kind = self.headers.get("Content-Type", "")
        params = json.loads(body) if "json" in kind else _nested(parse_qsl(body, keep_blank_values=True))
        key = self.headers.get("Idempotency-Key", "")
        self._answer(Seen("POST", urlsplit(self.path).path, params, key, kind))

    def _answer(self, seen: Seen) -> None:
        answer, was_replay = self.fake.handle(seen)
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
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def _nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """`a[b]=1` as {"a": {"b": "1"}}, as Stripe reads forms."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        parts = name.replace("]", "").split("[")
        inner = found
        for part in parts[:-1]:
            inner = inner.setdefault(part, {})
        inner[parts[-1]] = value
    return found


@contextmanager
def fake_stripe() -> Iterator[FakeStripe]:
    """A running fake on a free port of this machine."""
    fake = FakeStripe()
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
