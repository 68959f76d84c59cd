"""What is told because time passed, not because a fact was stated: once a claim, once a place in line."""

from datetime import datetime
from typing import Final
from uuid import UUID

from celery import shared_task
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gigcx.kernel import clock
from gigcx.kernel.intervals import zone_of
from gigcx.notify.actions import notify_all
from gigcx.notify.registries import Message
from gigcx.tenancy.actors import Actor
from gigcx.web.formats import period_text
from scheduling import actions
from scheduling.models import Claim
from scheduling.queries import releases, waits
from scheduling.tasks.core import each

CONFIRM: Final = "confirm_shift"
INVITATION: Final = "seat_invitation"


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def sweep_reminders() -> None:
    """This function will ask holders to confirm, tell the line of unconfirmed seats, and void points of retaken ones."""
    at = clock.now()
    each(remind_to_confirm, "claim_id", releases.claims_to_remind(at=at))
    each(tell_first_in_line, "shift_id", waits.shifts_with_unconfirmed(at=at))
    each(actions.void_points_of_retaken, "claim_id", releases.claims_that_retook(at=at))


def remind_to_confirm(*, claim_id: UUID, by: Actor, at: datetime) -> None:
    """This function will tell a holder once that the claim is to be confirmed, and what happens otherwise."""
    claim = Claim.objects.across_brands().select_related("agent__user").get(pk=claim_id)
    when = period_text(claim.starts_at, claim.ends_at, zone_of(claim.agent.user.timezone))
    title = _("Confirm your shift: %(when)s") % {"when": when}
    text = _("From 2 hours before the start, somebody on the waitlist may take a seat that is not confirmed.")
    page = reverse("scheduling:claim", kwargs={"claim_id": claim.pk})
    told = Message(claim.agent.user_id, title, text, page, _("Confirm"))
    notify_all([told], kind_code=CONFIRM, event_id=claim.pk, occurred_at=at, at=at)


def tell_first_in_line(*, shift_id: UUID, by: Actor, at: datetime) -> None:
    """This function will tell whoever is first in line, once, that the seat of a holder who did not confirm is theirs to take."""
    entry = waits.line_of(shift_id).filter(auto_accept=False).select_related("agent__user", "shift").first()
    if entry is None:
        return
    when = period_text(entry.shift.starts_at, entry.shift.ends_at, zone_of(entry.agent.user.timezone))
    title = _("A seat may be yours: %(when)s") % {"when": when}
    text = _("Its holder has not confirmed. You are first in line: take it if you want it.")
    told = Message(entry.agent.user_id, title, text, reverse("scheduling:schedule"), _("Take it"))
    notify_all([told], kind_code=INVITATION, event_id=entry.pk, occurred_at=at, at=at)
