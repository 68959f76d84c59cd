"""Countries and currencies, as CLDR and ISO name them."""

from babel.core import Locale
from babel.numbers import list_currencies
from django.utils.translation import gettext as _

from gigcx.kernel.errors import Invalid

_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"})


def country_codes() -> frozenset[str]:
    """This function will return the ISO 3166 codes of countries."""
    territories = [str(code) for code in Locale("en").territories]
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES


def country_code(value: str, *, field: str = "country") -> str:
    """This function will return a known country's code in capitals, or raise Invalid."""
    code = value.strip().upper()
    if code not in country_codes():
        raise Invalid(_("Choose a country."), field=field)
    return code


def currency_code(value: str, *, field: str = "currency") -> str:
    """This function will return a known currency's code in capitals, or raise Invalid."""
    code = value.strip().upper()
    if code not in list_currencies():
        raise Invalid(_("Choose a currency, such as USD or EUR."), field=field)
    return code
