"""The manual rail: one person makes a file for the bank, another writes down what the bank did with each line."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.audit.sealing import open_text, seal_text
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound
from gigcx.kernel.money import exponent_of
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, OpsActor
from payments.actions import items
from payments.actions.accounts import bank_details_of, restrict_account
from payments.actions.rails import is_open
from payments.actions.runs import locked_run
from payments.actions.settlement import record_came_back, settle_item
from payments.documents import Sheet, csv_bytes
from payments.errors import NothingToExport, RailFrozen, SamePerson
from payments.models import BankFile, BankFileLine, PayoutAttempt, PayoutItem, PayoutRun
from payments.policies import can_answer_bank_line, is_usable
from payments.states import (
    BANK_FILE_MOVES,
    BANK_LINE_MOVES,
    AttemptState,
    BankFileState,
    BankLineState,
    ItemState,
    OutcomeKind,
    RailCode,
    RunState,
)

_RAIL: Final = RailCode.MANUAL_BANK_FILE
_HEADINGS: Final = ("reference", "holder", "account", "bank code", "country", "amount", "currency")


@transaction.atomic
def make_bank_file(*, run_id: UUID, by: OpsActor, at: datetime) -> BankFile:
    """This function will put every payout of a running run that waits into one file and mark them as being sent.

    A payout whose account is not usable any more is held. Nothing that waits in a file goes into another one.

    Raises:
        NotAllowed: not ops.
        RailFrozen: the rail is stopped.
        NothingToExport: the run is not running on this rail, or nothing of it waits.
    """
    if not isinstance(by, OpsActor):
        raise NotAllowed
    if not is_open(_RAIL):
        raise RailFrozen
    ready = _ready(_running(run_id), at)
    tries = [items.new_attempt(item, at) for item in ready]
    for item in ready:
        items.mark_sending(item, at=at, wait_reason="waits_for_bank")
    return _file_of(list(zip(ready, tries, strict=True)), by=by, at=at)


def _running(run_id: UUID) -> PayoutRun:
    run = locked_run(run_id)
    if run.rail != _RAIL or run.state != RunState.EXECUTING:
        raise NothingToExport
    return run


def _ready(run: PayoutRun, at: datetime) -> list[PayoutItem]:
    rows = PayoutItem.objects.across_brands().filter(run=run, state=ItemState.PLANNED).select_related("account", "run")
    waiting = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for item in waiting:
        if not is_usable(item.account, at=at):
            items.hold_item(item, reason=f"account_{item.account.state}", at=at)
    ready = [item for item in waiting if item.state == ItemState.PLANNED]
    if not ready:
        raise NothingToExport
    return ready


def _file_of(pairs: Sequence[tuple[PayoutItem, PayoutAttempt]], *, by: OpsActor, at: datetime) -> BankFile:
    number = f"BF-{at:%Y%m%d}-{secrets.token_hex(3).upper()}"
    content = csv_bytes(_sheet(pairs))
    made = BankFile.objects.create(
        number=number,
        currency=pairs[0][0].currency,
        line_count=len(pairs),
        total_minor=sum(item.amount_minor for item, _attempt in pairs),
        content=seal_text(content.decode(), context=_context(number)),
        sha256=hashlib.sha256(content).hexdigest(),
        made_by=by.user,
        made_at=at,
    )
    BankFileLine.objects.bulk_create(
        BankFileLine(file=made, item=item, amount_minor=item.amount_minor, reference=_reference(attempt))
        for item, attempt in pairs
    )
    changes = {"lines": made.line_count, "total_minor": made.total_minor, "sha256": made.sha256}
    trail.record("payments.make_bank_file", made, by=by, at=at, to_state=made.state, changes=changes)
    return made


def _reference(attempt: PayoutAttempt) -> str:
    return f"GX{attempt.item_id.hex[-16:].upper()}-{attempt.number}"


def _sheet(pairs: Sequence[tuple[PayoutItem, PayoutAttempt]]) -> Sheet:
    stamp = "SANDBOX, no money moves" if settings.PAYMENTS_MODE == "sandbox" else ""
    return Sheet(headings=_HEADINGS, rows=tuple(_row(item, attempt) for item, attempt in pairs), stamp=stamp)


def _row(item: PayoutItem, attempt: PayoutAttempt) -> tuple[str, ...]:
    details = bank_details_of(item.account)
    if details is None:
        raise NotFound
    exponent = exponent_of(item.currency)
    amount = f"{item.money.major:.{exponent}f}"
    account = (details.holder, details.number, details.bank_code, item.account.country)
    return (_reference(attempt), *account, amount, item.currency)


def _context(number: str) -> str:
    return f"bank_file:{number}"


@transaction.atomic
def open_bank_file(*, file_id: UUID, by: OpsActor, at: datetime) -> tuple[str, bytes]:
    """This function will return a file's number and bytes, exactly as made, and write down who took it.

    Raises:
        NotAllowed: not ops.
        NotFound: no such file.
        Invalid: its bytes are not those it was made of.
    """
    if not isinstance(by, OpsActor):
        raise NotAllowed
    made = _locked_file(file_id)
    content = open_text(made.content, context=_context(made.number)).encode()
    if hashlib.sha256(content).hexdigest() != made.sha256:
        raise Invalid(_("The bytes of this file are not those it was made of. Do not use it."))
    if made.state == BankFileState.MADE:
        _move_file(made, BankFileState.SENT, by=by, at=at)
    trail.record("payments.take_bank_file", made, by=by, at=at)
    return made.number, content


@transaction.atomic
def confirm_bank_line(*, line_id: UUID, bank_reference: str, by: OpsActor, at: datetime) -> BankFileLine:
    """This function will write that the bank paid a line, under the bank's own reference: the payout is settled.

    Raises:
        SamePerson: who made the file does not answer its lines.
        Invalid: no bank reference.
        MoveRefused: the line was answered before.
    """
    if not bank_reference.strip():
        raise Invalid(_("Type the bank's reference."), field="bank_reference")
    line, item = _locked_line(line_id, by)
    _answer(line, BankLineState.CONFIRMED, by=by, at=at, bank_reference=bank_reference.strip()[:120])
    _finish(item, state=AttemptState.DONE, kind=OutcomeKind.DONE, detail="confirmed by hand", at=at)
    settle_item(item_id=item.pk, transfer_ref=transfer_ref_of(line), by=by, at=at)
    _close_if_answered(line, by=by, at=at)
    return line


@transaction.atomic
def return_bank_line(*, line_id: UUID, reason: str, by: OpsActor, at: datetime) -> BankFileLine:
    """This function will write that the bank did not pay a line, or sent it back later.

    Not paid: the payout is held until the agent's details are mended. Sent back: the money is ours again and payable.

    Raises:
        SamePerson: who made the file does not answer its lines.
        Invalid: no reason.
        MoveRefused: the line was returned before.
    """
    if not reason.strip():
        raise Invalid(_("Say why the bank returned it."), field="reason")
    line, item = _locked_line(line_id, by)
    was_paid = line.state == BankLineState.CONFIRMED
    _answer(line, BankLineState.RETURNED, by=by, at=at, reason=reason.strip()[:200])
    if was_paid:
        record_came_back(item_id=item.pk, reason=reason, by=by, at=at)
    else:
        _finish(item, state=AttemptState.REFUSED, kind=OutcomeKind.ACCOUNT_REFUSED, detail=reason, at=at)
        items.hold_item(item, reason="account_refused", at=at)
        restrict_account(account_id=item.account_id, reason=reason, by=by, at=at)
    _close_if_answered(line, by=by, at=at)
    return line


def transfer_ref_of(line: BankFileLine) -> str:
    """This function will name the payment of a line: our reference, which is in the file, and the bank's."""
    return f"{line.reference}/{line.bank_reference}"[:120]


