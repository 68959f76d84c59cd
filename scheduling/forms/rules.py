"""Clean input for a program's scheduling rules. Typed in hours and per cent, kept in minutes and basis points."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from scheduling.forms.requests import AmountField, major_units, minor_units
from scheduling.models import SchedulingRules


@dataclass(frozen=True, slots=True)
class _Scaled:
    """A rule typed in another unit than it is kept in: `times` of the kept unit make one of the typed."""

    rule: str
    times: int


_SCALED: Final = {
    "favorites_share": _Scaled("favorites_share_bp", 100),
    "draw_week_hours": _Scaled("draw_week_minutes", 60),
    "open_week_hours": _Scaled("open_week_minutes", 60),
    "standby_coverage": _Scaled("standby_coverage_bp", 100),
    "show_confidence": _Scaled("show_confidence_bp", 100),
    "incentive_step": _Scaled("incentive_step_bp", 100),
    "incentive_cap": _Scaled("incentive_cap_bp", 100),
}
_PLAIN: Final = (
    "is_draw_first",
    "draw_hours",
    "first_come_below_hours",
    "hot_below_hours",
    "is_swap_approved",
    "is_remedy_automatic",
)


def _whole(label: Any, *, most: int, least: int = 0, help_text: Any) -> forms.IntegerField:
    words = gettext_lazy("Type a whole number within what is possible here.")
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=help_text,
        error_messages={"required": words, "invalid": words},
    )


class RulesForm(forms.Form):
    """How a program releases, covers and pays around its shifts."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    is_draw_first = forms.BooleanField(
        label=gettext_lazy("Contested seats go by a sealed draw first"),
        required=False,
        help_text=gettext_lazy("Nobody gains by being fast, and anybody can draw it again afterwards."),
    )
    favorites_share = _whole(
        gettext_lazy("Seats that favorites may draw first, per cent"),
        most=100,
        help_text=gettext_lazy("0 leaves the favorites' draw out."),
    )
    draw_hours = _whole(
        gettext_lazy("Hours a draw stays open"),
        least=1,
        most=168,
        help_text=gettext_lazy("Long enough for people in every time zone to see it."),
    )
    first_come_below_hours = _whole(
        gettext_lazy("First come, first served below, hours before the start"),
        most=336,
        help_text=gettext_lazy("Shifts closer than this skip the draw."),
    )
    hot_below_hours = _whole(
        gettext_lazy("Hot below, hours before the start"),
        most=72,
        help_text=gettext_lazy("Agents see these shifts first, and may be notified."),
    )
    draw_week_hours = _whole(
        gettext_lazy("Most hours a week from the draw, for one agent"),
        most=168,
        help_text=gettext_lazy("Spreads the first seats over more people."),
    )
    open_week_hours = _whole(
        gettext_lazy("Most hours a week held until a day before, for one agent"),
        most=168,
        help_text=gettext_lazy("In the last 24 hours anybody may take what is left."),
    )
    approval_above = AmountField(
        label=gettext_lazy("A second person approves above"),
        required=False,
        help_text=gettext_lazy(
            "Price and budgets of one request together. Empty: one person is enough. Owners set it."
        ),
    )
    is_swap_approved = forms.BooleanField(
        label=gettext_lazy("You approve swaps between agents"),
        required=False,
        help_text=gettext_lazy("Whoever takes over passes the same checks either way. Two hours of silence approve."),
    )
    is_remedy_automatic = forms.BooleanField(
        label=gettext_lazy("Gaps may be closed without asking"),
        required=False,
        help_text=gettext_lazy("Within the remedy budget of the request, never beyond."),
    )
    standby_coverage = _whole(
        gettext_lazy("Standby up to this coverage, per cent"),
        most=100,
        help_text=gettext_lazy("People paid to be reachable, called when somebody does not come."),
    )
    show_confidence = _whole(
        gettext_lazy("How sure enough people come, per cent"),
        least=50,
        most=99,
        help_text=gettext_lazy("Seats are added to the need until this is reached."),
    )
    incentive_step = _whole(
        gettext_lazy("One step of the incentive, per cent of pay"),
        most=100,
        help_text=gettext_lazy("Added when seats stay open as the start nears, within the incentive budget."),
    )
    incentive_cap = _whole(
        gettext_lazy("Highest incentive, per cent of pay"),
        most=200,
        help_text=gettext_lazy("Steps never add up to more."),
    )

    @staticmethod
    def typed(rules: SchedulingRules, currency: str) -> dict[str, Any]:
        """This function will return the rules as they are typed."""
        shown = {name: getattr(rules, name) for name in _PLAIN}
        shown |= {name: getattr(rules, one.rule) // one.times for name, one in _SCALED.items()}
        limit = major_units(rules.approval_above_minor, currency)
        return {**shown, "approval_above": limit, "version": rules.version}

    def changes(self, currency: str) -> Mapping[str, Any]:
        """This function will return the cleaned rules as they are kept."""
        kept = {name: self.cleaned_data[name] for name in _PLAIN}
        kept |= {one.rule: self.cleaned_data[name] * one.times for name, one in _SCALED.items()}
        return {**kept, "approval_above_minor": minor_units(self.cleaned_data["approval_above"], currency)}

    @staticmethod
    def field_of(rule: str) -> str:
        """This function will return the field that a rule is typed in."""
        scaled = {one.rule: name for name, one in _SCALED.items()}
        return scaled.get(rule, "approval_above" if rule == "approval_above_minor" else rule)
