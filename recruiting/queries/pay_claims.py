"""What an advert's own words say an hour pays, and whether that is covered by what an hour really came to."""

import re
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from recruiting.registries import pay_label_source

_MOST: Final = r"(?:(?:up to|as much as|max(?:imum)?)\s+(?:of\s+)?)?"
_SUM: Final = r"(?:[$€£]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[$€£]|(?:USD|EUR|GBP|CAD)\b|dollars?\b|euros?\b|pounds?\b))"
_HOUR: Final = r"(?:/\s?h(?:r|our)?\b|(?:an|per|each|every)\s+hour\b|hourly\b|p\.h\.)"
# A sum of money with an hour soon after it, in one sentence.
_CLAIM: Final = re.compile(rf"{_MOST}{_SUM}[^.;\n]{{0,30}}?{_HOUR}", re.IGNORECASE)


def pay_claims(text: str) -> list[str]:
    """This function will return what a text says that an hour pays, as it says it: "up to 25 USD an hour"."""
    return [found[0] for found in _CLAIM.finditer(text)]


def claim_not_covered(texts: Iterable[str], *, program_id: UUID | None = None) -> str:
    """This function will return the first thing texts say of an hour's pay that the program's label does not cover, or nothing.

    A figure said as "up to" may reach the label's third quartile, any other its median. Without a label nothing is covered.
    """
    said = [claim for text in texts for claim in pay_claims(text)]
    if not said:
        return ""
    source = pay_label_source()
    label = (source.pay_label(program_id) if program_id else None) or ""
    return next((claim for claim in said if not source.supports(label, claim)), "")
