"""Fields of read-only pages of ops in words: amounts with their currency, small lists and tables without brackets."""

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

from django.contrib import admin
from django.db.models import JSONField, Model
from django.utils.html import format_html

from gigcx.kernel.money import Money
from gigcx.web.formats import money_text

Shown = Callable[[Any], str]
_READABLE_DEPTH: Final = 2


@cache
def worded(model: type[Model]) -> dict[str, Shown]:
    """This function will return what is shown in place of each field of the table that is kept for machines."""
    fields = {field.name: field for field in model._meta.get_fields() if hasattr(field, "verbose_name")}
    has_currency = "currency" in fields
    return {
        name: _money(name, str(field.verbose_name))
        if name.endswith("_minor")
        else _small(name, str(field.verbose_name))
        for name, field in fields.items()
        if (has_currency and name.endswith("_minor")) or isinstance(field, JSONField)
    }


def in_words(fields: Iterable[Any], model: type[Model], *, shown: Iterable[Any]) -> list[Any]:
    """This function will put words in the place of such fields; an amount that the page words itself is left out."""
    own, known = {name for name in shown if isinstance(name, str)}, worded(model)
    kept = (name for name in fields if not (name in known and name.removesuffix("_minor") in own - {name}))
    return list(dict.fromkeys(known.get(name, name) if name not in own else name for name in kept))


def _money(name: str, label: str) -> Shown:
    @admin.display(description=label.removesuffix(" minor"))
    def show(thing: Any) -> str:
        amount = getattr(thing, name)
        return "–" if amount is None else money_text(Money(int(amount), thing.currency))

    show.__name__ = f"{name}_in_words"
    return show


def _small(name: str, label: str) -> Shown:
    @admin.display(description=label)
    def show(thing: Any) -> str:
        value = getattr(thing, name)
        if _depth(value) <= _READABLE_DEPTH:
            return plain(value)
        return format_html(
            '<pre class="gx-json">{}</pre>', json.dumps(value, indent=2, ensure_ascii=False, default=str)
        )

    show.__name__ = f"{name}_in_words"
    return show


def plain(value: Any) -> str:
    """This function will write a list or table, at most one inside another, as a sentence; nothing as a dash."""
    if isinstance(value, dict) and value:
        return ", ".join(f"{str(key).replace('_', ' ')} {plain(one)}" for key, one in value.items())
    if isinstance(value, list) and value:
        return ("; " if _depth(value) > 1 else ", ").join(map(plain, value))
    return "–" if value in (None, "", [], {}) else str(value)


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(_depth, inner), default=0)
