"""Uploaded files: received, read with a mapping, applied as a whole or not at all."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, MoveRefused
from gigcx.kernel.ids import uuid7
from gigcx.kernel.intervals import GRID_MINUTES, week_start
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.roles import Permission
from scheduling.actions.forecasts import publish_forecast, refuse_senseless_week
from scheduling.actions.upload_writes import WRITERS
from scheduling.errors import UploadInvalid
from scheduling.formats.columns import ORDERS, ROLES, ColumnMap, guess, missing_roles
from scheduling.formats.crosswise import unfolded
from scheduling.formats.quarters import joined_aht
from scheduling.formats.readings import Fault, Reading, ReadRow
from scheduling.formats.tables import Table, Unreadable, column_letter, read_table
from scheduling.models import Forecast, UploadBatch
from scheduling.queries.doors import program_of
from scheduling.queries.languages import language_in
from scheduling.queries.uploads import (
    file_words,
    map_of,
    problems_of,
    reading_of,
    stored_fault,
    told_faults,
    upload_for,
)
from scheduling.states import UPLOAD_MOVES, ForecastState, UploadKind, UploadState, UploadWork

MOST_WEEKS: Final = 160
_MOST_WEEKS_OF_AGENTS: Final = 12
_STORED_FAULTS: Final = 5_000
_QUARTER: Final = timedelta(minutes=GRID_MINUTES)
# Bytes from which a worker reads a file: about a second's work each.
LONG_TEXT: Final = 600_000
LONG_WORKBOOK: Final = 150_000
# Rows from which a worker reads it again, or writes what is in it.
LONG_ROWS: Final = 20_000
_WHOLE_FIGURE: Final = {"forecast": "volume", "agents": "agents", "actuals": "offered", "in_house": "heads"}


def receive_upload(
    *,
    program_id: UUID,
    channel: str,
    kind: str,
    file_name: str,
    content: bytes,
    by: Actor,
    at: datetime,
    language: str = "",
) -> UploadBatch:
    """Take a file in and read it with a guessed mapping, so far as the guess goes. Nothing of it is planned yet.

    The whole file is of one language. A long file is only kept: a worker reads it (`long_uploads.work_on_upload`).

    Raises:
        NotFound, NotAllowed: as everywhere. Invalid: not a channel or language of the program, or no such kind.
        UploadInvalid: the file cannot be a table at all; says what to do.
    """
    program = program_of(by, program_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=program.brand_id)
    refuse_senseless_week(program, channel, week_start(at.date()))
    if kind not in UploadKind.values:
        raise Invalid(_("Choose what the file holds."), field="kind")
    batch = UploadBatch(
        brand_id=program.brand_id,
        program=program,
        channel=channel,
        language=language_in(program, language),
        kind=kind,
        file_name=file_name.replace("\x00", "").strip()[-200:] or _("File"),
        file_hash=hashlib.sha256(content).hexdigest(),
        content=content,
        created_at=at,
    )
    if is_long(content):
        batch.asked, batch.asked_at, batch.asked_by = UploadWork.READ, at, by.label
        return _received(batch, by=by, at=at)
    try:
        guessed = lay_out(batch, unfolded(read_table(content)))
    except Unreadable as unreadable:
        words = file_words(unreadable)
        raise UploadInvalid(words, field="file", problems={"file": [words]}) from unreadable
    with transaction.atomic():
        _received(batch, by=by, at=at)
        return batch if missing_roles(guessed.columns, kind) else previewed(batch, guessed, by=by, at=at)


def is_long(content: bytes) -> bool:
    """This function will tell whether reading a file takes longer than a page may: workbooks are packed."""
    return len(content) > (LONG_WORKBOOK if content.startswith(b"PK") else LONG_TEXT)


def lay_out(batch: UploadBatch, table: Table) -> ColumnMap:
    """This function will put a table into an unsaved or locked batch and return what its columns seem to mean."""
    guessed = guess(table, batch.kind)
    batch.headings, batch.row_count = list(table.headings), len(table.rows)
    batch.rows = [[number, *cells] for number, cells in table.rows]
    batch.mapping = {**guessed.as_json(), "file": table.kind, "dialect": table.dialect}
    return guessed


@transaction.atomic
def _received(batch: UploadBatch, *, by: Actor, at: datetime) -> UploadBatch:
    batch.save(force_insert=True)
    changes = {"file": batch.file_name, "rows": batch.row_count, "kind": batch.kind}
    trail.record("scheduling.receive_upload", batch, by=by, at=at, to_state=batch.state, changes=changes)
    return batch


@transaction.atomic
def preview_upload(*, batch_id: UUID, mapped: ColumnMap, by: Actor, at: datetime) -> UploadBatch:
    """Read a file with the columns named by a person; it stands previewed, or rejected with every fault named.

    Raises:
        NotFound, NotAllowed: as everywhere. MoveRefused: it is applied.
        Invalid: a required column is missing, named twice or not in the file.
    """
    batch = locked_upload(batch_id, by)
    refuse_mapping(batch, mapped)
    return previewed(batch, mapped, by=by, at=at)


def apply_upload(*, batch_id: UUID, by: Actor, at: datetime) -> UploadBatch:
    """Write everything in a file, or nothing. The same file read the same way is applied once: later ones get the first.

    Raises:
        NotFound, NotAllowed: as everywhere. MoveRefused: its columns are not named yet.
        UploadInvalid: rows have faults; `problems` names row and column and says what to do.
    """
    try:
        return _applied(batch_id, by, at)
    except IntegrityError:
        batch = upload_for(by, batch_id)
        twins = UploadBatch.objects.for_brand(batch.brand_id).filter(file_hash=batch.file_hash)
        first = twins.filter(state=UploadState.APPLIED).select_related("program", "brand").first()
        if first is None:
            raise
        return first


@transaction.atomic
def publish_upload(*, batch_id: UUID, by: Actor, at: datetime) -> list[Forecast]:
    """Publish every forecast that a file made and that still is a draft.

    Raises:
        NotFound, NotAllowed: as everywhere. Invalid: it made none, or all are published.
    """
    batch = upload_for(by, batch_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=batch.brand_id)
    rows = Forecast.objects.for_brand(batch.brand_id).filter(pk__in=batch.forecast_ids, state=ForecastState.DRAFT)
    drafts = list(rows.order_by("week_starts_on", "pk").values_list("pk", flat=True))
    if not drafts:
        raise Invalid(_("Every forecast of this file is published already."))
    return [publish_forecast(forecast_id=one, by=by, at=at) for one in drafts]


def locked_upload(batch_id: UUID, by: Actor) -> UploadBatch:
    """This function will lock a file that the actor may plan with.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    found = upload_for(by, batch_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=found.brand_id)
    rows = UploadBatch.objects.across_brands().select_for_update(of=("self",))
    return rows.select_related("program", "brand").get(pk=batch_id)


