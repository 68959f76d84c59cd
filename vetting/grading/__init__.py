"""Scoring answers and summing them up. Pure: no tables, no clock, no settings.

The same key, answer and points always give the same score, to four decimals, and the same checksum.
"""

from vetting.grading.items import KINDS, ItemProblem, clean_item, clean_response, public_payload
from vetting.grading.results import ScoredItem, Summary, result_checksum, summarize
from vetting.grading.scoring import NeedsRater, score

__all__ = [
    "KINDS",
    "ItemProblem",
    "NeedsRater",
    "ScoredItem",
    "Summary",
    "clean_item",
    "clean_response",
    "public_payload",
    "result_checksum",
    "score",
    "summarize",
]
