"""What is taught: courses, their versions, modules, pages and questions. Published rows are frozen by triggers."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from training.states import OPEN_DRAFT_STATES, ChangeClass, CheckKind, CourseVersionState, PageKind, PayBasis


class CourseQuerySet(TenantQuerySet["Course"]):
    """Courses."""

    def for_listing(self) -> Self:
        """This function will add the program and the counts that a list of courses shows, newest first."""
        open_now = Q(enrolments__state__in=("enrolled", "in_progress", "awaiting_result"))
        return (
            self.select_related("program")
            .annotate(
                learners_open=models.Count("enrolments", filter=open_now, distinct=True),
                learners_done=models.Count("enrolments", filter=Q(enrolments__state="completed"), distinct=True),
            )
            .order_by("-created_at", "pk")
        )


class Course(BrandOwnedModel):
    """A subject a brand teaches; what it says lives in its versions."""

    program = models.ForeignKey("recruiting.Program", on_delete=models.PROTECT, null=True, related_name="courses")
    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(max_length=80)
    summary = models.CharField(_("what it teaches"), max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = CourseQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (models.UniqueConstraint(fields=["brand", "slug"], name="course_slug_once"),)
        indexes = (models.Index(fields=["program"], name="course_by_program"),)

    def __str__(self) -> str:
        return self.title


class CourseVersionQuerySet(TenantQuerySet["CourseVersion"]):
    """Versions of courses."""

    def in_catalogue(self) -> Self:
        """This function will keep the versions that new learners get."""
        return self.filter(state=CourseVersionState.PUBLISHED, left_catalogue_at__isnull=True)

    def open_drafts(self) -> Self:
        """This function will keep the versions that are still being made."""
        return self.filter(state__in=OPEN_DRAFT_STATES)


class CourseVersion(BrandOwnedModel):
    """One edition of a course. Draft, reviewed by a second person, published, and from then on frozen.

    `author_ids` are the ids, as text, of everybody who wrote in it: none of them approves it.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    n = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=CourseVersionState.choices, default=CourseVersionState.DRAFT)
    change = models.CharField(_("kind of change"), max_length=16, choices=ChangeClass.choices, blank=True)
    change_note = models.CharField(_("what changed"), max_length=300, blank=True)
    source_locale = models.CharField(max_length=16, default="en")
    expected_minutes = models.PositiveSmallIntegerField(_("minutes it takes"), default=30)
    pay_basis = models.CharField(_("paid time"), max_length=16, choices=PayBasis.choices, default=PayBasis.FIXED)
    due_days = models.PositiveSmallIntegerField(_("days to finish changed pages"), default=14)
    grandfather_until = models.DateTimeField(null=True)
    checksum = models.CharField(max_length=64, blank=True)
    review_comment = models.TextField(blank=True)
    author_ids = models.JSONField(default=list)
    is_self_approved = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    left_catalogue_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = CourseVersionQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["course", "n"], name="course_version_once"),
            models.UniqueConstraint(
                fields=["course"], condition=Q(state__in=OPEN_DRAFT_STATES), name="course_version_one_draft"
            ),
            models.UniqueConstraint(
                fields=["course"],
                condition=Q(state=CourseVersionState.PUBLISHED, left_catalogue_at__isnull=True),
                name="course_version_one_in_catalogue",
            ),
            models.CheckConstraint(condition=Q(state__in=CourseVersionState.values), name="course_version_state"),
            models.CheckConstraint(condition=Q(change__in=["", *ChangeClass.values]), name="course_version_change"),
            models.CheckConstraint(condition=Q(pay_basis__in=PayBasis.values), name="course_version_pay_basis"),
            models.CheckConstraint(
                condition=Q(expected_minutes__gte=1, expected_minutes__lte=2400), name="course_version_minutes"
            ),
            models.CheckConstraint(condition=Q(due_days__gte=1, due_days__lte=365), name="course_version_due_days"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="course_version_approved_pair",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="course_version_published_pair",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(is_self_approved=True) | ~Q(approved_by=F("created_by")),
                name="course_version_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state=CourseVersionState.PUBLISHED)
                | (Q(published_at__isnull=False) & ~Q(checksum="") & ~Q(change="")),
                name="course_version_published_whole",
            ),
        )

    def __str__(self) -> str:
        return f"v{self.n}"


class Module(BrandOwnedModel):
    """A chapter of a version. `stable_key` names the same module in every version."""

    version = models.ForeignKey(CourseVersion, on_delete=models.CASCADE, related_name="modules")
    position = models.PositiveSmallIntegerField()
    stable_key = models.UUIDField()
    title = models.CharField(_("title"), max_length=120)
    skill_codes = models.JSONField(default=list)
    is_skippable = models.BooleanField(default=True)
    is_delta = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["version", "stable_key"], name="module_once"),
            models.UniqueConstraint(
                fields=["version", "position"], name="module_position_once", deferrable=models.Deferrable.DEFERRED
            ),
        )

    def __str__(self) -> str:
        return self.title


class Page(BrandOwnedModel):
    """A page of Markdown. `checksum` covers title, text and questions, so it says whether a page has to be read again."""

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="pages")
    position = models.PositiveSmallIntegerField()
    stable_key = models.UUIDField()
    kind = models.CharField(max_length=16, choices=PageKind.choices, default=PageKind.TEXT)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), blank=True)
    expected_seconds = models.PositiveIntegerField(default=0)
    is_required = models.BooleanField(_("has to be read"), default=True)
    checksum = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["module", "stable_key"], name="page_once"),
            models.UniqueConstraint(
                fields=["module", "position"], name="page_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(kind__in=PageKind.values), name="page_kind"),
        )

    def __str__(self) -> str:
        return self.title


class KnowledgeCheck(BrandOwnedModel):
    """A question on a page: what everybody may see of it. `key` is its name in the page's text."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="checks")
    key = models.SlugField(_("key"), max_length=50)
    kind = models.CharField(_("kind"), max_length=16, choices=CheckKind.choices)
    payload = models.JSONField()
    objective = models.CharField(_("what it checks"), max_length=160, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["page", "key"], name="knowledge_check_once"),
            models.CheckConstraint(condition=Q(kind__in=CheckKind.values), name="knowledge_check_kind"),
        )

    def __str__(self) -> str:
        return self.key


class KnowledgeCheckKey(BrandOwnedModel):
    """The right answer and the words for each answer. Apart from the question, so that no agent's payload can carry it."""

    knowledge_check = models.OneToOneField(KnowledgeCheck, on_delete=models.CASCADE, related_name="secret")
    key = models.JSONField()
    feedback = models.JSONField(default=dict)

    agent_path: ClassVar[str | None] = None

    def __str__(self) -> str:
        return "key"
