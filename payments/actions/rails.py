"""Kill switches, and what guards them."""

import random
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, NotAllowed
from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, OpsActor, SystemActor
from payments import ledger
from payments.actions import journals
from payments.errors import DifferencesOpen
from payments.events import RailStopped
from payments.models import PayoutItem, RailSwitch
from payments.policies import can_switch_rail
from payments.policies.payouts import patience
from payments.queries.reconciliation import is_reconciled, open_differences
from payments.states import RAIL_MOVES, DifferenceKind, RailCode, RailState

THROTTLED: Final = "throttled"
_REAL_RAILS: Final = (RailCode.STRIPE_CONNECT, RailCode.MANUAL_BANK_FILE)
_SYSTEM: Final = SystemActor("rail guard")


@transaction.atomic
def switch_rail(*, rail: str, target: str, reason: str, by: Actor, at: datetime) -> RailSwitch:
    """This function will open, pause or freeze a rail. A frozen rail opens when a second person asks for it too.

    Raises:
        NotAllowed: not ops.
        DifferencesOpen: a frozen rail was not compared with the other side since, or does not agree with it.
        Invalid: stopping without a reason.
        MoveRefused: the rail is in that state already.
    """
    if not can_switch_rail(by):
        raise NotAllowed
    if target != RailState.OPEN and not reason.strip():
        raise Invalid(_("Say why the rail stops."), field="reason")
    switch = locked_switch(rail, at)
    require_move(RAIL_MOVES, switch.state, target)
    if switch.state == RailState.FROZEN and isinstance(by, OpsActor) and switch.thaw_asked_by in (None, by.user.pk):
        switch.thaw_asked_by = by.user.pk
        switch.save(update_fields=["thaw_asked_by"])
        trail.record("payments.ask_thaw", switch, by=by, at=at)
        return switch
    if switch.state == RailState.FROZEN:
        _require_agreement(switch, at)
    return _set(switch, target, reason, by, at)


def _require_agreement(switch: RailSwitch, at: datetime) -> None:
    """Only Stripe's side can be compared with ours; for the others an open difference is what speaks against it."""
    if switch.rail == RailCode.STRIPE_CONNECT and not is_reconciled(switch.rail, since=switch.changed_at, at=at):
        raise DifferencesOpen
    if open_differences(switch.rail).exclude(kind=DifferenceKind.BALANCE).exists():
        raise DifferencesOpen


def needs_second_person(switch: RailSwitch) -> bool:
    """This function will tell whether one of the two people has asked to open a frozen rail."""
    return switch.state == RailState.FROZEN and switch.thaw_asked_by is not None


def stop_rail(*, rail: str, target: str, reason: str, at: datetime) -> None:
    """This function will pause or freeze a rail by itself; a rail already stopped as hard stays as it is."""
    with transaction.atomic():
        switch = locked_switch(rail, at)
        if switch.state in (RailState.FROZEN, target):
            return
        _set(switch, target, reason, _SYSTEM, at)


@transaction.atomic
def pause_throttled(*, rail: str, retry_after: timedelta | None, at: datetime) -> timedelta:
    """This function will pause a rail whose other side asks for patience, and return how long its item waits.

    Shortly at first; longer each time in a row that nothing was paid since it opened again, and never less than asked.
    """
    switch = locked_switch(rail, at)
    times = 1 if _has_paid_since(switch) else min(switch.times_throttled + 1, 1000)
    wait = patience(times, retry_after=retry_after, percent=random.randint(0, 100))  # noqa: S311  spreads workers
    if switch.state == RailState.OPEN:
        switch.times_throttled = times
        _set(switch, RailState.PAUSED, THROTTLED, _SYSTEM, at)
    if switch.reason == THROTTLED:
        switch.opens_at = max(switch.opens_at or at, at + wait)
        switch.save(update_fields=["opens_at", "times_throttled"])
    return wait


def _has_paid_since(switch: RailSwitch) -> bool:
    rows = PayoutItem.objects.across_brands().filter(run__rail=switch.rail)
    return rows.filter(transferred_at__gte=switch.changed_at).exists()


