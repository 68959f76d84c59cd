#!/usr/bin/env python3
"""Check a sealed draw on your own machine: plain Python 3.9 or later, nothing to install, no network.

    python3 verify_draw.py proof.json [your receipt]

The proof is what the draw's public page offers for download after the reveal. The script shares no code with the product; it
works the draw out again from the seed, the wishes and the tickets, and compares. It ends with 0 when everything agrees.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

Proof = dict[str, Any]


def write(line: str) -> None:
    sys.stdout.write(line + "\n")


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def dash(number: Any) -> str:
    return "-" if number is None else str(number)


def receipt_of(proof: Proof, entry: Proof) -> str:
    lines = [
        proof["window"],
        entry["pseudonym"],
        ",".join(entry["wishes"]),
        dash(entry["asked_minutes"]),
        entry["nonce"],
    ]
    return sha256("\n".join(lines).encode()).hex()


def line_of(entry: Proof) -> str:
    struck = ",".join(sorted(entry["struck"])) or "-"
    return f"{entry['receipt']}:{entry['tickets']}:{dash(entry['minutes'])}:{struck}"


def order(entries: Sequence[Proof], key: bytes, number: int) -> list[Proof]:
    prefix = key + number.to_bytes(2, "big")

    def least(entry: Proof) -> bytes:
        start = prefix + bytes.fromhex(entry["pseudonym"])
        return min(sha256(start + t.to_bytes(2, "big")) for t in range(entry["tickets"]))

    return sorted(entries, key=lambda entry: (least(entry), bytes.fromhex(entry["pseudonym"])))


def draw(proof: Proof, key: bytes) -> tuple[list[tuple[int, str, str]], dict[str, list[str]]]:
    """The draw of the proof: wins as (round, pseudonym, shift), and the line of each shift."""
    times = {one["shift"]: (seconds(one["starts_at"]), seconds(one["ends_at"])) for one in proof["shifts"]}
    left = {one["shift"]: one["seats"] for one in proof["shifts"]}
    won: dict[str, list[str]] = {entry["pseudonym"]: [] for entry in proof["entries"]}
    used = dict.fromkeys(won, 0)

    def could_work(entry: Proof, shift: str) -> bool:
        start, end = times[shift]
        minutes, name = (end - start) // 60, entry["pseudonym"]
        if entry["minutes"] is not None and used[name] + minutes > entry["minutes"]:
            return False
        return all(times[other][1] <= start or end <= times[other][0] for other in won[name])

    def wishes(entry: Proof) -> list[str]:
        return [shift for shift in entry["wishes"] if shift in times and shift not in entry["struck"]]

    wins: list[tuple[int, str, str]] = []
    number = 0
    while True:
        number += 1
        moved = False
        for entry in order(proof["entries"], key, number):
            shift = next((one for one in wishes(entry) if left[one] and could_work(entry, one)), None)
            if shift is None:
                continue
            moved = True
            left[shift] -= 1
            won[entry["pseudonym"]].append(shift)
            used[entry["pseudonym"]] += (times[shift][1] - times[shift][0]) // 60
            wins.append((number, entry["pseudonym"], shift))
        if not moved:
            break
    lines: dict[str, list[str]] = {shift: [] for shift in times}
    for entry in order(proof["entries"], key, number):
        for shift in wishes(entry):
            if could_work(entry, shift):
                lines[shift].append(entry["pseudonym"])
    return wins, lines


def check(proof: Proof, say: Callable[[str], None] = write) -> bool:
    """True when the whole proof agrees with itself."""
    results: list[bool] = []

    def must(sentence: str, *, is_so: bool) -> None:
        say(("ok    " if is_so else "WRONG ") + sentence)
        results.append(is_so)

    seed = bytes.fromhex(proof["seed"])
    must("the seed is the one committed to", is_so=sha256(seed + proof["window"].encode()).hex() == proof["commitment"])
    must(
        "every receipt fits its wishes",
        is_so=all(receipt_of(proof, entry) == entry["receipt"] for entry in proof["entries"]),
    )
    digest = sha256("\n".join(sorted(line_of(entry) for entry in proof["entries"])).encode()).hex()
    must("the digest fits all receipts and tickets", is_so=digest == proof["digest"])
    wins, lines = draw(proof, sha256(seed + bytes.fromhex(digest)))
    stated = [(one["round"], one["pseudonym"], one["shift"]) for one in proof["winners"]]
    must(f"the draw gives the same {len(wins)} seats to the same entries", is_so=wins == stated)
    must("the draw gives the same waiting lines", is_so=lines == proof["waitlist"])
    return all(results)


def find(proof: Proof, receipt: str, say: Callable[[str], None] = write) -> bool:
    """Say what became of one receipt; True when it is part of the draw."""
    entry = next((one for one in proof["entries"] if one["receipt"] == receipt), None)
    if entry is None:
        gone = next((one for one in proof["removed"] if one["receipt"] == receipt), None)
        say(f"receipt removed at the close: {gone['reason']}" if gone else "this receipt is not in the proof")
        return gone is not None
    say(f"receipt found: {entry['tickets']} tickets, wishes {', '.join(entry['wishes'])}")
    for win in proof["winners"]:
        if win["pseudonym"] == entry["pseudonym"]:
            say(f"  won {win['shift']} in round {win['round']}")
    for passed in proof["passed_over"]:
        if passed["pseudonym"] == entry["pseudonym"]:
            say(f"  passed over for {passed['shift']}: {passed['reason']}")
    return True


def main(arguments: Sequence[str]) -> int:
    if not 2 <= len(arguments) <= 3:
        write(__doc__ or "")
        return 2
    with open(arguments[1], encoding="utf-8") as file:
        proof = json.load(file)
    if not proof.get("seed"):
        write("This proof has no seed yet: download it again after the reveal.")
        return 2
    is_right = check(proof)
    if len(arguments) == 3:
        is_right = find(proof, arguments[2].strip().lower()) and is_right
    write("The draw is as stated." if is_right else "The draw is NOT as stated.")
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
