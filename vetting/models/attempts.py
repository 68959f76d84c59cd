"""Sittings: what was asked, what was answered, what it scored."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.ids import uuid7
from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from vetting.states import OPEN_ATTEMPTS, AttemptState, RatingState


class AttemptQuerySet(TenantQuerySet["Attempt"]):
    """Sittings."""

    def overdue(self, before: datetime) -> Self:
        """This function will keep running sittings whose deadline lies before the given moment."""
        return self.filter(state=AttemptState.IN_PROGRESS, deadline_at__lt=before).order_by("deadline_at", "pk")

    def waiting_for_grade(self) -> Self:
        """This function will keep submitted sittings without a result, oldest first."""
        return self.filter(state=AttemptState.SUBMITTED).order_by("submitted_at", "pk")

    def for_listing(self) -> Self:
        """This function will bring along what a list prints, newest first."""
        return self.select_related("version__assessment", "brand").order_by("-opened_at", "-pk")


class Attempt(BrandOwnedModel):
    """One sitting. Its form is drawn when it is opened, its deadline set when it begins."""

    class SubmittedBy(models.TextChoices):
        AGENT = "agent", _("By you")
        DEADLINE = "deadline", _("When time was up")
        OPS = "ops", _("By ops")

    agent = models.ForeignKey("recruiting.Agent", on_delete=models.PROTECT, related_name="attempts")
    person_id = models.UUIDField()
    assessment = models.ForeignKey("Assessment", on_delete=models.PROTECT, related_name="attempts")
    version = models.ForeignKey("AssessmentVersion", on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=AttemptState.choices, default=AttemptState.CREATED)
    limit_seconds = models.PositiveIntegerField()
    accommodation = models.JSONField(default=dict)
    time_credit_seconds = models.PositiveIntegerField(default=0)
    seat = models.CharField(max_length=64, blank=True)
    seat_taken_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=8, choices=SubmittedBy.choices, blank=True)
    graded_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    agent_path: ClassVar[str | None] = "agent_id"
    objects = AttemptQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=AttemptState.values), name="attempt_state"),
            models.UniqueConstraint(
                fields=["person_id", "assessment"], condition=Q(state__in=OPEN_ATTEMPTS), name="attempt_one_open"
            ),
            models.UniqueConstraint(fields=["person_id", "assessment", "number"], name="attempt_number_once"),
            models.CheckConstraint(
                condition=Q(deadline_at__isnull=True) | Q(deadline_at__gt=F("started_at")), name="attempt_deadline"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by="")
                | (Q(submitted_at__isnull=False) & ~Q(submitted_by="")),
                name="attempt_submitted_pair",
            ),
        )
        indexes = (
            models.Index(fields=["deadline_at"], name="attempt_running", condition=Q(state=AttemptState.IN_PROGRESS)),
            models.Index(fields=["submitted_at"], name="attempt_ungraded", condition=Q(state=AttemptState.SUBMITTED)),
            models.Index(fields=["agent", "opened_at"], name="attempt_by_agent"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class OfAttempt(OwnedModel):
    """Rows below a sitting: seen by whoever sees the sitting."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class AttemptItem(OfAttempt):
    """One question of one sitting, with the order its options were shown in."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    item_version = models.ForeignKey("ItemVersion", on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=120, blank=True)
    skill = models.CharField(max_length=60, blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    max_points = models.DecimalField(max_digits=6, decimal_places=2)
    option_order = models.JSONField(default=list)
    shown_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    brand_path: ClassVar[str] = "attempt__brand_id"
    agent_path: ClassVar[str | None] = "attempt__agent_id"

    class Meta:
        constraints = (models.UniqueConstraint(fields=["attempt", "position"], name="attempt_item_position_once"),)

    def __str__(self) -> str:
        return f"{self.position}"


class Response(OfAttempt):
    """An answer as it was saved; append-only. The highest `client_seq` of an item is the answer."""

    attempt_item = models.ForeignKey(AttemptItem, on_delete=models.PROTECT, related_name="responses")
    client_seq = models.PositiveIntegerField()
    payload = models.JSONField()
    saved_at = models.DateTimeField()

    brand_path: ClassVar[str] = "attempt_item__attempt__brand_id"
    agent_path: ClassVar[str | None] = "attempt_item__attempt__agent_id"

    class Meta:
        constraints = (models.UniqueConstraint(fields=["attempt_item", "client_seq"], name="response_seq_once"),)

    def __str__(self) -> str:
        return f"{self.client_seq}"


class ItemScore(OfAttempt):
    """Points for one answer by one grader and one key; append-only."""

    attempt_item = models.ForeignKey(AttemptItem, on_delete=models.PROTECT, related_name="scores")
    item_key = models.ForeignKey("ItemKey", on_delete=models.PROTECT, related_name="+")
    grader = models.CharField(max_length=60)
    points = models.DecimalField(max_digits=9, decimal_places=4)
    max_points = models.DecimalField(max_digits=9, decimal_places=4)
    scored_at = models.DateTimeField()

    brand_path: ClassVar[str] = "attempt_item__attempt__brand_id"

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["attempt_item", "grader", "item_key"], name="item_score_once"),
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=F("max_points")), name="item_score_range"),
        )

    def __str__(self) -> str:
        return f"{self.points}"


class AttemptResult(OfAttempt):
    """What an attempt came to; append-only. A correction is a new row with the next `n`."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="results")
    n = models.PositiveSmallIntegerField(default=1)
    points = models.DecimalField(max_digits=10, decimal_places=4)
    max_points = models.DecimalField(max_digits=10, decimal_places=4)
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    is_passed = models.BooleanField()
    cut_score = models.ForeignKey("CutScore", on_delete=models.PROTECT, related_name="+")
    skill_profile = models.JSONField(default=dict)
    checksum = models.CharField(max_length=64)
    cause = models.CharField(max_length=24, default="first_grading")
    graded_at = models.DateTimeField()

    brand_path: ClassVar[str] = "attempt__brand_id"
    agent_path: ClassVar[str | None] = "attempt__agent_id"

    class Meta:
        constraints = (models.UniqueConstraint(fields=["attempt", "n"], name="attempt_result_n_once"),)

    def __str__(self) -> str:
        return f"{self.percent}"


