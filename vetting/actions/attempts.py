"""Sitting a test: open, begin, save, submit, and closing what ran over."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.ids import link_token, uuid7
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor, SystemActor
from vetting.actions.assessments import pool_of
from vetting.actions.identity import locked_identity
from vetting.errors import (
    AlreadyPassed,
    AssessmentNotPublished,
    AttemptClosed,
    AttemptLimitReached,
    AttemptNotStarted,
    CoolingDown,
    ResponseInvalid,
    SeatTaken,
)
from vetting.events import AttemptSubmitted
from vetting.grading import ItemProblem, clean_response
from vetting.grading.drawing import draw, order_options
from vetting.models import AssessmentVersion, Attempt, AttemptItem, Evidence, Response
from vetting.models.attempts import AttemptQuerySet
from vetting.policies import can_sit_attempt
from vetting.queries.attempts import next_try_at
from vetting.states import ATTEMPT_MOVES, OPEN_ATTEMPTS, AttemptState

GRACE: Final = timedelta(seconds=10)
PASS_HOLDS: Final = timedelta(days=300)
TIMEKEEPER: Final = SystemActor("timekeeper")
_NOT_COUNTED: Final = (AttemptState.VOIDED, AttemptState.ABANDONED)


@transaction.atomic
def open_attempt(*, agent_id: UUID, assessment_id: UUID, by: Actor, at: datetime) -> Attempt:
    """This function will draw a form and make an attempt ready to begin; one that is open already is returned.

    Raises:
        NotFound: somebody else's profile.
        AssessmentNotPublished: nothing to take.
        AlreadyPassed: passed within the last 300 days.
        AttemptClosed: the last try is still being graded.
        AttemptLimitReached: no try is left.
        CoolingDown: the pause between tries is not over; context has `retry_at`.
    """
    if not isinstance(by, AgentActor) or by.agent_id != agent_id:
        raise NotFound
    person_id = locked_identity(agent_id).person_id
    version = _live_version(assessment_id)
    earlier = list(_earlier(person_id, assessment_id))
    if earlier and earlier[-1].state in OPEN_ATTEMPTS:
        return earlier[-1]
    _refuse_try(version, earlier, at)
    attempt = _drawn(version, agent_id, person_id, number=len(earlier) + 1, at=at)
    trail.record("vetting.open_attempt", attempt, by=by, at=at, to_state=attempt.state)
    return attempt


@transaction.atomic
def begin_attempt(*, attempt_id: UUID, by: Actor, at: datetime) -> Attempt:
    """This function will start the clock and give this device the seat; begun already, nothing changes.

    Raises:
        AttemptClosed: it is over.
    """
    attempt = _locked(attempt_id, by)
    if attempt.state == AttemptState.IN_PROGRESS:
        return attempt
    if attempt.state != AttemptState.CREATED:
        raise AttemptClosed(context={"state": attempt.state})
    attempt.started_at = attempt.seat_taken_at = at
    attempt.deadline_at = at + timedelta(seconds=attempt.limit_seconds + attempt.time_credit_seconds)
    attempt.seat = link_token()
    attempt.save(update_fields=["started_at", "deadline_at", "seat", "seat_taken_at"])
    return _moved(attempt, AttemptState.IN_PROGRESS, "vetting.begin_attempt", by=by, at=at)


@transaction.atomic
def take_seat(*, attempt_id: UUID, by: Actor, at: datetime) -> Attempt:
    """This function will move the test to this device; the one before turns read-only.

    Raises:
        AttemptClosed: it is over.
    """
    attempt = _locked(attempt_id, by)
    if attempt.state != AttemptState.IN_PROGRESS:
        raise AttemptClosed(context={"state": attempt.state})
    attempt.seat, attempt.seat_taken_at = link_token(), at
    attempt.save(update_fields=["seat", "seat_taken_at"])
    trail.record("vetting.take_seat", attempt, by=by, at=at)
    return attempt


def save_response(
    *,
    attempt_id: UUID,
    position: int,
    payload: Mapping[str, Any],
    client_seq: int,
    seat: str,
    by: Actor,
    at: datetime,
) -> Response:
    """This function will keep an answer. Sent twice it is one row; an older sequence number never replaces a newer one.

    Raises:
        AttemptNotStarted: the clock does not run yet.
        AttemptClosed: over, or the deadline and its ten seconds of grace have passed; context has the state.
        SeatTaken: another device holds the seat.
        ResponseInvalid: the answer does not fit the question.
    """
    try:
        return _save(attempt_id, position, payload, client_seq, seat, by=by, at=at)
    except _Overdue:
        closed = close_overdue_attempt(attempt_id=attempt_id, at=at)
        raise AttemptClosed(context={"state": closed.state}) from None


def submit_attempt(*, attempt_id: UUID, seat: str, by: Actor, at: datetime) -> Attempt:
    """This function will hand a test in; handed in already, it stays as it was. After the deadline time has handed it in.

    Raises:
        AttemptNotStarted: the clock does not run yet.
        AttemptClosed: void or abandoned.
        SeatTaken: another device holds the seat.
    """
    try:
        return _submit_by_hand(attempt_id, seat, by=by, at=at)
    except _Overdue:
        return close_overdue_attempt(attempt_id=attempt_id, at=at)


@transaction.atomic
def close_overdue_attempt(*, attempt_id: UUID, at: datetime) -> Attempt:
    """This function will hand in an attempt whose deadline and grace are over; otherwise it changes nothing."""
    attempt = Attempt.objects.across_brands().select_for_update(of=("self",)).get(pk=attempt_id)
    if not is_overdue(attempt, at):
        return attempt
    return _submitted(attempt, Attempt.SubmittedBy.DEADLINE, by=TIMEKEEPER, at=at)


@transaction.atomic
def abandon_attempt(*, attempt_id: UUID, by: Actor, at: datetime) -> Attempt:
    """This function will let go of an attempt that was opened and never begun; it does not count as a try."""
    attempt = Attempt.objects.across_brands().select_for_update(of=("self",)).get(pk=attempt_id)
    return _moved(attempt, AttemptState.ABANDONED, "vetting.abandon_attempt", by=by, at=at)


def is_overdue(attempt: Attempt, at: datetime) -> bool:
    """This function will tell whether a running attempt is past its deadline and grace."""
    is_running = attempt.state == AttemptState.IN_PROGRESS and attempt.deadline_at is not None
    return is_running and at > attempt.deadline_at + GRACE  # type: ignore[operator]  # checked in the line above


class _Overdue(Exception):
    pass


@transaction.atomic
def _save(
    attempt_id: UUID, position: int, payload: Mapping[str, Any], client_seq: int, seat: str, *, by: Actor, at: datetime
) -> Response:
    attempt = _locked(attempt_id, by)
    _require_running(attempt, seat, at)
    item = attempt.items.select_related("item_version__item").filter(position=position).first()
    if item is None:
        raise NotFound
    answer = _cleaned(item, payload, client_seq)
    Response.objects.bulk_create(
        [Response(attempt_item=item, client_seq=client_seq, payload=answer, saved_at=at)], ignore_conflicts=True
    )
    AttemptItem.objects.across_brands().filter(pk=item.pk).update(answered_at=at)
    return item.responses.get(client_seq=client_seq)


@transaction.atomic
def _submit_by_hand(attempt_id: UUID, seat: str, *, by: Actor, at: datetime) -> Attempt:
    attempt = _locked(attempt_id, by)
    if attempt.submitted_at is not None:
        return attempt
    _require_running(attempt, seat, at)
    return _submitted(attempt, Attempt.SubmittedBy.AGENT, by=by, at=at)


def _live_version(assessment_id: UUID) -> AssessmentVersion:
    rows = AssessmentVersion.objects.across_brands().live().filter(assessment_id=assessment_id)
    version = rows.select_related("assessment").first()
    if version is None:
        raise AssessmentNotPublished
    return version


def _earlier(person_id: UUID, assessment_id: UUID) -> AttemptQuerySet:
    rows = Attempt.objects.across_brands().filter(person_id=person_id, assessment_id=assessment_id)
    return rows.order_by("number")


def _refuse_try(version: AssessmentVersion, earlier: list[Attempt], at: datetime) -> None:
    if not earlier:
        return
    last = earlier[-1]
    if last.state in (AttemptState.SUBMITTED, AttemptState.AWAITING_RATERS, AttemptState.GRADED):
        raise AttemptClosed(_("Your last try is being graded."), context={"state": last.state})
    counted = [attempt for attempt in earlier if attempt.state not in _NOT_COUNTED]
    if _pass_holds(counted, at):
        raise AlreadyPassed
    retry_at = next_try_at(version, counted)
    if retry_at is None:
        raise AttemptLimitReached(context={"tries": version.max_tries})
    if retry_at > at:
        raise CoolingDown(
            _("Your next try opens on %(when)s.") % {"when": f"{retry_at:%-d %B, %H:%M} UTC"},
            context={"retry_at": retry_at.isoformat()},
        )


def _pass_holds(attempts: list[Attempt], at: datetime) -> bool:
    sources = [f"attempt:{attempt.pk}" for attempt in attempts]
    rows = Evidence.objects.across_brands().standing().filter(source_key__in=sources)
    return rows.filter(obtained_at__gt=at - PASS_HOLDS).exists()


def _drawn(version: AssessmentVersion, agent_id: UUID, person_id: UUID, *, number: int, at: datetime) -> Attempt:
    attempt_id = uuid7()
    seed = hmac.new(settings.SECRET_KEY.encode(), attempt_id.bytes, hashlib.sha256).hexdigest()
    attempt = Attempt.objects.create(
        id=attempt_id,
        brand_id=version.brand_id,
        agent_id=agent_id,
        person_id=person_id,
        assessment_id=version.assessment_id,
        version=version,
        number=number,
        seed=seed,
        limit_seconds=version.limit_seconds,
        opened_at=at,
    )
    AttemptItem.objects.bulk_create(_form(attempt, version))
    return attempt


def _form(attempt: Attempt, version: AssessmentVersion) -> list[AttemptItem]:
    seen = {str(pk) for pk in _seen(attempt)}
    rows: list[AttemptItem] = []
    for section in version.sections.order_by("position"):
        pool = {str(one.pk): one for one in pool_of(section)}
        seed = f"{attempt.seed}:{section.position}"
        for picked in draw(list(pool), seen=seen, count=min(section.draw, len(pool)), seed=seed):
            rows.append(_asked(attempt, section, pool[picked], position=len(rows) + 1))
    return rows


def _seen(attempt: Attempt) -> Any:
    rows = AttemptItem.objects.across_brands().filter(attempt__person_id=attempt.person_id)
    return rows.values_list("item_version_id", flat=True)


def _asked(attempt: Attempt, section: Any, version: Any, *, position: int) -> AttemptItem:
    options = [option["id"] for option in version.payload.get("options", [])]
    return AttemptItem(
        attempt=attempt,
        position=position,
        item_version=version,
        section=section.title,
        skill=section.skill_code or section.title,
        weight=section.weight,
        max_points=version.points,
        option_order=order_options(options, seed=f"{attempt.seed}:{version.pk}"),
    )


def _locked(attempt_id: UUID, by: Actor) -> Attempt:
    attempt = Attempt.objects.for_actor(by).select_for_update(of=("self",)).filter(pk=attempt_id).first()
    if attempt is None or not can_sit_attempt(by, attempt):
        raise NotFound
    return attempt


def _require_running(attempt: Attempt, seat: str, at: datetime) -> None:
    if attempt.state == AttemptState.CREATED:
        raise AttemptNotStarted
    if attempt.state != AttemptState.IN_PROGRESS:
        raise AttemptClosed(context={"state": attempt.state})
    if is_overdue(attempt, at):
        raise _Overdue
    if not hmac.compare_digest(attempt.seat, seat):
        raise SeatTaken


def _cleaned(item: AttemptItem, payload: Mapping[str, Any], client_seq: int) -> dict[str, Any]:
    if not 0 <= client_seq < 2**31:
        raise ResponseInvalid(field="client_seq")
    version = item.item_version
    try:
        return clean_response(version.item.kind, version.payload, payload)
    except ItemProblem as problem:
        raise ResponseInvalid(str(problem), field=problem.field) from problem


def _submitted(attempt: Attempt, how: str, *, by: Actor, at: datetime) -> Attempt:
    attempt.submitted_at, attempt.submitted_by = at, how
    attempt.save(update_fields=["submitted_at", "submitted_by"])
    _moved(attempt, AttemptState.SUBMITTED, "vetting.submit_attempt", by=by, at=at)
    outbox.publish(AttemptSubmitted(attempt_id=attempt.pk), at=at, brand_id=attempt.brand_id, agent_id=attempt.agent_id)
    return attempt


def _moved(attempt: Attempt, state: AttemptState, action: str, *, by: Actor, at: datetime) -> Attempt:
    before = attempt.state
    require_move(ATTEMPT_MOVES, before, state)
    attempt.state = state
    attempt.save(update_fields=["state"])
    trail.record(action, attempt, by=by, at=at, from_state=before, to_state=state)
    return attempt
