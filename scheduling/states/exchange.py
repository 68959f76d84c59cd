"""States of seats that change hands: waitlists and swaps."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.states import moves


class WaitSource(TextChoices):
    """How somebody came into the line."""

    JOINED = "joined", _("Joined")
    DRAW = "draw", _("Draw")
    FULL = "full", _("Was late by a moment")


class WaitState(TextChoices):
    """Where a place in the line stands."""

    WAITING = "waiting", _("Waiting")
    INVITED = "invited", _("Invited")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Not answered")
    SKIPPED = "skipped", _("Passed over")
    LEFT = "left", _("Left")


_W = WaitState
WAIT_MOVES: Final = moves(
    {
        _W.WAITING: {_W.INVITED, _W.SKIPPED, _W.LEFT},
        _W.INVITED: {_W.ACCEPTED, _W.DECLINED, _W.EXPIRED, _W.SKIPPED},
        _W.ACCEPTED: set(),
        _W.DECLINED: set(),
        _W.EXPIRED: set(),
        _W.SKIPPED: set(),
        _W.LEFT: set(),
    }
)


class SwapKind(TextChoices):
    """What a swap offers."""

    GIVE = "give", _("Give away")
    TRADE = "trade", _("Trade")


class SwapState(TextChoices):
    """Where a swap stands."""

    OPEN = "open", _("Open")
    PENDING_APPROVAL = "pending_approval", _("Waiting for the brand")
    TAKEN = "taken", _("Taken")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


_S = SwapState
SWAP_MOVES: Final = moves(
    {
        _S.OPEN: {_S.TAKEN, _S.PENDING_APPROVAL, _S.WITHDRAWN, _S.EXPIRED},
        _S.PENDING_APPROVAL: {_S.TAKEN, _S.OPEN, _S.WITHDRAWN, _S.EXPIRED},
        _S.TAKEN: set(),
        _S.WITHDRAWN: set(),
        _S.EXPIRED: set(),
    }
)
