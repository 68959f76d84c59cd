"""The pages of learning and of training: what people see and what they send."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from gigcx.tenancy.actors import AgentActor, BrandActor, PersonActor
from recruiting.models import Agent, Program
from recruiting.states import EngagementState
from tests.factories import recruiting as recruit
from tests.factories import vetting as make
from tests.vetting.sending import hand_in, text_of
from vetting import actions
from vetting.models import (
    Attempt,
    Certification,
    CertificationVersion,
    ItemKey,
    ItemVersion,
    Response,
)
from vetting.states import AttemptState, VersionState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def acme_page(acme_owner: BrandActor) -> Client:
    """A browser that Acme's owner is signed in with."""
    browser = Client()
    browser.force_login(acme_owner.user)
    return browser


def test_an_agent_without_a_program_is_asked_nothing(ada_page: Client) -> None:
    assert "Nothing is asked of you now" in text_of(ada_page.get("/work/learn/"))


def on_the_way(ada: Agent, program: Program, count: int = 1) -> None:
    for number in range(count):
        other = program if number == 0 else recruit.make_program(program.brand, name=f"Program {number}")
        test = make.make_assessment(program.brand, name=f"Test {number}")
        params = {"subject_key": str(test.assessment_id)}
        make.make_certification(other, [{"kind": "identity"}, {"kind": "assessment", "params": params, "minutes": 20}])
        recruit.make_engagement(ada, other, state=EngagementState.ACCEPTED)
        actions.open_candidacy(agent_id=ada.pk, program_id=other.pk, at=recruit.LONG_AGO)


@pytest.mark.parametrize("count", [1, 3])
def test_the_path_needs_the_same_queries_for_one_program_and_for_three(
    count: int, ada_page: Client, ada: Agent, program: Program, django_assert_max_num_queries: Any
) -> None:
    on_the_way(ada, program, count)
    ada_page.get("/work/learn/")
    with django_assert_max_num_queries(18):
        page = ada_page.get("/work/learn/")
    assert text_of(page).count("Verify your identity") >= count


def test_a_test_is_taken_with_plain_forms(ada_page: Client, program: Program, at: datetime) -> None:
    test = make.make_assessment(program.brand, items=2)
    intro = f"/work/learn/tests/about/{test.assessment_id}/"
    assert "Pass mark" in text_of(ada_page.get(intro))
    begun = ada_page.post(intro, follow=True)
    assert "Question 1 of 2" in text_of(begun)
    attempt = Attempt.objects.across_brands().get()
    base = f"/work/learn/tests/{attempt.pk}/"
    form = {"position": 1, "client_seq": 1, "options": "a", "go": "next"}
    assert "Question 2 of 2" in text_of(ada_page.post(f"{base}answer/", form, follow=True))
    answer = ada_page.post(f"{base}answer/", {**form, "position": 2, "go": "submit"}, follow=True)
    assert "Every question has an answer" in text_of(answer)
    assert "Being graded" in text_of(ada_page.post(f"{base}submit/", follow=True))
    actions.grade_attempt(attempt_id=attempt.pk, at=at)
    page = text_of(ada_page.get(base))
    assert "Passed" in page
    assert "100.0" in page


def test_the_pages_script_saves_in_the_background_and_reads_when_it_was(ada_page: Client, program: Program) -> None:
    test = make.make_assessment(program.brand, items=1)
    ada_page.post(f"/work/learn/tests/about/{test.assessment_id}/")
    attempt = Attempt.objects.across_brands().get()
    base = f"/work/learn/tests/{attempt.pk}/"
    form = {"position": 1, "client_seq": 7, "options": "b"}
    told = ada_page.post(f"{base}answer/", form, headers={"accept": "application/json"}).json()
    assert told["text"] == "Saved 12:00"
    again = ada_page.post(f"{base}answer/", {**form, "options": "z"}, headers={"accept": "application/json"})
    assert again.status_code == 422
    assert again.json()["code"] == "response_invalid"
    assert Response.objects.across_brands().count() == 1


