"""The draw itself, without a database: the same from its proof, blind to speed, exact in its weights."""

import itertools
import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from scheduling.allocation import (
    Entry,
    Outcome,
    Slot,
    commitment_of,
    digest_line,
    digest_of,
    draw,
    key_of,
    receipt_of,
    tickets_of,
)
from scheduling.allocation.verify_draw import check, find

WINDOW = "0190a000-0000-7000-8000-000000000001"
SEED = bytes(range(32))
HOUR = 3600
NONCE = "f" * 32


def slots_of(seats: int = 2, shifts: int = 6) -> list[Slot]:
    """Four-hour shifts, each an hour after the one before, so neighbours clash."""
    return [Slot(f"s{n}", n * HOUR, (n + 4) * HOUR, seats) for n in range(shifts)]


def entries_of(count: int = 30, *, seed: int = 1) -> list[Entry]:
    dice = random.Random(seed)
    names = [slot.shift for slot in slots_of()]
    return [
        Entry(f"{n:032x}", tuple(dice.sample(names, 4)), dice.choice([10, 12, 15, 20]), dice.choice([None, 240, 480]))
        for n in range(count)
    ]


def proof_of(entries: Sequence[Entry], slots: Sequence[Slot]) -> dict[str, Any]:
    """What the product publishes, made by the product's own room."""
    receipts = {one.pseudonym: receipt_of(WINDOW, one.pseudonym, one.wishes, NONCE) for one in entries}
    digest = digest_of(digest_line(receipts[one.pseudonym], one.tickets, one.max_minutes, ()) for one in entries)
    found = draw(entries, slots, key_of(SEED, digest))
    return {
        "window": WINDOW,
        "commitment": commitment_of(SEED, WINDOW),
        "seed": SEED.hex(),
        "digest": digest,
        "shifts": [
            {"shift": one.shift, "starts_at": _text(one.starts_at), "ends_at": _text(one.ends_at), "seats": one.seats}
            for one in slots
        ],
        "entries": [
            {
                "receipt": receipts[one.pseudonym],
                "pseudonym": one.pseudonym,
                "wishes": list(one.wishes),
                "asked_minutes": None,
                "nonce": NONCE,
                "tickets": one.tickets,
                "minutes": one.max_minutes,
                "struck": [],
            }
            for one in entries
        ],
        "removed": [],
        "winners": [{"pseudonym": w.pseudonym, "shift": w.shift, "round": w.round} for w in found.wins],
        "waitlist": {shift: list(line) for shift, line in found.waitlist.items()},
        "passed_over": [],
    }


def _text(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def says_it_is_right(proof: dict[str, Any]) -> bool:
    return check(proof, say=lambda line: None)


def seats_by_entrant(found: Outcome) -> Counter[str]:
    return Counter(win.pseudonym for win in found.wins)


def test_a_draw_rerun_from_its_proof_gives_the_same_winners_a_changed_wish_ticket_or_seed_fails() -> None:
    proof = proof_of(entries_of(), slots_of())
    assert proof["winners"]
    assert says_it_is_right(proof)
    changed_wish = proof_of(entries_of(), slots_of())
    changed_wish["entries"][3]["wishes"].reverse()
    assert not says_it_is_right(changed_wish)
    changed_ticket = proof_of(entries_of(), slots_of())
    changed_ticket["entries"][3]["tickets"] += 1
    assert not says_it_is_right(changed_ticket)
    assert not says_it_is_right(proof | {"seed": bytes(32).hex()})


def test_a_changed_winner_line_or_seat_count_fails_too() -> None:
    for change in ("winners", "waitlist", "shifts"):
        proof = proof_of(entries_of(), slots_of())
        if change == "winners":
            proof["winners"][0]["pseudonym"] = proof["winners"][-1]["pseudonym"]
        elif change == "waitlist":
            next(line for line in proof["waitlist"].values() if len(line) > 1).reverse()
        else:
            proof["shifts"][0]["seats"] += 1
        assert not says_it_is_right(proof), change


def test_entering_first_or_twice_changes_nothing() -> None:
    entries, slots, key = entries_of(), slots_of(), key_of(SEED, "ab" * 32)
    first = draw(entries, slots, key)
    shuffled = list(entries)
    random.Random(5).shuffle(shuffled)
    assert draw(shuffled, slots, key) == first
    assert draw(list(reversed(entries)), list(reversed(slots)), key).wins == first.wins


def test_nobody_wins_two_shifts_that_clash_nor_more_minutes_than_asked_for_nor_a_seat_too_many() -> None:
    entries, slots = entries_of(count=40, seed=9), slots_of(seats=3)
    by_name = {slot.shift: slot for slot in slots}
    found = draw(entries, slots, key_of(SEED, "cd" * 32))
    assert all(count <= 3 for count in Counter(win.shift for win in found.wins).values())
    for entry in entries:
        won = sorted(
            (by_name[w.shift] for w in found.wins if w.pseudonym == entry.pseudonym), key=lambda s: s.starts_at
        )
        assert all(one.ends_at <= two.starts_at for one, two in itertools.pairwise(won))
        assert entry.max_minutes is None or sum(slot.minutes for slot in won) <= entry.max_minutes


def test_one_seat_a_round_so_nobody_gets_a_second_before_all_had_a_turn() -> None:
    slots = [Slot("a", 0, HOUR, 2), Slot("b", 5 * HOUR, 6 * HOUR, 2)]
    entries = [Entry(f"{n:032x}", ("a", "b"), 20 if n == 0 else 1) for n in range(4)]
    found = draw(entries, slots, key_of(SEED, "00" * 32))
    assert seats_by_entrant(found) == Counter({entry.pseudonym: 1 for entry in entries})


def test_twice_the_tickets_win_twice_as_often() -> None:
    slots = [Slot("a", 0, HOUR, 1)]
    entries = [Entry("0" * 32, ("a",), 20), Entry("1" * 32, ("a",), 10)]
    wins = Counter(draw(entries, slots, n.to_bytes(32, "big")).wins[0].pseudonym for n in range(6_000))
    assert wins["0" * 32] / 6_000 == pytest.approx(2 / 3, abs=0.02)


def test_the_waitlist_holds_those_who_wished_it_and_could_still_work_it() -> None:
    slots = [Slot("a", 0, 4 * HOUR, 1), Slot("b", 2 * HOUR, 6 * HOUR, 1)]
    entries = [Entry("0" * 32, ("a",), 1), Entry("1" * 32, ("a", "b"), 1), Entry("2" * 32, ("b",), 1)]
    found = draw(entries, slots, key_of(SEED, "11" * 32))
    winner_of = {win.shift: win.pseudonym for win in found.wins}
    for shift, line in found.waitlist.items():
        assert winner_of[shift] not in line
        assert "1" * 32 not in line or "1" * 32 not in winner_of.values()


def test_tickets_fall_with_the_seats_draws_gave_and_never_below_one() -> None:
    assert [tickets_of(20, won) for won in (0, 1, 4, 12, 400)] == [20, 16, 10, 5, 1]


def test_a_draw_without_entries_or_seats_gives_nothing_and_ends() -> None:
    assert draw([], slots_of(), bytes(32)).wins == ()
    assert draw(entries_of(), slots_of(seats=0), bytes(32)).wins == ()


def test_a_receipt_is_found_in_the_proof_and_a_foreign_one_is_not() -> None:
    proof = proof_of(entries_of(), slots_of())
    lines: list[str] = []
    assert find(proof, proof["entries"][0]["receipt"], say=lines.append)
    assert "tickets" in lines[0]
    assert not find(proof, "0" * 64, say=lines.append)
