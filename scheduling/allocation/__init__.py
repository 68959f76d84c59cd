"""Who gets a seat: sealed draws and auto-fill."""

from scheduling.allocation.draw import (
    MOST_WISHES,
    TICKETS_WINDOW_DAYS,
    Entry,
    Outcome,
    Slot,
    Win,
    commitment_of,
    digest_line,
    digest_of,
    draw,
    key_of,
    receipt_of,
    tickets_of,
)

__all__ = [
    "MOST_WISHES",
    "TICKETS_WINDOW_DAYS",
    "Entry",
    "Outcome",
    "Slot",
    "Win",
    "commitment_of",
    "digest_line",
    "digest_of",
    "draw",
    "key_of",
    "receipt_of",
    "tickets_of",
]
