"""Every change has a sentence, and a program's history tells of its prices and terms."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from gigcx.tenancy.actors import BrandActor, OpsActor
from gigcx.tenancy.models import Brand
from gigcx.web.timeline import lines, phrases
from recruiting import actions
from recruiting.queries import program_history
from tests.factories import recruiting as make

NAMED = re.compile(r'"((?:recruiting|tenancy)\.[a-z_]+)"')
VERB = re.compile(r'verb(?:": |=)"([a-z_]+)"')


def recorded(folder: str) -> set[str]:
    """The actions that a room writes into history, named in full or as the verb of a move."""
    text = "\n".join(path.read_text() for path in sorted((Path(settings.BASE_DIR) / folder).glob("*.py")))
    return set(NAMED.findall(text)) | {f"recruiting.{verb}" for verb in VERB.findall(text)}


@pytest.mark.parametrize(("folder", "least"), [("recruiting/actions", 34), ("gigcx/tenancy/actions", 15)])
def test_every_recorded_action_has_a_sentence(folder: str, least: int) -> None:
    found = recorded(folder)
    assert len(found) >= least, "the search finds nothing any more"
    assert found - set(phrases()) == set()


def publish(program: Any, by: BrandActor, at: datetime, *, seen: int = 0) -> None:
    ids = {"program_id": program.pk, "seen_version": seen, "by": by, "at": at}
    draft = actions.RateCardDraft(lines={"productive_hour": actions.Price(1400 + seen, 1990)})
    actions.publish_rate_card(draft=draft, **ids)
    actions.publish_terms(body=f"## Be kind {seen}", is_material=True, **{**ids, "at": at + timedelta(minutes=1)})


def test_the_history_of_a_program_tells_of_its_prices_and_terms_and_of_no_other(
    acme: Brand, acme_owner: BrandActor, at: datetime
) -> None:
    brief = actions.ProgramBrief(name="Holiday Chat", summary="Chat.", channels=("chat",), languages={"en": "B2"})
    program = actions.create_program(brand_id=acme.pk, brief=brief, by=acme_owner, at=at)
    publish(program, acme_owner, at + timedelta(hours=1))
    publish(program, acme_owner, at + timedelta(hours=2), seen=1)
    publish(make.make_program(acme, name="Another"), acme_owner, at + timedelta(hours=1))
    assert [line.title for line in lines(program_history(program))] == [
        "April Acme wrote the first draft",
        "April Acme published prices, version 1",
        "April Acme published terms, version 1",
        "April Acme published prices, version 2",
        "April Acme published terms, version 2",
    ]


def test_brand_and_ops_read_it_on_the_program_s_page(
    client: Client, acme: Brand, acme_owner: BrandActor, olu: OpsActor, at: datetime, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    program = make.make_program(acme)
    publish(program, acme_owner, at)
    pages = (
        (acme_owner.user, reverse("recruiting:program", args=[acme.slug, program.pk])),
        (olu.user, reverse("admin:recruiting_program_change", args=[program.pk])),
    )
    for user, address in pages:
        client.force_login(user)
        page = client.get(address).content.decode()
        assert "April Acme published prices, version 1" in page
        assert "April Acme published terms, version 1" in page
