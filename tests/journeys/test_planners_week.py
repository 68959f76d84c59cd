"""A planner's week, page by page: a file of contacts, agents, shifts, a price, a draw anybody can check; then a hard day.

Only the clock is ours: what workers and the ticker do is called where it would be due. Time stands still between two steps.
"""

import json
import math
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.tenancy.actors import BrandActor, OpsActor, SystemActor
from recruiting.models import Agent, Program
from scheduling import actions, tasks
from scheduling.actions.actuals import ActualInterval
from scheduling.models import (
    CapacityRequest,
    Claim,
    ClaimWindow,
    DrawEntry,
    Excusal,
    Forecast,
    Remedy,
    Shift,
    StaffingRequirement,
    UploadBatch,
)
from scheduling.queries.sweeps import counters_out_of_step
from scheduling.states import (
    OCCUPYING,
    CauseOwner,
    ClaimState,
    DrawEntryState,
    RemedyState,
    RequestState,
    ShiftState,
    UploadState,
    WindowState,
)
from tests.factories import recruiting as recruit
from tests.factories import vetting as vet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NOW = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
WEEK = date(2026, 11, 23)
START = datetime(2026, 11, 23, tzinfo=UTC)
HALF, HOUR = timedelta(minutes=30), timedelta(hours=1)
STORY = SystemActor("story")
PROMISE = {
    "model": "erlang_a",
    "definition": "answered_in_t_of_offered",
    "target": "80",
    "threshold": "20",
    "patience": "180",
    "short_abandon": "0",
    "max_occupancy": "85",
    "shrinkage": "30",
    "concurrency": "1",
    "factor": "1",
    "due_hours": "24",
}


