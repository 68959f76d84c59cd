"""Clean input: demand, copies, sheets, publishing, desk."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gigcx.kernel.intervals import from_wall, is_doubled, is_missing
from scheduling.actions.claims import SeenShift
from scheduling.actions.intervals import TypedInterval
from scheduling.formats.paste import MAX_CHARACTERS, PastedSheet, read_sheet
from scheduling.models.demand import MAX_AGENTS
from scheduling.queries.weeks import days_of_week

_LONGEST_SPANS: Final = 7 * 96
_SHOWN_PROBLEMS: Final = 30
_TIME_WORDS: Final = {
    "required": gettext_lazy("Give a time such as 17:00."),
    "invalid": gettext_lazy("Give a time such as 17:00."),
}
# The day has 24 hours for everybody: a browser's own time picker would follow the browser's language instead.
_CLOCK_FORMATS: Final = ["%H:%M", "%H.%M", "%H%M", "%H", "%H:%M:%S"]
_CLOCK_ATTRS: Final[dict[str, Any]] = {"inputmode": "numeric", "placeholder": "09:00", "autocomplete": "off"}


class ClockField(forms.TimeField):
    """A time of day, typed on the 24-hour clock; 24:00 is the midnight that ends the day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={**_CLOCK_ATTRS, "maxlength": 8})
        super().__init__(input_formats=_CLOCK_FORMATS, widget=widget, **kwargs)

    def to_python(self, value: Any) -> time | None:
        """This function will read the time."""
        return super().to_python("00:00" if str(value).strip() in {"24:00", "24"} else value)


class _MomentInput(forms.SplitDateTimeWidget):
    """A day to pick and a time to type, in a row."""

    template_name = "scheduling/_moment_input.html"

    def id_for_label(self, id_: str) -> str:
        """This function will tie the label to the day."""
        return f"{id_}_0" if id_ else id_


class MomentField(forms.SplitDateTimeField):
    """A day and a 24-hour time; without a day there is no moment."""

    def __init__(self, **kwargs: Any) -> None:
        named: dict[str, Any] = {**_CLOCK_ATTRS, "aria-label": gettext_lazy("Time of day")}
        widget = _MomentInput(date_attrs={"type": "date"}, time_attrs=named)
        super().__init__(widget=widget, input_time_formats=_CLOCK_FORMATS, error_messages=_TIME_WORDS, **kwargs)

    def compress(self, data_list: Any) -> datetime | None:
        """This function will join the two."""
        return super().compress(data_list) if data_list and data_list[0] else None


