"""What agents have shown, and the certificates that rest on it."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from vetting.models.identity import AgentOwned
from vetting.states import COUNTING_CERTIFICATES, LIVE_CERTIFICATES, CertificateState, ProposalState


class Assurance(models.TextChoices):
    """How sure we are, weakest first."""

    IMPORTED = "imported", _("Brought along")
    CLIENT = "client", _("Reported by a package")
    PROVIDER = "provider", _("Reported by a provider")
    HUMAN = "human", _("Judged by a person")
    SERVER = "server", _("Measured by us")


class EvidenceQuerySet(TenantQuerySet["Evidence"]):
    """Evidence."""

    def standing(self) -> Self:
        """This function will keep what was not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Evidence(AgentOwned):
    """Something an agent has shown. Never deleted; `source_key` makes recording it twice one row."""

    agent = models.ForeignKey("recruiting.Agent", on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=120)
    source_key = models.CharField(max_length=160, unique=True)
    assurance = models.CharField(max_length=12, choices=Assurance.choices)
    skills = models.JSONField(default=dict)
    obtained_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    checksum = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    objects = EvidenceQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        verbose_name_plural = _("evidence")
        constraints = (
            models.CheckConstraint(condition=Q(assurance__in=Assurance.values), name="evidence_assurance"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="")),
                name="evidence_withdrawn_pair",
            ),
        )
        indexes = (models.Index(fields=["agent", "kind", "subject_key"], name="evidence_by_subject"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_key}"


class WaiverQuerySet(TenantQuerySet["Waiver"]):
    """Waivers."""

    def holding(self, at: datetime) -> Self:
        """This function will keep those whose end, exclusive, is still to come."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at))


class Waiver(BrandOwnedModel):
    """A requirement let go for one agent, with a reason."""

    agent = models.ForeignKey("recruiting.Agent", on_delete=models.PROTECT, related_name="+")
    certification = models.ForeignKey("Certification", on_delete=models.PROTECT, related_name="waivers")
    requirement_key = models.CharField(max_length=40)
    reason = models.TextField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    agent_path: ClassVar[str | None] = "agent_id"
    objects = WaiverQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agent", "certification", "requirement_key"], name="waiver_once"),
        )

    def __str__(self) -> str:
        return self.requirement_key

    def holds_at(self, at: datetime) -> bool:
        """Whether its end, exclusive, is still to come."""
        return self.until is None or self.until > at


class CandidacyQuerySet(TenantQuerySet["Candidacy"]):
    """Candidacies."""

    def due(self, at: datetime) -> Self:
        """This function will keep those to be judged again now."""
        return self.filter(closed_at__isnull=True, next_check_at__lte=at).order_by("next_check_at", "pk")


class Candidacy(BrandOwnedModel):
    """An agent on the way to, or in possession of, a certification: the row the evaluator locks."""

    agent = models.ForeignKey("recruiting.Agent", on_delete=models.PROTECT, related_name="candidacies")
    certification = models.ForeignKey("Certification", on_delete=models.PROTECT, related_name="candidacies")
    progress = models.JSONField(default=dict)
    is_eligible = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    next_check_at = models.DateTimeField(null=True)
    evaluated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    agent_path: ClassVar[str | None] = "agent_id"
    objects = CandidacyQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        verbose_name_plural = _("candidacies")
        constraints = (models.UniqueConstraint(fields=["agent", "certification"], name="candidacy_once"),)
        indexes = (
            models.Index(fields=["next_check_at"], name="candidacy_due", condition=Q(closed_at__isnull=True)),
            GinIndex(fields=["progress"], name="candidacy_by_progress"),
        )

    def __str__(self) -> str:
        return f"{self.opened_at:%Y-%m-%d}"


class CertificateQuerySet(TenantQuerySet["Certificate"]):
    """Certificates."""

    def live(self) -> Self:
        """This function will keep active, due and suspended ones."""
        return self.filter(state__in=LIVE_CERTIFICATES)

    def counting(self, at: datetime) -> Self:
        """This function will keep those that open work at the given moment."""
        return self.filter(state__in=COUNTING_CERTIFICATES, valid_from__lte=at, expires_at__gt=at)

    def for_listing(self) -> Self:
        """This function will bring along what a list prints, newest first."""
        return self.select_related("certification", "program", "brand", "version").order_by("-valid_from", "-pk")


class Certificate(BrandOwnedModel):
    """Proof that an agent met a version of a certification. A re-take makes a new one."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    agent = models.ForeignKey("recruiting.Agent", on_delete=models.PROTECT, related_name="certificates")
    certification = models.ForeignKey("Certification", on_delete=models.PROTECT, related_name="certificates")
    version = models.ForeignKey("CertificationVersion", on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey("recruiting.Program", on_delete=models.PROTECT, related_name="certificates")
    state = models.CharField(max_length=16, choices=CertificateState.choices)
    issued_at = models.DateTimeField()
    valid_from = models.DateTimeField()
    expires_at = models.DateTimeField()
    basis = models.JSONField(default=list)
    suspended_at = models.DateTimeField(null=True)
    suspended_reason = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)
    is_name_public = models.BooleanField(default=False)

    agent_path: ClassVar[str | None] = "agent_id"
    objects = CertificateQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=CertificateState.values), name="certificate_state"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("valid_from")), name="certificate_period"),
            models.UniqueConstraint(
                fields=["agent", "certification"], condition=Q(state__in=LIVE_CERTIFICATES), name="certificate_one_live"
            ),
            models.UniqueConstraint(
                fields=["agent", "certification"],
                condition=Q(state=CertificateState.PENDING),
                name="certificate_one_pending",
            ),
        )
        indexes = (
            models.Index(fields=["expires_at"], name="certificate_by_end", condition=Q(state__in=LIVE_CERTIFICATES)),
            models.Index(fields=["program", "agent"], name="certificate_by_program"),
        )

    def __str__(self) -> str:
        return f"{self.state}"


class RevocationProposal(BrandOwnedModel):
    """Somebody of ops asks to take a certificate away; a second person decides."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="revocations")
    reason_code = models.CharField(max_length=40)
    reason = models.TextField()
    state = models.CharField(max_length=12, choices=ProposalState.choices, default=ProposalState.OPEN)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("proposed revocation")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="revocation_proposal_state"),
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(state=ProposalState.OPEN), name="revocation_proposal_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="revocation_proposal_decided_pair",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")) | Q(state="dismissed"),
                name="revocation_proposal_two_people",
            ),
        )

    def __str__(self) -> str:
        return self.reason_code
