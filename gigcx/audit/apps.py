from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "gigcx.audit"
    label = "audit"
    verbose_name = "Audit and outbox"

    def ready(self) -> None:
        """This function will name the queue, and register the sweep that makes up for lost hints and the start-up checks."""
        from gigcx import celery  # noqa: F401  without it hints would wait seconds for a broker that nobody named
        from gigcx.audit import checks, tasks  # noqa: F401  the checks register themselves
        from gigcx.audit.ticking import sweep_every

        sweep_every(15, "audit.dispatch_outbox", tasks.hint_dispatcher)
        sweep_every(3600, "audit.forget_old_runs", tasks.hint_forgetting)
