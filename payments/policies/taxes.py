"""Which report an agent's income goes into, and who may take the full numbers out. Pure."""

import re
from typing import Final

from gigcx.tenancy.actors import Actor, OpsActor
from payments.states import TaxForm

EU: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905  reads well
)
_US_NUMBER: Final = re.compile(r"^\d{9}$")
_OTHER_NUMBER: Final = re.compile(r"^[0-9A-Z]{4,20}$")


def form_of(country: str) -> str:
    """This function will return the report that a country asks of us, empty where it asks for none.

    1099-NEC or 1099-K is an adviser's question: NEC is the default and ops may move an agent to K.
    """
    if country == "US":
        return TaxForm.NEC_1099
    return TaxForm.DAC7 if country in EU else ""


def is_number(country: str, number: str) -> bool:
    """This function will tell whether a tax number can be one: nine digits in the US, 4 to 20 letters and digits else."""
    return bool((_US_NUMBER if country == "US" else _OTHER_NUMBER).match(number))


def can_export_tax(actor: Actor) -> bool:
    """This function will tell whether the actor may make and take files with full tax numbers: ops alone."""
    return isinstance(actor, OpsActor)
