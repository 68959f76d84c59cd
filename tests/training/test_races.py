"""Two at once, on real connections."""

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.tenancy.actors import AgentActor
from recruiting.models import Agent
from recruiting.states import EngagementState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import training as train
from tests.races.presses import at_once
from training import actions
from training.errors import EnrolmentExists
from training.models import CheckAnswer, CourseVersion, Enrolment, TrainingTime
from vetting.models import Evidence

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AT = cast.MONDAY_NOON


@pytest.fixture
def learning() -> tuple[Agent, CourseVersion]:
    program = recruit.make_program(cast.make_brand("Acme"))
    agent = recruit.make_agent("Ada Obi")
    recruit.make_engagement(agent, program, state=EngagementState.ACCEPTED)
    return agent, train.make_version(train.make_course(program))


def _ready(agent: Agent, version: CourseVersion) -> tuple[Enrolment, AgentActor]:
    me = recruit.agent_actor(agent)
    enrolment = actions.enroll(course_id=version.course_id, by=me, at=AT)
    first = train.pages_of(version)[0]
    check, right = train.check_of(first), {"options": ["a"]}
    actions.answer_check(enrolment_id=enrolment.pk, check_id=check.pk, client_seq=1, response=right, by=me, at=AT)
    actions.complete_page(enrolment_id=enrolment.pk, page_id=first.pk, by=me, at=AT)
    return enrolment, me


def test_two_completions_at_once_make_one_time_and_one_evidence(learning: tuple[Agent, CourseVersion]) -> None:
    enrolment, me = _ready(*learning)
    last = train.pages_of(learning[1])[1]
    results = at_once(
        lambda _place: actions.complete_page(enrolment_id=enrolment.pk, page_id=last.pk, by=me, at=AT), times=4
    )
    assert [type(result) for result in results] == [Enrolment] * 4
    assert TrainingTime.objects.across_brands().count() == 1
    assert Evidence.objects.across_brands().count() == 1
    assert OutboxEvent.objects.filter(type="training.training_time_earned").count() == 1
    assert OutboxEvent.objects.filter(type="training.enrolment_completed").count() == 1


def test_the_sweep_and_a_completion_at_once_state_the_time_once(learning: tuple[Agent, CourseVersion]) -> None:
    agent, version = learning
    enrolment = train.make_enrolment(agent, version, state="completed")
    me = recruit.agent_actor(agent)
    at_once(lambda _place: actions.settle_completed_enrolment(enrolment_id=enrolment.pk, by=me, at=AT), times=4)
    assert TrainingTime.objects.across_brands().count() == 1
    assert OutboxEvent.objects.filter(type="training.training_time_earned").count() == 1


def test_enrolling_twice_at_once_opens_one_enrolment(learning: tuple[Agent, CourseVersion]) -> None:
    agent, version = learning
    me = recruit.agent_actor(agent)
    results = at_once(lambda _place: actions.enroll(course_id=version.course_id, by=me, at=AT), times=4)
    assert sum(isinstance(result, Enrolment) for result in results) == 1
    assert sum(isinstance(result, EnrolmentExists) for result in results) == 3


def test_one_answer_sent_twice_at_once_is_one_row(learning: tuple[Agent, CourseVersion]) -> None:
    agent, version = learning
    me = recruit.agent_actor(agent)
    enrolment = actions.enroll(course_id=version.course_id, by=me, at=AT)
    check = train.check_of(train.pages_of(version)[0])
    results = at_once(
        lambda _place: actions.answer_check(
            enrolment_id=enrolment.pk, check_id=check.pk, client_seq=1, response={"options": ["b"]}, by=me, at=AT
        ),
        times=4,
    )
    assert {type(result) for result in results} == {CheckAnswer}
    assert CheckAnswer.objects.across_brands().count() == 1


def test_four_tabs_that_report_at_once_count_one_ping(learning: tuple[Agent, CourseVersion]) -> None:
    agent, version = learning
    me = recruit.agent_actor(agent)
    enrolment = actions.enroll(course_id=version.course_id, by=me, at=AT)
    page = train.pages_of(version)[0]
    results = at_once(
        lambda _place: actions.record_activity(enrolment_id=enrolment.pk, page_id=page.pk, pings=[AT], by=me, at=AT),
        times=4,
    )
    assert sorted(results) == [0, 0, 0, 15]
