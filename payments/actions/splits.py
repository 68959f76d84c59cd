"""One line made two: the parts sum to it exactly, in pay, in what the brand owes and in time."""

import re
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from gigcx.audit import trail
from gigcx.kernel.money import round_minor
from gigcx.tenancy.actors import Actor
from payments.actions.accrual import WorkLine, accrue
from payments.actions.earnings import withdraw_lines
from payments.errors import MoreThanLine
from payments.models import Charge, Earning, EarningHold
from payments.policies import DISPUTE_HOLD
from payments.states import ChargeState, EarningState

# A successor's part is its ancestor's with a mark: "all" becomes "all~1a" and "all~1b", those "all~2a" and so on.
_MARK: Final = re.compile(r"~(\d+)[ab]$")


def split_line(
    earning: Earning, *, minor: int, reason: str, by: Actor, at: datetime, seconds: int | None = None
) -> tuple[Earning, Earning]:
    """This function will replace a locked line by two that sum to it exactly: the first of `minor`, the second the rest.

    What the brand owes, the platform's share and, unless `seconds` are given, the time are cut in the same proportion.
    Holds for other reasons than a dispute go on on both. `minor` has the line's sign.

    Raises:
        MoreThanLine: `minor` is nothing, all of the line or more.
        MoveRefused: the line is on its way, paid or replaced.
    """
    if not 0 < abs(minor) < abs(earning.amount_minor) or minor * earning.amount_minor < 0:
        raise MoreThanLine(field="minor")
    held = list(earning.holds.filter(lifted_at__isnull=True).exclude(reason=DISPUTE_HOLD).order_by("pk"))
    charge = Charge.objects.across_brands().filter(earning=earning).first()
    withdraw_lines([earning.pk], reason=reason, by=by, at=at)
    parts = accrue(_parts(earning, charge, minor, seconds), by=by, at=at)
    trail.record("payments.split_line", earning, by=by, at=at, reason=reason, changes={"minor": minor})
    _hold_on(parts, held, at)
    return parts[0], parts[1]


def _parts(earning: Earning, charge: Charge | None, minor: int, seconds: int | None) -> list[WorkLine]:
    share = Fraction(minor, earning.amount_minor)
    bill = charge.net_minor if charge else 0
    seconds = round_minor(earning.worked_seconds * share) if seconds is None else min(seconds, earning.worked_seconds)
    platform = round_minor(earning.platform_share_minor * share)
    billed = round_minor(bill * share)
    if charge and charge.currency == earning.currency:
        billed = max(billed, minor - platform)
    first, second = _names(earning)
    rest = earning.amount_minor - minor
    return [
        _part(earning, charge, first, pay=minor, platform=platform, bill=billed, seconds=seconds),
        _part(
            earning,
            charge,
            second,
            pay=rest,
            platform=earning.platform_share_minor - platform,
            bill=bill - billed,
            seconds=earning.worked_seconds - seconds,
        ),
    ]


def unsplit(part: str) -> str:
    """This function will return the part that a line had before it was split."""
    return _MARK.sub("", part)


def _names(earning: Earning) -> tuple[str, str]:
    root = unsplit(earning.part)
    rows = Earning.objects.across_brands().filter(
        kind=earning.kind, source_kind=earning.source_kind, source_id=earning.source_id, part__startswith=f"{root}~"
    )
    used = [int(found[1]) for found in map(_MARK.search, rows.values_list("part", flat=True)) if found]
    mark = max(used, default=0) + 1
    return f"{root}~{mark}a", f"{root}~{mark}b"


def _part(
    earning: Earning, charge: Charge | None, name: str, *, pay: int, platform: int, bill: int, seconds: int
) -> WorkLine:
    return line_like(
        earning,
        kind=earning.kind,
        cause=earning.cause,
        source_kind=earning.source_kind,
        source_id=earning.source_id,
        source_event_id=earning.source_event_id,
        version=earning.version,
        part=name,
        pay_minor=pay,
        platform_minor=platform,
        bill_minor=bill,
        worked_seconds=seconds,
        review_ends_at=earning.review_ends_at,
        supersedes_id=earning.pk,
        explanation=part_of(earning.explanation, pay, rule="part_of_line"),
        bill_explanation=part_of(charge.explanation, bill, rule="part_of_line") if charge else {},
    )


def line_like(earning: Earning, **fields: Any) -> WorkLine:
    """This function will return a line for the same agent, program, card and time as an earning, with these fields."""
    common = {
        "brand_id": earning.brand_id,
        "program_id": earning.program_id,
        "agent_id": earning.agent_id,
        "engagement_id": earning.engagement_id,
        "rate_card_id": earning.rate_card_id,
        "currency": earning.currency,
        "worked_from": earning.worked_from,
        "worked_to": earning.worked_to,
        "tier_bp": earning.tier_bp,
        "terms_version_id": earning.terms_version_id,
    }
    return WorkLine(**{**common, **fields})


def part_of(explanation: dict[str, Any], minor: int, *, rule: str) -> dict[str, Any]:
    """This function will explain a part: all steps of the whole, and one that takes the other part away."""
    taken = minor - int(explanation["amount_minor"])
    step = {"code": "each", "rule": rule, "quantity": 1, "amount_minor": taken, "total": str(minor)}
    return {**explanation, "steps": [*explanation["steps"], step], "amount_minor": minor}


def _hold_on(parts: Sequence[Earning], held: Sequence[EarningHold], at: datetime) -> None:
    if not held:
        return
    EarningHold.objects.bulk_create(
        EarningHold(
            earning=part, reason=hold.reason, note=hold.note, until=hold.until, set_at=hold.set_at, set_by=hold.set_by
        )
        for part in parts
        for hold in held
    )
    ids = [part.pk for part in parts]
    Earning.objects.across_brands().filter(pk__in=ids).update(state=EarningState.HELD, held_at=at)
    Charge.objects.across_brands().filter(earning_id__in=ids).update(state=ChargeState.HELD)
    for part in parts:
        part.state, part.held_at = EarningState.HELD, at
