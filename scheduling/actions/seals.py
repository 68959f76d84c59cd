"""The sealed seeds of draws: made, kept encrypted, and opened with a line in the audit trail each time."""

import os
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from gigcx.audit import trail
from gigcx.audit.sealing import VaultFault, open_text, seal_text
from gigcx.kernel.ids import uuid7
from gigcx.tenancy.actors import Actor
from scheduling.allocation import commitment_of
from scheduling.errors import WindowNotSettled
from scheduling.models import ClaimWindow, ReleaseWave

_SEED_BYTES: Final = 32


def sealed_window(
    wave: ReleaseWave, shifts: Sequence[str], *, opens_at: datetime, closes_at: datetime, at: datetime
) -> ClaimWindow:
    """This function will return a new window, not saved yet, bound to 32 random bytes that nobody has seen."""
    window = ClaimWindow(
        id=uuid7(),
        brand_id=wave.brand_id,
        wave=wave,
        opens_at=opens_at,
        closes_at=closes_at,
        result={"shifts": sorted(shifts), "share_bp": wave.share_cap_bp},
        created_at=at,
    )
    seed = os.urandom(_SEED_BYTES)
    window.commitment = commitment_of(seed, str(window.pk))
    window.sealed_seed = seal_text(seed.hex(), context=_context(window))
    return window


def open_seed(window: ClaimWindow, *, reason: str, by: Actor, at: datetime) -> bytes:
    """This function will decrypt a window's seed and write down who did it and what for, in the caller's transaction.

    Raises:
        WindowNotSettled: the key is gone or the bytes were changed.
    """
    trail.record("scheduling.open_seed", window, by=by, at=at, reason=reason)
    try:
        return bytes.fromhex(open_text(window.sealed_seed, context=_context(window)))
    except VaultFault as broken:
        raise WindowNotSettled from broken


def _context(window: ClaimWindow) -> str:
    return f"claim_window:{window.pk}"
