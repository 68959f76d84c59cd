"""The application form: a program's own questions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recruiting.models import ScreeningQuestion
from recruiting.states import QuestionKind


class ApplicationForm(forms.Form):
    """One field for each question. Field names carry the question's id."""

    def __init__(self, *args: Any, questions: Sequence[ScreeningQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for question in self.questions:
            self.fields[str(question.pk)] = _field(question)

    def answers(self) -> dict[str, str]:
        """This function will return answers by question id."""
        return {str(question.pk): str(self.cleaned_data[str(question.pk)]) for question in self.questions}


def _field(question: ScreeningQuestion) -> forms.Field:
    words: dict[str, Any] = {
        "label": question.prompt,
        "help_text": _("Some answers rule this program out.") if question.is_knock_out else "",
    }
    if question.kind == QuestionKind.YES_NO:
        return forms.ChoiceField(choices=(("yes", _("Yes")), ("no", _("No"))), widget=forms.RadioSelect, **words)
    if question.kind == QuestionKind.CHOICE:
        options = [(option, option) for option in question.options]
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **words)
    if question.kind == QuestionKind.NUMBER:
        return forms.IntegerField(min_value=0, max_value=999_999, **words)
    return forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), **words)
