"""Who an agent is, how that was checked, and who looked."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.ids import uuid7
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from vetting.states import OPEN_CHECKS, CheckState, IdentityState, ScanState


class AgentOwned(OwnedModel):
    """Rows about a person that no brand may read."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    brand_path: ClassVar[str] = ""
    agent_path: ClassVar[str | None] = "agent_id"

    class Meta:
        abstract = True


class AgentIdentity(AgentOwned):
    """One agent's identity. Accounts found to be one person share `person_id`; tries are counted per person."""

    agent = models.OneToOneField("recruiting.Agent", on_delete=models.PROTECT, related_name="identity")
    person_id = models.UUIDField(default=uuid7)
    state = models.CharField(max_length=16, choices=IdentityState.choices, default=IdentityState.UNVERIFIED)
    current_check = models.ForeignKey("IdentityCheck", on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    verified_until = models.DateTimeField(null=True)
    is_held = models.BooleanField(default=False)
    held_at = models.DateTimeField(null=True)
    held_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=IdentityState.values), name="identity_state"),
            models.CheckConstraint(
                condition=Q(is_held=False, held_at__isnull=True) | Q(is_held=True, held_at__isnull=False),
                name="identity_held_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state=IdentityState.VERIFIED) | Q(verified_until__isnull=False),
                name="identity_verified_until",
            ),
        )
        indexes = (models.Index(fields=["person_id"], name="identity_by_person"),)

    def __str__(self) -> str:
        return self.state


class IdentityCheckQuerySet(TenantQuerySet["IdentityCheck"]):
    """Checks."""

    def open(self) -> Self:
        """This function will keep the checks that still go on."""
        return self.filter(state__in=OPEN_CHECKS)

    def waiting_for_review(self) -> Self:
        """This function will keep the checks that wait for people, oldest first."""
        return self.filter(state=CheckState.NEEDS_REVIEW).order_by("submitted_at", "pk")


