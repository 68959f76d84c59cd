"""What tenancy refuses."""

from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import DomainError, Invalid, NotAllowed


class SlugTaken(Invalid):
    """Another brand has that address."""

    code = "slug_taken"
    default_message = _("This address is taken. Choose another one.")


class BrandNotActive(DomainError):
    """The brand may prepare but not trade."""

    code = "brand_not_active"
    default_message = _(
        "This account is not open for business yet. You can prepare everything; publishing opens once it is approved."
    )


class ReasonMissing(Invalid):
    """A decision against somebody needs words."""

    code = "reason_missing"


class AlreadyMember(Invalid):
    """The address belongs to a member already."""

    code = "already_member"
    default_message = _("This person is a member already.")


class InvitationSpent(DomainError):
    """The link was used, withdrawn or is too old."""

    code = "invitation_spent"
    default_message = _("This invitation was used, withdrawn or is older than 14 days. Ask for a new one.")


class InvitationForSomebodyElse(NotAllowed):
    """The link was sent to another address."""

    code = "invitation_for_somebody_else"
    default_message = _("This invitation was sent to another e-mail address. Sign in with that address to accept it.")


class LastOwner(DomainError):
    """A brand always has an owner."""

    code = "last_owner"
    default_message = _("This is the last owner. Make somebody else an owner first.")


class TooManyKeys(DomainError):
    """Two keys may be active, one of them on its way out."""

    code = "too_many_keys"
    default_message = _("Two keys are active already. Revoke one of them first.")


class KeyRefused(DomainError):
    """An API key that is unknown, expired, revoked or used from elsewhere. One answer for all of them."""

    code = "key_refused"
    status = 401
    default_message = _(
        "This API key is not valid here. Check that it is complete, not expired, and allowed from this address."
    )
