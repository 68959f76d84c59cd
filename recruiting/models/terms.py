"""The agreement between agent and program, version by version, and who accepted which."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.models import BrandOwnedModel
from recruiting.models.agents import Agent
from recruiting.models.programs import Program
from recruiting.states import VersionState


class TermsVersion(BrandOwnedModel):
    """One version of the terms in Markdown; immutable once active. A material one asks for acceptance anew.

    `checksum` is the SHA-256 of the body in UTF-8, as 64 hexadecimal digits.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="terms")
    version = models.PositiveIntegerField()
    body = models.TextField(_("terms"), max_length=60_000)
    is_material = models.BooleanField(_("material change"), default=True)
    checksum = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["program", "version"], name="terms_version_once"),
            models.UniqueConstraint(
                fields=["program"], condition=Q(state=VersionState.ACTIVE), name="terms_one_active"
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="terms_state"),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT) | Q(valid_from__isnull=False), name="terms_valid_from"
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.SUPERSEDED, valid_until__isnull=False)
                | (~Q(state=VersionState.SUPERSEDED) & Q(valid_until__isnull=True)),
                name="terms_superseded_has_end",
            ),
        )

    def __str__(self) -> str:
        return f"v{self.version}"


class TermsAcceptance(BrandOwnedModel):
    """Who agreed to which version, when, from where, under which typed name. Never changed."""

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="terms_acceptances")
    version = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="acceptances")
    accepted_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)
    name_typed = models.CharField(max_length=200)

    agent_path = "agent_id"

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agent", "version"], name="terms_acceptance_once"),)

    def __str__(self) -> str:
        return self.name_typed
