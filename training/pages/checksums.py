"""Digests that say whether a page, or a whole version, is still the same."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any


def digest_of(content: Any) -> str:
    """This function will return the SHA-256 of content as canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def text_checksum(title: str, body: str) -> str:
    """This function will return the digest of what an author types: the title and the text."""
    return digest_of([title, body])


def page_checksum(title: str, body: str, questions: Iterable[Any]) -> str:
    """This function will return the digest of all that a reader meets on a page; the order of questions does not count."""
    return digest_of([title, body, sorted(digest_of(question) for question in questions)])
