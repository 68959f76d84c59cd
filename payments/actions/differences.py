"""Runs of a reconciliation, and the differences they found until somebody has dealt with them."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, OpsActor
from payments.actions.reconciliation import RECONCILER
from payments.models import Difference, Reconciliation
from payments.states import DIFFERENCE_MOVES, OPEN_DIFFERENCES, DifferenceKind, DifferenceState, ReconciliationScope


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that does not fit. `remote_ref` or `item_id` says what it is about; equal ones are one difference."""

    kind: str
    currency: str
    remote_ref: str = ""
    item_id: UUID | None = None
    top_up_id: UUID | None = None
    ours_minor: int | None = None
    theirs_minor: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)

    def fingerprint(self, rail: str) -> str:
        """This function will name the difference alike in every run that meets it."""
        about = self.remote_ref or str(self.item_id or self.top_up_id or self.currency)
        return hashlib.sha256(f"{rail}|{self.kind}|{about}".encode()).hexdigest()


@transaction.atomic
def begin_reconciliation(*, rail: str, scope: str, since: datetime | None, at: datetime) -> Reconciliation:
    """This function will open a comparison; it counts as done only when it is finished."""
    return Reconciliation.objects.create(rail=rail, scope=scope, since=since, started_at=at)


@transaction.atomic
def note_differences(reconciliation: Reconciliation, found: Collection[Found], *, at: datetime) -> list[Difference]:
    """This function will keep each difference once: one that is open was only seen again, an accepted one is settled."""
    rail = reconciliation.rail
    return [_noted(reconciliation, one, at) for one in found if not _is_accepted(one, rail)]


def _is_accepted(one: Found, rail: str) -> bool:
    rows = Difference.objects.filter(fingerprint=one.fingerprint(rail), state=DifferenceState.ACCEPTED)
    return rows.filter(ours_minor=one.ours_minor, theirs_minor=one.theirs_minor).exists()


def _noted(reconciliation: Reconciliation, one: Found, at: datetime) -> Difference:
    fingerprint = one.fingerprint(reconciliation.rail)
    fresh = Difference(
        rail=reconciliation.rail,
        kind=one.kind,
        fingerprint=fingerprint,
        remote_ref=one.remote_ref,
        item_id=one.item_id,
        top_up_id=one.top_up_id,
        currency=one.currency,
        ours_minor=one.ours_minor,
        theirs_minor=one.theirs_minor,
        detail=one.detail,
        first_seen=reconciliation,
        last_seen=reconciliation,
        found_at=at,
    )
    Difference.objects.bulk_create([fresh], ignore_conflicts=True)
    row = _open_ones().select_for_update(of=("self",)).get(fingerprint=fingerprint)
    row.last_seen, row.ours_minor, row.theirs_minor = reconciliation, one.ours_minor, one.theirs_minor
    row.detail = one.detail
    row.save(update_fields=["last_seen", "ours_minor", "theirs_minor", "detail"])
    if row.pk == fresh.pk:
        trail.record("payments.find_difference", row, by=RECONCILER, at=at, to_state=row.state, reason=row.kind)
    return row


@transaction.atomic
def finish_reconciliation(
    reconciliation: Reconciliation,
    *,
    ours: int,
    theirs: int,
    settled: int,
    seen: Collection[UUID],
    at: datetime,
    figures: dict[str, Any],
    error: str = "",
) -> Reconciliation:
    """This function will write what a comparison came to; a whole one closes the differences that are gone.

    A comparison that could not see everything closes none. Balances are compared by every run.
    """
    reconciliation.finished_at, reconciliation.error, reconciliation.figures = at, error[:1000], figures
    reconciliation.ours_count, reconciliation.theirs_count = ours, theirs
    reconciliation.settled_count, reconciliation.difference_count = settled, len(seen)
    reconciliation.save()
    gone = _open_ones().filter(rail=reconciliation.rail).exclude(pk__in=seen)
    if reconciliation.scope != ReconciliationScope.FULL:
        gone = gone.filter(kind=DifferenceKind.BALANCE)
    if not error:
        for row in gone.select_for_update(of=("self",)).order_by("pk"):
            _move(row, DifferenceState.CORRECTED, resolution="no longer there", by=RECONCILER, at=at)
    return reconciliation


@transaction.atomic
def resolve_difference(*, difference_id: UUID, target: str, resolution: str, by: OpsActor, at: datetime) -> Difference:
    """This function will note what somebody found out about a difference.

    One corrected is closed, and the next run opens it again where it is still there; an accepted one may stay as it is.

    Raises:
        NotAllowed: not ops.
        Invalid: without a word of why.
        NotFound: no such difference.
        MoveRefused: it is closed.
    """
    if not isinstance(by, OpsActor):
        raise NotAllowed
    if not resolution.strip():
        raise Invalid(_("Say what it was."), field="reason")
    row = Difference.objects.select_for_update(of=("self",)).filter(pk=difference_id).first()
    if row is None:
        raise NotFound
    _move(row, target, resolution=resolution.strip(), by=by, at=at)
    return row


def _move(row: Difference, state: str, *, resolution: str, by: Actor, at: datetime) -> None:
    require_move(DIFFERENCE_MOVES, row.state, state)
    before, row.state, row.resolution = row.state, state, resolution
    row.resolved_at = at
    row.resolved_by = by.user if isinstance(by, OpsActor) else None
    row.save(update_fields=["state", "resolution", "resolved_at", "resolved_by"])
    trail.record("payments.resolve_difference", row, by=by, at=at, from_state=before, to_state=state, reason=resolution)


def _open_ones() -> QuerySet[Difference]:
    return Difference.objects.filter(state__in=OPEN_DIFFERENCES)
