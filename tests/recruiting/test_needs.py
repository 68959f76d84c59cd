"""What later stages ask of a program before it is reviewed and published."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.audit.trail import history_of
from gigcx.tenancy.actors import BrandActor, OpsActor
from gigcx.tenancy.models import Brand
from recruiting import actions
from recruiting.errors import ProgramNotReady
from recruiting.models import Program
from recruiting.queries import missing_of
from recruiting.registries import add_program_need, program_needs
from recruiting.states import ProgramState
from tests.factories import recruiting as make

SENTENCE = "Teach the program a song."


@pytest.fixture
def singing() -> set[str]:
    """The names of programs that have their song; every other one lacks it."""
    singing: set[str] = set()

    def missing(program: Program, at: datetime) -> str | None:
        return None if program.name in singing else SENTENCE

    add_program_need("choir.song", missing, page=lambda program: f"/songs/{program.slug}/")
    return singing


@pytest.fixture
def program(acme: Brand) -> Program:
    program = make.make_program(acme, name="Holiday Chat", state="draft")
    make.make_rate_card(program)
    make.make_terms(program)
    return program


def test_a_need_is_listed_with_where_to_go_after_recruiting_s_own(
    acme: Brand, program: Program, singing: set[str], at: datetime
) -> None:
    (lack,) = missing_of(program, at)
    assert (lack.code, lack.sentence, lack.url) == ("choir.song", SENTENCE, "/songs/holiday-chat/")
    bare = make.make_program(acme, name="Bare", state="draft")
    assert [one.code for one in missing_of(bare, at)] == ["prices", "terms", "choir.song"]
    singing.add("Holiday Chat")
    assert missing_of(program, at) == []


def test_a_need_keeps_a_draft_from_review_until_it_is_met(
    program: Program, singing: set[str], acme_owner: BrandActor, at: datetime
) -> None:
    with pytest.raises(ProgramNotReady) as refusal:
        actions.submit_program(program_id=program.pk, by=acme_owner, at=at)
    assert refusal.value.context["missing"] == [SENTENCE]
    program.refresh_from_db()
    assert program.state == ProgramState.DRAFT
    assert not history_of(program).exists()
    singing.add("Holiday Chat")
    assert actions.submit_program(program_id=program.pk, by=acme_owner, at=at).state == ProgramState.CONTENT_REVIEW


def test_ops_do_not_publish_what_lost_its_need_in_review(
    program: Program, singing: set[str], acme_owner: BrandActor, olu: OpsActor, at: datetime
) -> None:
    singing.add("Holiday Chat")
    actions.submit_program(program_id=program.pk, by=acme_owner, at=at)
    singing.clear()
    with pytest.raises(ProgramNotReady) as refusal:
        actions.approve_program(program_id=program.pk, by=olu, at=at)
    assert SENTENCE in refusal.value.message
    program.refresh_from_db()
    assert (program.state, program.published_at) == (ProgramState.CONTENT_REVIEW, None)
    singing.add("Holiday Chat")
    assert actions.approve_program(program_id=program.pk, by=olu, at=at).state == ProgramState.RECRUITING


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("draft", "Before review, still missing:"),
        ("content_review", "It cannot be approved before this is done:"),
        ("recruiting", "Agents cannot start before this is done:"),
    ],
)
def test_the_program_s_page_says_what_is_missing_and_links_to_it(
    client: Client, program: Program, singing: set[str], acme_owner: BrandActor, state: str, words: str
) -> None:
    client.force_login(acme_owner.user)
    published = acme_owner.brand.created_at if state == "recruiting" else None
    Program.objects.across_brands().filter(pk=program.pk).update(state=state, published_at=published)
    address = reverse("recruiting:program", args=[acme_owner.brand.slug, program.pk])
    page = client.get(address).content.decode()
    assert words in page
    assert f'href="/songs/holiday-chat/">{SENTENCE}</a>' in page
    singing.add("Holiday Chat")
    assert words not in client.get(address).content.decode()


def test_a_need_registered_twice_is_asked_once(singing: set[str]) -> None:
    add_program_need("choir.song", lambda program, at: None)
    assert [need.name for need in program_needs()] == ["choir.song"]
