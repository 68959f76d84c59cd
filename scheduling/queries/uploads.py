"""Uploaded files: what was read, what is wrong with it in words, and what a file would write."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gigcx.kernel.errors import NotFound
from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.actors import Actor
from recruiting.models import Program
from scheduling.formats.columns import ColumnMap
from scheduling.formats.crosswise import LAYOUT, origin
from scheduling.formats.export import csv_text
from scheduling.formats.readings import Fault, Reading, read_rows
from scheduling.formats.tables import Table, Unreadable
from scheduling.models import UploadBatch

RECENT: Final = 8
TIMES: Final = "B"  # of an unfolded sheet
_HINT_AGAIN: Final = timedelta(seconds=90)
_EXPLAINED: Final = 100

# Why a file cannot be read at all.
FILE_WORDS: Final = {
    "too_large": gettext_lazy("The file is larger than %(most)s. Split it, or leave out columns that are not needed."),
    "empty": gettext_lazy("The file is empty. Choose another one."),
    "no_rows": gettext_lazy("There is a heading and nothing below it. Add a row for each interval."),
    "no_table": gettext_lazy("This is no table. Save it as CSV or XLSX, with one row for each interval."),
    "broken_quotes": gettext_lazy(
        "A quotation mark is opened and never closed, after row %(row)s. Save the file again."
    ),
    "old_or_protected": gettext_lazy("This is an old or a protected workbook. Save it as XLSX without a password."),
    "damaged_workbook": gettext_lazy("The workbook is damaged. Open it, and save it again as XLSX."),
    "no_workbook": gettext_lazy("This archive is no workbook. Unpack it, and upload the CSV or XLSX inside."),
    "packed_too_tightly": gettext_lazy("Unpacked, the file is more than %(most)s times as large. Save it as CSV."),
    "too_many_rows": gettext_lazy("There are more than %(most)s rows. Split the file."),
}

# What is wrong with a cell, and what to do about it.
FAULT_WORDS: Final = {
    "empty_start": (gettext_lazy("The time is missing."), gettext_lazy("Give a date and a time, or delete the row.")),
    "no_moment": (
        gettext_lazy("This is no date."),
        gettext_lazy("Write it like 2026-11-23 09:00, or choose another order of day and month."),
    ),
    "no_time": (gettext_lazy("There is no time of day."), gettext_lazy("Write it like 09:00, or 9:00 am.")),
    "off_grid": (
        gettext_lazy("The time does not fall on a quarter of an hour."),
        gettext_lazy("Use :00, :15, :30 or :45."),
    ),
    "repeated": (
        gettext_lazy("Row %(other)s is for the same time."),
        gettext_lazy("Keep one of the two, or add them up."),
    ),
    "missing_clock": (
        gettext_lazy("%(clock)s does not exist on that day: the clocks go forward."),
        gettext_lazy("Delete the row, or move its numbers an hour on."),
    ),
    "doubled_clock": (
        gettext_lazy("%(clock)s happens twice on that day: the clocks go back."),
        gettext_lazy("Give the row twice, first before and then after the change."),
    ),
    "odd_step": (
        gettext_lazy("The times are %(minutes)s minutes apart."),
        gettext_lazy("Use intervals of 15, 30 or 60 minutes."),
    ),
    "formula": (gettext_lazy("The cell holds a formula."), gettext_lazy("Paste its value in its place.")),
    "empty": (gettext_lazy("The number is missing."), gettext_lazy("Type it, or 0 where nobody is expected.")),
    "no_number": (
        gettext_lazy("This is no number."),
        gettext_lazy("Type digits only, or choose another decimal mark."),
    ),
    "below_zero": (gettext_lazy("The number is below zero."), gettext_lazy("Type 0 or more.")),
    "no_whole_number": (
        gettext_lazy("This is no whole number."),
        gettext_lazy("Round it: people and counts are whole."),
    ),
    "too_many_agents": (gettext_lazy("More than 10,000 people."), gettext_lazy("Type a number from 0 to 10,000.")),
    "too_many_contacts": (
        gettext_lazy("More than 1,000,000 contacts."),
        gettext_lazy("Type a number from 0 to 1,000,000."),
    ),
    "no_aht": (
        gettext_lazy("Contacts need a handling time."),
        gettext_lazy("Type seconds, or give one handling time for the whole file."),
    ),
    "no_handling_time": (
        gettext_lazy("This is no handling time."),
        gettext_lazy("Type seconds such as 270, or minutes and seconds such as 4:30."),
    ),
    "adds_up_to_more": (
        gettext_lazy("Answered and abandoned are more than offered."),
        gettext_lazy("Correct one of the three."),
    ),
    "past": (
        gettext_lazy("This time has passed."),
        gettext_lazy("Agents can be asked for from now on. Delete the row."),
    ),
    "not_yet": (
        gettext_lazy("This time is not over yet."),
        gettext_lazy("Delete the row, and upload what came afterwards."),
    ),
    "too_many_weeks": (
        gettext_lazy("The file covers more than %(most)s weeks."),
        gettext_lazy("Split it by time."),
    ),
}


@dataclass(frozen=True, slots=True)
class ToldFault:
    """A fault in words."""

    row: int
    column: str
    heading: str
    value: str
    problem: str
    remedy: str


def upload_for(actor: Actor, batch_id: UUID) -> UploadBatch:
    """This function will return the uploaded file with its program.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    rows = UploadBatch.objects.for_actor(actor).select_related("program", "brand").defer("content")
    found = rows.filter(pk=batch_id).first()
    if found is None:
        raise NotFound
    return found


