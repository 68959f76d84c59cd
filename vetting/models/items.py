"""Questions. Their keys live in a table of their own, so that no query for a test can bring one along."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from vetting.grading import KINDS
from vetting.states import VersionState

KIND_NAMES = {
    "single_choice": _("One right answer"),
    "multi_choice": _("Several right answers"),
    "short_text": _("Short text"),
}
KIND_CHOICES = [(kind, KIND_NAMES[kind]) for kind in KINDS]


class ItemBank(BrandOwnedModel):
    """A collection of questions that tests draw from."""

    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("what it is for"), blank=True, max_length=2000)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["brand", "name"], name="item_bank_name_once"),)

    def __str__(self) -> str:
        return self.name


class Item(BrandOwnedModel):
    """A question through all its versions."""

    bank = models.ForeignKey(ItemBank, on_delete=models.PROTECT, related_name="items")
    uid = models.CharField(max_length=40)
    kind = models.CharField(_("kind"), max_length=24, choices=KIND_CHOICES)
    status = models.CharField(max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    skill_codes = models.JSONField(_("skills"), default=list)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["brand", "uid"], name="item_uid_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="item_kind"),
            models.CheckConstraint(condition=Q(status__in=VersionState.values), name="item_status"),
        )
        indexes = (GinIndex(fields=["skill_codes"], name="item_by_skill"),)

    def __str__(self) -> str:
        return self.uid


class ItemVersionQuerySet(TenantQuerySet["ItemVersion"]):
    """Versions of questions."""

    def live(self) -> Self:
        """This function will keep the versions that tests may draw."""
        return self.filter(state=VersionState.LIVE)


class ItemVersion(BrandOwnedModel):
    """What is asked. Frozen by a trigger once live; the options carry ids, never positions."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    n = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    payload = models.JSONField()
    points = models.DecimalField(
        _("points"), max_digits=6, decimal_places=2, default=1, validators=[MinValueValidator(0)]
    )
    language = models.CharField(max_length=16, default="en")
    checksum = models.CharField(max_length=64)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = ItemVersionQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["item", "n"], name="item_version_n_once"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state=VersionState.LIVE), name="item_version_one_live"
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state__in=["draft", "in_review"]), name="item_version_one_draft"
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="item_version_state"),
            models.CheckConstraint(condition=Q(points__gt=0), name="item_version_points"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, reviewed_by__isnull=True)
                | Q(published_at__isnull=False, reviewed_by__isnull=False),
                name="item_version_published_pair",
            ),
        )

    def __str__(self) -> str:
        return f"{self.n}"


class ItemKey(BrandOwnedModel):
    """What is right. Append-only: a changed key is a new row, and the highest `n` counts."""

    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="keys")
    n = models.PositiveSmallIntegerField()
    key = models.JSONField()
    reason = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    agent_path: ClassVar[str | None] = None

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item_version", "n"], name="item_key_n_once"),)

    def __str__(self) -> str:
        return f"{self.n}"
