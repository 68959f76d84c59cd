"""Reads around sealed draws: which shifts a window gives, who may enter, what the public may see and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, AgentActor
from recruiting.models import Engagement
from recruiting.queries import in_known_language
from recruiting.states import OPEN_ENGAGEMENT_STATES
from scheduling.models import ClaimWindow, DrawEntry, Shift
from scheduling.states import DrawEntryState, ShiftState, WaveAudience, WindowState

UNSETTLED: Final = (WindowState.COMMITTED, WindowState.OPEN, WindowState.CLOSED, WindowState.DRAWN)
# Until a window is closed nobody learns how many entered.
SEALED: Final = (WindowState.COMMITTED, WindowState.OPEN)
DRAWN_ENTRIES: Final = (
    DrawEntryState.FROZEN,
    DrawEntryState.WON,
    DrawEntryState.WAITLISTED,
    DrawEntryState.LOST,
)


def shifts_drawn_later(request_id: UUID) -> set[str]:
    """This function will return the ids of a request's shifts that some draw, not settled yet, still gives."""
    rows = ClaimWindow.objects.across_brands().filter(wave__request_id=request_id, state__in=UNSETTLED)
    return {shift for result in rows.values_list("result", flat=True) for shift in result.get("shifts", ())}


def windows_of_shifts(shift_ids: Iterable[UUID]) -> dict[UUID, list[ClaimWindow]]:
    """This function will return the draws, not void, of each shift in order of opening: one query."""
    wanted = set(shift_ids)
    requests = Shift.objects.across_brands().filter(pk__in=wanted).values("request_id")
    rows = ClaimWindow.objects.across_brands().filter(wave__request_id__in=requests, state__in=UNSETTLED)
    found: dict[UUID, list[ClaimWindow]] = {}
    for window in rows.select_related("wave").order_by("opens_at", "pk"):
        for shift_id in wanted.intersection(UUID(one) for one in window.result.get("shifts", ())):
            found.setdefault(shift_id, []).append(window)
    return found


def public_window(window_id: UUID) -> ClaimWindow:
    """This function will return a draw for anybody.

    Raises:
        NotFound: there is none.
    """
    rows = ClaimWindow.objects.across_brands().select_related("wave__request__program", "brand")
    found = rows.filter(pk=window_id).first()
    if found is None:
        raise NotFound
    return found


def voided_beside(window: ClaimWindow) -> list[ClaimWindow]:
    """This function will return the draws of the same wave that were voided, the earliest first, the one given left out."""
    rows = ClaimWindow.objects.across_brands().filter(wave_id=window.wave_id, state=WindowState.VOID)
    return list(rows.exclude(pk=window.pk).order_by("created_at", "pk"))


def window_for(actor: Actor, window_id: UUID) -> ClaimWindow:
    """This function will return a draw: the brand's own, or one of a program the agent is engaged in.

    Raises:
        NotFound: there is none, or it is not the actor's.
    """
    found = public_window(window_id)
    if isinstance(actor, AgentActor):
        if engagement_in(actor.agent_id, found) is None:
            raise NotFound
        return found
    if not ClaimWindow.objects.for_actor(actor).filter(pk=window_id).exists():
        raise NotFound
    return found


def engagement_in(agent_id: UUID, window: ClaimWindow) -> Engagement | None:
    """This function will return the agent's open engagement in the draw's program, or None."""
    rows = Engagement.objects.across_brands().filter(agent_id=agent_id, state__in=OPEN_ENGAGEMENT_STATES)
    return rows.filter(program_id=window.wave.request.program_id).order_by("pk").first()


def is_for(window: ClaimWindow, engagement: Engagement) -> bool:
    """This function will tell whether the draw is for somebody with this engagement."""
    return window.wave.audience != WaveAudience.FAVORITES or engagement.is_favorite


def takes_wishes(window: ClaimWindow, at: datetime) -> bool:
    """This function will tell whether wishes are taken: the row's times decide, not the sweep."""
    return window.state in SEALED and window.opens_at <= at < window.closes_at


def shifts_of_window(window: ClaimWindow) -> QuerySet[Shift]:
    """This function will return the shifts of a draw in order of time, cancelled ones left out."""
    rows = Shift.objects.across_brands().filter(pk__in=window.result.get("shifts", []))
    return rows.exclude(state=ShiftState.CANCELLED).order_by("starts_at", "ends_at", "pk")


def entry_of(agent_id: UUID, window_id: UUID) -> DrawEntry | None:
    """This function will return the agent's entry in a draw, or None."""
    return DrawEntry.objects.across_brands().filter(agent_id=agent_id, window_id=window_id).first()