class IdentityCheck(AgentOwned):
    """One pass through a provider. Name and birth date are sealed; only their last reader's audit line says who saw them."""

    class Purpose(models.TextChoices):
        FIRST = "first", _("First check")
        RENEWAL = "renewal", _("Renewal")
        NAME_CHANGE = "name_change", _("Name change")
        PAYOUT_CHANGE = "payout_change", _("Payout change")
        RISK = "risk", _("Extra check")

    class Document(models.TextChoices):
        PASSPORT = "passport", _("Passport")
        ID_CARD = "id_card", _("Identity card")
        DRIVING_LICENCE = "driving_licence", _("Driving licence")
        RESIDENCE_PERMIT = "residence_permit", _("Residence permit")

    class Redaction(models.TextChoices):
        NONE = "none", _("Kept")
        REQUESTED = "requested", _("To be erased")
        DONE = "done", _("Erased")

    agent = models.ForeignKey("recruiting.Agent", on_delete=models.PROTECT, related_name="identity_checks")
    provider = models.CharField(max_length=24, default="manual")
    provider_ref = models.CharField(max_length=120, null=True)
    idempotency_key = models.CharField(max_length=120, unique=True)
    purpose = models.CharField(max_length=16, choices=Purpose.choices, default=Purpose.FIRST)
    state = models.CharField(max_length=16, choices=CheckState.choices, default=CheckState.AWAITING_INPUT)
    reason_codes = models.JSONField(default=list)
    sealed_name = models.BinaryField(null=True)
    sealed_birth_date = models.BinaryField(null=True)
    country = models.CharField(_("issuing country"), max_length=2, blank=True)
    document_type = models.CharField(_("document"), max_length=24, choices=Document.choices, blank=True)
    last4 = models.CharField(_("last four characters of the number"), max_length=4, blank=True)
    document_expires_on = models.DateField(_("valid until"), null=True)
    name_match = models.CharField(max_length=16, blank=True)
    redaction = models.CharField(max_length=12, choices=Redaction.choices, default=Redaction.NONE)
    requested_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    reapply_at = models.DateTimeField(null=True)

    objects = IdentityCheckQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        verbose_name = _("identity check")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=CheckState.values), name="identity_check_state"),
            models.UniqueConstraint(
                fields=["agent"], condition=Q(state__in=OPEN_CHECKS), name="identity_check_one_open"
            ),
            models.UniqueConstraint(fields=["provider", "provider_ref"], name="identity_check_provider_ref"),
        )
        indexes = (
            models.Index(
                fields=["submitted_at"], name="identity_check_queue", condition=Q(state=CheckState.NEEDS_REVIEW)
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.state}"


class IdentityDocumentQuerySet(TenantQuerySet["IdentityDocument"]):
    """Document images."""

    def kept(self) -> Self:
        """This function will keep those not erased yet."""
        return self.filter(deleted_at__isnull=True)

    def due_for_erasure(self, at: datetime) -> Self:
        """This function will keep those whose time is over."""
        return self.kept().filter(delete_after_on__lte=at.date()).order_by("pk")


class IdentityDocument(AgentOwned):
    """An encrypted image. Without its wrapped key the bytes are noise; erasing drops the key first."""

    class Side(models.TextChoices):
        FRONT = "front", _("Front")
        BACK = "back", _("Back")
        SELFIE = "selfie", _("You, holding it")

    check_of = models.ForeignKey(IdentityCheck, on_delete=models.PROTECT, related_name="documents")
    agent = models.ForeignKey("recruiting.Agent", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(_("side"), max_length=8, choices=Side.choices)
    object_key = models.CharField(max_length=64, unique=True)
    wrapped_key = models.BinaryField(null=True)
    kek_version = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    content_type = models.CharField(max_length=32)
    byte_size = models.PositiveIntegerField()
    scan = models.CharField(max_length=12, choices=ScanState.choices, default=ScanState.QUARANTINED)
    uploaded_at = models.DateTimeField()
    delete_after_on = models.DateField(null=True)
    deleted_at = models.DateTimeField(null=True)

    objects = IdentityDocumentQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        verbose_name = _("identity document")
        constraints = (
            models.CheckConstraint(condition=Q(scan__in=ScanState.values), name="identity_document_scan"),
            models.UniqueConstraint(
                fields=["check_of", "side"], condition=Q(deleted_at__isnull=True), name="identity_document_one_a_side"
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(wrapped_key__isnull=True), name="identity_document_erased_key"
            ),
        )

    def __str__(self) -> str:
        return self.side


class DocumentView(AgentOwned):
    """Somebody asked to see a document. Written before the bytes are read; append-only."""

    document = models.ForeignKey(IdentityDocument, on_delete=models.PROTECT, related_name="views")
    agent = models.ForeignKey("recruiting.Agent", on_delete=models.PROTECT, related_name="+")
    viewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=120)
    viewed_at = models.DateTimeField()

    agent_path: ClassVar[str | None] = None

    class Meta:
        verbose_name = _("document view")

    def __str__(self) -> str:
        return self.reason


class IdentityReview(AgentOwned):
    """One person's verdict on a check; append-only."""

    class Verdict(models.TextChoices):
        APPROVE = "approve", _("Approve")
        REJECT = "reject", _("Reject")

    check_of = models.ForeignKey(IdentityCheck, on_delete=models.PROTECT, related_name="reviews")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    checklist = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    note = models.TextField(blank=True)
    reviewed_at = models.DateTimeField()

    agent_path: ClassVar[str | None] = None

    class Meta:
        verbose_name = _("identity review")
        constraints = (
            models.CheckConstraint(condition=Q(verdict__in=["approve", "reject"]), name="identity_review_verdict"),
            models.UniqueConstraint(fields=["check_of", "reviewed_by"], name="identity_review_once_a_person"),
        )

    def __str__(self) -> str:
        return self.verdict
