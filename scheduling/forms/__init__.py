"""Clean input, by noun."""

from scheduling.forms.core import (
    ClaimForm,
    ClockField,
    CopyDayForm,
    MomentField,
    PasteForm,
    PencilForm,
    ReleaseForm,
    StateForm,
    WeekForm,
)
from scheduling.forms.requests import BudgetsForm, CancelForm, PublishForm, RefuseForm, SeatsForm
from scheduling.forms.rules import RulesForm

__all__ = [
    "BudgetsForm",
    "CancelForm",
    "ClaimForm",
    "ClockField",
    "CopyDayForm",
    "MomentField",
    "PasteForm",
    "PencilForm",
    "PublishForm",
    "RefuseForm",
    "ReleaseForm",
    "RulesForm",
    "SeatsForm",
    "StateForm",
    "WeekForm",
]
