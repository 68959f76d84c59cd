"""Clean input for courses, pages, questions and publishing."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from recruiting.models import Program
from training.models import KnowledgeCheck
from training.pages.outlines import Question, choice, words
from training.states import ChangeClass, CheckKind, PayBasis

ROWS: Final = range(1, 6)
CHOICE, WORDS = "choice", "words"


class CourseForm(forms.Form):
    """A new course."""

    program = forms.ChoiceField(label=_("Program"))
    title = forms.CharField(label=_("Title"), max_length=120)
    summary = forms.CharField(
        label=_("What it teaches"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    starter = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, programs: list[Program], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(program.pk), program.name) for program in programs]
        self.fields["program"] = forms.ChoiceField(label=_("Program"), choices=choices)


class CourseSettingsForm(forms.Form):
    """What a draft says it takes and pays."""

    title = forms.CharField(label=_("Title"), max_length=120)
    summary = forms.CharField(
        label=_("What it teaches"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    expected_minutes = forms.IntegerField(
        label=_("Minutes it takes"), min_value=1, max_value=2400, help_text=_("Learners see this before they begin.")
    )
    pay_basis = forms.ChoiceField(label=_("Paid time"), choices=PayBasis.choices, widget=forms.RadioSelect)
    due_days = forms.IntegerField(
        label=_("Days to read changed pages"),
        min_value=1,
        max_value=365,
        help_text=_("After a material change, what people have shown before counts for this long."),
    )


class TitleField(forms.CharField):
    """A single line: whatever else was pasted in between becomes a space."""

    def to_python(self, value: Any) -> str:
        """This function will return the words with single spaces."""
        return super().to_python(" ".join(str(value or "").replace("\x00", " ").split())) or ""


class TitleForm(forms.Form):
    """The title of a new chapter or page. Several stand on one page: `anchor` tells their fields apart."""

    title = TitleField(label=_("Title of the new page"), max_length=120)

    def __init__(self, data: Mapping[str, Any] | None = None, *, anchor: str) -> None:
        super().__init__(data, auto_id=f"{anchor}_%s")


class ChapterTitleForm(TitleForm):
    """The title of a new chapter."""

    title = TitleField(label=_("Title of the new chapter"), max_length=120)


class PageForm(forms.Form):
    """A page as its author types it."""

    title = forms.CharField(label=_("Page title"), max_length=120)
    body = forms.CharField(
        label=_("Text"), required=False, max_length=100_000, strip=False, widget=forms.Textarea(attrs={"rows": 24})
    )
    is_required = forms.BooleanField(label=_("Has to be read to finish"), required=False)
    seen_checksum = forms.CharField(widget=forms.HiddenInput, max_length=64)
    overwrite = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)


class CheckForm(forms.Form):
    """A question: with up to five answers to choose from, or answered in a few words."""

    kind = forms.ChoiceField(
        label=_("How it is answered"),
        choices=[(CHOICE, _("By choosing")), (WORDS, _("In a few words"))],
        widget=forms.RadioSelect,
        initial=CHOICE,
    )
    prompt = forms.CharField(label=_("Question"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    key = forms.SlugField(
        label=_("Key"),
        max_length=50,
        required=False,
        help_text=_("The name you place it by in the text: :::check its-key"),
    )
    answers = forms.CharField(
        label=_("Right answers, one a line"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For questions answered in a few words. Capitals and a single slip of the pen do not count."),
    )
    why_right = forms.CharField(label=_("Said to a right answer"), required=False, max_length=600)
    why_wrong = forms.CharField(label=_("Said to a wrong answer"), required=False, max_length=600)
    objective = forms.CharField(label=_("What it checks"), required=False, max_length=160)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in ROWS:
            self.fields[f"text_{row}"] = forms.CharField(
                label=_("Answer %(n)s") % {"n": row}, required=False, max_length=500
            )
            self.fields[f"right_{row}"] = forms.BooleanField(label=_("Right"), required=False)
            self.fields[f"why_{row}"] = forms.CharField(label=_("What we say to it"), required=False, max_length=600)

    def option_rows(self) -> list[tuple[Any, Any, Any]]:
        """This function will return the bound fields of the answers, row by row."""
        return [(self[f"text_{row}"], self[f"right_{row}"], self[f"why_{row}"]) for row in ROWS]

    def clean(self) -> dict[str, Any]:
        """This function will name the field at fault where the question could not be asked."""
        cleaned = super().clean() or {}
        if not cleaned.get("key"):
            cleaned["key"] = slugify(cleaned.get("prompt", ""))[:40].strip("-") or "question"
        if cleaned.get("kind") == WORDS and not cleaned.get("answers", "").strip():
            self.add_error("answers", _("Write at least one right answer."))
        if cleaned.get("kind") == CHOICE:
            self._refuse_poor_choice(cleaned)
        return cleaned

    def question(self) -> Question:
        """This function will return the question as plain values."""
        cleaned = self.cleaned_data
        if cleaned["kind"] == WORDS:
            lines = [line.strip() for line in cleaned["answers"].splitlines() if line.strip()]
            return words(
                cleaned["key"],
                cleaned["prompt"],
                *lines,
                why=cleaned["why_right"],
                hint=cleaned["why_wrong"],
                objective=cleaned["objective"],
            )
        options = [
            (cleaned[f"text_{row}"], cleaned[f"right_{row}"], cleaned[f"why_{row}"])
            for row in ROWS
            if cleaned[f"text_{row}"].strip()
        ]
        return choice(cleaned["key"], cleaned["prompt"], *options, objective=cleaned["objective"])

    def _refuse_poor_choice(self, cleaned: dict[str, Any]) -> None:
        filled = [row for row in ROWS if str(cleaned.get(f"text_{row}", "")).strip()]
        if len(filled) < 2:
            self.add_error("text_1" if 1 not in filled else "text_2", _("Give at least two answers to choose from."))
        if not any(cleaned.get(f"right_{row}") for row in filled):
            self.add_error("right_1", _("Mark the right answer."))


def check_initial(check: KnowledgeCheck) -> dict[str, Any]:
    """This function will return a stored question as the form's initial values."""
    values: dict[str, Any] = {
        "prompt": check.payload["prompt"],
        "key": check.key,
        "objective": check.objective,
        "kind": WORDS if check.kind == CheckKind.SHORT_TEXT else CHOICE,
        "why_right": check.secret.feedback.get("right", ""),
        "why_wrong": check.secret.feedback.get("wrong", ""),
        "answers": "\n".join(answer["text"] for answer in check.secret.key.get("answers", [])),
    }
    for row, option in zip(ROWS, check.payload.get("options", []), strict=False):
        values[f"text_{row}"] = option["text"]
        values[f"right_{row}"] = option["id"] in check.secret.key["options"]
        values[f"why_{row}"] = check.secret.feedback.get(option["id"], "")
    return values


class CommentForm(forms.Form):
    """Why a version goes back."""

    comment = forms.CharField(label=_("What should change"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class SoloForm(forms.Form):
    """Why somebody approves their own course."""

    reason = forms.CharField(label=_("Why nobody else looks at it"), max_length=500)


class PublishForm(forms.Form):
    """What kind of change it is, confirmed together with the effect that was shown."""

    change = forms.ChoiceField(label=_("Kind of change"), choices=ChangeClass.choices, widget=forms.RadioSelect)
    change_note = forms.CharField(label=_("What changed, for learners"), required=False, max_length=300)
    effect_digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class CloseCourseForm(forms.Form):
    """Closing a course, confirmed together with the effect that was shown."""

    effect_digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
