"""The identity pages: what is handed in, what reviewers see and decide."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from gigcx.tenancy.actors import OpsActor
from recruiting.models import Agent
from tests.vetting.conftest import draw_photo
from tests.vetting.sending import DETAILS, IDENTITY, hand_in, text_of, upload
from vetting.models import DocumentView, IdentityCheck, IdentityDocument
from vetting.states import CheckState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
DAY = timedelta(days=1)


def ops_page(somebody: OpsActor) -> Client:
    browser = Client()
    browser.force_login(somebody.user)
    return browser


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
