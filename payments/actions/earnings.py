"""What happens to a line between work and payout: review, holds, correction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, BrandActor, require
from gigcx.tenancy.roles import Permission
from payments import ledger
from payments.actions import journals
from payments.actions.credit_notes import credit_charges
from payments.actions.credits import locked_charges, take_back
from payments.errors import AlreadyHeld, EndRequired
from payments.events import ChargeReversed, EarningHeld, EarningPayable, EarningReversed, LineDisputeDecided
from payments.models import Charge, Earning, EarningHold, LineDispute
from payments.states import (
    CHARGE_MOVES,
    EARNING_MOVES,
    ChargeState,
    DisputeDecision,
    EarningKind,
    EarningState,
    LineDisputeState,
)

BATCH = 500


@transaction.atomic
def release_earnings(*, by: Actor, at: datetime, limit: int = BATCH) -> int:
    """This function will make up to `limit` lines payable whose review is over, and return how many.

    Several may run at once: each takes rows nobody else has.
    """
    open_hold = EarningHold.objects.across_brands().filter(earning=OuterRef("pk"), lifted_at__isnull=True)
    due = (
        Earning.objects.across_brands().due_for_release(at).filter(~Exists(open_hold)).order_by("review_ends_at", "pk")
    )
    # Not the explanations: reading them would cost more than the rest.
    columns = due.only("brand", "agent", "kind", "currency", "amount_minor", "state")
    rows = list(columns.select_for_update(skip_locked=True, of=("self",))[:limit])
    if rows:
        _make_payable(rows, by=by, at=at)
    return len(rows)


@contextmanager
def release_turn() -> Iterator[None]:
    """This function will hold back whoever else wants a turn until the block, one transaction, ends.

    Two batches at once take both processors of a small machine from whoever reads pages; in turns one is left.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", ["payments.release_earnings"])
        yield


def _make_payable(rows: Sequence[Earning], *, by: Actor, at: datetime) -> None:
    for row in rows:
        require_move(EARNING_MOVES, row.state, EarningState.PAYABLE)
    Earning.objects.across_brands().filter(pk__in=[row.pk for row in rows]).update(
        state=EarningState.PAYABLE, payable_at=at, held_at=None
    )
    Charge.objects.across_brands().filter(
        earning_id__in=[row.pk for row in rows], state__in=[ChargeState.ACCRUED, ChargeState.HELD]
    ).update(state=ChargeState.READY, ready_at=at)
    # A clawback whose notice is over may be netted; no money moves before a payout carries it.
    ledger.post(journals.payable(row, at=at) for row in rows if row.kind != EarningKind.CLAWBACK)
    before = [row.state for row in rows]
    trail.record_each(
        "payments.release_earnings", rows, by=by, at=at, from_states=before, to_state=EarningState.PAYABLE
    )
    outbox.publish_all(
        [(EarningPayable(earning_id=row.pk, agent_id=row.agent_id), row.brand_id, row.agent_id) for row in rows],
        at=at,
    )


@transaction.atomic
def hold_earning(*, earning_id: UUID, reason: str, note: str, until: datetime, by: Actor, at: datetime) -> EarningHold:
    """This function will keep a line in review from becoming payable until a stated moment.

    Raises:
        EndRequired: the hold would have no end in the future, or no reason.
        AlreadyHeld: it is held for this reason.
        MoveRefused: the line is payable, paid or replaced.
    """
    if until <= at or not reason.strip():
        raise EndRequired(_("Say why, and until when."), field="until")
    earning = _locked(earning_id)
    if earning.state != EarningState.HELD:
        require_move(EARNING_MOVES, earning.state, EarningState.HELD)
    if earning.holds.filter(reason=reason, lifted_at__isnull=True).exists():
        raise AlreadyHeld
    hold = EarningHold.objects.create(
        earning=earning, reason=reason, note=note, until=until, set_at=at, set_by=by.label or by.kind
    )
    before = earning.state
    earning.state, earning.held_at = EarningState.HELD, at
    earning.save(update_fields=["state", "held_at"])
    Charge.objects.across_brands().filter(earning=earning, state=ChargeState.ACCRUED).update(state=ChargeState.HELD)
    trail.record(
        "payments.hold_earning", earning, by=by, at=at, from_state=before, to_state=earning.state, reason=note or reason
    )
    outbox.publish(
        EarningHeld(earning_id=earning.pk, agent_id=earning.agent_id, reason=reason),
        at=at,
        brand_id=earning.brand_id,
        agent_id=earning.agent_id,
    )
    return hold


