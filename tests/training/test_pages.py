"""The pure room that turns Markdown into safe HTML with problems by line."""

import json
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.pages import render
from training.pages.checksums import page_checksum, text_checksum
from training.pages.reading import reading_seconds
from training.pages.sanitising import TAGS
from training.pages.starters import STARTERS
from training.states import PageProblem


def found(markdown: str, *, checks: tuple[str, ...] = ()) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in render(markdown, checks=checks).problems]


def test_a_page_is_cut_into_text_and_questions_in_order() -> None:
    page = render("Before.\n\n:::check one\n:::\n\nAfter.", checks=["one"])
    assert [(bool(part.html), part.check) for part in page.parts] == [(True, ""), (False, "one"), (True, "")]
    assert page.checks == ("one",)
    assert page.problems == ()


@pytest.mark.parametrize(
    ("markdown", "line", "code"),
    [
        ("Fine.\n\n:::vidoe intro\n:::\n", 3, "unknown_directive"),
        ("Fine.\n\n[x](javascript:alert(1))\n", 3, "link_unsafe"),
        ("a\nb\n[x](JaVaScRiPt:alert(1))", 3, "link_unsafe"),
        ("[x](<java\tscript:alert(1)>)", 1, "link_unsafe"),
        ("[x](data:text/html;base64,PHNjcmlwdD4=)", 1, "link_unsafe"),
        ("[x](/admin/)", 1, "link_unsafe"),
        ("[x]()", 1, "link_empty"),
        ("<javascript:alert(1)>", 1, "link_unsafe"),
        ("Hi\n\n<script>alert(1)</script>", 3, "raw_html"),
        ('Hi <img src=x onerror="alert(1)">', 1, "raw_html"),
        ("![](cat.png)", 1, "image_without_alt"),
        ("![a cat](cat.png)", 1, "image_unknown"),
        (":::check\n:::", 1, "check_without_key"),
        (":::check gone\n:::", 1, "missing_check"),
        (":::callout shout\nHey\n:::", 1, "unknown_callout"),
        (":::reveal\nHidden\n:::", 1, "reveal_without_title"),
        (":::steps\nNo list.\n:::", 1, "steps_without_list"),
        (":::compare\nOne side.\n:::", 1, "compare_sides"),
        (":::callout tip\nNever closed.", 1, "unclosed_directive"),
        ("Hello\n\n:::\n", 3, "stray_fence"),
    ],
)
def test_a_problem_names_its_line(markdown: str, line: int, code: str) -> None:
    assert (line, code) in found(markdown)


def test_a_question_stands_once_and_in_the_open() -> None:
    assert found(":::check a\n:::\n\n:::check a\n:::", checks=("a",)) == [(4, "check_twice")]
    assert found("::::callout tip\n:::check a\n:::\n::::", checks=("a",)) == [(2, "check_inside")]


def test_every_problem_has_words_an_author_can_act_on() -> None:
    assert all(str(problem.label).endswith(".") for problem in PageProblem)


def test_blocks_are_rendered_and_nothing_else_of_them() -> None:
    page = render(
        ":::callout rule Thirty days\nText\n:::\n\n:::compare Cold | Warm\nNo.\n\n***\n\nYes & gladly.\n:::\n\n"
        "::::reveal What <b>now</b>?\n:::steps\n1. One\n2. Two\n:::\n::::\n"
    )
    assert page.problems == ()
    assert 'class="callout callout-rule"' in page.html
    assert "Rule: Thirty days" in page.html
    assert page.html.count("compare-side") == 2
    assert "Yes &amp; gladly." in page.html
    assert "<summary>What &lt;b&gt;now&lt;/b&gt;?</summary>" in page.html
    assert "<ol>" in page.html


def test_a_page_never_brings_its_own_title_level() -> None:
    assert render("# A\n\n### B").html == "<h2>A</h2>\n<h4>B</h4>"


def test_words_for_callouts_follow_the_reader() -> None:
    labels = {"note": "Hinweis", "tip": "Tipp", "warning": "Achtung", "rule": "Regel", "bad": "Statt", "good": "Besser"}
    assert "Tipp" in render(":::callout tip\nx\n:::", labels=labels).html


def test_an_unknown_picture_shows_its_words_and_asks_for_nothing() -> None:
    html = render("![a cat](https://elsewhere.example/cat.png)").html
    assert "a cat" in html
    assert "<img" not in html


HOSTILE = st.lists(
    st.sampled_from(
        [
            "<script>alert(1)</script>", "[x](javascript:alert(1))", ":::callout ", ":::", "::::", "\n", "\n\n", "> ",
            "`", "***", "<img src=x onerror=y>", '" onload="x', "![a](x)", ":::reveal ", ":::check a", "1. ", "| a |",
            "<a href='javascript:x'>", "&lt;script&gt;", "[a]: javascript:x\n\n[a]", "\u202e", "\x00", "    ",
        ]
    ),
    max_size=14,
).map("".join)  # fmt: skip


class Collector(HTMLParser):
    """Every tag and attribute that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize("target", ["::callout", "page-2", "?next=1", "#part", "javascript&colon;x"])
def test_a_link_relative_to_the_lesson_loses_its_target(target: str) -> None:
    assert "href" not in render(f"[here]({target})").html


@given(HOSTILE)
def test_no_input_leaves_a_script_a_handler_or_a_foreign_scheme(markdown: str) -> None:
    seen = Collector(render(markdown, checks=["a"]).html)
    assert seen.tags <= TAGS
    assert not [name for name, _value in seen.attributes if name.startswith("on") or name == "style"]
    links = [value for name, value in seen.attributes if name == "href"]
    assert not [link for link in links if link and not link.startswith(("https://", "http://", "mailto:", "/", "%"))]


@given(st.text(max_size=400))
def test_any_text_renders_twice_alike(markdown: str) -> None:
    assert render(markdown) == render(markdown)


def test_reading_takes_a_minute_for_238_words_and_a_question_25_seconds() -> None:
    assert reading_seconds("word " * 238) == 60
    assert reading_seconds("word " * 238, checks=2) == 110
    assert reading_seconds("字" * 255) == 60
    assert reading_seconds("") == 0


def test_a_large_page_is_rendered_in_reasonable_time() -> None:
    markdown = ("Some **bold** text with a [link](https://a.example/) in it.\n\n- one\n- two\n\n" * 700)[:50_000]
    started = time.process_time()  # what others do on the machine meanwhile does not count
    render(markdown)
    assert time.process_time() - started < 2


def test_checksums_say_whether_a_page_has_to_be_read_again() -> None:
    questions = [["a", "single_choice"], ["b", "short_text"]]
    same = page_checksum("T", "B", questions)
    assert page_checksum("T", "B", list(reversed(questions))) == same
    assert page_checksum("T", "B.", questions) != same
    assert page_checksum("T", "B", questions[:1]) != same
    assert text_checksum("a", "bc") != text_checksum("ab", "c")


@pytest.mark.parametrize("name", sorted(STARTERS))
def test_every_starter_could_be_reviewed_at_once(name: str) -> None:
    for chapter in STARTERS[name].chapters:
        for page in chapter.pages:
            keys = [question.key for question in page.questions]
            result = render(page.body, checks=keys)
            assert (page.title, result.problems) == (page.title, ())
            assert sorted(result.checks) == sorted(keys)
            assert json.dumps([dict(question.payload) for question in page.questions])
