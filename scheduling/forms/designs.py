"""Clean input of shifts changed by hand: three fields a shift, only what changed counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gigcx.kernel.intervals import from_wall, zone_of
from scheduling.actions.designs import ChangedShift
from scheduling.models import Shift
from scheduling.models.demand import MAX_AGENTS

_MISSING = gettext_lazy("Type a time such as 09:15.")


class BarsForm(forms.Form):
    """Start, end and seats of each pencilled shift, and the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, given: Mapping[str, Any] | None = None, *, shifts: Sequence[Shift], version: int) -> None:
        self._shifts = shifts
        super().__init__(given, initial={"version": version})
        for one in shifts:
            zone = zone_of(one.timezone)
            words = f"{one.starts_at.astimezone(zone):%A %H:%M}"
            for part, label, moment in (
                ("start", _("Start of %(shift)s"), one.starts_at),
                ("end", _("End of %(shift)s"), one.ends_at),
            ):
                self.fields[f"{part}-{one.pk}"] = forms.TimeField(
                    label=label % {"shift": words},
                    initial=f"{moment.astimezone(zone):%H:%M}",
                    widget=forms.TimeInput(attrs={"type": "time", "step": 900}, format="%H:%M"),
                    error_messages={"required": _MISSING, "invalid": _MISSING},
                )
            self.fields[f"seats-{one.pk}"] = forms.IntegerField(
                label=_("Seats of %(shift)s") % {"shift": words},
                initial=one.seats,
                min_value=0,
                max_value=MAX_AGENTS,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def changes(self) -> list[ChangedShift]:
        """This function will return the shifts whose fields differ from what they are, on the day they were."""
        changed = []
        for one in self._shifts:
            names = (f"start-{one.pk}", f"end-{one.pk}", f"seats-{one.pk}")
            if any(name in self.changed_data for name in names):
                start, end, seats = (self.cleaned_data[name] for name in names)
                changed.append(_wanted(one, start, end, seats, is_moved=bool({*names[:2]} & {*self.changed_data})))
        return changed

    def rows(self) -> dict[UUID, dict[str, forms.BoundField]]:
        """This function will return the three fields of each shift."""
        return {one.pk: {part: self[f"{part}-{one.pk}"] for part in ("start", "end", "seats")} for one in self._shifts}


def _wanted(shift: Shift, start: time, end: time, seats: int, *, is_moved: bool) -> ChangedShift:
    """Times count on the shift's own day; an end not after the start is the next day's."""
    if not is_moved:
        return ChangedShift(shift.pk, shift.starts_at, shift.ends_at, seats)
    zone, on = zone_of(shift.timezone), shift.local_on
    last = on if end > start else on + timedelta(days=1)
    return ChangedShift(shift.pk, _instant(from_wall(on, start, zone)), _instant(from_wall(last, end, zone)), seats)


def _instant(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
