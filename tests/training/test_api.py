"""The API of training: reading courses, learning from an app."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.tenancy.actors import BrandActor, PersonActor
from recruiting.models import Agent
from tests.factories import recruiting as recruit
from tests.factories import training as train
from training.models import CheckAnswer, Enrolment, TrainingTime
from training.states import EnrolmentState


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, **kwargs: UUID | str) -> str:
    return reverse(f"api-{name}", kwargs=kwargs)


def test_a_course_is_learnt_through_the_api(ada_obi: Agent, enrolment: Enrolment) -> None:
    app = signed_in(ada_obi.user)
    ids = {"enrolment_id": enrolment.pk}
    first, second = train.pages_of(enrolment.version)
    lesson = app.get(url("my-lesson", page_id=first.pk, **ids))
    assert "SECRET-WHY" not in lesson.content.decode()
    question = next(part["question"] for part in lesson.json()["parts"] if part["question"])
    answer_url = url("my-check-answer", check_id=question["id"], **ids)
    done_url = url("my-lesson-done", page_id=first.pk, **ids)
    refused = app.post(done_url, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "check_open")
    given = {"client_seq": question["next_seq"], "options": ["a"]}
    answered = app.post(answer_url, given, content_type="application/json").json()
    assert answered["answer"] == {"is_correct": True, "feedback": ["SECRET-WHY-A"]}
    assert app.post(done_url, content_type="application/json").json()["pages_done"] == 1
    ended = app.post(url("my-lesson-done", page_id=second.pk, **ids), content_type="application/json").json()
    assert ended["enrolment_state"] == EnrolmentState.COMPLETED
    assert TrainingTime.objects.across_brands().count() == 1


@pytest.mark.parametrize(
    "body",
    [{}, {"client_seq": 0}, {"client_seq": "x"}, {"client_seq": 1, "options": "a"}, {"client_seq": 1, "text": 5}, []],
)
def test_an_answer_of_the_wrong_shape_is_refused_and_changes_nothing(
    ada_obi: Agent, enrolment: Enrolment, body: object
) -> None:
    check = train.check_of(train.pages_of(enrolment.version)[0])
    where = url("my-check-answer", enrolment_id=enrolment.pk, check_id=check.pk)
    response = signed_in(ada_obi.user).post(where, body, content_type="application/json")
    assert response.status_code == 400
    assert not CheckAnswer.objects.across_brands().exists()


def test_activity_is_counted_through_the_api(ada_obi: Agent, enrolment: Enrolment) -> None:
    page = train.pages_of(enrolment.version)[0]
    where = url("my-lesson-activity", enrolment_id=enrolment.pk, page_id=page.pk)
    response = signed_in(ada_obi.user).post(where, {"ago": [0]}, content_type="application/json")
    assert response.json() == {"counted_seconds": 15}
    wrong = signed_in(ada_obi.user).post(where, {"ago": [-1]}, content_type="application/json")
    assert wrong.status_code == 400


def test_a_brand_reads_its_courses_and_learners(tina: BrandActor, enrolment: Enrolment) -> None:
    app = signed_in(tina.user)
    courses = app.get(url("course-list", slug="acme")).json()["results"]
    assert [row["title"] for row in courses] == ["Tone of voice"]
    course_id = courses[0]["id"]
    versions = app.get(url("course-version-list", slug="acme", course_id=course_id)).json()["results"]
    assert [row["version_state"] for row in versions] == ["published"]
    one = app.get(url("course-version", slug="acme", course_version_id=versions[0]["id"])).json()
    assert one["expected_minutes"] == 30
    assert app.get(url("enrolment-list", slug="acme")).json()["results"][0]["id"] == str(enrolment.pk)


def test_others_get_404(enrolment: Enrolment, globex_owner: BrandActor, mallory: PersonActor) -> None:
    bo = recruit.make_agent("Bo Lin")
    page = train.pages_of(enrolment.version)[0]
    own = [
        url("my-enrolment", enrolment_id=enrolment.pk),
        url("my-lesson", enrolment_id=enrolment.pk, page_id=page.pk),
    ]
    brand = [
        url("course-list", slug="acme"),
        url("course", slug="globex", course_id=enrolment.course_id),
        url("course-version", slug="globex", course_version_id=enrolment.version_id),
    ]
    for user in (bo.user, globex_owner.user, mallory.user):
        for where in (*own, *brand):
            assert signed_in(user).get(where).status_code == 404, where
    assert signed_in(globex_owner.user).get(url("enrolment-list", slug="globex")).json()["results"] == []
