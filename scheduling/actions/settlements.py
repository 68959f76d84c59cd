"""From frozen wishes to seats: the draw, the grants one agent a transaction, the reveal, and what follows a void draw.

Every step can be repeated: a worker killed anywhere is followed by one that goes on where it stopped, with the same winners.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox
from gigcx.kernel.errors import DomainError, Invalid, NotAllowed
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, OpsActor, SystemActor
from scheduling.actions import waitlists
from scheduling.actions.claims import grant_claim
from scheduling.actions.seals import open_seed
from scheduling.actions.waves import close_wave, commit_window, locked_shifts, open_undrawn
from scheduling.actions.windows import locked_window, move_window
from scheduling.allocation import Entry, Outcome, Slot, commitment_of, digest_line, digest_of, draw, key_of
from scheduling.errors import ShiftFull, TryAgain, WindowNotSettled
from scheduling.events import DrawRevealed, WindowVoided
from scheduling.models import ClaimWindow, DrawEntry, Shift
from scheduling.queries.draws import shifts_of_window
from scheduling.queries.rules import rules_of
from scheduling.states import (
    DRAW_ENTRY_MOVES,
    ClaimSource,
    DrawEntryState,
    ShiftState,
    WaitSource,
    WindowState,
)

_AT_ONCE: Final = 1_000
_TIME: Final = frozenset(
    {
        "overlaps_other_shift",
        "hours_exceeded",
        "rest_too_short",
        "commit_budget_reached",
        "open_claims_reached",
    }
)
_GONE: Final = frozenset({"shift_not_open", "too_late", "not_found"})
# Public words: what happened, never whose other work or which document.
PASSED_OVER: Final = {
    "eligibility": "no longer eligible for the program",
    "time": "the time or the hours were taken meanwhile",
    "full": "the seat was taken meanwhile",
    "gone": "the shift was no longer on offer",
}


def settle_draw(*, window_id: UUID, by: Actor, at: datetime) -> None:
    """Draw a closed window, book the winners one by one, and reveal everything.

    Raises:
        WindowNotSettled: commitment or digest do not fit what is stored; nothing is drawn then, and ops void the draw.
        TryAgain: the database was busy; what was booked stays, the next run goes on.
    """
    draw_window(window_id=window_id, by=by, at=at)
    for entry_id in winning_entries(window_id):
        grant_entry(entry_id=entry_id, by=by, at=at)
    reveal_window(window_id=window_id, by=by, at=at)


# the draw


@transaction.atomic
def draw_window(*, window_id: UUID, by: Actor, at: datetime) -> None:
    """Work out who gets which seat, once, and write it down. Seats are booked afterwards."""
    window = locked_window(window_id)
    if window.state != WindowState.CLOSED:
        return
    entries = _frozen(window)
    seed = open_seed(window, reason="draw", by=by, at=at)
    _refuse_altered(window, seed, entries)
    found = draw([_entry(one) for one in entries], _slots(window), key_of(seed, window.entries_digest))
    for entry in entries:
        entry.rank = found.ranks[entry.pseudonym]
    DrawEntry.objects.bulk_update(entries, ["rank"], batch_size=_AT_ONCE)
    window.drawn_at = at
    window.result |= {"winners": _winners(found), "waitlist": {key: list(line) for key, line in found.waitlist.items()}}
    window.result |= {"rounds": found.rounds, "passed_over": []}
    move_window(window, WindowState.DRAWN, fields=("drawn_at", "result"), by=by, at=at)


def _frozen(window: ClaimWindow) -> list[DrawEntry]:
    rows = DrawEntry.objects.across_brands().select_for_update(of=("self",))
    return list(rows.filter(window=window, state=DrawEntryState.FROZEN).order_by("pk"))


def _refuse_altered(window: ClaimWindow, seed: bytes, entries: Iterable[DrawEntry]) -> None:
    lines = [
        digest_line(one.receipt, one.tickets or 0, one.outcome["minutes"], one.outcome["struck"]) for one in entries
    ]
    if digest_of(lines) != window.entries_digest or commitment_of(seed, str(window.pk)) != window.commitment:
        raise WindowNotSettled(_("What is stored does not fit what was published. The draw has to be voided."))


def _entry(row: DrawEntry) -> Entry:
    struck = set(row.outcome["struck"])
    wishes = tuple(wish for wish in row.wishes if wish not in struck)
    return Entry(row.pseudonym, wishes, row.tickets or 0, row.outcome["minutes"])


def _slots(window: ClaimWindow) -> list[Slot]:
    return [
        Slot(one["shift"], _seconds(one["starts_at"]), _seconds(one["ends_at"]), one["seats"])
        for one in window.result["slots"]
    ]


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _winners(found: Outcome) -> list[dict[str, Any]]:
    return [{"round": win.round, "pseudonym": win.pseudonym, "shift": win.shift} for win in found.wins]


# the grants


def winning_entries(window_id: UUID) -> list[UUID]:
    """This function will return the entries that won seats and are not booked yet, in the order of the draw."""
    window = ClaimWindow.objects.across_brands().filter(pk=window_id, state=WindowState.DRAWN).first()
    if window is None:
        return []
    names = list(dict.fromkeys(one["pseudonym"] for one in window.result["winners"]))
    rows = DrawEntry.objects.across_brands().filter(window=window, state=DrawEntryState.FROZEN)
    waiting = dict(rows.values_list("pseudonym", "pk"))
    return [waiting[name] for name in names if name in waiting]


@transaction.atomic
def grant_entry(*, entry_id: UUID, by: Actor, at: datetime) -> None:
    """Book the seats one agent won, in one transaction with the note that they were booked.

    Who may not take a seat any more is passed over with a public reason. A second run finds the note and does nothing.
    """
    rows = DrawEntry.objects.across_brands().select_for_update(of=("self",))
    entry = rows.select_related("window", "agent__user", "agent__calendar").get(pk=entry_id)
    if entry.state != DrawEntryState.FROZEN or entry.window.state != WindowState.DRAWN:
        return
    won: list[str] = []
    passed: list[dict[str, str]] = []
    shifts = [one["shift"] for one in entry.window.result["winners"] if one["pseudonym"] == entry.pseudonym]
    for shift in sorted(shifts):
        reason = _granted(entry, shift, by, at)
        if reason:
            passed.append({"shift": shift, "reason": reason})
        else:
            won.append(shift)
    entry.outcome |= {"won": won, "passed": passed}
    _end_entry(entry, DrawEntryState.WON if won else DrawEntryState.LOST)
    entry.save(update_fields=["state", "outcome"])


def _granted(entry: DrawEntry, shift: str, by: Actor, at: datetime) -> str:
    """The public reason why the seat was not given, or nothing."""
    try:
        grant_claim(
            shift_id=UUID(shift),
            agent=entry.agent,
            by=by,
            at=at,
            idempotency_key=f"draw-{entry.window_id}-{shift}",
            source=ClaimSource.DRAW,
        )
    except TryAgain:
        raise
    except DomainError as refused:
        return _public_reason(refused)
    return ""


def _public_reason(refused: DomainError) -> str:
    if refused.code in _TIME:
        return "time"
    if refused.code in _GONE:
        return "gone"
    return "full" if isinstance(refused, ShiftFull) or refused.code == "cap_reached" else "eligibility"


def _end_entry(entry: DrawEntry, target: DrawEntryState) -> None:
    require_move(DRAW_ENTRY_MOVES, entry.state, target)
    entry.state = target


# the reveal


@transaction.atomic
def reveal_window(*, window_id: UUID, by: Actor, at: datetime) -> None:
    """Publish seed, wishes and results once every winner is booked, form the lines, and open what nobody draws any more."""
    window = locked_window(window_id)
    if window.state != WindowState.DRAWN or winning_entries(window_id):
        return
    window.revealed_at = at
    window.revealed_seed = open_seed(window, reason="reveal", by=by, at=at).hex()
    final = set(window.result["shifts"])
    locked_shifts(final, [ShiftState.COLLECTING, ShiftState.OPEN])
    lines = _end_losers(window, final - _drawn_elsewhere(window))
    window.result |= {"passed_over": _passed_over(window)}
    move_window(window, WindowState.REVEALED, fields=("revealed_at", "revealed_seed", "result"), by=by, at=at)
    close_wave(window.wave, by=by, at=at)
    _form_lines(lines, open_undrawn(window.wave.request_id, by=by, at=at), at)
    outbox.publish(
        DrawRevealed(window_id=window.pk, request_id=window.wave.request_id), at=at, brand_id=window.brand_id
    )


def _drawn_elsewhere(window: ClaimWindow) -> set[str]:
    """Shifts that a later draw gives too: their line is formed there."""
    others = ClaimWindow.objects.across_brands().filter(wave__request_id=window.wave.request_id).exclude(pk=window.pk)
    later = others.filter(state__in=[WindowState.COMMITTED, WindowState.OPEN, WindowState.CLOSED])
    return {shift for result in later.values_list("result", flat=True) for shift in result.get("shifts", ())}


def _end_losers(window: ClaimWindow, final: set[str]) -> dict[str, list[UUID]]:
    """Note for everybody else whether they wait; return the line of each shift by agent."""
    rows = list(DrawEntry.objects.across_brands().filter(window=window).order_by("pk"))
    agents = {row.pseudonym: row.agent_id for row in rows}
    lines = {shift: line for shift, line in window.result["waitlist"].items() if shift in final}
    waits: dict[str, list[dict[str, Any]]] = {}
    for shift, line in lines.items():
        for place, name in enumerate(line, 1):
            waits.setdefault(name, []).append({"shift": shift, "place": place})
    losers = [row for row in rows if row.state == DrawEntryState.FROZEN]
    for row in losers:
        row.outcome |= {"waits": waits.get(row.pseudonym, [])}
        _end_entry(row, DrawEntryState.WAITLISTED if row.pseudonym in waits else DrawEntryState.LOST)
    DrawEntry.objects.bulk_update(losers, ["state", "outcome"], batch_size=_AT_ONCE)
    return {shift: [agents[name] for name in line] for shift, line in lines.items()}


def _passed_over(window: ClaimWindow) -> list[dict[str, str]]:
    rows = DrawEntry.objects.across_brands().filter(window=window).order_by("pseudonym")
    return [
        {"pseudonym": row.pseudonym, "shift": one["shift"], "reason": PASSED_OVER[one["reason"]]}
        for row in rows
        for one in row.outcome.get("passed", ())
    ]


def _form_lines(lines: dict[str, list[UUID]], opened: Sequence[Shift], at: datetime) -> None:
    """Waiting lines, and invitations for seats whose winner was passed over."""
    for shift, agent_ids in sorted(lines.items()):
        if agent_ids:
            waitlists.append(UUID(shift), agent_ids, source=WaitSource.DRAW, at=at)
    for one in opened:
        if lines.get(str(one.pk)):
            waitlists.fill_from_line(one.pk, at=at)


# void


@transaction.atomic
def void_window(*, window_id: UUID, reason: str, by: Actor, at: datetime) -> ClaimWindow | None:
    """Take back a draw that is not drawn: its seed and the reason are public, and a new one follows where there is time.

    Returns the new draw, None where its shifts are too near: those open first come.

    Raises:
        NotAllowed: only ops may, and the product itself for a cancelled request. Invalid: no reason.
        MoveRefused: drawn, or void already.
    """
    if not isinstance(by, OpsActor | SystemActor):
        raise NotAllowed
    if not reason.strip():
        raise Invalid(_("Say why: everybody who entered will read it."), field="reason")
    window = locked_window(window_id)
    window.void_reason = reason.strip()
    window.revealed_seed = open_seed(window, reason="void", by=by, at=at).hex()
    move_window(
        window, WindowState.VOID, fields=("void_reason", "revealed_seed"), by=by, at=at, reason=window.void_reason
    )
    _end_all(window)
    follower = _next_window(window, by=by, at=at)
    if follower is None:
        close_wave(window.wave, by=by, at=at)
        open_undrawn(window.wave.request_id, by=by, at=at)
    outbox.publish(
        WindowVoided(
            window_id=window.pk, request_id=window.wave.request_id, next_window_id=follower.pk if follower else None
        ),
        at=at,
        brand_id=window.brand_id,
    )
    return follower


def void_orphan(*, window_id: UUID, by: Actor, at: datetime) -> None:
    """Take back the draw of a request that was cancelled; no other follows, because nothing is left to give.

    Raises:
        NotAllowed: only the product itself and ops.
    """
    void_window(window_id=window_id, reason=_("The request was cancelled."), by=by, at=at)


def _end_all(window: ClaimWindow) -> None:
    rows = DrawEntry.objects.across_brands().filter(window=window)
    words = _("The draw was voided.")
    rows.filter(state=DrawEntryState.ENTERED).update(state=DrawEntryState.REMOVED, reason=words)
    rows.filter(state=DrawEntryState.FROZEN).update(state=DrawEntryState.LOST, reason=words)


def _next_window(window: ClaimWindow, *, by: Actor, at: datetime) -> ClaimWindow | None:
    length: timedelta = window.closes_at - window.opens_at
    begins = max(at, window.opens_at)
    near = timedelta(hours=rules_of(window.wave.request.program).first_come_below_hours)
    elsewhere = _drawn_elsewhere(window)
    shifts = [
        str(one.pk)
        for one in shifts_of_window(window)
        if str(one.pk) not in elsewhere
        and one.state in {ShiftState.ANNOUNCED, ShiftState.COLLECTING}
        and one.starts_at - near >= begins + length
    ]
    if not shifts:
        return None
    return commit_window(window.wave, shifts, by=by, at=at, opens_at=begins, closes_at=begins + length)
