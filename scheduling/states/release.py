"""States of the release: waves, draws, entries, incentives, auto-fill."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.states import moves


class WaveAudience(TextChoices):
    """Who a wave is for."""

    FAVORITES = "favorites", _("Favorites")
    TIER = "tier", _("From a tier on")
    EVERYONE = "everyone", _("Everyone eligible")


class WaveMode(TextChoices):
    """How a wave gives seats."""

    DRAW = "draw", _("Sealed draw")
    FIRST_COME = "first_come", _("First come, first served")


class WaveState(TextChoices):
    """Where a wave stands."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


WAVE_MOVES: Final = moves(
    {
        WaveState.PLANNED: {WaveState.OPEN, WaveState.CLOSED},
        WaveState.OPEN: {WaveState.CLOSED},
        WaveState.CLOSED: set(),
    }
)


class WindowState(TextChoices):
    """Where a sealed draw stands."""

    COMMITTED = "committed", _("Committed")
    OPEN = "open", _("Open for wishes")
    CLOSED = "closed", _("Closed")
    DRAWN = "drawn", _("Drawn")
    REVEALED = "revealed", _("Revealed")
    VOID = "void", _("Void")


_W = WindowState
WINDOW_MOVES: Final = moves(
    {
        _W.COMMITTED: {_W.OPEN, _W.VOID},
        _W.OPEN: {_W.CLOSED, _W.VOID},
        _W.CLOSED: {_W.DRAWN, _W.VOID},
        _W.DRAWN: {_W.REVEALED},
        _W.REVEALED: set(),
        _W.VOID: set(),
    }
)


class DrawEntryState(TextChoices):
    """Where an agent's wishes in a draw stand."""

    ENTERED = "entered", _("Entered")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REMOVED = "removed", _("Removed")
    FROZEN = "frozen", _("In the draw")
    WON = "won", _("Won")
    WAITLISTED = "waitlisted", _("On the waitlist")
    LOST = "lost", _("Not drawn")


_E = DrawEntryState
DRAW_ENTRY_MOVES: Final = moves(
    {
        _E.ENTERED: {_E.ENTERED, _E.WITHDRAWN, _E.FROZEN, _E.REMOVED},
        _E.WITHDRAWN: {_E.ENTERED},
        _E.REMOVED: set(),
        _E.FROZEN: {_E.WON, _E.WAITLISTED, _E.LOST},
        _E.WON: set(),
        _E.WAITLISTED: set(),
        _E.LOST: set(),
    }
)


class IncentiveCause(TextChoices):
    """Who raised the pay of a shift."""

    BRAND = "brand", _("The brand")
    LADDER = "ladder", _("The incentive ladder")
    REMEDY = "remedy", _("A remedy")


class AssignmentState(TextChoices):
    """Where a run of auto-fill stands."""

    QUEUED = "queued", _("Being solved")
    SOLVED = "solved", _("Ready to look at")
    APPLIED = "applied", _("Applied")
    DISCARDED = "discarded", _("Discarded")


ASSIGNMENT_MOVES: Final = moves(
    {
        AssignmentState.QUEUED: {AssignmentState.SOLVED, AssignmentState.DISCARDED},
        AssignmentState.SOLVED: {AssignmentState.APPLIED, AssignmentState.DISCARDED},
        AssignmentState.APPLIED: set(),
        AssignmentState.DISCARDED: set(),
    }
)