def refuse_mapping(batch: UploadBatch, mapped: ColumnMap) -> None:
    """This function will refuse columns that are missing, named twice or not in the file.

    Raises:
        Invalid: names the column.
    """
    columns = mapped.columns
    if missing_roles(columns, batch.kind):
        raise Invalid(_("Choose the columns for time and number."), field="columns")
    if not set(columns) <= set(ROLES[batch.kind]) or not all(
        0 <= one < len(batch.headings) for one in columns.values()
    ):
        raise Invalid(_("Choose columns of this file."), field="columns")
    if len(set(columns.values())) < len(columns):
        index = next(one for one in columns.values() if list(columns.values()).count(one) > 1)
        raise Invalid(
            _("Column %(column)s stands for two things. Choose each column once.") % {"column": column_letter(index)},
            field="columns",
        )
    if mapped.date_order not in ORDERS or mapped.decimal not in {".", ","} or not 0 <= mapped.aht_seconds <= 86_400:
        raise Invalid(_("Choose how dates and numbers are written."), field="date_order")


def previewed(
    batch: UploadBatch, mapped: ColumnMap, *, by: Actor, at: datetime, reading: Reading | None = None
) -> UploadBatch:
    """This function will judge a locked file as it reads with these columns; `reading` is that, where it was made before."""
    stored = {**mapped.as_json(), "file": batch.mapping["file"], "dialect": batch.mapping["dialect"]}
    batch.mapping = stored
    reading = reading or reading_of(batch)
    faults = [*reading.faults, *_faults_of_time(batch, reading, at)]
    current, batch.state = batch.state, UploadState.REJECTED if faults else UploadState.PREVIEWED
    require_move(UPLOAD_MOVES, current, batch.state)
    batch.mapping = {**stored, "summary": summary_of(batch, reading, len(faults))}
    batch.row_errors = [stored_fault(batch, one) for one in sorted(faults, key=lambda one: one.row)[:_STORED_FAULTS]]
    batch.file_hash = _hash_of(batch, mapped)
    batch.save(update_fields=["mapping", "row_errors", "state", "file_hash"])
    trail.record(
        "scheduling.preview_upload",
        batch,
        by=by,
        at=at,
        from_state=current,
        to_state=batch.state,
        changes={"faults": len(faults), "rows": batch.row_count},
    )
    return batch


