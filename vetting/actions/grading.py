"""Turning a submitted attempt into a result, once, however often it is tried."""

import traceback
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, OpsActor, SystemActor
from vetting.actions.evidence import record_evidence
from vetting.errors import AlreadyRated, OwnWork
from vetting.events import AttemptGraded, ResultReleased
from vetting.grading import NeedsRater, ScoredItem, result_checksum, score, summarize
from vetting.models import (
    Attempt,
    AttemptItem,
    AttemptResult,
    ItemKey,
    ItemScore,
    Rating,
    RatingTask,
    Response,
)
from vetting.policies import can_rate
from vetting.states import ATTEMPT_MOVES, RATING_MOVES, AttemptState, RatingState

GRADER: Final = "machine-1"
GRADING: Final = SystemActor("grader")
_GRADABLE: Final = (AttemptState.SUBMITTED, AttemptState.AWAITING_RATERS)


@transaction.atomic
def grade_attempt(*, attempt_id: UUID, at: datetime) -> Attempt:
    """This function will score a submitted attempt and, when every answer is settled, write and release its result.

    Answers that no machine can settle, and items whose grader fails, open a task for a person; the attempt then waits
    and nothing is issued or refused. Graded before, it changes nothing. One transaction under the attempt's lock: a
    worker that dies half-way leaves no trace.
    """
    attempt = _locked(attempt_id)
    if attempt.state != AttemptState.SUBMITTED:
        return attempt
    _grade_items(attempt, at)
    if _open_tasks(attempt).exists():
        return _moved(attempt, AttemptState.AWAITING_RATERS, by=GRADING, at=at)
    return _finish(attempt, by=GRADING, at=at)


@transaction.atomic
def record_rating(*, task_id: UUID, points: Decimal, note: str, by: Actor, at: datetime) -> Attempt:
    """This function will keep a person's points for an answer; with the last one the attempt is graded.

    Raises:
        NotFound: no such task, or the asker is not ops.
        OwnWork: the answer is the rater's own.
        AlreadyRated: the points are given.
        Invalid: below zero or above the most there is.
    """
    task = _task_for_rating(task_id, by)
    item = task.attempt_item
    if not 0 <= points <= item.max_points:
        raise Invalid(_("Give between 0 and %s points.") % item.max_points, field="points")
    _keep_rating(task, points, note, by=by, at=at)
    attempt = _locked(item.attempt_id)
    if attempt.state == AttemptState.AWAITING_RATERS and not _open_tasks(attempt).exists():
        return _finish(attempt, by=by, at=at)
    return attempt


def _locked(attempt_id: UUID) -> Attempt:
    rows = Attempt.objects.across_brands().select_related("version__assessment").select_for_update(of=("self",))
    attempt = rows.filter(pk=attempt_id).first()
    if attempt is None:
        raise NotFound
    return attempt


def _answered_items(attempt: Attempt) -> list[AttemptItem]:
    newest_first = Response.objects.across_brands().order_by("-client_seq")
    keys = ItemKey.objects.across_brands().order_by("-n")
    rows = attempt.items.select_related("item_version__item").order_by("position")
    with_answers = rows.prefetch_related(Prefetch("responses", newest_first))
    return list(with_answers.prefetch_related(Prefetch("item_version__keys", keys)))


def _grade_items(attempt: Attempt, at: datetime) -> None:
    """Score every item by itself, so that one which fails takes nothing else with it; then write all in two statements."""
    scores, tasks = [], []
    for item in _answered_items(attempt):
        try:
            scores.append(_scored(item, item.item_version.keys.all()[0], GRADER, machine_points(item), at))
        except NeedsRater:
            tasks.append(RatingTask(attempt_item=item, cause=RatingTask.Cause.OPEN_ANSWER, opened_at=at))
        except Exception:  # whatever a grader raises, a person takes over; the text is kept for ops
            fault = traceback.format_exc(limit=-3)
            tasks.append(RatingTask(attempt_item=item, cause=RatingTask.Cause.FAULT, fault=fault, opened_at=at))
    ItemScore.objects.bulk_create(scores, ignore_conflicts=True)
    RatingTask.objects.bulk_create(tasks, ignore_conflicts=True)


def machine_points(item: AttemptItem) -> Decimal:
    """This function will score an item whose responses and keys are fetched, newest first.

    Raises:
        NeedsRater: no accepted answer fits and none can be ruled out.
    """
    version, responses = item.item_version, item.responses.all()
    answer = responses[0].payload if responses else None
    return score(version.item.kind, version.payload, version.keys.all()[0].key, answer, item.max_points)


def _scored(item: AttemptItem, key: ItemKey, grader: str, points: Decimal, at: datetime) -> ItemScore:
    return ItemScore(
        attempt_item=item, item_key=key, grader=grader, points=points, max_points=item.max_points, scored_at=at
    )


def _open_tasks(attempt: Attempt) -> Any:
    rows = RatingTask.objects.across_brands().filter(attempt_item__attempt=attempt)
    return rows.exclude(state=RatingState.DONE)