class RatingTask(OfAttempt):
    """An answer a machine could not settle: open text, or a grader that failed."""

    class Cause(models.TextChoices):
        OPEN_ANSWER = "open_answer", _("No accepted answer fits")
        FAULT = "fault", _("The grader failed")

    attempt_item = models.OneToOneField(AttemptItem, on_delete=models.PROTECT, related_name="rating_task")
    cause = models.CharField(max_length=12, choices=Cause.choices)
    state = models.CharField(max_length=8, choices=RatingState.choices, default=RatingState.OPEN)
    fault = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    brand_path: ClassVar[str] = "attempt_item__attempt__brand_id"

    class Meta:
        verbose_name = _("answer to rate")
        verbose_name_plural = _("answers to rate")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=RatingState.values), name="rating_task_state"),
            models.CheckConstraint(
                condition=Q(state=RatingState.DONE, done_at__isnull=False)
                | (~Q(state=RatingState.DONE) & Q(done_at__isnull=True)),
                name="rating_task_done_pair",
            ),
        )
        indexes = (models.Index(fields=["opened_at"], name="rating_task_open", condition=Q(state=RatingState.OPEN)),)

    def __str__(self) -> str:
        return self.cause


class Rating(OfAttempt):
    """A person's points for an answer; append-only."""

    task = models.ForeignKey(RatingTask, on_delete=models.PROTECT, related_name="ratings")
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=9, decimal_places=4)
    note = models.TextField(blank=True)
    rated_at = models.DateTimeField()

    brand_path: ClassVar[str] = "task__attempt_item__attempt__brand_id"

    class Meta:
        constraints = (models.UniqueConstraint(fields=["task", "rated_by"], name="rating_once_a_person"),)

    def __str__(self) -> str:
        return f"{self.points}"
