"""From draft to approved: what is checked, and by whom."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from gigcx.audit.models import AuditEntry
from gigcx.kernel.errors import MoveRefused
from gigcx.tenancy.actors import BrandActor
from recruiting.models import Program
from tests.training.steps import AT, close, first_page, publish, save
from training import actions
from training.errors import (
    CommentRequired,
    NotAlone,
    SamePerson,
    SoloReasonRequired,
    VersionInReview,
    VersionInvalid,
)
from training.models import CourseVersion
from training.pages.starters import TONE
from training.states import COURSE_VERSION_MOVES, CourseVersionState


def test_a_page_with_an_unknown_block_blocks_review_and_names_the_line(draft: CourseVersion, tina: BrandActor) -> None:
    page = first_page(draft)
    save(page, "Fine.\n\n:::vidoe intro\n:::\n\n[x](javascript:alert(1))\n\n:::check first-promise\n:::", tina)
    with pytest.raises(VersionInvalid) as refused:
        actions.request_review(course_version_id=draft.pk, by=tina, at=AT)
    found = [(problem.page_title, problem.line, problem.code) for problem in refused.value.problems]
    assert found == [(page.title, 3, "unknown_directive"), (page.title, 6, "link_unsafe")]
    draft.refresh_from_db()
    assert draft.state == CourseVersionState.DRAFT


def test_an_empty_course_is_not_reviewed(program: Program, tina: BrandActor) -> None:
    version = actions.create_course(program_id=program.pk, title="Empty", by=tina, at=AT)
    with pytest.raises(VersionInvalid) as refused:
        actions.request_review(course_version_id=version.pk, by=tina, at=AT)
    assert [problem.code for problem in refused.value.problems] == ["empty_page"]


def test_nobody_approves_what_they_wrote(draft: CourseVersion, tina: BrandActor, rita: BrandActor) -> None:
    save(first_page(draft), first_page(draft).body + "\n\nRita was here.", rita)
    actions.request_review(course_version_id=draft.pk, by=tina, at=AT)
    for author in (tina, rita):
        with pytest.raises(SamePerson):
            actions.approve_version(course_version_id=draft.pk, by=author, at=AT)
        with pytest.raises(NotAlone):
            actions.approve_own_version(course_version_id=draft.pk, reason="Alone.", by=author, at=AT)


def test_the_database_refuses_an_author_as_approver(draft: CourseVersion, tina: BrandActor) -> None:
    rows = CourseVersion.objects.across_brands().filter(pk=draft.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="approved", approved_at=AT, approved_by=tina.user)


def test_alone_in_the_brand_one_may_approve_and_it_is_on_record(program: Program, acme_owner: BrandActor) -> None:
    version = actions.create_course(program_id=program.pk, title="Alone", outline=TONE, by=acme_owner, at=AT)
    actions.request_review(course_version_id=version.pk, by=acme_owner, at=AT)
    with pytest.raises(SoloReasonRequired):
        actions.approve_own_version(course_version_id=version.pk, reason=" ", by=acme_owner, at=AT)
    version = actions.approve_own_version(
        course_version_id=version.pk, reason="We are one person.", by=acme_owner, at=AT
    )
    assert version.is_self_approved
    entry = AuditEntry.objects.get(action="training.approve_own_version", subject_id=version.pk)
    assert entry.reason == "We are one person."


def test_a_colleague_who_has_left_does_not_count(program: Program, acme_owner: BrandActor, tina: BrandActor) -> None:
    version = actions.create_course(program_id=program.pk, title="Alone", outline=TONE, by=acme_owner, at=AT)
    actions.request_review(course_version_id=version.pk, by=acme_owner, at=AT)
    with pytest.raises(NotAlone):
        actions.approve_own_version(course_version_id=version.pk, reason="Alone.", by=acme_owner, at=AT)
    type(tina.user).objects.filter(pk=tina.user.pk).update(is_active=False)
    assert actions.approve_own_version(course_version_id=version.pk, reason="Alone.", by=acme_owner, at=AT)


def test_nobody_writes_while_it_is_reviewed_and_writing_voids_an_approval(
    draft: CourseVersion, tina: BrandActor, rita: BrandActor
) -> None:
    page = first_page(draft)
    actions.request_review(course_version_id=draft.pk, by=tina, at=AT)
    with pytest.raises(VersionInReview):
        save(page, "New", tina)
    actions.approve_version(course_version_id=draft.pk, by=rita, at=AT)
    save(page, page.body + "\n\nOne more line.", tina)
    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == (CourseVersionState.DRAFT, None)


def test_a_version_goes_back_with_a_comment(draft: CourseVersion, tina: BrandActor, rita: BrandActor) -> None:
    actions.request_review(course_version_id=draft.pk, by=tina, at=AT)
    with pytest.raises(CommentRequired):
        actions.return_version(course_version_id=draft.pk, comment=" ", by=rita, at=AT)
    version = actions.return_version(course_version_id=draft.pk, comment="Shorter, please.", by=rita, at=AT)
    assert (version.state, version.review_comment) == (CourseVersionState.DRAFT, "Shorter, please.")


@pytest.mark.parametrize("state", CourseVersionState.values)
def test_only_the_moves_of_the_table_are_made(
    draft: CourseVersion, tina: BrandActor, rita: BrandActor, state: str
) -> None:
    _bring_to(draft, state, tina, rita)
    attempts: dict[str, Callable[[], object]] = {
        CourseVersionState.IN_REVIEW: lambda: actions.request_review(course_version_id=draft.pk, by=tina, at=AT),
        CourseVersionState.APPROVED: lambda: actions.approve_version(course_version_id=draft.pk, by=rita, at=AT),
        CourseVersionState.PUBLISHED: lambda: publish(draft, rita),
        CourseVersionState.DRAFT: lambda: actions.return_version(
            course_version_id=draft.pk, comment="Again.", by=rita, at=AT
        ),
    }
    for target, attempt in attempts.items():
        if target in COURSE_VERSION_MOVES[state]:
            continue
        with pytest.raises(MoveRefused):
            attempt()
    draft.refresh_from_db()
    assert draft.state == state


def _bring_to(draft: CourseVersion, state: str, tina: BrandActor, rita: BrandActor) -> None:
    if state != CourseVersionState.DRAFT:
        actions.request_review(course_version_id=draft.pk, by=tina, at=AT)
    if state in ("approved", "published", "closed"):
        actions.approve_version(course_version_id=draft.pk, by=rita, at=AT)
    if state in ("published", "closed"):
        publish(draft, rita)
    if state == "closed":
        close(draft.course, rita)
