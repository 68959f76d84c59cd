"""Freezing what a payout paid and why."""

from collections.abc import Sequence
from datetime import datetime

from payments.documents import RENDERER_VERSION, canonical, digest
from payments.models import Earning, PayoutItem, Statement
from payments.queries.statements import statement_content


def issue_statement(item: PayoutItem, earnings: Sequence[Earning], *, at: datetime) -> Statement:
    """This function will freeze a settled item's statement: canonical bytes and their hash, never changed again.

    Runs inside the transaction that settles the item, after its journal. `earnings` come with brand and program.
    """
    number = f"PS-{at:%Y}-{item.pk.hex[-16:].upper()}"  # 62 bits of chance: two alike would stop a payout
    snapshot = canonical(statement_content(item, earnings, number=number, at=at))
    return Statement.objects.create(
        agent_id=item.agent_id,
        item=item,
        number=number,
        snapshot=snapshot,
        sha256=digest(snapshot),
        renderer_version=RENDERER_VERSION,
        issued_at=at,
    )