def upload_head_for(actor: Actor, batch_id: UUID) -> UploadBatch:
    """This function will return the uploaded file without its rows: how a long one gets on is asked often.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    rows = UploadBatch.objects.for_actor(actor).defer("content", "rows", "row_errors")
    found = rows.filter(pk=batch_id).first()
    if found is None:
        raise NotFound
    return found


def recent_uploads(program: Program) -> QuerySet[UploadBatch]:
    """This function will return a program's last files, newest first, without what is in them."""
    rows = (
        UploadBatch.objects.for_brand(program.brand_id).filter(program=program).defer("content", "rows", "row_errors")
    )
    return rows.order_by("-created_at", "pk")[:RECENT]


def table_of(batch: UploadBatch) -> Table:
    """This function will return the rows that were read when the file came."""
    rows = tuple((int(number), tuple(cells)) for number, *cells in batch.rows)
    return Table(tuple(batch.headings), rows, batch.mapping.get("file", "csv"), batch.mapping.get("dialect", {}))


def map_of(mapping: Mapping[str, Any]) -> ColumnMap:
    """This function will return which column holds what, as it is stored with a batch."""
    columns = {str(role): int(index) for role, index in mapping["columns"].items()}
    return ColumnMap(columns, mapping["date_order"], mapping["decimal"], int(mapping.get("aht_seconds", 0)))


def reading_of(batch: UploadBatch, *, on_row: Callable[[int], None] | None = None) -> Reading:
    """This function will read a batch by its mapping, in the program's zone; `on_row` hears how far it is."""
    zone = zone_of(batch.program.timezone)
    return read_rows(table_of(batch), map_of(batch.mapping), kind=batch.kind, zone=zone, on_row=on_row)


def is_across(batch: UploadBatch) -> bool:
    """This function will tell whether the file has a column a day and a row a time."""
    return bool(batch.mapping.get("dialect", {}).get("layout") == LAYOUT)


def uploads_to_work_on(*, at: datetime) -> list[UUID]:
    """This function will return the long files that were asked for a while ago: their hint was lost or their worker died."""
    rows = UploadBatch.objects.across_brands().exclude(asked="").filter(asked_at__lte=at - _HINT_AGAIN)
    return list(rows.order_by("asked_at", "pk").values_list("pk", flat=True))


def file_words(refused: Unreadable) -> str:
    """This function will say why a file cannot be read."""
    return str(FILE_WORDS[refused.code]) % refused.figures


def told_faults(faults: Iterable[Mapping[str, Any]]) -> list[ToldFault]:
    """This function will say of stored faults what is wrong and what to do."""
    return [
        ToldFault(
            int(one["row"]),
            one["column"],
            one["heading"],
            one["value"],
            str(FAULT_WORDS[one["code"]][0]) % one["figures"],
            str(FAULT_WORDS[one["code"]][1]) % one["figures"],
        )
        for one in faults
    ]


def stored_fault(batch: UploadBatch, fault: Fault) -> dict[str, Any]:
    """This function will return a fault as it is stored with a batch: by the cell of the file, whatever its layout."""
    stored = {
        "line": fault.row,
        "row": fault.row,
        "column": fault.column,
        "heading": fault.heading,
        "value": fault.value,
        "code": fault.code,
        "figures": fault.figures,
    }
    if not is_across(batch):
        return stored
    row, column = origin(fault.row)
    stored |= {"row": row, "column": column}
    if fault.column != TIMES:  # the number, or the day at its head
        stored["heading"] = _("Day")
    if "other" in fault.figures:
        other = origin(int(fault.figures["other"]))
        stored["figures"] = {**fault.figures, "other": f"{other[0]} ({other[1]})"}
    return stored


def problems_of(faults: Sequence[ToldFault]) -> dict[str, list[str]]:
    """This function will return faults by "Row 5, column C", as refusals carry them."""
    found: dict[str, list[str]] = {}
    for one in faults[:_EXPLAINED]:
        label = _("Row %(row)s, column %(column)s (%(heading)s)") % {
            "row": one.row,
            "column": one.column,
            "heading": one.heading,
        }
        found.setdefault(label, []).append(f"{one.problem} {one.remedy}")
    return found


def faulty_rows_csv(batch: UploadBatch) -> str:
    """This function will write the rows that have faults, with what is wrong in front, safe to open in a spreadsheet."""
    cells = dict(table_of(batch).rows)
    told = zip(batch.row_errors, told_faults(batch.row_errors), strict=True)
    head = [_("Row"), _("Column"), _("What is wrong"), _("What to do"), *batch.headings]
    return csv_text(
        head,
        (
            [one.row, one.column, one.problem, one.remedy, *cells.get(int(stored.get("line", one.row)), ())]
            for stored, one in told
        ),
    )
