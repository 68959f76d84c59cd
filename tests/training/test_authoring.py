"""Writing courses: pages, questions, names, and who may."""

import pytest

from gigcx.audit.models import AuditEntry
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound
from gigcx.tenancy.actors import BrandActor, PersonActor
from gigcx.tenancy.models import Brand
from recruiting.models import Program
from tests import cast
from tests.training.steps import AT, first_page, save
from training import actions, queries
from training.errors import (
    CheckExists,
    CourseExists,
    PageChanged,
)
from training.models import CourseVersion, Page
from training.pages.checksums import text_checksum
from training.pages.outlines import choice, words
from training.states import CourseVersionState


def test_a_course_starts_as_a_draft_with_pages_and_questions(draft: CourseVersion) -> None:
    assert (draft.n, draft.state, draft.expected_minutes) == (1, CourseVersionState.DRAFT, 10)
    modules = queries.modules_of(draft)
    assert [module.title for module in modules] == ["How we sound", "When it is hard"]
    assert queries.problems_of_version(modules) == []


def test_two_courses_of_one_brand_have_two_names(draft: CourseVersion, program: Program, tina: BrandActor) -> None:
    with pytest.raises(CourseExists):
        actions.create_course(program_id=program.pk, title="Our  tone", by=tina, at=AT)
    with pytest.raises(Invalid):
        actions.create_course(program_id=program.pk, title="   ", by=tina, at=AT)


def test_a_planner_does_not_write_courses(acme: Brand, program: Program) -> None:
    planner = cast.make_member(acme, "Pia Planner", role="planner")
    with pytest.raises(NotAllowed):
        actions.create_course(program_id=program.pk, title="Mine", by=planner, at=AT)


def test_globex_finds_nothing_of_acme(draft: CourseVersion, globex_owner: BrandActor, mallory: PersonActor) -> None:
    page = first_page(draft)
    for actor in (globex_owner, mallory):
        with pytest.raises(NotFound):
            save(page, "Mine now", actor)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            queries.course_for(actor, draft.course_id)
        assert not queries.courses_for(actor).exists()
    with pytest.raises(NotFound):
        actions.publish_course_version(
            course_version_id=draft.pk, change="minor", effect_digest="", by=globex_owner, at=AT
        )


def test_two_authors_saving_one_page_both_keep_their_text(
    draft: CourseVersion, tina: BrandActor, rita: BrandActor
) -> None:
    page = first_page(draft)
    begun = text_checksum(page.title, page.body)
    save(page, "Rita's text", rita, begun)
    with pytest.raises(PageChanged) as clash:
        save(page, "Tina's text", tina, begun)
    assert (clash.value.theirs, clash.value.yours) == ("Rita's text", "Tina's text")
    save(page, "Tina's text", tina, clash.value.checksum)
    page.refresh_from_db()
    assert page.body == "Tina's text"


def test_saving_the_same_text_again_writes_no_history(draft: CourseVersion, tina: BrandActor) -> None:
    page = first_page(draft)
    before = AuditEntry.objects.count()
    save(page, page.body, tina, "stale")
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("body", ["x" * 100_001, "zero \x00 byte"])
def test_text_that_cannot_be_kept_is_refused_by_name(draft: CourseVersion, tina: BrandActor, body: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(first_page(draft), body, tina)
    assert refused.value.field == "body"


@pytest.mark.parametrize("text", ["😀 מרחבא \u202eabc", "'; DROP TABLE training_page; --", "日本語"])
def test_any_writing_is_kept_as_typed(draft: CourseVersion, tina: BrandActor, text: str) -> None:
    page = save(first_page(draft), text, tina)
    page.refresh_from_db()
    assert page.body == text


def test_a_questions_key_is_used_once_on_a_page(draft: CourseVersion, tina: BrandActor) -> None:
    page = first_page(draft)
    question = choice("mine", "Which?", ("This", True, ""), ("That", False, ""))
    check = actions.add_check(page_id=page.pk, question=question, by=tina, at=AT)
    with pytest.raises(CheckExists):
        actions.add_check(page_id=page.pk, question=question, by=tina, at=AT)
    before = Page.objects.across_brands().get(pk=page.pk).checksum
    actions.save_check(check_id=check.pk, question=words("mine", "Which?", "this"), by=tina, at=AT)
    assert Page.objects.across_brands().get(pk=page.pk).checksum != before
    actions.remove_check(check_id=check.pk, by=tina, at=AT)
    assert not page.checks.filter(key="mine").exists()


def test_a_question_with_one_answer_is_refused_by_name(draft: CourseVersion, tina: BrandActor) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_check(
            page_id=first_page(draft).pk, question=choice("q", "Which?", ("This", True, "")), by=tina, at=AT
        )
    assert refused.value.field == "options"


def test_pages_are_added_moved_and_removed(draft: CourseVersion, tina: BrandActor) -> None:
    module = queries.modules_of(draft)[0]
    page = actions.add_page(module_id=module.pk, title="Third", by=tina, at=AT)
    actions.move_page(page_id=page.pk, step=-1, by=tina, at=AT)
    assert [row.title for row in queries.modules_of(draft)[0].pages.all()][1] == "Third"
    actions.move_page(page_id=page.pk, step=-9, by=tina, at=AT)
    assert next(iter(queries.modules_of(draft)[0].pages.all())).title == "Third"
    actions.remove_page(page_id=page.pk, by=tina, at=AT)
    assert queries.modules_of(draft)[0].pages.count() == 2
    chapter = actions.add_module(course_version_id=draft.pk, title="More", by=tina, at=AT)
    lone = actions.add_page(module_id=chapter.pk, title="Lone", by=tina, at=AT)
    actions.remove_page(page_id=lone.pk, by=tina, at=AT)
    assert [module.title for module in queries.modules_of(draft)] == ["How we sound", "When it is hard"]
