"""What is refused about invoices, credit notes and what brands pay."""

from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import DomainError, Invalid


class NothingToInvoice(DomainError):
    """No line of the brand is ready."""

    code = "nothing_to_invoice"
    default_message = _("No line is ready to invoice.")


class SellerUnknown(DomainError):
    """Real money, and nobody said who invoices."""

    code = "seller_unknown"
    default_message = _("Set LEGAL_ENTITY_NAME before invoices are issued: an invoice names its seller.")


class MoreThanRemaining(Invalid):
    """A credit above what is left of a line."""

    code = "more_than_remaining"
    default_message = _("This is more than remains of the line.")


class VatNumberWrong(Invalid):
    """A VAT number that cannot exist, or of another country."""

    code = "vat_number_wrong"
    default_message = _("This is not a VAT number of that country. Check the digits.")


class ReceiptKnown(DomainError):
    """A payment with this reference was recorded already, with another amount or for another brand."""

    code = "receipt_known"
    default_message = _("A payment with this reference is recorded already.")
