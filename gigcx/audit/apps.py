from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "gigcx.audit"
    label = "audit"
    verbose_name = "Audit and outbox"
