"""Demand for machines: the same rules, named errors, versions, and nobody else's rows."""

import base64
from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from gigcx.tenancy.actors import BrandActor
from recruiting.models import Program
from scheduling.models import ActualPoint, Forecast, InHouseCoverage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]
BASE = "/api/v1/brands/acme"


def post(
    machine: Client, path: str, body: Mapping[str, object] | None = None, *, base: str = BASE
) -> tuple[int, dict[str, Any]]:
    answer = machine.post(f"{base}{path}", body or {}, content_type="application/json")
    return answer.status_code, answer.json()


def points(volume: str = "100", hour: int = 9) -> list[dict[str, object]]:
    return [
        {
            "starts_at": f"2026-11-23T{hour:02}:00:00Z",
            "ends_at": f"2026-11-23T{hour:02}:30:00Z",
            "volume": volume,
            "aht_seconds": "180",
        }
    ]


def week(program: Program, **more: object) -> dict[str, object]:
    return {"program_id": str(program.pk), "channel": "chat", "week_starts_on": "2026-11-23", **more}


def test_a_forecast_is_saved_read_and_published(machine: Client, chat: Program) -> None:
    status, made = post(machine, "/forecasts/", week(chat, points=points(), version=0))
    assert (status, made["version"], made["state"], made["source"]) == (201, 1, "draft", "api")
    read = machine.get(f"{BASE}/forecasts/{made['id']}/").json()
    assert [one["volume"] for one in read["points"]] == ["50.0000", "50.0000"]
    assert post(machine, f"/forecasts/{made['id']}/publish/")[1]["state"] == "published"
    assert post(machine, f"/forecasts/{made['id']}/publish/")[0] == 409
    assert len(machine.get(f"{BASE}/forecasts/?program_id={chat.pk}").json()["results"]) == 1


def test_a_bad_interval_writes_nothing_and_names_itself(machine: Client, chat: Program) -> None:
    bad = {**points()[0], "starts_at": "2026-11-23T09:07:00Z"}
    status, problem = post(machine, "/forecasts/", week(chat, points=[*points(hour=8), bad]))
    assert status == 400
    assert "2026-11-23T09:07:00+00:00" in str(problem)
    assert not Forecast.objects.across_brands().exists()
    assert post(machine, "/forecasts/", week(chat, points=points("-1")))[0] == 400


def test_a_stale_version_is_refused(machine: Client, chat: Program) -> None:
    post(machine, "/forecasts/", week(chat, points=points()))
    assert post(machine, "/forecasts/", week(chat, points=points(), version=0))[0] == 409


def test_a_week_is_copied_and_a_baseline_made(machine: Client, chat: Program) -> None:
    post(machine, "/forecasts/", week(chat, points=points()))
    status, copy = post(
        machine,
        "/forecasts/copy-week/",
        {**week(chat), "source_week": "2026-11-23", "week_starts_on": "2026-11-30", "level_percent": 50},
    )
    assert (status, copy["source"]) == (201, "copied")
    assert post(machine, "/forecasts/baseline/", week(chat))[0] == 400
    came = {"starts_at": "2026-11-16T09:00:00Z", "ends_at": "2026-11-16T09:30:00Z", "offered": 40, "aht_seconds": "200"}
    assert post(machine, "/actuals/", {"program_id": str(chat.pk), "channel": "chat", "intervals": [came]}) == (
        200,
        {"quarters": 2},
    )
    status, made = post(machine, "/forecasts/baseline/", week(chat, level_percent=110))
    assert (status, made["source"]) == (201, "baseline")
    read = machine.get(f"{BASE}/forecasts/{made['id']}/").json()
    assert [(one["volume"], one["aht_seconds"]) for one in read["points"]] == [("22.0000", "200.00")] * 2


def test_actuals_of_what_is_not_over_are_refused(machine: Client, chat: Program) -> None:
    body = {"program_id": str(chat.pk), "channel": "chat"}
    coming = {"starts_at": "2026-11-16T12:00:00Z", "ends_at": "2026-11-16T12:30:00Z", "offered": 4}
    assert post(machine, "/actuals/", {**body, "intervals": [coming]})[0] == 400
    odd = {
        "starts_at": "2026-11-16T09:00:00Z",
        "ends_at": "2026-11-16T09:30:00Z",
        "offered": 4,
        "answered": 3,
        "abandoned": 2,
    }
    assert post(machine, "/actuals/", {**body, "intervals": [odd]})[0] == 400
    assert not ActualPoint.objects.across_brands().exists()


