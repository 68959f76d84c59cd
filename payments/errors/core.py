"""What payments refuses, each with a stable code."""

from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import DomainError, Invalid


class Unbalanced(DomainError):
    """A posting that does not sum to zero in each currency, or has fewer than two legs."""

    code = "unbalanced"


class PostingKeyReused(DomainError):
    """The same posting key was used for another content."""

    code = "posting_key_reused"


class Overdrawn(DomainError):
    """An account that may not go below zero would."""

    code = "overdrawn"


class WrongMode(DomainError):
    """The books belong to another payments mode, or the keys do not fit the mode."""

    code = "wrong_mode"


class NoSnapshot(DomainError):
    """There is no rate card for this work: nothing can be priced."""

    code = "no_snapshot"
    default_message = _("There is no agreed rate for this work.")


class NegativeMargin(DomainError):
    """The brand would pay less than the agent gets."""

    code = "negative_margin"
    default_message = _("The bill rate is below the pay rate.")


class FxRateMissing(DomainError):
    """Pay and bill are in different currencies and no rate of this day is known."""

    code = "fx_rate_missing"
    default_message = _("Pay and bill are in different currencies; no exchange rate is known for this day.")


class EndRequired(Invalid):
    """A hold without an end."""

    code = "end_required"


class AlreadyHeld(DomainError):
    """The earning already has an active hold for this reason."""

    code = "already_held"
    default_message = _("This line is already held for that reason.")


class FundsShort(DomainError):
    """The brand's spendable money does not cover it; carries the shortfall."""

    code = "funds_short"
    default_message = _("There is not enough spendable money for this.")


class CountryNotServed(Invalid):
    """No rail pays out there yet."""

    code = "country_not_served"


class StepUpRequired(DomainError):
    """The person must prove again who they are."""

    code = "step_up_required"
    status = 403
    default_message = _("Sign in again to change where your money goes.")


class NothingToPay(DomainError):
    """No earning is ready, or none reaches the minimum."""

    code = "nothing_to_pay"
    default_message = _("Nothing is ready to pay on this rail in this currency.")


class RunExists(DomainError):
    """This period already has a run."""

    code = "run_exists"
    default_message = _("A run for this rail, currency and period exists already.")


class SamePerson(DomainError):
    """Who planned a run cannot approve it; nobody approves twice."""

    code = "same_person"
    default_message = _("Somebody other than the planner has to approve, and each person once.")


class ChecksFailed(DomainError):
    """A check of the run is red."""

    code = "checks_failed"
    default_message = _("A check of this run is red. Solve it first.")


class TotalsChanged(DomainError):
    """The run is no longer what was looked at."""

    code = "totals_changed"
    default_message = _("The run changed since you looked at it. Look at the new totals.")


class ApprovalMissing(DomainError):
    """The run needs more approvals for its present totals."""

    code = "approval_missing"
    default_message = _("This run needs another approval for its present totals.")


class MaybeSent(DomainError):
    """The payout may have left already."""

    code = "maybe_sent"
    default_message = _("This payout may have been sent; it cannot be cancelled now.")


class RailFrozen(DomainError):
    """The rail's switch is not open."""

    code = "rail_frozen"
    default_message = _("This rail is stopped.")


class PaymentDiffers(DomainError):
    """The other side's payment is not the one we ordered."""

    code = "payment_differs"
