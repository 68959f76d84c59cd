"""Excuses agents ask for: what may be asked, what is left for free, what waits for an answer."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor
from scheduling.models import AgentCalendar, Claim, Excusal
from scheduling.states import ClaimState, ExcusalState, ExcuseReason

FREE_EXCUSES: Final = 2
FREE_WITHIN: Final = timedelta(days=90)
ASK_WITHIN: Final = timedelta(days=14)
_ASKABLE: Final = (
    ClaimState.NO_SHOW,
    ClaimState.RELEASED,
    ClaimState.CHECKED_IN,
    ClaimState.WORKED,
    ClaimState.VERIFIED,
)


def excuse_for(actor: Actor, excusal_id: UUID) -> Excusal:
    """This function will return the excuse: ops' and the brand's to see, or the agent's own.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    found = Excusal.objects.for_actor(actor).select_related("claim__shift", "incident").filter(pk=excusal_id).first()
    if found is None:
        raise NotFound
    return found


def can_ask_excuse(claim: Claim, *, at: datetime) -> bool:
    """This function will tell whether there is something to excuse: points that count, within two weeks, asked once."""
    if claim.points >= 0 or claim.state not in _ASKABLE or at > claim.ends_at + ASK_WITHIN:
        return False
    return not Excusal.objects.across_brands().filter(claim=claim, incident__isnull=True).exists()


def free_excuses_left(agent_id: UUID, *, at: datetime, for_update: bool = False) -> int:
    """This function will return how many of the two free excuses of the last 90 days are left.

    With `for_update`, inside a transaction, the agent's calendar is held: of two asked at once, the second sees the first.
    """
    if for_update:
        list(AgentCalendar.objects.across_brands().select_for_update(no_key=True, of=("self",)).filter(pk=agent_id))
    used = Excusal.objects.across_brands().filter(
        agent_id=agent_id,
        reason_class=ExcuseReason.FREE,
        state=ExcusalState.GRANTED,
        created_at__gt=at - FREE_WITHIN,
    )
    return max(0, FREE_EXCUSES - used.count())


def excuses_waiting() -> QuerySet[Excusal]:
    """This function will return excuses nobody answered yet, the one due first leading, for ops."""
    rows = Excusal.objects.across_brands().filter(state=ExcusalState.REQUESTED)
    return rows.select_related("claim__shift__program", "agent__user", "brand").order_by("due_at", "pk")


def excuses_to_grant(*, at: datetime) -> list[UUID]:
    """This function will return excuses that nobody answered in time."""
    rows = Excusal.objects.across_brands().filter(state=ExcusalState.REQUESTED, due_at__lte=at)
    return list(rows.order_by("due_at", "pk").values_list("pk", flat=True))


def excusals_of_claim(claim: Claim) -> list[Excusal]:
    """This function will return what was asked and what incidents excused on a claim, oldest first."""
    rows = Excusal.objects.across_brands().filter(claim=claim).exclude(state=ExcusalState.VOID)
    return list(rows.select_related("incident").order_by("created_at", "pk"))
