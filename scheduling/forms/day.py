"""Clean input of the day: outages, excuses, incidents, remedies, disputes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from recruiting.models import Program
from scheduling.forms.core import MomentField
from scheduling.states import CauseOwner, ExcuseReason

_REASONS = [choice for choice in ExcuseReason.choices if choice[0] not in {ExcuseReason.INCIDENT, ExcuseReason.FREE}]


class OutageForm(forms.Form):
    """What is down, and where."""

    kind = forms.ChoiceField(label=gettext_lazy("What is down?"), choices=CauseOwner.choices)
    region = forms.CharField(
        label=gettext_lazy("Where are you?"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Your town or area, where it is about power or weather."),
    )
    provider = forms.CharField(
        label=gettext_lazy("Network provider"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Where it is about the network."),
    )
    note = forms.CharField(label=gettext_lazy("In your words"), max_length=2000, required=False, widget=forms.TextInput)


class ExcuseForm(forms.Form):
    """Why points should not count."""

    reason_class = forms.ChoiceField(label=gettext_lazy("What kept you from it?"), widget=forms.RadioSelect)
    statement = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("A sentence or two, and what could show it. A free excuse needs no story."),
    )

    def __init__(self, *args: Any, free_left: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [(str(ExcuseReason.FREE), gettext_lazy("Use a free excuse, no story needed"))] if free_left else []
        self.fields["reason_class"].choices = [*free, *_REASONS]  # type: ignore[attr-defined]  # a ChoiceField


class IncidentForm(forms.Form):
    """What a brand's own tools did, when, and to which programs."""

    title = forms.CharField(
        label=gettext_lazy("What is down"),
        max_length=120,
        help_text=gettext_lazy("Agents read it, for example: the CRM does not load."),
    )
    starts_at = MomentField(label=gettext_lazy("Since"))
    program_ids = forms.MultipleChoiceField(
        label=gettext_lazy("Programs"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked means all."),
    )

    def __init__(self, *args: Any, programs: list[Program], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program_ids"].choices = [(str(one.pk), one.name) for one in programs]  # type: ignore[attr-defined]  # same


class RemedyBudgetForm(forms.Form):
    """How much remedies of a request may cost, in whole units of its currency."""

    amount = forms.DecimalField(label=gettext_lazy("For remedies"), min_value=0, max_digits=10, decimal_places=2)


class DisputeForm(forms.Form):
    """Which minutes a brand does not accept."""

    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=1440)
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=500, help_text=gettext_lazy("The agent and ops read it.")
    )


class MinutesForm(forms.Form):
    """A correction of what somebody worked, by ops."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes; below zero takes some off"), min_value=-1440, max_value=1440
    )
    reason = forms.CharField(
        label=gettext_lazy("Why; the agent and the brand read it"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    fault = forms.CharField(
        label=gettext_lazy("The agent's fault, where it is shown"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "Only for what was paid already: with a fault it is taken back with notice, without one we bear it."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """This function will refuse a correction by nothing, and a fault where nothing is taken off."""
        given: dict[str, Any] = super().clean() or {}
        minutes = given.get("minutes")
        if minutes == 0:
            self.add_error("minutes", gettext_lazy("Nothing changes."))
        if minutes is not None and minutes > 0 and given.get("fault"):
            self.add_error("fault", gettext_lazy("A fault belongs to minutes that are taken off."))
        return given
