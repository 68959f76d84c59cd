"""What a brand says about a program."""

from datetime import time
from typing import Any, Final

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gigcx.accounts.choices import time_zones
from gigcx.tenancy.choices import countries
from recruiting.actions import ProgramBrief, QuestionDraft, ServiceHours
from recruiting.forms.parts import HoursRows, LanguageRows, SkillRows, hours_initial, languages_initial, skills_initial
from recruiting.models import Program, ScreeningQuestion
from recruiting.registries import ways_of_giving_out_work
from recruiting.states import Channel, EngagementMode, LineOfBusiness, QuestionKind

_PLAIN: Final = (
    "name",
    "summary",
    "description",
    "line_of_business",
    "engagement_mode",
    "timezone",
    "lock_down_hours",
    "undo_minutes",
    "launch_minimum",
    "is_launched_at_minimum",
    "is_auto_accepting",
)


def _whole_from(lowest: int, highest: int) -> dict[str, Any]:
    """One sentence for everything that can be wrong with a number."""
    words = format_lazy(gettext_lazy("Give a whole number from {lowest} to {highest}."), lowest=lowest, highest=highest)
    return dict.fromkeys(("required", "invalid", "min_value", "max_value"), words)


def _modes(kept: str = "") -> list[tuple[str, Any]]:
    """The ways that a stage carries out, and the one that the program has."""
    wanted = {*ways_of_giving_out_work(), kept}
    return [(value, label) for value, label in EngagementMode.choices if value in wanted]


