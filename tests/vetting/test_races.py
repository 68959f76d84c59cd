"""What happens when several do the same at once, on real connections."""

from datetime import datetime
from typing import Any

import pytest

from gigcx.audit.models import OutboxEvent
from recruiting.states import EngagementState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import vetting as make
from tests.races.presses import at_once
from tests.vetting.conftest import draw_photo
from tests.vetting.test_identity import CARD
from vetting import actions
from vetting.models import Attempt, AttemptResult, Certificate, IdentityReview, ItemScore, Response
from vetting.states import AttemptState, CheckState

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOON = cast.MONDAY_NOON


def began(at: datetime = NOON) -> tuple[Attempt, Any]:
    me = recruit.agent_actor(recruit.make_agent("Ada Obi"))
    test = make.make_assessment(cast.make_brand("Acme"), items=2)
    opened = actions.open_attempt(agent_id=me.agent_id, assessment_id=test.assessment_id, by=me, at=at)
    return actions.begin_attempt(attempt_id=opened.pk, by=me, at=at), me


def test_twenty_parallel_submits_make_one_submission() -> None:
    attempt, me = began()
    told = at_once(
        lambda number: actions.submit_attempt(attempt_id=attempt.pk, seat=attempt.seat, by=me, at=NOON).state,
        times=20,
    )
    assert told == [AttemptState.SUBMITTED] * 20
    assert OutboxEvent.objects.filter(type="vetting.attempt_submitted").count() == 1


def test_one_answer_sent_ten_times_at_once_is_one_row() -> None:
    attempt, me = began()

    def save(number: int) -> int:
        saved = actions.save_response(
            attempt_id=attempt.pk,
            position=1,
            payload={"options": ["a"]},
            client_seq=3,
            seat=attempt.seat,
            by=me,
            at=NOON,
        )
        return saved.client_seq

    assert at_once(save, times=10) == [3] * 10
    assert Response.objects.across_brands().count() == 1


def test_an_attempt_opened_from_two_devices_at_once_is_one_attempt() -> None:
    me = recruit.agent_actor(recruit.make_agent("Ada Obi"))
    test = make.make_assessment(cast.make_brand("Acme"))
    opened = at_once(
        lambda number: actions.open_attempt(agent_id=me.agent_id, assessment_id=test.assessment_id, by=me, at=NOON).pk,
        times=6,
    )
    assert len(set(opened)) == 1


def test_two_workers_grading_at_once_leave_one_result() -> None:
    attempt, me = began()
    actions.submit_attempt(attempt_id=attempt.pk, seat=attempt.seat, by=me, at=NOON)
    told = at_once(lambda number: actions.grade_attempt(attempt_id=attempt.pk, at=NOON).state, times=4)
    assert told == [AttemptState.RELEASED] * 4
    assert AttemptResult.objects.across_brands().count() == 1
    assert ItemScore.objects.across_brands().count() == 2


def test_two_workers_evaluating_at_once_leave_one_live_certificate() -> None:
    ada = recruit.make_agent("Ada Obi")
    program = recruit.make_program(cast.make_brand("Acme"))
    make.make_certification(program, [{"kind": "identity"}])
    make.make_evidence(ada, "identity")
    recruit.make_engagement(ada, program, state=EngagementState.ACCEPTED)
    candidacy = actions.open_candidacy(agent_id=ada.pk, program_id=program.pk, at=NOON)[0]
    told = at_once(lambda number: actions.evaluate_candidacy(candidacy_id=candidacy.pk, at=NOON).pk, times=6)
    assert set(told) == {candidacy.pk}
    assert Certificate.objects.across_brands().live().count() == 1
    assert OutboxEvent.objects.filter(type="vetting.certificate_issued").count() == 1


def test_two_reviewers_at_the_same_moment_verify_once(settings: Any, tmp_path: Any) -> None:
    settings.VAULT_ROOT = tmp_path
    me = recruit.agent_actor(recruit.make_agent("Ada Obi"))
    reviewers = [cast.ops("Olu Ops"), cast.ops("Oma Ops"), cast.ops("Ott Ops")]
    check = actions.hand_in_identity(
        agent_id=me.agent_id,
        purpose="first",
        details=CARD,
        images={"front": draw_photo(), "back": draw_photo()},
        by=me,
        at=NOON,
    )
    at_once(
        lambda number: actions.review_identity(
            check_id=check.pk, verdict="approve", checklist={}, by=reviewers[number], at=NOON
        ),
        times=3,
    )
    check.refresh_from_db()
    assert check.state == CheckState.VERIFIED
    assert IdentityReview.objects.across_brands().count() == 2
    assert OutboxEvent.objects.filter(type="vetting.identity_verified").count() == 1
