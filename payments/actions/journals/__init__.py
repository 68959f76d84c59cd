"""What each thing that happens to money means in the books, by noun."""

from payments.actions.journals.clawbacks import netted, unnetted
from payments.actions.journals.lines import (
    accrual,
    accrual_key,
    accrual_legs,
    came_back,
    credited,
    payable,
    platform_pays,
    rail_available,
    rail_funded,
    reserved,
    reversals,
    transferred,
    unreserved,
)

__all__ = [
    "accrual",
    "accrual_key",
    "accrual_legs",
    "came_back",
    "credited",
    "netted",
    "payable",
    "platform_pays",
    "rail_available",
    "rail_funded",
    "reserved",
    "reversals",
    "transferred",
    "unnetted",
    "unreserved",
]
