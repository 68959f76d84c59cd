"""Work that workers do in the background: who is at it, how often it was begun, and why it was given up.

The row that waits for the work carries a small note of it, so that a worker that died leaves a trace behind.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from scheduling.states import GivenUp

MOST_BEGINNINGS: Final = 3


def is_being_done(note: Mapping[str, Any], *, at: datetime, holds: timedelta) -> bool:
    """This function will tell whether a worker has been heard of within the time that its sign of life holds."""
    beat = note.get("beat_at")
    return beat is not None and at - datetime.fromisoformat(beat) < holds


def begun_again(note: Mapping[str, Any], *, version: int, at: datetime) -> dict[str, Any] | None:
    """This function will return the note of one more beginning, or None where there were enough of this version."""
    times = note.get("begun", 0) if note.get("version") == version else 0
    if times >= MOST_BEGINNINGS:
        return None
    return {"begun": times + 1, "version": version, "beat_at": at.isoformat()}


def given_up(note: Mapping[str, Any]) -> GivenUp | None:
    """This function will return why nobody tries any more, if so."""
    reason = note.get("given_up")
    return GivenUp(reason) if reason in GivenUp.values else None