class Clock:
    """What time it is in the story."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Clock:
    told = Clock()
    monkeypatch.setattr(clock, "now", told)
    return told


@pytest.fixture
def program(acme: Any) -> Program:
    found = recruit.make_program(acme, name="Holiday Chat", timezone="UTC")
    recruit.make_rate_card(found)
    recruit.make_terms(found)
    vet.make_certification(found)
    return found


@pytest.fixture
def bench(program: Program) -> list[Agent]:
    """Six people who may work in the program."""
    people = [recruit.make_agent(f"{name} Story") for name in ("Ada", "Bo", "Cy", "Dee", "Eli", "Fay")]
    for agent in people:
        vet.make_eligible(agent, program, NOW)
    return people


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, **kwargs: object) -> str:
    return reverse(f"scheduling:{name}", kwargs=kwargs)


def week_file(*, bad: bool) -> SimpleUploadedFile:
    """336 half hours: somebody calls from eight to six. Three rows are wrong, if wanted."""
    lines = ["Start,Calls,AHT"]
    for index in range(336):
        start = START + index * HALF
        lines.append(f"{start:%Y-%m-%d %H:%M},{6 if 8 <= start.hour < 18 else 0},4:00")
    if bad:
        lines[30], lines[150], lines[300] = "2026-11-23 14:30,many,4:00", "2026-11-26 02:30,-4,4:00", "soon,6,4:00"
    return SimpleUploadedFile("week48.csv", "\n".join([*lines, ""]).encode(), content_type="text/csv")


def test_a_planners_week_from_a_file_to_a_draw_that_anybody_can_check_and_a_hard_day(
    program: Program, bench: list[Agent], acme_owner: BrandActor, olu: OpsActor, now: Clock, tmp_path: Path
) -> None:
    planner = browser(acme_owner.user)
    place = {"program": str(program.pk), "channel": program.channels[0], "week": WEEK.isoformat(), "zoom": "30"}

    # A file with three bad rows writes nothing and names them; the mended one becomes a published forecast.
    planner.post(url("uploads", slug="acme"), {**place, "kind": "forecast", "file": week_file(bad=True)})
    refused = UploadBatch.objects.across_brands().get()
    assert refused.state == UploadState.REJECTED
    told = planner.get(url("upload", slug="acme", upload_batch_id=refused.pk)).content.decode()
    assert all(f"Row {row}" in told or f">{row}<" in told for row in (31, 151, 301))
    assert not Forecast.objects.across_brands().exists()
    planner.post(url("uploads", slug="acme"), {**place, "kind": "forecast", "file": week_file(bad=False)})
    batch = UploadBatch.objects.across_brands().get(state=UploadState.PREVIEWED)
    planner.post(url("upload-apply", slug="acme", upload_batch_id=batch.pk))
    forecast = Forecast.objects.across_brands().get()
    planner.post(url("forecast-publish", slug="acme", forecast_id=forecast.pk))
    assert forecast.points.aggregate(calls=Sum("volume"))["calls"] == 7 * 20 * 6

    # What that needs, by a model and a definition that are named; it is pencilled as demand.
    planner.post(url("requirement-save", slug="acme"), {**place, **PROMISE})
    requirement = StaffingRequirement.objects.across_brands().get()
    assert requirement.points.filter(to_book__gt=0).count() == 7 * 40
    planner.post(url("requirement-pencil", slug="acme", requirement_id=requirement.pk))
    request = CapacityRequest.objects.across_brands().get()

    # A worker designs shifts and prices them; the planner publishes with a sealed draw first.
    planner.post(url("request-design", slug="acme", request_id=request.pk))
    actions.make_designed_shifts(request_id=request.pk, by=STORY, at=now.at, seconds=math.inf, iterations=2)
    request.refresh_from_db()
    assert request.state == RequestState.QUOTED
    assert request.design["bound"] <= request.design["objective"]
    quote = request.quotes.get(request_version=request.version)
    address = url("request", slug="acme", request_id=request.pk)
    assert planner.get(address).status_code == 200
    planner.post(url("request-publish", slug="acme", request_id=request.pk), {"quote": quote.pk, "release": "draw"})
    request.refresh_from_db()
    assert request.state == RequestState.PUBLISHED

    # Agents seal their wishes; nobody sees how many; the close, the draw and the reveal happen by the clock.
    tasks.sweep_release()
    window = ClaimWindow.objects.across_brands().get(wave__request=request)
    assert window.state == WindowState.OPEN
    shifts = list(Shift.objects.across_brands().filter(request=request).order_by("starts_at"))
    for agent in bench:
        answer = browser(agent.user).post(
            url("draw", window_id=window.pk), {"wish": [str(one.pk) for one in shifts[:12]], "seal": "1"}
        )
        assert answer.status_code == 302
    assert b"entries_digest" not in planner.get(url("proof", window_id=window.pk)).content
    now.at = window.closes_at + timedelta(seconds=40)
    for _tick in range(3):
        tasks.sweep_release()
    window.refresh_from_db()
    assert window.state == WindowState.REVEALED
    entries = DrawEntry.objects.across_brands().filter(window=window)
    assert entries.filter(state=DrawEntryState.WON).exists()

    # Anybody may check it, without us.
    anyone = Client()
    (tmp_path / "proof.json").write_bytes(anyone.get(url("proof-file", window_id=window.pk)).content)
    (tmp_path / "verify_draw.py").write_bytes(anyone.get(url("proof-script")).content)
    command = [sys.executable, "-I", "verify_draw.py", "proof.json", entries[0].receipt]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert len(json.loads((tmp_path / "proof.json").read_text())["entries"]) == len(bench)
    for entry in entries:
        page = browser(entry.agent.user).get(url("draw", window_id=window.pk)).content.decode()
        assert entry.receipt in page

    # The day: everybody who won fails to come, the brand's own tools are to blame, and callers come 25-fold.
    won = Claim.objects.across_brands().filter(shift__request=request, state__in=list(OCCUPYING)).order_by("starts_at")
    first = won[0].shift
    CapacityRequest.objects.across_brands().filter(pk=request.pk).update(remedy_budget_minor=20_000)
    now.at = first.starts_at + timedelta(minutes=11)
    tasks.sweep_shifts()
    tasks.sweep_exchange()
    missed = Claim.objects.across_brands().filter(shift=first, state=ClaimState.NO_SHOW)
    assert missed.exists()
    incident = actions.declare_incident(
        brand_id=acme_owner.brand.pk,
        cause_owner=CauseOwner.BRAND,
        title="The chat tool is down",
        starts_at=first.starts_at - HOUR,
        ends_at=now.at,
        by=olu,
        at=now.at,
        scope={"program_ids": [str(program.pk)]},
    )
    tasks.sweep_day()
    excused = Excusal.objects.across_brands().filter(incident=incident)
    assert excused.exists()
    assert set(excused.values_list("payer", flat=True)) == {"brand"}
    came = [
        ActualInterval(
            first.starts_at + step * HALF / 2,
            first.starts_at + (step + 1) * HALF / 2,
            offered=75,
            aht_seconds=Decimal(240),
        )
        for step in range(2)
    ]
    now.at = first.starts_at + HALF
    actions.record_actuals(program_id=program.pk, channel=program.channels[0], actuals=came, by=acme_owner, at=now.at)
    tasks.sweep_intraday()
    board = planner.get(url("wallboard", slug="acme"))
    assert board.status_code == 200
    for remedy in Remedy.objects.across_brands().filter(state=RemedyState.PROPOSED):
        planner.post(url("remedy-act", slug="acme", remedy_id=remedy.pk))
    request.refresh_from_db()
    assert request.remedy_spent_minor <= request.remedy_budget_minor

    # Whatever happened, nothing is overfilled, every counter is right, and nobody lost a claim without a reason.
    for shift in Shift.objects.across_brands().filter(request=request):
        assert shift.filled + shift.reserved <= shift.seats
    assert list(counters_out_of_step()) == []
    assert not Shift.objects.across_brands().filter(request=request, state=ShiftState.DRAFT).exists()
    for entry in entries.exclude(state=DrawEntryState.WON):
        assert entry.reason or entry.rank is not None
