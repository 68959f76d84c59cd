"""Checking what people type, the same for pages, the API and imports."""

import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

from babel.core import Locale, UnknownLocaleError
from babel.localedata import normalize_locale
from django.utils.translation import gettext as _

from gigcx.kernel.errors import Invalid
from recruiting.states import Cefr


def one_line(value: str, *, field: str, limit: int, is_required: bool = True) -> str:
    """This function will return the text on one line in normal form, or raise Invalid naming the field.

    Control characters become spaces; marks of direction and every script stay.
    """
    text = " ".join("".join(" " if _is_control(sign) else sign for sign in unicodedata.normalize("NFC", value)).split())
    return _measured(text, field=field, limit=limit, is_required=is_required)


def many_lines(value: str, *, field: str, limit: int, is_required: bool = False) -> str:
    """This function will return a text with its line breaks kept, or raise Invalid naming the field."""
    plain = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(sign for sign in plain if sign in "\n\t" or not _is_control(sign)).strip()
    return _measured(text, field=field, limit=limit, is_required=is_required)


def chosen(values: Iterable[str], *, field: str, among: Collection[str]) -> list[str]:
    """This function will return the values without doubles in the order given, or raise Invalid for one not on offer."""
    kept = list(dict.fromkeys(str(value) for value in values))
    unknown = [value for value in kept if value not in among]
    if unknown:
        raise Invalid(_("%(value)s is not one of the choices.") % {"value": unknown[0][:60]}, field=field)
    return kept


def whole(value: Any, *, field: str, lowest: int, highest: int) -> int:
    """This function will return a whole number in the range, ends included, or raise Invalid."""
    if type(value) is not int or not lowest <= value <= highest:
        words = _("Give a whole number from %(low)d to %(high)d.") % {"low": lowest, "high": highest}
        raise Invalid(words, field=field)
    return value


def language_tag(value: str, *, field: str = "languages") -> str:
    """This function will return a BCP 47 tag that CLDR knows, in its usual case ("pt-BR"), or raise Invalid."""
    try:
        locale = Locale.parse(value, sep="-")
    except (ValueError, TypeError, UnknownLocaleError) as unknown:
        words = _("%(tag)s is not a language we know. Use a tag such as en, de or pt-BR.") % {"tag": value[:40]}
        raise Invalid(words, field=field) from unknown
    return str(locale).replace("_", "-") if normalize_locale(str(locale)) else locale.language


def cefr_level(value: str, *, field: str = "languages") -> str:
    """This function will return a CEFR level, or raise Invalid."""
    if value not in Cefr.values:
        raise Invalid(_("Choose a level from A1 to C2."), field=field)
    return value


def _measured(text: str, *, field: str, limit: int, is_required: bool) -> str:
    if is_required and not text:
        raise Invalid(_("Fill this in."), field=field)
    if len(text) > limit:
        words = _("Use at most %(limit)d characters; there are %(count)d.") % {"limit": limit, "count": len(text)}
        raise Invalid(words, field=field)
    return text


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"}
