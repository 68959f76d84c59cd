"""Who learns what: enrolments, progress, answers and the time that is paid."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from training.models.content import Course, CourseVersion, KnowledgeCheck, Page
from training.states import (
    OPEN_ENROLMENT_STATES,
    ClosingCause,
    EnrolmentKind,
    EnrolmentReason,
    EnrolmentState,
    PayBasis,
)


class EnrolmentQuerySet(TenantQuerySet["Enrolment"]):
    """Enrolments."""

    def open(self) -> Self:
        """This function will keep the enrolments that still go on."""
        return self.filter(state__in=OPEN_ENROLMENT_STATES)

    def completed(self) -> Self:
        """This function will keep the finished enrolments."""
        return self.filter(state=EnrolmentState.COMPLETED)

    def for_listing(self) -> Self:
        """This function will add what a list of enrolments shows, newest first."""
        return self.select_related("course__program", "version", "brand").order_by("-enrolled_at", "pk")


class Enrolment(BrandOwnedModel):
    """One agent's way through one version of a course."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey("recruiting.Agent", on_delete=models.PROTECT, related_name="enrolments")
    engagement = models.ForeignKey("recruiting.Engagement", on_delete=models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="enrolments")
    kind = models.CharField(max_length=16, choices=EnrolmentKind.choices, default=EnrolmentKind.FULL)
    reason = models.CharField(max_length=16, choices=EnrolmentReason.choices, default=EnrolmentReason.FIRST)
    state = models.CharField(max_length=16, choices=EnrolmentState.choices, default=EnrolmentState.ENROLLED)
    locale = models.CharField(max_length=16, default="en")
    due_at = models.DateTimeField(null=True)
    cutover_at = models.DateTimeField(null=True)
    moved_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    last_page = models.ForeignKey(Page, on_delete=models.PROTECT, null=True, related_name="+")
    enrolled_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    closing_cause = models.CharField(max_length=16, choices=ClosingCause.choices, blank=True, default="")

    agent_path: ClassVar[str | None] = "agent_id"
    objects = EnrolmentQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["agent", "course"], condition=Q(state__in=OPEN_ENROLMENT_STATES), name="enrolment_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=EnrolmentState.values), name="enrolment_state"),
            models.CheckConstraint(condition=Q(kind__in=EnrolmentKind.values), name="enrolment_kind"),
            models.CheckConstraint(condition=Q(reason__in=EnrolmentReason.values), name="enrolment_reason"),
            models.CheckConstraint(
                condition=Q(state=EnrolmentState.COMPLETED, completed_at__isnull=False)
                | (~Q(state=EnrolmentState.COMPLETED) & Q(completed_at__isnull=True)),
                name="enrolment_completed_at",
            ),
            models.CheckConstraint(
                condition=Q(state=EnrolmentState.CLOSED, closing_cause__in=ClosingCause.values)
                | (~Q(state=EnrolmentState.CLOSED) & Q(closing_cause="")),
                name="enrolment_closing_cause",
            ),
        )
        indexes = (
            models.Index(fields=["agent", "enrolled_at"], name="enrolment_by_agent"),
            models.Index(fields=["version", "state"], name="enrolment_by_version"),
            models.Index(fields=["completed_at"], name="enrolment_done", condition=Q(state="completed")),
        )

    def __str__(self) -> str:
        return self.state


class PageProgress(BrandOwnedModel):
    """How far an enrolment is with one page. The time is evidence and pay, never a lock."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="progress")
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="+")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    active_seconds = models.PositiveIntegerField(default=0)
    completed_at = models.DateTimeField(null=True)
    is_carried = models.BooleanField(default=False)

    agent_path: ClassVar[str | None] = "enrolment__agent_id"

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["enrolment", "page"], name="page_progress_once"),
            models.CheckConstraint(condition=Q(last_seen_at__gte=F("first_seen_at")), name="page_progress_order"),
        )

    def __str__(self) -> str:
        return f"{self.active_seconds} s"


class CheckAnswer(BrandOwnedModel):
    """One answer to one question. Append-only; `client_seq` makes a repeated send one row."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="answers")
    knowledge_check = models.ForeignKey(KnowledgeCheck, on_delete=models.PROTECT, related_name="+")
    client_seq = models.PositiveIntegerField()
    response = models.JSONField()
    score = models.DecimalField(max_digits=7, decimal_places=4)
    is_correct = models.BooleanField()
    answered_at = models.DateTimeField()

    agent_path: ClassVar[str | None] = "enrolment__agent_id"

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["enrolment", "knowledge_check", "client_seq"], name="check_answer_once"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="check_answer_score"),
        )

    def __str__(self) -> str:
        return f"{self.client_seq}"


class LearningClock(OwnedModel):
    """Up to when a person's learning time is counted, over all courses: ten tabs of an hour are one hour."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    agent = models.ForeignKey("recruiting.Agent", on_delete=models.PROTECT, related_name="+")
    counted_until = models.DateTimeField()

    brand_path: ClassVar[str] = ""
    agent_path: ClassVar[str | None] = "agent_id"

    def __str__(self) -> str:
        return f"{self.counted_until:%Y-%m-%d %H:%M}"


class TrainingTime(BrandOwnedModel):
    """Learning time that is paid, in seconds, never in money. Written once and never changed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey("recruiting.Agent", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="times")
    course_version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=16, choices=EnrolmentReason.choices)
    period = models.CharField(max_length=7, blank=True, default="")
    basis = models.CharField(max_length=16, choices=PayBasis.choices)
    counted_seconds = models.PositiveIntegerField()
    earned_at = models.DateTimeField()

    agent_path: ClassVar[str | None] = "agent_id"

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "course_version", "reason", "period"], name="training_time_once"),
            models.CheckConstraint(condition=Q(reason__in=EnrolmentReason.values), name="training_time_reason"),
            models.CheckConstraint(condition=Q(basis__in=PayBasis.values), name="training_time_basis"),
        )
        indexes = (models.Index(fields=["agent", "earned_at"], name="training_time_by_agent"),)

    def __str__(self) -> str:
        return f"{self.counted_seconds} s"
