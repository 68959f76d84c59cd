from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "gigcx.web"
    label = "web"
    verbose_name = "Pages"

    def ready(self) -> None:
        """This function will register what the ground floor brings to shared pages."""
        from gigcx.web import panels, phrases, sweeps  # noqa: F401  they register themselves
