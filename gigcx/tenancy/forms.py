"""Clean input about brands, members and keys."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gigcx.accounts.choices import time_zones
from gigcx.accounts.names import readable_name
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.choices import countries, currencies
from gigcx.tenancy.models import Brand
from gigcx.tenancy.roles import ROLE_CHOICES, ROLES, Permission

PERMISSION_LABELS = {
    Permission.VIEW: _("Read"),
    Permission.MANAGE_BRAND: _("Change the brand"),
    Permission.MANAGE_MEMBERS: _("Invite and change members"),
    Permission.MANAGE_API_KEYS: _("Make API keys"),
    Permission.MANAGE_PROGRAMS: _("Write programs"),
    Permission.PUBLISH_PAY: _("Publish pay rates and terms"),
    Permission.MANAGE_ENGAGEMENTS: _("Decide on applications"),
    Permission.AUTHOR_CONTENT: _("Write courses and test items"),
    Permission.APPROVE_CONTENT: _("Approve courses and test items"),
    Permission.MANAGE_CERTIFICATIONS: _("Publish certifications"),
    Permission.PLAN_CAPACITY: _("Plan capacity"),
    Permission.ACCEPT_QUOTES: _("Accept prices"),
    Permission.CONFIRM_WORK: _("Confirm work"),
    Permission.DISPUTE_CHARGES: _("Dispute charges"),
    Permission.VIEW_BILLING: _("See charges"),
    Permission.MANAGE_BILLING: _("Manage billing"),
    Permission.REVIEW_QUALITY: _("Review quality"),
    Permission.WORK_ESCALATIONS: _("Take escalations"),
    Permission.EXPORT: _("Export"),
}


class BrandForm(forms.Form):
    """What a brand says about itself."""

    name = forms.CharField(
        label=_("Brand name"),
        max_length=120,
        validators=[readable_name],
        help_text=_("As customers know it. Agents see it on every shift."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    legal_name = forms.CharField(
        label=_("Legal name"),
        max_length=200,
        validators=[readable_name],
        help_text=_("As in the commercial register; it goes on invoices."),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [("", _("Choose a country")), *countries()],
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        widget=forms.Select(attrs={"data-guess-zone": "UTC"}),
        help_text=_("Your days and weeks are planned in it."),
    )
    currency = forms.ChoiceField(
        label=_("Currency"), choices=currencies, help_text=_("You are charged in it. Fixed once the account is open.")
    )
    website = forms.URLField(
        label=_("Website"),
        max_length=200,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url", "placeholder": "https://"}),
    )
    about = forms.CharField(
        label=_("What you do"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Two or three sentences: what you sell, who asks for help, on which channels."),
    )

    @staticmethod
    def initial_of(brand: Brand) -> dict[str, str]:
        """This function will return the form's values for a brand."""
        return {name: getattr(brand, name) for name in BrandForm.base_fields}


class ChangedBrandForm(BrandForm):
    """The same on the settings page; carries what the person saw, so that a stale page overwrites nothing."""

    def __init__(self, typed: Mapping[str, Any] | None = None, *, brand: Brand) -> None:
        super().__init__(typed, initial=self.initial_of(brand))
        for name in BrandForm.base_fields:
            self.fields[f"seen_{name}"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=getattr(brand, name), strip=False
            )

    def clean(self) -> dict[str, Any]:
        """This function will split what is new from what was seen."""
        cleaned = super().clean() or self.cleaned_data
        names = [name for name in BrandForm.base_fields if name in cleaned]
        seen = {name: _newlines(cleaned.get(f"seen_{name}", "")) for name in names if f"seen_{name}" in self.data}
        return {"changes": {name: _newlines(cleaned[name]) for name in names}, "seen": seen}


class InviteForm(forms.Form):
    """Who joins, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES, initial="planner")


class RoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES)


class ApiKeyForm(forms.Form):
    """A key: what it may do, from where, until when."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What uses it, such as “Planning sync”."))
    scopes = forms.MultipleChoiceField(
        label=_("May"), widget=forms.CheckboxSelectMultiple, help_text=_("Never more than your own role may.")
    )
    allowed_ips = forms.CharField(
        label=_("Only from these addresses"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "203.0.113.0/24"}),
        help_text=_("One address or range a line. Empty: from anywhere."),
    )
    expires_on = forms.DateField(
        label=_("Ends on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The last day."),
    )

    def __init__(self, *args: Any, actor: BrandActor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [permission for permission in Permission if actor.can(permission)]
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]  # it is a MultipleChoiceField, see above
            (permission.value, PERMISSION_LABELS[permission]) for permission in able
        ]
        self.fields["expires_on"].widget.attrs["min"] = today.isoformat()

    def clean_allowed_ips(self) -> list[str]:
        """This function will return one range a line."""
        return str(self.cleaned_data["allowed_ips"]).split()


def role_words() -> list[dict[str, Any]]:
    """This function will return the roles with what they may do, for the table beside the invitation."""
    return [
        {
            "code": role.code,
            "name": role.name,
            "description": role.description,
            "needs_second_factor": role.needs_second_factor,
        }
        for role in ROLES.values()
    ]


def _newlines(text: str) -> str:
    """Browsers send line ends as CR LF; what the database holds has LF."""
    return text.replace("\r\n", "\n")
