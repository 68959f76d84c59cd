"""What is refused about brands' money."""

from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import DomainError, Invalid


class TopUpAmount(Invalid):
    """Less than the least or more than the most that one top-up may be."""

    code = "top_up_amount"


class NotRefundable(DomainError):
    """The top-up is not settled, or its money is spent or held."""

    code = "not_refundable"
    default_message = _("Nothing of this top-up can go back: it is spent, held for work, or not settled.")


class NoSavedMethod(DomainError):
    """An automatic top-up needs a saved card or account."""

    code = "no_saved_method"
    default_message = _("Save a card or bank account first: tick the box when you top up.")


class TopUpUnderWay(DomainError):
    """An automatic top-up in this currency is on its way already."""

    code = "top_up_under_way"
    default_message = _("A top-up is on its way already.")


class BudgetLimits(Invalid):
    """Limits that cannot be: negative, or the hard one below the soft one."""

    code = "budget_limits"
