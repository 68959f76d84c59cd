"""Clean input for what callers are promised. Typed in per cent, seconds and hours; kept in basis points and minutes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from scheduling.models import ServiceTarget
from scheduling.states import ServiceDefinition, StaffingModel

_WORDS: Final = gettext_lazy("Type a figure within what is possible here.")
_SHARES: Final = {"target": "target_bp", "max_occupancy": "max_occupancy_bp", "shrinkage": "shrinkage_bp"}
_SECONDS: Final = {
    "threshold": "threshold_seconds",
    "patience": "patience_seconds",
    "short_abandon": "short_abandon_seconds",
}
MODELS: Final = (
    (StaffingModel.ERLANG_A.value, gettext_lazy("Erlang A: callers hang up when their patience ends")),
    (StaffingModel.ERLANG_C.value, gettext_lazy("Erlang C: everybody waits until answered")),
    (StaffingModel.DEFERRED.value, gettext_lazy("Deferred: work is due later, as e-mail is")),
)


def _figure(label: Any, least: float, most: float, *, step: str = "1", places: int = 0, help_text: Any = "") -> Any:
    return forms.DecimalField(
        label=label,
        min_value=Decimal(str(least)),
        max_value=Decimal(str(most)),
        decimal_places=places,
        help_text=help_text,
        error_messages={"required": _WORDS, "invalid": _WORDS, "min_value": _WORDS, "max_value": _WORDS},
        widget=forms.NumberInput(attrs={"step": step, "min": least, "max": most, "inputmode": "decimal"}),
    )


class TargetForm(forms.Form):
    """The promise of one channel. What the chosen model does not use may be left as it is."""

    model = forms.ChoiceField(
        label=gettext_lazy("Model"),
        choices=MODELS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the models.")},
    )
    definition = forms.ChoiceField(
        label=gettext_lazy("Service level counts"),
        choices=ServiceDefinition.choices,
        help_text=gettext_lazy("The same day gives different shares; pick the one you report."),
    )
    target = _figure(gettext_lazy("Target"), 0, 100, step="0.5", places=2)
    threshold = _figure(gettext_lazy("Answered within"), 0, 86_400)
    patience = _figure(
        gettext_lazy("Patience"),
        0,
        10_000_000,
        help_text=gettext_lazy("How long callers wait on average before they hang up."),
    )
    short_abandon = _figure(
        gettext_lazy("Short abandons"), 0, 600, help_text=gettext_lazy("Left out where the definition says so.")
    )
    max_occupancy = _figure(
        gettext_lazy("Highest occupancy"),
        1,
        100,
        places=2,
        help_text=gettext_lazy("People who are busy without a pause do not last."),
    )
    shrinkage = _figure(
        gettext_lazy("Shrinkage"),
        0,
        90,
        places=2,
        help_text=gettext_lazy("Paid time away from contacts: breaks, meetings, absence."),
    )
    concurrency = _figure(gettext_lazy("Contacts at once"), 1, 10)
    factor = _figure(
        gettext_lazy("Work done with that many"),
        1,
        10,
        step="0.1",
        places=2,
        help_text=gettext_lazy("In agents with one contact. Usual: 1.7 with 2, 2.5 with 3, 2.9 with 4, 3.5 with 5."),
    )
    due_hours = _figure(gettext_lazy("Work is due within"), 0.25, 168, step="0.25", places=2)

    @staticmethod
    def typed(target: ServiceTarget) -> dict[str, Any]:
        """This function will return a target as it is typed."""
        shown: dict[str, Any] = {"model": target.model, "definition": target.definition}
        shown |= {name: _plain(getattr(target, part) / 100) for name, part in _SHARES.items()}
        shown |= {name: getattr(target, part) for name, part in _SECONDS.items()}
        return {
            **shown,
            "concurrency": target.concurrency,
            "factor": _plain(target.concurrency_factor_bp / 10_000),
            "due_hours": _plain(target.due_minutes / 60),
        }

    def parts(self) -> Mapping[str, Any]:
        """This function will return what was typed as the parts of a target."""
        given = self.cleaned_data
        kept: dict[str, Any] = {"model": given["model"], "definition": given["definition"]}
        kept |= {part: round(given[name] * 100) for name, part in _SHARES.items()}
        kept |= {part: int(given[name]) for name, part in _SECONDS.items()}
        return {
            **kept,
            "concurrency": int(given["concurrency"]),
            "concurrency_factor_bp": round(given["factor"] * 10_000),
            "due_minutes": round(given["due_hours"] * 60),
        }

    @staticmethod
    def field_of(part: str) -> str | None:
        """This function will return the field that a part of a target is typed in."""
        named = {part: name for name, part in {**_SHARES, **_SECONDS}.items()}
        named |= {"concurrency_factor_bp": "factor", "due_minutes": "due_hours"}
        return named.get(part, part if part in TargetForm.base_fields else None)


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
