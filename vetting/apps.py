from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VettingConfig(AppConfig):
    name = "vetting"
    verbose_name = _("Vetting")

    def ready(self) -> None:
        """This function will plug this stage into the house."""
        from gigcx.web.registries import Chapter, add
        from vetting import panels
        from vetting.demo import tell, tell_certifications
        from vetting.providers.manual import ManualProvider
        from vetting.providers.requirements import ApprovalKind, AssessmentKind, IdentityKind, TermsKind
        from vetting.registries import register_kind, register_provider

        register_provider(ManualProvider())
        for kind in (IdentityKind(), TermsKind(), AssessmentKind(), ApprovalKind()):
            register_kind(kind)
        _listen()
        _sweep()
        panels.register()
        add(Chapter(13, "certificates", tell_certifications))
        add(Chapter(20, "vetting", tell))


def _listen() -> None:
    from gigcx.audit.outbox import listen
    from recruiting import events as recruiting
    from vetting import events, handlers
    from vetting.handlers import notices

    listen(events.AttemptSubmitted, "vetting.send_to_grading", handlers.send_to_grading)
    listen(events.EvidenceRecorded, "vetting.judge_agent", handlers.judge_agent)
    listen(events.EvidenceWithdrawn, "vetting.judge_agent", handlers.judge_agent)
    listen(events.IdentityExpired, "vetting.judge_agent", handlers.judge_agent)
    listen(recruiting.EngagementAccepted, "vetting.open_candidacies", handlers.open_candidacies)
    listen(recruiting.EngagementEnded, "vetting.close_candidacies", handlers.close_candidacies)
    listen(recruiting.TermsAccepted, "vetting.keep_accepted_terms", handlers.keep_accepted_terms)
    listen(recruiting.TermsPublished, "vetting.judge_program_soon", handlers.judge_program_soon)
    listen(recruiting.StandingRecorded, "vetting.judge_standing", handlers.judge_standing)
    notices.register()


def _sweep() -> None:
    from gigcx.audit.hints import hint
    from gigcx.audit.ticking import sweep_every
    from vetting import tasks

    sweep_every(15, "vetting.close_overdue_attempts", lambda: hint(tasks.close_overdue_attempts))
    sweep_every(60, "vetting.grade_forgotten_attempts", lambda: hint(tasks.grade_forgotten_attempts))
    sweep_every(60, "vetting.evaluate_due_candidacies", lambda: hint(tasks.evaluate_due_candidacies))
    sweep_every(3600, "vetting.expire_identities", lambda: hint(tasks.expire_identities))
    sweep_every(3600, "vetting.erase_document_images", lambda: hint(tasks.erase_document_images))
    sweep_every(86400, "vetting.let_go_of_idle", lambda: hint(tasks.let_go_of_idle))
