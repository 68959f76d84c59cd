"""Clean input. Nothing here writes."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from babel.core import Locale
from django import forms
from django.utils.translation import gettext_lazy as _

from vetting.grading import KINDS
from vetting.models import AssessmentVersion, CertificationVersion, IdentityCheck, ItemBank
from vetting.models.items import KIND_CHOICES

MAX_OPTIONS: Final = 8
_IMAGE = {"accept": "image/jpeg,image/png,application/pdf", "capture": "environment"}


def country_choices() -> list[tuple[str, str]]:
    """This function will list the world's countries by their English names."""
    names = Locale("en").territories
    pairs = [
        (code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in _NOT_STATES
    ]
    return [("", "-"), *sorted(pairs, key=lambda pair: pair[1])]


_NOT_STATES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


class IdentityForm(forms.Form):
    """What the document says, and pictures of it."""

    legal_name = forms.CharField(
        label=_("Full name on the document"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    birth_date = forms.DateField(
        label=_("Date of birth"), widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"})
    )
    country = forms.ChoiceField(label=_("Country that issued it"), choices=country_choices)
    document_type = forms.ChoiceField(label=_("Document"), choices=IdentityCheck.Document.choices)
    last4 = forms.RegexField(
        r"^[0-9A-Za-z]{4}$",
        label=_("Last four characters of its number"),
        error_messages={"invalid": _("Four letters or digits, as printed.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": "4"}),
    )
    document_expires_on = forms.DateField(label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}))
    front = forms.FileField(
        label=_("Front"),
        help_text=_("JPEG, PNG or PDF, at most 10 MB. All four corners in the picture."),
        widget=forms.ClearableFileInput(attrs=_IMAGE),
    )
    back = forms.FileField(
        label=_("Back"),
        required=False,
        help_text=_("For cards and licences. A passport needs none."),
        widget=forms.ClearableFileInput(attrs=_IMAGE),
    )


class BankForm(forms.Form):
    """A new bank."""

    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(
        label=_("What it is for"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class KindForm(forms.Form):
    """Which kind of question to write."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KIND_CHOICES)

    def clean_kind(self) -> str:
        """This function will return a known kind."""
        kind: str = self.cleaned_data["kind"]
        return kind if kind in KINDS else KINDS[0]


class ItemForm(forms.Form):
    """A question. Options keep their ids while they are edited; the id of a new one is its place among all ever made."""

    prompt = forms.CharField(
        label=_("Question"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )
    points = forms.DecimalField(
        label=_("Points"), min_value=Decimal("0.25"), max_value=100, decimal_places=2, initial=1
    )
    skill = forms.SlugField(
        label=_("Skill"),
        required=False,
        max_length=60,
        help_text=_("Groups results. Words of the shared skill list count as proved once certified."),
    )

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind == "short_text":
            self.fields["answers"] = forms.CharField(
                label=_("Accepted answers"),
                help_text=_("One a line. Case and spaces do not matter; what fits none goes to a person."),
                widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            )
            self.fields["is_close"] = forms.BooleanField(
                label=_("Allow one slip in words of five letters or more"), required=False
            )
        else:
            self._add_options()

    def _add_options(self) -> None:
        for place in range(1, MAX_OPTIONS + 1):
            self.fields[f"id_{place}"] = forms.CharField(required=False, widget=forms.HiddenInput)
            self.fields[f"text_{place}"] = forms.CharField(
                label=_("Option %d") % place,
                required=place <= 2,
                max_length=500,
                widget=forms.TextInput(attrs={"dir": "auto"}),
            )
            self.fields[f"right_{place}"] = forms.BooleanField(label=_("Right"), required=False)
        if self.kind == "multi_choice":
            self.fields["rule"] = forms.ChoiceField(
                label=_("How it counts"),
                choices=[
                    ("partial", _("In part: right ones count, wrong ones take away")),
                    ("all_or_nothing", _("All or nothing")),
                ],
            )

    def options(self) -> list[dict[str, Any]]:
        """This function will pair each option's fields for the template."""
        if self.kind == "short_text":
            return []
        return [
            {"id": self[f"id_{place}"], "text": self[f"text_{place}"], "right": self[f"right_{place}"], "place": place}
            for place in range(1, MAX_OPTIONS + 1)
        ]

    def payload(self) -> dict[str, Any]:
        """This function will return the question in the shape that grading knows."""
        if self.kind == "short_text":
            return {"prompt": self.cleaned_data["prompt"]}
        options = [{"id": one_id, "text": text} for one_id, text, _right in self._filled()]
        return {"prompt": self.cleaned_data["prompt"], "options": options}

    def key(self) -> dict[str, Any]:
        """This function will return what is right in the shape that grading knows."""
        if self.kind == "short_text":
            match = "close" if self.cleaned_data["is_close"] else "exact"
            lines = [line.strip() for line in self.cleaned_data["answers"].splitlines()]
            return {"answers": [{"text": line, "match": match} for line in lines if line]}
        right = [one_id for one_id, _text, is_right in self._filled() if is_right]
        return {"options": right, "rule": self.cleaned_data.get("rule", "partial")}

    def skills(self) -> list[str]:
        """This function will return the skill as a list."""
        return [self.cleaned_data["skill"]] if self.cleaned_data["skill"] else []

    def _filled(self) -> Iterable[tuple[str, str, bool]]:
        taken = {self.cleaned_data[f"id_{place}"] for place in range(1, MAX_OPTIONS + 1)}
        fresh = (f"o{number}" for number in range(1, 100) if f"o{number}" not in taken)
        for place in range(1, MAX_OPTIONS + 1):
            text = self.cleaned_data[f"text_{place}"]
            if text:
                yield self.cleaned_data[f"id_{place}"] or next(fresh), text, self.cleaned_data[f"right_{place}"]

    @staticmethod
    def initial_of(kind: str, payload: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
        """This function will turn a stored question back into the form's fields."""
        initial: dict[str, Any] = {"prompt": payload["prompt"]}
        if kind == "short_text":
            answers = key.get("answers", [])
            initial["answers"] = "\n".join(answer["text"] for answer in answers)
            initial["is_close"] = any(answer["match"] == "close" for answer in answers)
            return initial
        for place, option in enumerate(payload["options"], 1):
            initial |= {f"id_{place}": option["id"], f"text_{place}": option["text"]}
            initial[f"right_{place}"] = option["id"] in key.get("options", [])
        initial["rule"] = key.get("rule", "partial")
        return initial


class AssessmentNameForm(forms.Form):
    """A new test."""

    name = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.CharField(
        label=_("What it shows"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class AssessmentForm(forms.Form):
    """A test's draft with up to three sections."""

    SECTIONS: Final = (1, 2, 3)

    introduction = forms.CharField(
        label=_("What the agent reads first"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    minutes = forms.IntegerField(label=_("Time limit"), min_value=1, max_value=240, initial=20)
    max_tries = forms.IntegerField(label=_("Tries"), min_value=1, max_value=10, initial=3)
    cut_percent = forms.DecimalField(label=_("Pass mark"), min_value=0, max_value=100, decimal_places=2, initial=70)
    feedback = forms.ChoiceField(label=_("What the agent sees after it"), choices=AssessmentVersion.Feedback.choices)

    def __init__(self, banks: Iterable[ItemBank], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "-"), *((str(bank.pk), bank.name) for bank in banks)]
        for number in self.SECTIONS:
            self.fields[f"bank_{number}"] = forms.ChoiceField(label=_("Bank"), choices=choices, required=number == 1)
            self.fields[f"draw_{number}"] = forms.IntegerField(
                label=_("Questions"), min_value=1, max_value=200, required=number == 1
            )

    def sections(self) -> list[dict[str, Any]]:
        """This function will pair each section's fields for the template."""
        return [
            {"number": number, "bank": self[f"bank_{number}"], "draw": self[f"draw_{number}"]}
            for number in self.SECTIONS
        ]

    def clean(self) -> dict[str, Any]:
        """This function will ask for a number of questions wherever a bank is chosen."""
        cleaned = super().clean() or {}
        for number in self.SECTIONS:
            if cleaned.get(f"bank_{number}") and not cleaned.get(f"draw_{number}"):
                self.add_error(f"draw_{number}", _("Say how many questions to draw."))
        return cleaned


class CertificationForm(forms.Form):
    """A new certification for one of the brand's programs."""

    program = forms.ChoiceField(label=_("Program"))
    name = forms.CharField(label=_("Name"), max_length=120)

    def __init__(self, programs: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["program"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(program.pk), program.name) for program in programs]


class RequirementsForm(forms.Form):
    """What the certification asks for beside identity and terms."""

    asked = forms.MultipleChoiceField(
        label=_("Also asked for"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    waivable = forms.MultipleChoiceField(
        label=_("May be let go for single agents"),
        help_text=_("With a reason and an end, by a person with this right. Identity and terms never are."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=(),
    )
    change = forms.ChoiceField(
        label=_("Kind of change"), choices=CertificationVersion.Change.choices, widget=forms.RadioSelect
    )
    validity_months = forms.IntegerField(label=_("Valid for"), min_value=1, max_value=60, initial=12)

    def __init__(self, choices: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(choices)
        for name in ("asked", "waivable"):
            field = self.fields[name]
            if isinstance(field, forms.MultipleChoiceField):
                field.choices = offered

    def clean(self) -> dict[str, Any]:
        """This function will refuse to let go what is not asked for."""
        cleaned = super().clean() or {}
        if set(cleaned.get("waivable", [])) - set(cleaned.get("asked", [])):
            self.add_error("waivable", _("Tick it above too: what is not asked for needs no waiver."))
        return cleaned


class WaiverForm(forms.Form):
    """A requirement let go for one agent."""

    candidacy = forms.ChoiceField(label=_("Agent"))
    requirement = forms.ChoiceField(label=_("What is let go"))
    until = forms.DateField(
        label=_("Until"),
        help_text=_("From that day on it is asked for again."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept in the history; the agent may ask for it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, candidacies: Iterable[Any], requirements: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            "candidacy": [(str(one.pk), one.agent.handle) for one in candidacies],
            "requirement": [(one.key, one.title) for one in requirements],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices


class ReviewForm(forms.Form):
    """A reviewer's verdict."""

    CHECKS: Final = (
        ("readable", _("The picture is readable and whole")),
        ("name", _("The name is the one above")),
        ("birth", _("The date of birth is the one above, and 18 or older")),
        ("dates", _("The document is still valid")),
        ("genuine", _("Nothing looks altered")),
    )

    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=[("approve", _("Approve")), ("reject", _("Reject"))], widget=forms.RadioSelect
    )
    checklist = forms.MultipleChoiceField(
        label=_("What you checked"), choices=CHECKS, required=False, widget=forms.CheckboxSelectMultiple
    )
    reasons = forms.MultipleChoiceField(
        label=_("Reasons, for a rejection"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    note = forms.CharField(
        label=_("Note for colleagues"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, reasons: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reasons"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(reasons)

    def clean(self) -> dict[str, Any]:
        """This function will ask for the whole list before an approval."""
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == "approve" and len(cleaned.get("checklist", [])) < len(self.CHECKS):
            self.add_error("checklist", _("Tick everything you checked before you approve."))
        return cleaned


class RatingForm(forms.Form):
    """A rater's points."""

    points = forms.DecimalField(label=_("Points"), min_value=0, decimal_places=4)
    note = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class RevocationForm(forms.Form):
    """Why a certificate should go."""

    reason_code = forms.ChoiceField(label=_("Reason"))
    reason = forms.CharField(label=_("What happened"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, reasons: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason_code"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(reasons)
