"""Prices as a brand types them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from gigcx.kernel.money import exponent_of
from recruiting.actions import Price, RateCardDraft
from recruiting.models import Program, RateCard
from recruiting.states import EngagementMode, LineKind, Tier, unit_of

_BY_HOUR: Final = (
    LineKind.PRODUCTIVE_HOUR,
    LineKind.AVAILABLE_HOUR,
    LineKind.TRAINING,
    LineKind.CERTIFICATION_BOUNTY,
    LineKind.STANDBY,
    LineKind.CANCELLATION,
    LineKind.SENT_HOME,
    LineKind.VTO,
    LineKind.INCENTIVE_CAP,
)
_BY_CASE: Final = (
    LineKind.RESOLUTION,
    LineKind.INTERACTION,
    LineKind.ESCALATION_CREDIT,
    LineKind.AUTO_ANSWER,
    LineKind.ROYALTY,
    LineKind.REVIEW_FEE,
    LineKind.TRAINING,
    LineKind.CERTIFICATION_BOUNTY,
)
KINDS: Final = {
    EngagementMode.SHIFT: _BY_HOUR,
    EngagementMode.CASE: _BY_CASE,
    EngagementMode.HYBRID: tuple(dict.fromkeys((*_BY_HOUR, LineKind.FLOOR, *_BY_CASE))),
}


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One line of the editor. `margin` is a share of the bill in force, or empty."""

    label: str
    unit: str
    pay: BoundField
    bill: BoundField
    margin: str


class RateCardForm(forms.Form):
    """Pay and bill for each kind of line; an empty pair leaves the line out."""

    seen_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, program: Program, card: RateCard | None, **kwargs: Any) -> None:
        self.currency = card.pay_currency if card else program.brand.currency
        self.places = exponent_of(self.currency)
        kwargs.setdefault("initial", self._initial(card))
        super().__init__(*args, **kwargs)
        self.kinds = self._kinds(program, card)
        self.card = card
        for kind in self.kinds:
            for side, words in (("pay", _("Agent earns")), ("bill", _("You pay"))):
                self.fields[f"{kind}_{side}"] = self._amount(f"{kind.label}: {words}")
        for tier in Tier:
            self.fields[f"tier_{tier}"] = forms.DecimalField(
                label=tier.label, min_value=Decimal("0.5"), max_value=Decimal(3), decimal_places=2, required=False
            )

    def rows(self) -> Iterator[PriceRow]:
        """This function will yield the lines for the page."""
        for kind in self.kinds:
            label, unit = str(kind.label), str(unit_of(kind).label)
            yield PriceRow(label, unit, self[f"{kind}_pay"], self[f"{kind}_bill"], margin_text(self.card, kind))

    def tier_fields(self) -> list[BoundField]:
        """This function will return the multipliers' fields."""
        return [self[f"tier_{tier}"] for tier in Tier]

    def clean(self) -> dict[str, Any]:
        """This function will name lines that are half filled or bill less than they pay."""
        cleaned = super().clean() or self.cleaned_data
        for kind in self.kinds:
            pay, bill = cleaned.get(f"{kind}_pay"), cleaned.get(f"{kind}_bill")
            if (pay is None) != (bill is None) and not {f"{kind}_pay", f"{kind}_bill"} & set(self.errors):
                self.add_error(f"{kind}_{'pay' if pay is None else 'bill'}", _("Give both amounts, or neither."))
        return cleaned

    def draft(self) -> RateCardDraft:
        """This function will return the cleaned prices in minor units."""
        lines = {}
        for kind in self.kinds:
            pay, bill = self.cleaned_data[f"{kind}_pay"], self.cleaned_data[f"{kind}_bill"]
            if pay is not None and bill is not None:
                lines[str(kind)] = Price(self._minor(pay), self._minor(bill))
        tiers = {str(tier): self.cleaned_data[f"tier_{tier}"] for tier in Tier}
        multipliers = {tier: int(value * 10_000) for tier, value in tiers.items() if value is not None}
        return RateCardDraft(lines=lines, pay_currency=self.currency, tier_multipliers=multipliers)

    def _kinds(self, program: Program, card: RateCard | None) -> tuple[LineKind, ...]:
        priced = tuple(LineKind(line.kind) for line in card.lines.all()) if card else ()
        return tuple(dict.fromkeys((*KINDS[EngagementMode(program.engagement_mode)], *priced)))

    def _amount(self, label: str) -> forms.DecimalField:
        return forms.DecimalField(
            label=label,
            min_value=0,
            max_value=1_000_000,
            decimal_places=self.places,
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 8}),
        )

    def _minor(self, amount: Decimal) -> int:
        return int(amount.scaleb(self.places))

    def _initial(self, card: RateCard | None) -> dict[str, Any]:
        if card is None:
            return {"seen_version": 0, **{f"tier_{tier}": Decimal(1) for tier in Tier}}
        initial: dict[str, Any] = {"seen_version": card.version}
        for line in card.lines.all():
            initial[f"{line.kind}_pay"] = Decimal(line.pay_minor).scaleb(-self.places)
            initial[f"{line.kind}_bill"] = Decimal(line.bill_minor).scaleb(-self.places)
        for tier in Tier:
            initial[f"tier_{tier}"] = Decimal(card.tier_multipliers.get(tier, 10_000)) / 10_000
        return initial


def margin_text(card: RateCard | None, kind: str) -> str:
    """This function will return the platform's share of a line in force: "28.6 % · 5.60"."""
    line = card.line(kind) if card else None
    if line is None or line.bill_minor == 0:
        return ""
    share = Decimal(line.bill_minor - line.pay_minor) / Decimal(line.bill_minor) * 100
    return f"{share:.1f} %"
