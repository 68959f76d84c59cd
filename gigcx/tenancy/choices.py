"""What a brand chooses from."""

from functools import lru_cache
from typing import Final

from babel import Locale
from django.utils.translation import get_language

CURRENCIES: Final = ("USD", "EUR", "GBP", "CAD", "AUD", "NZD", "CHF", "SEK", "DKK", "NOK", "PLN", "INR", "PHP", "JPY")
_NO_COUNTRIES: Final = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


def countries() -> list[tuple[str, str]]:
    """This function will return country codes (ISO 3166-1) with names in the reader's language, by name."""
    return _countries(get_language() or "en")


def currencies() -> list[tuple[str, str]]:
    """This function will return the currencies we can charge in, with their names."""
    names = Locale.parse("en").currencies
    return [(code, f"{code} · {names[code]}") for code in CURRENCIES]


@lru_cache(maxsize=8)
def _countries(language: str) -> list[tuple[str, str]]:
    names = Locale.parse(language, sep="-").territories
    known = [(code, name) for code, name in names.items() if len(code) == 2 and code not in _NO_COUNTRIES]
    return sorted(((code, name) for code, name in known if code.isalpha()), key=lambda pair: pair[1])
