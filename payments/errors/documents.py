"""What papers and tax data refuse."""

from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import DomainError, Invalid


class DocumentAltered(DomainError):
    """The bytes of a paper, or what it was made from, are no longer those that were hashed."""

    code = "document_altered"
    default_message = _(
        "This document is not what it was when it was issued, so we do not hand it out. We look into it."
    )


class ThresholdUnknown(DomainError):
    """Nobody has set from which income the form is due that year."""

    code = "threshold_unknown"
    default_message = _("Nobody has set from which income this form is due in that year. We export nothing on a guess.")


class NothingToReport(DomainError):
    """No income of the period has to be reported on the form."""

    code = "nothing_to_report"
    default_message = _("No income of that period has to be reported on this form.")


class TaxRangeWrong(Invalid):
    """The new tax data would begin before the present ones."""

    code = "tax_range_wrong"
    default_message = _("Your present tax data begin later than that day.")
