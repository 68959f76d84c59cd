"""Once a day: how much work each engagement could have claimed."""

from datetime import datetime

from django.db import transaction

from gigcx.tenancy.actors import Actor
from scheduling.models import OfferedMinutes
from scheduling.queries.offered import offered_yesterday


@transaction.atomic
def count_offered_minutes(*, by: Actor, at: datetime) -> int:
    """Write down yesterday's offered minutes, one row an engagement and local day; running again changes nothing.

    Returns how many engagements were counted.
    """
    rows = [
        OfferedMinutes(
            brand_id=one.brand_id,
            engagement_id=one.engagement_id,
            agent_id=one.agent_id,
            on_date=one.on_date,
            minutes=one.minutes,
        )
        for one in offered_yesterday(at=at)
    ]
    OfferedMinutes.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1_000)
    return len(rows)
