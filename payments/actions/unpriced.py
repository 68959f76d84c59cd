"""Noting what could not be priced, so that people see it and nothing else waits for it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from payments.models import UnpricedWork


@transaction.atomic
def note_unpriced(*, fact: str, subject_id: UUID, error: str, at: datetime) -> None:
    """This function will put work that failed to become money before ops, or count one more try of it."""
    fresh = UnpricedWork(fact=fact, subject_id=subject_id, error=error, first_failed_at=at, last_failed_at=at, tries=0)
    UnpricedWork.objects.bulk_create([fresh], ignore_conflicts=True)
    rows = UnpricedWork.objects.filter(fact=fact, subject_id=subject_id)
    rows.update(tries=F("tries") + 1, error=error, last_failed_at=Greatest(F("last_failed_at"), at))


def forget_priced(*, fact: str, at: datetime) -> int:
    """This function will drop what did not fail again in the sweep of that moment, and return how much that was."""
    return UnpricedWork.objects.filter(fact=fact, last_failed_at__lt=at).delete()[0]
