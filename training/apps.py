from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("Training")

    def ready(self) -> None:
        """This function will plug this stage into the house."""
        from gigcx.audit.hints import hint
        from gigcx.audit.outbox import listen
        from gigcx.audit.ticking import sweep_every
        from gigcx.web.registries import Chapter, add
        from recruiting.events import EngagementEnded
        from training import demo, handlers, panels, tasks
        from training.queries.requirement import CourseKind
        from vetting.registries import register_kind

        register_kind(CourseKind())
        panels.register()
        listen(EngagementEnded, "training.close_enrolments", handlers.close_enrolments)
        handlers.register_notices()
        add(Chapter(30, "training", demo.tell))
        sweep_every(300, "training.settle_completed_enrolments", lambda: hint(tasks.settle_completed_enrolments))
        sweep_every(3600, "training.warn_of_closing", lambda: hint(tasks.warn_of_closing))
        sweep_every(3600, "training.close_due_enrolments", lambda: hint(tasks.close_due_enrolments))
