"""A person's wishes."""

from datetime import time

from django import forms
from django.utils.translation import gettext_lazy as _

_HOURS = [(f"{hour:02d}:00", f"{hour:02d}:00") for hour in range(24)]


class QuietHoursForm(forms.Form):
    """From when to when not to be written to; the same twice means never quiet."""

    starts = forms.ChoiceField(label=_("Quiet from"), choices=_HOURS)
    ends = forms.ChoiceField(
        label=_("until"), choices=_HOURS, help_text=_("On your own clock. The same hour twice: never quiet.")
    )

    def hours(self) -> tuple[time, time]:
        """This function will return the two wall times."""
        return time.fromisoformat(self.cleaned_data["starts"]), time.fromisoformat(self.cleaned_data["ends"])
