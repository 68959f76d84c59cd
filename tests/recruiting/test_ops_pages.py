"""What ops see and decide in the admin."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.tenancy.actors import OpsActor
from gigcx.tenancy.models import Brand
from gigcx.web.registries import queues
from recruiting.models import Program, Skill
from recruiting.states import ProgramState
from tests import cast
from tests.factories import recruiting as make


@pytest.fixture
def ops(client: Client, olu: OpsActor, settings: object) -> Client:
    settings.SECOND_FACTOR_REQUIRED = False  # type: ignore[attr-defined]  # tested with accounts
    client.force_login(olu.user)
    return client


@pytest.fixture
def waiting(acme: Brand, at: datetime) -> Program:
    program = make.make_program(acme, state="content_review", submitted_at=at)
    make.make_rate_card(program)
    make.make_terms(program, body="## Be kind to shoppers")
    return program


def decide(client: Client, program: Program, name: str, **words: str) -> str:
    url = reverse("admin:recruiting_program_decide", args=[program.pk, name])
    return client.post(url, words, follow=True).content.decode()


def test_a_waiting_program_is_in_the_queue_and_approved_with_one_button(ops: Client, waiting: Program) -> None:
    (queue,) = [one for one in queues() if "recruiting_program" in one.url() or "recruiting/program" in one.url()]
    assert queue.measure(cast.MONDAY_NOON) == (1, waiting.submitted_at)
    page = ops.get(reverse("admin:recruiting_program_change", args=[waiting.pk])).content.decode()
    assert "Be kind to shoppers" in page
    assert "1600 / 2200" in page
    assert "takes applications" in decide(ops, waiting, "approve")
    waiting.refresh_from_db()
    assert waiting.state == ProgramState.RECRUITING
    assert queue.measure(cast.MONDAY_NOON) == (0, None)


def test_a_program_is_sent_back_only_with_a_reason(ops: Client, waiting: Program) -> None:
    decide(ops, waiting, "return", reason="  ")
    waiting.refresh_from_db()
    assert waiting.state == ProgramState.CONTENT_REVIEW
    decide(ops, waiting, "return", reason="Say what a shift is like.")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.review_note) == (ProgramState.DRAFT, "Say what a shift is like.")


def test_a_program_decided_twice_is_decided_once(ops: Client, waiting: Program) -> None:
    decide(ops, waiting, "approve")
    assert "no longer possible" in decide(ops, waiting, "approve")


def test_every_list_and_page_opens(ops: Client, acme: Brand) -> None:
    program = make.make_program(acme)
    agent = make.make_agent("Ada Obi")
    make.give_skill(agent)
    make.give_language(agent)
    engagement = make.make_engagement(agent, program)
    for name, row in (("agent", agent), ("program", program), ("engagement", engagement)):
        assert ops.get(reverse(f"admin:recruiting_{name}_changelist")).status_code == 200
        assert ops.get(reverse(f"admin:recruiting_{name}_change", args=[row.pk])).status_code == 200


def test_states_cannot_be_edited_and_nothing_is_deleted(ops: Client, waiting: Program) -> None:
    url = reverse("admin:recruiting_program_change", args=[waiting.pk])
    assert ops.post(url, {"state": "live", "name": "Other"}).status_code == 403
    assert ops.post(reverse("admin:recruiting_program_delete", args=[waiting.pk])).status_code == 403
    waiting.refresh_from_db()
    assert waiting.state == ProgramState.CONTENT_REVIEW


def test_ops_add_a_word_to_the_taxonomy_and_its_key_stays(ops: Client) -> None:
    words = {"key": "crypto", "label": "Crypto", "group": "industry"}
    ops.post(reverse("admin:recruiting_skill_add"), words)
    skill = Skill.objects.get(key="crypto")
    changed = {"key": "other", "label": "Crypto assets", "group": "industry"}
    ops.post(reverse("admin:recruiting_skill_change", args=[skill.pk]), changed)
    skill.refresh_from_db()
    assert (skill.key, skill.label) == ("crypto", "Crypto assets")


def test_people_who_are_not_ops_are_sent_away(client: Client, waiting: Program) -> None:
    client.force_login(cast.make_user("Mallory Nobody"))
    answer = client.get(reverse("admin:recruiting_program_change", args=[waiting.pk]))
    assert answer.status_code in {302, 403}
    decide(client, waiting, "approve")
    waiting.refresh_from_db()
    assert waiting.state == ProgramState.CONTENT_REVIEW
