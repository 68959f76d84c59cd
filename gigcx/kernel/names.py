"""What a name may hold, in any script."""

import unicodedata
from typing import Final

# Embeddings, overrides and isolates of direction: they make a name read as another one.
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_WORD: Final = ("L", "M", "Nd")


def is_readable_name(text: str) -> bool:
    """This function will tell whether a name holds no sign that hides, breaks or reorders what people read."""
    return not any(sign in _REORDERING or unicodedata.category(sign) in _UNSEEN for sign in text)


def is_handle(text: str) -> bool:
    """This function will tell whether a text is letters and digits of any script, with hyphens between them."""
    parts = text.split("-")
    return all(parts) and all(unicodedata.category(sign).startswith(_WORD) for part in parts for sign in part)
