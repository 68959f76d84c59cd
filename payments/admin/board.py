"""The money board, the trace, planning, and the kill switches."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gigcx.kernel import clock
from gigcx.kernel.money import Money, exponent_of
from gigcx.tenancy.actors import OpsActor
from gigcx.web.decisions import DecidingAdmin, Decision
from gigcx.web.formats import money_text
from payments import actions
from payments.actions.rails import needs_second_person
from payments.forms import MoneyForm, TraceForm
from payments.gateways import execution, rails
from payments.models import PayoutRun, RailSwitch
from payments.queries import MoneyBoard, Trace, money_board, trace
from payments.queries.payouts import payable_currencies
from payments.states import RailCode, RailState, RunKind


def switch_to(target: str) -> Any:
    """This function will return the decision that moves a switch."""

    def run(switch: RailSwitch, *, reason: str, by: OpsActor, at: datetime) -> None:
        actions.switch_rail(rail=switch.rail, target=target, reason=reason, by=by, at=at)

    return run


@admin.register(RailSwitch)
class RailSwitchAdmin(DecidingAdmin):
    """Kill switches. One person stops a rail; two open a frozen one."""

    list_display = ("rail", "state", "reason", "changed_at", "changed_by")
    exclude = ("system_identifier", "timeline_id")
    decisions = (
        Decision(
            "open",
            gettext_lazy("Open"),
            switch_to(RailState.OPEN),
            gettext_lazy("Noted. A frozen rail opens when a second person asks too."),
            is_offered=lambda one: one.state != RailState.OPEN,
            consequence=gettext_lazy("A frozen rail needs two people."),
        ),
        Decision(
            "pause",
            gettext_lazy("Pause"),
            switch_to(RailState.PAUSED),
            gettext_lazy("Paused."),
            is_offered=lambda one: one.state == RailState.OPEN,
            needs_reason=True,
            reason_label=gettext_lazy("Reason, kept in the history"),
        ),
        Decision(
            "freeze",
            gettext_lazy("Freeze"),
            switch_to(RailState.FROZEN),
            gettext_lazy("Frozen: nothing leaves until two people open it."),
            is_offered=lambda one: one.state != RailState.FROZEN,
            needs_reason=True,
            reason_label=gettext_lazy("Reason, kept in the history"),
            kind="danger",
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        """This function will add the board, the trace and their buttons."""
        wrap = self.admin_site.admin_view
        own = [
            path("board/", wrap(self.board), name="payments_board"),
            path("board/fund/", wrap(require_POST(self.fund)), name="payments_fund"),
            path("board/plan/", wrap(require_POST(self.plan)), name="payments_plan"),
            path("trace/", wrap(self.trace), name="payments_trace"),
        ]
        return [*own, *super().get_urls()]

    def board(self, request: HttpRequest) -> HttpResponse:
        """This function will show everything ops look at first."""
        return self._board(request, MoneyForm(initial={"amount": 100_000, "currency": "USD"}))

    def _board(self, request: HttpRequest, form: MoneyForm, status: int = 200) -> HttpResponse:
        found = money_board(at=clock.now())
        context = {
            **self.admin_site.each_context(request),
            **_board_context(found),
            "title": _("Money board"),
            "trace_url": reverse("admin:payments_trace"),
            "fund_url": reverse("admin:payments_fund"),
            "plan_url": reverse("admin:payments_plan"),
            "plans": _plans(found),
            "fund_form": form if RailCode.SANDBOX in rails() else None,
        }
        return TemplateResponse(request, "payments/admin/money_board.html", context, status=status)

    def fund(self, request: HttpRequest) -> HttpResponse:
        """This function will put pretended money on the sandbox."""
        form = MoneyForm(request.POST)
        if not form.is_valid() or RailCode.SANDBOX not in rails():
            return self._board(request, form, status=422)
        currency = form.cleaned_data["currency"]
        minor = int(form.cleaned_data["amount"].scaleb(exponent_of(currency)))
        self.attempt(
            request,
            lambda by, at: execution.fund_sandbox(amount=Money(minor, currency), by=by, at=at),
            _("The sandbox has it."),
        )
        return redirect("admin:payments_board")

    def plan(self, request: HttpRequest) -> HttpResponse:
        """This function will plan a run over everything payable on a rail in a currency."""
        rail, currency = request.POST.get("rail", ""), request.POST.get("currency", "")
        if rail not in rails() or currency not in payable_currencies():
            messages.error(request, _("Nothing is ready to pay there."))
            return redirect("admin:payments_board")
        key = f"{clock.now():%Y-%m-%d-%H%M%S}"
        planned: list[PayoutRun] = []
        self.attempt(
            request,
            lambda by, at: planned.append(
                actions.plan_run(rail=rail, currency=currency, kind=RunKind.OFF_CYCLE, period_key=key, by=by, at=at)
            ),
            _("Planned. Somebody else approves it where the totals ask for it."),
        )
        if planned:
            return redirect("admin:payments_payoutrun_change", planned[0].pk)
        return redirect("admin:payments_board")

    def trace(self, request: HttpRequest) -> HttpResponse:
        """This function will follow any id from the minute to the bank and back."""
        form = TraceForm(request.GET or None)
        found = trace(form.cleaned_data["id"]) if form.is_bound and form.is_valid() else None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Trace"),
            "headline": _trace_headline(found),
            "asked": request.GET.get("id", ""),
            "problem": form.errors["id"][0] if form.is_bound and form.errors else "",
            "groups": _trace_groups(found) if found else [],
        }
        return TemplateResponse(request, "payments/admin/trace.html", context)


def _board_context(found: MoneyBoard) -> dict[str, Any]:
    broken = sum(len(one.findings) for one in found.identities) + (not found.books.is_zero)
    swept = sum(one.count for one in found.sweeps)
    return {
        "headline": _headline(broken, swept),
        "identities": [
            {
                "text": one.rule,
                "is_ok": one.is_ok,
                "count": len(one.findings),
                "detail": "; ".join(f"{finding.subject} {finding.detail}" for finding in one.findings[:3]),
            }
            for one in found.identities
        ],
        "sweeps": found.sweeps,
        "rails": [
            {
                "label": f"{line.label} {line.available.currency}",
                "available": money_text(line.available),
                "reserved": money_text(line.reserved),
                "state": _switch_words(line.switch),
                "url": reverse("admin:payments_railswitch_change", args=[line.switch.pk]) if line.switch else "",
            }
            for line in found.rails
        ],
        "books": [
            {
                "code": line.code.replace("_", " ").replace(".", ", "),
                "owner": line.owner_kind,
                "amount": money_text(Money(line.amount_minor, line.currency)),
            }
            for line in found.books.lines
        ],
        "sums": [money_text(Money(off, currency)) for currency, off in sorted(found.books.off_by.items())],
    }


def _plans(found: MoneyBoard) -> list[dict[str, Any]]:
    """What may be planned, with what the books say is ready in that currency."""
    ready = {line.currency: -line.amount_minor for line in found.books.lines if line.code == "payable"}
    return [
        {
            "rail": rail,
            "label": RailCode(rail).label,
            "currency": one,
            "ready": money_text(Money(ready.get(one, 0), one)),
        }
        for one in payable_currencies()
        for rail in rails()
    ]


def _headline(broken: int, swept: int) -> str:
    if broken:
        return _("The books are wrong in %(n)s places.") % {"n": broken}
    if swept:
        return _("The books balance. Sweeps had to find %(n)s things.") % {"n": swept}
    return _("The books balance, and the sweeps find nothing.")


def _switch_words(switch: RailSwitch | None) -> str:
    if switch is None:
        return str(RailState.OPEN.label)
    words = str(RailState(switch.state).label)
    if needs_second_person(switch):
        return _("%(state)s, one of two people wants it open") % {"state": words}
    return f"{words}: {switch.reason}" if switch.reason else words


def _trace_headline(found: Trace | None) -> str:
    if found is None:
        return _("Follow any id.")
    return _("Nothing has this id.") if found.is_empty else _("Everything that hangs together.")


def _trace_groups(found: Trace) -> list[dict[str, Any]]:
    groups = (
        (_("Earnings"), found.earnings, "accrued_at", "kind"),
        (_("Disputes"), found.disputes, "opened_at", "reason"),
        (_("Charges"), found.charges, "accrued_at", "kind"),
        (_("Invoices"), found.invoices, "created_at", "full_number"),
        (_("Credit notes"), found.credit_notes, "issued_at", "full_number"),
        (_("Payments of brands"), found.receipts, "received_at", "remote_ref"),
        (_("Top-ups"), found.top_ups, "started_at", "pk"),
        (_("Money held"), found.brand_holds, "held_at", "source_kind"),
        (_("Payouts"), found.items, "planned_at", "pk"),
        (_("Tries"), found.attempts, "sent_at", "idempotency_key"),
        (_("Lines of bank files"), found.bank_lines, "answered_at", "reference"),
        (_("Runs"), found.runs, "planned_at", "period_key"),
        (_("Statements"), found.statements, "issued_at", "number"),
        (_("Accounts"), found.accounts, "", "code"),
        (_("Journals"), found.journals, "recorded_at", "posting_key"),
    )
    return [
        {"title": title, "rows": [_trace_row(row, stamp, name) for row in rows]}
        for title, rows, stamp, name in groups
        if rows
    ]


def _trace_row(row: Any, stamp: str, name: str) -> dict[str, Any]:
    amount = _trace_amount(row)
    return {
        "text": str(getattr(row, name) or row.pk),
        "state": str(getattr(row, "state", "") or getattr(row, "kind", "")),
        "amount": money_text(amount) if amount is not None else "",
        "at": getattr(row, stamp) if stamp else None,
        "url": _trace_url(row),
    }


def _trace_url(row: Any) -> str:
    """Empty for rows that have no page of their own."""
    is_shown = type(row) in admin.site._registry
    return reverse(f"admin:payments_{row._meta.model_name}_change", args=[row.pk]) if is_shown else ""


def _trace_amount(row: Any) -> Money | None:
    found = [getattr(row, name, None) for name in ("amount_minor", "gross_minor", "net_minor")]
    minor = next((one for one in found if isinstance(one, int)), None)
    if minor is not None and hasattr(row, "currency"):
        return Money(minor, row.currency)
    running = getattr(row, "running", None)
    return Money(running.amount_minor * row.normal_side, row.currency) if running is not None else None
