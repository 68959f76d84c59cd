"""Answers that wait for a person, and the tables of sittings."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from gigcx.accounts.models import User
from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from vetting import actions
from vetting.forms import RatingForm
from vetting.models import Attempt, AttemptItem, AttemptResult, ItemScore, Rating, RatingTask, Response
from vetting.queries import answer_to_rate, waiting_for_a_rater
from vetting.states import RatingState


@admin.register(RatingTask)
class RatingTaskAdmin(OpsModelAdmin):
    """Grading faults and open answers: the answer, what is accepted, and points. No name is shown."""

    list_display = ("opened_at", "cause", "state", "done_at")
    list_filter = ("state", "cause")
    ordering = ("opened_at", "pk")

    def get_urls(self) -> list[URLPattern]:
        """This function will put the rating page in the place of the form."""
        page = self.admin_site.admin_view(self.rate)
        return [path("<uuid:task_id>/change/", page, name="vetting_ratingtask_change"), *super().get_urls()]

    def rate(self, request: HttpRequest, task_id: UUID) -> HttpResponse:
        """This function will show one answer and take the points."""
        task = RatingTask.objects.for_actor(OpsActor(cast(User, request.user))).filter(pk=task_id).first()
        if task is None:
            raise NotFound
        form = RatingForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and _rated(request, task, form):
            following = waiting_for_a_rater().values_list("pk", flat=True).first()
            if following is not None:
                return redirect("admin:vetting_ratingtask_change", task_id=following)
            return redirect("admin:vetting_ratingtask_changelist")
        asked, accepted = answer_to_rate(task)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Answer to rate"),
            "opts": self.opts,
            "task": task,
            "asked": asked,
            "accepted": accepted,
            "most": AttemptItem.objects.across_brands()
            .values_list("max_points", flat=True)
            .get(pk=task.attempt_item_id),
            "is_open": task.state != RatingState.DONE,
            "form": form,
        }
        return render(request, "admin/vetting/rating.html", context, status=422 if form.errors else 200)


def _rated(request: HttpRequest, task: RatingTask, form: RatingForm) -> bool:
    try:
        actions.record_rating(
            task_id=task.pk,
            points=form.cleaned_data["points"],
            note=form.cleaned_data["note"],
            by=OpsActor(cast(User, request.user)),
            at=clock.now(),
        )
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    messages.success(request, _("Noted."))
    return True


@admin.register(Attempt)
class AttemptAdmin(OpsModelAdmin):
    """Sittings."""

    list_display = ("opened_at", "assessment", "agent", "number", "state", "submitted_at", "submitted_by")
    list_filter = ("state", "submitted_by")
    list_select_related = ("assessment", "agent")
    exclude = ("seed", "seat")


@admin.register(AttemptResult)
class AttemptResultAdmin(OpsModelAdmin):
    """Results with their checksums."""

    list_display = ("graded_at", "attempt", "n", "percent", "is_passed", "checksum")
    list_filter = ("is_passed",)
    list_select_related = ("attempt",)


@admin.register(ItemScore)
class ItemScoreAdmin(OpsModelAdmin):
    """Points by item, grader and key."""

    list_display = ("scored_at", "attempt_item", "grader", "points", "max_points")
    list_select_related = ("attempt_item",)


@admin.register(Response)
class ResponseAdmin(OpsModelAdmin):
    """Every answer as it was saved."""

    list_display = ("saved_at", "attempt_item", "client_seq")
    list_select_related = ("attempt_item",)


@admin.register(Rating)
class RatingAdmin(OpsModelAdmin):
    """Points that people gave."""

    list_display = ("rated_at", "task", "rated_by", "points")
    list_select_related = ("task", "rated_by")