def test_own_staff_is_recorded_and_listed_by_window(machine: Client, chat: Program) -> None:
    one = {"starts_at": "2026-11-23T09:00:00Z", "ends_at": "2026-11-23T10:00:00Z", "heads": 3}
    assert (
        post(machine, "/in-house-coverage/", {"program_id": str(chat.pk), "channel": "chat", "intervals": [one]})[0]
        == 200
    )
    assert InHouseCoverage.objects.across_brands().count() == 4
    window = "?from=2026-11-23T09:30:00Z&to=2026-11-23T09:45:00Z"
    assert len(machine.get(f"{BASE}/in-house-coverage/{window}").json()["results"]) == 1
    for odd in ("?from=yesterday", "?from=2026-11-23", "?program_id=x", "?to=0001-01-01T00:00:00%2B14:00"):
        assert machine.get(f"{BASE}/in-house-coverage/{odd}").status_code == 400


def test_a_file_goes_from_received_to_published(machine: Client, chat: Program) -> None:
    place = {"program_id": str(chat.pk), "channel": "chat", "kind": "forecast", "file_name": "a.csv"}
    bad = "Start,Calls,AHT\n2026-11-23 09:00,12,180\n2026-11-23 09:30,x,180\n"
    status, told = post(machine, "/uploads/", {**place, "text": bad})
    assert (status, told["state"]) == (201, "rejected")
    (fault,) = told["row_errors"]
    assert (fault["row"], fault["column"], fault["heading"]) == (3, "B", "Calls")
    status, refused = post(machine, f"/uploads/{told['id']}/apply/")
    assert status == 400
    assert "Row 3, column B (Calls)" in str(refused)
    good = base64.b64encode(bad.replace(",x,", ",13,").encode()).decode()
    _status, ready = post(machine, "/uploads/", {**place, "content_base64": good})
    columns = {"columns": {"start": 0, "volume": 1, "aht": 2}, "date_order": "ymd", "decimal": "."}
    assert post(machine, f"/uploads/{ready['id']}/preview/", columns)[1]["state"] == "previewed"
    assert post(machine, f"/uploads/{ready['id']}/apply/")[1]["state"] == "applied"
    assert machine.post(f"{BASE}/uploads/{ready['id']}/publish/").status_code == 200
    assert Forecast.objects.across_brands().get().state == "published"
    assert post(machine, "/uploads/", {**place, "content_base64": "%%%"})[0] == 400


def test_a_template_is_written_changed_and_ended(machine: Client, chat: Program) -> None:
    row = {"weekdays": [1, 2], "from": "22:00", "to": "06:00", "agents": 4}
    body = {"program_id": str(chat.pk), "channel": "chat", "name": "Nights", "rows": [row], "anchor_on": "2026-11-23"}
    status, made = post(machine, "/demand-templates/", body)
    assert (status, made["version"]) == (201, 1)
    path = f"/demand-templates/{made['id']}/"
    assert post(machine, path, {**body, "every_weeks": 2, "version": 1})[1]["every_weeks"] == 2
    assert post(machine, path, {**body, "version": 1})[0] == 409
    assert post(machine, path, {**body, "rows": [row, row]})[0] == 400
    assert [post(machine, f"{path}{press}/")[1]["state"] for press in ("pause", "resume", "end")] == [
        "paused",
        "active",
        "ended",
    ]
    assert post(machine, f"{path}pause/")[0] == 409


def test_strangers_learn_nothing(machine: Client, chat: Program, globex_owner: BrandActor) -> None:
    _status, made = post(machine, "/forecasts/", week(chat, points=points()))
    stranger = Client()
    stranger.force_login(globex_owner.user)
    base = "/api/v1/brands/globex"
    assert stranger.get(f"{base}/forecasts/{made['id']}/").status_code == 404
    assert post(stranger, f"/forecasts/{made['id']}/publish/", base=base)[0] == 404
    assert post(stranger, "/forecasts/", week(chat, points=points()), base=base)[0] == 404
    assert stranger.get(f"{base}/forecasts/").json()["results"] == []