def test_a_second_device_takes_the_seat_and_the_first_turns_read_only(
    ada_page: Client, ada: Agent, program: Program
) -> None:
    test = make.make_assessment(program.brand, items=1)
    ada_page.post(f"/work/learn/tests/about/{test.assessment_id}/")
    base = f"/work/learn/tests/{Attempt.objects.across_brands().get().pk}/"
    phone = Client()
    phone.force_login(ada.user)
    assert "open on another device" in text_of(phone.get(base))
    assert "open on another device" not in text_of(phone.post(f"{base}seat/", follow=True))
    assert "open on another device" in text_of(ada_page.get(base))
    refused = ada_page.post(
        f"{base}answer/", {"position": 1, "client_seq": 1, "options": "a"}, headers={"accept": "application/json"}
    )
    assert refused.json()["code"] == "seat_taken"


def test_no_page_of_a_test_holds_a_key(ada_page: Client, program: Program) -> None:
    bank = make.make_bank(program.brand)
    make.make_item(
        bank, kind="short_text", payload={"prompt": "Word?"}, key={"answers": [{"text": "xylophone", "match": "exact"}]}
    )
    test = make.make_assessment(program.brand, bank=bank, draw=1, items=1)
    pages = [ada_page.get(f"/work/learn/tests/about/{test.assessment_id}/")]
    pages.append(ada_page.post(f"/work/learn/tests/about/{test.assessment_id}/", follow=True))
    attempt = Attempt.objects.across_brands().get()
    base = f"/work/learn/tests/{attempt.pk}/"
    pages.append(ada_page.post(f"{base}answer/", {"position": 1, "client_seq": 1, "text": "no"}, follow=True))
    pages += [ada_page.get(f"{base}check/"), ada_page.post(f"{base}submit/", follow=True), ada_page.get(base)]
    assert ItemKey.objects.across_brands().get().key["answers"][0]["text"] == "xylophone"
    assert all("xylophone" not in page.content.decode() for page in pages)


def test_with_every_worker_dead_reading_an_overdue_test_closes_it(
    ada_page: Client, program: Program, at: datetime
) -> None:
    test = make.make_assessment(program.brand, items=1)
    ada_page.post(f"/work/learn/tests/about/{test.assessment_id}/")
    attempt = Attempt.objects.across_brands().get()
    with time_machine.travel(at + timedelta(hours=2), tick=False):
        assert "Being graded" in text_of(ada_page.get(f"/work/learn/tests/{attempt.pk}/"))
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.SUBMITTED
    assert attempt.submitted_by == "deadline"


def test_a_trainer_writes_questions_a_colleague_publishes_them_and_a_test_is_made_of_them(
    acme_page: Client, acme_owner: BrandActor
) -> None:
    base = "/b/acme/training"
    page = acme_page.post(f"{base}/banks/", {"name": "Tone"}, follow=True)
    assert "No question yet" in text_of(page)
    bank = page.redirect_chain[-1][0]
    wrong = acme_page.post(
        f"{bank}new/?kind=single_choice", {"prompt": "Which?", "points": 1, "text_1": "A", "text_2": "B"}
    )
    assert wrong.status_code == 422
    assert "Mark exactly one option as right" in text_of(wrong) or "Mark the right option" in text_of(wrong)
    form = {"prompt": "Which?", "points": 1, "text_1": "Good", "text_2": "Bad", "right_1": "on", "skill": "tone"}
    item = acme_page.post(f"{bank}new/?kind=single_choice", form, follow=True).redirect_chain[-1][0]
    acme_page.post(f"{item}move/", {"move": "review"})
    acme_page.post(f"{bank}publish/", {"reason": "Alone so far"})
    assert ItemVersion.objects.across_brands().get().state == VersionState.LIVE
    test = acme_page.post(f"{base}/tests/", {"name": "Tone test"}, follow=True).redirect_chain[-1][0]
    bank_id = bank.rstrip("/").rpartition("/")[2]
    draft = {"minutes": 20, "max_tries": 3, "cut_percent": 70, "feedback": "skills", "bank_1": bank_id, "draw_1": 2}
    assert "Saved as a draft" in text_of(acme_page.post(test, draft, follow=True))
    assert "asks for 2 questions" in text_of(acme_page.post(test, {**draft, "go": "publish"}, follow=True))
    assert "Published" in text_of(acme_page.post(test, {**draft, "draw_1": 1, "go": "publish"}, follow=True))


