"""The forms of the course editor: wrong input names its field, keeps what was typed, and changes nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.tenancy.actors import BrandActor
from recruiting.models import Program
from tests.factories import training as train
from tests.training.steps import AT, approve, first_page, save
from training import actions
from training.models import Course, CourseVersion, Module, Page
from training.pages.starters import TONE
from training.states import CourseVersionState


@pytest.fixture
def trainer(tina: BrandActor) -> Client:
    return signed_in(tina)


@pytest.fixture
def chapter(course: Course) -> Module:
    return train.pages_of(train.make_version(course, state=CourseVersionState.DRAFT))[0].module


def signed_in(actor: BrandActor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def url(name: str, **kwargs: object) -> str:
    return reverse(f"training:{name}", kwargs={"slug": "acme", **kwargs})


def errors_at(response: Any, field_id: str) -> bool:
    """Whether the page marks that field as wrong and ties the words to it."""
    page = response.content.decode()
    return f'id="{field_id}"' in page and f'id="{field_id}_error"' in page


TITLES = ["", "   ", "long " * 40]


@pytest.mark.parametrize("title", TITLES)
def test_a_refused_page_title_stays_where_it_was_typed(trainer: Client, chapter: Module, title: str) -> None:
    response = trainer.post(url("page-add", module_id=chapter.pk), {"title": title})
    assert response.status_code == 422
    assert errors_at(response, f"{chapter.pk}_title")
    assert not errors_at(response, "new-chapter_title")
    assert f'value="{title}"' in response.content.decode() or not title.strip()
    assert Page.objects.across_brands().count() == 2


@pytest.mark.parametrize("title", TITLES)
def test_a_refused_chapter_title_stays_where_it_was_typed(trainer: Client, chapter: Module, title: str) -> None:
    response = trainer.post(url("module-add", course_version_id=chapter.version_id), {"title": title})
    assert response.status_code == 422
    assert errors_at(response, "new-chapter_title")
    assert not errors_at(response, f"{chapter.pk}_title")
    assert f'value="{title}"' in response.content.decode() or not title.strip()
    assert Module.objects.across_brands().count() == 1


def test_good_titles_are_added(trainer: Client, chapter: Module) -> None:
    version_id = chapter.version_id
    assert trainer.post(url("module-add", course_version_id=version_id), {"title": "More"}).status_code == 302
    assert trainer.post(url("page-add", module_id=chapter.pk), {"title": " Two\nlines "}).status_code == 302
    assert Module.objects.across_brands().filter(title="More").exists()
    assert Page.objects.across_brands().filter(title="Two lines").exists()


def test_a_title_typed_while_the_review_began_is_not_lost(trainer: Client, chapter: Module, rita: BrandActor) -> None:
    actions.request_review(course_version_id=chapter.version_id, by=rita, at=AT)
    for name, ids in (
        ("page-add", {"module_id": chapter.pk}),
        ("module-add", {"course_version_id": chapter.version_id}),
    ):
        response = trainer.post(url(name, **ids), {"title": "Kept words"})
        assert response.status_code == 422
        assert "being reviewed" in response.content.decode()
        assert "Kept words" in response.content.decode()
    assert Page.objects.across_brands().count() == 2


@pytest.mark.parametrize("name", ["page-add", "module-add"])
def test_a_foreign_chapter_is_as_absent_as_none(chapter: Module, globex_owner: BrandActor, name: str) -> None:
    ids = {"page-add": {"module_id": chapter.pk}, "module-add": {"course_version_id": chapter.version_id}}[name]
    foreign = reverse(f"training:{name}", kwargs={"slug": "globex", **ids})
    assert signed_in(globex_owner).post(foreign, {"title": "Mine"}).status_code == 404


def test_a_version_is_not_returned_without_a_comment(draft: CourseVersion, tina: BrandActor, rita: BrandActor) -> None:
    actions.request_review(course_version_id=draft.pk, by=tina, at=AT)
    response = signed_in(rita).post(url("version-return", course_version_id=draft.pk), {"comment": "  "})
    assert response.status_code == 422
    assert errors_at(response, "id_comment")
    draft.refresh_from_db()
    assert draft.state == CourseVersionState.IN_REVIEW


def test_a_comment_that_comes_too_late_is_not_lost(draft: CourseVersion, tina: BrandActor, rita: BrandActor) -> None:
    approve(draft, tina, rita)
    response = signed_in(rita).post(url("version-return", course_version_id=draft.pk), {"comment": "Kept words"})
    assert response.status_code == 422
    assert "approved already" in response.content.decode()
    assert "Kept words" in response.content.decode()
    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == (CourseVersionState.APPROVED, rita.user)


def test_alone_in_the_brand_the_page_says_so_and_asks_why(program: Program, acme_owner: BrandActor) -> None:
    version = actions.create_course(program_id=program.pk, title="Alone", outline=TONE, by=acme_owner, at=AT)
    actions.request_review(course_version_id=version.pk, by=acme_owner, at=AT)
    client = signed_in(acme_owner)
    page = client.get(url("version-publish", course_version_id=version.pk)).content.decode()
    assert "nobody else in this brand may approve" in page
    own = url("version-approve-own", course_version_id=version.pk)
    refused = client.post(own, {"reason": " "})
    assert refused.status_code == 422
    assert errors_at(refused, "id_reason")
    done = client.post(own, {"reason": "We are one person."}, follow=True)
    assert "Nobody else looked at it" in done.content.decode()


def test_who_wrote_is_told_whom_it_waits_for(draft: CourseVersion, tina: BrandActor, rita: BrandActor) -> None:
    checklist = url("version-publish", course_version_id=draft.pk)
    actions.request_review(course_version_id=draft.pk, by=tina, at=AT)
    assert "It waits for: Rita Reviewer." in signed_in(tina).get(checklist).content.decode()
    actions.return_version(course_version_id=draft.pk, comment="Again.", by=rita, at=AT)
    save(first_page(draft), first_page(draft).body + "\n\nRita was here.", rita)
    actions.request_review(course_version_id=draft.pk, by=tina, at=AT)
    assert "has written in this one" in signed_in(tina).get(checklist).content.decode()
