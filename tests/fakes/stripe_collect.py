"""The fake Stripe's half for brands: payment pages, payments, refunds, customers and invoices."""

from dataclasses import dataclass, field
from typing import Any

Made = tuple[int, dict[str, Any]]


@dataclass
class Collecting:
    """Objects by their id; `next_card` says what a card does: pays, declines or takes days (processing)."""

    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    intents: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    customers: dict[str, dict[str, Any]] = field(default_factory=dict)
    invoices: dict[str, dict[str, Any]] = field(default_factory=dict)
    disputes: dict[str, dict[str, Any]] = field(default_factory=dict)
    next_card: str = "pays"

    def now(self) -> int:
        """The fake's own clock."""
        raise AssertionError("the fake has one")

    def collect(self, seen: Any) -> Made | None:  # noqa: PLR0911  one answer a path
        """This function will carry out a POST about a brand's money, or return None where there is no such thing."""
        params = seen.params
        match seen.path.strip("/").split("/"):
            case ["v1", "checkout", "sessions"]:
                return 200, self._session(params)
            case ["v1", "payment_intents"]:
                return self._charged(params)
            case ["v1", "refunds"]:
                return self._refund(params)
            case ["v1", "customers"]:
                ref = f"cus_{len(self.customers) + 1}"
                self.customers[ref] = {"id": ref, "object": "customer", "metadata": params.get("metadata", {})}
                return 200, self.customers[ref]
            case ["v1", "invoices"]:
                return 200, self._invoice(params)
            case ["v1", "invoices", ref, "add_lines"]:
                self.invoices[ref]["total"] += sum(int(one["amount"]) for one in params["lines"])
                return 200, self.invoices[ref]
            case ["v1", "invoices", ref, "finalize"]:
                self.invoices[ref].update(status="open", hosted_invoice_url=f"https://invoice.stripe.test/{ref}")
                return 200, self.invoices[ref]
            case ["v1", "invoices", ref, "void"]:
                self.invoices[ref]["status"] = "void"
                return 200, self.invoices[ref]
        return None

    def look(self, seen: Any) -> Made | None:  # noqa: PLR0911  one answer a path
        """This function will answer a GET about a brand's money."""
        match seen.path.strip("/").split("/"):
            case ["v1", "checkout", "sessions", ref] if ref in self.sessions:
                session = dict(self.sessions[ref])
                session["payment_intent"] = self.intents.get(session["payment_intent"] or "")
                return 200, session
            case ["v1", "payment_intents", ref] if ref in self.intents:
                return 200, self.intents[ref]
            case ["v1", "payment_intents"]:
                rows = list(self.intents.values())
                return 200, {"object": "list", "data": rows, "has_more": False, "url": seen.path}
            case ["v1", "refunds"]:
                mine = [one for one in self.refunds.values() if one["payment_intent"] == seen.params["payment_intent"]]
                return 200, {"object": "list", "data": mine, "has_more": False, "url": seen.path}
            case ["v1", "disputes", ref] if ref in self.disputes:
                return 200, self.disputes[ref]
            case ["v1", "invoices", ref] if ref in self.invoices:
                return 200, self.invoices[ref]
        return None

    def _session(self, params: dict[str, Any]) -> dict[str, Any]:
        ref = f"cs_{len(self.sessions) + 1}"
        line = params["line_items"][0]
        self.sessions[ref] = {
            "id": ref,
            "object": "checkout.session",
            "status": "open",
            "payment_status": "unpaid",
            "amount_total": int(line["price_data"]["unit_amount"]) * int(line["quantity"]),
            "currency": line["price_data"]["currency"],
            "customer": params.get("customer"),
            "payment_intent": None,
            "metadata": params.get("metadata", {}),
            "url": f"https://checkout.stripe.test/{ref}",
            "_marks": params.get("payment_intent_data", {}).get("metadata", {}),
        }
        return {key: value for key, value in self.sessions[ref].items() if key != "_marks"}

    def pay_session(self, ref: str, *, how: str = "card", is_settled: bool = True) -> str:
        """The brand pays on the page: at once by card, in days by bank debit."""
        session = self.sessions[ref]
        intent = self._intent(session["amount_total"], session["currency"], session["_marks"], how)
        intent["status"] = "succeeded" if is_settled else "processing"
        intent["amount_received"] = session["amount_total"] if is_settled else 0
        session.update(
            status="complete", payment_status="paid" if is_settled else "unpaid", payment_intent=intent["id"]
        )
        return str(intent["id"])

    def _intent(self, amount: int, currency: str, marks: dict[str, str], how: str) -> dict[str, Any]:
        ref = f"pi_{len(self.intents) + 1}"
        self.intents[ref] = {
            "id": ref,
            "object": "payment_intent",
            "amount": amount,
            "amount_received": 0,
            "currency": currency,
            "status": "requires_payment_method",
            "metadata": marks,
            "created": self.now(),
            "customer": None,
            "last_payment_error": None,
            "latest_charge": {"id": f"ch_{ref}", "amount_refunded": 0, "payment_method_details": {"type": how}},
            "payment_method": {"id": f"pm_{ref}", "type": how, how: {"last4": "4242"}},
        }
        return self.intents[ref]

    def _charged(self, params: dict[str, Any]) -> Made:
        intent = self._intent(int(params["amount"]), params["currency"], params.get("metadata", {}), "card")
        if self.next_card == "declines":
            intent["last_payment_error"] = {"code": "card_declined"}
            wrong = {"type": "card_error", "code": "card_declined", "message": "declined", "payment_intent": intent}
            return 402, {"error": wrong}
        is_settled = self.next_card == "pays"
        intent["status"] = "succeeded" if is_settled else "processing"
        intent["amount_received"] = intent["amount"] if is_settled else 0
        return 200, intent

    def _refund(self, params: dict[str, Any]) -> Made:
        charge = self.intents[params["payment_intent"]]["latest_charge"]
        left = self.intents[params["payment_intent"]]["amount"] - charge["amount_refunded"]
        if int(params["amount"]) > left:
            kind = "invalid_request_error"
            return 400, {"error": {"type": kind, "code": "charge_already_refunded", "message": "no"}}
        charge["amount_refunded"] += int(params["amount"])
        ref = f"re_{len(self.refunds) + 1}"
        self.refunds[ref] = {
            "id": ref,
            "object": "refund",
            "status": "succeeded",
            "amount": int(params["amount"]),
            "payment_intent": params["payment_intent"],
            "metadata": params.get("metadata", {}),
        }
        return 200, self.refunds[ref]

    def _invoice(self, params: dict[str, Any]) -> dict[str, Any]:
        ref = f"in_{len(self.invoices) + 1}"
        self.invoices[ref] = {
            "id": ref,
            "object": "invoice",
            "status": "draft",
            "number": params.get("number"),
            "total": 0,
            "amount_paid": 0,
            "currency": params.get("currency"),
            "metadata": params.get("metadata", {}),
            "hosted_invoice_url": None,
        }
        return self.invoices[ref]
