"""Clean input, split by who gives it."""

from recruiting.forms.agents import AbilitiesForm, AboutForm, AgreeForm, HoursForm, WithdrawForm
from recruiting.forms.applications import ApplicationForm
from recruiting.forms.programs import ProgramForm, QuestionsForm, TermsForm
from recruiting.forms.rate_cards import RateCardForm
from recruiting.forms.talent import DecisionForm, ReasonForm

__all__ = [
    "AbilitiesForm",
    "AboutForm",
    "AgreeForm",
    "ApplicationForm",
    "DecisionForm",
    "HoursForm",
    "ProgramForm",
    "QuestionsForm",
    "RateCardForm",
    "ReasonForm",
    "TermsForm",
    "WithdrawForm",
]
