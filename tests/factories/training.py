"""Courses and learners, for the tests of every stage. Published versions are frozen, so content is written first."""

from datetime import datetime, timedelta

from gigcx.accounts.models import User
from gigcx.kernel.ids import uuid7
from recruiting.models import Agent, Program
from tests import cast
from tests.factories import recruiting as recruit
from training.models import (
    Course,
    CourseVersion,
    Enrolment,
    KnowledgeCheck,
    KnowledgeCheckKey,
    Module,
    Page,
    PageProgress,
    TrainingTime,
)
from training.states import ChangeClass, ClosingCause, CourseVersionState, EnrolmentState, PayBasis

LONG_AGO = cast.MONDAY_NOON - timedelta(days=50)
BODY = "Be kind, be clear, and own it.\n\n:::check greeting\n:::\n"


def author() -> User:
    """The person who wrote what these factories make."""
    return User.objects.filter(email="tess@example.test").first() or cast.make_user("Tess Teacher")


def make_course(program: Program, *, title: str = "Tone of voice", at: datetime = LONG_AGO) -> Course:
    """A course without a version."""
    return Course.objects.create(
        brand_id=program.brand_id,
        program=program,
        title=title,
        slug=title.lower().replace(" ", "-"),
        summary="How we sound.",
        created_at=at,
        created_by=author(),
    )


def make_version(
    course: Course,
    *,
    pages: int = 2,
    state: str = CourseVersionState.PUBLISHED,
    minutes: int = 30,
    pay_basis: str = PayBasis.FIXED,
    at: datetime = LONG_AGO,
) -> CourseVersion:
    """A version with one module; the first page asks a question whose right answer is "a"."""
    version = CourseVersion.objects.create(
        brand_id=course.brand_id,
        course=course,
        n=CourseVersion.objects.for_brand(course.brand_id).filter(course=course).count() + 1,
        expected_minutes=minutes,
        pay_basis=pay_basis,
        created_at=at,
        created_by=author(),
        author_ids=[str(author().pk)],
    )
    module = Module.objects.create(
        brand_id=course.brand_id, version=version, position=0, stable_key=uuid7(), title="Start"
    )
    for position in range(pages):
        _make_page(module, position)
    if state == CourseVersionState.PUBLISHED:
        publish_directly(version, at=at)
    return version


def publish_directly(version: CourseVersion, *, at: datetime = LONG_AGO) -> None:
    """Into the catalogue without review; the version before leaves it."""
    older = CourseVersion.objects.for_brand(version.brand_id).in_catalogue().filter(course_id=version.course_id)
    older.update(left_catalogue_at=at)
    version.state, version.change, version.checksum = CourseVersionState.PUBLISHED, ChangeClass.MINOR, "c" * 64
    version.published_at, version.published_by = at, author()
    version.save(update_fields=["state", "change", "checksum", "published_at", "published_by"])


def make_enrolment(
    agent: Agent, version: CourseVersion, *, state: str = EnrolmentState.ENROLLED, at: datetime = LONG_AGO
) -> Enrolment:
    """An enrolment in the agent's engagement, which is made when there is none; completed ones have every page done."""
    program = version.course.program
    assert program is not None
    engagement = agent.engagements.filter(program=program).first() or recruit.make_engagement(agent, program)
    is_done = state == EnrolmentState.COMPLETED
    enrolment = Enrolment.objects.create(
        brand_id=version.brand_id,
        person_id=agent.user_id,
        agent=agent,
        engagement=engagement,
        course_id=version.course_id,
        version=version,
        state=state,
        enrolled_at=at,
        completed_at=at if is_done else None,
        closing_cause=ClosingCause.COURSE_CLOSED if state == EnrolmentState.CLOSED else "",
    )
    if is_done:
        _do_pages(enrolment, at)
    return enrolment


def make_training_time(enrolment: Enrolment, *, seconds: int = 1800, at: datetime = LONG_AGO) -> TrainingTime:
    """Paid learning time, without its fact."""
    return TrainingTime.objects.create(
        brand_id=enrolment.brand_id,
        person_id=enrolment.person_id,
        agent_id=enrolment.agent_id,
        enrolment=enrolment,
        course_version_id=enrolment.version_id,
        reason=enrolment.reason,
        basis=PayBasis.FIXED,
        counted_seconds=seconds,
        earned_at=at,
    )


def pages_of(version: CourseVersion) -> list[Page]:
    """A version's pages in reading order."""
    rows = Page.objects.for_brand(version.brand_id).filter(module__version=version)
    return list(rows.order_by("module__position", "position"))


def check_of(page: Page) -> KnowledgeCheck:
    """The page's question."""
    return KnowledgeCheck.objects.for_brand(page.brand_id).get(page=page)


def _make_page(module: Module, position: int) -> Page:
    has_question = position == 0
    page = Page.objects.create(
        brand_id=module.brand_id,
        module=module,
        position=position,
        stable_key=uuid7(),
        title=f"Page {position + 1}",
        body=BODY if has_question else "Short words are not rude.",
        expected_seconds=60,
        checksum=f"{position:064d}",
    )
    if has_question:
        _make_check(page)
    return page


def _make_check(page: Page) -> KnowledgeCheck:
    check = KnowledgeCheck.objects.create(
        brand_id=page.brand_id,
        page=page,
        key="greeting",
        kind="single_choice",
        payload={
            "prompt": "Which greeting fits?",
            "options": [{"id": "a", "text": "Hello Sam"}, {"id": "b", "text": "Dear customer"}],
        },
    )
    KnowledgeCheckKey.objects.create(
        brand_id=page.brand_id,
        knowledge_check=check,
        key={"options": ["a"]},
        feedback={"a": "SECRET-WHY-A", "b": "SECRET-WHY-B"},
    )
    return check


def _do_pages(enrolment: Enrolment, at: datetime) -> None:
    for page in pages_of(enrolment.version):
        PageProgress.objects.create(
            brand_id=enrolment.brand_id,
            enrolment=enrolment,
            page=page,
            first_seen_at=at,
            last_seen_at=at,
            completed_at=at,
        )
