"""Demand typed into a sheet, copied, brought in a file, or coming back every week."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gigcx.kernel.intervals import week_start
from recruiting.models import Program
from recruiting.states import Channel
from scheduling.formats.columns import REQUIRED, ROLES, ColumnMap
from scheduling.formats.readings import read_typed
from scheduling.formats.tables import MAX_BYTES, column_letter
from scheduling.forms.core import ClockField, WeekForm
from scheduling.models import UploadBatch
from scheduling.models.demand import MAX_AGENTS
from scheduling.queries.languages import language_choices
from scheduling.queries.sheets import Sheet, SheetCell
from scheduling.queries.uploads import FAULT_WORDS
from scheduling.states import UploadKind

WEEKDAYS: Final = [
    ("1", gettext_lazy("Mon")),
    ("2", gettext_lazy("Tue")),
    ("3", gettext_lazy("Wed")),
    ("4", gettext_lazy("Thu")),
    ("5", gettext_lazy("Fri")),
    ("6", gettext_lazy("Sat")),
    ("7", gettext_lazy("Sun")),
]
_LAYERS: Final = {"volume": "volume", "aht": "aht", "heads": "heads"}
_MOST_WEEKS_SHOWN: Final = 8
_ROLE_LABELS: Final = {
    "start": gettext_lazy("Date, or date and time"),
    "time": gettext_lazy("Time of day, if apart"),
    "volume": gettext_lazy("Contacts"),
    "aht": gettext_lazy("Handling time"),
    "agents": gettext_lazy("Agents"),
    "heads": gettext_lazy("Own staff"),
    "offered": gettext_lazy("Contacts offered"),
    "answered": gettext_lazy("Answered"),
    "abandoned": gettext_lazy("Abandoned"),
}


class DurationField(forms.CharField):
    """Seconds, or minutes and seconds such as 4:30."""

    def to_python(self, value: Any) -> Any:
        """This function will read the time as seconds."""
        text = super().to_python(value)
        if not text:
            return Decimal(0)
        seconds, code = read_typed(str(text)[:20], "aht")
        if code:
            raise forms.ValidationError(_("Type seconds such as 270, or minutes and seconds such as 4:30."))
        return seconds


class SheetForm(WeekForm):
    """A sheet's cells, each in a field of its own; only what differs from the sheet that was shown counts."""

    layer = forms.ChoiceField(choices=[(one, one) for one in _LAYERS], widget=forms.HiddenInput)
    parent = forms.UUIDField(widget=forms.HiddenInput, required=False)
    usual_aht = DurationField(
        label=gettext_lazy("Handling time for new cells"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "4:30", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, sheet: Sheet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.bad: dict[str, str] = {}

    def clean(self) -> dict[str, Any]:
        """This function will read every cell that was typed over."""
        cleaned = super().clean() or {}
        layer = cleaned.get("layer", "volume")
        cleaned["cells"] = [
            (cell, value)
            for cell in (self.sheet.cells if self.sheet else [])
            if (value := self._typed(cell, layer)) is not None
        ]
        return cleaned

    def text_of(self, cell: SheetCell) -> str:
        """This function will return what stands in a cell now: as typed, or as it was."""
        return str(self.data.get(cell.name, cell.text)) if self.is_bound else cell.text

    def _typed(self, cell: SheetCell, layer: str) -> Decimal | None:
        text = self.text_of(cell).strip()
        if text == cell.text:
            return None
        value, code = read_typed(text, _LAYERS[layer]) if text else (Decimal(0), "")
        if code and code != "empty":
            self.bad[cell.name] = f"{FAULT_WORDS[code][0]} {FAULT_WORDS[code][1]}"
            if len(self.bad) <= 10:
                self.add_error(None, f"{cell.label}: {self.bad[cell.name]}")
            return None
        return value


class CopyWeekForm(WeekForm):
    """Another week onto this one, or past weeks' median, at a level."""

    source_week = forms.ChoiceField(label=gettext_lazy("Week"), required=False)
    level_percent = forms.IntegerField(
        label=gettext_lazy("Level"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=gettext_lazy("100 keeps it as it is."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        monday = week_start(self.monday or date(2026, 1, 5))
        around = [monday + timedelta(weeks=step) for step in range(-_MOST_WEEKS_SHOWN, _MOST_WEEKS_SHOWN + 1) if step]
        words = [(one.isoformat(), f"{one:%-d %b} – {one + timedelta(days=6):%-d %b %Y}") for one in around]
        self.fields["source_week"].choices = words  # type: ignore[attr-defined]  # a choice field
        self.fields["source_week"].initial = (monday - timedelta(weeks=1)).isoformat()
        self.fields["level_percent"].initial = 100


class UploadForm(WeekForm):
    """A file and what it holds."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What the file holds"),
        choices=UploadKind.choices,
        widget=forms.RadioSelect,
        initial="forecast",
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV or XLSX: one row for each 15, 30 or 60 minutes, or one column for each day. At most 10 MiB and 100,000 rows."
        ),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty. Choose another one."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def clean_file(self) -> Any:
        """This function will refuse what is too large before it is read."""
        found = self.cleaned_data["file"]
        if found.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MiB. Split it, or leave out columns."))
        return found


class MappingForm(forms.Form):
    """Which column is what, and how dates and numbers are written."""

    date_order = forms.ChoiceField(
        label=gettext_lazy("Dates are written"),
        choices=[
            ("ymd", gettext_lazy("year, month, day")),
            ("dmy", gettext_lazy("day, month, year")),
            ("mdy", gettext_lazy("month, day, year")),
        ],
    )
    decimal = forms.ChoiceField(
        label=gettext_lazy("Decimal mark"),
        choices=[(".", gettext_lazy("point: 1,234.5")), (",", gettext_lazy("comma: 1.234,5"))],
    )
    aht_seconds = DurationField(
        label=gettext_lazy("Handling time, where the file has none"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "4:30", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, batch: UploadBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = ROLES[batch.kind]
        mapped = batch.mapping
        letters = [("", _("not in the file"))] + [
            (str(index), f"{column_letter(index)} · {heading}"[:60]) for index, heading in enumerate(batch.headings)
        ]
        for role in self.roles:
            self.fields[f"column_{role}"] = forms.ChoiceField(
                label=_ROLE_LABELS[role],
                choices=letters,
                required=role in REQUIRED[batch.kind],
                initial=str(mapped["columns"].get(role, "")),
            )
        self.order_fields([*(f"column_{role}" for role in self.roles), "date_order", "decimal", "aht_seconds"])
        self.fields["date_order"].initial = mapped["date_order"]
        self.fields["decimal"].initial = mapped["decimal"]
        seconds = int(mapped.get("aht_seconds", 0))
        self.fields["aht_seconds"].initial = f"{seconds // 60}:{seconds % 60:02}" if seconds else ""
        if batch.kind != UploadKind.FORECAST:
            del self.fields["aht_seconds"]

    def mapped(self) -> ColumnMap:
        """This function will return the mapping that was chosen."""
        chosen = self.cleaned_data
        columns = {role: int(chosen[f"column_{role}"]) for role in self.roles if chosen.get(f"column_{role}")}
        return ColumnMap(columns, chosen["date_order"], chosen["decimal"], int(chosen.get("aht_seconds") or 0))


class TemplateForm(forms.Form):
    """What recurs, when it begins and what it leaves out."""

    program = forms.ChoiceField(label=gettext_lazy("Program"))
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    anchor_on = forms.DateField(
        label=gettext_lazy("Begins in the week of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    every_weeks = forms.IntegerField(label=gettext_lazy("Every so many weeks"), min_value=1, max_value=52, initial=1)
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    skip_dates = forms.CharField(
        label=gettext_lazy("Days to skip"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "2026-12-25"}),
        help_text=gettext_lazy("One day a line, such as 2026-12-25."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, programs: Sequence[Program], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program"].choices = [(str(one.pk), one.name) for one in programs]  # type: ignore[attr-defined]
        languages = {tag: words for one in programs for tag, words in language_choices(one)}
        self.fields["language"].choices = list(languages.items())  # type: ignore[attr-defined]
        if all(len(language_choices(one)) <= 2 for one in programs):  # any, and the only one
            del self.fields["language"]

    def clean_skip_dates(self) -> list[date]:
        """This function will read the days."""
        found = []
        for line in self.cleaned_data["skip_dates"].replace(",", "\n").split():
            try:
                found.append(date.fromisoformat(line))
            except ValueError as unreadable:
                words = _("%(day)s is no day such as 2026-12-25.") % {"day": line[:20]}
                raise forms.ValidationError(words) from unreadable
        return found


class TemplateRowForm(forms.Form):
    """So many agents on these days between two wall times; empty rows are left out."""

    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Days"), choices=WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    start = ClockField(label=gettext_lazy("From"), required=False)
    end = ClockField(label=gettext_lazy("To"), required=False)
    agents = forms.IntegerField(label=gettext_lazy("Agents"), required=False, min_value=1, max_value=MAX_AGENTS)

    def clean(self) -> dict[str, Any]:
        """This function will ask for what is missing in a row that was begun."""
        cleaned = super().clean() or {}
        given = [cleaned.get("weekdays"), cleaned.get("start"), cleaned.get("end"), cleaned.get("agents")]
        if any(one not in (None, "", []) for one in given) and not self.errors:
            if not cleaned["weekdays"]:
                self.add_error("weekdays", _("Choose at least one day."))
            for name in ("start", "end", "agents"):
                if cleaned.get(name) is None:
                    self.add_error(name, _("Fill this in, or empty the row."))
        return cleaned

    def as_row(self) -> dict[str, Any] | None:
        """This function will return the row as it is stored, None where it is empty."""
        given = self.cleaned_data
        if not given.get("weekdays"):
            return None
        return {
            "weekdays": [int(one) for one in given["weekdays"]],
            "from": f"{given['start']:%H:%M}",
            "to": f"{given['end']:%H:%M}",
            "agents": given["agents"],
        }


TemplateRows = forms.formset_factory(TemplateRowForm, extra=2, max_num=40, validate_max=True)
