"""What agents and brands are told about seats that change hands, and points that are void because a seat was retaken."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gigcx.audit.hints import hint
from gigcx.audit.outbox import Delivered, listen
from gigcx.audit.trail import history_of
from gigcx.kernel.intervals import zone_of
from gigcx.notify.registries import Kind, Message, kind, tell
from gigcx.tenancy.actors import SystemActor
from gigcx.tenancy.queries import members_with
from gigcx.tenancy.roles import Permission
from gigcx.web.formats import clock_text, period_text
from recruiting.models import Agent
from scheduling import actions
from scheduling.events import (
    ClaimReleased,
    ClaimSwapped,
    InvitationSent,
    SeatRetaken,
    ShiftClaimed,
    StandbyPromoted,
    SwapAwaitsApproval,
    SwapOffered,
    SwapRefused,
)
from scheduling.models import Claim, SwapOffer, WaitlistEntry
from scheduling.states import ClaimSource, SwapState, WaitState
from scheduling.tasks.exchange import accept_for_waiting
from scheduling.tasks.reminders import CONFIRM, INVITATION

POINTS = SystemActor("reliability points")


def register() -> None:
    """This function will register what is heard and told."""
    kind(Kind(INVITATION, _("Invitations from a waitlist"), is_urgent=True, stale_after=timedelta(minutes=55)))
    kind(Kind("seat_given", _("Seats you were given"), is_urgent=True, stale_after=timedelta(hours=6)))
    kind(Kind(CONFIRM, _("Shifts to confirm"), stale_after=timedelta(hours=20)))
    kind(Kind("swap", _("Swaps of your shifts")))
    kind(Kind("swap_to_approve", _("Swaps that wait for your word"), reaches=Permission.PLAN_CAPACITY))
    listen(ShiftClaimed, "scheduling.void_points_of_retaken", void_after_claim)
    listen(StandbyPromoted, "scheduling.void_points_of_retaken", void_after_claim)
    listen(InvitationSent, "scheduling.accept_for_waiting", take_for_waiting)
    tell(InvitationSent, INVITATION, invited)
    tell(ShiftClaimed, "seat_given", seat_given)
    tell(StandbyPromoted, "seat_given", promoted)
    tell(ClaimReleased, "seat_ended", seat_lost)
    tell(SeatRetaken, "swap", retaken)
    tell(SwapOffered, "swap", offered)
    tell(ClaimSwapped, "swap", swapped)
    tell(SwapRefused, "swap", refused)
    tell(SwapAwaitsApproval, "swap_to_approve", to_approve)


def void_after_claim(event: ShiftClaimed | StandbyPromoted, delivered: Delivered) -> None:
    """This function will void the points of the seat that this claim has retaken, if any."""
    actions.void_points_of_retaken(claim_id=event.claim_id, by=POINTS, at=delivered.at)


def take_for_waiting(event: InvitationSent, delivered: Delivered) -> None:
    """This function will hint that a seat is to be taken for somebody who wants no question; the sweep does it otherwise."""
    if WaitlistEntry.objects.across_brands().filter(pk=event.entry_id, auto_accept=True).exists():
        hint(accept_for_waiting, entry_id=str(event.entry_id))


def invited(fact: InvitationSent, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the next in line that a seat is held for them, and until when."""
    rows = WaitlistEntry.objects.across_brands().filter(pk=fact.entry_id, state=WaitState.INVITED, auto_accept=False)
    entry = rows.select_related("shift", "agent__user").first()
    if entry is None:
        return []
    zone = zone_of(entry.agent.user.timezone)
    title = _("A seat is yours if you want it: %(when)s") % {
        "when": period_text(entry.shift.starts_at, entry.shift.ends_at, zone)
    }
    text = _("It is held for you until %(until)s.") % {"until": clock_text(fact.expires_at, zone)}
    return [Message(entry.agent.user_id, title, text, reverse("scheduling:schedule"), _("Answer"))]


def seat_given(fact: ShiftClaimed, delivered: Delivered) -> Iterable[Message]:
    """This function will tell an agent about a seat they did not press for at that moment."""
    claim = _claim(fact.claim_id)
    if claim is None:
        return []
    waits = WaitlistEntry.objects.across_brands().filter(claim=claim, auto_accept=True)
    is_news = claim.source == ClaimSource.REMEDY or (claim.source == ClaimSource.WAITLIST and waits.exists())
    return [_about(claim, _("You have a seat: %(when)s"))] if is_news else []


def promoted(fact: StandbyPromoted, delivered: Delivered) -> Iterable[Message]:
    """This function will call somebody from standby."""
    claim = _claim(fact.claim_id)
    text = _("You are called from standby. Go to the desk now if the shift has begun.")
    return [_about(claim, _("You are needed: %(when)s"), text)] if claim else []


