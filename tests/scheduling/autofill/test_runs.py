"""Runs of auto-fill: asked for, solved, looked at, granted; with consent or not at all."""

from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import MoveRefused, NotAllowed, NotFound
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, AvailabilityException, Program
from recruiting.states import AbsenceKind
from scheduling.actions import autofill
from scheduling.actions.autofill import (
    allow_auto_fill,
    apply_auto_fill,
    book_seat,
    cancel_auto_fill,
    grant_auto_fill,
    solve_auto_fill,
    start_auto_fill,
    stop_auto_fill,
)
from scheduling.actions.claims import claim_shift
from scheduling.actions.releases import decline_auto_fill
from scheduling.errors import AutoFillNotAllowed, AutoFillRunning, InputChanged, NothingToFill, UndoOver
from scheduling.models import AssignmentRun, CapacityRequest, Claim
from scheduling.queries.autofill import latest_run, plan_of, runs_to_grant, runs_to_solve
from scheduling.queries.fillings import filling_of
from scheduling.states import AssignmentState, ClaimSource, ClaimState, ShiftState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.scheduling.autofill.conftest import DAY, FILLER, applied, free_all_week, solved, worker

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def booked(run: AssignmentRun) -> set[str]:
    return {
        str(one) for one in Claim.objects.across_brands().filter(source="auto_fill").values_list("agent_id", flat=True)
    }


def test_auto_fill_books_nobody_without_consent_and_explains_each_empty_seat(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + DAY, seats=6, request=request_of_chat)
    willing = worker(chat, "Ada Obi", at)
    silent = worker(chat, "Bo Lind", at, allows=False)
    away = worker(chat, "Cy Marsh", at)
    AvailabilityException.objects.create(
        agent=away, kind=AbsenceKind.AWAY, starts_at=shift.starts_at + HOUR, ends_at=shift.ends_at
    )
    busy = worker(chat, "Di Noor", at)
    plan.make_claim(busy, plan.make_shift(chat, at + DAY + HOUR))
    uncertified = recruit.make_agent("Ed Ochs")
    recruit.make_engagement(uncertified, chat, state="certified")
    allow_auto_fill(by=recruit.agent_actor(uncertified), at=at)
    free_all_week(uncertified)

    run = applied(request_of_chat, planner, at)

    assert booked(run) == {str(willing.pk)}
    assert run.reasons[str(shift.pk)] == {"consent": 1, "unavailable": 1, "taken": 1, "certificate": 1}
    assert str(silent.pk) not in booked(run)
    claim = Claim.objects.across_brands().get(agent=willing)
    assert (claim.source, claim.decline_until) == (ClaimSource.AUTO_FILL, at + DAY - 2 * HOUR)


