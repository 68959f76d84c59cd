from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    name = "scheduling"
    verbose_name = _("Scheduling")

    def ready(self) -> None:
        """This function will register what the stage hears, sweeps and brings to shared pages."""
        from gigcx.audit.hints import hint
        from gigcx.audit.outbox import listen
        from gigcx.audit.ticking import sweep_every
        from gigcx.web.registries import Chapter, add
        from recruiting.events import AgentBlocked, EngagementEnded, RateCardPublished
        from recruiting.registries import give_out_work_by
        from recruiting.states import EngagementMode
        from scheduling import demo, handlers, panels, tasks
        from scheduling.demo import desks
        from scheduling.handlers import autofill, day, draw_notices, exchange, notices
        from scheduling.queries.booked import ClaimedWork
        from vetting.events import CertificateRevoked, EligibilityLost
        from vetting.registries import set_booked_work

        set_booked_work(ClaimedWork())
        give_out_work_by(EngagementMode.SHIFT)
        listen(RateCardPublished, "scheduling.reprice_shifts", handlers.reprice_shifts)
        listen(EngagementEnded, "scheduling.end_claims", handlers.end_claims_of_engagement)
        listen(AgentBlocked, "scheduling.free_blocked_seats", handlers.free_seats_of_blocked)
        listen(CertificateRevoked, "scheduling.free_revoked_seats", handlers.free_revoked_seats)
        listen(EligibilityLost, "scheduling.free_lost_seats", handlers.free_lost_seats)
        notices.register()
        draw_notices.register()
        exchange.register()
        autofill.register()
        sweep_every(15, "scheduling.sessions", lambda: hint(tasks.sweep_sessions))
        sweep_every(15, "scheduling.release", lambda: hint(tasks.sweep_release))
        sweep_every(900, "scheduling.ladder", lambda: hint(tasks.sweep_ladder))
        sweep_every(15, "scheduling.exchange", lambda: hint(tasks.sweep_exchange))
        sweep_every(60, "scheduling.reminders", lambda: hint(tasks.sweep_reminders))
        sweep_every(30, "scheduling.shifts", lambda: hint(tasks.sweep_shifts))
        sweep_every(60, "scheduling.designs", lambda: hint(tasks.sweep_designs))
        sweep_every(30, "scheduling.auto_fill", lambda: hint(tasks.sweep_auto_fill))
        sweep_every(60, "scheduling.quotes", lambda: hint(tasks.sweep_quotes))
        sweep_every(60, "scheduling.uploads", lambda: hint(tasks.sweep_uploads))
        sweep_every(3600, "scheduling.timesheets", lambda: hint(tasks.lock_timesheets))
        sweep_every(3600, "scheduling.templates", lambda: hint(tasks.materialize_templates))
        sweep_every(3600, "scheduling.counters", lambda: hint(tasks.prove_counters))
        sweep_every(86_400, "scheduling.all_counters", lambda: hint(tasks.prove_all_counters))
        if settings.DEMO_STAYS_ALIVE:
            sweep_every(30, "scheduling.demo", lambda: hint(desks.sweep_desks))
        day.register()
        sweep_every(60, "scheduling.day", lambda: hint(tasks.sweep_day))
        sweep_every(300, "scheduling.intraday", lambda: hint(tasks.sweep_intraday))
        sweep_every(86_400, "scheduling.offered", lambda: hint(tasks.count_offered_minutes))
        panels.register()
        add(Chapter(40, "scheduling", demo.tell))
