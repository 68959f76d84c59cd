"""Where the tables of money stand in the menu of ops: what agents are paid, what brands pay, and the books under both."""

from typing import Final

from django.utils.translation import gettext_lazy

from gigcx.web.registries import OpsGroup, add

_OF_AGENTS: Final = (
    "earning",
    "earninghold",
    "unpricedwork",
    "linedispute",
    "adjustmentrequest",
    "instantfee",
    "paylabel",
    "payoutrun",
    "payoutitem",
    "payoutattempt",
    "payoutaccount",
    "bankfile",
    "bankfileline",
    "statement",
    "taxprofile",
    "taxthreshold",
    "taxexport",
)
_OF_BRANDS: Final = (
    "charge",
    "invoice",
    "invoicecopy",
    "creditnote",
    "receipt",
    "receiptproposal",
    "brandfunds",
    "brandhold",
    "topup",
    "budget",
    "budgetalert",
    "billingprofile",
    "numberseries",
)


def register() -> None:
    """This function will put the groups into the menu; a table that neither list names belongs to the books."""
    add(OpsGroup(60, gettext_lazy("Money: what agents are paid"), tuple(f"payments.{name}" for name in _OF_AGENTS)))
    add(OpsGroup(62, gettext_lazy("Money: what brands pay"), tuple(f"payments.{name}" for name in _OF_BRANDS)))
    add(OpsGroup(64, gettext_lazy("Money: books and rails"), ("payments",)))
