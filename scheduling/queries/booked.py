"""What vetting asks before it takes a right away: how many shifts are booked for the people who lose it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from recruiting.models import Program
from scheduling.models import Claim
from scheduling.states import COMING, ClaimState


class ClaimedWork:
    """Fills vetting's `BookedWork` with claims."""

    def count(self, *, agent_ids: Iterable[UUID], program: Program, since: datetime) -> int:
        """This function will count the claims of those agents in the program that begin or still run after the moment."""
        rows = Claim.objects.for_brand(program.brand_id).filter(
            agent_id__in=list(agent_ids), shift__program=program, ends_at__gt=since
        )
        return rows.filter(state__in=[*COMING, ClaimState.CHECKED_IN]).count()