def seat_lost(fact: ClaimReleased, delivered: Delivered) -> Iterable[Message]:
    """This function will tell a holder whose seat ended without their pressing anything: not confirmed, or paused.

    Which of the two is read from the claim's own history: the profile may be paused or back for other reasons by now.
    """
    claim = _claim(fact.claim_id) if fact.reason else None
    if claim is None:
        return []
    is_passed_on = history_of(claim).filter(action="scheduling.take_over_claim").exists()
    title = _("Your seat went to somebody else: %(when)s") if is_passed_on else _("Off your schedule: %(when)s")
    cost = _("It costs %(n)s points.") % {"n": -fact.points} if fact.points else _("It costs no points.")
    return [_about(claim, title, f"{fact.reason} {cost}")]


def retaken(fact: SeatRetaken, delivered: Delivered) -> Iterable[Message]:
    """This function will tell who gave a seat back that it costs nothing after all."""
    claim = _claim(fact.claim_id)
    text = _("Somebody else took the seat. The %(n)s points are void.") % {"n": -fact.points_void}
    return [_about(claim, _("No points for %(when)s"), text)] if claim else []


def offered(fact: SwapOffered, delivered: Delivered) -> Iterable[Message]:
    """This function will tell an agent that a colleague offers a shift to them by name."""
    offer = _offer(fact.offer_id)
    receiver = Agent.objects.across_brands().select_related("user").filter(pk=fact.to_agent_id).first()
    if offer is None or receiver is None or offer.state != SwapState.OPEN:
        return []
    zone = zone_of(receiver.user.timezone)
    title = _("%(who)s offers you a shift: %(when)s") % {
        "who": offer.agent.handle,
        "when": period_text(offer.claim.starts_at, offer.claim.ends_at, zone),
    }
    return [Message(receiver.user_id, title, "", reverse("scheduling:swaps"), _("Look at it"))]


def swapped(fact: ClaimSwapped, delivered: Delivered) -> Iterable[Message]:
    """This function will tell giver and taker that the shift has changed hands."""
    old, new = _claim(fact.claim_id), _claim(fact.new_claim_id)
    if old is None or new is None:
        return []
    gone = _about(old, _("Taken over, you are free: %(when)s"))
    return [gone, _about(new, _("The shift is yours now: %(when)s"))]


def refused(fact: SwapRefused, delivered: Delivered) -> Iterable[Message]:
    """This function will tell giver and taker that the brand said no, and why."""
    offer = _offer(fact.offer_id)
    taker = Agent.objects.across_brands().select_related("user").filter(pk=fact.taker_id).first()
    if offer is None or taker is None:
        return []
    page = reverse("scheduling:swaps")
    giver = Message(
        offer.agent.user_id, _("Your swap was refused. The shift is still yours."), fact.reason, page, _("Open swaps")
    )
    return [giver, Message(taker.user_id, _("The swap was refused."), fact.reason, page, _("Open swaps"))]


def to_approve(fact: SwapAwaitsApproval, delivered: Delivered) -> Iterable[Message]:
    """This function will ask the brand's planners, and say what silence means."""
    offer = _offer(fact.offer_id)
    if offer is None or offer.state != SwapState.PENDING_APPROVAL:
        return []
    zone = zone_of(offer.brand.timezone)
    words = {
        "program": offer.claim.shift.program.name,
        "when": period_text(offer.claim.starts_at, offer.claim.ends_at, zone),
    }
    text = _("Without your word until %(until)s the swap goes through.") % {"until": clock_text(fact.decide_by, zone)}
    page = reverse("scheduling:swaps-to-approve", kwargs={"slug": offer.brand.slug})
    return [
        Message(
            member.pk,
            _("A swap waits for you: %(program)s, %(when)s") % words,
            text,
            page,
            _("Decide"),
            brand_id=offer.brand_id,
        )
        for member in members_with(offer.brand_id, Permission.PLAN_CAPACITY)
    ]


def _claim(claim_id: UUID) -> Claim | None:
    return Claim.objects.across_brands().select_related("agent__user").filter(pk=claim_id).first()


def _offer(offer_id: UUID) -> SwapOffer | None:
    rows = SwapOffer.objects.across_brands().select_related("claim__shift__program", "agent__user", "brand")
    return rows.filter(pk=offer_id).first()


def _about(claim: Claim, title: object, text: object = "") -> Message:
    when = period_text(claim.starts_at, claim.ends_at, zone_of(claim.agent.user.timezone))
    page = reverse("scheduling:claim", kwargs={"claim_id": claim.pk})
    return Message(claim.agent.user_id, title % {"when": when}, text, page, _("Open the shift"))  # type: ignore[operator, arg-type]  # lazy texts
