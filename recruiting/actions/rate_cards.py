"""Publishing prices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit.outbox import publish
from gigcx.audit.trail import record
from gigcx.kernel.errors import Invalid, Stale
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.roles import Permission
from recruiting.actions.programs import locked_program
from recruiting.actions.territories import currency_code
from recruiting.actions.wording import chosen
from recruiting.errors import BillBelowPay
from recruiting.events import RateCardPublished
from recruiting.models import Program, RateCard, RateCardLine
from recruiting.states import VERSION_MOVES, LineKind, Rounding, Tier, VersionState, unit_of

_HIGHEST_MINOR: Final = 100_000_000
_MULTIPLIER_RANGE: Final = (5_000, 30_000)


@dataclass(frozen=True, slots=True)
class Price:
    """What the agent earns and the brand pays, in minor units, an hour or each."""

    pay_minor: int
    bill_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCardDraft:
    """A new version of a program's prices. Currencies default to the brand's; multipliers are basis points by tier."""

    lines: Mapping[str, Price]
    pay_currency: str = ""
    bill_currency: str = ""
    rounding: str = Rounding.HALF_EVEN
    tier_multipliers: Mapping[str, int] = field(default_factory=dict)


@transaction.atomic
def publish_rate_card(
    *, program_id: UUID, draft: RateCardDraft, seen_version: int, by: Actor, at: datetime
) -> RateCard:
    """Put new prices in force from now on. Work agreed before keeps the card it was agreed under.

    `seen_version` is the version that the editor started from, 0 for none.

    Raises:
        Stale: a newer version was published meanwhile.
        BillBelowPay: a line bills less than it pays; names the line.
        Invalid: no line, an unknown kind, an amount out of range, two currencies.
    """
    program = locked_program(program_id)
    require(by, Permission.PUBLISH_PAY, brand_id=program.brand_id)
    earlier = RateCard.objects.for_brand(program.brand_id).filter(program=program).order_by("-version").first()
    if (earlier.version if earlier else 0) != seen_version:
        raise Stale
    card = _draft_card(program, draft, seen_version + 1, at)
    if earlier is not None and earlier.state == VersionState.ACTIVE:
        _supersede(earlier, at)
    require_move(VERSION_MOVES, card.state, VersionState.ACTIVE)
    card.state, card.valid_from = VersionState.ACTIVE, at
    card.save(update_fields=["state", "valid_from"])
    moved: dict[str, Any] = {"from_state": VersionState.DRAFT, "to_state": VersionState.ACTIVE}
    lines = {kind: [price.pay_minor, price.bill_minor] for kind, price in draft.lines.items()}
    changes = {"version": card.version, "lines": lines}
    record("recruiting.publish_rate_card", card, by=by, at=at, changes=changes, **moved)
    fact = RateCardPublished(program_id=program.pk, rate_card_id=card.pk)
    publish(fact, at=at, brand_id=program.brand_id)
    return card


def _draft_card(program: Program, draft: RateCardDraft, version: int, at: datetime) -> RateCard:
    pay = currency_code(draft.pay_currency or program.brand.currency, field="pay_currency")
    bill = currency_code(draft.bill_currency or pay, field="bill_currency")
    if pay != bill:
        raise Invalid(_("Pay and bill must be in one currency."), field="bill_currency")
    lines = _checked_lines(draft.lines)
    card = RateCard.objects.create(
        brand_id=program.brand_id,
        program=program,
        version=version,
        pay_currency=pay,
        bill_currency=bill,
        rounding=chosen([draft.rounding], field="rounding", among=Rounding.values)[0],
        tier_multipliers=_checked_multipliers(draft.tier_multipliers),
        created_at=at,
    )
    RateCardLine.objects.bulk_create(
        RateCardLine(card=card, kind=kind, pay_minor=price.pay_minor, bill_minor=price.bill_minor, unit=unit_of(kind))
        for kind, price in lines.items()
    )
    return card


def _checked_lines(lines: Mapping[str, Price]) -> Mapping[str, Price]:
    chosen(lines, field="lines", among=LineKind.values)
    if not {LineKind.PRODUCTIVE_HOUR, LineKind.RESOLUTION} & set(lines):
        raise Invalid(_("Price at least the working hour or the resolution."), field=str(LineKind.PRODUCTIVE_HOUR))
    for kind, price in lines.items():
        _check_price(kind, price)
    return lines


def _check_price(kind: str, price: Price) -> None:
    amounts = (price.pay_minor, price.bill_minor)
    if any(type(amount) is not int or not 0 <= amount <= _HIGHEST_MINOR for amount in amounts):
        raise Invalid(_("Give an amount from 0 to 1,000,000."), field=str(kind))
    if kind != LineKind.REFERRAL and price.bill_minor < price.pay_minor:
        words = _("%(line)s: what the brand pays cannot be below what the agent earns.")
        raise BillBelowPay(words % {"line": LineKind(kind).label}, field=str(kind))


def _checked_multipliers(given: Mapping[str, int]) -> dict[str, int]:
    low, high = _MULTIPLIER_RANGE
    chosen(given, field="tier_multipliers", among=Tier.values)
    if any(type(value) is not int or not low <= value <= high for value in given.values()):
        raise Invalid(_("A tier's multiplier lies between 0.5 and 3."), field="tier_multipliers")
    return {str(tier): given.get(tier, 10_000) for tier in Tier}


def _supersede(card: RateCard, at: datetime) -> None:
    require_move(VERSION_MOVES, card.state, VersionState.SUPERSEDED)
    card.state, card.valid_until = VersionState.SUPERSEDED, at
    card.save(update_fields=["state", "valid_until"])
