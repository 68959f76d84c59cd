"""Programs: a brand's lines of work, and the questions asked of those who apply."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from recruiting.states import (
    PUBLIC_PROGRAM_STATES,
    EngagementMode,
    LineOfBusiness,
    ProgramState,
    QuestionKind,
)


class ProgramQuerySet(TenantQuerySet["Program"]):
    def public(self) -> "ProgramQuerySet":
        """This function will narrow to programs anybody may look at, of brands in good order."""
        return self.filter(state__in=PUBLIC_PROGRAM_STATES, brand__state="active")

    def for_listing(self) -> "ProgramQuerySet":
        """This function will fetch what a list of programs shows."""
        return self.select_related("brand")


class Program(BrandOwnedModel):
    """One line of work for one brand.

    `languages` is a list of {"tag": "en", "level": "B2"}, `required_skills` of {"key": "live-chat", "level": 3},
    `service_hours` of {"weekday": 0, "from": "09:00", "to": "21:00"} in the program's time zone, `countries` of ISO 3166
    codes (empty: anywhere).
    """

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(max_length=60)
    public_slug = models.SlugField(max_length=130, unique=True)
    summary = models.CharField(_("in one sentence"), max_length=240, blank=True)
    description = models.TextField(_("what the work is"), max_length=8000, blank=True)
    line_of_business = models.CharField(
        _("line of business"), max_length=20, choices=LineOfBusiness.choices, default=LineOfBusiness.CUSTOMER_CARE
    )
    channels = models.JSONField(_("channels"), default=list)
    engagement_mode = models.CharField(
        _("how work is given out"), max_length=8, choices=EngagementMode.choices, default=EngagementMode.SHIFT
    )
    languages = models.JSONField(_("languages"), default=list)
    required_skills = models.JSONField(_("skills"), default=list, blank=True)
    countries = models.JSONField(_("countries"), default=list, blank=True)
    equipment = models.JSONField(_("equipment"), default=list, blank=True)
    sensitivity_ceiling = models.PositiveSmallIntegerField(_("highest sensitivity"), default=0)
    timezone = models.CharField(_("time zone"), max_length=64)
    service_hours = models.JSONField(_("service hours"), default=list, blank=True)
    interval_minutes = models.PositiveSmallIntegerField(_("planning interval"), default=30)
    lock_down_hours = models.PositiveSmallIntegerField(_("lock-down"), default=24)
    undo_minutes = models.PositiveSmallIntegerField(_("free undo"), default=5)
    launch_minimum = models.PositiveSmallIntegerField(_("agents needed to launch"), default=5)
    is_launched_at_minimum = models.BooleanField(_("go live by itself when they are there"), default=True)
    is_auto_accepting = models.BooleanField(_("accept everybody who passes the questions"), default=False)
    state = models.CharField(max_length=16, choices=ProgramState.choices, default=ProgramState.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    review_note = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = ProgramQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["brand", "slug"], name="program_slug_once_a_brand"),
            models.UniqueConstraint(fields=["id", "brand"], name="program_brand_pair"),
            models.CheckConstraint(condition=Q(state__in=ProgramState.values), name="program_state"),
            models.CheckConstraint(condition=Q(engagement_mode__in=EngagementMode.values), name="program_mode"),
            models.CheckConstraint(condition=Q(line_of_business__in=LineOfBusiness.values), name="program_line"),
            models.CheckConstraint(condition=Q(interval_minutes__in=(15, 30, 60)), name="program_interval"),
            models.CheckConstraint(condition=Q(sensitivity_ceiling__lte=3), name="program_sensitivity_range"),
            models.CheckConstraint(condition=Q(lock_down_hours__lte=168), name="program_lock_down_range"),
            models.CheckConstraint(condition=Q(undo_minutes__lte=60), name="program_undo_range"),
            models.CheckConstraint(
                condition=Q(launch_minimum__gte=1, launch_minimum__lte=5000), name="program_launch_minimum_range"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True) | Q(submitted_at__isnull=False),
                name="program_submitted_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(*PUBLIC_PROGRAM_STATES, ProgramState.PAUSED)) | Q(published_at__isnull=False),
                name="program_public_is_published",
            ),
        )
        indexes = (models.Index(fields=["state", "-published_at"], name="program_public_list"),)

    def __str__(self) -> str:
        return self.name


class ScreeningQuestion(BrandOwnedModel):
    """A question of the application form.

    `accepted` holds the answers that pass a knock-out question: a list of texts, or {"min": 5} for a number.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    prompt = models.CharField(_("question"), max_length=300)
    kind = models.CharField(_("kind"), max_length=8, choices=QuestionKind.choices, default=QuestionKind.YES_NO)
    options = models.JSONField(_("options"), default=list, blank=True)
    is_knock_out = models.BooleanField(_("rules out"), default=False)
    accepted = models.JSONField(_("answers that pass"), default=list, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    is_retired = models.BooleanField(default=False)

    agent_path: ClassVar[str | None] = None

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=QuestionKind.values), name="screening_question_kind"),
            models.UniqueConstraint(
                fields=["program", "position"], condition=Q(is_retired=False), name="screening_question_place_once"
            ),
        )

    def __str__(self) -> str:
        return self.prompt
