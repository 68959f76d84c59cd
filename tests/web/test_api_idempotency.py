"""Asking twice under one `Idempotency-Key`, and every shape of wrong input, on a view made for these tests."""

import json
import threading
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import include, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, Invalid
from gigcx.tenancy.actions.keys import make_api_key
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import IdempotentAnswer
from gigcx.tenancy.numbers import next_number
from gigcx.tenancy.roles import Permission
from gigcx.web.api.idempotency import forget_old_answers
from gigcx.web.api.views import AgentApiView, BrandApiView

running = threading.Event()
may_end = threading.Event()


class LineSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    agents = serializers.IntegerField(min_value=1, max_value=500)


class TicketSerializer(serializers.Serializer[Any]):
    kind = serializers.RegexField(r"^[A-Z]{2,8}$")
    lines = LineSerializer(many=True, required=False)


class TicketView(BrandApiView):
    """Gives out the brand's next number, which shows how often it really ran."""

    permissions = {"POST": Permission.PLAN_CAPACITY}
    serializer_class = TicketSerializer

    def post(self, request: Request) -> Response:
        kind = self.body()["kind"]
        number = next_number(self.actor.brand_id, kind)
        if kind == "SLOW":
            running.set()
            may_end.wait(10)
        if kind == "FULL":
            raise DomainError("No seat is left.", context={"number": number})
        if kind == "WRONG":
            raise Invalid("Take an earlier day.", field="day")
        if kind == "CRASH":
            raise ZeroDivisionError
        return Response({"number": number}, status=201)


class OwnView(AgentApiView):
    serializer_class = TicketSerializer

    def get(self, request: Request) -> Response:
        return Response({"agent": str(self.actor.agent_id)})


urlpatterns = [
    path("api/v1/brands/<slug:slug>/tickets/", TicketView.as_view()),
    path("api/v1/me/own/", OwnView.as_view()),
    path("", include("gigcx.urls")),
]
handler404 = "gigcx.web.views.failures.not_found"
handler500 = "gigcx.web.views.failures.server_error"

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
ADDRESS = "/api/v1/brands/acme/tickets/"


@pytest.fixture
def machine(acme_owner: BrandActor, at: datetime) -> Client:
    text = make_api_key(name="Planner", scopes=["view", "plan_capacity"], by=acme_owner, at=at)[1]
    return Client(headers={"Authorization": f"Bearer {text}"}, raise_request_exception=False)


def send(client: Client, body: Any, key: str | None = None, **more: Any) -> Any:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    headers = {"Idempotency-Key": key} if key is not None else {}
    return client.post(ADDRESS, text, content_type=more.pop("content_type", "application/json"), headers=headers)


def test_the_second_request_under_a_key_gets_the_first_answer(machine: Client) -> None:
    first, second = (send(machine, {"kind": "CR"}, "k-1") for _turn in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json() == {"number": "CR-1001"}
    assert second["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert send(machine, {"kind": "CR"}).json() == {"number": "CR-1002"}


def test_a_refusal_is_kept_like_any_answer(machine: Client) -> None:
    first, second = (send(machine, {"kind": "FULL"}, "k-1") for _turn in range(2))
    assert first.status_code == second.status_code == 409
    assert first.json() == second.json()
    assert second["Content-Type"] == "application/problem+json"


def test_the_same_key_with_another_body_is_refused(machine: Client) -> None:
    send(machine, {"kind": "CR"}, "k-1")
    answer = send(machine, {"kind": "SH"}, "k-1")
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_reused"


def test_two_askers_may_choose_the_same_key(machine: Client, acme_owner: BrandActor) -> None:
    send(machine, {"kind": "CR"}, "k-1")
    browser = Client()
    browser.force_login(acme_owner.user)
    assert send(browser, {"kind": "CR"}, "k-1").json() == {"number": "CR-1002"}


def test_a_fault_of_ours_keeps_nothing_and_undoes_everything(machine: Client) -> None:
    assert send(machine, {"kind": "CRASH"}, "k-1").status_code == 500
    assert not IdempotentAnswer.objects.exists()
    assert send(machine, {"kind": "CRASH"}, "k-2").status_code == 500
    assert send(machine, {"kind": "CR"}, "k-1").json() == {"number": "CR-1001"}


def test_an_answer_is_forgotten_after_a_day(machine: Client) -> None:
    send(machine, {"kind": "CR"}, "k-1")
    assert forget_old_answers(at=clock.now() + timedelta(hours=23)) == 0
    assert forget_old_answers(at=clock.now() + timedelta(hours=25)) == 1
    assert send(machine, {"kind": "CR"}, "k-1").json() == {"number": "CR-1002"}


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "clé"])
def test_a_malformed_key_is_refused(machine: Client, key: str) -> None:
    answer = send(machine, {"kind": "CR"}, key)
    assert answer.status_code == 400
    assert answer.json()["code"] == "idempotency_key_malformed"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_second_request_while_the_first_still_runs_is_told_so(machine: Client, acme_owner: BrandActor) -> None:
    running.clear()
    may_end.clear()
    answers: list[Any] = []

    def first() -> None:
        answers.append(send(machine, {"kind": "SLOW"}, "k-1"))
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert running.wait(10)
    meanwhile = send(machine, {"kind": "SLOW"}, "k-1")
    may_end.set()
    thread.join(10)
    assert meanwhile.status_code == 409
    assert meanwhile.json()["code"] == "idempotency_key_in_use"
    assert answers[0].json() == {"number": "SLOW-1001"}
    assert send(machine, {"kind": "SLOW"}, "k-1").json() == {"number": "SLOW-1001"}


