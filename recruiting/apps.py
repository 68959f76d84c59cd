from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecruitingConfig(AppConfig):
    name = "recruiting"
    verbose_name = _("Recruiting")

    def ready(self) -> None:
        """This function will bring what recruiting has to the shared pages."""
        from gigcx.audit.hints import hint
        from gigcx.audit.ticking import sweep_every
        from gigcx.web.registries import Chapter, add
        from recruiting import panels, tasks
        from recruiting.demo import tell, tell_drafts

        panels.register()
        sweep_every(300, "recruiting.resume_rested_agents", lambda: hint(tasks.resume_rested_agents))
        add(Chapter(10, "programs", tell_drafts))
        add(Chapter(16, "recruiting", tell))
