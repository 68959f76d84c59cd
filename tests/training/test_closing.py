"""Courses and engagements that end before a learner does: what closes, what is paid, what is said."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.audit import dispatcher
from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import NotAllowed, NotFound
from gigcx.notify.models import Notification
from gigcx.tenancy.actors import AgentActor, BrandActor, PersonActor, SystemActor
from gigcx.tenancy.models import Brand
from recruiting.actions import end_engagement
from recruiting.models import Agent, Program
from recruiting.states import EngagementState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import training as train
from tests.factories import vetting as vet
from tests.training.steps import AT, answer, approve, close, finish, publish, publish_change
from training import actions, queries, tasks
from training.errors import EffectChanged, NothingToClose, NothingToLearn
from training.models import Course, CourseVersion, Enrolment, Module, TrainingTime
from training.queries.closing import enrolments_to_warn
from training.queries.requirement import CourseKind
from training.states import (
    CLOSABLE_ENROLMENT_STATES,
    ClosingCause,
    CourseVersionState,
    EnrolmentReason,
    EnrolmentState,
    PayBasis,
)
from vetting.models import Evidence


@pytest.fixture
def two_chapters(course: Course) -> CourseVersion:
    """A published version of 30 minutes with a chapter of two pages and one of a single page, a minute each."""
    version = train.make_version(course, state=CourseVersionState.DRAFT)
    module = Module.objects.create(
        brand_id=course.brand_id, version=version, position=1, stable_key=course.pk, title="End"
    )
    train._make_page(module, 5)
    train.publish_directly(version)
    return version


@pytest.fixture
def deliver() -> Callable[[], None]:
    """Hand every fact to everybody who listens, until none is left."""

    def run() -> None:
        while dispatcher.dispatch_due(at=AT):
            pass

    return run


def read(enrolment: Enrolment, by: AgentActor, *numbers: int) -> None:
    """Finish these pages, the first with its question."""
    for number in numbers:
        if number == 0:
            answer(enrolment, by)
        page = train.pages_of(enrolment.version)[number]
        actions.complete_page(enrolment_id=enrolment.pk, page_id=page.pk, by=by, at=AT)


def end(enrolment: Enrolment, by: BrandActor) -> None:
    end_engagement(engagement_id=enrolment.engagement_id, reason="We need fewer people.", by=by, at=AT)


def close_for(enrolment: Enrolment, cause: str = ClosingCause.BRAND_ENDED) -> None:
    by = SystemActor("test")
    actions.close_enrolments(engagement_id=enrolment.engagement_id, cause=cause, by=by, at=AT)


def earned() -> list[tuple[str, int]]:
    rows = TrainingTime.objects.across_brands().order_by("earned_at", "pk")
    return list(rows.values_list("reason", "counted_seconds"))


# an engagement that ends


def test_ending_an_engagement_closes_its_course_and_pays_the_finished_chapters_once(
    ada: AgentActor,
    ada_obi: Agent,
    two_chapters: CourseVersion,
    acme_owner: BrandActor,
    deliver: Callable[[], None],
) -> None:
    enrolment = train.make_enrolment(ada_obi, two_chapters)
    read(enrolment, ada, 0, 1)
    end(enrolment, acme_owner)
    deliver()
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.closing_cause) == (EnrolmentState.CLOSED, ClosingCause.BRAND_ENDED)
    assert enrolment.ended_at == AT
    assert earned() == [("first", 1200)]
    for _again in range(2):
        close_for(enrolment)
    assert earned() == [("first", 1200)]
    stated = OutboxEvent.objects.filter(type__in=("training.training_time_earned", "training.enrolment_closed"))
    assert stated.count() == 2
    entry = AuditEntry.objects.get(action="training.close_enrolment", subject_id=enrolment.pk)
    assert (entry.from_state, entry.to_state, entry.reason) == ("in_progress", "closed", "brand_ended")
    assert not Evidence.objects.across_brands().filter(kind="course").exists()


def test_an_unfinished_chapter_earns_nothing_and_states_nothing(
    ada: AgentActor, ada_obi: Agent, two_chapters: CourseVersion
) -> None:
    enrolment = train.make_enrolment(ada_obi, two_chapters)
    read(enrolment, ada, 0)
    close_for(enrolment)
    assert earned() == []
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.CLOSED


def test_counted_time_pays_what_was_spent_on_the_finished_chapters(
    ada: AgentActor, ada_obi: Agent, course: Course
) -> None:
    version = train.make_version(course, minutes=2, pay_basis=PayBasis.COUNTED, state=CourseVersionState.DRAFT)
    module = Module.objects.create(
        brand_id=course.brand_id, version=version, position=1, stable_key=course.pk, title="E"
    )
    train._make_page(module, 5)
    train.publish_directly(version)
    enrolment = train.make_enrolment(ada_obi, version)
    pages = train.pages_of(version)
    for tick in range(4):
        at, page = AT + timedelta(seconds=15 * tick), pages[2] if tick else pages[0]
        actions.record_activity(enrolment_id=enrolment.pk, page_id=page.pk, pings=[at], by=ada, at=at)
    read(enrolment, ada, 2)
    assert queries.earned_seconds(enrolment) == 45
    close_for(enrolment)
    assert earned() == [("first", 45)]


@pytest.mark.parametrize("state", EnrolmentState.values)
def test_only_courses_under_way_are_closed(ada_obi: Agent, version: CourseVersion, state: str) -> None:
    enrolment = train.make_enrolment(ada_obi, version, state=state)
    close_for(enrolment)
    enrolment.refresh_from_db()
    assert enrolment.state == (EnrolmentState.CLOSED if state in CLOSABLE_ENROLMENT_STATES else state)


def test_other_programs_go_on(
    ada_obi: Agent, acme: Brand, enrolment: Enrolment, acme_owner: BrandActor, deliver: Callable[[], None]
) -> None:
    other = recruit.make_program(acme, name="Voice")
    recruit.make_engagement(ada_obi, other)
    elsewhere = train.make_enrolment(ada_obi, train.make_version(train.make_course(other, title="Voice")))
    end(enrolment, acme_owner)
    deliver()
    elsewhere.refresh_from_db()
    assert elsewhere.state == EnrolmentState.ENROLLED


def test_the_sweep_closes_what_the_event_missed(
    ada: AgentActor, ada_obi: Agent, two_chapters: CourseVersion, acme_owner: BrandActor
) -> None:
    enrolment = train.make_enrolment(ada_obi, two_chapters)
    read(enrolment, ada, 2)
    end(enrolment, acme_owner)
    for _again in range(2):
        tasks.close_due_enrolments()
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.closing_cause) == (EnrolmentState.CLOSED, ClosingCause.BRAND_ENDED)
    assert earned() == [("first", 600)]


def test_the_rest_of_a_closed_course_is_paid_as_the_rest(
    ada: AgentActor, ada_obi: Agent, course: Course, two_chapters: CourseVersion
) -> None:
    enrolment = train.make_enrolment(ada_obi, two_chapters)
    read(enrolment, ada, 2)
    close_for(enrolment)
    assert [offer.pay and offer.pay.amount_minor for offer in queries.offers_for(ada_obi.pk, AT)] == [400]
    again = actions.enroll(course_id=course.pk, by=ada, at=AT)
    assert again.reason == EnrolmentReason.REST
    assert queries.course_home(again).done == 1
    read(again, ada, 0, 1)
    assert sorted(earned()) == [("first", 600), ("rest", 1200)]
    assert queries.unsettled_enrolments() == []


def test_reading_again_after_a_change_of_wording_is_free(
    ada: AgentActor, course: Course, enrolment: Enrolment, tina: BrandActor, rita: BrandActor
) -> None:
    finish(enrolment, ada)
    publish_change(course, tina, rita, "minor")
    again = finish(actions.enroll(course_id=course.pk, by=ada, at=AT), ada)
    assert (again.version.n, again.reason) == (2, EnrolmentReason.REPEAT)
    assert earned() == [("first", 1800)]
    assert queries.unsettled_enrolments() == []


def test_the_agent_reads_why_and_what_was_paid(
    ada: AgentActor,
    ada_obi: Agent,
    two_chapters: CourseVersion,
    acme_owner: BrandActor,
    deliver: Callable[[], None],
) -> None:
    enrolment = train.make_enrolment(ada_obi, two_chapters)
    read(enrolment, ada, 0, 1)
    end(enrolment, acme_owner)
    deliver()
    client = Client()
    client.force_login(ada_obi.user)
    url = reverse("training:course-home", kwargs={"enrolment_id": enrolment.pk})
    page = client.get(url).content.decode()
    assert "The brand ended your work in this program" in page
    assert "20 min" in page
    assert "Go on where you left" not in page
    assert url in client.get(reverse("training:my-courses")).content.decode()
    told = Notification.objects.get(kind="course_closed")
    assert (told.user_id, told.payload["url"]) == (ada_obi.user_id, url)


# a course that its brand closes


def test_a_closed_course_leaves_the_catalogue_and_learners_may_finish(
    ada: AgentActor, course: Course, enrolment: Enrolment, rita: BrandActor
) -> None:
    close(course, rita)
    enrolment.refresh_from_db()
    assert enrolment.cutover_at == AT + timedelta(days=14)
    assert enrolment.state == EnrolmentState.ENROLLED
    closed = CourseVersion.objects.across_brands().get()
    assert (closed.state, closed.closed_at) == (CourseVersionState.CLOSED, AT)
    assert queries.current_version(course.pk) is None
    assert finish(enrolment, ada).state == EnrolmentState.COMPLETED
    assert earned() == [("first", 1800)]
    with pytest.raises(NothingToLearn):
        actions.enroll(course_id=course.pk, by=ada, at=AT)


def test_learners_are_told_7_3_and_1_days_before_their_course_closes_each_once(
    course: Course, enrolment: Enrolment, rita: BrandActor
) -> None:
    close(course, rita)
    day = timedelta(days=1)
    for left in (8, 7, 6.5, 3, 2, 1, 0.5, 0.4, 0):
        at = AT + 14 * day - left * day
        for enrolment_id, days in enrolments_to_warn(at):
            tasks.tell_of_closing(enrolment_id, days, at=at)
    told = Notification.objects.filter(kind="course_closes").order_by("id")
    titles = [one.payload["title"].partition(" closes in ")[2] for one in told]
    assert titles == ["7 days", "3 days", "1 day"]
    assert {one.user_id for one in told} == {enrolment.person_id}


def test_who_is_late_is_paid_for_the_finished_chapters(
    ada: AgentActor, ada_obi: Agent, course: Course, two_chapters: CourseVersion, rita: BrandActor
) -> None:
    enrolment = train.make_enrolment(ada_obi, two_chapters)
    read(enrolment, ada, 2)
    close(course, rita)
    last = AT + timedelta(days=14)
    assert queries.enrolments_to_close(last - timedelta(seconds=1)) == []
    assert queries.enrolments_to_close(last) == [enrolment.pk]
    closed = actions.close_due_enrolment(enrolment_id=enrolment.pk, by=cast.ops(), at=last)
    assert closed is not None
    assert closed.closing_cause == ClosingCause.COURSE_CLOSED
    assert earned() == [("first", 600)]
    assert actions.close_due_enrolment(enrolment_id=enrolment.pk, by=cast.ops("Ines Ops"), at=last) is None


def test_closing_takes_no_evidence_away_and_pays_nothing_by_itself(
    ada: AgentActor, ada_obi: Agent, course: Course, enrolment: Enrolment, rita: BrandActor
) -> None:
    finish(enrolment, ada)
    params = {"subject_key": str(course.pk)}
    close(course, rita)
    evidence = list(Evidence.objects.across_brands().filter(agent=ada_obi))
    assert CourseKind().judge(evidence, params, CourseKind().context(params, AT), AT).is_met
    assert len(earned()) == 1


def test_a_closing_whose_effect_changed_is_refused(
    course: Course, version: CourseVersion, ada_obi: Agent, rita: BrandActor
) -> None:
    shown = queries.closing_effect(course, at=AT)
    train.make_enrolment(ada_obi, version)
    with pytest.raises(EffectChanged):
        actions.close_course(course_id=course.pk, effect_digest=shown.digest, by=rita, at=AT)
    assert queries.current_version(course.pk) == version


def test_a_course_is_closed_once_and_a_new_version_brings_it_back(
    course: Course, version: CourseVersion, tina: BrandActor, rita: BrandActor
) -> None:
    close(course, rita)
    with pytest.raises(NothingToClose):
        close(course, rita)
    draft = actions.start_draft(course_id=course.pk, by=tina, at=AT)
    approve(draft, tina, rita)
    publish(draft, rita)
    assert queries.current_version(course.pk) == draft


def test_only_who_may_publish_closes(
    course: Course, version: CourseVersion, acme: Brand, globex_owner: BrandActor, mallory: PersonActor
) -> None:
    digest = queries.closing_effect(course, at=AT).digest
    planner = cast.make_member(acme, "Pia Planner", role="planner")
    with pytest.raises(NotAllowed):
        actions.close_course(course_id=course.pk, effect_digest=digest, by=planner, at=AT)
    for stranger in (globex_owner, mallory):
        with pytest.raises(NotFound):
            actions.close_course(course_id=course.pk, effect_digest=digest, by=stranger, at=AT)  # type: ignore[arg-type]


def test_the_effect_names_learners_and_the_certifications_that_ask_for_it(
    course: Course, program: Program, ada_obi: Agent, enrolment: Enrolment
) -> None:
    done = recruit.make_agent("Bo Lin")
    recruit.make_engagement(done, program, state=EngagementState.ACCEPTED)
    train.make_enrolment(done, enrolment.version, state=EnrolmentState.COMPLETED)
    asks = vet.make_certification(program, [{"kind": "course", "params": {"subject_key": str(course.pk)}}])
    effect = queries.closing_effect(course, at=AT)
    assert (effect.learners_open, effect.learners_done, effect.certifications) == (1, 1, (asks.name,))


def test_nothing_is_closed_when_the_audit_cannot_be_written(
    course: Course, enrolment: Enrolment, rita: BrandActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**kwargs: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(AuditEntry.objects, "create", broken)
    with pytest.raises(RuntimeError):
        close(course, rita)
    with pytest.raises(RuntimeError):
        close_for(enrolment)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.cutover_at) == (EnrolmentState.ENROLLED, None)
    assert queries.current_version(course.pk) is not None


# its pages


def test_the_page_shows_the_effect_first_and_closes_only_that(
    course: Course, version: CourseVersion, ada_obi: Agent, rita: BrandActor
) -> None:
    client = Client()
    client.force_login(rita.user)
    url = reverse("training:course-close", kwargs={"slug": "acme", "course_id": course.pk})
    detail = reverse("training:course", kwargs={"slug": "acme", "course_id": course.pk})
    assert url in client.get(detail).content.decode()
    shown = client.get(url).context["effect"]
    train.make_enrolment(ada_obi, version)
    late = client.post(url, {"effect_digest": shown.digest})
    assert late.status_code == 409
    assert "changed while you looked" in late.content.decode()
    fresh = late.context["effect"]
    assert fresh.learners_open == 1
    done = client.post(url, {"effect_digest": fresh.digest}, follow=True)
    assert "This course is closed" in done.content.decode()
    assert "nothing to close" in client.get(url).content.decode()


def test_a_planner_is_not_offered_to_close(course: Course, version: CourseVersion, acme: Brand) -> None:
    client = Client()
    client.force_login(cast.make_member(acme, "Pia Planner", role="planner").user)
    url = reverse("training:course-close", kwargs={"slug": "acme", "course_id": course.pk})
    assert (
        url
        not in client.get(reverse("training:course", kwargs={"slug": "acme", "course_id": course.pk})).content.decode()
    )
    assert client.post(url, {"effect_digest": "x"}).status_code == 403


def test_ops_close_a_course_from_the_admin(course: Course, version: CourseVersion) -> None:
    client = Client()
    client.force_login(cast.ops().user)
    url = reverse("admin:training_course_changelist")
    client.post(url, {"action": "close", "_selected_action": [str(course.pk)]})
    assert queries.current_version(course.pk) is None
