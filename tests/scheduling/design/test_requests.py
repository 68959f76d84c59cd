"""From demand to pencilled shifts and back: asked for, watched, stopped, taken up again, changed by hand."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.kernel.errors import Invalid, NotFound, Stale
from gigcx.kernel.intervals import from_wall
from gigcx.tenancy.actors import BrandActor, SystemActor
from recruiting.models import Program
from scheduling import actions
from scheduling.actions import designs
from scheduling.actions.designs import ChangedShift
from scheduling.actions.intervals import TypedInterval
from scheduling.design import search
from scheduling.design.problem import Kind
from scheduling.errors import DesignRunning, RequestNotEditable
from scheduling.models import CapacityRequest, Shift
from scheduling.queries.designs import curve_of, problem_of
from scheduling.queries.sweeps import requests_to_design
from scheduling.states import DesignState, RequestState, ShiftState
from tests.scheduling.conftest import made_program

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MONDAY = date(2026, 11, 23)
DESIGNER = SystemActor("designer")


@pytest.fixture
def draft(chat: Program, acme_owner: BrandActor, at: datetime) -> CapacityRequest:
    """A pencilled week with a demand that one shift a day covers."""
    request = actions.draft_request(program_id=chat.pk, channel="chat", week_starts_on=MONDAY, by=acme_owner, at=at)
    nine = from_wall(MONDAY, time(9), ZoneInfo("UTC"))
    parts = [TypedInterval(nine + day * 24 * HOUR, nine + (day * 24 + 4) * HOUR, 5) for day in (0, 1)]
    return actions.set_intervals(request_id=request.pk, intervals=parts, by=acme_owner, at=at)


def asked(draft: CapacityRequest, by: BrandActor, at: datetime) -> CapacityRequest:
    actions.design_request_shifts(request_id=draft.pk, by=by, at=at)
    draft.refresh_from_db()
    return draft


def made(draft: CapacityRequest, by: BrandActor, at: datetime) -> list[Shift]:
    asked(draft, by, at)
    assert actions.make_designed_shifts(request_id=draft.pk, by=DESIGNER, at=at, iterations=2) is not None
    draft.refresh_from_db()
    return list(draft.shifts.order_by("starts_at"))


def test_what_was_designed_is_said_with_its_bound_and_proof(
    draft: CapacityRequest, acme_owner: BrandActor, at: datetime
) -> None:
    shifts = made(draft, acme_owner, at)
    assert [(one.seats, one.ends_at - one.starts_at) for one in shifts] == [(5, 4 * HOUR)] * 2
    told = {name: draft.design[name] for name in ("under", "over", "distinct", "objective", "bound", "is_proven")}
    assert told == {"under": 0, "over": 0, "distinct": 1, "objective": 30, "bound": 30, "is_proven": True}
    curve = curve_of(draft, at=at)
    assert (curve.under_minutes, curve.over_minutes, curve.distinct) == (0, 0, 1)


def test_a_running_design_tells_how_far_it_is_and_stops_when_told(
    draft: CapacityRequest, acme_owner: BrandActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(draft, acme_owner, at)
    monkeypatch.setattr(designs, "_LOOK_EVERY", 0.0)
    real: Any = search.design_shifts
    seen: list[Any] = []

    def told(problem: Any, *, should_stop: Any, on_progress: Any, **rest: Any) -> Any:
        design = real(problem, should_stop=should_stop, on_progress=on_progress, **rest)
        draft.refresh_from_db()
        seen.append(dict(draft.design_progress))
        actions.stop_design(request_id=draft.pk, by=acme_owner, at=at)
        seen.append(should_stop())
        return design

    monkeypatch.setattr(search, "design_shifts", told)
    design = actions.make_designed_shifts(request_id=draft.pk, by=DESIGNER, at=at, iterations=1)
    draft.refresh_from_db()
    assert design is not None
    assert (seen[0]["objective"], seen[0]["bound"], seen[1]) == (30, 30, True)
    assert (draft.state, draft.design["was_stopped"], draft.shifts.count()) == (RequestState.QUOTED, True, 2)
    with pytest.raises(Stale):
        actions.stop_design(request_id=draft.pk, by=acme_owner, at=at)


def test_a_killed_worker_leaves_a_queued_design_that_another_takes_up(
    draft: CapacityRequest, acme_owner: BrandActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(draft, acme_owner, at)

    def killed(*_args: object, **_rest: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(search, "design_shifts", killed)
        with pytest.raises(KeyboardInterrupt):
            actions.make_designed_shifts(request_id=draft.pk, by=DESIGNER, at=at)
    draft.refresh_from_db()
    assert (draft.design_state, draft.shifts.count()) == (DesignState.QUEUED, 0)
    soon, later = at + timedelta(seconds=20), at + timedelta(seconds=61)
    assert actions.make_designed_shifts(request_id=draft.pk, by=DESIGNER, at=soon, iterations=1) is None
    with pytest.raises(DesignRunning):
        actions.design_request_shifts(request_id=draft.pk, by=acme_owner, at=soon)
    assert requests_to_design(at=later) == [draft.pk]
    assert actions.make_designed_shifts(request_id=draft.pk, by=DESIGNER, at=later, iterations=1) is not None


def test_a_design_that_nobody_took_up_is_called_off(
    draft: CapacityRequest, acme_owner: BrandActor, at: datetime
) -> None:
    asked(draft, acme_owner, at)
    actions.stop_design(request_id=draft.pk, by=acme_owner, at=at)
    draft.refresh_from_db()
    assert draft.design_state == DesignState.NONE
    assert actions.make_designed_shifts(request_id=draft.pk, by=DESIGNER, at=at) is None


def test_another_brands_design_is_not_found(
    draft: CapacityRequest, acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    shifts = made(draft, acme_owner, at)
    with pytest.raises(NotFound):
        actions.stop_design(request_id=draft.pk, by=globex_owner, at=at)
    with pytest.raises(NotFound):
        changed(draft, shifts[0], globex_owner, at, seats=1)


def changed(
    draft: CapacityRequest,
    shift: Shift,
    by: BrandActor,
    at: datetime,
    *,
    start: timedelta = timedelta(0),
    end: timedelta = timedelta(0),
    seats: int = 5,
    **more: Any,
) -> CapacityRequest:
    wanted = ChangedShift(shift.pk, shift.starts_at + start, shift.ends_at + end, seats)
    return actions.change_pencilled_shifts(request_id=draft.pk, changes=[wanted], by=by, at=at, **more)


def test_a_shift_changed_by_hand_recomputes_short_and_over_and_asks_for_a_new_price(
    draft: CapacityRequest, acme_owner: BrandActor, at: datetime
) -> None:
    first, second = made(draft, acme_owner, at)
    done = changed(draft, first, acme_owner, at, end=HOUR, seats=4)
    assert (done.state, done.design_state, done.version) == (RequestState.DRAFT, DesignState.DONE, draft.version + 1)
    figures = {name: done.design[name] for name in ("under", "over", "distinct", "objective", "is_proven")}
    assert figures == {"under": 240, "over": 240, "distinct": 2, "objective": 540, "is_proven": False}
    assert actions.quote_request(request_id=draft.pk, by=DESIGNER, at=at) is not None
    done = changed(done, second, acme_owner, at, seats=0)
    assert [one.pk for one in done.shifts.all()] == [first.pk]
    last = changed(done, Shift.objects.across_brands().get(pk=first.pk), acme_owner, at, seats=0)
    assert (last.design_state, last.design, last.shifts.count()) == (DesignState.NONE, {}, 0)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"start": timedelta(minutes=7)}, "start"),
        ({"end": -4 * HOUR}, "end"),
        ({"end": 9 * HOUR}, "end"),
        ({"start": -30 * HOUR, "end": -30 * HOUR}, "start"),
        ({"seats": 10_001}, "seats"),
    ],
)
def test_a_senseless_change_by_hand_is_refused_whole(
    draft: CapacityRequest, acme_owner: BrandActor, at: datetime, parts: dict[str, Any], field: str
) -> None:
    first, second = made(draft, acme_owner, at)
    good = ChangedShift(second.pk, second.starts_at, second.ends_at, 9)
    bad = ChangedShift(
        first.pk,
        first.starts_at + parts.get("start", timedelta(0)),
        first.ends_at + parts.get("end", timedelta(0)),
        parts.get("seats", 5),
    )
    with pytest.raises(Invalid) as refused:
        actions.change_pencilled_shifts(request_id=draft.pk, changes=[good, bad], by=acme_owner, at=at)
    assert refused.value.field == f"{field}-{first.pk}"
    second.refresh_from_db()
    assert second.seats == 5


def test_what_was_seen_must_still_stand_and_a_promise_is_not_changed(
    draft: CapacityRequest, acme_owner: BrandActor, at: datetime
) -> None:
    first, _second = made(draft, acme_owner, at)
    with pytest.raises(Stale):
        changed(draft, first, acme_owner, at, seen_version=draft.version - 1)
    with pytest.raises(Invalid):
        changed(draft, first, acme_owner, first.starts_at + HOUR)
    quote = draft.quotes.get(request_version=draft.version)
    actions.accept_quote(quote_id=quote.pk, by=acme_owner, at=at, is_draw_first=False)
    first.refresh_from_db()
    assert first.state != ShiftState.DRAFT
    with pytest.raises(RequestNotEditable):
        changed(draft, first, acme_owner, at)


@pytest.mark.parametrize(("monday", "slots"), [(date(2027, 3, 8), 334), (date(2026, 10, 26), 338)])
def test_a_week_with_a_clock_change_knows_where_its_days_begin(
    acme_owner: BrandActor, at: datetime, acme: Any, monday: date, slots: int
) -> None:
    program = made_program(acme, "New York Chat", timezone="America/New_York")
    request = CapacityRequest(program=program, timezone="America/New_York", week_starts_on=monday, shown_minutes=30)
    problem = problem_of(request, {})
    assert len(problem.required) == slots
    (change,) = problem.clock_changes
    assert (change.day, change.by) == (6, -2 if slots < 336 else 2)
    night, early = problem.slots_of(5, Kind(44, 16)), problem.slots_of(6, Kind(18, 16))
    assert night is not None
    assert len(night) == 16 + change.by
    assert early is not None
    assert early[0] == problem.day_starts[6] + 18 + change.by


def test_the_page_shows_the_curve_and_saves_what_was_typed(
    client: Client, draft: CapacityRequest, acme_owner: BrandActor, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    first, second = made(draft, acme_owner, at)
    client.force_login(acme_owner.user)
    there = {"slug": acme_owner.brand.slug, "request_id": draft.pk}
    page = client.get(reverse("scheduling:request-shifts", kwargs=there))
    assert page.status_code == 200
    assert b"Best possible" in page.content
    typed = {
        "version": draft.version,
        **{f"start-{one.pk}": f"{one.starts_at:%H:%M}" for one in (first, second)},
        **{f"end-{one.pk}": f"{one.ends_at:%H:%M}" for one in (first, second)},
        **{f"seats-{one.pk}": "5" for one in (first, second)},
    }
    change = reverse("scheduling:request-shifts-change", kwargs=there)
    refused = client.post(change, {**typed, f"start-{first.pk}": "09:07"})
    assert (refused.status_code, b"09:07" in refused.content) == (422, True)
    done = client.post(
        change, {**typed, f"seats-{second.pk}": "7", f"end-{second.pk}": "02:00", f"start-{second.pk}": "22:00"}
    )
    assert done.status_code == 302
    second.refresh_from_db()
    assert (second.seats, second.ends_at - second.starts_at, second.starts_at.hour) == (7, 4 * HOUR, 22)
    stale = client.post(change, {**typed, f"seats-{first.pk}": "6"})
    assert stale.status_code == 422


def test_the_waiting_page_says_how_far_it_is_until_the_shifts_are_there(
    client: Client, draft: CapacityRequest, acme_owner: BrandActor, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    asked(draft, acme_owner, at)
    client.force_login(acme_owner.user)
    there = {"slug": acme_owner.brand.slug, "request_id": draft.pk}
    state = reverse("scheduling:request-design-state", kwargs=there)
    assert b"Stop and keep the best so far" in client.get(state).content
    CapacityRequest.objects.across_brands().filter(pk=draft.pk).update(
        design_progress={
            "objective": 200,
            "bound": 150,
            "distinct": 3,
            "tries": 4,
            "seconds": 2.0,
            "beat_at": at.isoformat(),
        }
    )
    assert b"at most 25 % from the best possible" in client.get(state).content
    stopped = client.post(reverse("scheduling:request-design-stop", kwargs=there), follow=True)
    assert b"keeping the best so far" in stopped.content
    CapacityRequest.objects.across_brands().filter(pk=draft.pk).update(
        design_cancel_at=None, design_progress={}, design_state=DesignState.QUEUED
    )
    actions.make_designed_shifts(request_id=draft.pk, by=DESIGNER, at=at, iterations=1)
    answer = client.get(state)
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


def test_the_page_asks_the_same_number_of_questions_for_one_shift_and_for_three(
    client: Client,
    draft: CapacityRequest,
    acme_owner: BrandActor,
    monkeypatch: pytest.MonkeyPatch,
    at: datetime,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    first, _second = made(draft, acme_owner, at)
    client.force_login(acme_owner.user)
    page = reverse("scheduling:request-shifts", kwargs={"slug": acme_owner.brand.slug, "request_id": draft.pk})
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as two:
        client.get(page)
    Shift.objects.across_brands().filter(pk=first.pk).delete()
    with CaptureQueriesContext(connection) as one:
        client.get(page)
    assert len(one) == len(two)


def test_machines_ask_poll_and_stop(
    client: Client, draft: CapacityRequest, acme_owner: BrandActor, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    client.force_login(acme_owner.user)
    slug = acme_owner.brand.slug
    asked = client.post(
        reverse("api-shift-design-list", kwargs={"slug": slug}),
        {"request_id": str(draft.pk), "version": draft.version},
        content_type="application/json",
        headers={"Idempotency-Key": "one"},
    )
    assert (asked.status_code, asked.json()["state"], asked.json()["shifts"]) == (202, "queued", [])
    actions.make_designed_shifts(request_id=draft.pk, by=DESIGNER, at=at, iterations=1)
    polled = client.get(asked["Location"]).json()
    assert (polled["state"], polled["request_state"], polled["result"]["is_proven"]) == ("done", "quoted", True)
    assert [one["seats"] for one in polled["shifts"]] == [5, 5]
    stopped = client.post(
        reverse("api-shift-design-stop", kwargs={"slug": slug, "request_id": draft.pk}),
        content_type="application/json",
        headers={"Idempotency-Key": "two"},
    )
    assert (stopped.status_code, stopped.json()["code"]) == (409, "stale")
