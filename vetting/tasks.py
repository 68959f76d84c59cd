"""Work done in the background: one fetch, one action each. The database is the truth; every sweep finds what a hint missed."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from celery import shared_task

from gigcx.audit.hints import hint
from gigcx.kernel import clock
from gigcx.tenancy.actors import SystemActor
from vetting import actions
from vetting.actions.attempts import GRACE
from vetting.models import AgentIdentity, Attempt, Candidacy, IdentityCheck, IdentityDocument
from vetting.states import AttemptState, CheckState, IdentityState

SWEEP: Final = SystemActor("sweep")
_BATCH: Final = 500
_IDLE: Final = timedelta(days=30)
_UNUSED: Final = timedelta(days=14)
_MISSED: Final = timedelta(seconds=30)


@shared_task(queue="grading", ignore_result=True, acks_late=True)
def grade_attempt(*, attempt_id: str) -> None:
    """This function will grade one attempt."""
    actions.grade_attempt(attempt_id=UUID(attempt_id), at=clock.now())


@shared_task(queue="default", ignore_result=True, acks_late=True)
def evaluate_candidacy(*, candidacy_id: str, cause: str) -> None:
    """This function will judge one candidacy."""
    actions.evaluate_candidacy(candidacy_id=UUID(candidacy_id), cause=cause, at=clock.now())


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def close_overdue_attempts() -> None:
    """This function will hand in every attempt whose deadline and grace are over."""
    at = clock.now()
    rows = Attempt.objects.across_brands().overdue(at - GRACE)
    for attempt_id in list(rows.values_list("pk", flat=True)[:_BATCH]):
        actions.close_overdue_attempt(attempt_id=attempt_id, at=at)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def grade_forgotten_attempts() -> None:
    """This function will ask again for the grading of attempts that were handed in a while ago."""
    rows = Attempt.objects.across_brands().waiting_for_grade().filter(submitted_at__lt=clock.now() - _MISSED)
    for attempt_id in list(rows.values_list("pk", flat=True)[:_BATCH]):
        hint(grade_attempt, attempt_id=str(attempt_id))


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def evaluate_due_candidacies() -> None:
    """This function will judge the candidacies whose next look is due."""
    at = clock.now()
    for candidacy_id in list(Candidacy.objects.across_brands().due(at).values_list("pk", flat=True)[:_BATCH]):
        actions.evaluate_candidacy(candidacy_id=candidacy_id, cause="expiry", at=at)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def expire_identities() -> None:
    """This function will end verifications whose time is over."""
    at = clock.now()
    rows = AgentIdentity.objects.across_brands().filter(state=IdentityState.VERIFIED, verified_until__lte=at)
    for identity_id in list(rows.order_by("verified_until", "pk").values_list("pk", flat=True)[:_BATCH]):
        actions.expire_identity(identity_id=identity_id, by=SWEEP, at=at)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def erase_document_images() -> None:
    """This function will erase the images whose thirty days after the decision are over."""
    at = clock.now()
    rows = IdentityDocument.objects.across_brands().due_for_erasure(at)
    for document_id in list(rows.values_list("pk", flat=True)[:_BATCH]):
        actions.erase_document(document_id=document_id, by=SWEEP, at=at)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def let_go_of_idle() -> None:
    """This function will withdraw checks idle for thirty days and attempts that were opened and never begun."""
    at = clock.now()
    checks = IdentityCheck.objects.across_brands().filter(
        state__in=[CheckState.AWAITING_INPUT, CheckState.PROCESSING], requested_at__lt=at - _IDLE
    )
    for check_id in list(checks.order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        actions.cancel_identity_check(check_id=check_id, by=SWEEP, at=at)
    unused = Attempt.objects.across_brands().filter(state=AttemptState.CREATED, opened_at__lt=at - _UNUSED)
    for attempt_id in list(unused.order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        actions.abandon_attempt(attempt_id=attempt_id, by=SWEEP, at=at)
