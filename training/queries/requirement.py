"""The requirement kind "course": a certification may ask for a finished course."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from gigcx.kernel.errors import Invalid
from recruiting.models import Agent
from training.models import Course, CourseVersion
from training.queries.content import current_version
from training.queries.learning import open_enrolment_of
from training.states import ChangeClass, CourseVersionState
from vetting.graph import Verdict
from vetting.models import Evidence
from vetting.registries import NextStep


@dataclass(frozen=True, slots=True)
class Demand:
    """A version that asked for more: from when, and until when what was shown before still counts."""

    since: datetime
    deadline: datetime


class CourseKind:
    """Params: `{"subject_key": course id}`. Evidence counts until a bigger change of the course overtakes it."""

    code = "course"

    @property
    def name(self) -> str:
        """What the builder calls it."""
        return _("Course")

    def clean_params(self, raw: Mapping[str, Any], *, brand_id: UUID) -> dict[str, Any]:
        """This function will return the course as canonical params.

        Raises:
            Invalid: no published course of this brand was named.
        """
        known = {key for key, _label in self.choices(brand_id=brand_id)}
        subject = str(raw.get("subject_key", ""))
        if subject not in known:
            raise Invalid(_("Choose one of your published courses."), field="subject_key")
        return {"subject_key": subject}

    def choices(self, *, brand_id: UUID) -> Sequence[tuple[str, str]]:
        """This function will return the brand's published courses as (id, title)."""
        published = CourseVersion.objects.for_brand(brand_id).in_catalogue().values("course")
        rows = Course.objects.for_brand(brand_id).filter(pk__in=published).order_by("title", "pk")
        return [(str(row.pk), row.title) for row in rows]

    def minutes(self, params: Mapping[str, Any]) -> int:
        """This function will return what the published version says it takes."""
        rows = CourseVersion.objects.across_brands().in_catalogue().filter(course_id=params["subject_key"])
        return rows.values_list("expected_minutes", flat=True).first() or 0

    def context(self, params: Mapping[str, Any], at: datetime) -> tuple[Demand, ...]:
        """This function will read, once for many agents, which versions asked for more and by when."""
        rows = CourseVersion.objects.across_brands().filter(
            course_id=params["subject_key"], state=CourseVersionState.PUBLISHED, grandfather_until__isnull=False
        )
        rows = rows.exclude(change=ChangeClass.MINOR).order_by("n")
        return tuple(Demand(row.published_at, row.grandfather_until) for row in rows if row.published_at)  # type: ignore[arg-type]  # not null by the filter

    def judge(
        self, evidence: Sequence[Evidence], params: Mapping[str, Any], context: Sequence[Demand], at: datetime
    ) -> Verdict:
        """This function will take the evidence that holds longest; a newer demand ends older evidence at its deadline."""
        held = [(_until(row, context), row) for row in evidence if row.subject_key == params["subject_key"]]
        standing = [(until, row) for until, row in held if until is None or until > at]
        if not standing:
            return Verdict(False, blocker="course_changed" if held else "course_open")
        until, row = max(standing, key=lambda pair: (pair[0] is None, pair[0].timestamp() if pair[0] else 0.0))
        return Verdict(True, until=until, evidence_id=str(row.pk))

    def next_step(self, agent: Agent, params: Mapping[str, Any], at: datetime) -> NextStep | None:
        """This function will lead to the open enrolment, or to the course's page where it begins."""
        course_id = UUID(params["subject_key"])
        version = current_version(course_id)
        if version is None:
            return NextStep("course_not_published", _("The brand publishes the course"), "brand")
        if enrolment := open_enrolment_of(agent.pk, course_id):
            url = reverse("training:course-home", kwargs={"enrolment_id": enrolment.pk})
            return NextStep("course_open", _("Go on with the course"), "agent", url, enrolment.due_at)
        url = reverse("training:course-about", kwargs={"course_id": course_id})
        return NextStep("course_open", _("Take the course"), "agent", url)


def _until(row: Evidence, context: Sequence[Demand]) -> datetime | None:
    ends = [demand.deadline for demand in context if demand.since > row.obtained_at]
    ends += [row.valid_until] if row.valid_until else []
    return min(ends, default=None)
