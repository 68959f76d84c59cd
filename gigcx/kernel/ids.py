"""Identifiers: time-ordered UUIDs for rows, random tokens for links."""

import os
import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last_tick = 0


def uuid7() -> UUID:
    """This function will return a new version 7 UUID (RFC 9562, section 5.7).

    The 48-bit millisecond stamp is followed by 12 bits of sub-millisecond clock, so ids made in one process rise
    strictly; the remaining 62 bits are random.
    """
    tick = _next_tick()
    milliseconds, fraction = divmod(tick, 4096)
    random_bits = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    value = (milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random_bits
    return UUID(int=value)


def _next_tick() -> int:
    global _last_tick
    with _lock:
        tick = time.time_ns() * 4096 // 1_000_000
        _last_tick = max(tick, _last_tick + 1)
        return _last_tick


def link_token() -> str:
    """This function will return 43 URL-safe characters holding 256 random bits."""
    return secrets.token_urlsafe(32)
