"""What this stage does when it hears of something. Each runs in the delivery's transaction and may run twice."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.audit.hints import hint
from gigcx.audit.outbox import Delivered
from gigcx.kernel.states import may_move
from gigcx.tenancy.actors import SystemActor
from recruiting.events import EngagementAccepted, EngagementEnded, StandingRecorded, TermsAccepted, TermsPublished
from vetting import actions, tasks
from vetting.events import AttemptSubmitted, EvidenceRecorded, EvidenceWithdrawn, IdentityExpired
from vetting.models import Attempt, Candidacy
from vetting.states import ATTEMPT_MOVES, AttemptState

HEARD = SystemActor("vetting")


def send_to_grading(event: AttemptSubmitted, delivered: Delivered) -> None:
    """This function will ask a grading worker to grade the attempt."""
    attempt = Attempt.objects.across_brands().filter(pk=event.attempt_id).first()
    if attempt is not None and may_move(ATTEMPT_MOVES, attempt.state, AttemptState.GRADED):
        transaction.on_commit(lambda: hint(tasks.grade_attempt, attempt_id=str(event.attempt_id)))


def open_candidacies(event: EngagementAccepted, delivered: Delivered) -> None:
    """This function will put the accepted agent on the way to the program's certificate and judge them at once."""
    opened = actions.open_candidacy(agent_id=event.agent_id, program_id=event.program_id, at=delivered.at)
    for candidacy in opened:
        actions.evaluate_candidacy(candidacy_id=candidacy.pk, cause="evidence", at=delivered.at)


def close_candidacies(event: EngagementEnded, delivered: Delivered) -> None:
    """This function will end the agent's way in the program."""
    actions.close_candidacies(agent_id=event.agent_id, program_id=event.program_id, cause="engagement", at=delivered.at)


def keep_accepted_terms(event: TermsAccepted, delivered: Delivered) -> None:
    """This function will keep the acceptance as evidence; judging follows from that, and from eligibility's own look."""
    actions.record_evidence(
        agent_id=event.agent_id,
        kind="terms",
        subject_key=str(event.program_id),
        source_key=f"terms:{event.agent_id}:{event.terms_version_id}",
        assurance="server",
        obtained_at=delivered.occurred_at,
        by=HEARD,
        at=delivered.at,
    )
    _judge(event.agent_id, event.program_id, cause="terms", at=delivered.at)


def judge_program_soon(event: TermsPublished, delivered: Delivered) -> None:
    """This function will have everybody in the program judged by the next sweep."""
    rows = Candidacy.objects.across_brands().filter(certification__program_id=event.program_id)
    rows.filter(closed_at__isnull=True).update(next_check_at=delivered.at)


def judge_standing(event: StandingRecorded, delivered: Delivered) -> None:
    """This function will look again at whether the agent may work in that program."""
    _judge(event.agent_id, event.program_id, cause="standing", at=delivered.at)


def judge_agent(event: EvidenceRecorded | EvidenceWithdrawn | IdentityExpired, delivered: Delivered) -> None:
    """This function will judge every open candidacy of the agent."""
    _judge(event.agent_id, None, cause="evidence", at=delivered.at)


def _judge(agent_id: UUID, program_id: UUID | None, *, cause: str, at: datetime) -> None:
    rows = Candidacy.objects.across_brands().filter(agent_id=agent_id, closed_at__isnull=True)
    if program_id is not None:
        rows = rows.filter(certification__program_id=program_id)
    for candidacy_id in list(rows.order_by("pk").values_list("pk", flat=True)):
        actions.evaluate_candidacy(candidacy_id=candidacy_id, cause=cause, at=at)
