"""What a statement says: gathered once when a payout leaves, and before that as a preview."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from payments.ledger import balances_of_owner
from payments.models import Earning, PayoutItem
from payments.pricing import sentence
from payments.pricing.netting import net_clawback
from payments.queries.balances import paid_this_year
from payments.queries.payouts import next_payout_at
from payments.states import EarningKind, EarningState, ItemState, OwnerKind, RailCode
from recruiting.models import Agent

FORMAT: Final = 2
_BALANCES: Final = {
    "in_review_minor": "accrued",
    "ready_minor": "payable",
    "on_its_way_minor": "in_transit",
    "to_return_minor": "clawback",
}


def statement_content(item: PayoutItem, earnings: Sequence[Earning], *, number: str, at: datetime) -> dict[str, Any]:
    """This function will return everything a statement says, as plain values: nothing is looked up again later.

    `item` comes with run, account and the agent's user; `earnings` with brand and program. Call it after the journal of the
    transfer: the balances are those after the payout.
    """
    return {
        **_head(item.agent, item.currency, at=at),
        **_sums(earnings),
        "number": number,
        "rail": item.run.rail,
        "is_sandbox": is_pretended(item.run.rail),
        "reference": item.transfer_ref,
        "account_last4": item.account.last4,
        "withheld_minor": sum(one.amount_minor for one in earnings) - item.amount_minor,
        "net_minor": item.amount_minor,
    }


def is_pretended(rail: str) -> bool:
    """This function will tell whether no real money moves: a sandbox rail, or books that are not live."""
    return rail == RailCode.SANDBOX or settings.PAYMENTS_MODE != "live"


def _head(agent: Agent, currency: str, *, at: datetime) -> dict[str, Any]:
    codes = balances_of_owner(OwnerKind.AGENT, agent.pk).get(currency, {})
    return {
        "format": FORMAT,
        "issued_at": at.isoformat(),
        "agent": {"name": agent.user.full_name, "handle": agent.handle, "country": agent.country},
        "timezone": agent.user.timezone,
        "currency": currency,
        "paid_this_year_minor": paid_this_year(agent.pk, at=at).get(currency, 0),
        "balances": {name: codes.get(code, 0) for name, code in _BALANCES.items()},
    }


def _sums(earnings: Sequence[Earning]) -> dict[str, Any]:
    fees = sum(one.amount_minor for one in earnings if one.kind == EarningKind.INSTANT_FEE)
    taken = sum(one.amount_minor for one in earnings if one.amount_minor < 0)
    return {
        "lines": [_line(one) for one in earnings],
        "gross_minor": sum(one.amount_minor for one in earnings if one.amount_minor >= 0),
        "clawed_back_minor": taken - fees,
        "fees_minor": fees,
    }


def _line(earning: Earning) -> dict[str, Any]:
    return {
        "earning": str(earning.pk),
        "kind": earning.kind,
        "cause": earning.cause,
        "brand": earning.brand.name,
        "program": earning.program.name,
        "worked_from": earning.worked_from.isoformat(),
        "worked_to": earning.worked_to.isoformat(),
        "worked_seconds": earning.worked_seconds,
        "amount_minor": earning.amount_minor,
        "why": _why(earning),
    }


def _why(earning: Earning) -> str:
    explanation = earning.explanation or {}
    return sentence(explanation) if explanation.get("steps") else str(explanation.get("reason", ""))


def statement_previews(agent_id: UUID, *, at: datetime) -> list[dict[str, Any]]:
    """This function will say what the next payout's statements would say as things stand, one a currency.

    What is planned already, what is ready, and what becomes ready before the run; without what is held.
    """
    agent = Agent.objects.across_brands().select_related("user").get(pk=agent_id)
    rows = list(_coming(agent_id, at=at))
    return [
        _preview(agent, currency, [one for one in rows if one.currency == currency], at=at)
        for currency in sorted({one.currency for one in rows})
    ]


def _coming(agent_id: UUID, *, at: datetime) -> Any:
    rows = Earning.objects.across_brands().filter(agent_id=agent_id).select_related("brand", "program")
    ready = Q(state=EarningState.PAYABLE)
    ripe = Q(state=EarningState.ACCRUED, review_ends_at__lte=next_payout_at(at))
    planned = Q(
        state=EarningState.IN_PAYOUT,
        allocations__released_at__isnull=True,
        allocations__item__state=ItemState.PLANNED,
    )
    return rows.filter(ready | ripe | planned).distinct().order_by("worked_from", "pk")


def _preview(agent: Agent, currency: str, earnings: Sequence[Earning], *, at: datetime) -> dict[str, Any]:
    listed = _with_netting(earnings)
    total = sum(one.amount_minor for one in listed)
    return {**_head(agent, currency, at=at), **_sums(listed), "withheld_minor": 0, "net_minor": total}


def _with_netting(earnings: Sequence[Earning]) -> list[Earning]:
    """What is to be taken back, oldest first, as far as one payout carries it: a fifth of what it pays."""
    waits = [one for one in earnings if one.kind == EarningKind.CLAWBACK and one.state != EarningState.IN_PAYOUT]
    coming = sum(one.amount_minor for one in earnings if one not in waits and one.state != EarningState.IN_PAYOUT)
    room = net_clawback(coming, coming)
    for one in sorted(waits, key=lambda row: (row.payable_at or row.review_ends_at, row.pk)):
        one.amount_minor = -min(room, -one.amount_minor)
        room += one.amount_minor
    return [one for one in earnings if one.amount_minor]


def is_day_before(at: datetime) -> bool:
    """This function will tell whether the weekly payout leaves within a day."""
    return next_payout_at(at) - at <= timedelta(days=1)
