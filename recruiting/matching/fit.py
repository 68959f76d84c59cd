"""The fit of one agent to one program: five parts that add up to a score from 0 to 100."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from recruiting.matching.weeks import Span, minutes_in_common

LANGUAGE_POINTS: Final = 30
SKILL_POINTS: Final = 30
CHANNEL_POINTS: Final = 10
HOURS_POINTS: Final = 20
PROVEN_POINTS: Final = 10

CEFR_LEVELS: Final = ("A1", "A2", "B1", "B2", "C1", "C2")
TIER_TENTHS: Final = {"new": 3, "proven": 6, "trusted": 9, "lead": 10}
UNPROVED: Final = "claimed"
SPOKEN: Final = frozenset({"voice"})

_CEFR_RANK: Final = {level: rank for rank, level in enumerate(CEFR_LEVELS)}
_CLAIM_FIFTHS: Final = 4
_PROOF_FIFTHS: Final = 5
_ENOUGH_MINUTES: Final = 20 * 60


@dataclass(frozen=True, slots=True)
class LanguageLevels:
    """CEFR levels of the four skills of a language."""

    reading: str
    listening: str
    writing: str
    speaking: str


@dataclass(frozen=True, slots=True)
class SkillLevel:
    """A level from 1 to 5 and how it is known."""

    level: int
    proved_by: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something a program asks for: a language tag with a CEFR level, or a skill's key with a level from 1 to 5."""

    key: str
    level: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known about an agent. `hours` are merged minutes of the UTC week; None means "decides week by week"."""

    languages: Mapping[str, LanguageLevels] = field(default_factory=dict)
    skills: Mapping[str, SkillLevel] = field(default_factory=dict)
    channels: frozenset[str] = frozenset()
    hours: Sequence[Span] | None = None
    weekly_minutes_wanted: int = _ENOUGH_MINUTES
    best_tier: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a program asks for. `hours` are merged minutes of the UTC week; None means round the clock."""

    languages: Sequence[Wanted] = ()
    skills: Sequence[Wanted] = ()
    channels: frozenset[str] = frozenset()
    hours: Sequence[Span] | None = None


@dataclass(frozen=True, slots=True)
class FitReason:
    """One part of a score. `subject` names a language tag, skill key or channel list, `has` and `needs` the levels."""

    code: str
    subject: str
    has: str
    needs: str
    points: int
    possible: int

    @property
    def is_met(self) -> bool:
        """Whether nothing is missing here."""
        return self.points >= self.possible


@dataclass(frozen=True, slots=True)
class Fit:
    """A score from 0 to 100 that is the sum of its reasons' points."""

    score: int
    reasons: tuple[FitReason, ...]


def explain_fit(candidate: Candidate, opening: Opening) -> Fit:
    """This function will score a candidate for an opening and say why; equal input gives equal output."""
    reasons = (
        *_languages(candidate, opening),
        *_skills(candidate, opening),
        _channels(candidate, opening),
        _hours(candidate, opening),
        _proven(candidate),
    )
    return Fit(sum(reason.points for reason in reasons), reasons)


def _languages(candidate: Candidate, opening: Opening) -> tuple[FitReason, ...]:
    if not opening.languages:
        return (FitReason("language_free", "", "", "", LANGUAGE_POINTS, LANGUAGE_POINTS),)
    worth = _shares(LANGUAGE_POINTS, len(opening.languages))
    return tuple(
        _language(candidate.languages.get(wanted.key), wanted, opening.channels, possible)
        for wanted, possible in zip(opening.languages, worth, strict=True)
    )


def _language(levels: LanguageLevels | None, wanted: Wanted, channels: frozenset[str], possible: int) -> FitReason:
    if levels is None:
        return FitReason("language", wanted.key, "", wanted.level, 0, possible)
    has = lowest_level(levels, channels)
    short_by = max(0, _CEFR_RANK[wanted.level] - _CEFR_RANK[has])
    points = _points(max(0, 2 - short_by), 2, possible)
    return FitReason("language", wanted.key, has, wanted.level, points, possible)


def lowest_level(levels: LanguageLevels, channels: frozenset[str]) -> str:
    """This function will return the lowest level among the skills of a language that the channels use."""
    return min(_used_levels(levels, channels), key=lambda level: _CEFR_RANK[level])


def _used_levels(levels: LanguageLevels, channels: frozenset[str]) -> tuple[str, ...]:
    """Voice is listened to and spoken, all else is read and written; a program without channels uses all four."""
    spoken = (levels.listening, levels.speaking) if channels & SPOKEN or not channels else ()
    written = (levels.reading, levels.writing) if channels - SPOKEN or not channels else ()
    return (*spoken, *written)


def _skills(candidate: Candidate, opening: Opening) -> tuple[FitReason, ...]:
    if not opening.skills:
        return (FitReason("skill_free", "", "", "", SKILL_POINTS, SKILL_POINTS),)
    worth = _shares(SKILL_POINTS, len(opening.skills))
    return tuple(
        _skill(candidate.skills.get(wanted.key), wanted, possible)
        for wanted, possible in zip(opening.skills, worth, strict=True)
    )


def _skill(skill: SkillLevel | None, wanted: Wanted, possible: int) -> FitReason:
    if skill is None:
        return FitReason("skill", wanted.key, "", wanted.level, 0, possible)
    is_proved = skill.proved_by != UNPROVED
    needed = max(1, int(wanted.level))
    fifths = _PROOF_FIFTHS if is_proved else _CLAIM_FIFTHS
    points = _points(min(skill.level, needed) * fifths, needed * _PROOF_FIFTHS, possible)
    code = "skill" if is_proved else "skill_claimed"
    return FitReason(code, wanted.key, str(skill.level), wanted.level, points, possible)


def _channels(candidate: Candidate, opening: Opening) -> FitReason:
    known = candidate.channels & opening.channels
    points = _points(len(known), len(opening.channels), CHANNEL_POINTS) if opening.channels else CHANNEL_POINTS
    needs, has = ",".join(sorted(opening.channels)), ",".join(sorted(known))
    return FitReason("channels", needs, has, needs, points, CHANNEL_POINTS)


def _hours(candidate: Candidate, opening: Opening) -> FitReason:
    if candidate.hours is None:
        return FitReason("hours_open", "", "", "", HOURS_POINTS // 2, HOURS_POINTS)
    together = _together(candidate.hours, opening.hours)
    enough = max(60, min(candidate.weekly_minutes_wanted, _ENOUGH_MINUTES))
    points = _points(min(together, enough), enough, HOURS_POINTS)
    return FitReason("hours", "", str(together // 60), str(enough // 60), points, HOURS_POINTS)


def _together(hours: Sequence[Span], service_hours: Sequence[Span] | None) -> int:
    if service_hours is None:
        return sum(end - start for start, end in hours)
    return minutes_in_common(hours, service_hours)


def _proven(candidate: Candidate) -> FitReason:
    points = _points(TIER_TENTHS.get(candidate.best_tier, 0), 10, PROVEN_POINTS)
    return FitReason("proven", "", candidate.best_tier, "", points, PROVEN_POINTS)


def _shares(total: int, parts: int) -> list[int]:
    """`total` in whole parts that sum to it, the earlier ones larger by one where it does not divide."""
    whole, rest = divmod(total, parts)
    return [whole + (1 if place < rest else 0) for place in range(parts)]


def _points(part: int, whole: int, possible: int) -> int:
    """The share `part` of `whole` in points, rounded down: a point is only given when it is fully earned."""
    return possible * part // whole
