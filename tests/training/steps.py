"""What the training tests do again and again: write, approve, publish, answer, finish."""

from gigcx.tenancy.actors import AgentActor, BrandActor
from tests import cast
from tests.factories import training as train
from training import actions, queries
from training.models import Course, CourseVersion, Enrolment, Page
from training.pages.checksums import text_checksum
from training.states import ChangeClass

AT = cast.MONDAY_NOON


def first_page(version: CourseVersion) -> Page:
    """The version's first page."""
    return train.pages_of(version)[0]


def save(page: Page, body: str, by: BrandActor, seen: str = "") -> Page:
    """Save a page's text, as somebody who has just read it."""
    return actions.save_page(
        page_id=page.pk,
        title=page.title,
        body=body,
        seen_checksum=seen or text_checksum(page.title, page.body),
        by=by,
        at=AT,
    )


def approve(version: CourseVersion, author: BrandActor, approver: BrandActor) -> CourseVersion:
    """Through review."""
    actions.request_review(course_version_id=version.pk, by=author, at=AT)
    return actions.approve_version(course_version_id=version.pk, by=approver, at=AT)


def publish(version: CourseVersion, by: BrandActor, change: str = ChangeClass.MINOR) -> CourseVersion:
    """Into the catalogue, with the effect just read."""
    version.refresh_from_db()
    effect = queries.publish_effect(version, change=change, at=AT)
    return actions.publish_course_version(
        course_version_id=version.pk, change=change, effect_digest=effect.digest, by=by, at=AT
    )


def publish_change(course: Course, author: BrandActor, approver: BrandActor, change: str) -> CourseVersion:
    """A new version with another second page, published."""
    draft = actions.start_draft(course_id=course.pk, by=author, at=AT)
    save(train.pages_of(draft)[1], "Short words are kind.", author)
    approve(draft, author, approver)
    return publish(draft, approver, change)


def close(course: Course, by: BrandActor) -> Course:
    """Out of the catalogue, with the effect just read."""
    digest = queries.closing_effect(course, at=AT).digest
    return actions.close_course(course_id=course.pk, effect_digest=digest, by=by, at=AT)


def answer(enrolment: Enrolment, by: AgentActor, option: str = "a", seq: int = 1) -> None:
    """Answer the first page's question."""
    check = train.check_of(first_page(enrolment.version))
    actions.answer_check(
        enrolment_id=enrolment.pk, check_id=check.pk, client_seq=seq, response={"options": [option]}, by=by, at=AT
    )


def finish(enrolment: Enrolment, by: AgentActor) -> Enrolment:
    """Answer and read every page."""
    answer(enrolment, by)
    for page in train.pages_of(enrolment.version):
        actions.complete_page(enrolment_id=enrolment.pk, page_id=page.pk, by=by, at=AT)
    enrolment.refresh_from_db()
    return enrolment
