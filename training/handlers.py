"""What training does when it hears of something, and what it tells people. Each may run twice."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gigcx.audit.outbox import Delivered
from gigcx.notify.registries import Kind, Message, kind, tell
from gigcx.tenancy.actors import SystemActor
from recruiting.events import EngagementEnded
from training import actions
from training.events import EnrolmentClosed
from training.models import Enrolment
from training.states import CLOSING_SENTENCES, COURSE_CLOSES, ClosingCause

HEARD = SystemActor("training")


def close_enrolments(event: EngagementEnded, delivered: Delivered) -> None:
    """This function will close what the agent had open in that program; an engagement has one end, so twice is once."""
    cause = event.reason if event.reason in ClosingCause.values else ClosingCause.BRAND_ENDED
    actions.close_enrolments(engagement_id=event.engagement_id, cause=cause, by=HEARD, at=delivered.at)


def register_notices() -> None:
    """This function will register the kinds of notices and who gets them."""
    kind(Kind("course_closed", _("Courses closed to you")))
    kind(Kind(COURSE_CLOSES, _("Courses that close soon"), stale_after=timedelta(hours=20)))
    tell(EnrolmentClosed, "course_closed", enrolment_closed)


def enrolment_closed(fact: EnrolmentClosed, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent why their course ended and where the rest stands."""
    rows = Enrolment.objects.across_brands().select_related("course")
    enrolment = rows.filter(pk=fact.enrolment_id).first()
    if enrolment is None or not enrolment.closing_cause:
        return []
    title = _("%(course)s has ended for you") % {"course": enrolment.course.title}
    words = CLOSING_SENTENCES[ClosingCause(enrolment.closing_cause)]
    url = reverse("training:course-home", kwargs={"enrolment_id": enrolment.pk})
    return [Message(enrolment.person_id, title, words, url, _("What was paid"), brand_id=enrolment.brand_id)]
