"""What the outside may ask about the product's own state, and what it may not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from gigcx.audit import ticking
from gigcx.audit.models import OutboxEvent, PeriodicRun
from gigcx.kernel import clock
from gigcx.web.views import health
from tests.audit.broken_queue import celery_points_nowhere

pytestmark = pytest.mark.django_db


def test_the_process_answers_without_asking_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


def test_all_is_well_when_everything_moves(client: Client) -> None:
    PeriodicRun.objects.create(kind="tests", slot=clock.now(), started_at=clock.now())
    body = client.get("/readyz").json()
    assert body.pop("ticker_age_seconds") < 10
    assert body == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "broker": "ok",
        "ticker": "ok",
        "outbox": "ok",
        "outbox_age_seconds": None,
        "parked_deliveries": 0,
    }


def test_a_dead_ticker_and_a_late_outbox_are_shown_and_keep_the_pages_in_service(client: Client) -> None:
    late = clock.now() - timedelta(minutes=6)
    PeriodicRun.objects.create(kind="tests", slot=late, started_at=late)
    OutboxEvent.objects.create(type="tests.late", occurred_at=late, payload={})
    answer = client.get("/readyz")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["status"], body["ticker"], body["outbox"]) == ("degraded", "resting", "behind")
    assert 360 <= body["outbox_age_seconds"] < 400
    assert ticking.last_tick_at() == late


def test_a_broker_that_is_away_is_shown(client: Client) -> None:
    with celery_points_nowhere():
        body = client.get("/readyz").json()
    assert (body["status"], body["broker"]) == ("degraded", "away")


def test_waiting_migrations_take_the_process_out_of_service(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_is_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'notify'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert (answer.json()["status"], answer.json()["migrations"]) == ("unable", "waiting")


def test_figures_are_for_the_inside(client: Client, settings: Settings) -> None:
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "1.2.3.4"}).status_code == 404
    settings.METRICS_TOKEN = "figures-please"
    for token, status in (("figures-please", 200), ("wrong", 404), ("", 404)):
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get("/metrics", REMOTE_ADDR="203.0.113.9", headers=headers).status_code == status


def test_an_empty_token_opens_nothing(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9", headers={"Authorization": "Bearer "}).status_code == 404


def test_robots_keep_to_the_public_pages(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    for path in ("/b/", "/work/", "/admin/", "/join/", "/api/"):
        assert f"Disallow: {path}" in text
    assert client.get("/favicon.ico")["Location"].endswith("favicon.svg")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/robots.txt"])
def test_nothing_is_posted_there(client: Client, path: str) -> None:
    assert client.post(path).status_code in {404, 405}


def test_every_page_forbids_frames_inline_code_and_guessing(client: Client) -> None:
    answer = client.get("/account/login/")
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