WRONG_INPUT = {
    "broken": '{"kind": ',
    "a list": "[1, 2]",
    "a number": "7",
    "null": "null",
    "text": '"hello"',
    "not a number": '{"kind": NaN}',
    "wrong type": '{"kind": {"a": 1}}',
    "missing": "{}",
    "deep": "[" * 5000,
    "not utf-8": b"\xff\xfe{}",
    "nul": '{"kind": "A\\u0000"}',
    "half a surrogate": '{"kind": "\\ud800"}',
    "huge": json.dumps({"kind": "A" * 10_000}),
    "quote": '{"kind": "\'; DROP TABLE tenancy_brand; --"}',
}


@pytest.mark.parametrize("name", WRONG_INPUT)
def test_wrong_input_is_a_problem_and_changes_nothing(machine: Client, name: str) -> None:
    answer = send(machine, WRONG_INPUT[name])
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == 400
    assert body["code"] in {"invalid", "malformed"}
    assert send(machine, {"kind": "CR"}).json() == {"number": "CR-1001"}


def test_a_problem_names_the_field_however_deep(machine: Client) -> None:
    lines = [{"starts_at": "2026-11-20T17:00:00Z", "agents": 3}, {"starts_at": "soon", "agents": 0}]
    problems = send(machine, {"kind": "CR", "lines": lines}).json()["problems"]
    assert set(problems) == {"lines.1.starts_at", "lines.1.agents"}


def test_a_refusal_of_the_domain_names_its_field(machine: Client) -> None:
    assert send(machine, {"kind": "WRONG"}).json()["problems"] == {"day": ["Take an earlier day."]}


def test_a_body_that_is_not_json_is_415(machine: Client) -> None:
    assert send(machine, "kind=CR", content_type="application/x-www-form-urlencoded").status_code == 415


def test_a_body_of_three_megabytes_is_refused(machine: Client) -> None:
    answer = send(machine, json.dumps({"kind": "A" * 3_000_000}))
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


def test_a_fault_of_ours_is_a_problem_too(machine: Client) -> None:
    answer = send(machine, {"kind": "CRASH"})
    assert answer.status_code == 500
    assert answer.json()["code"] == "our_fault"


def test_a_scope_narrows_the_makers_role(acme_owner: BrandActor, at: datetime) -> None:
    text = make_api_key(name="Reader", scopes=["view"], by=acme_owner, at=at)[1]
    answer = send(Client(headers={"Authorization": f"Bearer {text}"}), {"kind": "CR"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "not_allowed"


def test_a_method_without_a_permission_is_not_offered(machine: Client) -> None:
    assert machine.delete(ADDRESS).status_code == 405


def test_the_browser_needs_its_csrf_token(acme_owner: BrandActor) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(acme_owner.user)
    assert send(browser, {"kind": "CR"}).status_code == 403


def test_a_key_of_a_brand_does_not_open_an_agents_part(machine: Client) -> None:
    assert machine.get("/api/v1/me/own/").status_code == 401


def test_somebody_without_an_agent_profile_finds_nothing_there(acme_owner: BrandActor) -> None:
    browser = Client()
    browser.force_login(acme_owner.user)
    assert browser.get("/api/v1/me/own/").status_code == 404


@pytest.fixture
def ada_is_an_agent(acme_owner: BrandActor, monkeypatch: pytest.MonkeyPatch) -> str:
    from gigcx.web import registries

    agent_id = uuid4()
    monkeypatch.setattr(registries, "_agent_finders", [lambda user: agent_id if user == acme_owner.user else None])
    return str(agent_id)


def test_an_agent_finds_their_own_part(acme_owner: BrandActor, ada_is_an_agent: str) -> None:
    browser = Client()
    browser.force_login(acme_owner.user)
    assert browser.get("/api/v1/me/own/").json() == {"agent": ada_is_an_agent}
