"""A new brand's Today leads with what comes next, as it truly stands."""

from datetime import datetime

import pytest
from django.test import Client

from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from recruiting.models import Program
from recruiting.queries import first_steps
from recruiting.registries import add_program_need
from recruiting.states import ProgramState
from tests import cast
from tests.factories import recruiting as make

pytestmark = pytest.mark.django_db


def states(actor: BrandActor, at: datetime) -> list[str]:
    return [step["state"] for step in first_steps(actor, at)]


def test_without_a_program_the_one_thing_to_do_is_to_create_one(acme_owner: BrandActor, at: datetime) -> None:
    steps = first_steps(acme_owner, at)
    assert [step["state"] for step in steps] == ["now", "next", "next", "next", "next", "next"]
    assert [step["url"] for step in steps] == ["/b/acme/programs/new/", "", "", "", "", ""]
    client = Client()
    client.force_login(acme_owner.user)
    page = client.get("/b/acme/").content.decode()
    assert page.count("<h1") == 1
    assert page.count("btn-primary") == 1
    assert 'href="/b/acme/programs/new/"' in page
    assert "Plan a week" not in page


def test_each_step_is_done_when_it_is_truly_done(acme: Brand, acme_owner: BrandActor, at: datetime) -> None:
    certified: list[Program] = []
    add_program_need(
        "choir.song", lambda program, at: None if certified else "Learn it.", page=lambda program: "/song/"
    )
    program = make.make_program(acme, state=ProgramState.DRAFT, published_at=None)
    assert states(acme_owner, at) == ["done", "now", "next", "next", "next", "next"]
    make.make_rate_card(program)
    assert states(acme_owner, at) == ["done", "done", "now", "next", "next", "next"]
    make.make_terms(program)
    assert states(acme_owner, at) == ["done", "done", "done", "now", "next", "next"]
    assert first_steps(acme_owner, at)[3]["url"] == "/song/"
    certified.append(program)
    assert states(acme_owner, at) == ["done", "done", "done", "done", "now", "next"]
    assert str(program.pk) in first_steps(acme_owner, at)[4]["url"]
    Program.objects.across_brands().update(state=ProgramState.CONTENT_REVIEW)
    waiting = first_steps(acme_owner, at)[4]
    assert (waiting["title"], waiting["state"], waiting["url"]) == ("We read it", "now", "")


def test_once_a_program_is_public_the_day_leads(acme: Brand, acme_owner: BrandActor, at: datetime) -> None:
    make.make_program(acme, state=ProgramState.RECRUITING, published_at=at)
    assert first_steps(acme_owner, at) == []


def test_another_brands_program_counts_for_nothing(globex: Brand, acme_owner: BrandActor, at: datetime) -> None:
    make.make_program(globex, published_at=at)
    assert states(acme_owner, at)[0] == "now"


def test_who_may_not_write_programs_reads_the_steps_without_buttons(acme: Brand, at: datetime) -> None:
    viewer = cast.make_member(acme, "Vera Viewer", role="viewer")
    assert {step["url"] for step in first_steps(viewer, at)} == {""}
    steps = first_steps(viewer, at)
    assert steps[0]["text"] == "Somebody else in the brand does this: it is not part of your role."
    assert steps[5]["text"] == ""


def test_who_may_act_is_not_told_that_somebody_else_does(acme_owner: BrandActor, at: datetime) -> None:
    assert {step["text"] for step in first_steps(acme_owner, at)} == {""}
