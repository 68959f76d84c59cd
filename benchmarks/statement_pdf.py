"""How fast a statement of sixty lines is set, and whether its bytes are the same each time, also in a fresh process.

Run with `python -m benchmarks.statement_pdf`. Ratios are against a page of one line, set in the same run.
"""

import os
import statistics
import subprocess
import sys
import time
from typing import Any

RUNS = 100


def content(lines: int) -> dict[str, Any]:
    """A statement's snapshot with so many lines."""
    line = {
        "earning": "0190d3f2-0000-7000-8000-000000000001",
        "kind": "time",
        "cause": "work",
        "brand": "Alder & Wren",
        "program": "Holiday Chat",
        "worked_from": "2026-11-02T09:00:00+00:00",
        "worked_to": "2026-11-02T13:30:00+00:00",
        "worked_seconds": 16_200,
        "amount_minor": 7_560,
        "why": "270 min × 16.00 an hour × 1.05 for tier = 75.60 USD",
    }
    return {
        "format": 2,
        "number": "PS-2026-BENCH",
        "issued_at": "2026-11-24T12:00:11+00:00",
        "agent": {"name": "Ada Obi", "handle": "ada", "country": "US"},
        "timezone": "America/New_York",
        "currency": "USD",
        "rail": "sandbox",
        "is_sandbox": True,
        "reference": "sbx_bench",
        "account_last4": "6789",
        "lines": [{**line, "amount_minor": 7_560 + n} for n in range(lines)],
        "gross_minor": sum(7_560 + n for n in range(lines)),
        "clawed_back_minor": 0,
        "fees_minor": 0,
        "withheld_minor": 0,
        "net_minor": sum(7_560 + n for n in range(lines)),
        "paid_this_year_minor": 1_234_567,
        "balances": {"in_review_minor": 0, "ready_minor": 0, "on_its_way_minor": 0, "to_return_minor": 0},
    }


def one_hash(lines: int = 60) -> str:
    """Set it once and return its hash."""
    from payments.documents import digest, pdf_bytes, statement_paper

    return digest(pdf_bytes(statement_paper(content(lines))))


def timed(lines: int, runs: int) -> tuple[list[float], list[float], set[str]]:
    """Milliseconds of each run by the wall and of the processor, sorted, and the hashes that came out."""
    passed, spent, hashes = [], [], set()
    for _ in range(runs):
        wall, processor = time.perf_counter_ns(), time.process_time_ns()
        hashes.add(one_hash(lines))
        passed.append((time.perf_counter_ns() - wall) / 1e6)
        spent.append((time.process_time_ns() - processor) / 1e6)
    return sorted(passed), sorted(spent), hashes


def elsewhere() -> str:
    """The hash that another process comes to."""
    command = [sys.executable, "-c", "from benchmarks.statement_pdf import one_hash; print(one_hash())"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    print(f"load {os.getloadavg()[0]:.2f}")
    cold = time.perf_counter_ns()
    one_hash()
    print(f"first, cold: {(time.perf_counter_ns() - cold) / 1e6:.0f} ms")
    single, _spent, _hashes = timed(1, RUNS)
    passed, spent, hashes = timed(60, RUNS)
    p50 = statistics.median(passed)
    print(f"60 lines, warm, {RUNS} runs: p50 {p50:.1f} ms (60), p95 {passed[int(0.95 * RUNS)]:.1f} ms")
    print(f"of the processor: p50 {statistics.median(spent):.1f} ms; {p50 / statistics.median(single):.1f} x one line")
    same = elsewhere() in hashes
    print(f"different bytes: {len(hashes)} (1), the same in a fresh process: {same}, load {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
