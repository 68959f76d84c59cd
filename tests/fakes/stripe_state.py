"""What the fake Stripe holds and how it answers: keys, transfers, accounts, balances, events, faults."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.stripe_collect import Collecting

KEYS_KEPT = 24 * 3600
LATE = 11  # seconds: who asks gives up after ten


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    params: dict[str, Any]
    key: str
    content_type: str
    account: str = ""
    version: str = ""


@dataclass
class Answer:
    """What went back. A lost one was carried out and never arrived."""

    status: int
    body: dict[str, Any]
    was_lost: bool = False
    waits: float = 0


@dataclass
class FakeStripe(Collecting):
    """The other side. `faults` says what to do with the next POSTs.

    Carried out and then lost, late or a 500 under that key for ever; or one of `_BEFORE`, which carry nothing out.
    """

    url: str = ""
    clock: Callable[[], float] = time.time
    ahead: float = 0
    available: int = 1_000_000
    transfers: list[dict[str, Any]] = field(default_factory=list)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    disabled: set[str] = field(default_factory=set)
    incomplete: set[str] = field(default_factory=set)
    banks: dict[str, dict[str, Any]] = field(default_factory=dict)
    payouts: dict[str, dict[str, Any]] = field(default_factory=dict)
    payout_accounts: dict[str, str] = field(default_factory=dict)
    payout_transfers: dict[str, list[str]] = field(default_factory=dict)
    movements: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    schedule: str = "manual"
    keys: dict[str, tuple[dict[str, Any], Answer, float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    read_faults: list[str] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def now(self) -> int:
        """The fake's own clock, in seconds; `ahead` moves it."""
        return int(self.clock() + self.ahead)

    def handle(self, seen: Seen) -> tuple[Answer, bool]:
        """This function will answer a request and tell whether the answer is a replay."""
        with self.lock:
            self.seen.append(seen)
            if seen.method == "GET":
                fault = self.read_faults.pop(0) if self.read_faults else ""
                return (_BEFORE[fault] if fault else self._read(seen)), False
            known = self.keys.get(seen.key)
            if known is not None and self.now() - known[2] < KEYS_KEPT:
                return (known[1] if known[0] == seen.params else error(400, "idempotency_error", "")), True
            return self._write(seen), False

    def _write(self, seen: Seen) -> Answer:
        fault = self.faults.pop(0) if self.faults else ""
        if fault in _BEFORE:
            return _BEFORE[fault]
        answer = self._created(seen)
        if fault == "500":
            answer = error(500, "api_error", "")
        self.keys[seen.key] = (seen.params, Answer(answer.status, answer.body), self.now())
        answer.was_lost, answer.waits = fault == "lost", LATE if fault == "late" else 0
        return answer

    def _created(self, seen: Seen) -> Answer:
        if seen.path == "/v1/transfers":
            return self._transfer(seen.params)
        if seen.path == "/v2/core/accounts":
            return self._account(seen.params)
        if seen.path == "/v2/core/account_links":
            return Answer(200, {"object": "v2.core.account_link", "url": "https://connect.stripe.test/onboard"})
        if seen.path == "/v1/payouts":
            return self._payout(seen)
        made = self.collect(seen)
        return Answer(*made) if made else error(404, "invalid_request_error", "resource_missing")

    def _transfer(self, params: dict[str, Any]) -> Answer:
        amount, destination = int(params["amount"]), params["destination"]
        if destination not in self.accounts:
            return error(400, "invalid_request_error", "resource_missing", param="destination")
        if destination in self.disabled:
            return error(400, "invalid_request_error", "insufficient_capabilities_for_transfer")
        if amount > self.available:
            return error(400, "invalid_request_error", "balance_insufficient")
        self.available -= amount
        made = {
            "id": f"tr_{len(self.transfers) + 1}",
            "object": "transfer",
            "amount": amount,
            "amount_reversed": 0,
            "currency": params["currency"],
            "destination": destination,
            "transfer_group": params.get("transfer_group"),
            "metadata": params.get("metadata", {}),
            "created": self.now(),
            "livemode": False,
            "reversed": False,
        }
        self.transfers.append(made)
        self.tell("transfer.created", made)
        return Answer(200, dict(made))

    def by_hand(self, *, amount: int, destination: str, group: str | None = None) -> dict[str, Any]:
        """Somebody pays on the dashboard."""
        with self.lock:
            params = {"amount": amount, "currency": "usd", "destination": destination, "transfer_group": group}
            self._transfer(params)
            return self.transfers[-1]

    def reverse(self, ref: str, amount: int | None = None) -> None:
        """Somebody takes a transfer back on the dashboard, wholly or in part."""
        with self.lock:
            found = next(one for one in self.transfers if one["id"] == ref)
            back = amount or found["amount"]
            found["amount_reversed"] += back
            found["reversed"] = found["amount_reversed"] == found["amount"]
            self.available += back
            self.tell("transfer.reversed", found)

    def _account(self, params: dict[str, Any]) -> Answer:
        ref = f"acct_{len(self.accounts) + 1}"
        self.accounts[ref] = {"id": ref, "object": "v2.core.account", "livemode": False, "closed": False}
        return Answer(200, {**self.accounts[ref], "metadata": params.get("metadata", {})})

    def add_account(self, ref: str) -> str:
        """An account that was complete before the test began."""
        self.accounts[ref] = {"id": ref, "object": "v2.core.account", "livemode": False, "closed": False}
        return ref

    def _payout(self, seen: Seen) -> Answer:
        ref = f"po_{len(self.payouts) + 1}"
        self.payouts[ref] = {
            "id": ref,
            "object": "payout",
            "amount": int(seen.params["amount"]),
            "currency": seen.params["currency"],
            "status": "pending",
            "failure_code": None,
            "metadata": seen.params.get("metadata", {}),
            "created": self.now(),
            "livemode": False,
        }
        self.payout_accounts[ref] = seen.account
        return Answer(200, self.payouts[ref])

    def pay_out(self, account: str, refs: list[str], *, status: str = "paid") -> str:
        """Stripe sends what transfers put on an account to its bank, by itself."""
        ref = f"po_{len(self.payouts) + 1}"
        amount = sum(one["amount"] for one in self.transfers if one["id"] in refs)
        self.payouts[ref] = {
            "id": ref,
            "object": "payout",
            "amount": amount,
            "currency": "usd",
            "status": status,
            "failure_code": "account_closed" if status == "failed" else None,
            "metadata": {},
            "created": self.now(),
            "livemode": False,
        }
        self.payout_transfers[ref] = refs
        self.tell(f"payout.{status}", self.payouts[ref], account=account)
        return ref

    def _read(self, seen: Seen) -> Answer:  # noqa: PLR0911  one answer a path
        parts = seen.path.strip("/").split("/")
        match parts:
            case ["v1", "transfers"]:
                group = seen.params.get("transfer_group")
                rows = [one for one in self.transfers if group in (None, one["transfer_group"])]
                return self._page(rows, seen)
            case ["v1", "transfers", ref]:
                return _one(next((one for one in self.transfers if one["id"] == ref), None))
            case ["v1", "balance"]:
                money = [{"amount": self.available, "currency": "usd"}]
                return Answer(200, {"object": "balance", "available": money, "pending": [], "livemode": False})
            case ["v1", "balance_settings"]:
                payouts = {"schedule": {"interval": self.schedule}}
                return Answer(200, {"object": "balance_settings", "payments": {"payouts": payouts}})
            case ["v1", "balance_transactions"]:
                return self._movements(seen)
            case ["v1", "events"]:
                return self._page([one for one in self.events if not one["_delivered"]], seen)
            case ["v1", "payouts"]:
                mine = [one for ref, one in self.payouts.items() if self.payout_accounts.get(ref) == seen.account]
                return self._page(mine, seen)
            case ["v1", "payouts", ref]:
                return _one(self.payouts.get(ref))
            case ["v1", "accounts", ref, "external_accounts"]:
                return self._page([self.banks[ref]] if ref in self.banks else [], seen)
            case ["v2", "core", "accounts", ref]:
                return Answer(200, self._facts(ref)) if ref in self.accounts else error(404, "not_found", "not_found")
        found = self.look(seen)
        return Answer(*found) if found else error(404, "invalid_request_error", "resource_missing")

    def _movements(self, seen: Seen) -> Answer:
        refs = self.payout_transfers.get(seen.params.get("payout", ""))
        if refs is None:
            return self._page(self.movements, seen)
        rows = [
            {"id": f"txn_{ref}", "source": {"id": f"py_{ref}", "source_transfer": ref}, "created": 1} for ref in refs
        ]
        return self._page(rows, seen)

    def _page(self, rows: list[dict[str, Any]], seen: Seen) -> Answer:
        since = int(seen.params.get("created", {}).get("gte", 0))
        newest = [one for one in reversed(rows) if one.get("created", since) >= since]
        ids = [one["id"] for one in newest]
        start = ids.index(seen.params["starting_after"]) + 1 if "starting_after" in seen.params else 0
        limit = int(seen.params.get("limit", 10))
        page = [
            {key: value for key, value in one.items() if key != "_delivered"} for one in newest[start : start + limit]
        ]
        more = len(newest) > start + limit
        return Answer(200, {"object": "list", "data": page, "has_more": more, "url": seen.path})

    def _facts(self, ref: str) -> dict[str, Any]:
        status = "pending" if ref in self.incomplete else "restricted" if ref in self.disabled else "active"
        transfers = {"stripe_balance": {"stripe_transfers": {"status": status, "status_details": []}}}
        entries = [{"description": "individual.id_number"}] if status == "restricted" else []
        return {
            **self.accounts[ref],
            "configuration": {"recipient": {"capabilities": transfers}},
            "requirements": {"entries": entries},
        }

    def tell(self, kind: str, thing: dict[str, Any], *, account: str = "", is_live: bool = False) -> dict[str, Any]:
        """An event happens; nobody has delivered it yet."""
        event = {
            "id": f"evt_{len(self.events) + 1}",
            "object": "event",
            "type": kind,
            "created": self.now(),
            "livemode": is_live,
            "data": {"object": dict(thing)},
            "_delivered": False,
            **({"account": account} if account else {}),
        }
        self.events.append(event)
        return event

    def tell_thin(self, kind: str, ref: str) -> dict[str, Any]:
        """A thin event of the second API about an account."""
        return {
            "id": f"evt_thin_{len(self.events) + 1}_{self.now()}",
            "object": "v2.core.event",
            "type": kind,
            "created": "2026-11-16T12:00:00.000Z",
            "livemode": False,
            "related_object": {"id": ref, "type": "v2.core.account", "url": f"/v2/core/accounts/{ref}"},
        }


def body_of(event: dict[str, Any]) -> bytes:
    """An event as it is sent."""
    return json.dumps({key: value for key, value in event.items() if key != "_delivered"}).encode()


def signed(body: bytes, secret: str, at: float) -> str:
    """The header that Stripe would send with a body."""
    mac = hmac.new(secret.encode(), f"{int(at)}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={int(at)},v1={mac}"


def error(status: int, kind: str, code: str, **more: str) -> Answer:
    """An error as Stripe words it."""
    return Answer(status, {"error": {"type": kind, "code": code or None, "message": code or kind, **more}})


def _one(found: dict[str, Any] | None) -> Answer:
    return Answer(200, dict(found)) if found else error(404, "invalid_request_error", "resource_missing")


_BEFORE = {
    "409": error(409, "invalid_request_error", ""),
    "429": error(429, "invalid_request_error", "rate_limit"),
    "503": error(503, "api_error", ""),
    "dropped": Answer(0, {}, was_lost=True),
    "empty": error(400, "invalid_request_error", "balance_insufficient"),
    "closed": error(400, "invalid_request_error", "account_closed"),
    "unauthorized": error(401, "invalid_request_error", ""),
}
