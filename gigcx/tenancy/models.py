"""Brands, memberships, invitations, per-brand numbers and API keys."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.ids import uuid7
from gigcx.tenancy.roles import ROLE_CHOICES
from gigcx.tenancy.scoping import OwnedModel
from gigcx.tenancy.states import BrandState


class Brand(models.Model):
    """The customer company: the tenant. One row, the house brand, owns the platform's shared content."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    legal_name = models.CharField(_("legal name"), max_length=200)
    country = models.CharField(_("country"), max_length=2)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    timezone = models.CharField(_("time zone"), max_length=64, default="America/New_York")
    website = models.URLField(_("website"), blank=True)
    about = models.TextField(_("what you do"), blank=True)
    state = models.CharField(max_length=16, choices=BrandState.choices, default=BrandState.DRAFT)
    state_reason = models.TextField(blank=True)
    is_house = models.BooleanField(default=False)
    reliability = models.PositiveSmallIntegerField(default=100)
    settings = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=BrandState.values), name="brand_state"),
            models.CheckConstraint(condition=Q(reliability__lte=100), name="brand_reliability_range"),
            models.UniqueConstraint(fields=["is_house"], condition=Q(is_house=True), name="brand_one_house"),
        )

    def __str__(self) -> str:
        return self.name


class BrandOwnedModel(OwnedModel):
    """Base of every tenant-owned table: a UUIDv7 key and the brand, never null."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Membership(models.Model):
    """A person in a brand, with a role."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    created_at = models.DateTimeField()

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (models.UniqueConstraint(fields=["brand", "user"], name="membership_once"),)

    def __str__(self) -> str:
        return f"{self.role}"


class MemberInvitation(BrandOwnedModel):
    """A signed link that makes somebody a member. Only the token's hash is kept."""

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=ROLE_CHOICES)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="member_invitation_accepted_pair",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="member_invitation_expiry"),
        )

    def __str__(self) -> str:
        return self.role


class BrandCounter(models.Model):
    """The last human number given out in a brand, by kind ("CR" gives CR-2031)."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)
    last = models.PositiveIntegerField(default=0)

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (models.UniqueConstraint(fields=["brand", "kind"], name="brand_counter_once"),)

    def __str__(self) -> str:
        return f"{self.kind}-{self.last}"


class ApiKey(BrandOwnedModel):
    """A machine's way in. Shown once; only prefix and hash are kept."""

    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    allowed_ips = models.JSONField(default=list)

    class Meta:
        verbose_name = _("API key")

    def __str__(self) -> str:
        return self.name


class IdempotentAnswer(models.Model):
    """The first answer to an API request sent under an Idempotency-Key, kept for a day.

    `asker_id` is the API key's or the person's id; `fingerprint` is a hash of method, path and body.
    """

    id = models.BigAutoField(primary_key=True)
    asker_id = models.UUIDField()
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (models.UniqueConstraint(fields=["asker_id", "key"], name="idempotent_answer_once"),)
        indexes = (models.Index(fields=["created_at"], name="idempotent_answer_by_age"),)

    def __str__(self) -> str:
        return f"{self.status}"
