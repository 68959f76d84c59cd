"""What this stage does when it hears a fact. Every handler may run twice."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from gigcx.audit.outbox import Delivered
from gigcx.tenancy.actors import SystemActor
from recruiting.events import AgentBlocked, EngagementEnded, RateCardPublished
from recruiting.states import EndReason
from scheduling import actions
from scheduling.models import Claim
from scheduling.queries.holding import REOPEN_BEFORE, claims_of_engagement, held_claims, hindrances
from scheduling.queries.sweeps import requests_without_card, shifts_to_reprice
from vetting.events import CertificateRevoked, EligibilityLost

PRICES = SystemActor("prices")
ELIGIBILITY = SystemActor("eligibility")
_OF_THE_BRAND = frozenset({EndReason.BRAND_ENDED, EndReason.PROGRAM_CLOSED})


def reprice_shifts(event: RateCardPublished, delivered: Delivered) -> None:
    """This function will price the program's shifts that nobody has started by the new card, and requests that had none."""
    for shift_id in shifts_to_reprice(event.program_id, event.rate_card_id, at=delivered.at):
        actions.reprice_shift(shift_id=shift_id, rate_card_id=event.rate_card_id, by=PRICES, at=delivered.at)
    for request_id in requests_without_card(event.program_id):
        actions.price_again(request_id=request_id, by=PRICES, at=delivered.at)


def end_claims_of_engagement(event: EngagementEnded, delivered: Delivered) -> None:
    """This function will take the seats held under an engagement that ended off the agent's schedule."""
    words = str(EndReason(event.reason).label) if event.reason in EndReason.values else event.reason
    end = actions.cancel_held_claim if event.reason in _OF_THE_BRAND else actions.excuse_held_claim
    for claim_id in claims_of_engagement(event.engagement_id):
        end(claim_id=claim_id, reason=words, by=ELIGIBILITY, at=delivered.at)


def free_seats_of_blocked(event: AgentBlocked, delivered: Delivered) -> None:
    """This function will take back the seats of somebody whom the brand blocked for safety; any other block leaves them."""
    if not event.is_for_safety:
        return
    words = _("The brand has closed its work to you.")
    for claim_id in claims_of_engagement(event.engagement_id):
        actions.excuse_held_claim(claim_id=claim_id, reason=words, by=ELIGIBILITY, at=delivered.at)


def free_revoked_seats(event: CertificateRevoked, delivered: Delivered) -> None:
    """This function will free every seat of an agent whose certificate was taken away: that is for safety, and at once."""
    _free(held_claims(event.agent_id, event.program_id), actions.excuse_held_claim, delivered)


def free_lost_seats(event: EligibilityLost, delivered: Delivered) -> None:
    """This function will free seats too close to wait for a cure, or all of them where it is for safety.

    The others are warned about, and the sweep frees them twelve hours before their start. An engagement that ended
    speaks for itself.
    """
    if event.cause == "engagement":
        return
    held = held_claims(event.agent_id, event.program_id)
    if event.cause == "safety":
        _free(held, actions.excuse_held_claim, delivered)
        return
    soon = [one for one in held if one.starts_at <= delivered.at + REOPEN_BEFORE]
    _free(soon, actions.reopen_held_claim, delivered)


def _free(claims: Iterable[Claim], end: Callable[..., None], delivered: Delivered) -> None:
    found: list[tuple[UUID, str]] = []
    for claim in claims:
        reasons = hindrances(claim, at=delivered.at)  # cured meanwhile, or blocked only: the seat stays
        if reasons:
            found.append((claim.pk, str(reasons[0].sentence)))
    for claim_id, reason in found:
        end(claim_id=claim_id, reason=reason, by=ELIGIBILITY, at=delivered.at)
