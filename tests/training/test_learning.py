"""Learning: enrol, read, answer, finish. Told as the rules of the house promise it."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import MoveRefused, NotFound
from gigcx.tenancy.actors import AgentActor, BrandActor, PersonActor, SystemActor
from recruiting.models import Agent, Program
from recruiting.states import EngagementState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import training as train
from training import actions, queries
from training.actions.activity import count_pings
from training.errors import (
    AnswerInvalid,
    CheckOpen,
    EnrolmentExists,
    EnrolmentNotOpen,
    NotEngaged,
    NothingToLearn,
    PagesOpen,
)
from training.models import CheckAnswer, Course, CourseVersion, Enrolment, PageProgress, TrainingTime
from training.states import ENROLMENT_MOVES, EnrolmentState, PayBasis
from vetting.models import Evidence

AT = cast.MONDAY_NOON
SYSTEM = SystemActor("test sweep")


def answer(enrolment: Enrolment, by: AgentActor, option: str = "a", seq: int = 1) -> CheckAnswer:
    check = train.check_of(train.pages_of(enrolment.version)[0])
    return actions.answer_check(
        enrolment_id=enrolment.pk, check_id=check.pk, client_seq=seq, response={"options": [option]}, by=by, at=AT
    )


def finish(enrolment: Enrolment, by: AgentActor, at: datetime = AT) -> Enrolment:
    answer(enrolment, by)
    for page in train.pages_of(enrolment.version):
        enrolment = actions.complete_page(enrolment_id=enrolment.pk, page_id=page.pk, by=by, at=at)
    return enrolment


def facts(kind: str) -> list[OutboxEvent]:
    return list(OutboxEvent.objects.filter(type=f"training.{kind}").order_by("id"))


# enrolling


def test_an_accepted_agent_enrols_and_the_fact_is_stated(
    ada: AgentActor, course: Course, version: CourseVersion
) -> None:
    enrolment = actions.enroll(course_id=course.pk, by=ada, at=AT)
    assert (enrolment.state, enrolment.version_id) == (EnrolmentState.ENROLLED, version.pk)
    assert facts("enrolment_started")[0].payload["enrolment_id"] == str(enrolment.pk)
    assert AuditEntry.objects.filter(action="training.enroll", subject_id=enrolment.pk).exists()


def test_who_was_not_accepted_cannot_enrol(program: Program, course: Course, version: CourseVersion) -> None:
    bo = recruit.make_agent("Bo Lin")
    recruit.make_engagement(bo, program, state=EngagementState.APPLIED)
    with pytest.raises(NotEngaged):
        actions.enroll(course_id=course.pk, by=recruit.agent_actor(bo), at=AT)


def test_a_course_is_open_once_at_a_time(ada: AgentActor, course: Course, enrolment: Enrolment) -> None:
    with pytest.raises(EnrolmentExists):
        actions.enroll(course_id=course.pk, by=ada, at=AT)


def test_an_unpublished_course_cannot_be_taken(ada: AgentActor, course: Course) -> None:
    train.make_version(course, state="draft")
    with pytest.raises(NothingToLearn):
        actions.enroll(course_id=course.pk, by=ada, at=AT)


# reading and answering


def test_the_first_page_starts_the_course_and_is_where_it_resumes(ada: AgentActor, enrolment: Enrolment) -> None:
    second = train.pages_of(enrolment.version)[1]
    actions.open_page(enrolment_id=enrolment.pk, page_id=second.pk, by=ada, at=AT)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.started_at) == (EnrolmentState.IN_PROGRESS, AT)
    assert queries.course_home(enrolment).resume_id == second.pk


def test_answering_twice_with_one_client_seq_is_one_row(ada: AgentActor, enrolment: Enrolment) -> None:
    first = answer(enrolment, ada, "b")
    again = answer(enrolment, ada, "a")
    assert (again.pk, again.is_correct) == (first.pk, False)
    assert CheckAnswer.objects.across_brands().count() == 1


def test_a_wrong_answer_is_explained_and_may_be_tried_again(ada: AgentActor, enrolment: Enrolment) -> None:
    answer(enrolment, ada, "b", seq=1)
    page = train.pages_of(enrolment.version)[0]
    seen = queries.lesson_of(enrolment, page.pk)
    question = next(part.question for part in seen.parts if part.question)
    assert question.answer is not None
    assert question.answer.feedback == ("SECRET-WHY-B",)
    assert question.next_seq == 2
    answer(enrolment, ada, "a", seq=2)
    assert queries.lesson_of(enrolment, page.pk).open_questions == 0


@pytest.mark.parametrize("response", [{}, {"options": []}, {"options": ["z"]}, {"options": ["a", "b"]}, {"options": 7}])
def test_an_answer_that_is_not_on_offer_is_refused(
    ada: AgentActor, enrolment: Enrolment, response: dict[str, object]
) -> None:
    check = train.check_of(train.pages_of(enrolment.version)[0])
    with pytest.raises(AnswerInvalid):
        actions.answer_check(
            enrolment_id=enrolment.pk, check_id=check.pk, client_seq=1, response=response, by=ada, at=AT
        )
    assert not CheckAnswer.objects.across_brands().exists()


def test_nothing_a_learner_sees_holds_a_key(ada: AgentActor, enrolment: Enrolment) -> None:
    page = train.pages_of(enrolment.version)[0]
    lesson = queries.lesson_of(enrolment, page.pk)
    shown = json.dumps([part.html or str(part.question) for part in lesson.parts])
    assert "Hello Sam" in shown
    assert "SECRET-WHY" not in shown
    answer(enrolment, ada, "b")
    shown = str(queries.lesson_of(enrolment, page.pk).parts)
    assert "SECRET-WHY-B" in shown
    assert "SECRET-WHY-A" not in shown


def test_a_page_counts_as_done_once_its_questions_are_right(ada: AgentActor, enrolment: Enrolment) -> None:
    page = train.pages_of(enrolment.version)[0]
    answer(enrolment, ada, "b", seq=1)
    with pytest.raises(CheckOpen):
        actions.complete_page(enrolment_id=enrolment.pk, page_id=page.pk, by=ada, at=AT)
    answer(enrolment, ada, "a", seq=2)
    actions.complete_page(enrolment_id=enrolment.pk, page_id=page.pk, by=ada, at=AT)
    assert queries.course_home(enrolment).done == 1


def test_answers_are_never_changed(ada: AgentActor, enrolment: Enrolment) -> None:
    row = answer(enrolment, ada)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        CheckAnswer.objects.across_brands().filter(pk=row.pk).update(is_correct=False)


# time


def test_ten_tabs_for_an_hour_count_one_hour(ada: AgentActor, enrolment: Enrolment) -> None:
    mark, total = AT, 0
    for tick in range(1, 241):
        for tab in range(10):
            at = AT + timedelta(seconds=15 * tick, milliseconds=731 * tab)
            seconds, mark = count_pings([at], counted_until=mark, at=at)
            total += seconds
    assert 3600 <= total <= 3607


def test_two_tabs_of_one_person_share_one_clock(ada: AgentActor, enrolment: Enrolment) -> None:
    first, second = train.pages_of(enrolment.version)
    counted = [
        actions.record_activity(enrolment_id=enrolment.pk, page_id=page.pk, pings=[AT], by=ada, at=AT)
        for page in (first, second, first)
    ]
    assert counted == [15, 0, 0]


def test_a_sleeping_laptop_counts_nothing() -> None:
    woken = AT + timedelta(hours=8)
    assert count_pings([AT + timedelta(hours=1)], counted_until=AT, at=woken)[0] == 0
    assert count_pings([woken], counted_until=AT, at=woken)[0] == 15


def test_a_clock_that_runs_ahead_vouches_for_nothing() -> None:
    assert count_pings([AT + timedelta(minutes=5)], counted_until=AT, at=AT)[0] == 0


def test_a_page_counts_at_most_three_times_what_it_takes(ada: AgentActor, enrolment: Enrolment) -> None:
    page = train.pages_of(enrolment.version)[0]
    for tick in range(20):
        at = AT + timedelta(seconds=15 * tick)
        actions.record_activity(enrolment_id=enrolment.pk, page_id=page.pk, pings=[at], by=ada, at=at)
    assert queries.spent_seconds(enrolment) == 3 * page.expected_seconds


def test_time_is_evidence_never_a_lock(ada: AgentActor, enrolment: Enrolment) -> None:
    assert finish(enrolment, ada).state == EnrolmentState.COMPLETED
    assert queries.spent_seconds(enrolment) == 0


# finishing


def test_finishing_leaves_evidence_and_paid_time_once(ada: AgentActor, ada_obi: Agent, enrolment: Enrolment) -> None:
    finish(enrolment, ada)
    evidence = Evidence.objects.across_brands().get(source_key=f"enrolment:{enrolment.pk}")
    assert (evidence.kind, evidence.subject_key) == ("course", str(enrolment.course_id))
    assert (evidence.assurance, evidence.agent_id) == ("server", ada_obi.pk)
    time = TrainingTime.objects.across_brands().get()
    assert (time.counted_seconds, time.basis, time.reason) == (1800, PayBasis.FIXED, "first")
    assert [fact.payload["training_time_id"] for fact in facts("training_time_earned")] == [str(time.pk)]
    fact = queries.training_time(time.pk)
    assert (fact.agent_id, fact.program_id) == (ada_obi.pk, enrolment.engagement.program_id)
    assert fact.course_title == "Tone of voice"


def test_finishing_again_changes_nothing(ada: AgentActor, enrolment: Enrolment) -> None:
    finish(enrolment, ada)
    actions.complete_enrolment(enrolment_id=enrolment.pk, by=ada, at=AT)
    assert len(facts("training_time_earned")) == len(facts("enrolment_completed")) == 1


def test_a_failed_answer_still_pays_the_learning_time_once(ada: AgentActor, enrolment: Enrolment) -> None:
    answer(enrolment, ada, "b", seq=1)
    check = train.check_of(train.pages_of(enrolment.version)[0])
    actions.answer_check(
        enrolment_id=enrolment.pk, check_id=check.pk, client_seq=2, response={"options": ["a"]}, by=ada, at=AT
    )
    for page in train.pages_of(enrolment.version):
        actions.complete_page(enrolment_id=enrolment.pk, page_id=page.pk, by=ada, at=AT)
    assert TrainingTime.objects.across_brands().get().counted_seconds == 1800


def test_a_repeat_is_not_paid_again(ada: AgentActor, course: Course, enrolment: Enrolment) -> None:
    finish(enrolment, ada)
    finish(actions.enroll(course_id=course.pk, by=ada, at=AT), ada)
    assert TrainingTime.objects.across_brands().count() == 1
    assert Evidence.objects.across_brands().count() == 2
    assert len(facts("training_time_earned")) == 1


def test_counted_time_pays_what_was_spent_up_to_a_quarter_more(ada_obi: Agent, ada: AgentActor, course: Course) -> None:
    version = train.make_version(course, minutes=1, pay_basis=PayBasis.COUNTED)
    enrolment = train.make_enrolment(ada_obi, version)
    page = train.pages_of(version)[0]
    for tick in range(3):
        at = AT + timedelta(seconds=15 * tick)
        actions.record_activity(enrolment_id=enrolment.pk, page_id=page.pk, pings=[at], by=ada, at=at)
    assert queries.payable_seconds(enrolment) == 45
    for tick in range(3, 9):
        at = AT + timedelta(seconds=15 * tick)
        actions.record_activity(enrolment_id=enrolment.pk, page_id=page.pk, pings=[at], by=ada, at=at)
    assert queries.payable_seconds(enrolment) == 75


def test_a_course_with_open_pages_is_not_finished(ada: AgentActor, enrolment: Enrolment) -> None:
    with pytest.raises(PagesOpen):
        actions.complete_enrolment(enrolment_id=enrolment.pk, by=ada, at=AT)


def test_paid_time_is_never_changed(ada: AgentActor, enrolment: Enrolment) -> None:
    finish(enrolment, ada)
    for statement in ("UPDATE training_trainingtime SET counted_seconds = 1", "DELETE FROM training_trainingtime"):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_sweep_makes_good_what_a_completion_lacks(ada_obi: Agent, version: CourseVersion) -> None:
    enrolment = train.make_enrolment(ada_obi, version, state=EnrolmentState.COMPLETED)
    assert queries.unsettled_enrolments() == [enrolment.pk]
    for _again in range(2):
        actions.settle_completed_enrolment(enrolment_id=enrolment.pk, by=SYSTEM, at=AT)
    assert queries.unsettled_enrolments() == []
    assert Evidence.objects.across_brands().get().obtained_at == enrolment.completed_at
    assert len(facts("training_time_earned")) == 1


def test_nothing_is_kept_when_the_audit_cannot_be_written(
    ada: AgentActor, enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(enrolment, ada)
    first, last = train.pages_of(enrolment.version)
    actions.complete_page(enrolment_id=enrolment.pk, page_id=first.pk, by=ada, at=AT)

    def broken(**kwargs: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(AuditEntry.objects, "create", broken)
    with pytest.raises(RuntimeError):
        actions.complete_page(enrolment_id=enrolment.pk, page_id=last.pk, by=ada, at=AT)
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.IN_PROGRESS
    assert not TrainingTime.objects.across_brands().exists()
    assert not facts("training_time_earned")
    assert not PageProgress.objects.across_brands().filter(page=last, completed_at__isnull=False).exists()


# stopping


def test_stopping_keeps_what_was_done(ada: AgentActor, course: Course, enrolment: Enrolment) -> None:
    answer(enrolment, ada)
    page = train.pages_of(enrolment.version)[0]
    actions.complete_page(enrolment_id=enrolment.pk, page_id=page.pk, by=ada, at=AT)
    actions.withdraw_enrolment(enrolment_id=enrolment.pk, by=ada, at=AT)
    assert facts("enrolment_withdrawn")
    again = actions.enroll(course_id=course.pk, by=ada, at=AT)
    assert queries.course_home(again).done == 1
    with pytest.raises(EnrolmentNotOpen):
        actions.complete_page(enrolment_id=enrolment.pk, page_id=page.pk, by=ada, at=AT)


@pytest.mark.parametrize("state", EnrolmentState.values)
def test_only_the_moves_of_the_table_are_made(
    ada: AgentActor, ada_obi: Agent, version: CourseVersion, state: str
) -> None:
    enrolment = train.make_enrolment(ada_obi, version, state=state)
    if EnrolmentState.WITHDRAWN in ENROLMENT_MOVES.get(state, frozenset()):
        assert actions.withdraw_enrolment(enrolment_id=enrolment.pk, by=ada, at=AT).state == EnrolmentState.WITHDRAWN
        return
    with pytest.raises(MoveRefused):
        actions.withdraw_enrolment(enrolment_id=enrolment.pk, by=ada, at=AT)


# who sees what


def test_nobody_learns_for_somebody_else(
    enrolment: Enrolment, tina: BrandActor, globex_owner: BrandActor, mallory: PersonActor
) -> None:
    bo = recruit.agent_actor(recruit.make_agent("Bo Lin"))
    page = train.pages_of(enrolment.version)[0]
    for actor in (bo, globex_owner, mallory, tina):
        with pytest.raises(NotFound):
            actions.complete_page(enrolment_id=enrolment.pk, page_id=page.pk, by=actor, at=AT)  # type: ignore[arg-type]
    for actor in (bo, globex_owner, mallory):
        with pytest.raises(NotFound):
            queries.enrolment_for(actor, enrolment.pk)
    assert queries.enrolment_for(tina, enrolment.pk) == enrolment


def test_a_page_of_another_course_is_not_part_of_this_one(
    ada: AgentActor, enrolment: Enrolment, program: Program
) -> None:
    other = train.pages_of(train.make_version(train.make_course(program, title="Other")))[0]
    with pytest.raises(NotFound):
        actions.open_page(enrolment_id=enrolment.pk, page_id=other.pk, by=ada, at=AT)
