"""Wiring: what payments hears, sweeps, fills in for earlier stages and shows on shared pages."""

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

_MINUTE = 60


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        """This function will refuse to start with keys that do not fit the mode, then register everything."""
        from payments.gateways.modes import check_mode, require_sound_mode

        require_sound_mode()
        checks.register(check_mode, checks.Tags.security)
        _listen()
        _sweep()
        _fill_registries()
        _show()


def _listen() -> None:
    from gigcx.audit.outbox import listen
    from payments import handlers
    from payments.events import PayoutAccountChanged, TopUpFailed, TopUpSettled
    from scheduling.events import ClaimCancelledByBrand, ClaimExcused, IncidentSettled, ShiftVerified, TimesheetLocked
    from training.events import TrainingTimeEarned
    from vetting.events import CertificateIssued

    handlers.disputes.register()
    handlers.fund_notices.register()
    listen(ShiftVerified, "payments.accrue_shift", handlers.accrue_shift)
    listen(ClaimExcused, "payments.accrue_excused", handlers.accrue_excused)
    listen(IncidentSettled, "payments.accrue_incident", handlers.accrue_incident)
    listen(ClaimCancelledByBrand, "payments.accrue_cancellation", handlers.accrue_cancellation)
    listen(TrainingTimeEarned, "payments.accrue_training", handlers.accrue_training)
    listen(CertificateIssued, "payments.accrue_bounty", handlers.accrue_bounty)
    listen(PayoutAccountChanged, "payments.check_identity", handlers.check_identity)
    listen(TimesheetLocked, "payments.draft_invoices", handlers.draft_invoices)
    listen(TopUpSettled, "payments.pay_open_invoices", handlers.pay_open_invoices)
    listen(TopUpFailed, "payments.pause_free_seats", handlers.pause_free_seats)
    listen(TopUpSettled, "payments.resume_free_seats", handlers.resume_free_seats)


def _sweep() -> None:
    from gigcx.audit.hints import hint
    from gigcx.audit.ticking import sweep_every
    from payments import tasks

    sweep_every(_MINUTE, "payments.default_disputes", lambda: hint(tasks.default_disputes))
    sweep_every(_MINUTE, "payments.release_earnings", lambda: hint(tasks.release_earnings))
    sweep_every(_MINUTE, "payments.sweep_payouts", lambda: hint(tasks.sweep_payouts))
    sweep_every(_MINUTE, "payments.sweep_inbox", lambda: hint(tasks.sweep_inbox))
    sweep_every(15 * _MINUTE, "payments.fetch_missed_events", lambda: hint(tasks.fetch_missed_events))
    sweep_every(60 * _MINUTE, "payments.reconcile_recent", lambda: hint(tasks.reconcile_recent))
    sweep_every(24 * 60 * _MINUTE, "payments.reconcile_everything", lambda: hint(tasks.reconcile_everything))
    sweep_every(24 * 60 * _MINUTE, "payments.forget_event_bodies", lambda: hint(tasks.forget_event_bodies))
    sweep_every(5 * _MINUTE, "payments.accrue_missed_work", lambda: hint(tasks.accrue_missed_work))
    sweep_every(60 * _MINUTE, "payments.accrue_missed_facts", lambda: hint(tasks.accrue_missed_facts))
    sweep_every(5 * _MINUTE, "payments.expire_brand_holds", lambda: hint(tasks.expire_brand_holds))
    sweep_every(_MINUTE, "payments.look_up_top_ups", lambda: hint(tasks.look_up_top_ups))
    sweep_every(5 * _MINUTE, "payments.top_up_low_brands", lambda: hint(tasks.top_up_low_brands))
    sweep_every(5 * _MINUTE, "payments.check_budgets", lambda: hint(tasks.check_budgets))
    sweep_every(5 * _MINUTE, "payments.keep_statement_papers", lambda: hint(tasks.keep_statement_papers))
    sweep_every(5 * _MINUTE, "payments.plan_weekly_runs", lambda: hint(tasks.plan_weekly_runs))
    sweep_every(60 * _MINUTE, "payments.plan_final_runs", lambda: hint(tasks.plan_final_runs))
    sweep_every(24 * 60 * _MINUTE, "payments.publish_pay_labels", lambda: hint(tasks.publish_pay_labels))
    sweep_every(24 * 60 * _MINUTE, "payments.accrue_guarantees", lambda: hint(tasks.accrue_guarantees))
    sweep_every(15 * _MINUTE, "payments.bill_weeks", lambda: hint(tasks.bill_weeks))
    sweep_every(15 * _MINUTE, "payments.settle_invoices", lambda: hint(tasks.settle_invoices))
    sweep_every(15 * _MINUTE, "payments.mirror_invoices", lambda: hint(tasks.mirror_invoices))
    sweep_every(60 * _MINUTE, "payments.remind_brands", lambda: hint(tasks.remind_brands))
    sweep_every(24 * 60 * _MINUTE, "payments.guard_books", lambda: hint(tasks.guard_books))


def _fill_registries() -> None:
    from payments.actions.gate import BrandFundsGate, CardPriceBook
    from payments.queries.labels import NetHourLabels
    from payments.queries.line_pages import LinePages
    from recruiting.registries import set_pay_label_source
    from scheduling.registries import set_funds_gate, set_money_pages, set_price_book

    set_pay_label_source(NetHourLabels())
    set_funds_gate(BrandFundsGate())
    set_price_book(CardPriceBook())
    set_money_pages(LinePages())


def _show() -> None:
    from gigcx.web.registries import Chapter, add
    from payments import demo, panels
    from payments.handlers import notices

    panels.register()
    notices.register()
    add(Chapter(8, "billing terms", demo.tell_terms))
    add(Chapter(50, "payments", demo.tell, goes_first=True))