def test_a_certification_is_built_its_effect_shown_and_put_in_force(acme_page: Client, program: Program) -> None:
    test = make.make_assessment(program.brand)
    base = "/b/acme/training/certifications/"
    page = acme_page.post(base, {"program": str(program.pk), "name": "Holiday Chat"}, follow=True)
    address = page.redirect_chain[-1][0]
    ticked = {"asked": [f"assessment:{test.assessment_id}"], "change": "minor", "validity_months": 12}
    saved = acme_page.post(address, ticked, follow=True)
    assert "If you publish the draft" in text_of(saved)
    digest = saved.context["effect"].digest
    stale = acme_page.post(address, {**ticked, "go": "publish", "effect": "0" * 32}, follow=True)
    assert "effect of publishing changed" in text_of(stale)
    acme_page.post(address, {**ticked, "go": "publish", "effect": digest})
    version = CertificationVersion.objects.across_brands().get()
    assert version.state == VersionState.LIVE
    assert list(version.requirements.order_by("position").values_list("kind", flat=True)) == [
        "identity",
        "terms",
        "assessment",
    ]


def test_a_certificates_public_page_names_nobody_unless_the_holder_wants_it(
    ada_page: Client, ada: Agent, program: Program, at: datetime
) -> None:
    certificate = make.make_certificate(ada, program, at=at)
    public = Client().get(f"/verify/{certificate.public_id}/")
    assert "This certificate is valid" in text_of(public)
    assert "Ada" not in text_of(public)
    assert "noindex" in public["X-Robots-Tag"]
    ada_page.post(f"/work/learn/certificates/{certificate.pk}/share/", {"is_public": "1"})
    assert "Ada Obi" in text_of(Client().get(f"/verify/{certificate.public_id}/"))


def test_others_get_not_found_everywhere(
    *,
    ada_page: Client,
    ada: Agent,
    program: Program,
    globex_owner: BrandActor,
    bo_acts: AgentActor,
    mallory: PersonActor,
    at: datetime,
) -> None:
    test = make.make_assessment(program.brand, items=1)
    ada_page.post(f"/work/learn/tests/about/{test.assessment_id}/")
    attempt, item = Attempt.objects.across_brands().get(), ItemVersion.objects.across_brands().get().item
    certification = make.make_certification(program)
    bo, gus, mal = Client(), Client(), Client()
    bo.force_login(bo_acts.user)
    gus.force_login(globex_owner.user)
    mal.force_login(mallory.user)
    for tail in ("", "check/", "status/"):
        assert bo.get(f"/work/learn/tests/{attempt.pk}/{tail}").status_code == 404
    for tail in ("answer/", "submit/", "seat/"):
        assert bo.post(f"/work/learn/tests/{attempt.pk}/{tail}", {"position": 1, "client_seq": 9}).status_code == 404
    for tail in (
        f"banks/{item.bank_id}/",
        f"banks/items/{item.pk}/",
        f"tests/{test.assessment_id}/",
        f"certifications/{certification.pk}/",
    ):
        assert gus.get(f"/b/globex/training/{tail}").status_code == 404
        assert mal.get(f"/b/acme/training/{tail}").status_code == 404
        assert gus.get(f"/b/acme/training/{tail}").status_code == 404
    assert mal.get("/work/learn/").status_code == 302
    assert Certification.objects.across_brands().count() == 1


def test_the_path_says_that_people_act_while_documents_are_in_review(
    ada_page: Client, ada: Agent, program: Program
) -> None:
    on_the_way(ada, program)
    hand_in(ada_page)
    page = text_of(ada_page.get("/work/learn/"))
    assert "We wait for our people" in page
    assert "See where it stands" in page


def test_the_page_before_a_test_says_when_the_next_try_opens(ada_page: Client, program: Program, at: datetime) -> None:
    test = make.make_assessment(program.brand, items=1)
    intro = f"/work/learn/tests/about/{test.assessment_id}/"
    ada_page.post(intro)
    attempt = Attempt.objects.across_brands().get()
    ada_page.post(f"/work/learn/tests/{attempt.pk}/submit/")
    actions.grade_attempt(attempt_id=attempt.pk, at=at)
    page = ada_page.get(intro)
    assert "Your next try opens Tue 17 Nov, 12:00" in text_of(page)
    assert ">Begin<" not in page.content.decode()
    early = ada_page.post(intro)
    assert early.status_code == 409
    assert "Your next try opens on" in text_of(early)