def entries_of_agent(agent_id: UUID, window_ids: Iterable[UUID]) -> dict[UUID, DrawEntry]:
    """This function will return the agent's entries in many draws by window: one query."""
    rows = DrawEntry.objects.across_brands().filter(agent_id=agent_id, window_id__in=list(window_ids))
    return {entry.window_id: entry for entry in rows}


def result_entries(agent_id: UUID, *, since: datetime) -> QuerySet[DrawEntry]:
    """This function will return the agent's entries in draws revealed since, the latest first."""
    rows = DrawEntry.objects.across_brands().filter(agent_id=agent_id, window__revealed_at__gte=since)
    return rows.select_related("window__wave__request__program").order_by("-window__revealed_at", "pk")


def open_windows(agent_id: UUID, at: datetime) -> list[ClaimWindow]:
    """This function will return the draws that take the agent's wishes now, those that close first first."""
    engagements = Engagement.objects.across_brands().filter(agent_id=agent_id, state__in=OPEN_ENGAGEMENT_STATES)
    mine = {one.program_id: one for one in engagements}
    rows = ClaimWindow.objects.across_brands().filter(
        wave__request__program_id__in=mine, state__in=SEALED, opens_at__lte=at, closes_at__gt=at
    )
    rows = rows.filter(in_known_language(agent_id, "wave__request__language"))
    found = rows.select_related("wave__request__program__brand").order_by("closes_at", "pk")
    return [one for one in found if is_for(one, mine[one.wave.request.program_id])]


@dataclass(frozen=True, slots=True)
class FoundReceipt:
    """What the proof says about one receipt."""

    receipt: str
    state: str
    tickets: int | None
    wishes: tuple[str, ...]
    won: tuple[str, ...]
    reason: str


def find_receipt(window: ClaimWindow, receipt: str) -> FoundReceipt | None:
    """This function will return what became of a receipt; nothing before the close, and wishes only after the reveal."""
    if window.state in SEALED:
        return None
    entry = DrawEntry.objects.across_brands().filter(window=window, receipt=receipt.strip().lower()).first()
    if entry is None:
        return None
    is_open = window.state == WindowState.REVEALED
    return FoundReceipt(
        receipt=entry.receipt,
        state=str(entry.get_state_display()),
        tickets=entry.tickets,
        wishes=tuple(entry.wishes) if is_open else (),
        won=tuple(entry.outcome.get("won", ())) if is_open else (),
        reason=entry.reason,
    )


def draw_proof(window: ClaimWindow) -> dict[str, Any]:
    """This function will return what the public may know of a draw at its present state, as the script reads it.

    Before the close the commitment and the shifts; from the close the digest with its lines and seats; from the reveal
    everything.
    """
    proof: dict[str, Any] = {
        "protocol": "gigcx-draw-1",
        "window": str(window.pk),
        "state": window.state,
        "opens_at": window.opens_at.isoformat(),
        "closes_at": window.closes_at.isoformat(),
        "commitment": window.commitment,
    }
    if window.state in SEALED:
        return proof | {"shifts": [_slot(one) for one in shifts_of_window(window)]}
    proof |= {"digest": window.entries_digest, "lines": window.result.get("lines", [])}
    proof |= {"shifts": window.result.get("slots", [])}
    if window.state == WindowState.VOID:
        return proof | {"seed": window.revealed_seed, "void_reason": window.void_reason}
    return proof | _revealed(window) if window.state == WindowState.REVEALED else proof


def _slot(shift: Shift) -> dict[str, Any]:
    return {"shift": str(shift.pk), "starts_at": shift.starts_at.isoformat(), "ends_at": shift.ends_at.isoformat()}


def _revealed(window: ClaimWindow) -> dict[str, Any]:
    rows = DrawEntry.objects.across_brands().filter(window=window)
    drawn = rows.filter(state__in=DRAWN_ENTRIES).order_by("receipt")
    removed = rows.filter(state=DrawEntryState.REMOVED).order_by("receipt")
    return {
        "seed": window.revealed_seed,
        "entries": [entry_in_proof(one) for one in drawn],
        "removed": [{"receipt": one.receipt, "reason": one.reason} for one in removed],
        "winners": window.result.get("winners", []),
        "waitlist": window.result.get("waitlist", {}),
        "passed_over": window.result.get("passed_over", []),
    }


def entry_in_proof(entry: DrawEntry) -> dict[str, Any]:
    """This function will return one entry as the proof states it."""
    return {
        "receipt": entry.receipt,
        "pseudonym": entry.pseudonym,
        "wishes": entry.wishes,
        "asked_minutes": entry.max_minutes,
        "nonce": entry.nonce,
        "tickets": entry.tickets,
        "minutes": entry.outcome.get("minutes"),
        "struck": entry.outcome.get("struck", []),
    }
