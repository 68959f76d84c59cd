"""States of requests, shifts, claims and sessions, and which may follow which."""

from datetime import timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.states import moves


class RequestState(TextChoices):
    """Where a capacity request stands."""

    DRAFT = "draft", _("Pencilled")
    QUOTED = "quoted", _("Priced")
    EXPIRED = "expired", _("Expired")
    AWAITING_APPROVAL = "awaiting_approval", _("Waiting for approval")
    PUBLISHED = "published", _("Published")
    LIVE = "live", _("Live")
    COMPLETED = "completed", _("Completed")
    RECONCILED = "reconciled", _("Reconciled")
    CANCELLED = "cancelled", _("Cancelled")


_R = RequestState
REQUEST_MOVES: Final = moves(
    {
        _R.DRAFT: {_R.QUOTED, _R.CANCELLED},
        _R.QUOTED: {_R.DRAFT, _R.EXPIRED, _R.PUBLISHED, _R.AWAITING_APPROVAL},
        _R.EXPIRED: {_R.DRAFT},
        _R.AWAITING_APPROVAL: {_R.PUBLISHED, _R.DRAFT},
        _R.PUBLISHED: {_R.LIVE, _R.CANCELLED},
        _R.LIVE: {_R.COMPLETED, _R.CANCELLED},
        _R.COMPLETED: {_R.RECONCILED},
        _R.RECONCILED: set(),
        _R.CANCELLED: set(),
    }
)
PLANNING: Final = (_R.DRAFT, _R.QUOTED, _R.AWAITING_APPROVAL)
COMMITTED: Final = (_R.PUBLISHED, _R.LIVE, _R.COMPLETED, _R.RECONCILED)


class DesignState(TextChoices):
    """Where the making of a request's shifts stands."""

    NONE = "none", _("Not asked for")
    QUEUED = "queued", _("Being made")
    DONE = "done", _("Made")


class ShiftState(TextChoices):
    """Where a shift stands."""

    DRAFT = "draft", _("Pencilled")
    ANNOUNCED = "announced", _("Announced")
    COLLECTING = "collecting", _("Collecting wishes")
    OPEN = "open", _("Open")
    STARTED = "started", _("Running")
    ENDED = "ended", _("Ended")
    CANCELLED = "cancelled", _("Cancelled")


_S = ShiftState
SHIFT_MOVES: Final = moves(
    {
        _S.DRAFT: {_S.ANNOUNCED, _S.CANCELLED},
        _S.ANNOUNCED: {_S.COLLECTING, _S.OPEN, _S.CANCELLED},
        _S.COLLECTING: {_S.OPEN, _S.CANCELLED},
        _S.OPEN: {_S.STARTED, _S.CANCELLED},
        _S.STARTED: {_S.ENDED, _S.CANCELLED},
        _S.ENDED: set(),
        _S.CANCELLED: set(),
    }
)
CLAIMABLE: Final = (_S.OPEN,)
STANDING: Final = (_S.ANNOUNCED, _S.COLLECTING, _S.OPEN, _S.STARTED, _S.ENDED)


class ClaimState(TextChoices):
    """Where a claim stands."""

    CLAIMED = "claimed", _("Yours")
    CONFIRMED = "confirmed", _("Confirmed")
    CHECKED_IN = "checked_in", _("Checked in")
    WORKED = "worked", _("Worked")
    DISPUTED = "disputed", _("Disputed")
    VERIFIED = "verified", _("Verified")
    UNDONE = "undone", _("Undone")
    RELEASED = "released", _("Given back")
    SWAPPED = "swapped", _("Swapped")
    NO_SHOW = "no_show", _("Missed")
    EXCUSED = "excused", _("Excused")
    BRAND_CANCELLED = "brand_cancelled", _("Cancelled by the brand")


