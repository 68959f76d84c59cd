"""What ops see of training: content, to read; enrolments, to support."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from gigcx.kernel import clock
from gigcx.web.admin_site import OpsModelAdmin
from training import actions, queries
from training.models import Course, CourseVersion, Enrolment, Page, PageProgress, TrainingTime
from training.states import EnrolmentState


@admin.register(Course)
class CourseAdmin(OpsModelAdmin):
    """Courses of every brand."""

    list_display = ("title", "brand", "program", "created_at")
    list_select_related = ("brand", "program")
    search_fields = ("title", "brand__name")
    actions = ("close",)

    @admin.action(description=_("Close: nobody new may start"))
    def close(self, request: HttpRequest, queryset: QuerySet[Course]) -> None:
        """This function will take courses out of the catalogue; who is learning may finish."""
        for row in queryset:
            effect = queries.closing_effect(row, at=clock.now())
            act = partial(actions.close_course, course_id=row.pk, effect_digest=effect.digest)
            self.attempt(request, act, str(_("Closed: %(course)s") % {"course": row.title}))


@admin.register(CourseVersion)
class CourseVersionAdmin(OpsModelAdmin):
    """Versions and how they came about."""

    list_display = ("course", "n", "brand", "state", "change", "approved_by", "is_self_approved", "published_at")
    list_filter = ("state", "change", "is_self_approved")
    list_select_related = ("course", "brand", "approved_by")
    search_fields = ("course__title", "brand__name")


@admin.register(Page)
class PageAdmin(OpsModelAdmin):
    """What brands teach, to read."""

    list_display = ("title", "course_title", "brand", "expected_seconds", "is_required")
    list_select_related = ("module__version__course", "brand")
    search_fields = ("title", "body")

    @admin.display(description=_("course"))
    def course_title(self, page: Page) -> str:
        """This function will name the course and version of a page."""
        return f"{page.module.version.course.title} {page.module.version}"


class ProgressInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """How far somebody is."""

    model = PageProgress
    extra = 0
    can_delete = False
    fields = ("page", "active_seconds", "completed_at", "is_carried")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        """This function will read across brands: ops see all."""
        return PageProgress.objects.across_brands().select_related("page").order_by("first_seen_at", "pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """This function will refuse: progress comes from reading."""
        return False


@admin.register(Enrolment)
class EnrolmentAdmin(OpsModelAdmin):
    """Who learns what, with the few things ops may do about it."""

    list_display = ("agent", "course", "version", "brand", "state", "reason", "enrolled_at", "completed_at")
    list_filter = ("state", "kind", "reason", "closing_cause")
    list_select_related = ("agent", "course", "version", "brand")
    search_fields = ("agent__handle", "agent__user__full_name", "course__title")
    inlines = (ProgressInline,)
    actions = ("move_on", "settle")

    @admin.action(description=_("Go over to the published version"))
    def move_on(self, request: HttpRequest, queryset: QuerySet[Enrolment]) -> None:
        """This function will move open enrolments to the newest version."""
        for row in queryset:
            act = partial(actions.move_enrolment, enrolment_id=row.pk)
            self.attempt(request, act, str(_("Moved: %(agent)s") % {"agent": row.agent.handle}))

    @admin.action(description=_("State missing evidence and time"))
    def settle(self, request: HttpRequest, queryset: QuerySet[Enrolment]) -> None:
        """This function will make good what completed enrolments lack."""
        for row in queryset.filter(state=EnrolmentState.COMPLETED):
            act = partial(actions.settle_completed_enrolment, enrolment_id=row.pk)
            self.attempt(request, act, str(_("Settled: %(agent)s") % {"agent": row.agent.handle}))


@admin.register(TrainingTime)
class TrainingTimeAdmin(OpsModelAdmin):
    """Learning time that was stated for pay. Append-only."""

    list_display = ("agent", "course_version", "brand", "reason", "basis", "counted_seconds", "earned_at")
    list_filter = ("reason", "basis")
    list_select_related = ("agent", "course_version__course", "brand")
