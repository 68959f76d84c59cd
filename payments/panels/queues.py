"""Queues of ops about money."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy

from gigcx.web.registries import Queue, add
from payments.queries.books import held_earnings, oldest, troubles
from payments.queries.disputes import asked_adjustments, open_disputes
from payments.queries.inbox import events_to_look_at
from payments.queries.invoices import open_proposals, overdue_invoices
from payments.queries.payouts import oldest_planned_run, waiting_bank_lines
from payments.queries.reconciliation import unmatched
from payments.queries.taxes import missing_tax_data
from payments.queries.unheard import unpriced_work
from payments.states import ItemState


def register() -> None:
    """This function will put the queues on the ops home."""
    _add_queues()
    _add_line_queues()
    _add_bank_lines()
    _add_other_side()
    _add_invoices()


def _add_queues() -> None:
    items = "admin:payments_payoutitem_changelist"
    add(
        Queue(
            4,
            gettext_lazy("Money board: broken rules, late sweeps"),
            lambda: reverse("admin:payments_board"),
            troubles,
            timedelta(minutes=10),
        )
    )
    add(
        Queue(
            5,
            gettext_lazy("Payout exceptions"),
            lambda: reverse(items) + "?state__exact=unknown",
            lambda at: oldest(ItemState.UNKNOWN),
            timedelta(hours=2),
        )
    )
    add(
        Queue(
            6,
            gettext_lazy("Payouts held"),
            lambda: reverse(items) + "?state__exact=held",
            lambda at: oldest(ItemState.HELD),
            timedelta(days=3),
        )
    )
    add(
        Queue(
            7,
            gettext_lazy("Payout runs to approve"),
            lambda: reverse("admin:payments_payoutrun_changelist") + "?state__exact=planned",
            lambda at: oldest_planned_run(),
            timedelta(hours=4),
        )
    )
    add(
        Queue(
            8,
            gettext_lazy("Lines held"),
            lambda: reverse("admin:payments_earning_changelist") + "?state__exact=held",
            lambda at: held_earnings(),
            timedelta(days=3),
        )
    )


def _add_other_side() -> None:
    add(
        Queue(
            4,
            gettext_lazy("Differences with the payment provider"),
            lambda: reverse("admin:payments_difference_changelist") + "?state__exact=open",
            unmatched,
            timedelta(hours=24),
        )
    )
    add(
        Queue(
            9,
            gettext_lazy("Webhooks that failed"),
            lambda: reverse("admin:payments_stripeevent_changelist") + "?state__exact=parked",
            events_to_look_at,
            timedelta(hours=4),
        )
    )


def _add_invoices() -> None:
    add(
        Queue(
            10,
            gettext_lazy("Bank transfers to look at"),
            lambda: reverse("admin:payments_receiptproposal_changelist") + "?state__exact=proposed",
            lambda at: open_proposals(),
            timedelta(days=1),
        )
    )
    add(
        Queue(
            10,
            gettext_lazy("Invoices overdue"),
            lambda: reverse("admin:payments_invoice_changelist") + "?state__exact=overdue",
            lambda at: overdue_invoices(),
            timedelta(days=35),
        )
    )


def _add_bank_lines() -> None:
    add(
        Queue(
            7,
            gettext_lazy("Bank file lines to answer"),
            lambda: reverse("admin:payments_bankfileline_changelist") + "?state__exact=waiting",
            lambda at: waiting_bank_lines(),
            timedelta(days=2),
        )
    )
    add(
        Queue(
            9,
            gettext_lazy("Agents who are owed money and gave no tax data"),
            lambda: reverse("admin:payments_tax"),
            missing_tax_data,
            timedelta(days=14),
        )
    )


def _add_line_queues() -> None:
    add(
        Queue(
            5,
            gettext_lazy("Work that could not be priced"),
            lambda: reverse("admin:payments_unpricedwork_changelist"),
            unpriced_work,
            timedelta(hours=4),
        )
    )
    add(
        Queue(
            9,
            gettext_lazy("Disputed lines"),
            lambda: reverse("admin:payments_linedispute_changelist") + "?state__exact=open",
            lambda at: open_disputes(),
            timedelta(days=1),
        )
    )
    add(
        Queue(
            10,
            gettext_lazy("Corrections by hand to approve"),
            lambda: reverse("admin:payments_adjustmentrequest_changelist") + "?state__exact=asked",
            lambda at: asked_adjustments(),
            timedelta(days=1),
        )
    )