_C = ClaimState
CLAIM_MOVES: Final = moves(
    {
        _C.CLAIMED: {
            _C.CONFIRMED,
            _C.UNDONE,
            _C.RELEASED,
            _C.SWAPPED,
            _C.CHECKED_IN,
            _C.NO_SHOW,
            _C.BRAND_CANCELLED,
        },
        _C.CONFIRMED: {_C.UNDONE, _C.RELEASED, _C.SWAPPED, _C.CHECKED_IN, _C.NO_SHOW, _C.BRAND_CANCELLED},
        _C.CHECKED_IN: {_C.WORKED},
        _C.WORKED: {_C.DISPUTED, _C.VERIFIED},
        _C.DISPUTED: {_C.WORKED},
        _C.VERIFIED: set(),
        _C.UNDONE: set(),
        _C.RELEASED: {_C.EXCUSED},
        _C.SWAPPED: set(),
        _C.NO_SHOW: {_C.CHECKED_IN, _C.EXCUSED},
        _C.EXCUSED: set(),
        _C.BRAND_CANCELLED: set(),
    }
)
OCCUPYING: Final = (_C.CLAIMED, _C.CONFIRMED, _C.CHECKED_IN, _C.WORKED, _C.DISPUTED, _C.VERIFIED)
COMING: Final = (_C.CLAIMED, _C.CONFIRMED)
DONE: Final = (_C.WORKED, _C.DISPUTED, _C.VERIFIED)


class ClaimKind(TextChoices):
    """What the agent holds."""

    SEAT = "seat", _("Seat")
    STANDBY = "standby", _("Standby")


class ClaimSource(TextChoices):
    """How the claim came about."""

    FIRST_COME = "first_come", _("First come")
    DRAW = "draw", _("Draw")
    WAITLIST = "waitlist", _("Waitlist")
    SWAP = "swap", _("Swap")
    AUTO_FILL = "auto_fill", _("Auto-fill")
    REMEDY = "remedy", _("Remedy")


class SessionState(TextChoices):
    """What an agent at the desk is doing."""

    CHALLENGE = "challenge", _("Presence check")
    READY = "ready", _("Ready")
    ON_CONTACT = "on_contact", _("On contact")
    WRAP = "wrap", _("Wrapping up")
    AUX = "aux", _("Paused")
    LOST = "lost", _("Connection lost")
    ENDED = "ended", _("Checked out")


_W = SessionState
_LIVE = {_W.READY, _W.ON_CONTACT, _W.WRAP, _W.AUX}
SESSION_MOVES: Final = moves(
    {
        _W.CHALLENGE: {_W.READY, _W.ENDED},
        **{state: (_LIVE - {state}) | {_W.CHALLENGE, _W.LOST, _W.ENDED} for state in _LIVE},
        _W.LOST: {_W.READY, _W.ENDED},
        _W.ENDED: set(),
    }
)
WORKING: Final = (_W.READY, _W.ON_CONTACT, _W.WRAP, _W.AUX)
PAID: Final = (_W.READY, _W.ON_CONTACT, _W.WRAP)


class IdleCause(TextChoices):
    """Why somebody ready had nothing to do; it decides who pays the minute."""

    VOLUME = "volume", _("No contacts")
    BRAND = "brand", _("The brand")
    PLATFORM = "platform", _("The platform")
    AGENT = "agent", _("The agent")


class Payer(TextChoices):
    """Whose money a minute is."""

    BRAND = "brand", _("Brand")
    PLATFORM = "platform", _("Platform")
    AGENT = "agent", _("Nobody")


# The clock of a working day: how early one may come, what is late, when nobody is waited for, what silence means.
CHECK_IN_BEFORE: Final = timedelta(minutes=10)
LATE_AFTER: Final = timedelta(minutes=5)
NO_SHOW_AFTER: Final = timedelta(minutes=10)
GAP: Final = timedelta(seconds=90)
GONE_AFTER: Final = timedelta(minutes=15)
OVERRUN: Final = timedelta(minutes=20)
