"""What agents are told about the seats they hold, and in which words."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gigcx.audit.outbox import Delivered
from gigcx.notify.registries import Kind, Message, kind, tell
from gigcx.web.formats import period_text
from scheduling.events import ClaimCancelledByBrand, ClaimExcused
from scheduling.models import Claim
from scheduling.queries.holding import held_claims, hindrances
from vetting.events import EligibilityLost


def register() -> None:
    """This function will register the kinds of notices and who gets them."""
    kind(Kind("seat_ended", _("Seats taken off your schedule"), is_urgent=True, is_mandatory=True))
    kind(Kind("seat_at_risk", _("Seats you may lose"), is_mandatory=True, stale_after=timedelta(hours=12)))
    tell(ClaimCancelledByBrand, "seat_ended", claim_cancelled)
    tell(ClaimExcused, "seat_ended", claim_excused)
    tell(EligibilityLost, "seat_at_risk", eligibility_lost)


def claim_cancelled(fact: ClaimCancelledByBrand, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the holder that the brand took the seat back, and why."""
    return _ended(fact.claim_id, _("The brand cancelled your shift: %(when)s"), fact.reason)


def claim_excused(fact: ClaimExcused, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the holder that the seat is not theirs any more, why, and that it costs nothing."""
    if fact.points_void:
        return _ended(fact.claim_id, _("Excused, its points are void: %(when)s"), fact.reason)
    return _ended(fact.claim_id, _("Your shift is off your schedule, without points: %(when)s"), fact.reason)


def eligibility_lost(fact: EligibilityLost, delivered: Delivered) -> Iterable[Message]:
    """This function will warn a holder of coming seats: until when they are kept, and what is missing."""
    held = [claim for claim in held_claims(fact.agent_id, fact.program_id) if claim.starts_at > delivered.at]
    reasons = hindrances(held[0], at=delivered.at) if held else ()
    if not reasons:
        return []
    title = ngettext_lazy(
        "You may lose %(n)s shift in %(program)s", "You may lose %(n)s shifts in %(program)s", len(held)
    ) % {"n": len(held), "program": held[0].shift.program.name}
    words = _("%(reason)s A shift opens to others 12 hours before it starts if this is not mended by then.")
    text = words % {"reason": reasons[0].sentence}
    return [Message(held[0].agent.user_id, title, text, reverse("vetting:learn"), _("What is missing"))]


def _ended(claim_id: UUID, title: Any, reason: str) -> Iterable[Message]:
    claim = Claim.objects.across_brands().select_related("agent__user").filter(pk=claim_id).first()
    if claim is None:
        return []
    when = {"when": period_text(claim.starts_at, claim.ends_at)}
    return [Message(claim.agent.user_id, title % when, reason, _claim_page(claim), _("Open the shift"))]


def _claim_page(claim: Claim) -> str:
    return reverse("scheduling:claim", kwargs={"claim_id": claim.pk})
