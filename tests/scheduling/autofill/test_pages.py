"""The pages of auto-fill: a plan before anybody is booked, and the agent's own word."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.tenancy.actors import BrandActor
from recruiting.models import Program
from scheduling.models import AgentCalendar, AssignmentRun, CapacityRequest, Claim
from scheduling.queries.autofill import plan_of
from scheduling.states import AssignmentState, ClaimState
from tests.factories import scheduling as plan
from tests.scheduling.autofill.conftest import DAY, FILLER, applied, solved, worker
from tests.scheduling.test_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def page_of(request: CapacityRequest) -> str:
    return reverse("scheduling:auto-fill", kwargs={"slug": "acme", "request_id": request.pk})


def press(client: Client, name: str, **kwargs: object) -> Client:
    return client.post(reverse(f"scheduling:{name}", kwargs={"slug": "acme", **kwargs}), follow=True)  # type: ignore[return-value]


def test_a_planner_asks_looks_and_books(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + DAY, seats=2, request=request_of_chat)
    plan.ask_for(request_of_chat, shift.starts_at, hours=4, agents=2)
    worker(chat, "Ada Obi", at)
    worker(chat, "Bo Lind", at, allows=False)
    client = signed_in(planner.user)
    assert "Make a plan" in client.get(page_of(request_of_chat)).content.decode()
    press(client, "auto-fill-start", request_id=request_of_chat.pk)
    assert "Looking for the best plan" in client.get(page_of(request_of_chat)).content.decode()

    AssignmentRun.objects.across_brands().update(state=AssignmentState.DISCARDED)
    run = solved(request_of_chat, planner, at)
    text = client.get(page_of(request_of_chat)).content.decode()
    assert "Book 1 seat" in text
    assert "Ada Obi" in text
    assert "did not allow auto-fill to book them 1" in text
    assert "No better plan exists." in text
    assert Claim.objects.across_brands().count() == 0

    press(client, "auto-fill-apply", assignment_id=run.pk)
    run.refresh_from_db()
    assert "accepted_at" in run.figures


def test_the_waiting_page_hears_how_far_it_is_and_then_that_it_is_done(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    plan.make_shift(chat, at + DAY, request=request_of_chat)
    worker(chat, "Ada Obi", at)
    client = signed_in(planner.user)
    press(client, "auto-fill-start", request_id=request_of_chat.pk)
    run = AssignmentRun.objects.across_brands().get()
    state = reverse("scheduling:auto-fill-state", kwargs={"slug": "acme", "assignment_id": run.pk})
    AssignmentRun.objects.across_brands().update(figures={"points": 990, "bound": 1_000, "picks": 7})
    waiting = client.get(state)
    assert "7 seats placed so far. At most 1.00 % from the best possible plan." in waiting.content.decode()
    press(client, "auto-fill-cancel", assignment_id=run.pk)
    assert client.get(state).headers["HX-Refresh"] == "true"


def test_cover_before_and_after_is_shown_by_half_hour(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + DAY, hours=2, seats=3, request=request_of_chat)
    plan.ask_for(request_of_chat, shift.starts_at, hours=2, agents=3)
    plan.make_claim(worker(chat, "Ada Obi", at), shift)
    worker(chat, "Bo Lind", at)
    view = plan_of(solved(request_of_chat, planner, at))
    steps = [step for day in view.cover.values() for step in day]
    assert [(step.required, step.before, step.after) for step in steps] == [(3, 1, 2)] * 4
    assert (view.short_before, view.short_after) == (240, 120)
    after = plan_of(applied(request_of_chat, planner, at))
    steps = [step for day in after.cover.values() for step in day]
    assert [(step.before, step.after) for step in steps] == [(1, 2)] * 4


def test_the_plans_page_asks_as_often_for_three_shifts_as_for_one(
    chat: Program,
    request_of_chat: CapacityRequest,
    planner: BrandActor,
    at: datetime,
    django_assert_num_queries: object,
) -> None:
    client = signed_in(planner.user)
    for names in (["Ada Obi"], ["Bo Lind", "Cy Marsh"]):
        for name in names:
            worker(chat, name, at)
            plan.make_shift(chat, at + DAY + timedelta(hours=len(name)), request=request_of_chat)
        solved(request_of_chat, planner, at)
        client.get(page_of(request_of_chat))  # what is read once a process is read here
        with django_assert_num_queries(13):  # type: ignore[operator]
            client.get(page_of(request_of_chat))


def test_an_agent_gives_and_withdraws_consent_in_plain_words(chat: Program, at: datetime) -> None:
    ada = worker(chat, "Ada Obi", at, allows=False)
    client, address = signed_in(ada.user), reverse("scheduling:auto-fill-consent")
    assert "Auto-fill does not book you" in client.get(address).content.decode()
    client.post(address, {"allow": "yes"})
    assert AgentCalendar.objects.across_brands().get(pk=ada.pk).auto_fill_at == at
    assert "Do not book me any more" in client.get(address).content.decode()
    client.post(address, {"allow": "no"})
    assert AgentCalendar.objects.across_brands().get(pk=ada.pk).auto_fill_at is None


def test_the_claim_page_says_who_booked_it_and_declines_with_one_press(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    plan.make_shift(chat, at + 3 * DAY, request=request_of_chat)
    ada = worker(chat, "Ada Obi", at)
    applied(request_of_chat, planner, at)
    claim = Claim.objects.across_brands().get(agent=ada)
    client = signed_in(ada.user)
    text = client.get(reverse("scheduling:claim", kwargs={"claim_id": claim.pk})).content.decode()
    assert "Booked for you by auto-fill" in text
    assert "Decline this shift" in text
    client.post(reverse("scheduling:claim-decline", kwargs={"claim_id": claim.pk}))
    claim.refresh_from_db()
    assert claim.state == ClaimState.UNDONE


def test_who_cannot_plan_is_offered_nothing_to_press(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    from tests import cast

    plan.make_shift(chat, at + DAY, request=request_of_chat)
    worker(chat, "Ada Obi", at)
    solved(request_of_chat, planner, at)
    reader = cast.make_member(chat.brand, "Vi Viewer", role="viewer")
    client = signed_in(reader.user)
    text = client.get(page_of(request_of_chat)).content.decode()
    assert "Book 1 seat" not in text
    assert press(client, "auto-fill-start", request_id=request_of_chat.pk).status_code == 403  # type: ignore[attr-defined]


def test_a_worker_books_through_its_task_and_the_machine_reads_the_run(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    from scheduling.tasks.autofill import grant_auto_fill, sweep_auto_fill

    plan.make_shift(chat, at + DAY, request=request_of_chat)
    worker(chat, "Ada Obi", at)
    run = solved(request_of_chat, planner, at)
    client = signed_in(planner.user)
    base = f"/api/v1/brands/acme/assignment-runs/{run.pk}/"
    accepted = client.post(base + "apply/", content_type="application/json", headers={"Idempotency-Key": "one"})
    assert accepted.status_code == 202
    grant_auto_fill(run_id=str(run.pk))
    sweep_auto_fill()
    assert client.get(base).json()["state"] == "applied"
    assert Claim.objects.across_brands().get().source == "auto_fill"
    assert FILLER.label == "auto-fill"
