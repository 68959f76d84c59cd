"""How long a page takes to read."""

import math
import re
from typing import Final

WORDS_A_MINUTE: Final = 238
"""Silent reading of English non-fiction by adults: Brysbaert 2019, J. Memory and Language 109, section 3."""
SIGNS_A_MINUTE: Final = 255
"""Silent reading of Chinese, in characters: same source, section 5."""
SECONDS_A_CHECK: Final = 25

_SIGN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def reading_seconds(text: str, *, checks: int = 0) -> int:
    """This function will return the seconds a careful reader needs: words and signs at their rates, 25 s a question."""
    signs = len(_SIGN.findall(text))
    words = len(_WORD.findall(_SIGN.sub(" ", text)))
    return math.ceil(60 * words / WORDS_A_MINUTE + 60 * signs / SIGNS_A_MINUTE) + checks * SECONDS_A_CHECK