def _locked_line(line_id: UUID, by: Actor) -> tuple[BankFileLine, PayoutItem]:
    """The item first, as everywhere, then its line."""
    found = BankFileLine.objects.filter(pk=line_id).select_related("file").first()
    if found is None:
        raise NotFound
    if not can_answer_bank_line(by, found.file.made_by_id):
        raise SamePerson(_("Somebody other than who made the file says what the bank did."))
    rows = PayoutItem.objects.across_brands().select_related("account", "run")
    item = rows.select_for_update(of=("self",)).get(pk=found.item_id)
    return BankFileLine.objects.select_related("file").select_for_update(of=("self",)).get(pk=line_id), item


def _answer(line: BankFileLine, state: str, *, by: OpsActor, at: datetime, **said: str) -> None:
    require_move(BANK_LINE_MOVES, line.state, state)
    before, line.state, line.answered_by, line.answered_at = line.state, state, by.user, at
    for name, text in said.items():
        setattr(line, name, text)
    line.save(update_fields=["state", "answered_by", "answered_at", *said])
    reason = "; ".join(said.values())
    trail.record("payments.answer_bank_line", line, by=by, at=at, from_state=before, to_state=state, reason=reason)


def _finish(item: PayoutItem, *, state: str, kind: str, detail: str, at: datetime) -> None:
    attempt = item.attempts.get(number=item.attempt_number)
    items.finish(attempt, state=state, kind=kind, at=at, detail=detail)


def _close_if_answered(line: BankFileLine, *, by: Actor, at: datetime) -> None:
    made = _locked_file(line.file_id)
    is_open_still = BankFileLine.objects.filter(file=made, state=BankLineState.WAITING).exists()
    if is_open_still or made.state == BankFileState.CLOSED:
        return
    _move_file(made, BankFileState.CLOSED, by=by, at=at)
    made.closed_at = at
    made.save(update_fields=["closed_at"])


def _move_file(made: BankFile, state: str, *, by: Actor, at: datetime) -> None:
    require_move(BANK_FILE_MOVES, made.state, state)
    before, made.state = made.state, state
    made.save(update_fields=["state"])
    trail.record("payments.move_bank_file", made, by=by, at=at, from_state=before, to_state=state)


def _locked_file(file_id: UUID) -> BankFile:
    found = BankFile.objects.select_for_update(of=("self",)).filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return found