def reopen_throttled(*, at: datetime) -> int:
    """This function will open rails that were paused only because the other side asked for patience."""
    opened = 0
    due = Q(opens_at__isnull=True) | Q(opens_at__lte=at)
    with transaction.atomic():
        rows = RailSwitch.objects.filter(due, state=RailState.PAUSED, reason=THROTTLED)
        for switch in rows.select_for_update().order_by("rail"):
            _set(switch, RailState.OPEN, "", _SYSTEM, at)
            opened += 1
    return opened


def locked_switch(rail: str, at: datetime) -> RailSwitch:
    """This function will return the rail's switch under a lock, made open on first use."""
    RailSwitch.objects.bulk_create(
        [RailSwitch(rail=rail, state=RailState.OPEN, changed_at=at, changed_by="system")], ignore_conflicts=True
    )
    return RailSwitch.objects.select_for_update().get(rail=rail)


def is_open(rail: str) -> bool:
    """This function will tell whether the rail may send; a rail never switched is open."""
    state = RailSwitch.objects.filter(rail=rail).values_list("state", flat=True).first()
    return state in (None, RailState.OPEN)


@transaction.atomic
def take_turn(*, rail: str, pace: int, at: datetime) -> timedelta:
    """This function will give out the rail's next free turn at so many a second and return how long it is until then.

    Turns are handed out under the switch's lock, so that any number of workers keeps the pace together.
    """
    switch = locked_switch(rail, at)
    turn = max(switch.next_send_at or at, at)
    switch.next_send_at = turn + timedelta(seconds=1) / pace
    switch.save(update_fields=["next_send_at"])
    return turn - at


@transaction.atomic
def check_database_identity(*, at: datetime) -> list[str]:
    """This function will freeze the rails that move real money when this is not the database they last ran on.

    A restored or promoted database may have forgotten payouts that left. Returns the rails it froze.
    """
    now = _database_identity()
    frozen: list[str] = []
    for rail in _REAL_RAILS:
        switch = locked_switch(rail, at)
        known = (switch.system_identifier, switch.timeline_id, switch.database_mark)
        is_other = known[:2] != (None, None) and (known[:2] != now[:2] or known[2] not in ("", now[2]))
        if is_other and switch.state != RailState.FROZEN:
            _set(switch, RailState.FROZEN, "the database was restored", _SYSTEM, at)
            frozen.append(rail)
        switch.system_identifier, switch.timeline_id, switch.database_mark = now
        switch.save(update_fields=["system_identifier", "timeline_id", "database_mark"])
    return frozen


def _database_identity() -> tuple[int, int, str]:
    """The cluster, its timeline, and this very database: a dump restored on the same server makes new tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.system_identifier, c.timeline_id, d.oid || '.' || 'payments_railswitch'::regclass::oid
            FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database()
            """
        )
        identifier, timeline, mark = cursor.fetchone()
    return identifier, timeline, mark


@transaction.atomic
def fund_rail(*, rail: str, amount: Money, by: Actor, at: datetime, funding_id: UUID | None = None) -> UUID:
    """This function will write in the books that money went from the bank to a rail, and return the funding's id.

    Raises:
        Invalid: not a positive amount.
    """
    if amount.amount_minor <= 0:
        raise Invalid(_("Enter an amount above zero."), field="amount")
    known = funding_id or uuid7()
    ledger.post([journals.rail_funded(rail, amount, funding_id=known, actor=by.label or by.kind, at=at)])
    return known


def _set(switch: RailSwitch, target: str, reason: str, by: Actor, at: datetime) -> RailSwitch:
    before = switch.state
    switch.state, switch.reason, switch.changed_at = target, reason, at
    switch.changed_by, switch.thaw_asked_by, switch.opens_at = (by.label or by.kind)[:80], None, None
    switch.save(update_fields=["state", "reason", "changed_at", "changed_by", "thaw_asked_by", "opens_at"])
    trail.record("payments.switch_rail", switch, by=by, at=at, from_state=before, to_state=target, reason=reason)
    if target != RailState.OPEN:
        outbox.publish(RailStopped(rail=switch.rail, reason=reason), at=at)
    return switch
