"""What a chosen instant fee means in the books: the agent's ready money pays it, and gets it back where it was not instant."""

from datetime import datetime

from payments.actions.journals.lines import accrual_key
from payments.ledger import Leg, Posting, agent_account, credit, debit, mirrored, platform_account
from payments.models import Earning, Journal
from payments.states import JournalKind


def fee_taken(fee: Earning, *, actor: str, at: datetime) -> Posting:
    """This function will state that a fee came out of the agent's ready money."""
    return Posting(accrual_key(fee), JournalKind.INSTANT_FEE, _legs(fee), at, "earning", fee.pk, actor)


def fee_undone(fee: Earning, *, actor: str, at: datetime, reason: str) -> Posting:
    """This function will mirror a fee whose payout did not happen."""
    taken = Journal.objects.values_list("pk", flat=True).get(posting_key=accrual_key(fee))
    return Posting(
        posting_key=f"reverse:{fee.pk}",
        kind=JournalKind.INSTANT_FEE,
        legs=mirrored(_legs(fee)),
        effective_at=at,
        source_kind="earning",
        source_id=fee.pk,
        actor=actor,
        reason=reason,
        reverses_id=taken,
    )


def _legs(fee: Earning) -> tuple[Leg, ...]:
    return (
        debit(agent_account(fee.agent_id, "payable", fee.currency), -fee.money),
        credit(platform_account("revenue.instant_fee", fee.currency), -fee.money),
    )
