"""What publishing does and does not do, and what stays frozen after it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from gigcx.audit.models import OutboxEvent
from gigcx.tenancy.actors import AgentActor, BrandActor
from recruiting.models import Agent
from tests.factories import training as train
from tests.training.steps import AT, answer, approve, finish, first_page, publish, publish_change, save
from training import actions, queries
from training.errors import (
    DraftExists,
    EffectChanged,
    NothingNewer,
    VersionNotOpen,
)
from training.models import Course, CourseVersion, Enrolment, PageProgress, TrainingTime
from training.states import ChangeClass, CourseVersionState, EnrolmentState
from vetting.models import Certificate, Evidence


def test_publishing_issues_no_certificate_evidence_or_pay(
    draft: CourseVersion, tina: BrandActor, rita: BrandActor, ada_obi: Agent
) -> None:
    approve(draft, tina, rita)
    version = publish(draft, rita)
    assert version.state == CourseVersionState.PUBLISHED
    assert version.checksum
    assert OutboxEvent.objects.filter(type="training.course_version_published").count() == 1
    for table in (Certificate, Evidence, TrainingTime, Enrolment):
        assert not table.objects.across_brands().exists()


def test_a_publish_whose_effect_changed_since_the_preview_is_refused(
    ada_obi: Agent, course: Course, version: CourseVersion, tina: BrandActor, rita: BrandActor
) -> None:
    draft = actions.start_draft(course_id=course.pk, by=tina, at=AT)
    approve(draft, tina, rita)
    draft.refresh_from_db()
    shown = queries.publish_effect(draft, change=ChangeClass.MATERIAL, at=AT)
    train.make_enrolment(ada_obi, version, state=EnrolmentState.COMPLETED)
    with pytest.raises(EffectChanged):
        actions.publish_course_version(
            course_version_id=draft.pk, change="material", effect_digest=shown.digest, by=rita, at=AT
        )
    draft.refresh_from_db()
    assert draft.state == CourseVersionState.APPROVED
    assert queries.publish_effect(draft, change=ChangeClass.MATERIAL, at=AT).agents_called_back == 1


def test_published_rows_never_change(version: CourseVersion, tina: BrandActor) -> None:
    page = first_page(version)
    with pytest.raises(VersionNotOpen):
        save(page, "New", tina)
    for statement in (
        "UPDATE training_page SET body = 'x'",
        "DELETE FROM training_knowledgecheckkey",
        "UPDATE training_knowledgecheck SET key = 'y'",
        "UPDATE training_module SET title = 'z'",
        "UPDATE training_courseversion SET expected_minutes = 1",
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        train._make_page(page.module, 9)


def test_a_new_version_begins_as_a_copy_and_there_is_one_draft(
    course: Course, version: CourseVersion, tina: BrandActor
) -> None:
    draft = actions.start_draft(course_id=course.pk, by=tina, at=AT)
    old, new = train.pages_of(version), train.pages_of(draft)
    assert [(page.stable_key, page.checksum, page.body) for page in old] == [
        (page.stable_key, page.checksum, page.body) for page in new
    ]
    assert {page.pk for page in old}.isdisjoint({page.pk for page in new})
    assert new[0].checks.get().secret.key == {"options": ["a"]}
    with pytest.raises(DraftExists):
        actions.start_draft(course_id=course.pk, by=tina, at=AT)


def test_a_material_change_calls_back_for_the_changed_pages_only(
    ada: AgentActor, course: Course, version: CourseVersion, tina: BrandActor, rita: BrandActor
) -> None:
    train.make_enrolment(Agent.objects.for_actor(ada).get(), version, state=EnrolmentState.COMPLETED)
    publish_change(course, tina, rita, ChangeClass.MATERIAL)
    delta = queries.open_enrolment_of(ada.agent_id, course.pk)
    assert delta is not None
    assert (delta.kind, delta.reason, delta.due_at) == ("delta", "forced_update", AT + timedelta(days=14))
    home = queries.course_home(delta)
    assert [page.is_done for page in home.pages] == [True, False]
    changed = train.pages_of(delta.version)[1]
    actions.complete_page(enrolment_id=delta.pk, page_id=changed.pk, by=ada, at=AT)
    time = TrainingTime.objects.across_brands().get()
    assert (time.reason, time.counted_seconds) == ("forced_update", changed.expected_seconds)


def test_an_enrolment_open_at_a_material_publish_finishes_on_its_version_and_gets_only_the_delta(
    ada: AgentActor, course: Course, enrolment: Enrolment, tina: BrandActor, rita: BrandActor
) -> None:
    publish_change(course, tina, rita, ChangeClass.MATERIAL)
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.ENROLLED
    finish(enrolment, ada)
    delta = queries.open_enrolment_of(ada.agent_id, course.pk)
    assert delta is not None
    assert delta.kind == "delta"
    assert Evidence.objects.across_brands().get().valid_until == AT + timedelta(days=14)


def test_a_breaking_change_asks_for_everything_again_and_pays_again(
    ada: AgentActor, course: Course, enrolment: Enrolment, tina: BrandActor, rita: BrandActor
) -> None:
    finish(enrolment, ada)
    publish_change(course, tina, rita, ChangeClass.BREAKING)
    again = queries.open_enrolment_of(ada.agent_id, course.pk)
    assert again is not None
    assert not any(page.is_done for page in queries.course_home(again).pages)
    finish(again, ada)
    times = TrainingTime.objects.across_brands().order_by("earned_at", "pk").values_list("reason", "counted_seconds")
    assert list(times) == [("first", 1800), ("forced_update", 1800)]


def test_moving_keeps_pages_with_equal_checksum_and_asks_again_for_changed_ones(
    ada: AgentActor, course: Course, enrolment: Enrolment, tina: BrandActor, rita: BrandActor
) -> None:
    with pytest.raises(NothingNewer):
        actions.move_enrolment(enrolment_id=enrolment.pk, by=ada, at=AT)
    first, _second = train.pages_of(enrolment.version)
    answer(enrolment, ada)
    actions.complete_page(enrolment_id=enrolment.pk, page_id=first.pk, by=ada, at=AT)
    PageProgress.objects.across_brands().filter(page=first).update(active_seconds=40)
    publish_change(course, tina, rita, ChangeClass.MATERIAL)
    successor = actions.move_enrolment(enrolment_id=enrolment.pk, by=ada, at=AT)
    assert [page.is_done for page in queries.course_home(successor).pages] == [True, False]
    assert queries.spent_seconds(successor) == 40
    enrolment.refresh_from_db()
    assert (enrolment.state, successor.moved_from_id) == (EnrolmentState.MOVED, enrolment.pk)
