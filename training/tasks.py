"""Background work of training."""

from datetime import datetime
from uuid import UUID, uuid5

from celery import shared_task
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gigcx.kernel import clock
from gigcx.kernel.intervals import zone_of
from gigcx.notify.actions import notify_all
from gigcx.notify.registries import Message
from gigcx.tenancy.actors import SystemActor
from gigcx.web.formats import moment_text
from training import actions
from training.models import Enrolment
from training.queries import enrolments_to_close, unsettled_enrolments
from training.queries.closing import enrolments_to_warn
from training.states import COURSE_CLOSES

SWEEP = SystemActor("training sweep")


@shared_task(queue="default", ignore_result=True, acks_late=True, soft_time_limit=270, time_limit=300)
def settle_completed_enrolments() -> None:
    """This function will make good what completed enrolments lack: evidence or paid time."""
    for enrolment_id in unsettled_enrolments():
        settle_completed_enrolment(enrolment_id=str(enrolment_id))


@shared_task(queue="default", ignore_result=True, acks_late=True, soft_time_limit=50, time_limit=60)
def settle_completed_enrolment(*, enrolment_id: str) -> None:
    """This function will make good what one completed enrolment lacks."""
    actions.settle_completed_enrolment(enrolment_id=UUID(enrolment_id), by=SWEEP, at=clock.now())


@shared_task(queue="default", ignore_result=True, acks_late=True, soft_time_limit=270, time_limit=300)
def close_due_enrolments() -> None:
    """This function will close enrolments whose engagement has ended or whose course's last day is over."""
    for enrolment_id in enrolments_to_close(clock.now()):
        close_due_enrolment(enrolment_id=str(enrolment_id))


@shared_task(queue="default", ignore_result=True, acks_late=True, soft_time_limit=50, time_limit=60)
def close_due_enrolment(*, enrolment_id: str) -> None:
    """This function will close one enrolment if it is still due."""
    actions.close_due_enrolment(enrolment_id=UUID(enrolment_id), by=SWEEP, at=clock.now())


@shared_task(queue="default", ignore_result=True, acks_late=True, soft_time_limit=270, time_limit=300)
def warn_of_closing() -> None:
    """This function will tell learners 7, 3 and 1 days before their course closes, each once."""
    at = clock.now()
    for enrolment_id, days in enrolments_to_warn(at):
        tell_of_closing(enrolment_id, days, at=at)


def tell_of_closing(enrolment_id: UUID, days: int, *, at: datetime) -> None:
    """This function will tell one learner until when they may finish."""
    enrolment = Enrolment.objects.across_brands().select_related("course", "person").get(pk=enrolment_id)
    if enrolment.cutover_at is None:
        return
    words = ngettext_lazy("%(course)s closes in %(n)s day", "%(course)s closes in %(n)s days", days)
    title = words % {"course": enrolment.course.title, "n": days}
    until = moment_text(enrolment.cutover_at, zone_of(enrolment.person.timezone or "UTC"))
    text = _("You can finish it until %(until)s. Chapters you finish by then are paid.") % {"until": until}
    url = reverse("training:course-home", kwargs={"enrolment_id": enrolment.pk})
    told = Message(enrolment.person_id, title, text, url, _("Go on"), brand_id=enrolment.brand_id)
    once = uuid5(enrolment.pk, f"closes in {days}")
    notify_all([told], kind_code=COURSE_CLOSES, event_id=once, occurred_at=at, at=at)
