"""Counting time and taking answers."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from gigcx.audit import trail
from gigcx.tenancy.actors import AgentActor
from training.errors import AnswerInvalid, EnrolmentNotOpen
from training.models import CheckAnswer, Enrolment, KnowledgeCheck, KnowledgeCheckKey, LearningClock, Page, PageProgress
from training.queries import check_in, enrolment_for, page_in
from training.states import OPEN_ENROLMENT_STATES
from vetting.grading import ItemProblem, NeedsRater, clean_response, score

PING_SECONDS: Final = 15
LOOK_BACK: Final = timedelta(minutes=2)
"""A report may come this late, not later: a closed lid or a lost connection is not learning."""
CEILING_FACTOR: Final = 3
LEAST_EXPECTED_SECONDS: Final = 20
MOST_PINGS: Final = 60


@transaction.atomic
def record_activity(
    *, enrolment_id: UUID, page_id: UUID, pings: Iterable[datetime], by: AgentActor, at: datetime
) -> int:
    """This function will count learning time from pings and return the seconds it added.

    A ping vouches for the 15 seconds before it. Every second of a person counts once, whatever the number of tabs and
    courses; a page counts at most three times what it is expected to take.

    Raises:
        NotFound: not the learner's enrolment, or not a page of it.
    """
    enrolment = enrolment_for(by, enrolment_id)
    page = page_in(enrolment, page_id)
    if enrolment.state not in OPEN_ENROLMENT_STATES:
        return 0
    moments = sorted(pings)[-MOST_PINGS:]
    seconds = _advance_clock(enrolment, moments, at) if moments else 0
    return _credit(enrolment, page, seconds, at)


@transaction.atomic
def answer_check(
    *, enrolment_id: UUID, check_id: UUID, client_seq: int, response: Mapping[str, Any], by: AgentActor, at: datetime
) -> CheckAnswer:
    """This function will take an answer and grade it; the same `client_seq` sent again is the same row.

    Raises:
        NotFound: not the learner's enrolment, or not a question of it.
        AnswerInvalid: nothing chosen, or something that is not on offer.
        EnrolmentNotOpen: the course was finished, stopped or closed.
    """
    enrolment = enrolment_for(by, enrolment_id)
    check = check_in(enrolment, check_id)
    if enrolment.state not in OPEN_ENROLMENT_STATES:
        raise EnrolmentNotOpen
    cleaned = _cleaned(check, response)
    points = _points(check, cleaned)
    row = CheckAnswer(
        brand_id=enrolment.brand_id,
        enrolment=enrolment,
        knowledge_check=check,
        client_seq=client_seq,
        response=cleaned,
        score=points,
        is_correct=points == 1,
        answered_at=at,
    )
    CheckAnswer.objects.bulk_create([row], ignore_conflicts=True)
    rows = CheckAnswer.objects.for_brand(enrolment.brand_id).filter(enrolment=enrolment, knowledge_check=check)
    kept = rows.get(client_seq=client_seq)
    if kept.pk == row.pk:
        trail.record("training.answer_check", enrolment, by=by, at=at, changes={"check": check.key, "seq": client_seq})
    return kept


def count_pings(pings: Iterable[datetime], *, counted_until: datetime, at: datetime) -> tuple[int, datetime]:
    """This function will return the whole seconds that sorted pings add after `counted_until`, and the new mark.

    Pings after `at`, or longer ago than two minutes, vouch for nothing; a second is never counted twice.
    """
    seconds, mark = 0, max(counted_until, at - LOOK_BACK)
    for ping in pings:
        start = max(mark, ping - timedelta(seconds=PING_SECONDS))
        if ping > at or ping <= start:
            continue
        whole = int((ping - start).total_seconds())
        seconds, mark = seconds + whole, start + timedelta(seconds=whole)
    return seconds, mark


def _advance_clock(enrolment: Enrolment, moments: list[datetime], at: datetime) -> int:
    """One row a person, locked: two tabs that report at once are counted one after the other."""
    LearningClock.objects.bulk_create(
        [LearningClock(person_id=enrolment.person_id, agent_id=enrolment.agent_id, counted_until=at - LOOK_BACK)],
        ignore_conflicts=True,
    )
    clock = LearningClock.objects.across_brands().select_for_update().get(person_id=enrolment.person_id)
    seconds, mark = count_pings(moments, counted_until=clock.counted_until, at=at)
    if mark > clock.counted_until:
        clock.counted_until = mark
        clock.save(update_fields=["counted_until"])
    return seconds


def _credit(enrolment: Enrolment, page: Page, seconds: int, at: datetime) -> int:
    rows = PageProgress.objects.for_brand(enrolment.brand_id).select_for_update()
    row, _ = rows.get_or_create(
        enrolment=enrolment,
        page=page,
        defaults={"brand_id": enrolment.brand_id, "first_seen_at": at, "last_seen_at": at},
    )
    ceiling = CEILING_FACTOR * max(page.expected_seconds, LEAST_EXPECTED_SECONDS)
    added = max(0, min(seconds, ceiling - row.active_seconds))
    row.active_seconds += added
    row.last_seen_at = max(at, row.last_seen_at)
    row.save(update_fields=["active_seconds", "last_seen_at"])
    return added


def _cleaned(check: KnowledgeCheck, response: Mapping[str, Any]) -> dict[str, Any]:
    try:
        cleaned = clean_response(check.kind, check.payload, response)
    except ItemProblem as wrong:
        raise AnswerInvalid(field="options") from wrong
    if not (cleaned.get("options") or str(cleaned.get("text", "")).strip()):
        raise AnswerInvalid(field="options")
    return cleaned


def _points(check: KnowledgeCheck, response: Mapping[str, Any]) -> Decimal:
    """A short text that fits no accepted answer would go to a rater in a test; on a page it is simply tried again."""
    secret = KnowledgeCheckKey.objects.for_brand(check.brand_id).get(knowledge_check=check)
    try:
        return score(check.kind, check.payload, secret.key, response, Decimal(1))
    except NeedsRater:
        return Decimal(0)
