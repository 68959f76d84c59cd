from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecruitingConfig(AppConfig):
    name = "recruiting"
    verbose_name = _("Recruiting")

    def ready(self) -> None:
        """This function will bring what recruiting has to the shared pages."""
        from gigcx.web.registries import Chapter, add
        from recruiting import panels
        from recruiting.demo import tell

        panels.register()
        add(Chapter(10, "recruiting", tell))
