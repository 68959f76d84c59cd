"""What requests, quotes, claims and the desk refuse."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import DomainError, Invalid


class IntervalsInvalid(Invalid):
    """Demand that cannot be right. `problems` names the cell: row and column, or the interval."""

    code = "intervals_invalid"


class OutsideWeek(Invalid):
    """A time that is not part of the request's week, or not on the 15-minute grid."""

    code = "outside_week"


class RequestNotEditable(DomainError):
    """Published demand changes by adding or reducing seats, not by typing over it."""

    code = "request_not_editable"
    default_message = _("This request is published. Pencil more demand beside it, or cancel it.")


class NothingToDesign(DomainError):
    """No demand has been typed."""

    code = "nothing_to_design"
    default_message = _("Nothing is pencilled in yet. Type how many agents you need, then make shifts.")


class DesignRunning(DomainError):
    """The designer is at work on this request."""

    code = "design_running"
    default_message = _("Shifts are being made for this request. It takes a few seconds.")


class NoRateCard(DomainError):
    """Nothing can be priced without an active rate card."""

    code = "no_rate_card"
    default_message = _("The program has no active rate card. Publish one first, then plan capacity.")


class QuoteExpired(DomainError):
    """The price shown no longer holds."""

    code = "quote_expired"
    default_message = _("This price is no longer valid. Make the shifts again to see today's price.")


class FundsRefused(DomainError):
    """There is not enough money behind the request."""

    code = "funds_refused"
    default_message = _("There is not enough in the account to cover this request.")

    def __init__(self, message: str = "", *, shortfall_minor: int = 0, currency: str = "", cause: str = "") -> None:
        self.shortfall_minor = shortfall_minor
        self.cause = cause
        super().__init__(message, context={"shortfall_minor": shortfall_minor, "currency": currency, "cause": cause})


class FeeChanged(DomainError):
    """What a cancellation costs is not what was shown."""

    code = "fee_changed"
    default_message = _("What cancelling means has changed since you looked. Look again before you cancel.")


class ShiftNotOpen(DomainError):
    """The shift cannot be claimed: not announced yet, cancelled or over."""

    code = "shift_not_open"
    default_message = _("This shift is no longer open.")


class SeatsPaused(ShiftNotOpen):
    """A payment of the brand failed: seats that were free then wait, those held are worked."""

    code = "seats_paused"
    default_message = _("New seats of this shift are paused. They open again once the brand's account is settled.")


class ShiftFull(DomainError):
    """Somebody faster took the last seat."""

    code = "shift_full"
    default_message = _("Someone was faster: the last seat of this shift is taken.")


class SeatGone(ShiftFull):
    """Somebody came late to a shift marked as missed, and the seat was given on."""

    code = "seat_gone"
    default_message = _(
        "Your seat went to somebody else. You are first in line for the next one, and will be told at once."
    )


class ShiftChanged(DomainError):
    """The pay went down or the time moved since the agent saw it."""

    code = "shift_changed"
    default_message = _("The pay for this shift changed since you opened the page. Look at it again before you claim.")


class NotEligible(DomainError):
    """Identity, certificate, terms or standing do not allow the work; carries reasons and what fixes them."""

    code = "not_eligible"
    default_message = _("You cannot take this shift yet.")

    def __init__(self, message: str = "", *, reasons: Sequence[Any] = (), next_steps: Sequence[Any] = ()) -> None:
        self.reasons = tuple(reasons)
        self.next_steps = tuple(next_steps)
        sentence = message or (str(self.reasons[0].sentence) if self.reasons else "")
        super().__init__(
            sentence,
            context={
                "reasons": [{"code": one.code, "sentence": str(one.sentence)} for one in self.reasons],
                "next_steps": [{"code": one.code, "label": str(one.label), "url": one.url} for one in self.next_steps],
            },
        )


class OverlapsOtherShift(DomainError):
    """The agent already works then. Only the agent learns when."""

    code = "overlaps_other_shift"
    default_message = _("You already work at that time.")

    def __init__(self, message: str = "", *, other_claim_id: UUID | None = None) -> None:
        self.other_claim_id = other_claim_id
        super().__init__(message, context={"other_claim_id": str(other_claim_id)} if other_claim_id else None)


class HoursExceeded(DomainError):
    """The claim would pass the day's or the week's limit."""

    code = "hours_exceeded"
    default_message = _("This would be more hours than your limit allows.")


class RestTooShort(DomainError):
    """The claim would leave too little rest."""

    code = "rest_too_short"
    default_message = _("This would leave you less than 8 hours of rest in a day.")


class UndoOver(DomainError):
    """The time to undo has passed."""

    code = "undo_over"
    default_message = _("The time to undo is over. You can still give the seat back.")


class PointsChanged(DomainError):
    """Releasing costs another number of points than was shown."""

    code = "points_changed"
    default_message = _("What giving this seat back costs has changed since you looked.")

    def __init__(self, message: str = "", *, points: int = 0, context: Mapping[str, Any] | None = None) -> None:
        self.points = points
        super().__init__(message, context={"points": points, **(context or {})})


class TooEarly(DomainError):
    """Check-in opens ten minutes before the start."""

    code = "too_early"
    default_message = _("Check-in opens 10 minutes before the start.")


class TooLate(DomainError):
    """Past the point where the shift can still be joined."""

    code = "too_late"
    default_message = _("It is too late to check in to this shift.")


class SessionElsewhere(DomainError):
    """The desk is open on another device."""

    code = "session_elsewhere"
    default_message = _("Your desk is open on another device. Check out there, or close it and wait 90 seconds.")


class SessionOver(DomainError):
    """The session has ended."""

    code = "session_over"
    default_message = _("This session has ended.")


class NothingVerifiable(DomainError):
    """The claim is not in a state that can be verified."""

    code = "nothing_verifiable"
    default_message = _("These minutes cannot be confirmed now.")


class TryAgain(DomainError):
    """The database was busy three times in a row."""

    code = "try_again"
    default_message = _("Too many people wanted this at once. Nothing was changed; try again in a moment.")
