"""The pages of training, through HTTP: what is shown, who sees it, how many queries it takes."""

import json
from datetime import timedelta
from typing import cast as cast_to

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from gigcx.accounts.models import User
from gigcx.kernel import clock
from gigcx.tenancy.actors import BrandActor, PersonActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import training as train
from training import actions
from training.models import Course, CourseVersion, Enrolment, Page, PageProgress
from training.pages.checksums import text_checksum
from training.states import CourseVersionState, EnrolmentState

HTMX = {"HX-Request": "true"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def trainer(tina: BrandActor) -> Client:
    return signed_in(tina.user)


@pytest.fixture
def learner(ada_obi: Agent) -> Client:
    return signed_in(ada_obi.user)


@pytest.fixture
def draft_page(course: Course) -> Page:
    return train.pages_of(train.make_version(course, state=CourseVersionState.DRAFT))[0]


def brand_url(name: str, **kwargs: object) -> str:
    return reverse(f"training:{name}", kwargs={"slug": "acme", **kwargs})


def lesson_url(enrolment: Enrolment, page: Page, name: str = "lesson") -> str:
    return reverse(f"training:{name}", kwargs={"enrolment_id": enrolment.pk, "page_id": page.pk})


# authoring


def test_a_brand_without_courses_is_offered_three_to_begin_with(trainer: Client) -> None:
    page = trainer.get(brand_url("courses")).content.decode()
    for name in ("tone", "product", "returns"):
        assert f"?starter={name}" in page


def test_a_starter_becomes_a_draft_ready_for_review(trainer: Client, program: Program) -> None:
    form = {"program": str(program.pk), "title": "Our tone", "summary": "", "starter": "tone"}
    response = trainer.post(brand_url("course-new"), form, follow=True)
    version = CourseVersion.objects.across_brands().get()
    assert response.status_code == 200
    assert "Three promises in every reply" in response.content.decode()
    actions.request_review(course_version_id=version.pk, by=_actor(version), at=cast.MONDAY_NOON)


def _actor(version: CourseVersion) -> BrandActor:
    return BrandActor(version.created_by, version.brand, "trainer")


def test_a_course_without_a_title_keeps_what_was_typed(trainer: Client, program: Program) -> None:
    form = {"program": str(program.pk), "title": "", "summary": "Kept words"}
    response = trainer.post(brand_url("course-new"), form)
    assert response.status_code == 422
    assert "Kept words" in response.content.decode()
    assert not Course.objects.across_brands().exists()


def test_autosave_answers_with_preview_and_problems_by_line(trainer: Client, draft_page: Page) -> None:
    body = "Hello **there**\n\n:::vidoe x\n:::\n\n:::check greeting\n:::"
    response = _save(trainer, draft_page, body)
    text = response.content.decode()
    assert response.status_code == 200
    assert "<strong>there</strong>" in text
    assert "Line 3" in text
    draft_page.refresh_from_db()
    assert draft_page.body == body


def test_two_authors_saving_one_page_both_keep_their_text(trainer: Client, draft_page: Page, rita: BrandActor) -> None:
    begun = text_checksum(draft_page.title, draft_page.body)
    _save(signed_in(rita.user), draft_page, "Rita's words")
    response = _save(trainer, draft_page, "Tina's words", seen=begun)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Rita&#x27;s words" in text
    assert "Tina&#x27;s words" in text
    draft_page.refresh_from_db()
    assert draft_page.body == "Rita's words"
    seen = text_checksum(draft_page.title, draft_page.body)
    assert _save(trainer, draft_page, "Tina's words", seen=begun, overwrite=seen).status_code == 200


def _save(client: Client, page: Page, body: str, *, seen: str = "", overwrite: str = "") -> HttpResponse:
    form = {"title": page.title, "body": body, "is_required": "on", "overwrite": overwrite}
    form["seen_checksum"] = seen or text_checksum(page.title, page.body)
    return cast_to(HttpResponse, client.post(brand_url("page", page_id=page.pk), form, headers=HTMX))


def test_a_page_without_a_title_is_not_saved_and_says_so(trainer: Client, draft_page: Page) -> None:
    form = {"title": " ", "body": "New words", "seen_checksum": text_checksum(draft_page.title, draft_page.body)}
    response = trainer.post(brand_url("page", page_id=draft_page.pk), form)
    assert response.status_code == 422
    assert "New words" in response.content.decode()


@pytest.mark.parametrize("title", ["Before\x00after", "\N{FOX FACE}", "'; DROP TABLE x; --", "x" * 10_000, "\x00", ""])
def test_a_chapter_or_page_of_any_title_is_added_or_refused(trainer: Client, draft_page: Page, title: str) -> None:
    module = draft_page.module
    for name, ids in (
        ("module-add", {"course_version_id": module.version_id}),
        ("page-add", {"module_id": module.pk}),
    ):
        assert trainer.post(brand_url(name, **ids), {"title": title}).status_code < 500
    kept = Page.objects.across_brands().filter(module=module).exclude(pk=draft_page.pk).values_list("title", flat=True)
    assert "Before after" in kept or not title.startswith("Before")
    assert all(0 < len(one) <= 120 and "\x00" not in one for one in kept)


def test_a_question_is_added_through_its_form(trainer: Client, draft_page: Page) -> None:
    form = {
        "kind": "choice",
        "prompt": "Which one?",
        "key": "which",
        "text_1": "This",
        "right_1": "on",
        "text_2": "That",
    }
    response = trainer.post(brand_url("check-new", page_id=draft_page.pk), form)
    assert response.status_code == 302
    assert draft_page.checks.get(key="which").kind == "single_choice"
    wrong = trainer.post(brand_url("check-new", page_id=draft_page.pk), {"kind": "choice", "prompt": "What?"})
    assert wrong.status_code == 422
    assert "at least two answers" in wrong.content.decode()
    twice = trainer.post(brand_url("check-new", page_id=draft_page.pk), form)
    assert "already has a question" in twice.content.decode()


@pytest.mark.parametrize(
    "name",
    ["courses", "course-new", "course", "version", "version-settings", "version-publish", "page", "page-preview"],
)
def test_every_page_of_the_trainer_opens(trainer: Client, draft_page: Page, name: str) -> None:
    version = draft_page.module.version
    kwargs = {
        "course": {"course_id": version.course_id},
        "version": {"course_version_id": version.pk},
        "version-settings": {"course_version_id": version.pk},
        "version-publish": {"course_version_id": version.pk},
        "page": {"page_id": draft_page.pk},
        "page-preview": {"page_id": draft_page.pk},
    }.get(name, {})
    assert trainer.get(brand_url(name, **kwargs)).status_code == 200


def test_a_viewer_reads_and_writes_nothing(acme: Brand, draft_page: Page) -> None:
    viewer = signed_in(cast.make_member(acme, "Vera Viewer", role="viewer").user)
    assert viewer.get(brand_url("page", page_id=draft_page.pk)).status_code == 200
    assert _save(viewer, draft_page, "Mine").status_code == 403
    draft_page.refresh_from_db()
    assert "Mine" not in draft_page.body


def test_globex_gets_404_for_the_pages_of_acme(
    enrolment: Enrolment, draft_page: Page, globex_owner: BrandActor, mallory: PersonActor
) -> None:
    version = draft_page.module.version
    check = train.check_of(draft_page)
    paths = [
        ("page", {"page_id": draft_page.pk}),
        ("page-preview", {"page_id": draft_page.pk}),
        ("version", {"course_version_id": version.pk}),
        ("version-publish", {"course_version_id": version.pk}),
        ("course", {"course_id": version.course_id}),
        ("check", {"check_id": check.pk}),
    ]
    for user in (globex_owner.user, mallory.user):
        client = signed_in(user)
        for name, kwargs in paths:
            for slug in ("acme", "globex"):
                url = reverse(f"training:{name}", kwargs={"slug": slug, **kwargs})
                assert client.get(url).status_code == 404, url
        assert client.get(lesson_url(enrolment, train.pages_of(enrolment.version)[0])).status_code in (302, 404)


# learning


def test_minutes_and_pay_are_shown_before_enrolling(learner: Client, version: CourseVersion) -> None:
    page = learner.get(reverse("training:course-about", args=[version.course_id])).content.decode()
    assert "6.00\xa0USD" in page
    assert not Enrolment.objects.across_brands().exists()


def test_a_course_is_taken_from_offer_to_finish(learner: Client, version: CourseVersion) -> None:
    response = learner.post(reverse("training:course-about", args=[version.course_id]))
    enrolment = Enrolment.objects.across_brands().get()
    first, second = train.pages_of(version)
    assert response["Location"] == lesson_url(enrolment, first)
    check = train.check_of(first)
    answer_url = reverse("training:check-answer", kwargs={"enrolment_id": enrolment.pk, "check_id": check.pk})
    wrong = learner.post(answer_url, {"client_seq": "1", "options": "b"}, headers=HTMX).content.decode()
    assert "SECRET-WHY-B" in wrong
    assert "SECRET-WHY-A" not in wrong
    assert "still open" in wrong
    right = learner.post(answer_url, {"client_seq": "2", "options": "a"}, headers=HTMX).content.decode()
    assert "Right." in right
    assert learner.post(lesson_url(enrolment, first, "lesson-done"))["Location"] == lesson_url(enrolment, second)
    home = learner.post(lesson_url(enrolment, second, "lesson-done"), follow=True).content.decode()
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.COMPLETED
    assert "6.00\xa0USD" in home


def test_no_page_of_a_learner_holds_a_key(learner: Client, enrolment: Enrolment) -> None:
    page = train.pages_of(enrolment.version)[0]
    for url in (lesson_url(enrolment, page), reverse("training:course-home", args=[enrolment.pk])):
        text = learner.get(url).content.decode()
        assert "SECRET-WHY" not in text
        assert '"options": ["a"]' not in text


def test_an_empty_answer_asks_for_one(learner: Client, enrolment: Enrolment) -> None:
    check = train.check_of(train.pages_of(enrolment.version)[0])
    url = reverse("training:check-answer", kwargs={"enrolment_id": enrolment.pk, "check_id": check.pk})
    response = learner.post(url, {"client_seq": "1"}, headers=HTMX)
    assert response.status_code == 422
    assert "Choose one of the answers" in response.content.decode()


@pytest.mark.parametrize("body", ["", "[]", "{", '{"ago": "x"}', '{"ago": [null]}', '{"ago": {"a": 1}}', '{"ago": 5}'])
def test_activity_of_the_wrong_shape_changes_nothing(learner: Client, enrolment: Enrolment, body: str) -> None:
    url = lesson_url(enrolment, train.pages_of(enrolment.version)[0], "lesson-activity")
    response = learner.post(url, body, content_type="application/json")
    assert response.status_code == 400
    assert not PageProgress.objects.across_brands().exists()


def test_activity_is_counted_by_the_servers_clock(learner: Client, enrolment: Enrolment) -> None:
    url = lesson_url(enrolment, train.pages_of(enrolment.version)[0], "lesson-activity")
    for _tab in range(3):
        sent = learner.post(url, json.dumps({"ago": [0, 900, -5]}), content_type="application/json")
        assert sent.status_code == 204
    assert PageProgress.objects.across_brands().get().active_seconds in (14, 15, 16)


def test_a_minor_version_is_taken_up_at_the_next_look(learner: Client, enrolment: Enrolment, course: Course) -> None:
    train.make_version(course, at=clock.now() - timedelta(days=1))
    response = learner.get(reverse("training:course-home", args=[enrolment.pk]))
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.MOVED
    successor = Enrolment.objects.across_brands().get(moved_from=enrolment)
    assert response["Location"] == reverse("training:course-home", args=[successor.pk])


def test_nothing_to_learn_is_said_kindly(learner: Client, program: Program) -> None:
    assert "Nothing to learn today" in learner.get(reverse("training:my-courses")).content.decode()


def test_another_agent_gets_404_for_my_course(enrolment: Enrolment) -> None:
    bo = signed_in(recruit.make_agent("Bo Lin").user)
    page = train.pages_of(enrolment.version)[0]
    assert bo.get(lesson_url(enrolment, page)).status_code == 404
    assert bo.get(reverse("training:course-home", args=[enrolment.pk])).status_code == 404
    assert bo.post(lesson_url(enrolment, page, "lesson-done")).status_code == 404


# how many queries


def _queries(client: Client, url: str, capture: object) -> int:
    client.get(url)
    with capture() as seen:  # type: ignore[operator]
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.fixture
def counted(django_assert_max_num_queries: object) -> object:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


def test_the_list_of_courses_takes_as_many_queries_for_three_as_for_one(
    trainer: Client, version: CourseVersion, program: Program, counted: object
) -> None:
    one = _queries(trainer, brand_url("courses"), counted)
    for title in ("Two", "Three"):
        train.make_version(train.make_course(program, title=title))
    assert _queries(trainer, brand_url("courses"), counted) == one <= 12


def test_a_course_takes_as_many_queries_for_three_learners_as_for_one(
    trainer: Client, enrolment: Enrolment, counted: object
) -> None:
    url = brand_url("course", course_id=enrolment.course_id)
    one = _queries(trainer, url, counted)
    for name in ("Bo Lin", "Cy Day"):
        train.make_enrolment(recruit.make_agent(name), enrolment.version)
    assert _queries(trainer, url, counted) == one <= 12


def test_a_lesson_takes_as_many_queries_for_three_pages_as_for_one(
    learner: Client, ada_obi: Agent, program: Program, counted: object
) -> None:
    seen = set()
    for title, pages in (("One", 1), ("Three", 3)):
        enrolment = train.make_enrolment(
            ada_obi, train.make_version(train.make_course(program, title=title), pages=pages)
        )
        seen.add(_queries(learner, lesson_url(enrolment, train.pages_of(enrolment.version)[0]), counted))
    assert len(seen) == 1
    assert max(seen) <= 22


def test_my_courses_take_as_many_queries_for_three_as_for_one(
    learner: Client, ada_obi: Agent, program: Program, counted: object
) -> None:
    url = reverse("training:my-courses")
    train.make_enrolment(ada_obi, train.make_version(train.make_course(program, title="A")))
    one = _queries(learner, url, counted)
    for title in ("B", "C"):
        train.make_enrolment(ada_obi, train.make_version(train.make_course(program, title=title)))
    assert _queries(learner, url, counted) == one <= 12
