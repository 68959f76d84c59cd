"""What people say when a line is wrong."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.intervals import from_wall
from gigcx.kernel.money import exponent_of

_WORDS = {"rows": 4}
_BEFORE_WORK = timedelta(hours=4)


def _clock(label: Any, help_text: Any = "") -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"})
    return forms.TimeField(label=label, required=False, widget=widget, help_text=help_text)


class _StretchForm(forms.Form):
    """A form that may name minutes: both ends or none."""

    def __init__(self, *args: Any, worked_from: datetime, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worked_from, self.zone = worked_from, zone

    def clean(self) -> dict[str, Any]:
        """This function will ask for both ends or none."""
        given: dict[str, Any] = super().clean() or {}
        if (given.get("part_from") is None) != (given.get("part_to") is None) and not self.errors:
            self.add_error("part_to", _("Say both where the stretch begins and where it ends."))
        return given

    @property
    def stretch(self) -> tuple[datetime, datetime] | tuple[None, None]:
        """The stretch in UTC: on the day the work began, or the next where the clock times lie past midnight."""
        begins, ends = self.cleaned_data.get("part_from"), self.cleaned_data.get("part_to")
        if begins is None or ends is None:
            return None, None
        local = self.worked_from.astimezone(self.zone)
        first = local.date() if begins >= self._day_begins(local) else _next(local.date())
        last = first if ends > begins else _next(first)
        return from_wall(first, begins, self.zone), from_wall(last, ends, self.zone)

    def _day_begins(self, local: datetime) -> time:
        """A clock time earlier than this one is of the day after."""
        return local.time().replace(second=0, microsecond=0)


class EarningDisputeForm(_StretchForm):
    """What the agent says a line should be or which minutes are missing, and why."""

    part_from = _clock(_("Minutes that are missing, from"), _("The figure can stay empty then: we price them."))
    part_to = _clock(_("Up to"))
    claimed = forms.DecimalField(
        label=_("What it should be"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        max_digits=10,
        decimal_places=3,
    )
    reason = forms.CharField(
        label=_("What is wrong"),
        max_length=2000,
        widget=forms.Textarea(attrs=_WORDS),
        help_text=_("Name the minutes or the rule. The other side and the person who decides read it."),
    )

    def __init__(self, *args: Any, currency: str, names_minutes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        places = exponent_of(currency)
        self.fields["claimed"] = forms.DecimalField(
            label=_("What the line should be, in %(currency)s") % {"currency": currency},
            required=not names_minutes,
            min_value=0,
            max_value=1_000_000,
            max_digits=7 + places,
            decimal_places=places,
        )
        if not names_minutes:
            del self.fields["part_from"], self.fields["part_to"]

    @property
    def claimed_minor(self) -> int | None:
        """The figure in minor units, exact; None where it was left to the minutes."""
        claimed: Decimal | None = self.cleaned_data["claimed"]
        return None if claimed is None else int(claimed.scaleb(exponent_of(self.currency)))

    def _day_begins(self, local: datetime) -> time:
        """Minutes may be missing before the first that was paid, as long as it is no night's work."""
        earlier = local - _BEFORE_WORK
        return earlier.time() if earlier.date() == local.date() else time()


class ChargeDisputeForm(_StretchForm):
    """Which minutes the brand disputes, and why."""

    part_from = _clock(_("From"), _("Leave both empty to dispute the whole line."))
    part_to = _clock(_("To"))
    reason = forms.CharField(
        label=_("What is wrong"),
        max_length=2000,
        widget=forms.Textarea(attrs=_WORDS),
        help_text=_("The agent and the person who decides read it."),
    )


def _next(day: date) -> date:
    return day + timedelta(days=1)


class WordsForm(forms.Form):
    """A few words to go with an answer or an appeal."""

    words = forms.CharField(label=_("What you know about it"), max_length=2000, widget=forms.Textarea(attrs=_WORDS))
