"""What talking to the other side refuses."""

from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import DomainError


class BadSignature(DomainError):
    """A webhook that is unsigned, wrongly signed, stale or from the future. Nothing of it is kept."""

    code = "bad_signature"
    default_message = _("The signature is not valid.")


class RailUnavailable(DomainError):
    """The other side could not be read just now. Nothing was changed by asking."""

    code = "rail_unavailable"
    default_message = _("The payment provider does not answer just now. Nothing was changed; try again in a minute.")


class UnknownRemote(DomainError):
    """The other side has nothing under this reference."""

    code = "unknown_remote"
    default_message = _("The payment provider knows nothing under this reference.")


class DifferencesOpen(DomainError):
    """A frozen rail opens only when the comparison with the other side is clean, both ways."""

    code = "differences_open"
    default_message = _(
        "Compare the books with the rail first: a full reconciliation without open differences is needed."
    )
