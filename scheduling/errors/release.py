"""What waves, draws, exchange of seats and the day refuse."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import DomainError


class WindowNotOpen(DomainError):
    """The draw takes no wishes now."""

    code = "window_not_open"
    default_message = _("This draw takes no wishes now. Look at when it opens and closes.")


class WindowNotSettled(DomainError):
    """The step does not follow where the draw stands."""

    code = "window_not_settled"
    default_message = _("This draw is at another step. Reload the page to see where it stands.")


class WaveNotOpen(DomainError):
    """No first-come wave is open to this agent yet."""

    code = "wave_not_open"
    default_message = _("This shift is not open to you yet.")

    def __init__(self, message: str = "", *, opens_at: datetime | None = None) -> None:
        self.opens_at = opens_at
        super().__init__(message, context={"opens_at": opens_at.isoformat()} if opens_at else None)


class CapReached(DomainError):
    """The wave's share of the seats, or the agent's share of the draw, is used up."""

    code = "cap_reached"
    default_message = _("The share of seats for this stage is taken. The rest opens later.")


class CommitBudgetReached(DomainError):
    """The agent holds as many hours as one may this early."""

    code = "commit_budget_reached"
    default_message = _(
        "You hold as many hours of this week as one may this early. More opens 24 hours before each shift."
    )


class OpenClaimsReached(DomainError):
    """The agent holds as many coming shifts as their reliability allows."""

    code = "open_claims_reached"
    default_message = _(
        "You hold as many coming shifts as your reliability allows. Work or give back one of them first."
    )

    def __init__(self, message: str = "", *, limit: int = 0) -> None:
        self.limit = limit
        super().__init__(message, context={"limit": limit})


class BudgetTooSmall(DomainError):
    """The money set aside does not cover it."""

    code = "budget_too_small"
    default_message = _("The budget that was set aside does not cover this.")

    def __init__(self, message: str = "", *, shortfall_minor: int = 0, currency: str = "") -> None:
        self.shortfall_minor = shortfall_minor
        super().__init__(message, context={"shortfall_minor": shortfall_minor, "currency": currency})


class InputChanged(DomainError):
    """What a plan was made from is no longer so."""

    code = "input_changed"
    default_message = _("Seats or people changed since this plan was made. Make it again.")


class NothingToFill(DomainError):
    """No open seat starts late enough for somebody to be booked into it and decline in peace."""

    code = "nothing_to_fill"
    default_message = _(
        "There is nothing to fill: every open seat is taken, still in a draw, or starts within 4 hours."
    )


class AutoFillRunning(DomainError):
    """A plan for these seats is being made or applied."""

    code = "auto_fill_running"
    default_message = _("Auto-fill is at work on this request. Wait until it is done.")


class AutoFillNotAllowed(DomainError):
    """The agent does not let auto-fill book them, or not any more."""

    code = "auto_fill_not_allowed"
    default_message = _("They do not let auto-fill book them any more.")


class InvitationExpired(DomainError):
    """The seat was held until then and is no longer."""

    code = "invitation_expired"
    default_message = _(
        "This invitation is over. You keep your place for the next seat if you join the waitlist again."
    )


class WaitlistClosed(DomainError):
    """There is no line to join: seats are free, or the shift is no longer open."""

    code = "waitlist_closed"
    default_message = _("There is no waitlist to join for this shift.")


class SwapNotOpen(DomainError):
    """The offer is gone or not for this agent."""

    code = "swap_not_open"
    default_message = _("This swap is no longer open.")


class TooLateToSwap(DomainError):
    """Swaps end half an hour before the start."""

    code = "too_late_to_swap"
    default_message = _("Swaps end 30 minutes before the start.")


class NotConfirmable(DomainError):
    """Confirming opens a day before the start and ends two hours before it."""

    code = "not_confirmable"
    default_message = _("Confirming opens 24 hours before the start and ends 2 hours before it.")


class NoStandby(DomainError):
    """No standby place is free, or the claim is no standby."""

    code = "no_standby"
    default_message = _("There is no standby place to take or to call.")


class ExcuseClosed(DomainError):
    """There is nothing to excuse, or it was asked before."""

    code = "excuse_closed"
    default_message = _("There is nothing to excuse here, or you have asked already.")


class VtoClosed(DomainError):
    """The offer is taken, over or not for this claim."""

    code = "vto_closed"
    default_message = _("This offer is over: every place is taken, or its time has passed.")


class RemedyGone(DomainError):
    """The remedy was acted on, dismissed or came too late."""

    code = "remedy_gone"
    default_message = _("This remedy is no longer on offer. Look at the board again.")


class TooManyProofs(DomainError):
    """Proofs are large; whoever downloads many makes a pause."""

    code = "too_many_requests"
    status = 429
    default_message = _("So many proofs were downloaded from here in one minute that we make a pause.")
