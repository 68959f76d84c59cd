"""The pages: what people see and what they send."""

import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gigcx.tenancy.actors import AgentActor, BrandActor, OpsActor, PersonActor
from recruiting.models import Agent, Program
from recruiting.states import EngagementState
from tests.factories import recruiting as recruit
from tests.factories import vetting as make
from tests.vetting.conftest import draw_photo
from vetting import actions
from vetting.models import (
    Attempt,
    Certification,
    CertificationVersion,
    DocumentView,
    IdentityCheck,
    IdentityDocument,
    ItemKey,
    ItemVersion,
    Response,
)
from vetting.states import AttemptState, CheckState, VersionState

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
IDENTITY = "/work/learn/identity/"
DETAILS = {
    "legal_name": "Ada Obi",
    "birth_date": "1995-04-02",
    "country": "US",
    "document_type": "passport",
    "last4": "4821",
    "document_expires_on": "2031-01-01",
}


@pytest.fixture(autouse=True)
def noon(at: datetime) -> Any:
    """The wall clock stands at the story's noon."""
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def ada_page(client: Client, ada: Agent) -> Client:
    """A browser that Ada is signed in with."""
    client.force_login(ada.user)
    return client


@pytest.fixture
def acme_page(acme_owner: BrandActor) -> Client:
    """A browser that Acme's owner is signed in with."""
    browser = Client()
    browser.force_login(acme_owner.user)
    return browser


def ops_page(somebody: OpsActor) -> Client:
    browser = Client()
    browser.force_login(somebody.user)
    return browser


def upload(name: str = "front.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, draw_photo() if content is None else content, "image/jpeg")


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


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


def test_documents_that_are_sent_go_to_review_and_none_is_readable_on_disk(
    ada_page: Client, settings: Any, tmp_path: Any
) -> None:
    settings.VAULT_ROOT = tmp_path
    answer = ada_page.post(IDENTITY, {**DETAILS, "front": upload()})
    assert answer.status_code == 302
    assert IdentityCheck.objects.across_brands().get().state == CheckState.NEEDS_REVIEW
    kept = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert len(kept) == 1
    assert not any(mark in kept[0] for mark in (b"\xff\xd8\xff", b"JFIF", b"PNG", b"Exif", b"%PDF"))
    assert "In review" in text_of(ada_page.get(IDENTITY))


BAD_UPLOADS = {
    "words": (b"This is not a picture at all, only words.", "not a JPEG, PNG or PDF"),
    "broken": (draw_photo()[:400], "broken"),
    "tiny": (draw_photo(20, 20), "too small"),
    "over ten megabytes": (b"\xff\xd8\xff" + b"0" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    "over forty megapixels": (draw_photo(8000, 5100, "PNG"), "megapixels"),
    "scripted": (b"%PDF-1.4 /JavaScript (app.alert) %%EOF", "scripts"),
}


@pytest.mark.parametrize("name", BAD_UPLOADS)
def test_an_upload_that_is_no_fit_picture_is_refused_with_its_reason_and_nothing_changes(
    name: str, ada_page: Client
) -> None:
    content, words = BAD_UPLOADS[name]
    answer = ada_page.post(IDENTITY, {**DETAILS, "front": upload(content=content)})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert 'value="Ada Obi"' in answer.content.decode()
    assert not IdentityCheck.objects.across_brands().exists()


def test_two_hundred_megabytes_are_refused_by_their_stated_size_without_being_read(ada_page: Client) -> None:
    unread = _Unread()
    outside: dict[str, Any] = {"wsgi.input": unread}
    answer = ada_page.generic(
        "POST",
        IDENTITY,
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(200 * 1024 * 1024),
        **outside,
    )
    assert answer.status_code == 413
    assert "was not read" in text_of(answer)
    assert unread.reads == 0


class _Unread(io.BytesIO):
    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        return b""


def test_an_upload_without_the_forms_token_is_refused(ada: Agent) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada.user)
    assert strict.post(IDENTITY, {**DETAILS, "front": upload()}).status_code == 403


def hand_in(page: Client) -> IdentityCheck:
    page.post(IDENTITY, {**DETAILS, "front": upload()})
    return IdentityCheck.objects.across_brands().get()


def test_reviewers_see_pictures_closed_and_each_look_is_written_down_even_when_it_fails(
    ada_page: Client, olu: OpsActor, settings: Any, tmp_path: Any
) -> None:
    settings.VAULT_ROOT = tmp_path
    check = hand_in(ada_page)
    page = ops_page(olu)
    address = f"/admin/vetting/identitycheck/{check.pk}/change/"
    closed = page.get(address)
    assert closed.content.decode().count("<h1") == 1
    document = IdentityDocument.objects.across_brands().get()
    picture = f"/admin/vetting/identitycheck/{check.pk}/documents/{document.pk}/"
    assert picture not in closed.content.decode()
    assert picture in page.get(f"{address}?open={document.pk}").content.decode()
    assert not DocumentView.objects.across_brands().exists()

    shown = page.get(picture)
    assert shown["Content-Type"] == "image/jpeg"
    assert "no-store" in shown["Cache-Control"]
    assert DocumentView.objects.across_brands().count() == 1

    for file in tmp_path.rglob("*"):
        if file.is_file():
            file.unlink()
    assert page.get(picture).status_code == 409
    assert DocumentView.objects.across_brands().count() == 2


def test_two_reviewers_verify_an_agent_in_the_admin(ada_page: Client, ada: Agent, olu: OpsActor, oma: OpsActor) -> None:
    check = hand_in(ada_page)
    address = f"/admin/vetting/identitycheck/{check.pk}/change/"
    verdict = {"verdict": "approve", "checklist": ["readable", "name", "birth", "dates", "genuine"]}
    assert ops_page(olu).post(address, {**verdict, "checklist": ["readable"]}).status_code == 422
    assert ops_page(olu).post(address, verdict).status_code == 302
    assert "two people who agree" in text_of(ops_page(olu).get(address))
    assert ops_page(oma).post(address, verdict).status_code == 302
    check.refresh_from_db()
    assert check.state == CheckState.VERIFIED
    assert "Your identity is verified until" in text_of(ada_page.get(IDENTITY))


def test_a_rejection_says_why_and_from_when_to_try_again(
    ada_page: Client, olu: OpsActor, oma: OpsActor, at: datetime
) -> None:
    check = hand_in(ada_page)
    address = f"/admin/vetting/identitycheck/{check.pk}/change/"
    assert ops_page(olu).post(address, {"verdict": "reject"}).status_code == 422
    for reviewer in (olu, oma):
        ops_page(reviewer).post(address, {"verdict": "reject", "reasons": ["unreadable"]})
    page = text_of(ada_page.get(IDENTITY))
    assert "The picture cannot be read" in page
    assert "You can send them again from" in page
    with time_machine.travel(at + DAY, tick=False):
        assert "Send for review" in text_of(ada_page.get(IDENTITY))


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