def test_consent_withdrawn_after_the_plan_is_honoured_by_it(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    plan.make_shift(chat, at + DAY, request=request_of_chat)
    ada = worker(chat, "Ada Obi", at)
    run = solved(request_of_chat, planner, at)
    apply_auto_fill(run_id=run.pk, by=planner, at=at)
    stop_auto_fill(by=recruit.agent_actor(ada), at=at)
    done = grant_auto_fill(run_id=run.pk, by=FILLER, at=at)
    assert booked(run) == set()
    assert done.picks[0]["refusal"] == AutoFillNotAllowed.code


def test_a_seat_is_booked_under_consent_only_even_when_asked_for_directly(
    chat: Program, request_of_chat: CapacityRequest, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + DAY, request=request_of_chat)
    bo = worker(chat, "Bo Lind", at, allows=False)
    with pytest.raises(AutoFillNotAllowed):
        book_seat(shift_id=shift.pk, agent=bo, key="k", by=FILLER, at=at)
    shift.refresh_from_db()
    assert shift.filled == 0


def test_declining_is_free_for_a_day_and_leaves_no_trace(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + 3 * DAY, seats=1, request=request_of_chat)
    ada = worker(chat, "Ada Obi", at)
    applied(request_of_chat, planner, at)
    claim = Claim.objects.across_brands().get(agent=ada)
    done = decline_auto_fill(claim_id=claim.pk, by=recruit.agent_actor(ada), at=at + 23 * HOUR)
    shift.refresh_from_db()
    assert (done.state, done.points, shift.filled) == (ClaimState.UNDONE, 0, 0)


def test_declining_ends_with_the_time_that_was_promised(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    plan.make_shift(chat, at + 3 * DAY, seats=1, request=request_of_chat)
    ada = worker(chat, "Ada Obi", at)
    applied(request_of_chat, planner, at)
    claim = Claim.objects.across_brands().get(agent=ada)
    with pytest.raises(UndoOver):
        decline_auto_fill(claim_id=claim.pk, by=recruit.agent_actor(ada), at=at + 24 * HOUR)


def test_seats_taken_since_the_plan_was_made_refuse_it(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, ada: Agent, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + DAY, request=request_of_chat)
    worker(chat, "Cy Marsh", at)
    run = solved(request_of_chat, planner, at)
    claim_shift(shift_id=shift.pk, agent=ada, by=recruit.agent_actor(ada), at=at)
    with pytest.raises(InputChanged):
        apply_auto_fill(run_id=run.pk, by=planner, at=at)


def test_people_who_changed_since_the_plan_was_made_refuse_it(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    plan.make_shift(chat, at + DAY, request=request_of_chat)
    ada = worker(chat, "Ada Obi", at)
    run = solved(request_of_chat, planner, at)
    stop_auto_fill(by=recruit.agent_actor(ada), at=at)
    with pytest.raises(InputChanged):
        apply_auto_fill(run_id=run.pk, by=planner, at=at)


def test_a_plan_still_stands_a_little_later_when_nothing_changed(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    plan.make_shift(chat, at + DAY, request=request_of_chat)
    worker(chat, "Ada Obi", at)
    run = solved(request_of_chat, planner, at)
    once = apply_auto_fill(run_id=run.pk, by=planner, at=at + HOUR)
    again = apply_auto_fill(run_id=run.pk, by=planner, at=at + 2 * HOUR)
    assert once.figures["accepted_at"] == again.figures["accepted_at"]


def test_granting_killed_in_the_middle_is_taken_up_again_and_gives_each_seat_once(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + DAY, seats=3, request=request_of_chat)
    for name in ("Ada Obi", "Bo Lind", "Cy Marsh"):
        worker(chat, name, at)
    run = solved(request_of_chat, planner, at)
    apply_auto_fill(run_id=run.pk, by=planner, at=at)
    real, calls = autofill.book_seat, []

    def dying(**asked: object) -> Claim:
        calls.append(asked)
        if len(calls) == 3:
            raise SystemExit
        return real(**asked)  # type: ignore[arg-type]

    with patch.object(autofill, "book_seat", dying), pytest.raises(SystemExit):
        grant_auto_fill(run_id=run.pk, by=FILLER, at=at)
    assert runs_to_grant(at=at + HOUR) == [run.pk]
    done = grant_auto_fill(run_id=run.pk, by=FILLER, at=at + HOUR)
    shift.refresh_from_db()
    assert (shift.filled, done.figures["booked"], done.state) == (3, 3, AssignmentState.APPLIED)
    assert Claim.objects.across_brands().filter(source="auto_fill").count() == 3


def test_a_pick_that_fails_is_reported_with_its_reason_and_the_others_go_on(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + DAY, seats=2, request=request_of_chat)
    ada, _bo = worker(chat, "Ada Obi", at), worker(chat, "Bo Lind", at)
    run = solved(request_of_chat, planner, at)
    apply_auto_fill(run_id=run.pk, by=planner, at=at)
    plan.make_claim(ada, plan.make_shift(chat, at + DAY + HOUR))
    done = grant_auto_fill(run_id=run.pk, by=FILLER, at=at)
    refused = [pick for pick in done.picks if "refusal" in pick]
    assert [(pick["agent"], pick["refusal"], pick["words"]) for pick in refused] == [
        (str(ada.pk), "overlaps_other_shift", "")
    ]
    assert (done.figures["booked"], done.figures["refused"]) == (1, 1)
    assert plan_of(done).shifts[0].refused == [("Ada Obi", "")]
    shift.refresh_from_db()
    assert shift.filled == 1


def test_who_is_free_but_did_not_allow_it_is_invited_once(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    for day in (1, 2):
        plan.make_shift(chat, at + day * DAY, seats=2, request=request_of_chat)
    bo = worker(chat, "Bo Lind", at, allows=False)
    run = applied(request_of_chat, planner, at)
    facts = OutboxEvent.objects.filter(type="scheduling.agent_invited_to_fill")
    assert [one.payload["agent_id"] for one in facts] == [str(bo.pk)]
    assert run.figures["invited"] == 1


def test_the_hours_somebody_wants_are_never_passed(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    for day in range(1, 4):
        plan.make_shift(chat, at + day * DAY, hours=4, seats=1, request=request_of_chat)
    ada = worker(chat, "Ada Obi", at)
    ada.weekly_hours_wanted = 4
    ada.save(update_fields=["weekly_hours_wanted"])
    run = solved(request_of_chat, planner, at)
    weeks = {one.starts_at.isocalendar()[:2] for one in request_of_chat.shifts.all()}
    assert 1 <= len(run.picks) <= len(weeks)


def test_the_brands_favorite_comes_first_and_who_it_blocked_never(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    plan.make_shift(chat, at + DAY, seats=1, request=request_of_chat)
    worker(chat, "Ada Obi", at)
    liked, blocked = worker(chat, "Bo Lind", at), worker(chat, "Cy Marsh", at)
    liked.engagements.update(is_favorite=True)
    blocked.engagements.update(is_favorite=True, blocked_by_brand_at=at)
    run = solved(request_of_chat, planner, at)
    assert [pick["agent"] for pick in run.picks] == [str(liked.pk)]


def test_seats_that_a_draw_or_a_later_wave_gives_are_not_auto_fills_to_give(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    for state in (ShiftState.COLLECTING, ShiftState.ANNOUNCED):
        plan.make_shift(chat, at + DAY, request=request_of_chat, state=state)
    plan.make_shift(chat, at + 3 * HOUR, request=request_of_chat)
    with pytest.raises(NothingToFill):
        start_auto_fill(request_id=request_of_chat.pk, by=planner, at=at)


def test_a_run_is_being_made_once_at_a_time_and_taken_up_again_after_silence(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    plan.make_shift(chat, at + DAY, request=request_of_chat)
    worker(chat, "Ada Obi", at)
    run = start_auto_fill(request_id=request_of_chat.pk, by=planner, at=at)
    with pytest.raises(AutoFillRunning):
        start_auto_fill(request_id=request_of_chat.pk, by=planner, at=at)
    AssignmentRun.objects.across_brands().update(figures={"beat_at": at.isoformat()})  # a worker that died right here
    assert solve_auto_fill(run_id=run.pk, by=FILLER, at=at, clock=lambda: at) is None
    later = at + timedelta(minutes=1)
    assert runs_to_solve(at=later) == [run.pk]
    done = solve_auto_fill(run_id=run.pk, by=FILLER, at=later, clock=lambda: later, iterations=2, workers=1)
    assert done is not None
    assert done.state == AssignmentState.SOLVED
    assert done.figures["is_proven"] is True


def test_a_run_that_kills_three_workers_is_given_up_said_and_asked_for_anew(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime, client: Client
) -> None:
    plan.make_shift(chat, at + DAY, request=request_of_chat)
    worker(chat, "Ada Obi", at)
    run = start_auto_fill(request_id=request_of_chat.pk, by=planner, at=at)

    def died() -> datetime:
        raise MemoryError

    for again in range(3):
        with pytest.raises(MemoryError):
            solve_auto_fill(run_id=run.pk, by=FILLER, at=at + again * timedelta(minutes=1), clock=died, iterations=1)
    later = at + timedelta(minutes=3)
    assert solve_auto_fill(run_id=run.pk, by=FILLER, at=later, clock=lambda: later, iterations=1) is None
    run.refresh_from_db()
    assert (run.state, runs_to_solve(at=later + DAY)) == (AssignmentState.DISCARDED, [])
    client.force_login(planner.user)
    address = reverse("scheduling:auto-fill", kwargs={"slug": "acme", "request_id": request_of_chat.pk})
    page = client.get(address).content.decode()
    assert "never came to an end" in page
    assert page.count("btn-primary") == 1
    assert start_auto_fill(request_id=request_of_chat.pk, by=planner, at=later).state == AssignmentState.QUEUED


def test_a_program_without_anybody_gets_an_empty_plan_and_no_crash(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    plan.make_shift(chat, at + DAY, request=request_of_chat)
    run = start_auto_fill(request_id=request_of_chat.pk, by=planner, at=at)
    done = solve_auto_fill(run_id=run.pk, by=FILLER, at=at, clock=lambda: at, iterations=1, workers=1)
    assert done is not None
    assert (done.state, done.picks, done.figures["people"]) == (AssignmentState.SOLVED, [], 0)


def test_a_run_stopped_while_it_is_solved_books_nobody_and_leaves_nothing(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    plan.make_shift(chat, at + DAY, request=request_of_chat)
    worker(chat, "Ada Obi", at)
    run = start_auto_fill(request_id=request_of_chat.pk, by=planner, at=at)

    def stopping() -> datetime:
        if AssignmentRun.objects.across_brands().filter(pk=run.pk, state=AssignmentState.QUEUED).exists():
            cancel_auto_fill(run_id=run.pk, by=planner, at=at)
        return at

    assert solve_auto_fill(run_id=run.pk, by=FILLER, at=at, clock=stopping, workers=1) is None
    run.refresh_from_db()
    assert (run.state, run.picks, run.cancel_requested_at) == (AssignmentState.DISCARDED, [], at)
    assert latest_run(request_of_chat) is None


def test_a_new_plan_takes_the_place_of_one_that_waits(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    plan.make_shift(chat, at + DAY, request=request_of_chat)
    worker(chat, "Ada Obi", at)
    first = solved(request_of_chat, planner, at)
    second = solved(request_of_chat, planner, at)
    first.refresh_from_db()
    assert (first.state, second.state) == (AssignmentState.DISCARDED, AssignmentState.SOLVED)
    with pytest.raises(MoveRefused):
        apply_auto_fill(run_id=first.pk, by=planner, at=at)


def test_an_accepted_plan_can_no_longer_be_thrown_away(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, at: datetime
) -> None:
    plan.make_shift(chat, at + DAY, request=request_of_chat)
    worker(chat, "Ada Obi", at)
    run = solved(request_of_chat, planner, at)
    apply_auto_fill(run_id=run.pk, by=planner, at=at)
    with pytest.raises(AutoFillRunning):
        cancel_auto_fill(run_id=run.pk, by=planner, at=at)
    with pytest.raises(AutoFillRunning):
        start_auto_fill(request_id=request_of_chat.pk, by=planner, at=at)


def test_other_brands_and_readers_start_apply_and_stop_nothing(
    chat: Program, request_of_chat: CapacityRequest, planner: BrandActor, globex: Brand, acme: Brand, at: datetime
) -> None:
    plan.make_shift(chat, at + DAY, request=request_of_chat)
    worker(chat, "Ada Obi", at)
    run = solved(request_of_chat, planner, at)
    stranger, reader = cast.make_member(globex, "Gil Globex"), cast.make_member(acme, "Vi Viewer", role="viewer")
    for by, refusal in ((stranger, NotFound), (reader, NotAllowed)):
        with pytest.raises(refusal):
            start_auto_fill(request_id=request_of_chat.pk, by=by, at=at)
        with pytest.raises(refusal):
            apply_auto_fill(run_id=run.pk, by=by, at=at)
        with pytest.raises(refusal):
            cancel_auto_fill(run_id=run.pk, by=by, at=at)


def test_consent_is_remembered_with_its_first_moment_and_written_down(ada: Agent, at: datetime) -> None:
    by = recruit.agent_actor(ada)
    allow_auto_fill(by=by, at=at)
    assert allow_auto_fill(by=by, at=at + HOUR).auto_fill_at == at
    assert stop_auto_fill(by=by, at=at + HOUR).auto_fill_at is None
    lines = AuditEntry.objects.filter(agent_id=ada.pk, action__contains="auto_fill").order_by("pk")
    assert [one.action for one in lines] == ["scheduling.allow_auto_fill", "scheduling.stop_auto_fill"]
    with pytest.raises(NotFound):
        allow_auto_fill(by=FILLER, at=at)


def test_reading_a_request_takes_as_many_queries_for_three_people_as_for_one(
    chat: Program, request_of_chat: CapacityRequest, at: datetime, django_assert_num_queries: object
) -> None:
    plan.make_shift(chat, at + DAY, request=request_of_chat)
    for names in (["Ada Obi"], ["Bo Lind", "Cy Marsh"]):
        for name in names:
            worker(chat, name, at)
        with django_assert_num_queries(12):  # type: ignore[operator]
            filling_of(request_of_chat, at=at)
