"""What agents are told by auto-fill: a seat that was booked for them, or seats they could take."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gigcx.audit.outbox import Delivered
from gigcx.kernel.intervals import zone_of
from gigcx.notify.registries import Kind, Message, kind, tell
from gigcx.web.formats import period_text
from recruiting.models import Agent
from scheduling.events import AgentInvitedToFill, SeatBooked
from scheduling.models import AssignmentRun, CapacityRequest, Claim, Shift
from scheduling.queries.releases import free_until
from scheduling.states import COMING, ShiftState


def register() -> None:
    """This function will register the kinds of notices and who gets them."""
    kind(Kind("seat_booked", _("Shifts that auto-fill booked for you"), is_mandatory=True))
    kind(Kind("seats_to_take", _("Open shifts at times you are free"), stale_after=timedelta(hours=12)))
    tell(SeatBooked, "seat_booked", seat_booked)
    tell(AgentInvitedToFill, "seats_to_take", invited)


def seat_booked(fact: SeatBooked, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent which shift is theirs and until when they may decline it."""
    rows = Claim.objects.across_brands().select_related("agent__user", "shift__program")
    claim = rows.filter(pk=fact.claim_id, state__in=list(COMING)).first()
    if claim is None:
        return []
    title = _("You are booked: %(when)s") % {"when": period_text(claim.starts_at, claim.ends_at)}
    words = _("%(program)s. You allowed auto-fill to book you. Decline it free of charge until %(until)s.")
    until = free_until(claim).astimezone(zone_of(claim.agent.user.timezone or "UTC"))
    text = words % {"program": claim.shift.program.name, "until": f"{until:%a %-d %b, %H:%M}"}
    url = reverse("scheduling:claim", kwargs={"claim_id": claim.pk})
    return [Message(claim.agent.user_id, title, text, url, _("Look at it, keep or decline"))]


def invited(fact: AgentInvitedToFill, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent that seats are open at times they said they are free."""
    agent = Agent.objects.across_brands().filter(pk=fact.agent_id).first()
    request = CapacityRequest.objects.across_brands().select_related("program").filter(pk=fact.request_id).first()
    is_applied = AssignmentRun.objects.across_brands().filter(pk=fact.run_id, applied_at__isnull=False).exists()
    if agent is None or request is None or not is_applied:
        return []
    rows = Shift.objects.across_brands().filter(request=request, state=ShiftState.OPEN, starts_at__gt=delivered.at)
    count = rows.with_seats_to_give().count()
    if not count:
        return []
    title = ngettext_lazy(
        "%(n)s shift is still open in %(program)s", "%(n)s shifts are still open in %(program)s", count
    )
    words = _("Some of them are at times you said you are free.")
    named = {"n": count, "program": request.program.name}
    return [Message(agent.user_id, title % named, words, reverse("scheduling:find"), _("Find work"))]
