"""Payout runs with their checks and approvals, the items in them, and accounts."""

from datetime import datetime
from typing import Final

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gigcx.audit.hints import hint
from gigcx.kernel import clock
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision, live
from gigcx.web.formats import moment_text, money_text
from payments import actions, tasks
from payments.models import PayoutAccount, PayoutAttempt, PayoutItem, PayoutRun, Statement
from payments.policies import approvals_needed
from payments.queries.runs import Check, items_by_state, run_checks
from payments.states import ItemState, RailCode, RunKind, RunState

R = RunState


CHECKS: Final = {
    "books": _("The books balance:"),
    "reserved": _("All of it is set aside:"),
    "new_details": _("Nobody's bank details are new:"),
    "duplicates": _("No two agents share a bank account:"),
    "funds": _("The rail has the money:"),
    "switch": _("The rail is open:"),
    "limits": _("It asks for:"),
}


def _asked_for(check: Check) -> str:
    if check.is_ok:
        return ""
    if check.is_blocking:
        return gettext(" – nothing is sent until this holds")
    return (
        gettext(" – somebody has to look and approve")
        if check.needs_look
        else gettext(" – what is not covered waits and leaves by itself once money arrives")
    )


def approve(run: PayoutRun, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will approve the run's totals as shown."""
    actions.approve_run(run_id=run.pk, totals_hash=run.totals_hash, by=by, at=at)


def start(run: PayoutRun, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will start the run, or go on with it, and wake a worker."""
    actions.start_run(run_id=run.pk, by=by, at=at)
    hint(tasks.execute_run, run_id=str(run.pk))


def pause(run: PayoutRun, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will pause the run."""
    actions.pause_run(run_id=run.pk, reason=reason, by=by, at=at)


def stop(run: PayoutRun, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will stop the run."""
    actions.stop_run(run_id=run.pk, reason=reason, by=by, at=at)


def cancel(run: PayoutRun, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will call the run off."""
    actions.cancel_run(run_id=run.pk, reason=reason, by=by, at=at)


def plan_again(run: PayoutRun, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will plan the week of a run that was called off anew."""
    actions.plan_week_again(run_id=run.pk, by=by, at=at)


def make_file(run: PayoutRun, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will put what waits into a file for the bank."""
    actions.make_bank_file(run_id=run.pk, by=by, at=at)


@admin.register(PayoutRun)
class PayoutRunAdmin(DecidingAdmin):
    """Runs, newest first. Somebody other than the planner approves what is large."""

    list_display = ("period_key", "rail", "currency", "state", "payout_count", "total", "planned_at")
    list_filter = ("state", "rail", "currency", "kind")
    search_fields = ("=id", "period_key")
    live_fields = ("state", "payouts", "checks", "closed")
    fields = (
        "state_now",
        "state_reason",
        "total",
        "progress",
        "checks_now",
        "approvals_given",
        "rail",
        "currency",
        "kind",
        "period_key",
        "planned_by",
        "planned_at",
        "started_at",
        "closed_now",
    )
    readonly_fields = ("state_now", "total", "progress", "checks_now", "approvals_given", "closed_now")
    decisions = (
        Decision(
            "approve",
            _("Approve these totals"),
            approve,
            _("Approved."),
            is_offered=lambda run: run.state == R.PLANNED and approvals_needed(run) > 0,
            kind="primary",
            consequence=_("By people other than the planner, each once. A change of the totals makes it void."),
            seen=lambda run: run.totals_hash,
        ),
        Decision(
            "start",
            _("Start sending"),
            start,
            _("Started: workers send it now."),
            is_offered=lambda run: (
                run.state in (R.APPROVED, R.PAUSED) or (run.state == R.PLANNED and not approvals_needed(run))
            ),
            kind="primary",
            consequence=_("Money leaves, oldest items first, as far as the rail's funds reach."),
        ),
        Decision(
            "make_file",
            _("Make the bank's file"),
            make_file,
            _("Made. Take it under Bank files; somebody else then says what the bank did with each line."),
            is_offered=lambda run: run.state == R.EXECUTING and run.rail == RailCode.MANUAL_BANK_FILE,
            kind="primary",
            consequence=_("Every payout of this run that waits goes into it, and into no other file."),
        ),
        Decision(
            "pause",
            _("Pause"),
            pause,
            _("Paused: nothing further is sent."),
            is_offered=lambda run: run.state == R.EXECUTING,
            needs_reason=True,
            reason_label=_("Reason, kept in the history"),
        ),
        Decision(
            "stop",
            _("Stop for good"),
            stop,
            _("Stopping: what was sent finishes, the rest is payable again."),
            is_offered=lambda run: run.state in (R.APPROVED, R.EXECUTING, R.PAUSED),
            needs_reason=True,
            reason_label=_("Reason, kept in the history"),
            kind="danger",
        ),
        Decision(
            "cancel",
            _("Call off"),
            cancel,
            _("Called off: the lines are payable again."),
            is_offered=lambda run: run.state == R.PLANNED,
            needs_reason=True,
            reason_label=_("Reason, kept in the history"),
            kind="danger",
        ),
        Decision(
            "plan_again",
            _("Plan this week again"),
            plan_again,
            _("Planned again: the new run is first in the list."),
            is_offered=lambda run: run.state == R.CANCELLED and run.kind == RunKind.WEEKLY,
            kind="primary",
            consequence=_("A new run over what was ready then. What was paid in the meantime is in no second run."),
        ),
    )

    def is_moving(self, thing: PayoutRun) -> bool:
        """This function will say yes while workers send or finish."""
        return thing.state in (R.EXECUTING, R.STOPPING)

    @admin.display(description=_("payouts"))
    def payout_count(self, run: PayoutRun) -> int:
        """This function will count what the run pays."""
        return run.item_count

    @admin.display(description=_("state"))
    def state_now(self, run: PayoutRun) -> SafeString:
        """This function will say where the run stands."""
        return live("state", str(RunState(run.state).label))

    @admin.display(description=_("closed at"))
    def closed_now(self, run: PayoutRun) -> SafeString:
        """This function will say when the run was over."""
        return live("closed", moment_text(run.closed_at) if run.closed_at else "–")

    @admin.display(description=_("total"))
    def total(self, run: PayoutRun) -> str:
        """This function will write the total."""
        return money_text(Money(run.total_minor, run.currency))

    @admin.display(description=_("checks"))
    def checks_now(self, run: PayoutRun) -> SafeString:
        """This function will look at every check again."""
        rows = (
            ("✓" if check.is_ok else "✗", CHECKS.get(check.code, check.code), check.detail, _asked_for(check))
            for check in run_checks(run, at=clock.now())
        )
        return live("checks", format_html_join(format_html("<br>"), "{} <strong>{}</strong> {}{}", rows))

    @admin.display(description=_("approvals"))
    def approvals_given(self, run: PayoutRun) -> str:
        """This function will say who approved the present totals, of how many."""
        if not approvals_needed(run):
            return gettext("none needed for these totals")
        rows = run.approvals.filter(totals_hash=run.totals_hash).select_related("approved_by").order_by("approved_at")
        given = gettext("%(n)s of %(needed)s") % {"n": len(rows), "needed": approvals_needed(run)}
        return ": ".join(filter(None, (given, ", ".join(str(row.approved_by) for row in rows))))

    @admin.display(description=_("payouts"))
    def progress(self, run: PayoutRun) -> SafeString:
        """This function will say how many payouts stand where, each figure leading to them."""
        found = items_by_state(run)
        url = reverse("admin:payments_payoutitem_changelist") + f"?run__id__exact={run.pk}&state__exact="
        rows = (
            (url, state.value, found[state][0], state.label, money_text(Money(found[state][1], run.currency)))
            for state in ItemState
            if state in found
        )
        words = format_html_join(format_html("<br>"), '<a class="gx-link" href="{}{}">{} {}</a>, {}', rows)
        return live("payouts", words)


def cancel_item(item: PayoutItem, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will call one payout off."""
    actions.cancel_item(item_id=item.pk, reason=reason, by=by, at=at)


def came_back(item: PayoutItem, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will book that the money is ours again."""
    actions.record_came_back(item_id=item.pk, reason=reason, by=by, at=at)


def arrived(item: PayoutItem, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will note that the bank has it."""
    actions.confirm_arrival(item_id=item.pk, by=by, at=at)


@admin.register(PayoutItem)
class PayoutItemAdmin(DecidingAdmin):
    """One agent's payout each. Exceptions are the unknown and the held ones."""

    list_display = ("planned_at", "agent", "amount", "state", "why", "run")
    list_filter = ("state", "run__rail", ("run", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("agent", "run")
    search_fields = ("=id", "=run__id", "=agent__id", "transfer_ref")
    decisions = (
        Decision(
            "arrived",
            _("The bank has confirmed it"),
            arrived,
            _("Noted."),
            is_offered=lambda item: item.state == ItemState.TRANSFERRED,
        ),
        Decision(
            "cancel",
            _("Call off"),
            cancel_item,
            _("Called off: the lines are payable again, approvals of the run are void."),
            is_offered=lambda item: item.state in (ItemState.PLANNED, ItemState.HELD),
            needs_reason=True,
            reason_label=_("Reason, kept in the history"),
            kind="danger",
        ),
        Decision(
            "came_back",
            _("The money came back to us"),
            came_back,
            _("Booked: the lines are payable again."),
            is_offered=lambda item: item.state in (ItemState.TRANSFERRED, ItemState.ARRIVED, ItemState.RETURNED),
            needs_reason=True,
            reason_label=_("Reason and reference, kept in the history"),
            kind="danger",
        ),
    )

    @admin.display(description=_("what it waits for"))
    def why(self, item: PayoutItem) -> str:
        """This function will say what an open payout waits for, and until when."""
        if item.state == ItemState.HELD and item.hold_until:
            why = item.hold_reason.replace("_", " ")
            return gettext("%(why)s, until %(until)s") % {"why": why, "until": moment_text(item.hold_until)}
        if item.state == ItemState.UNKNOWN:
            return gettext("no answer yet; looked up again from %(when)s, never sent twice") % {
                "when": moment_text(item.next_try_at)
            }
        return item.wait_reason.replace("_", " ") or "–"

    @admin.display(description=_("amount"))
    def amount(self, item: PayoutItem) -> str:
        """This function will write the amount."""
        return money_text(item.money)


@admin.register(PayoutAttempt)
class PayoutAttemptAdmin(OpsModelAdmin):
    """Every try, with its key and what came of it."""

    list_display = ("sent_at", "item", "number", "state", "last_outcome", "send_count", "last_detail")
    list_filter = ("state", "last_outcome")
    list_select_related = ("item",)
    search_fields = ("=id", "=item__id", "idempotency_key", "remote_request_id")


@admin.register(PayoutAccount)
class PayoutAccountAdmin(OpsModelAdmin):
    """Where agents are paid. No bank details are here."""

    list_display = ("created_at", "agent", "rail", "country", "state", "last4", "usable_from")
    list_filter = ("state", "rail", "country")
    list_select_related = ("agent",)
    search_fields = ("=id", "=agent__id", "remote_ref")
    exclude = ("fingerprint",)


@admin.register(Statement)
class StatementAdmin(OpsModelAdmin):
    """Issued statements by number."""

    list_display = ("issued_at", "number", "agent", "sha256")
    list_select_related = ("agent",)
    search_fields = ("=id", "number", "=agent__id")
    exclude = ("snapshot",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Model]":
        """This function will leave the snapshots in the database."""
        return super().get_queryset(request).defer("snapshot")
