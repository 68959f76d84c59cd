"""How well an agent fits a program, and why. Pure: the same function explains and ranks.

The method is written down in docs/algorithms/matching.md.
"""

from recruiting.matching.fit import (
    Candidate,
    Fit,
    FitReason,
    LanguageLevels,
    Opening,
    SkillLevel,
    Wanted,
    explain_fit,
    lowest_level,
)
from recruiting.matching.screening import Answered, Question, screen
from recruiting.matching.weeks import Stretch, minutes_in_common, week_minutes

__all__ = [
    "Answered",
    "Candidate",
    "Fit",
    "FitReason",
    "LanguageLevels",
    "Opening",
    "Question",
    "SkillLevel",
    "Stretch",
    "Wanted",
    "explain_fit",
    "lowest_level",
    "minutes_in_common",
    "screen",
    "week_minutes",
]
