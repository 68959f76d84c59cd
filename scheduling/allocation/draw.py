"""The sealed weighted draw: who gets which seats, by a rule that anybody can run again.

Two moments keep it honest. Before wishes are taken, `commitment_of` binds the operator to a secret seed. When they are
frozen, `digest_of` binds everybody to the wishes and tickets; the key of the draw is made of both, so neither side can choose
it alone. docs/algorithms/draw.md gives every byte and says what trust remains.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

TICKETS_WINDOW_DAYS: Final = 28
MOST_WISHES: Final = 50
_EASE: Final = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One entrant, frozen. `wishes` are shift ids, best first, those struck at the close left out.

    `pseudonym` is 32 lower-case hexadecimal digits; `max_minutes` None means no limit.
    """

    pseudonym: str
    wishes: tuple[str, ...]
    tickets: int
    max_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One shift in the draw with the seats it gives. Times are whole seconds since 1970 UTC, half-open."""

    shift: str
    starts_at: int
    ends_at: int
    seats: int

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return (self.ends_at - self.starts_at) // 60


@dataclass(frozen=True, slots=True)
class Win:
    """One seat given: in which round, to whom, and which of the entrant's wishes it was (0 is the first)."""

    round: int
    pseudonym: str
    shift: str
    wish: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a draw gave. `ranks` is the order of the first round from 1; `waitlist` is the line of each shift."""

    wins: tuple[Win, ...]
    waitlist: Mapping[str, tuple[str, ...]]
    ranks: Mapping[str, int]
    rounds: int


def commitment_of(seed: bytes, window_id: str) -> str:
    """This function will return SHA-256(seed || window id) in hexadecimal; the id is lower-case ASCII with hyphens."""
    return hashlib.sha256(seed + window_id.encode()).hexdigest()


def receipt_of(
    window_id: str, pseudonym: str, wishes: Sequence[str], nonce: str, *, max_minutes: int | None = None
) -> str:
    """This function will return the SHA-256 of one entrant's sealed wishes in hexadecimal.

    Five ASCII lines joined by a line feed: window id, pseudonym, shift ids joined by commas, most minutes ("-" for no
    limit), nonce.
    """
    lines = (window_id, pseudonym, ",".join(wishes), _or_dash(max_minutes), nonce)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def digest_line(receipt: str, tickets: int, max_minutes: int | None, struck: Sequence[str]) -> str:
    """This function will return what the digest says of one entry: receipt, tickets, minutes it may win, wishes struck."""
    return f"{receipt}:{tickets}:{_or_dash(max_minutes)}:{','.join(sorted(struck)) or '-'}"


def digest_of(lines: Iterable[str]) -> str:
    """This function will return the SHA-256 of the sorted lines, joined by a line feed, in hexadecimal."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def key_of(seed: bytes, digest: str) -> bytes:
    """This function will return the key of the draw, SHA-256(seed || digest), 32 bytes; the digest goes in as 32 bytes."""
    return hashlib.sha256(seed + bytes.fromhex(digest)).digest()


def tickets_of(tier_tickets: int, seats_won: int) -> int:
    """This function will return an entrant's tickets: the tier's, fewer the more seats draws gave in the last 28 days."""
    return max(1, tier_tickets * _EASE // (_EASE + seats_won))


def draw(entries: Sequence[Entry], slots: Sequence[Slot], key: bytes) -> Outcome:
    """This function will give the seats out, round by round, until a round gives none.

    Round r orders entrants by the least SHA-256(key || r || pseudonym || t) over their tickets t; in that order each takes
    the best wish that still has a seat, does not clash with what they won, and fits their minutes: one a round. The order of
    the round that gave nothing is the waitlist. The order of `entries` is no input.
    """
    known = {slot.shift: slot for slot in slots}
    left = {slot.shift: slot.seats for slot in slots}
    everybody = [_Entrant(entry, known) for entry in entries]
    ranks: dict[str, int] = {}
    wins: list[Win] = []
    active, number = everybody, 1
    while True:
        order = _ordered(active, key, number)
        ranks = ranks or {one.pseudonym: place for place, one in enumerate(order, 1)}
        given = [win for one in order if (win := one.take_best(left, number)) is not None]
        if not given:
            break
        wins += given
        active, number = [one for one in active if one.next_wish < len(one.wishes)], number + 1
    return Outcome(tuple(wins), _lines(_ordered(everybody, key, number), slots), ranks, number)


class _Entrant:
    """Where one entrant stands while the draw runs."""

    __slots__ = ("left_minutes", "next_wish", "pseudonym", "raw", "tickets", "wishes", "won")

    def __init__(self, entry: Entry, known: Mapping[str, Slot]) -> None:
        self.pseudonym = entry.pseudonym
        self.raw = bytes.fromhex(entry.pseudonym)
        self.tickets = entry.tickets
        self.wishes = [(place, known[shift]) for place, shift in enumerate(entry.wishes) if shift in known]
        self.left_minutes = entry.max_minutes
        self.won: list[Slot] = []
        self.next_wish = 0

    def could_work(self, slot: Slot) -> bool:
        """Whether the slot clashes with nothing won and fits the minutes left."""
        if self.left_minutes is not None and slot.minutes > self.left_minutes:
            return False
        return all(one.ends_at <= slot.starts_at or slot.ends_at <= one.starts_at for one in self.won)

    def take_best(self, left: dict[str, int], number: int) -> Win | None:
        """The best wish that can be had. One that cannot be had now never can again, so none is looked at twice."""
        while self.next_wish < len(self.wishes):
            place, slot = self.wishes[self.next_wish]
            self.next_wish += 1
            if left[slot.shift] and self.could_work(slot):
                left[slot.shift] -= 1
                self.won.append(slot)
                if self.left_minutes is not None:
                    self.left_minutes -= slot.minutes
                return Win(number, self.pseudonym, slot.shift, place)
        return None


def _ordered(entrants: Sequence[_Entrant], key: bytes, number: int) -> list[_Entrant]:
    """52 bytes a hash, one block: key 32, round 2, pseudonym 16, ticket 2; numbers are big-endian."""
    prefix, sha256 = key + number.to_bytes(2, "big"), hashlib.sha256
    most = max((one.tickets for one in entrants), default=0)
    tickets = [ticket.to_bytes(2, "big") for ticket in range(most)]

    def least(one: _Entrant) -> bytes:
        start = prefix + one.raw
        return min([sha256(start + ticket).digest() for ticket in tickets[: one.tickets]])

    return sorted(entrants, key=lambda one: (least(one), one.raw))


def _lines(order: Iterable[_Entrant], slots: Sequence[Slot]) -> dict[str, tuple[str, ...]]:
    """Who waits for each shift: those who wished it, do not have it, and could still work it."""
    lines: dict[str, list[str]] = {slot.shift: [] for slot in slots}
    for one in order:
        for _place, slot in one.wishes:
            if one.could_work(slot):
                lines[slot.shift].append(one.pseudonym)
    return {shift: tuple(line) for shift, line in lines.items()}


def _or_dash(number: int | None) -> str:
    return "-" if number is None else str(number)
