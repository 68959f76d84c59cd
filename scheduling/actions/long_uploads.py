"""Files too long to be read while a page waits: asked for, worked on by a worker with progress, and taken up again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from gigcx.audit import trail
from gigcx.kernel.errors import DomainError, MoveRefused
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from gigcx.tenancy.scoping import TenantQuerySet
from scheduling.actions.uploads import LONG_ROWS, apply_upload, lay_out, locked_upload, previewed, refuse_mapping
from scheduling.formats.columns import ColumnMap, missing_roles
from scheduling.formats.crosswise import unfolded
from scheduling.formats.readings import Reading
from scheduling.formats.tables import Unreadable, read_table
from scheduling.models import UploadBatch
from scheduling.queries.beginnings import begun_again, given_up, is_being_done
from scheduling.queries.uploads import map_of, reading_of
from scheduling.states import UPLOAD_MOVES, GivenUp, UploadState, UploadWork

# A little longer than a worker's time limit: who has not come to an end by then is gone.
_WORK_LASTS: Final = timedelta(seconds=285)


def is_long_upload(batch: UploadBatch) -> bool:
    """This function will tell whether a worker has to read a file again, or to write what is in it."""
    return batch.row_count > LONG_ROWS


@transaction.atomic
def ask_upload(*, batch_id: UUID, by: Actor, at: datetime, mapped: ColumnMap | None = None) -> UploadBatch:
    """Ask a worker to read a long file with other columns or, without any, to apply it. The row says that somebody must.

    Raises:
        NotFound, NotAllowed: as everywhere. Invalid: the columns make no sense.
        MoveRefused: not read yet, being worked on, or not ready to be applied.
    """
    batch = locked_upload(batch_id, by)
    if batch.asked:
        raise MoveRefused
    if mapped is None:
        require_move(UPLOAD_MOVES, batch.state, UploadState.APPLIED)
    else:
        require_move(UPLOAD_MOVES, batch.state, UploadState.PREVIEWED)
        refuse_mapping(batch, mapped)
        batch.mapping = {**batch.mapping, **mapped.as_json()}
    batch.asked = UploadWork.APPLY if mapped is None else UploadWork.PREVIEW
    batch.asked_at, batch.asked_by, batch.progress = at, by.label, {}
    batch.save(update_fields=["asked", "asked_at", "asked_by", "progress", "mapping"])
    trail.record("scheduling.ask_upload", batch, by=by, at=at, changes={"work": batch.asked})
    return batch


@transaction.atomic
def stop_upload(*, batch_id: UUID, by: Actor, at: datetime) -> UploadBatch:
    """Call the reading of a long file off; the file stays and can be read again. A worker at it writes nothing any more.

    Raises:
        NotFound, NotAllowed: as everywhere. MoveRefused: nothing is being read, or the file is being written.
    """
    batch = locked_upload(batch_id, by)
    if batch.asked not in (UploadWork.READ, UploadWork.PREVIEW):
        raise MoveRefused
    _give_up(batch, GivenUp.STOPPED, by=by, at=at)
    return batch


@transaction.atomic
def retry_upload(*, batch_id: UUID, by: Actor, at: datetime) -> UploadBatch:
    """Ask anew for what was given up or stopped.

    Raises:
        NotFound, NotAllowed: as everywhere. MoveRefused: nothing was given up, or it is being worked on.
    """
    batch = locked_upload(batch_id, by)
    if batch.asked or given_up(batch.progress) is None:
        raise MoveRefused
    batch.asked, batch.asked_at, batch.asked_by = batch.progress["work"], at, by.label
    batch.progress = {}
    batch.save(update_fields=["asked", "asked_at", "asked_by", "progress"])
    trail.record("scheduling.ask_upload", batch, by=by, at=at, changes={"work": batch.asked})
    return batch


def work_on_upload(*, batch_id: UUID, by: Actor, at: datetime) -> None:
    """Do what a long file waits for. Reading holds no lock; whoever is second finds nothing to do and writes nothing.

    A worker that died leaves the row as it was, and another takes it up once that one's time is over: three times in all,
    then it is given up and its page says so.
    """
    batch = _taken_up(batch_id, by=by, at=at)
    if batch is None:
        return
    try:
        _work(batch, by=by, at=at)
    except _CalledOff:
        return
    except BaseException:  # told to end, too: whoever comes next need not wait
        _let_go(batch)
        raise


def _work(batch: UploadBatch, *, by: Actor, at: datetime) -> None:
    if batch.asked == UploadWork.APPLY:
        _apply(batch, by=by, at=at)
        return
    try:
        table = unfolded(read_table(bytes(batch.content))) if batch.asked == UploadWork.READ else None
    except Unreadable as unreadable:
        _unreadable(batch.pk, unreadable, by=by, at=at)
        return
    mapped = lay_out(batch, table) if table is not None else map_of(batch.mapping)
    reading = None
    if not missing_roles(mapped.columns, batch.kind):
        reading = reading_of(batch, on_row=_telling(batch))
    _keep(batch, mapped, reading, by=by, at=at)


@transaction.atomic
def _taken_up(batch_id: UUID, *, by: Actor, at: datetime) -> UploadBatch | None:
    """The file, if nobody else is at it; the row is locked only while that is noted."""
    rows = UploadBatch.objects.across_brands().select_for_update(of=("self",), no_key=True)
    batch = rows.select_related("program", "brand").filter(pk=batch_id).exclude(asked="").first()
    if batch is None or is_being_done(batch.progress, at=at, holds=_WORK_LASTS):
        return None
    note = begun_again(batch.progress, version=0, at=at)
    if note is None:
        _give_up(batch, GivenUp.CRASHED, by=by, at=at)
        return None
    batch.progress = note
    batch.save(update_fields=["progress"])
    return batch


def _give_up(batch: UploadBatch, why: GivenUp, *, by: Actor, at: datetime) -> None:
    batch.progress = {"given_up": why.value, "work": batch.asked}
    batch.asked = ""
    batch.save(update_fields=["asked", "progress"])
    trail.record("scheduling.give_up_upload", batch, by=by, at=at, changes=batch.progress)


class _CalledOff(Exception):
    """Somebody stopped the reading: what was read is thrown away."""


def _same(batch: UploadBatch) -> TenantQuerySet[UploadBatch]:
    """The row, while it still asks for the very work that was taken up."""
    rows = UploadBatch.objects.across_brands()
    return rows.filter(pk=batch.pk, asked=batch.asked, asked_at=batch.asked_at)


def _let_go(batch: UploadBatch) -> None:
    """Failed in the open: the next worker need not wait, and the beginning is counted."""
    _same(batch).update(progress={name: one for name, one in batch.progress.items() if name != "beat_at"})


def _telling(batch: UploadBatch) -> Callable[[int], None]:
    def tell(done: int) -> None:
        if not _same(batch).update(progress={**batch.progress, "done": done, "of": batch.row_count}):
            raise _CalledOff

    return tell


@transaction.atomic
def _keep(read: UploadBatch, mapped: ColumnMap, reading: Reading | None, *, by: Actor, at: datetime) -> None:
    batch = locked_upload(read.pk, by)
    if (batch.asked, batch.asked_at) != (read.asked, read.asked_at):  # done by another worker, and asked anew since
        return
    for field in ("headings", "rows", "row_count", "mapping"):
        setattr(batch, field, getattr(read, field))
    _done(batch, "headings", "rows", "row_count", "mapping")
    if reading is not None:
        previewed(batch, mapped, by=by, at=at, reading=reading)


@transaction.atomic
def _unreadable(batch_id: UUID, unreadable: Unreadable, *, by: Actor, at: datetime) -> None:
    batch = locked_upload(batch_id, by)
    if batch.asked != UploadWork.READ:
        return
    current, batch.state = batch.state, UploadState.REJECTED
    require_move(UPLOAD_MOVES, current, batch.state)
    figures = {name: str(one) for name, one in unreadable.figures.items()}
    batch.mapping = {"unreadable": {"code": unreadable.code, "figures": figures}}
    _done(batch, "mapping", "state")
    trail.record(
        "scheduling.preview_upload",
        batch,
        by=by,
        at=at,
        from_state=current,
        to_state=batch.state,
        changes={"faults": 1, "rows": 0},
    )


def _apply(batch: UploadBatch, *, by: Actor, at: datetime) -> None:
    """Written as a whole, with the note that nothing is asked any more; or refused with the words that its page shows."""
    told: dict[str, Any] = {}
    try:
        applied = apply_upload(batch_id=batch.pk, by=by, at=at)
        told = {"first": str(applied.pk)} if applied.pk != batch.pk else {}
    except DomainError as refused:
        told = {"refused": refused.message}
    rows = UploadBatch.objects.across_brands().filter(pk=batch.pk, asked=UploadWork.APPLY)  # not if applied: frozen
    rows.update(asked="", progress=told)


def _done(batch: UploadBatch, *fields: str) -> None:
    batch.asked, batch.progress = "", {}
    batch.save(update_fields=["asked", "progress", *fields])
