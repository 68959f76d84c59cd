"""Deciding about applicants."""

from django import forms
from django.utils.translation import gettext_lazy as _

from recruiting.states import DeclineCode


class DecisionForm(forms.Form):
    """Accepting or declining one or several applicants."""

    decision = forms.ChoiceField(choices=(("accept", _("Accept")), ("decline", _("Decline"))))
    code = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", "–"), *((code, label) for code, label in DeclineCode.choices if code != DeclineCode.KNOCKED_OUT)],
        required=False,
    )
    reason = forms.CharField(
        label=_("In a sentence, to the agent"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They read this, with the date from which they may apply again."),
    )

    def clean(self) -> dict[str, object]:
        """This function will ask for reason and sentence where somebody is declined."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "decline":
            if not cleaned.get("code"):
                self.add_error("code", _("Choose a reason."))
            if not (cleaned.get("reason") or "").strip():
                self.add_error("reason", _("Write the agent a sentence that says why."))
        return cleaned


class ReasonForm(forms.Form):
    """A decision about somebody in the program, with its reason."""

    reason = forms.CharField(label=_("Why?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