def _finish(attempt: Attempt, *, by: Actor, at: datetime) -> Attempt:
    result = _result(attempt, at)
    attempt.graded_at = at
    attempt.save(update_fields=["graded_at"])
    _moved(attempt, AttemptState.GRADED, by=by, at=at, changes={"checksum": result.checksum})
    outbox.publish(AttemptGraded(attempt_id=attempt.pk), at=at, brand_id=attempt.brand_id, agent_id=attempt.agent_id)
    return _release(attempt, result, by=by, at=at)


def _result(attempt: Attempt, at: datetime) -> AttemptResult:
    cut = attempt.version.cuts.order_by("-n").first()
    if cut is None:
        raise Invalid(_("This test has no pass mark."), field="cut")
    scored = list(scored_items(attempt))
    summary = summarize(scored, cut_percent=cut.percent)
    return AttemptResult.objects.create(
        attempt=attempt,
        points=summary.points,
        max_points=summary.max_points,
        percent=summary.percent,
        is_passed=summary.is_passed,
        cut_score=cut,
        skill_profile=summary.skills,
        checksum=result_checksum(scored, summary=summary, cut_percent=cut.percent),
        graded_at=at,
    )


def scored_items(attempt: Attempt) -> Iterable[ScoredItem]:
    """This function will yield an attempt's items with their points, a person's before a machine's."""
    rows = ItemScore.objects.across_brands().filter(attempt_item__attempt=attempt).select_related("attempt_item")
    best: dict[int, ItemScore] = {}
    for row in rows.order_by("scored_at", "pk"):
        known = best.get(row.attempt_item.position)
        if known is None or known.grader == GRADER:
            best[row.attempt_item.position] = row
    for position, row in sorted(best.items()):
        yield ScoredItem(
            position=position,
            item_version_id=str(row.attempt_item.item_version_id),
            key_id=str(row.item_key_id),
            skill=row.attempt_item.skill,
            grader=row.grader,
            points=row.points,
            max_points=row.max_points,
            weight=row.attempt_item.weight,
        )


def _release(attempt: Attempt, result: AttemptResult, *, by: Actor, at: datetime) -> Attempt:
    attempt.released_at = at
    attempt.save(update_fields=["released_at"])
    _moved(attempt, AttemptState.RELEASED, by=by, at=at)
    event = ResultReleased(attempt_id=attempt.pk, agent_id=attempt.agent_id, is_passed=result.is_passed)
    outbox.publish(event, at=at, brand_id=attempt.brand_id, agent_id=attempt.agent_id)
    if result.is_passed:
        _keep_evidence(attempt, result, by=by, at=at)
    return attempt


def _keep_evidence(attempt: Attempt, result: AttemptResult, *, by: Actor, at: datetime) -> None:
    tasks = RatingTask.objects.across_brands().filter(attempt_item__attempt=attempt)
    record_evidence(
        agent_id=attempt.agent_id,
        kind="assessment",
        subject_key=str(attempt.assessment_id),
        source_key=f"attempt:{attempt.pk}",
        assurance="human" if tasks.exists() else "server",
        obtained_at=attempt.submitted_at or at,
        skills=result.skill_profile,
        by=by,
        at=at,
    )


def _task_for_rating(task_id: UUID, by: Actor) -> RatingTask:
    if not isinstance(by, OpsActor):
        raise NotFound
    rows = RatingTask.objects.across_brands().select_related(
        "attempt_item__attempt__agent", "attempt_item__item_version"
    )
    task = rows.select_for_update(of=("self",)).filter(pk=task_id).first()
    if task is None:
        raise NotFound
    if not can_rate(by, task):
        raise OwnWork
    if task.state == RatingState.DONE:
        raise AlreadyRated
    return task


def _keep_rating(task: RatingTask, points: Decimal, note: str, *, by: Actor, at: datetime) -> None:
    rater = by.user  # type: ignore[union-attr]  # ops, checked by the door
    try:
        with transaction.atomic():
            Rating.objects.create(task=task, rated_by=rater, points=points, note=note, rated_at=at)
    except IntegrityError as doubled:
        raise AlreadyRated from doubled
    key = ItemKey.objects.across_brands().filter(item_version=task.attempt_item.item_version).order_by("-n").first()
    if key is None:
        raise Invalid(_("This question has no key."), field="key")
    _scored(task.attempt_item, key, f"rater:{rater.pk}", points, at).save(force_insert=True)
    before = task.state
    require_move(RATING_MOVES, before, RatingState.DONE)
    task.state, task.done_at = RatingState.DONE, at
    task.save(update_fields=["state", "done_at"])
    trail.record("vetting.record_rating", task, by=by, at=at, from_state=before, to_state=task.state, reason=note)


def _moved(
    attempt: Attempt, state: AttemptState, *, by: Actor, at: datetime, changes: dict[str, Any] | None = None
) -> Attempt:
    before = attempt.state
    require_move(ATTEMPT_MOVES, before, state)
    attempt.state = state
    attempt.save(update_fields=["state"])
    said = {"state": str(state.label), **(changes or {})}
    trail.record("vetting.grade_attempt", attempt, by=by, at=at, from_state=before, to_state=state, changes=said)
    return attempt