class WeekForm(forms.Form):
    """Where on the capacity page something was typed: program, channel, language, week and the version that was seen."""

    program = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.CharField(widget=forms.HiddenInput, max_length=20)
    language = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    week = forms.DateField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    zoom = forms.TypedChoiceField(
        choices=[(15, "15"), (30, "30"), (60, "60")], coerce=int, widget=forms.HiddenInput, required=False
    )

    def __init__(self, *args: Any, zone: ZoneInfo | None = None, week: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone or ZoneInfo("UTC")
        self.monday = week


class PencilForm(WeekForm):
    """So many agents, on these days, between these times; or exactly the painted cells."""

    days = forms.MultipleChoiceField(
        label=gettext_lazy("Days"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one day.")},
    )
    start = ClockField(label=gettext_lazy("From"), initial="09:00", error_messages=_TIME_WORDS)
    end = ClockField(label=gettext_lazy("To"), initial="17:00", error_messages=_TIME_WORDS)
    agents = forms.IntegerField(
        label=gettext_lazy("Agents"),
        min_value=0,
        max_value=MAX_AGENTS,
        error_messages={
            "invalid": gettext_lazy("Type a whole number from 0 to 10,000."),
            "min_value": gettext_lazy("Type a whole number from 0 to 10,000."),
            "max_value": gettext_lazy("Type a whole number from 0 to 10,000."),
        },
    )
    spans = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("spans"):  # painted: the cells say when
            for name in ("days", "start", "end"):
                self.fields[name].required = False
        days = days_of_week(self.monday) if self.monday else []
        self.fields["days"].choices = [(on.isoformat(), f"{on:%a %-d}") for on in days]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """This function will turn what was painted or typed into intervals."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        spans = cleaned.get("spans") or ""
        cleaned["intervals"] = self._painted(spans) if spans else self._typed(cleaned)
        return cleaned

    def _painted(self, spans: str) -> list[TypedInterval]:
        try:
            pairs = [tuple(int(edge) for edge in part.split("-")) for part in spans.split(",")]
            moments = [(datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC)) for first, last in pairs]
        except (ValueError, OverflowError, OSError):
            self.add_error("agents", _("The selection was not understood. Select the cells again."))
            return []
        return [self._interval(start, end) for start, end in moments[:_LONGEST_SPANS]]

    def _typed(self, cleaned: dict[str, Any]) -> list[TypedInterval]:
        chosen = [date.fromisoformat(text) for text in cleaned["days"]]
        return [self._interval(*self._edges(on, cleaned["start"], cleaned["end"])) for on in chosen]

    def _edges(self, on: date, start: time, end: time) -> tuple[datetime, datetime]:
        self._refuse_odd_clock("start", on, start)
        last = on + timedelta(days=1) if end == time(0) else on
        self._refuse_odd_clock("end", last, end)
        return from_wall(on, start, self.zone), from_wall(last, end, self.zone)

    def _refuse_odd_clock(self, field: str, on: date, clock: time) -> None:
        wall = datetime.combine(on, clock)
        words = {"clock": f"{clock:%H:%M}", "day": f"{on:%a %-d %b}"}
        if is_missing(wall, self.zone):
            self.add_error(field, _("%(clock)s does not exist on %(day)s: the clocks go forward then.") % words)
        elif is_doubled(wall, self.zone):
            self.add_error(
                field,
                _(
                    "%(clock)s happens twice on %(day)s: the clocks go back then. Paint it in the grid, which shows both."
                )
                % words,
            )

    def _interval(self, start: datetime, end: datetime) -> TypedInterval:
        local, last = start.astimezone(self.zone), end.astimezone(self.zone)
        return TypedInterval(start, end, self.cleaned_data["agents"], f"{local:%a %-d %b %H:%M} – {last:%H:%M}")


class CopyDayForm(WeekForm):
    """One day onto others."""

    source_on = forms.ChoiceField(label=gettext_lazy("Copy"))
    target_on = forms.MultipleChoiceField(label=gettext_lazy("to"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [(on.isoformat(), f"{on:%a %-d %b}") for on in (days_of_week(self.monday) if self.monday else [])]
        self.fields["source_on"].choices = days  # type: ignore[attr-defined]
        self.fields["target_on"].choices = days  # type: ignore[attr-defined]

    def clean_source_on(self) -> date:
        """This function will return the day to copy."""
        return date.fromisoformat(self.cleaned_data["source_on"])

    def clean_target_on(self) -> list[date]:
        """This function will return the days to fill."""
        return [date.fromisoformat(text) for text in self.cleaned_data["target_on"]]


class PasteForm(WeekForm):
    """A week pasted from a spreadsheet."""

    sheet = forms.CharField(
        label=gettext_lazy("Your table"),
        max_length=MAX_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "sheet"}),
        help_text=gettext_lazy(
            "Days across and times down, days down and times across, or a list of day, time and agents. "
            "Copy the cells in your spreadsheet and paste them here."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """This function will read the sheet and name each bad cell."""
        cleaned = super().clean() or {}
        if self.errors or self.monday is None:
            return cleaned
        sheet = read_sheet(cleaned["sheet"], week_starts_on=self.monday, zone=self.zone)
        for label, words in list(sheet.problems.items())[:_SHOWN_PROBLEMS]:
            self.add_error("sheet", f"{label}: {' '.join(words)}")
        left = len(sheet.problems) - _SHOWN_PROBLEMS
        if left > 0:
            self.add_error("sheet", ngettext("And %(n)s more cell.", "And %(n)s more cells.", left) % {"n": left})
        cleaned["intervals"] = intervals_of(sheet)
        return cleaned


def intervals_of(sheet: PastedSheet) -> list[TypedInterval]:
    """This function will turn pasted cells into intervals that keep their place in the sheet as label."""
    return [TypedInterval(cell.starts_at, cell.ends_at, cell.agents, cell.label) for cell in sheet.cells]


class ClaimForm(forms.Form):
    """One press: which page it came from and what that page showed."""

    key = forms.CharField(max_length=80)
    version = forms.IntegerField()
    pay_minor = forms.IntegerField()
    starts_at = forms.DateTimeField(required=False)
    ends_at = forms.DateTimeField(required=False)

    def seen(self) -> SeenShift:
        """This function will return what the page showed."""
        shown = self.cleaned_data
        return SeenShift(shown["version"], shown["pay_minor"], shown["starts_at"], shown["ends_at"])


class ReleaseForm(forms.Form):
    """The cost that was shown."""

    points = forms.IntegerField()


class StateForm(forms.Form):
    """What the agent does now."""

    state = forms.CharField(max_length=12)