@transaction.atomic
def lift_hold(*, hold_id: UUID, by: Actor, at: datetime) -> Earning:
    """This function will end a hold; the last one lets the line go on, to payable where its review is over.

    Raises:
        NotFound: no such open hold.
    """
    open_holds = EarningHold.objects.across_brands().filter(pk=hold_id, lifted_at__isnull=True)
    earning_id = open_holds.values_list("earning_id", flat=True).first()
    earning = _locked(earning_id) if earning_id else None
    hold = open_holds.first()
    if earning is None or hold is None:  # nothing, or somebody lifted it while we waited for the line
        raise NotFound
    hold.lifted_at, hold.lifted_by = at, by.label or by.kind
    hold.save(update_fields=["lifted_at", "lifted_by"])
    trail.record("payments.lift_hold", earning, by=by, at=at, reason=hold.reason)
    if earning.state == EarningState.HELD and not earning.holds.filter(lifted_at__isnull=True).exists():
        _go_on(earning, by=by, at=at)
    return earning


def _go_on(earning: Earning, *, by: Actor, at: datetime) -> None:
    if earning.review_ends_at <= at:
        _make_payable([earning], by=by, at=at)
        earning.refresh_from_db(
            fields=["state", "payable_at", "held_at"], from_queryset=Earning.objects.across_brands()
        )
        return
    require_move(EARNING_MOVES, earning.state, EarningState.ACCRUED)
    earning.state, earning.held_at = EarningState.ACCRUED, None
    earning.save(update_fields=["state", "held_at"])
    Charge.objects.across_brands().filter(earning=earning, state=ChargeState.HELD).update(state=ChargeState.ACCRUED)


def lift_ended_holds(*, by: Actor, at: datetime, limit: int = BATCH) -> int:
    """This function will lift holds whose end has passed and return how many."""
    due = EarningHold.objects.across_brands().filter(lifted_at__isnull=True, until__lte=at).order_by("until", "pk")
    ids = list(due.values_list("pk", flat=True)[:limit])
    for hold_id in ids:
        try:
            lift_hold(hold_id=hold_id, by=by, at=at)
        except NotFound:
            continue  # somebody lifted it in the meantime
    return len(ids)


