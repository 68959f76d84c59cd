"""What shifts pay on top of the card: now for who claims, and for good for who holds."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from scheduling.models import Claim, Incentive

Step = tuple[datetime, int]


def incentive_of(claim: Claim) -> int:
    """This function will return what the holder gets on top of each hour, in minor units.

    The highest step in force at any moment from the claim to the shift's end: a raise reaches who claimed before it, a
    cut never does, and claiming again never earns more than having claimed early.
    """
    return incentives_of([claim])[claim.pk]


def incentives_of(claims: Iterable[Claim]) -> dict[UUID, int]:
    """This function will return the same for many claims with one query."""
    held = list(claims)
    steps = _steps({claim.shift_id for claim in held})
    return {claim.pk: _best(steps.get(claim.shift_id, ()), claim.claimed_at, claim.ends_at) for claim in held}


def incentive_now(shift_ids: Iterable[UUID], at: datetime) -> dict[UUID, int]:
    """This function will return, per shift that has one, what claiming now pays on top of each hour, in minor units."""
    in_force = {shift_id: _best(steps, at, at) for shift_id, steps in _steps(set(shift_ids)).items()}
    return {shift_id: amount for shift_id, amount in in_force.items() if amount}


def _steps(shift_ids: set[UUID]) -> dict[UUID, list[Step]]:
    rows = Incentive.objects.across_brands().filter(shift_id__in=shift_ids).order_by("announced_at")
    found: dict[UUID, list[Step]] = {}
    for shift_id, announced_at, amount in rows.values_list("shift_id", "announced_at", "per_hour_minor"):
        found.setdefault(shift_id, []).append((announced_at, amount))
    return found


def _best(steps: Sequence[Step], since: datetime, until: datetime) -> int:
    """The step in force at `since`, and every one announced after it and before the end."""
    before = [amount for announced_at, amount in steps if announced_at <= since]
    later = [amount for announced_at, amount in steps if since < announced_at < until]
    return max([*before[-1:], *later], default=0)