def _hash_of(batch: UploadBatch, mapped: ColumnMap) -> str:
    """What makes two uploads the same: place, kind, meaning of the columns, and every byte."""
    place = [str(batch.program_id), batch.channel, *([batch.language] if batch.language else [])]
    meaning = json.dumps([*place, batch.kind, mapped.as_json()], sort_keys=True)
    return hashlib.sha256(meaning.encode() + b"\0" + bytes(batch.content)).hexdigest()


def _faults_of_time(batch: UploadBatch, reading: Reading, at: datetime) -> Iterable[Fault]:
    """Agents are asked for ahead, actuals are known afterwards, and a file has an end."""
    index = batch.mapping["columns"]["start"]
    for one in reading.rows:
        code = ""
        if batch.kind == UploadKind.AGENTS and one.starts_at < at:
            code = "past"
        if batch.kind == UploadKind.ACTUALS and one.starts_at + timedelta(minutes=reading.minutes) > at:
            code = "not_yet"
        if code:
            yield Fault(one.row, column_letter(index), batch.headings[index], f"{one.local:%Y-%m-%d %H:%M}", code)
    most = _MOST_WEEKS_OF_AGENTS if batch.kind == UploadKind.AGENTS else MOST_WEEKS
    if len({week_start(one.local.date()) for one in reading.rows}) > most:
        last = reading.rows[-1]
        words = {"most": str(most)}
        yield Fault(
            last.row, column_letter(index), batch.headings[index], f"{last.local:%Y-%m-%d}", "too_many_weeks", words
        )


def summary_of(batch: UploadBatch, reading: Reading, faults: int) -> dict[str, Any]:
    """This function will sum a reading up by day: what the preview shows."""
    role = _WHOLE_FIGURE[batch.kind]
    days: dict[date, list[ReadRow]] = {}
    for one in reading.rows:
        days.setdefault(one.local.date(), []).append(one)
    return {
        "minutes": reading.minutes,
        "faults": faults,
        "good": len(reading.rows),
        "weeks": sorted({week_start(on).isoformat() for on in _touched(reading)}),
        "days": [_day_summary(on, rows, role, reading.minutes) for on, rows in sorted(days.items())],
    }


def _touched(reading: Reading) -> set[date]:
    """The local days in which the rows begin, and those into which a last hour runs."""
    last = timedelta(minutes=reading.minutes - GRID_MINUTES)
    ends = {(one.starts_at + last).astimezone(one.local.tzinfo).date() for one in reading.rows}
    return ends | {one.local.date() for one in reading.rows}


def _day_summary(on: date, rows: Sequence[ReadRow], role: str, minutes: int) -> dict[str, Any]:
    total = sum((one.figures[role] for one in rows), Decimal(0))
    aht = joined_aht((one.figures[role], one.figures.get("aht", Decimal(0))) for one in rows)
    is_people = role in {"agents", "heads"}
    return {
        "on": on.isoformat(),
        "rows": len(rows),
        "total": str(total * minutes / 60 if is_people else total),
        "peak": str(max(one.figures[role] for one in rows)),
        "aht": round(aht),
    }


@transaction.atomic
def _applied(batch_id: UUID, by: Actor, at: datetime) -> UploadBatch:
    batch = locked_upload(batch_id, by)
    if batch.state == UploadState.APPLIED:
        return batch
    reading = reading_of(batch) if batch.state == UploadState.PREVIEWED else None
    if reading is not None:
        previewed(batch, map_of(batch.mapping), by=by, at=at, reading=reading)  # time has passed since
    if batch.state == UploadState.REJECTED:
        raise _invalid(batch)
    require_move(UPLOAD_MOVES, batch.state, UploadState.APPLIED)
    if reading is None:
        raise MoveRefused
    weeks = batch.mapping["summary"]["weeks"] if batch.kind == UploadKind.FORECAST else []
    ids = {date.fromisoformat(week): uuid7() for week in weeks}
    # First the row that says so: whoever applies the same file at the same time waits here, and is then refused.
    batch.state, batch.applied_at, batch.forecast_ids = UploadState.APPLIED, at, [str(one) for one in ids.values()]
    batch.asked = ""
    batch.save(update_fields=["state", "applied_at", "forecast_ids", "asked"])
    WRITERS[UploadKind(batch.kind)](batch, reading, ids, by, at)
    trail.record(
        "scheduling.apply_upload",
        batch,
        by=by,
        at=at,
        from_state=UploadState.PREVIEWED,
        to_state=batch.state,
        changes={"file": batch.file_name, "rows": len(reading.rows), "weeks": len(ids)},
    )
    return batch


def _invalid(batch: UploadBatch) -> UploadInvalid:
    problems = problems_of(told_faults(batch.row_errors))
    label, words = next(iter(problems.items()))
    return UploadInvalid(f"{label}: {words[0]}", problems=problems)
