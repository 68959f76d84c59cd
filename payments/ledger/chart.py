"""The chart of accounts: which accounts exist, which side they normally have, and who owns them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from payments.states import OwnerKind

PLATFORM_ID: Final = UUID(int=0)
DEBIT: Final = 1
CREDIT: Final = -1

BRAND_ACCOUNTS: Final = {"wallet": CREDIT, "hold": CREDIT, "unbilled": DEBIT, "receivable": DEBIT}
AGENT_ACCOUNTS: Final = {"accrued": CREDIT, "payable": CREDIT, "in_transit": CREDIT, "clawback": DEBIT}
_PLATFORM_SIDES: Final = {"revenue": CREDIT, "expense": DEBIT, "tax": CREDIT, "rail": DEBIT, "bank": DEBIT, "fx": DEBIT}


@dataclass(frozen=True, slots=True, order=True)
class AccountRef:
    """Names one account; it is opened when first used."""

    code: str
    owner_kind: str
    owner_id: UUID
    currency: str

    @property
    def normal_side(self) -> int:
        """1 where debits raise it, -1 where credits do."""
        if self.owner_kind == OwnerKind.PLATFORM:
            return _PLATFORM_SIDES[self.code.split(".", 1)[0]]
        return (BRAND_ACCOUNTS if self.owner_kind == OwnerKind.BRAND else AGENT_ACCOUNTS)[self.code]

    @property
    def has_running_balance(self) -> bool:
        """Agents and brands only: the platform's accounts are hot and read as snapshot plus tail."""
        return self.owner_kind != OwnerKind.PLATFORM

    @property
    def may_go_negative(self) -> bool:
        """No agent's and no brand's account ever does."""
        return self.owner_kind == OwnerKind.PLATFORM


def agent_account(agent_id: UUID, code: str, currency: str) -> AccountRef:
    """This function will name an agent's account: accrued, payable, in_transit or clawback."""
    if code not in AGENT_ACCOUNTS:
        raise KeyError(code)
    return AccountRef(code, OwnerKind.AGENT, agent_id, currency)


def brand_account(brand_id: UUID, code: str, currency: str) -> AccountRef:
    """This function will name a brand's account: wallet, hold, unbilled or receivable."""
    if code not in BRAND_ACCOUNTS:
        raise KeyError(code)
    return AccountRef(code, OwnerKind.BRAND, brand_id, currency)


def platform_account(code: str, currency: str) -> AccountRef:
    """This function will name one of the platform's accounts, such as revenue.margin or rail.sandbox.available."""
    if code.split(".", 1)[0] not in _PLATFORM_SIDES:
        raise KeyError(code)
    return AccountRef(code, OwnerKind.PLATFORM, PLATFORM_ID, currency)
