"""What certifications make of a finished course."""

from datetime import timedelta

import pytest

from gigcx.kernel.errors import Invalid
from gigcx.tenancy.actors import AgentActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent
from tests.training.steps import AT, finish
from training.models import Course, CourseVersion, Enrolment
from training.queries.requirement import CourseKind, Demand
from vetting.models import Evidence


def test_a_finished_course_meets_the_requirement(ada: AgentActor, ada_obi: Agent, enrolment: Enrolment) -> None:
    kind = CourseKind()
    params = kind.clean_params({"subject_key": str(enrolment.course_id)}, brand_id=enrolment.brand_id)
    step = kind.next_step(ada_obi, params, AT)
    assert step is not None
    assert step.url == f"/work/learn/courses/{enrolment.pk}/"
    finish(enrolment, ada)
    evidence = list(Evidence.objects.across_brands().filter(agent=ada_obi))
    assert kind.judge(evidence, params, kind.context(params, AT), AT).is_met
    assert not kind.judge([], params, kind.context(params, AT), AT).is_met


def test_only_published_courses_of_the_brand_can_be_asked_for(
    course: Course, globex: Brand, version: CourseVersion
) -> None:
    with pytest.raises(Invalid):
        CourseKind().clean_params({"subject_key": str(course.pk)}, brand_id=globex.pk)
    assert CourseKind().choices(brand_id=course.brand_id) == [(str(course.pk), course.title)]


def test_earlier_evidence_counts_until_the_deadline_of_a_bigger_change(
    ada: AgentActor, ada_obi: Agent, enrolment: Enrolment
) -> None:
    finish(enrolment, ada)
    evidence = list(Evidence.objects.across_brands().filter(agent=ada_obi))
    params = {"subject_key": str(enrolment.course_id)}
    deadline = AT + timedelta(days=14)
    context = (Demand(AT + timedelta(days=1), deadline),)
    before = CourseKind().judge(evidence, params, context, AT + timedelta(days=2))
    assert (before.is_met, before.until) == (True, deadline)
    assert CourseKind().judge(evidence, params, context, deadline).blocker == "course_changed"
