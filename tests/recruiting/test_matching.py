"""The fit of an agent to a program, without a database."""

import random
import time as stopwatch
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recruiting.matching import (
    Candidate,
    LanguageLevels,
    Opening,
    Question,
    SkillLevel,
    Stretch,
    Wanted,
    explain_fit,
    fit,
    minutes_in_common,
    screen,
    screening,
    week_minutes,
)
from recruiting.states import Cefr, Channel, Proof, QuestionKind, Tier

MONDAY = date(2026, 11, 16)
CHAT = Opening(
    languages=[Wanted("en", "B2")], skills=[Wanted("live-chat", "3")], channels=frozenset({"chat"}), hours=[(0, 10_080)]
)
LEVELS = LanguageLevels("C1", "B1", "B2", "A2")


def points(candidate: Candidate, opening: Opening, code: str) -> int:
    return sum(reason.points for reason in explain_fit(candidate, opening).reasons if reason.code == code)


def test_the_pure_room_knows_the_words_of_the_tables() -> None:
    assert list(fit.CEFR_LEVELS) == Cefr.values
    assert list(fit.TIER_TENTHS) == Tier.values
    assert Proof.values[0] == fit.UNPROVED
    assert set(Channel.values) > fit.SPOKEN
    assert {screening.YES_NO, screening.CHOICE, screening.NUMBER} == set(QuestionKind.values) - {QuestionKind.TEXT}


def test_somebody_who_meets_everything_proved_and_leads_gets_a_hundred() -> None:
    best = Candidate(
        languages={"en": LanguageLevels("C2", "C2", "C2", "C2")},
        skills={"live-chat": SkillLevel(5, "worked")},
        channels=frozenset({"chat"}),
        hours=[(0, 2_000)],
        best_tier="lead",
    )
    assert explain_fit(best, CHAT).score == 100


def test_somebody_of_whom_nothing_is_known_gets_the_points_of_open_hours_alone() -> None:
    found = explain_fit(Candidate(), CHAT)
    assert found.score == 10
    assert [reason.code for reason in found.reasons if reason.points] == ["hours_open"]


@pytest.mark.parametrize(
    ("channel", "level", "expected"), [("chat", "B2", 30), ("voice", "A2", 0), ("voice", "B1", 15)]
)
def test_only_the_skills_of_the_channel_count_for_a_language(channel: str, level: str, expected: int) -> None:
    opening = Opening(languages=[Wanted("en", "B2")], channels=frozenset({channel}))
    levels = LanguageLevels("C1", "C1", "B2", level) if channel == "voice" else LEVELS
    assert points(Candidate(languages={"en": levels}), opening, "language") == expected


@pytest.mark.parametrize(("level", "expected"), [("C2", 30), ("B2", 30), ("B1", 15), ("A2", 0), ("A1", 0)])
def test_each_missing_level_of_a_language_costs_half(level: str, expected: int) -> None:
    same = LanguageLevels(level, level, level, level)
    assert points(Candidate(languages={"en": same}), CHAT, "language") == expected


def test_a_skill_that_is_only_claimed_counts_four_fifths() -> None:
    claimed = Candidate(skills={"live-chat": SkillLevel(3, "claimed")})
    proved = Candidate(skills={"live-chat": SkillLevel(3, "assessed")})
    assert points(claimed, CHAT, "skill_claimed") == 24
    assert points(proved, CHAT, "skill") == 30
    assert points(Candidate(skills={"live-chat": SkillLevel(1, "worked")}), CHAT, "skill") == 10


def test_points_that_do_not_divide_are_shared_without_loss() -> None:
    opening = Opening(skills=[Wanted(key, "1") for key in "abcd"])
    found = explain_fit(Candidate(), opening)
    assert [reason.possible for reason in found.reasons if reason.code == "skill"] == [8, 8, 7, 7]
    assert sum(reason.possible for reason in found.reasons) == 100


def test_hours_count_where_they_lie_within_the_program_s_in_its_own_zone() -> None:
    evenings = [Stretch(day, time(18), time(22), "Europe/Berlin") for day in range(5)]
    service = [Stretch(day, time(9), time(18), "America/New_York") for day in range(5)]
    mine, theirs = week_minutes(evenings, MONDAY), week_minutes(service, MONDAY)
    assert minutes_in_common(mine, theirs) == 5 * 4 * 60
    mornings = week_minutes([Stretch(day, time(6), time(10), "Europe/Berlin") for day in range(5)], MONDAY)
    assert minutes_in_common(mornings, theirs) == 0


def test_a_stretch_over_midnight_on_sunday_comes_back_on_monday() -> None:
    assert week_minutes([Stretch(6, time(22), time(2), "UTC")], MONDAY) == [(0, 120), (9_960, 10_080)]
    assert week_minutes([Stretch(0, time(0), time(0), "UTC")], MONDAY) == [(0, 1440)]


