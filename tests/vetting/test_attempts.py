"""Sitting a test and having it graded."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import AgentActor, BrandActor, OpsActor
from gigcx.tenancy.models import Brand
from tests.factories import vetting as make
from vetting import actions, tasks
from vetting.actions import grading
from vetting.errors import (
    AlreadyPassed,
    AlreadyRated,
    AssessmentNotPublished,
    AttemptClosed,
    AttemptLimitReached,
    CoolingDown,
    OwnWork,
    SeatTaken,
)
from vetting.models import (
    AssessmentVersion,
    Attempt,
    AttemptResult,
    Evidence,
    ItemScore,
    ItemVersion,
    RatingTask,
    Response,
)
from vetting.queries import result_of
from vetting.states import AttemptState

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def paper(acme: Brand) -> AssessmentVersion:
    return make.make_assessment(acme, items=4)


@pytest.fixture
def sitting(paper: AssessmentVersion, ada_acts: AgentActor, at: datetime) -> Attempt:
    """Ada has begun."""
    return begun(ada_acts, paper.assessment_id, at)


def begun(actor: AgentActor, assessment_id: UUID, at: datetime) -> Attempt:
    opened = actions.open_attempt(agent_id=actor.agent_id, assessment_id=assessment_id, by=actor, at=at)
    return actions.begin_attempt(attempt_id=opened.pk, by=actor, at=at)


def save(
    attempt: Attempt, actor: AgentActor, at: datetime, *, seq: int = 1, option: str = "a", **changes: Any
) -> Response:
    given: dict[str, Any] = {"position": 1, "seat": attempt.seat, "payload": {"options": [option]}, **changes}
    return actions.save_response(attempt_id=attempt.pk, client_seq=seq, by=actor, at=at, **given)


def answered(attempt: Attempt, actor: AgentActor, options: str, at: datetime) -> Attempt:
    for position, option in enumerate(options, 1):
        save(attempt, actor, at, option=option, position=position)
    return actions.submit_attempt(attempt_id=attempt.pk, seat=attempt.seat, by=actor, at=at)


def test_the_deadline_runs_from_the_beginning_and_not_from_the_opening(
    paper: AssessmentVersion, ada_acts: AgentActor, at: datetime
) -> None:
    opened = actions.open_attempt(agent_id=ada_acts.agent_id, assessment_id=paper.assessment_id, by=ada_acts, at=at)
    assert opened.deadline_at is None
    started = actions.begin_attempt(attempt_id=opened.pk, by=ada_acts, at=at + HOUR)
    assert started.deadline_at == at + HOUR + timedelta(seconds=paper.limit_seconds)
    assert actions.begin_attempt(attempt_id=opened.pk, by=ada_acts, at=at + 2 * HOUR).deadline_at == started.deadline_at


def test_an_answer_sent_twice_is_one_row_and_a_late_lower_number_never_replaces_a_newer_answer(
    sitting: Attempt, ada_acts: AgentActor, at: datetime
) -> None:
    save(sitting, ada_acts, at, seq=5, option="a")
    save(sitting, ada_acts, at, seq=5, option="b")
    save(sitting, ada_acts, at, seq=2, option="c")
    rows = Response.objects.across_brands().order_by("client_seq")
    assert list(rows.values_list("client_seq", flat=True)) == [2, 5]
    actions.submit_attempt(attempt_id=sitting.pk, seat=sitting.seat, by=ada_acts, at=at)
    actions.grade_attempt(attempt_id=sitting.pk, at=at)
    assert ItemScore.objects.across_brands().get(attempt_item__position=1).points == 1


def test_a_save_within_grace_counts_and_one_second_later_is_refused_with_the_final_state(
    sitting: Attempt, ada_acts: AgentActor, at: datetime
) -> None:
    assert sitting.deadline_at is not None
    save(sitting, ada_acts, sitting.deadline_at + timedelta(seconds=10))
    with pytest.raises(AttemptClosed) as refused:
        save(sitting, ada_acts, sitting.deadline_at + timedelta(seconds=11), seq=2)
    assert refused.value.context["state"] == AttemptState.SUBMITTED
    assert Response.objects.across_brands().count() == 1
    sitting.refresh_from_db()
    assert sitting.submitted_by == Attempt.SubmittedBy.DEADLINE


def test_the_sweep_hands_in_what_ran_over_and_leaves_the_rest(
    sitting: Attempt, bo_acts: AgentActor, paper: AssessmentVersion, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = at + timedelta(seconds=paper.limit_seconds + 30)
    running = begun(bo_acts, paper.assessment_id, late)
    monkeypatch.setattr("vetting.tasks.clock.now", lambda: late)
    tasks.close_overdue_attempts()
    sitting.refresh_from_db()
    running.refresh_from_db()
    assert sitting.state == AttemptState.SUBMITTED
    assert running.state == AttemptState.IN_PROGRESS


def test_a_second_device_takes_the_seat_and_the_first_may_not_save(
    sitting: Attempt, ada_acts: AgentActor, at: datetime
) -> None:
    actions.take_seat(attempt_id=sitting.pk, by=ada_acts, at=at)
    with pytest.raises(SeatTaken):
        save(sitting, ada_acts, at)
    with pytest.raises(SeatTaken):
        actions.submit_attempt(attempt_id=sitting.pk, seat=sitting.seat, by=ada_acts, at=at)


def test_only_the_agent_sits_and_others_learn_nothing(
    sitting: Attempt, bo_acts: AgentActor, acme_owner: BrandActor, olu: OpsActor, at: datetime
) -> None:
    for somebody in (bo_acts, acme_owner, olu):
        with pytest.raises(NotFound):
            save(sitting, somebody, at)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            actions.submit_attempt(attempt_id=sitting.pk, seat=sitting.seat, by=somebody, at=at)


def test_submitting_again_keeps_the_first_submission(sitting: Attempt, ada_acts: AgentActor, at: datetime) -> None:
    first = actions.submit_attempt(attempt_id=sitting.pk, seat=sitting.seat, by=ada_acts, at=at)
    again = actions.submit_attempt(attempt_id=sitting.pk, seat=sitting.seat, by=ada_acts, at=at + HOUR)
    assert again.submitted_at == first.submitted_at
    assert OutboxEvent.objects.filter(type="vetting.attempt_submitted").count() == 1


def test_a_question_retired_in_the_middle_stays_in_the_open_test(
    sitting: Attempt, ada_acts: AgentActor, acme_owner: BrandActor, at: datetime
) -> None:
    for version in ItemVersion.objects.across_brands().select_related("item"):
        actions.retire_item(item_id=version.item_id, reason="", by=acme_owner, at=at)
    answered(sitting, ada_acts, "aaaa", at)
    assert actions.grade_attempt(attempt_id=sitting.pk, at=at).state == AttemptState.RELEASED


def test_tries_pause_for_a_day_then_a_week_and_end(
    paper: AssessmentVersion, ada_acts: AgentActor, at: datetime
) -> None:
    moments = (at, at + 24 * HOUR, at + 24 * 8 * HOUR)
    for moment in moments:
        attempt = begun(ada_acts, paper.assessment_id, moment)
        answered(attempt, ada_acts, "bbbb", moment)
        with pytest.raises(AttemptClosed):
            begun(ada_acts, paper.assessment_id, moment)
        actions.grade_attempt(attempt_id=attempt.pk, at=moment)
        if moment != moments[-1]:
            with pytest.raises(CoolingDown):
                begun(ada_acts, paper.assessment_id, moment + HOUR)
    with pytest.raises(AttemptLimitReached):
        begun(ada_acts, paper.assessment_id, at + 24 * 60 * HOUR)


def test_a_passed_test_is_not_asked_again(paper: AssessmentVersion, ada_acts: AgentActor, at: datetime) -> None:
    attempt = begun(ada_acts, paper.assessment_id, at)
    answered(attempt, ada_acts, "aaaa", at)
    actions.grade_attempt(attempt_id=attempt.pk, at=at)
    with pytest.raises(AlreadyPassed):
        begun(ada_acts, paper.assessment_id, at + 48 * HOUR)


def test_a_draft_cannot_be_taken(acme: Brand, ada_acts: AgentActor, at: datetime) -> None:
    draft = make.make_assessment(acme, name="Draft", state="draft")
    with pytest.raises(AssessmentNotPublished):
        begun(ada_acts, draft.assessment_id, at)


def test_a_second_try_meets_unseen_questions_first(acme: Brand, ada_acts: AgentActor, at: datetime) -> None:
    test = make.make_assessment(acme, name="Long", items=8, draw=4)
    first = begun(ada_acts, test.assessment_id, at)
    answered(first, ada_acts, "bbbb", at)
    actions.grade_attempt(attempt_id=first.pk, at=at)
    second = begun(ada_acts, test.assessment_id, at + 25 * HOUR)
    asked = [set(one.items.values_list("item_version_id", flat=True)) for one in (first, second)]
    assert not asked[0] & asked[1]


# grading


def test_grading_three_times_gives_one_result_and_one_checksum(
    sitting: Attempt, ada_acts: AgentActor, at: datetime
) -> None:
    answered(sitting, ada_acts, "aaab", at)
    for hours in range(3):
        actions.grade_attempt(attempt_id=sitting.pk, at=at + hours * HOUR)
    result = AttemptResult.objects.across_brands().get()
    assert result.percent == 75
    assert result.is_passed
    assert len(result.checksum) == 64
    assert ItemScore.objects.across_brands().count() == 4
    assert Evidence.objects.across_brands().get().source_key == f"attempt:{sitting.pk}"
    assert OutboxEvent.objects.filter(type="vetting.result_released").count() == 1


def test_the_same_answers_have_the_same_checksum_when_graded_elsewhere_later(
    sitting: Attempt, ada_acts: AgentActor, at: datetime
) -> None:
    answered(sitting, ada_acts, "abab", at)
    kept = [_checksum_graded_and_undone(sitting, at + hours * HOUR) for hours in (0, 5)]
    assert kept[0] == kept[1]


def _checksum_graded_and_undone(attempt: Attempt, at: datetime) -> str:
    with transaction.atomic():
        actions.grade_attempt(attempt_id=attempt.pk, at=at)
        checksum = AttemptResult.objects.across_brands().get().checksum
        transaction.set_rollback(True)
    return checksum


def test_one_raising_item_goes_to_a_rater_the_rest_is_graded_and_nothing_is_issued_or_refused(
    sitting: Attempt, ada_acts: AgentActor, olu: OpsActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(sitting, ada_acts, "aaaa", at)
    points = grading.machine_points

    def fragile(item: Any) -> Decimal:
        if item.position == 2:
            raise ZeroDivisionError("an odd key")
        return points(item)

    monkeypatch.setattr(grading, "machine_points", fragile)
    waiting = actions.grade_attempt(attempt_id=sitting.pk, at=at)
    assert waiting.state == AttemptState.AWAITING_RATERS
    assert ItemScore.objects.across_brands().count() == 3
    assert not AttemptResult.objects.across_brands().exists()
    assert not Evidence.objects.across_brands().exists()
    task = RatingTask.objects.across_brands().get()
    assert "an odd key" in task.fault
    assert actions.grade_attempt(attempt_id=sitting.pk, at=at).state == AttemptState.AWAITING_RATERS

    done = actions.record_rating(task_id=task.pk, points=Decimal("0.5"), note="Half of it", by=olu, at=at)
    assert done.state == AttemptState.RELEASED
    assert AttemptResult.objects.across_brands().get().percent == Decimal("87.5")
    with pytest.raises(AlreadyRated):
        actions.record_rating(task_id=task.pk, points=Decimal(1), note="", by=olu, at=at)


def test_a_rater_never_rates_their_own_answer(
    sitting: Attempt, ada_acts: AgentActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(sitting, ada_acts, "aaaa", at)
    monkeypatch.setattr(grading, "machine_points", _always_fails)
    actions.grade_attempt(attempt_id=sitting.pk, at=at)
    task = RatingTask.objects.across_brands().order_by("pk")[0]
    with pytest.raises(OwnWork):
        actions.record_rating(task_id=task.pk, points=Decimal(1), note="", by=OpsActor(ada_acts.user), at=at)


def _always_fails(item: Any) -> Decimal:
    raise ZeroDivisionError


def test_a_result_reads_its_distance_from_the_cut_and_no_answer(
    sitting: Attempt, ada_acts: AgentActor, at: datetime
) -> None:
    answered(sitting, ada_acts, "aabb", at)
    graded = actions.grade_attempt(attempt_id=sitting.pk, at=at)
    result = result_of(graded)
    assert result is not None
    assert (result.percent, result.distance, result.is_passed) == (Decimal(50), Decimal(-20), False)
    assert not Evidence.objects.across_brands().exists()


def test_a_worker_that_was_told_nothing_is_reminded_by_the_sweep(
    sitting: Attempt, ada_acts: AgentActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(sitting, ada_acts, "aaaa", at)
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks, "hint", lambda task, **kwargs: asked.append(kwargs))
    monkeypatch.setattr("vetting.tasks.clock.now", lambda: at + timedelta(minutes=2))
    tasks.grade_forgotten_attempts()
    assert asked == [{"attempt_id": str(sitting.pk)}]


def test_a_failed_audit_line_rolls_a_submission_back(
    sitting: Attempt, ada_acts: AgentActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AuditEntry.objects, "create", _fail)
    with pytest.raises(RuntimeError):
        actions.submit_attempt(attempt_id=sitting.pk, seat=sitting.seat, by=ada_acts, at=at)
    sitting.refresh_from_db()
    assert sitting.state == AttemptState.IN_PROGRESS
    assert not OutboxEvent.objects.exists()


def _fail(**fields: Any) -> None:
    raise RuntimeError("the audit table is full")


FORBIDDEN: dict[str, Callable[[], object]] = {
    "an answer changes": lambda: Response.objects.across_brands().update(payload={}),
    "an answer goes": lambda: Response.objects.across_brands().delete(),
    "a score changes": lambda: ItemScore.objects.across_brands().update(points=0),
    "a result changes": lambda: AttemptResult.objects.across_brands().update(is_passed=True),
    "a published question changes": lambda: ItemVersion.objects.across_brands().update(payload={}),
    "a published test changes": lambda: AssessmentVersion.objects.across_brands().update(limit_seconds=60),
    "evidence changes": lambda: Evidence.objects.across_brands().update(kind="x"),
}


@pytest.mark.parametrize("change", FORBIDDEN)
def test_the_database_itself_refuses_that(change: str, sitting: Attempt, ada_acts: AgentActor, at: datetime) -> None:
    answered(sitting, ada_acts, "aaaa", at)
    actions.grade_attempt(attempt_id=sitting.pk, at=at)
    with pytest.raises(DatabaseError, match=r"append-only|frozen"), transaction.atomic():
        FORBIDDEN[change]()
