"""How much of what an agent owes one payout may carry."""

from typing import Final

CAP_BP: Final = 2_000  # a fifth of a payout


def net_clawback(payable_minor: int, owed_minor: int, cap_bp: int = CAP_BP) -> int:
    """This function will return how much of `owed_minor` a payout of `payable_minor` carries; the rest waits.

    Both in minor units, `cap_bp` in basis points of the payout. Rounded down, in the agent's favor; never below zero.
    """
    return max(0, min(owed_minor, payable_minor * cap_bp // 10_000))
