"""What a program asks of the people who work in it, in versions."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from vetting.graph.shape import GROUP_RULES
from vetting.states import VersionState


class Certification(BrandOwnedModel):
    """A program's certification. One of role "entry" opens work there."""

    class Role(models.TextChoices):
        ENTRY = "entry", _("Opens work")
        ENDORSEMENT = "endorsement", _("Adds to it")

    program = models.ForeignKey("recruiting.Program", on_delete=models.PROTECT, related_name="certifications")
    code = models.SlugField(max_length=60)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.ENTRY)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["program"], condition=Q(role="entry"), name="certification_one_entry"),
            models.UniqueConstraint(fields=["brand", "code"], name="certification_code_once"),
            models.CheckConstraint(condition=Q(role__in=["entry", "endorsement"]), name="certification_role"),
        )

    def __str__(self) -> str:
        return self.name


class CertificationVersionQuerySet(TenantQuerySet["CertificationVersion"]):
    """Versions of certifications."""

    def live(self) -> Self:
        """This function will keep the versions in force."""
        return self.filter(state=VersionState.LIVE)


class CertificationVersion(BrandOwnedModel):
    """One version of the graph. Frozen by a trigger once published."""

    class Change(models.TextChoices):
        MINOR = "minor", _("Minor: certificates stay")
        MATERIAL = "material", _("Material: certificates stay until their end")
        BREAKING = "breaking", _("Breaking: everybody certifies again")

    certification = models.ForeignKey(Certification, on_delete=models.PROTECT, related_name="versions")
    n = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    change = models.CharField(_("kind of change"), max_length=12, choices=Change.choices, default=Change.MINOR)
    effective_at = models.DateTimeField(null=True)
    grandfather_until = models.DateTimeField(null=True)
    validity_months = models.PositiveSmallIntegerField(
        _("valid for"), default=12, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    renewal_window_days = models.PositiveSmallIntegerField(
        _("renewal opens before the end"), default=60, validators=[MaxValueValidator(365)]
    )
    grace_days = models.PositiveSmallIntegerField(_("days of grace"), default=7, validators=[MaxValueValidator(90)])
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    objects = CertificationVersionQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["certification", "n"], name="certification_version_n_once"),
            models.UniqueConstraint(
                fields=["certification"], condition=Q(state=VersionState.LIVE), name="certification_version_one_live"
            ),
            models.UniqueConstraint(
                fields=["certification"], condition=Q(state=VersionState.DRAFT), name="certification_version_one_draft"
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="certification_version_state"),
            models.CheckConstraint(condition=Q(validity_months__gte=1), name="certification_version_validity"),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True)
                | (~Q(state="draft") & Q(published_at__isnull=False)),
                name="certification_version_published",
            ),
        )

    def __str__(self) -> str:
        return f"{self.n}"


class RequirementGroup(BrandOwnedModel):
    """Requirements of which all, any or some must be met."""

    version = models.ForeignKey(CertificationVersion, on_delete=models.PROTECT, related_name="groups")
    key = models.SlugField(max_length=40)
    title = models.CharField(max_length=120, blank=True)
    rule = models.CharField(max_length=8)
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["version", "key"], name="requirement_group_key_once"),
            models.CheckConstraint(condition=Q(rule__in=GROUP_RULES), name="requirement_group_rule"),
        )

    def __str__(self) -> str:
        return self.key


class Requirement(BrandOwnedModel):
    """One thing asked for. `kind` names a registered RequirementKind, `params` are its own."""

    version = models.ForeignKey(CertificationVersion, on_delete=models.PROTECT, related_name="requirements")
    group = models.ForeignKey(RequirementGroup, on_delete=models.PROTECT, null=True, related_name="requirements")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=40)
    kind = models.CharField(max_length=40)
    title = models.CharField(_("title"), max_length=120)
    params = models.JSONField(default=dict)
    minutes = models.PositiveSmallIntegerField(_("minutes it takes"), default=0)
    freshness_days = models.PositiveSmallIntegerField(null=True)
    minimum_assurance = models.CharField(max_length=12, default="server")
    is_waivable = models.BooleanField(default=False)
    after = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["version", "key"], name="requirement_key_once"),
            models.UniqueConstraint(fields=["version", "position"], name="requirement_position_once"),
        )

    def __str__(self) -> str:
        return self.key