@transaction.atomic
def confirm_lines(*, charge_ids: Sequence[UUID], by: BrandActor, at: datetime) -> int:
    """This function will end the review of the brand's own lines at once and return how many became payable.

    Raises:
        NotAllowed: the role does not cover confirming work.
    """
    require(by, Permission.CONFIRM_WORK, brand_id=by.brand_id)
    mine = Charge.objects.for_brand(by.brand_id).filter(pk__in=list(charge_ids), state=ChargeState.ACCRUED)
    earning_ids = list(mine.values_list("earning_id", flat=True))
    rows = list(
        Earning.objects.across_brands()
        .filter(pk__in=earning_ids, state=EarningState.ACCRUED)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if not rows:
        return 0
    ids = [row.pk for row in rows]
    Earning.objects.across_brands().filter(pk__in=ids, review_ends_at__gt=at).update(review_ends_at=at)
    Charge.objects.across_brands().filter(earning_id__in=ids).update(confirmed_at=at)
    _make_payable(rows, by=by, at=at)
    return len(rows)


def reverse_earnings(earning_ids: Sequence[UUID], *, reason: str, by: Actor, at: datetime) -> list[Earning]:
    """This function will withdraw lines as `withdraw_lines` does, and end the open disputes about them: they are answered.

    Raises:
        MoveRefused: a line is in a payout, paid or withdrawn already.
    """
    with transaction.atomic():
        rows = withdraw_lines(earning_ids, reason=reason, by=by, at=at)
        _end_disputes(earning_ids, by=by, at=at)
    return rows


def _end_disputes(earning_ids: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    about = Q(earning__in=earning_ids) | Q(held_earning__in=earning_ids)
    rows = LineDispute.objects.across_brands().filter(about, state=LineDisputeState.OPEN)
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        row.state, row.decision = LineDisputeState.DECIDED, DisputeDecision.CORRECTED
        row.decided_at, row.decided_by = at, by.label or by.kind
        row.save(update_fields=["state", "decision", "decided_at", "decided_by"])
        trail.record("payments.close_dispute", row, by=by, at=at, to_state=row.state, reason="the line was replaced")
        outbox.publish(
            LineDisputeDecided(dispute_id=row.pk, agent_id=row.agent_id),
            at=at,
            brand_id=row.brand_id,
            agent_id=row.agent_id,
        )


@transaction.atomic
def withdraw_lines(earning_ids: Sequence[UUID], *, reason: str, by: Actor, at: datetime) -> list[Earning]:
    """This function will withdraw lines that are not on their way yet, with mirrored journals and their charges.

    Raises:
        MoveRefused: a line is in a payout, paid or withdrawn already.
    """
    rows = list(
        Earning.objects.across_brands().filter(pk__in=list(earning_ids)).select_for_update(of=("self",)).order_by("pk")
    )
    for row in rows:
        require_move(EARNING_MOVES, row.state, EarningState.REVERSED)
    open_ones, invoiced = locked_charges([row.pk for row in rows])
    for charge in open_ones:
        take_back(charge, by=by, at=at)
    _withdraw(rows, open_ones, at)
    _undo_journals(rows, open_ones, invoiced, reason=reason, by=by, at=at)
    _tell_withdrawn(rows, open_ones, reason=reason, by=by, at=at)
    return rows


def _undo_journals(
    rows: Sequence[Earning],
    open_ones: Sequence[Charge],
    invoiced: Sequence[Charge],
    *,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """What is on an invoice already comes off it by a credit note."""
    bills = {one.earning_id: one.net_minor for one in (*open_ones, *invoiced)}
    on_invoices = {one.earning_id for one in invoiced}
    actor = by.label or by.kind
    ledger.post(journals.reversals(rows, bills=bills, actor=actor, at=at, reason=reason, invoiced=on_invoices))
    nets = {one.pk: one.owed_minor for one in invoiced if one.owed_minor}
    if nets:
        credit_charges(nets, reason=_("A line was corrected: %(why)s.") % {"why": reason}, by=by, at=at)


def _withdraw(rows: Sequence[Earning], charges: Sequence[Charge], at: datetime) -> None:
    for charge in charges:
        require_move(CHARGE_MOVES, charge.state, ChargeState.REVERSED)
    ids = [row.pk for row in rows]
    Earning.objects.across_brands().filter(pk__in=ids).update(state=EarningState.REVERSED, reversed_at=at)
    EarningHold.objects.across_brands().filter(earning_id__in=ids, lifted_at__isnull=True).update(
        lifted_at=at, lifted_by="line replaced"
    )
    Charge.objects.across_brands().filter(pk__in=[one.pk for one in charges]).update(
        state=ChargeState.REVERSED, reversed_at=at
    )


def _tell_withdrawn(
    rows: Sequence[Earning], charges: Sequence[Charge], *, reason: str, by: Actor, at: datetime
) -> None:
    for row in rows:
        trail.record(
            "payments.reverse_earnings",
            row,
            by=by,
            at=at,
            from_state=row.state,
            to_state=EarningState.REVERSED,
            reason=reason,
        )
    earnings = [(EarningReversed(earning_id=row.pk, agent_id=row.agent_id), row.brand_id, row.agent_id) for row in rows]
    billed = [(ChargeReversed(charge_id=one.pk, program_id=one.program_id), one.brand_id, None) for one in charges]
    outbox.publish_all([*earnings, *billed], at=at)


def _locked(earning_id: UUID) -> Earning:
    found = Earning.objects.across_brands().filter(pk=earning_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    return found
