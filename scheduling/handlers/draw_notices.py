"""What agents are told about draws they entered."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gigcx.audit.outbox import Delivered
from gigcx.notify.registries import Kind, Message, kind, tell
from scheduling.events import DrawRevealed, WindowVoided
from scheduling.models import DrawEntry
from scheduling.states import DrawEntryState


def register() -> None:
    """This function will register the kinds of notices and who gets them."""
    kind(Kind("draw_result", _("Results of draws"), stale_after=timedelta(days=3)))
    tell(DrawRevealed, "draw_result", draw_revealed)
    tell(WindowVoided, "draw_result", draw_voided)


def draw_revealed(fact: DrawRevealed, delivered: Delivered) -> Iterable[Message]:
    """This function will tell everybody who entered how the draw went for them, with the way to why."""
    rows = DrawEntry.objects.across_brands().filter(window_id=fact.window_id)
    entered = rows.exclude(state=DrawEntryState.WITHDRAWN)
    known = entered.select_related("agent", "window__wave__request__program").order_by("pk")
    return [_result(entry) for entry in known]


def draw_voided(fact: WindowVoided, delivered: Delivered) -> Iterable[Message]:
    """This function will tell everybody who entered that their wishes fell away, and where to wish again."""
    rows = DrawEntry.objects.across_brands().filter(window_id=fact.window_id).exclude(state=DrawEntryState.WITHDRAWN)
    again = fact.next_window_id or fact.window_id
    return [
        Message(
            entry.agent.user_id,
            _("A draw you entered was voided"),
            entry.window.void_reason,
            reverse("scheduling:draw", kwargs={"window_id": again}),
            _("Rank your wishes again") if fact.next_window_id else _("Look at it"),
        )
        for entry in rows.select_related("agent", "window").order_by("pk")
    ]


def _result(entry: DrawEntry) -> Message:
    program = {"program": entry.window.wave.request.program.name}
    won = len(entry.outcome.get("won", ()))
    if won:
        title = ngettext_lazy("You won %(n)s shift in %(program)s", "You won %(n)s shifts in %(program)s", won) % {
            "n": won,
            **program,
        }
        text = _("It is on your schedule. The page of the draw says how each wish went.")
    elif entry.state == DrawEntryState.WAITLISTED:
        title = _("No seat in the draw of %(program)s, you are in line") % program
        text = _("A seat that comes free is offered to you in your turn.")
    else:
        title = _("No seat in the draw of %(program)s") % program
        text = _("The page of the draw says why.")
    address = reverse("scheduling:draw", kwargs={"window_id": entry.window_id})
    return Message(entry.agent.user_id, title, text, address, _("See the result"))
