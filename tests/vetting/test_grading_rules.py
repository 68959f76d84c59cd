"""The pure rooms: scoring, summing up, drawing, and the logic of certifications."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetting.grading import (
    ItemProblem,
    NeedsRater,
    ScoredItem,
    clean_item,
    clean_response,
    result_checksum,
    score,
    summarize,
)
from vetting.grading.drawing import draw, order_options
from vetting.grading.scoring import is_one_edit
from vetting.graph import Graph, Group, Need, Verdict, evaluate, validate

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)
OPTIONS = {"prompt": "Which?", "options": [{"id": one, "text": one.upper()} for one in "abcd"]}
PARTIAL = {"options": ["a", "b"], "rule": "partial"}
WHOLE = {"options": ["a", "b"], "rule": "all_or_nothing"}


def points(kind: str, key: Mapping[str, object], *chosen: str, most: str = "1") -> Decimal:
    return score(kind, OPTIONS, key, {"options": sorted(chosen)}, Decimal(most))


def test_a_single_choice_scores_its_key_and_nothing_else() -> None:
    assert points("single_choice", {"options": ["a"]}, "a", most="2.5") == Decimal("2.5000")
    assert points("single_choice", {"options": ["a"]}, "b") == 0
    assert points("single_choice", {"options": ["a"]}) == 0


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [("ab", "1"), ("a", "0.5"), ("abc", "0.5"), ("ac", "0"), ("cd", "0"), ("abcd", "0"), ("", "0")],
)
def test_a_multiple_choice_counts_hits_less_false_ones_and_ticking_everything_scores_nothing(
    chosen: str, expected: str
) -> None:
    assert points("multi_choice", PARTIAL, *chosen) == Decimal(expected)


def test_all_or_nothing_is_that() -> None:
    assert points("multi_choice", WHOLE, "a", "b") == 1
    assert points("multi_choice", WHOLE, "a") == 0


def test_thirds_are_rounded_once_at_four_decimals() -> None:
    payload = {"prompt": "?", "options": [{"id": one, "text": one} for one in "abcd"]}
    key = {"options": ["a", "b", "c"], "rule": "partial"}
    assert score("multi_choice", payload, key, {"options": ["a"]}, Decimal(1)) == Decimal("0.3333")


ANSWERS = {"answers": [{"text": "Slot window", "match": "close"}, {"text": "ß", "match": "exact"}]}


@pytest.mark.parametrize(
    "given_text", ["slot window", "  SLOT   window ", "slot windw", "ﬂot"[:0] + "ss", "ＳＬＯＴ window"]
)
def test_a_short_text_is_compared_without_case_width_and_spaces_and_forgives_one_slip(given_text: str) -> None:
    assert score("short_text", {"prompt": "?"}, ANSWERS, {"text": given_text}, Decimal(1)) == 1


@pytest.mark.parametrize("given_text", ["slto window", "slot", "window slot", "slot windoooow", "change time"])
def test_a_short_text_that_fits_nothing_goes_to_a_person(given_text: str) -> None:
    with pytest.raises(NeedsRater):
        score("short_text", {"prompt": "?"}, ANSWERS, {"text": given_text}, Decimal(1))


def test_an_empty_short_text_scores_nothing_and_troubles_nobody() -> None:
    assert score("short_text", {"prompt": "?"}, ANSWERS, {"text": "  "}, Decimal(1)) == 0
    assert score("short_text", {"prompt": "?"}, ANSWERS, None, Decimal(1)) == 0


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_edit_agrees_with_trying_every_edit(left: str, right: str) -> None:
    tries = {left[:at] + left[at + 1 :] for at in range(len(left))}
    tries |= {left[:at] + letter + left[at + 1 :] for at in range(len(left)) for letter in "abc"}
    tries |= {left[:at] + letter + left[at:] for at in range(len(left) + 1) for letter in "abc"}
    assert is_one_edit(left, right) == (right in tries - {left})


def rows(*shares: str) -> list[ScoredItem]:
    return [
        ScoredItem(
            place, f"v{place}", f"k{place}", "tone" if place % 2 else "orders", "machine-1", Decimal(share), Decimal(1)
        )
        for place, share in enumerate(shares, 1)
    ]


def test_sixty_nine_and_a_half_against_a_cut_of_seventy_fails_and_reads_so() -> None:
    items = [replace(rows("0")[0], points=Decimal("69.5"), max_points=Decimal(100))]
    summary = summarize(items, cut_percent=Decimal(70))
    assert not summary.is_passed
    assert summary.percent == Decimal("69.5")
    assert summarize(items, cut_percent=Decimal("69.5")).is_passed


def test_a_result_shows_each_skill_and_weights_count() -> None:
    items = [replace(item, weight=3) if item.position == 1 else item for item in rows("1", "0")]
    summary = summarize(items, cut_percent=Decimal(50))
    assert summary.percent == 75
    assert summary.skills == {"orders": "0.0000", "tone": "100.0000"}


def test_the_checksum_depends_on_the_content_and_not_on_the_order() -> None:
    items = rows("1", "0.5", "0")
    summary = summarize(items, cut_percent=Decimal(50))
    first = result_checksum(items, summary=summary, cut_percent=Decimal(50))
    assert first == result_checksum(items[::-1], summary=summary, cut_percent=Decimal("50.00"))
    changed = [replace(items[0], key_id="k9"), *items[1:]]
    assert first != result_checksum(changed, summary=summary, cut_percent=Decimal(50))
    assert len(first) == 64


@pytest.mark.parametrize(
    ("kind", "response"),
    [
        ("single_choice", {"options": ["a", "b"]}),
        ("multi_choice", {"options": ["a", "a"]}),
        ("multi_choice", {"options": ["z"]}),
        ("multi_choice", {"options": "abc"}),
        ("multi_choice", {"options": [{"id": "a"}]}),
        ("short_text", {"text": "x" * 501}),
        ("short_text", {"text": ["a"]}),
        ("single_choice", ["a"]),
    ],
)
def test_an_answer_of_the_wrong_shape_is_refused(kind: str, response: object) -> None:
    with pytest.raises(ItemProblem):
        clean_response(kind, OPTIONS, response)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "payload", "key"),
    [
        ("essay", OPTIONS, {"options": ["a"]}),
        ("single_choice", {"prompt": " "}, {"options": ["a"]}),
        ("single_choice", {"prompt": "?", "options": OPTIONS["options"][:1]}, {"options": ["a"]}),
        ("single_choice", OPTIONS, {"options": ["a", "b"]}),
        ("single_choice", OPTIONS, {"options": ["z"]}),
        ("multi_choice", OPTIONS, {"options": ["a", "b", "c", "d"]}),
        ("multi_choice", OPTIONS, {"options": ["a"], "rule": "guess"}),
        ("short_text", {"prompt": "?"}, {"answers": []}),
        (
            "single_choice",
            {"prompt": "?", "options": [{"id": "a", "text": "Yes"}, {"id": "b", "text": " YES "}]},
            {"options": ["a"]},
        ),
    ],
)
def test_a_question_of_the_wrong_shape_is_refused(kind: str, payload: object, key: object) -> None:
    with pytest.raises(ItemProblem):
        clean_item(kind, payload, key)  # type: ignore[arg-type]


def test_the_same_seed_draws_the_same_form_and_unseen_questions_come_first() -> None:
    pool = [f"q{number}" for number in range(20)]
    seen = set(pool[:15])
    first = draw(pool, seen=seen, count=8, seed="s")
    assert first == draw(pool, seen=seen, count=8, seed="s")
    assert len(set(first)) == 8
    assert set(pool[15:]) <= set(first)
    assert order_options(["a", "b", "c"], seed="s") == order_options(["a", "b", "c"], seed="s")
    with pytest.raises(ValueError, match="20 there"):
        draw(pool, seen=set(), count=21, seed="s")


# certifications


@st.composite
def graphs(draw_one: st.DrawFn) -> Graph:
    keys = [f"n{number}" for number in range(draw_one(st.integers(1, 6)))]
    groups = [Group("g", draw_one(st.sampled_from(["all", "any", "n_of"])), 1)]
    needs = [
        Need(
            key,
            "kind",
            after=tuple(keys[: draw_one(st.integers(0, place))]),
            group=draw_one(st.sampled_from(["", "g"])),
            is_waivable=draw_one(st.booleans()),
        )
        for place, key in enumerate(keys)
    ]
    used = any(need.group for need in needs)
    return Graph(tuple(needs), tuple(groups) if used else ())


def verdicts_for(graph: Graph, dice: random.Random, share: float) -> dict[str, Verdict]:
    def until() -> datetime | None:
        return dice.choice([None, AT + timedelta(days=dice.randint(-5, 50))])

    return {need.key: Verdict(True, until(), "", need.key) for need in graph.needs if dice.random() < share}


@given(graphs(), st.integers(0, 1000))
def test_more_evidence_never_turns_satisfied_into_not_satisfied(graph: Graph, seed: int) -> None:
    dice = random.Random(seed)
    few = verdicts_for(graph, dice, 0.5)
    more = {**verdicts_for(graph, dice, 0.9), **few}
    before, after = evaluate(graph, few, {}, AT), evaluate(graph, more, {}, AT)
    assert after.is_satisfied or not before.is_satisfied
    assert set(after.blockers) <= set(before.blockers)


@given(graphs(), st.integers(0, 1000))
def test_the_order_of_requirements_changes_nothing(graph: Graph, seed: int) -> None:
    dice = random.Random(seed)
    verdicts = verdicts_for(graph, dice, 0.6)
    mixed = Graph(tuple(dice.sample(graph.needs, len(graph.needs))), graph.groups)
    one, other = evaluate(graph, verdicts, {}, AT), evaluate(mixed, verdicts, {}, AT)
    assert (one.is_satisfied, one.earliest_expiry, dict(one.outcomes)) == (
        other.is_satisfied,
        other.earliest_expiry,
        dict(other.outcomes),
    )


@given(graphs(), st.integers(0, 1000))
def test_a_satisfied_graph_stays_so_until_its_expiry_and_no_longer(graph: Graph, seed: int) -> None:
    verdicts = verdicts_for(graph, random.Random(seed), 0.9)
    outcome = evaluate(graph, verdicts, {}, AT)
    if not outcome.is_satisfied or outcome.earliest_expiry is None:
        return
    assert evaluate(graph, verdicts, {}, outcome.earliest_expiry - timedelta(seconds=1)).is_satisfied
    assert not evaluate(graph, verdicts, {}, outcome.earliest_expiry).is_satisfied


def test_a_waiver_counts_only_where_the_requirement_allows_one_and_until_its_end() -> None:
    graph = Graph((Need("a", "x", is_waivable=True), Need("b", "x")))
    waivers = {"a": AT + timedelta(days=1), "b": None}
    met = {"b": Verdict(True)}
    assert evaluate(graph, met, waivers, AT).is_satisfied
    assert not evaluate(graph, met, waivers, AT + timedelta(days=1)).is_satisfied
    assert not evaluate(graph, {"a": Verdict(True)}, waivers, AT).is_satisfied


def test_what_comes_later_is_locked_until_what_comes_first_is_met() -> None:
    graph = Graph((Need("first", "x"), Need("second", "x", after=("first",))))
    assert evaluate(graph, {}, {}, AT).outcomes["second"].status == "locked"
    assert evaluate(graph, {"first": Verdict(True)}, {}, AT).outcomes["second"].status == "open"


def test_of_a_choice_the_ones_that_hold_longest_count() -> None:
    graph = Graph((Need("a", "x", group="g"), Need("b", "x", group="g")), (Group("g", "any"),))
    soon, late = AT + timedelta(days=1), AT + timedelta(days=9)
    outcome = evaluate(graph, {"a": Verdict(True, soon), "b": Verdict(True, late)}, {}, AT)
    assert outcome.earliest_expiry == late
    assert evaluate(graph, {"a": Verdict(True)}, {}, AT).outcomes["b"].status == "not_needed"


@pytest.mark.parametrize(
    ("graph", "code"),
    [
        (Graph(()), "empty"),
        (Graph((Need("a", "x"), Need("a", "x"))), "doubled_key"),
        (Graph((Need("a", "x", after=("b",)), Need("b", "x", after=("a",)))), "circle"),
        (Graph((Need("a", "x", after=("z",)),)), "unknown_after"),
        (Graph((Need("a", "x", group="g"),)), "unknown_group"),
        (Graph((Need("a", "x"),), (Group("g", "all"),)), "empty_group"),
        (Graph((Need("a", "x", group="g"),), (Group("g", "n_of", 2),)), "too_many"),
        (Graph((Need("a", "x", group="g"),), (Group("g", "some"),)), "unknown_rule"),
    ],
)
def test_a_graph_that_could_never_be_met_says_why(graph: Graph, code: str) -> None:
    assert code in {problem.code for problem in validate(graph)}


def test_a_sound_graph_has_no_problem() -> None:
    assert validate(Graph((Need("a", "x"), Need("b", "x", after=("a",), group="g")), (Group("g", "n_of", 1),))) == ()
