"""What the pages' tests share: reading a page, handing documents in."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.vetting.conftest import draw_photo
from vetting.models import IdentityCheck

IDENTITY = "/work/learn/identity/"
DETAILS = {
    "legal_name": "Ada Obi",
    "birth_date": "1995-04-02",
    "country": "US",
    "document_type": "passport",
    "last4": "4821",
    "document_expires_on": "2031-01-01",
}


def upload(name: str = "front.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, draw_photo() if content is None else content, "image/jpeg")


def hand_in(page: Client) -> IdentityCheck:
    page.post(IDENTITY, {**DETAILS, "front": upload()})
    return IdentityCheck.objects.across_brands().get()


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
