"""The text of an API key: `gigcx_<prefix>_<secret><checksum>`. Pure.

The prefix finds the row, the checksum (CRC-32 of what precedes it, as eight hexadecimal digits) tells a mistyped or cut-off
key from an unknown one before the database is asked, and lets scanners recognise leaked keys.
"""

import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Final

_FORM: Final = re.compile(r"^gigcx_([a-z0-9]{10})_([A-Za-z0-9]{40})([0-9a-f]{8})$")
_LOWER: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_MIXED: Final = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made: `text` is shown once, the rest is kept."""

    text: str
    prefix: str
    secret_hash: str


def new_key() -> NewKey:
    """This function will make a key of about 230 random bits."""
    prefix = "".join(secrets.choice(_LOWER) for _place in range(10))
    secret = "".join(secrets.choice(_MIXED) for _place in range(40))
    body = f"gigcx_{prefix}_{secret}"
    text = body + checksum_of(body)
    return NewKey(text, prefix, hash_of(text))


def prefix_of(text: str) -> str:
    """This function will return the prefix of a well-formed key, or "" when its form or checksum is wrong."""
    match = _FORM.match(text)
    if match is None or checksum_of(text[:-8]) != match.group(3):
        return ""
    return match.group(1)


def checksum_of(body: str) -> str:
    """This function will return the CRC-32 of the text as eight hexadecimal digits."""
    return f"{binascii.crc32(body.encode()):08x}"


def hash_of(text: str) -> str:
    """This function will return the SHA-256 of a key or link token, in hexadecimal.

    A plain hash suffices: the text carries more random bits than anybody can try.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def is_same(first: str, second: str) -> bool:
    """This function will compare two hashes in constant time."""
    return hmac.compare_digest(first, second)
