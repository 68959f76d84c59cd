"""Swaps: what an agent is offered, has offered and may decide; what waits for a brand; what is due."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, AgentActor
from recruiting.models import Engagement
from recruiting.queries import in_known_language
from recruiting.states import OPEN_ENGAGEMENT_STATES
from scheduling.models import Claim, SchedulingRules, SwapOffer
from scheduling.states import COMING, ClaimKind, SwapKind, SwapState

SWAP_UNTIL: Final = timedelta(minutes=30)
DECIDE_WITHIN: Final = timedelta(hours=2)
STANDING_SWAPS: Final = (SwapState.OPEN, SwapState.PENDING_APPROVAL)
_SHOWN: Final = ("claim__shift__program", "claim__rate_card", "brand", "agent__user", "for_claim", "taker__user")


def swap_closes_at(claim: Claim, for_claim: Claim | None = None) -> datetime:
    """This function will return until when the claim, and what it is traded for, may change hands."""
    return min(one.starts_at for one in (claim, for_claim) if one is not None) - SWAP_UNTIL


def can_offer_swap(claim: Claim, *, at: datetime) -> bool:
    """This function will tell whether the holder may still offer the claim to others."""
    return claim.state in COMING and claim.kind == ClaimKind.SEAT and at < swap_closes_at(claim)


def swap_for(actor: Actor, offer_id: UUID) -> SwapOffer:
    """This function will return a swap that the actor may see: giver, taker, whom it is open to, or the brand.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
    """
    rows = SwapOffer.objects.across_brands() if isinstance(actor, AgentActor) else SwapOffer.objects.for_actor(actor)
    found = rows.select_related(*_SHOWN, "for_claim__shift", "claim__shift").filter(pk=offer_id).first()
    if found is None or (isinstance(actor, AgentActor) and not _is_seen_by(found, actor.agent_id)):
        raise NotFound
    return found


def _is_seen_by(offer: SwapOffer, agent_id: UUID) -> bool:
    if agent_id in {offer.agent_id, offer.taker_id, offer.to_agent_id}:
        return True
    return offer.to_agent_id is None and offer.claim.shift.program_id in set(_programs_of(agent_id))


def _programs_of(agent_id: UUID) -> QuerySet[Engagement, UUID]:
    rows = Engagement.objects.across_brands().filter(agent_id=agent_id, state__in=OPEN_ENGAGEMENT_STATES)
    return rows.values_list("program_id", flat=True)


def swap_board(agent_id: UUID, *, at: datetime) -> list[SwapOffer]:
    """This function will return the open offers of others that this agent may take, those by name first, soonest first."""
    rows = SwapOffer.objects.across_brands().filter(
        state=SwapState.OPEN, expires_at__gt=at, claim__state__in=list(COMING)
    )
    open_to_all = Q(to_agent__isnull=True, claim__shift__program__in=_programs_of(agent_id))
    mine = Q(to_agent_id=agent_id) | (open_to_all & in_known_language(agent_id, "claim__shift__language"))
    found = rows.filter(mine).exclude(agent_id=agent_id).select_related(*_SHOWN)
    soonest = list(found.order_by("claim__starts_at", "pk"))
    return sorted(soonest, key=lambda one: one.to_agent_id is None)


def offers_of(agent_id: UUID, *, at: datetime) -> list[SwapOffer]:
    """This function will return what the agent has on offer, or has taken and waits for, soonest first."""
    rows = SwapOffer.objects.across_brands().filter(state__in=list(STANDING_SWAPS), expires_at__gt=at)
    found = rows.filter(Q(agent_id=agent_id) | Q(taker_id=agent_id)).select_related(*_SHOWN)
    return list(found.order_by("claim__starts_at", "pk"))


def open_offer_of(claim: Claim) -> SwapOffer | None:
    """This function will return the standing offer of a claim, or None."""
    rows = SwapOffer.objects.across_brands().filter(claim=claim, state__in=list(STANDING_SWAPS))
    return rows.select_related(*_SHOWN).first()


def swaps_to_approve(actor: Actor) -> list[SwapOffer]:
    """This function will return the swaps that wait for the brand's word, the most urgent first."""
    rows = SwapOffer.objects.for_actor(actor).filter(state=SwapState.PENDING_APPROVAL)
    return list(rows.select_related(*_SHOWN).order_by("decide_by", "pk"))


def tradable_claims(agent_id: UUID, *, at: datetime) -> dict[UUID, list[Claim]]:
    """This function will return the agent's own coming seats that could be given in return for another, by program."""
    rows = Claim.objects.across_brands().of_agent(agent_id)
    seats = rows.filter(state__in=list(COMING), kind=ClaimKind.SEAT, starts_at__gt=at + SWAP_UNTIL)
    free = seats.exclude(swap_offers__state__in=list(STANDING_SWAPS)).select_related("shift")
    found: dict[UUID, list[Claim]] = {}
    for claim in free.order_by("starts_at", "pk"):
        found.setdefault(claim.shift.program_id, []).append(claim)
    return found


def is_swap_approved_by_brand(program_id: UUID) -> bool:
    """This function will tell whether the brand has a say in swaps of the program."""
    rules = SchedulingRules.objects.across_brands().filter(program_id=program_id).first()
    return bool(rules and rules.is_swap_approved)


def swaps_to_decide(*, at: datetime) -> list[UUID]:
    """This function will return swaps on which the brand was silent for as long as it may be."""
    rows = SwapOffer.objects.across_brands().filter(state=SwapState.PENDING_APPROVAL, decide_by__lte=at)
    return list(rows.order_by("decide_by", "pk").values_list("pk", flat=True))


def swaps_to_expire(*, at: datetime) -> list[UUID]:
    """This function will return offers past their cut-off, or of claims that are not coming any more."""
    rows = SwapOffer.objects.across_brands().filter(state__in=list(STANDING_SWAPS))
    over = Q(expires_at__lte=at) | ~Q(claim__state__in=list(COMING))
    dead_trade = Q(kind=SwapKind.TRADE) & ~Q(for_claim__state__in=list(COMING))
    return list(rows.filter(over | dead_trade).order_by("pk").values_list("pk", flat=True))
