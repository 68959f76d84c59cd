"""What agents tell about themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gigcx.accounts.choices import time_zones
from gigcx.tenancy.choices import countries
from recruiting.actions import Abilities, About, Setup, WeeklyHours
from recruiting.forms.parts import HoursRows, LanguageRows, SkillRows, hours_initial, languages_initial, skills_initial
from recruiting.models import Agent
from recruiting.states import Channel

EQUIPMENT_CHOICES = (
    ("computer", _("A computer with a keyboard")),
    ("headset", _("A headset")),
    ("second_screen", _("A second screen")),
    ("wired_internet", _("Internet by cable")),
    ("quiet_room", _("A room where nobody else speaks")),
)


class AboutForm(forms.Form):
    """Where an agent lives and how they present themselves."""

    country = forms.ChoiceField(label=_("Where do you live?"), choices=lambda: [("", "–"), *countries()])
    timezone = forms.ChoiceField(
        label=_("Your time zone"), choices=time_zones, help_text=_("Every time you see is shown in it.")
    )
    handle = forms.CharField(
        label=_("Handle"),
        max_length=40,
        help_text=_(
            "Brands see this instead of your name until they accept you. 3 to 30 letters and digits, with hyphens between."
        ),
    )
    headline = forms.CharField(
        label=_("One line about you"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Ten years behind a shop counter")}),
    )
    bio = forms.CharField(
        label=_("More about you"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    @classmethod
    def of(cls, agent: Agent, posted: Any = None) -> "AboutForm":
        """This function will return the form filled with what is known."""
        known = {name: getattr(agent, name) for name in ("country", "handle", "headline", "bio")}
        return cls(posted, initial={**known, "timezone": agent.user.timezone})

    def about(self) -> About:
        """This function will return the cleaned answer."""
        return About(**{name: self.cleaned_data[name] for name in self.fields})


class AbilitiesForm(LanguageRows, SkillRows):
    """Languages, channels and skills."""

    channels = forms.MultipleChoiceField(
        label=_("How do you like to work?"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )

    @classmethod
    def of(cls, agent: Agent, skills: Any, posted: Any = None) -> "AbilitiesForm":
        """This function will return the form filled with what is known; levels show the weakest of the four skills."""
        levels = {row.tag: min(row.reading, row.listening, row.writing, row.speaking) for row in agent.languages.all()}
        owned = {row.skill.key: row.level for row in agent.skills.all()}
        initial = {"channels": agent.channels, **languages_initial(levels), **skills_initial(owned)}
        return cls(posted, initial=initial, skills=skills)

    def clean(self) -> dict[str, Any]:
        """This function will ask for at least one language."""
        cleaned = super().clean() or self.cleaned_data
        if not self.cleaned_languages() and not self.errors:
            self.add_error("language_1", _("Give at least one language and its level."))
        return cleaned

    def abilities(self) -> Abilities:
        """This function will return the cleaned answer."""
        return Abilities(self.cleaned_languages(), self.cleaned_skills(), tuple(self.cleaned_data["channels"]))


class HoursForm(HoursRows):
    """When an agent wants to work and with what."""

    weekly_hours_wanted = forms.IntegerField(
        label=_("Hours a week you would like"),
        min_value=1,
        max_value=60,
        help_text=_("A wish, not a promise: you claim each shift yourself."),
    )
    equipment = forms.MultipleChoiceField(
        label=_("What you have"), choices=EQUIPMENT_CHOICES, widget=forms.CheckboxSelectMultiple, required=False
    )

    @classmethod
    def of(cls, agent: Agent, posted: Any = None) -> "HoursForm":
        """This function will return the form filled with what is known."""
        rules = [(row.weekday, row.local_from, row.local_to) for row in agent.availability_rules.all()]
        initial = {
            "weekly_hours_wanted": agent.weekly_hours_wanted,
            "equipment": agent.equipment.get("owned", []),
            **hours_initial(rules),
        }
        return cls(posted, initial=initial)

    def clean(self) -> dict[str, Any]:
        """This function will name the rows that are half filled."""
        cleaned = super().clean() or self.cleaned_data
        self.cleaned_hours()
        return cleaned

    def setup(self) -> Setup:
        """This function will return the cleaned answer."""
        hours = [WeeklyHours(one.weekday, one.starts, one.ends) for one in self.cleaned_hours()]
        return Setup(self.cleaned_data["weekly_hours_wanted"], hours, self.cleaned_data["equipment"])


class AgreeForm(forms.Form):
    """Agreeing to terms by typing one's name."""

    name_typed = forms.CharField(
        label=_("Type your full name to agree"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    terms_version_id = forms.UUIDField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """Leaving a program."""

    reason = forms.CharField(
        label=_("Why do you leave?"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
