"""Whether a VAT number can exist: its length and check digits. Whether it does is the register's to say."""

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

_PREFIXES = {"GR": "EL"}


def vat_number(country: str, text: str) -> str | None:
    """This function will return a VAT number in its one written form, with the country's prefix; None if it cannot exist.

    `country` is an ISO 3166 code; blanks, dots and the prefix may be typed or left out. A country whose numbers nobody can
    check by their digits has none.
    """
    rule = get_cc_module(country.lower(), "vat")
    if rule is None:
        return None
    prefix = _PREFIXES.get(country, country)
    typed = text.strip().upper()
    try:
        digits = rule.validate(typed.removeprefix(prefix) if typed.startswith(prefix) else typed)
    except ValidationError:
        return None
    compact = str(digits)
    return compact if compact.startswith(prefix) else f"{prefix}{compact}"