def test_the_hour_lost_and_won_by_a_clock_change_is_counted() -> None:
    night = [Stretch(6, time(0), time(6), "America/New_York")]
    assert sum(end - start for start, end in week_minutes(night, date(2026, 3, 2))) == 5 * 60
    assert sum(end - start for start, end in week_minutes(night, date(2026, 10, 26))) == 7 * 60


levels = st.sampled_from(Cefr.values)
language = st.builds(LanguageLevels, levels, levels, levels, levels)
skill = st.builds(SkillLevel, st.integers(1, 5), st.sampled_from(Proof.values))
spans = st.lists(st.tuples(st.integers(0, 5_000), st.integers(5_001, 10_080)), max_size=1)
candidates = st.builds(
    Candidate,
    languages=st.dictionaries(st.sampled_from(["en", "de", "fr"]), language),
    skills=st.dictionaries(st.sampled_from(["a", "b", "c"]), skill),
    channels=st.frozensets(st.sampled_from(["chat", "voice", "email"])),
    hours=st.none() | spans,
    weekly_minutes_wanted=st.integers(0, 3_600),
    best_tier=st.sampled_from(["", *Tier.values]),
)
openings = st.builds(
    Opening,
    languages=st.lists(st.builds(Wanted, st.sampled_from(["en", "de", "fr"]), levels), max_size=3),
    skills=st.lists(st.builds(Wanted, st.sampled_from(["a", "b", "c"]), st.sampled_from(list("12345"))), max_size=5),
    channels=st.frozensets(st.sampled_from(["chat", "voice", "email"])),
    hours=st.none() | spans,
)


@given(candidates, openings)
def test_a_score_is_the_sum_of_its_reasons_and_never_leaves_its_range(candidate: Candidate, opening: Opening) -> None:
    found = explain_fit(candidate, opening)
    assert found.score == sum(reason.points for reason in found.reasons)
    assert sum(reason.possible for reason in found.reasons) == 100
    assert all(0 <= reason.points <= reason.possible for reason in found.reasons)
    assert explain_fit(candidate, opening) == found


@given(candidates, openings, st.sampled_from(["a", "b", "c"]))
def test_knowing_more_never_lowers_the_score(candidate: Candidate, opening: Opening, key: str) -> None:
    more = Candidate(
        languages=candidate.languages,
        skills={**candidate.skills, key: SkillLevel(5, "worked")},
        channels=candidate.channels,
        hours=candidate.hours,
        weekly_minutes_wanted=candidate.weekly_minutes_wanted,
        best_tier=candidate.best_tier,
    )
    assert explain_fit(more, opening).score >= explain_fit(candidate, opening).score


YES_NO = Question("q", "yes_no", (), is_knock_out=True, accepted=["yes"])
NUMBER = Question("q", "number", (), is_knock_out=True, accepted={"min": 2})


@pytest.mark.parametrize(
    ("question", "answer", "problem", "has_passed"),
    [
        (YES_NO, "yes", "", True),
        (YES_NO, "no", "", False),
        (YES_NO, "perhaps", "not_offered", False),
        (YES_NO, "   ", "missing", False),
        (NUMBER, "2", "", True),
        (NUMBER, "1", "", False),
        (NUMBER, "-2", "not_a_number", False),
        (NUMBER, "٣", "not_a_number", False),
        (NUMBER, "9999999", "not_a_number", False),
        (Question("q", "text", (), is_knock_out=False, accepted=[]), "x" * 1001, "too_long", False),
        (Question("q", "text", (), is_knock_out=False, accepted=[]), "'; DROP TABLE 🎁", "", True),
        (Question("q", "choice", ("A", "B"), is_knock_out=False, accepted=[]), "C", "not_offered", False),
    ],
)
def test_an_answer_is_judged(question: Question, answer: str, problem: str, has_passed: bool) -> None:
    (judged,) = screen([question], {"q": answer})
    assert (judged.problem, judged.has_passed) == (problem, has_passed)


@pytest.mark.slow
def test_ten_thousand_candidates_are_explained_in_a_few_seconds_on_any_machine() -> None:
    dice = random.Random(7)
    crowd = [
        Candidate(
            languages={"en": LanguageLevels(*dice.choices(Cefr.values, k=4))},
            skills={key: SkillLevel(dice.randint(1, 5), dice.choice(Proof.values)) for key in ("live-chat", "retail")},
            channels=frozenset({"chat"}),
            hours=[(dice.randint(0, 5_000), 6_000)],
            best_tier=dice.choice(Tier.values),
        )
        for _number in range(10_000)
    ]
    began = stopwatch.process_time()
    assert len({explain_fit(candidate, CHAT).score for candidate in crowd}) > 20
    assert stopwatch.process_time() - began < 5
