"""What an agent was paid and why, frozen at the moment of the transfer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gigcx.kernel.ids import uuid7
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from payments.models.payouts import PayoutItem
from payments.states import DocumentKind
from recruiting.models import Agent


class Statement(OwnedModel):
    """The canonical bytes of one payout's statement and their hash. Insert-only (trigger)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="statements")
    item = models.OneToOneField(PayoutItem, on_delete=models.PROTECT, related_name="statement")
    number = models.CharField(max_length=40, unique=True)
    snapshot = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    renderer_version = models.PositiveSmallIntegerField(default=1)
    issued_at = models.DateTimeField()

    brand_path: ClassVar[str] = ""
    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["Statement"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        indexes = (models.Index(fields=["agent", "-issued_at"], name="statement_by_agent"),)

    def __str__(self) -> str:
        return self.number


class RenderedDocument(models.Model):
    """The bytes of a document as they were first rendered, and their hash, which every download checks. Insert-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    subject_id = models.UUIDField()
    format = models.CharField(max_length=4)
    renderer_version = models.PositiveSmallIntegerField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    rendered_at = models.DateTimeField()

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "subject_id", "format"], name="rendered_document_once"),
            models.CheckConstraint(condition=Q(format__in=["pdf", "csv"]), name="rendered_document_format"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.format}"
