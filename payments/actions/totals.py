"""What a run comes to, and how its checks stand."""

import hashlib
import json
from datetime import datetime

from django.db.models import Count, Max, Sum

from payments.models import PayoutItem, PayoutRun
from payments.queries.runs import Check, run_checks
from payments.states import ItemState


def retotal(run: PayoutRun) -> None:
    """This function will add up the run again. The hash covers every live item, so any change voids approvals."""
    live = PayoutItem.objects.across_brands().filter(run=run).exclude(state=ItemState.CANCELLED)
    sums = live.aggregate(n=Count("pk"), total=Sum("amount_minor"), largest=Max("amount_minor"))
    rows = live.order_by("pk").values_list("pk", "amount_minor", "destination_ref")
    content = json.dumps([[str(pk), amount, ref] for pk, amount, ref in rows], separators=(",", ":"))
    run.item_count, run.total_minor = sums["n"], int(sums["total"] or 0)
    run.largest_minor = int(sums["largest"] or 0)
    run.totals_hash = hashlib.sha256(content.encode()).hexdigest()
    run.save(update_fields=["item_count", "total_minor", "largest_minor", "totals_hash"])


def check_run(run: PayoutRun, *, at: datetime) -> list[Check]:
    """This function will look at every check again, keep the answers with the run and return them."""
    found = run_checks(run, at=at)
    run.checks = [check.as_row() for check in found]
    run.save(update_fields=["checks"])
    return found
