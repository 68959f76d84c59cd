"""Tests: what is drawn from which bank, in what time, and what passes."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from vetting.states import VersionState


def default_pauses() -> list[int]:
    """This function will return the hours between tries: a day, a week, a month."""
    return [24, 168, 720]


class Assessment(BrandOwnedModel):
    """A test through all its versions."""

    name = models.CharField(_("name"), max_length=120)
    purpose = models.TextField(_("what it shows"), blank=True, max_length=2000)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["brand", "name"], name="assessment_name_once"),)

    def __str__(self) -> str:
        return self.name


class AssessmentVersionQuerySet(TenantQuerySet["AssessmentVersion"]):
    """Versions of tests."""

    def live(self) -> Self:
        """This function will keep the versions that may be taken."""
        return self.filter(state=VersionState.LIVE)


class AssessmentVersion(BrandOwnedModel):
    """One version. Frozen by a trigger once published."""

    class Feedback(models.TextChoices):
        NONE = "none", _("Pass or not")
        SKILLS = "skills", _("Result and skill profile")

    class Navigation(models.TextChoices):
        FREE = "free", _("Back and forth")
        FORWARD = "forward", _("Forward only")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="versions")
    n = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    introduction = models.TextField(_("what the agent reads first"), blank=True, max_length=4000)
    limit_seconds = models.PositiveIntegerField(
        _("time limit"), default=1800, validators=[MinValueValidator(60), MaxValueValidator(14400)]
    )
    navigation = models.CharField(max_length=8, choices=Navigation.choices, default=Navigation.FREE)
    feedback = models.CharField(_("what is shown"), max_length=8, choices=Feedback.choices, default=Feedback.SKILLS)
    max_tries = models.PositiveSmallIntegerField(
        _("tries"), default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    pause_hours = models.JSONField(_("hours between tries"), default=default_pauses)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    objects = AssessmentVersionQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["assessment", "n"], name="assessment_version_n_once"),
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(state=VersionState.LIVE), name="assessment_version_one_live"
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="assessment_version_state"),
            models.CheckConstraint(condition=Q(limit_seconds__gte=60), name="assessment_version_limit"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="assessment_version_published_pair",
            ),
        )

    def __str__(self) -> str:
        return f"{self.n}"


class AssessmentSection(BrandOwnedModel):
    """A part of a test: `draw` questions from a bank, all of one skill where one is named."""

    version = models.ForeignKey(AssessmentVersion, on_delete=models.PROTECT, related_name="sections")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    bank = models.ForeignKey("ItemBank", on_delete=models.PROTECT, related_name="+")
    skill_code = models.CharField(_("skill"), max_length=60, blank=True)
    draw = models.PositiveSmallIntegerField(_("questions"), validators=[MinValueValidator(1), MaxValueValidator(200)])
    weight = models.PositiveSmallIntegerField(default=1)
    is_shuffled = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["version", "position"], name="assessment_section_once"),
            models.CheckConstraint(condition=Q(draw__gte=1, weight__gte=1), name="assessment_section_counts"),
        )

    def __str__(self) -> str:
        return self.title


class CutScore(BrandOwnedModel):
    """What passes, in per cent, and how that was set; append-only. The newest counts for attempts graded after it."""

    class Method(models.TextChoices):
        ARBITRARY = "arbitrary", _("Arbitrary (a bare percentage)")
        ANGOFF = "angoff", _("Angoff panel")

    version = models.ForeignKey(AssessmentVersion, on_delete=models.PROTECT, related_name="cuts")
    n = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=12, choices=Method.choices, default=Method.ARBITRARY)
    percent = models.DecimalField(_("pass mark"), max_digits=5, decimal_places=2)
    error = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["version", "n"], name="cut_score_n_once"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="cut_score_range"),
        )

    def __str__(self) -> str:
        return f"{self.percent}"
