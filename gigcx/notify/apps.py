from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "gigcx.notify"
    label = "notify"
    verbose_name = "Letters"

    def ready(self) -> None:
        """This function will register what the ground floor tells people, and the sweep that sends letters."""
        from gigcx.audit.ticking import sweep_every
        from gigcx.notify import tidings  # noqa: F401  it registers itself
        from gigcx.notify.tasks import hint_sending

        sweep_every(20, "notify.send_due_letters", hint_sending)
