"""The figures of payouts: when they leave, what they cost at once, what a missing tax form keeps waiting. Pure."""

from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from gigcx.kernel.money import exponent_of
from gigcx.tenancy.actors import Actor, OpsActor
from payments.policies.rules import minor_of
from payments.states import TaxForm

RECIPIENT_AGREEMENT_REST: Final = timedelta(hours=24)
INSTANT_QUOTE_LIVES: Final = timedelta(minutes=15)
INSTANT_LIMIT_MAJOR: Final = 2_000
HOLD_OF_TAX: Final = timedelta(days=30)
NEW_DETAILS_FOR: Final = timedelta(days=7)
_FIRST_PATIENCE: Final = timedelta(seconds=1)
_MOST_PATIENCE: Final = timedelta(minutes=1)
_MOST_ASKED: Final = timedelta(minutes=10)
_PAYDAY: Final = 1
_PAYTIME: Final = time(12)
_INSTANT_MINIMUM_MAJOR: Final = 10
_INSTANT_FEE_MAJOR: Final = Decimal("2.99")
# Directive (EU) 2021/514, annex V, section IV (A)(2): who tells nothing is not paid after 60 days and two reminders.
_DAC7_PATIENCE: Final = timedelta(days=60)


def last_payday(at: datetime) -> datetime:
    """This function will return the latest weekly payout at or before a moment: Tuesday 12:00 UTC."""
    day = at - timedelta(days=(at.weekday() - _PAYDAY) % 7)
    noon = datetime.combine(day.date(), _PAYTIME, at.tzinfo)
    return noon if noon <= at else noon - timedelta(days=7)


def patience(times: int, *, retry_after: timedelta | None = None, percent: int = 100) -> timedelta:
    """This function will return how long a rail rests that was asked for patience so many times in a row.

    A second, doubled each time up to a minute, of the second half only so many percent; never less than asked for, and
    up to ten minutes where that was asked for.
    """
    doubled = min(_FIRST_PATIENCE * (1 << min(times - 1, 10)), _MOST_PATIENCE)
    asked = min(retry_after or timedelta(), _MOST_ASKED)
    return max(doubled * (100 + percent) / 200, asked)


def instant_minimum(currency: str) -> int:
    """This function will return the least an instant payout sends, in minor units, its fee included."""
    return minor_of(_INSTANT_MINIMUM_MAJOR, currency)


def instant_fee(currency: str) -> int:
    """This function will return what an instant payout costs, in minor units."""
    return int(_INSTANT_FEE_MAJOR.scaleb(exponent_of(currency)).to_integral_value(ROUND_HALF_EVEN))


def can_answer_bank_line(actor: Actor, made_by_id: object) -> bool:
    """This function will tell whether the actor may say what the bank did: ops, and not who made the file."""
    return isinstance(actor, OpsActor) and actor.user.pk != made_by_id


def must_wait_for_tax_data(
    *,
    form: str,
    year_minor: int,
    threshold_minor: int | None,
    first_paid_at: datetime | None,
    at: datetime,
) -> bool:
    """This function will tell whether a payout waits for tax data that an agent has not given.

    `year_minor` is what the year would come to with this payout. In the US from the year's reporting threshold on, never
    guessed where it is not known; where DAC7 holds, sixty days after the first payout. Elsewhere it never waits.
    """
    if form == TaxForm.NEC_1099:
        return threshold_minor is not None and year_minor >= threshold_minor
    return form == TaxForm.DAC7 and first_paid_at is not None and at - first_paid_at >= _DAC7_PATIENCE