class ProgramForm(LanguageRows, SkillRows, HoursRows):
    """A program, with defaults that suit most."""

    language_rows_count = 3
    hours_rows_count = 3

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("Agents see it on every shift.")
    )
    summary = forms.CharField(
        label=gettext_lazy("The work in one sentence"),
        max_length=240,
        help_text=gettext_lazy("It stands on the advert."),
    )
    description = forms.CharField(
        label=gettext_lazy("What a shift is like"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("What is hard about it too: people who know stay longer."),
    )
    line_of_business = forms.ChoiceField(label=gettext_lazy("Line of business"), choices=LineOfBusiness.choices)
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channels"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    engagement_mode = forms.ChoiceField(
        label=gettext_lazy("How work is given out"), choices=_modes, widget=forms.RadioSelect
    )
    countries = forms.MultipleChoiceField(
        label=gettext_lazy("Only from these countries"),
        choices=countries,
        required=False,
        help_text=gettext_lazy("Leave empty to hire anywhere."),
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    equipment = forms.CharField(
        label=gettext_lazy("Equipment, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    sensitivity_ceiling = forms.TypedChoiceField(
        label=gettext_lazy("The most sensitive data they see"),
        coerce=int,
        choices=(
            (0, gettext_lazy("S0, no personal data")),
            (1, gettext_lazy("S1, redacted")),
            (2, gettext_lazy("S2, customer data")),
            (3, gettext_lazy("S3, access to your systems")),
        ),
    )
    timezone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=time_zones)
    interval_minutes = forms.TypedChoiceField(
        label=gettext_lazy("Plan in steps of"),
        coerce=int,
        choices=((15, gettext_lazy("15 min")), (30, gettext_lazy("30 min")), (60, gettext_lazy("60 min"))),
        error_messages={"invalid_choice": gettext_lazy("Choose 15, 30 or 60 minutes.")},
        help_text=gettext_lazy("The rows of the capacity grid. Requests already drafted keep theirs."),
    )
    lock_down_hours = forms.IntegerField(
        label=gettext_lazy("Lock-down before a shift"),
        min_value=0,
        max_value=168,
        error_messages=_whole_from(0, 168),
        help_text=gettext_lazy(
            "Until then an agent gives a shift back freely; after it, giving back costs reliability points. "
            "0 to 168 hours. A change counts at once, also for shifts already claimed."
        ),
    )
    undo_minutes = forms.IntegerField(
        label=gettext_lazy("Free undo after a claim"),
        min_value=0,
        max_value=60,
        error_messages=_whole_from(0, 60),
        help_text=gettext_lazy(
            "A claim made by mistake is undone as if it had never been. 0 to 60 minutes. "
            "Claims already made keep the time they were promised."
        ),
    )
    launch_minimum = forms.IntegerField(
        label=gettext_lazy("Certified agents needed to launch"),
        min_value=1,
        max_value=5000,
        error_messages=_whole_from(1, 5000),
        help_text=gettext_lazy(
            "With fewer, the first shifts would stay empty. 1 to 5,000. A program that has launched stays live."
        ),
    )
    is_launched_at_minimum = forms.BooleanField(
        label=gettext_lazy("Go live by itself once they are there"),
        required=False,
        help_text=gettext_lazy("Otherwise you press Go live."),
    )
    is_auto_accepting = forms.BooleanField(
        label=gettext_lazy("Accept everybody who passes the questions"),
        required=False,
        help_text=gettext_lazy("Otherwise a planner looks at every application."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def blank(cls, timezone: str, skills: Any, posted: Any = None) -> "ProgramForm":
        """This function will return the form for a new program, with good defaults."""
        weekdays = [(day, time(9), time(18)) for day in range(5)]
        defaults = {
            "timezone": timezone,
            "channels": ["chat"],
            "engagement_mode": EngagementMode.SHIFT,
            "line_of_business": LineOfBusiness.CUSTOMER_CARE,
            "sensitivity_ceiling": 0,
            "interval_minutes": 30,
            "lock_down_hours": 24,
            "undo_minutes": 5,
            "launch_minimum": 5,
            "is_launched_at_minimum": True,
            **languages_initial({"en": "B2"}),
            **hours_initial(weekdays),
        }
        return cls(posted, initial=defaults, skills=skills)

    @classmethod
    def of(cls, program: Program, skills: Any, posted: Any = None) -> "ProgramForm":
        """This function will return the form filled with a program."""
        hours = [
            (one["weekday"], time.fromisoformat(one["from"]), time.fromisoformat(one["to"]))
            for one in program.service_hours
        ]
        initial = {
            **{name: getattr(program, name) for name in (*_PLAIN, "channels", "countries", "revision")},
            "sensitivity_ceiling": program.sensitivity_ceiling,
            "interval_minutes": program.interval_minutes,
            "equipment": "\n".join(program.equipment),
            **languages_initial({one["tag"]: one["level"] for one in program.languages}),
            **skills_initial({one["key"]: one["level"] for one in program.required_skills}),
            **hours_initial(hours),
        }
        form = cls(posted, initial=initial, skills=skills)
        form.fields["engagement_mode"].choices = _modes(program.engagement_mode)  # type: ignore[attr-defined]  # a ChoiceField
        return form

    def clean(self) -> dict[str, Any]:
        """This function will name rows that are half filled."""
        cleaned = super().clean() or self.cleaned_data
        self.cleaned_languages()
        self.cleaned_hours()
        return cleaned

    def brief(self) -> ProgramBrief:
        """This function will return the cleaned program."""
        hours = [ServiceHours(one.weekday, f"{one.starts:%H:%M}", f"{one.ends:%H:%M}") for one in self.cleaned_hours()]
        return ProgramBrief(
            **{name: self.cleaned_data[name] for name in _PLAIN},
            channels=self.cleaned_data["channels"],
            languages=self.cleaned_languages(),
            skills=self.cleaned_skills(),
            countries=self.cleaned_data["countries"],
            equipment=[line.strip() for line in self.cleaned_data["equipment"].splitlines() if line.strip()],
            sensitivity_ceiling=self.cleaned_data["sensitivity_ceiling"],
            interval_minutes=self.cleaned_data["interval_minutes"],
            service_hours=hours,
        )


class TermsForm(forms.Form):
    """A new version of the terms."""

    body = forms.CharField(
        label=gettext_lazy("Terms"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
        help_text=gettext_lazy("Markdown: ## for headings, - for lists, ** for bold."),
    )
    is_material = forms.BooleanField(
        label=gettext_lazy("This changes what agents agreed to: ask everybody again before their next claim"),
        required=False,
    )
    seen_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class QuestionsForm(forms.Form):
    """Up to six questions for applicants."""

    count = 6

    def __init__(self, *args: Any, questions: Any = (), **kwargs: Any) -> None:
        kwargs.setdefault("initial", _questions_initial(list(questions)))
        super().__init__(*args, **kwargs)
        for place in range(1, self.count + 1):
            self.fields |= _question_fields(place)

    def rows(self) -> list[list[Any]]:
        """This function will return each question's fields for the page."""
        names = ("prompt", "kind", "options", "passes")
        return [[self[f"{name}_{place}"] for name in names] for place in range(1, self.count + 1)]

    def clean(self) -> dict[str, Any]:
        """This function will name questions without words, options or a number where they need one."""
        cleaned = super().clean() or self.cleaned_data
        for place in range(1, self.count + 1):
            self._check(place, cleaned)
        return cleaned

    def drafts(self) -> list[QuestionDraft]:
        """This function will return the questions that have words."""
        places = [place for place in range(1, self.count + 1) if self.cleaned_data[f"prompt_{place}"]]
        return [self._draft(place) for place in places]

    def _check(self, place: int, cleaned: dict[str, Any]) -> None:
        kind, passes = cleaned.get(f"kind_{place}"), cleaned.get(f"passes_{place}", "")
        options = _lines(cleaned.get(f"options_{place}", ""))
        if not cleaned.get(f"prompt_{place}"):
            return
        if kind == QuestionKind.CHOICE and len(options) < 2:
            self.add_error(f"options_{place}", _("Give at least two options, one a line."))
        if kind == QuestionKind.CHOICE and set(_lines(passes)) - set(options):
            self.add_error(f"passes_{place}", _("Use the options' own words."))
        if kind == QuestionKind.NUMBER and passes and not passes.isdigit():
            self.add_error(f"passes_{place}", _("Give the smallest number that passes."))
        if kind == QuestionKind.YES_NO and passes not in {"", "yes", "no"}:
            self.add_error(f"passes_{place}", _("Write yes or no."))

    def _draft(self, place: int) -> QuestionDraft:
        kind, passes = self.cleaned_data[f"kind_{place}"], self.cleaned_data[f"passes_{place}"]
        is_number = kind == QuestionKind.NUMBER
        accepted: Any = {"min": int(passes)} if is_number and passes else _lines(passes)
        return QuestionDraft(
            prompt=self.cleaned_data[f"prompt_{place}"],
            kind=kind,
            options=_lines(self.cleaned_data[f"options_{place}"]),
            is_knock_out=bool(passes) and kind != QuestionKind.TEXT,
            accepted=accepted if kind != QuestionKind.TEXT else (),
        )


def _question_fields(place: int) -> dict[str, forms.Field]:
    return {
        f"prompt_{place}": forms.CharField(
            label=_("Question %(place)d") % {"place": place}, max_length=300, required=False
        ),
        f"kind_{place}": forms.ChoiceField(label=_("Answer"), choices=QuestionKind.choices, initial="yes_no"),
        f"options_{place}": forms.CharField(
            label=_("Options, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 2})
        ),
        f"passes_{place}": forms.CharField(
            label=_("Answer that passes"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 1}),
            help_text=_("Empty: every answer passes. For a number: the smallest."),
        ),
    }


def _questions_initial(questions: list[ScreeningQuestion]) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    for place, question in enumerate(questions, start=1):
        accepted = question.accepted
        passes = str(accepted.get("min", "")) if isinstance(accepted, dict) else "\n".join(accepted)
        initial |= {
            f"prompt_{place}": question.prompt,
            f"kind_{place}": question.kind,
            f"options_{place}": "\n".join(question.options),
            f"passes_{place}": passes,
        }
    return initial


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
