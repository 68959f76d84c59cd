"""What payouts refuse: at once, and by bank file."""

from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import DomainError, Invalid


class NotOffered(DomainError):
    """An instant payout is not possible now; the message says why."""

    code = "not_offered"
    default_message = _("An instant payout is not possible right now.")


class AboveAvailable(Invalid):
    """More was asked for than is ready."""

    code = "above_available"
    default_message = _("That is more than is available. Ask for a new quote.")


class QuoteExpired(DomainError):
    """The quote's time is over."""

    code = "quote_expired"
    default_message = _("This quote has ended. Ask for a new one; the fee is the same.")


class NothingToExport(DomainError):
    """No payout waits for a file."""

    code = "nothing_to_export"
    default_message = _("No started run on the bank file rail has a payout that waits for a file.")
