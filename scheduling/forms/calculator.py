"""Clean input for the public calculator: everything may come in an address, so every field names what is wrong with it."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_PEOPLE: Final = 2_000
PRESETS: Final[dict[str, tuple[int, ...]]] = {
    "shop": (0, 0, 0, 0, 0, 0, 2, 4, 7, 10, 12, 14, 15, 14, 12, 12, 13, 16, 20, 22, 18, 12, 6, 2),
    "friday": (0, 0, 0, 0, 0, 4, 8, 14, 22, 30, 36, 40, 42, 40, 38, 40, 46, 56, 70, 78, 66, 44, 22, 8),
    "office": (0, 0, 0, 0, 0, 0, 0, 3, 9, 14, 13, 11, 9, 10, 12, 11, 9, 5, 1, 0, 0, 0, 0, 0),
    "flat": (10,) * 24,
}
_CURVES: Final = [
    ("shop", gettext_lazy("A shop's chat")),
    ("friday", gettext_lazy("Black Friday")),
    ("office", gettext_lazy("Office hours")),
    ("flat", gettext_lazy("Flat, day and night")),
    ("typed", gettext_lazy("My own hours")),
]
DEFAULTS: Final[dict[str, str]] = {
    "curve": "shop",
    "days": "7",
    "own": "24",
    "absence": "10",
    "demand": "31",
    "shortest": "2",
    "fill": "97",
    "handling": "6",
    "lost": "0",
}


def _amount(label: Any, *, most: int, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=Decimal(0),
        max_value=Decimal(most),
        max_digits=8,
        decimal_places=2,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


def _whole(label: Any, *, least: int, most: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class CalculatorForm(forms.Form):
    """A day's curve and what an hour costs either way."""

    curve = forms.ChoiceField(label=gettext_lazy("Demand over a day"), choices=_CURVES)
    hours = forms.CharField(
        label=gettext_lazy("People needed, hour by hour"),
        required=False,
        max_length=400,
        help_text=gettext_lazy(
            "For your own hours: 24 whole numbers from midnight on, with spaces or commas between them."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    days = _whole(gettext_lazy("Days open a week"), least=1, most=7)
    own = _amount(
        gettext_lazy("Own staff, an hour"),
        most=1_000,
        help_text=gettext_lazy("Pay with everything on top: contributions, seat, tools, managers."),
    )
    absence = _whole(
        gettext_lazy("Paid hours absent, per cent"),
        least=0,
        most=60,
        help_text=gettext_lazy("Leave, sickness, training: paid, but not at the desk."),
    )
    demand = _amount(
        gettext_lazy("On demand, an hour"), most=1_000, help_text=gettext_lazy("What a filled seat is billed.")
    )
    shortest = _whole(gettext_lazy("Shortest shift on demand, hours"), least=1, most=8)
    fill = _whole(
        gettext_lazy("Seats on demand that fill, per cent"),
        least=1,
        most=100,
        help_text=gettext_lazy("A quote counts this for your own bench; here it is yours to assume."),
    )
    handling = _amount(gettext_lazy("Minutes for one contact"), most=120)
    lost = _amount(
        gettext_lazy("A lost contact costs"),
        most=10_000,
        help_text=gettext_lazy("0 only counts them."),
    )

    def clean_handling(self) -> Decimal:
        """This function will refuse a contact that takes no time."""
        handling: Decimal = self.cleaned_data["handling"]
        if handling <= 0:
            raise forms.ValidationError(_("A contact takes some time: type minutes above 0."))
        return handling

    def clean(self) -> dict[str, Any]:
        """This function will turn the choice or the typed row into 24 hours."""
        cleaned = super().clean() or {}
        if "curve" not in cleaned:
            return cleaned
        if cleaned["curve"] == "typed":
            cleaned["required"] = self._typed(cleaned.get("hours", ""))
        else:
            cleaned["required"] = PRESETS[cleaned["curve"]]
        return cleaned

    def _typed(self, row: str) -> tuple[int, ...]:
        parts = row.replace(",", " ").replace(";", " ").split()
        if len(parts) != 24:
            words = _("Type 24 numbers, one for each hour; there are %(n)s.") % {"n": len(parts)}
            self.add_error("hours", words)
            return ()
        wrong = next((index for index, part in enumerate(parts) if not self._is_people(part)), None)
        if wrong is not None:
            self.add_error(
                "hours",
                _("Hour %(hour)s: type a whole number from 0 to %(most)s instead of “%(typed)s”.")
                % {"hour": f"{wrong:02d}", "most": MOST_PEOPLE, "typed": parts[wrong][:20]},
            )
            return ()
        return tuple(int(part) for part in parts)

    @staticmethod
    def _is_people(part: str) -> bool:
        return part.isascii() and part.isdigit() and len(part) <= 4 and int(part) <= MOST_PEOPLE
