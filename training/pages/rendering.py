"""From Markdown to safe HTML in parts: text, question, text. Every problem carries its line."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from training.pages import blocks
from training.pages.blocks import CALLOUTS, DIRECTIVES, LABELS
from training.pages.reading import reading_seconds
from training.pages.sanitising import SCHEMES, clean

__all__ = ["CALLOUTS", "DIRECTIVES", "LABELS", "Part", "Problem", "Rendered", "render"]

_FENCE: Final = re.compile(r"^\s*:{3,}\s*$")
_HTML: Final = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, by code, and where: the line counts from 1; `detail` is the word at fault."""

    line: int
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a page: sanitised HTML, or the place of a question."""

    html: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page ready to show. `checks` are the keys of its questions in order."""

    parts: tuple[Part, ...]
    checks: tuple[str, ...]
    problems: tuple[Problem, ...]
    reading_seconds: int

    @property
    def html(self) -> str:
        """The text of the page without its questions."""
        return "".join(part.html for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Block:
    opener: Token
    inside: Sequence[Token]
    closer: Token
    depth: int


def render(
    markdown: str,
    *,
    checks: Collection[str] = (),
    media: Mapping[str, str] | None = None,
    labels: Mapping[str, str] = LABELS,
) -> Rendered:
    """This function will render a page and report what is wrong with it.

    `checks` are the keys of the questions that exist; `media` maps a picture's name to its address; `labels` are the
    words for callouts and comparisons in the reader's language.
    """
    tokens = _parser().parse(markdown)
    found = [*_blocks(tokens)]
    keys = [blocks.key_of(block.opener) for block in _checks(found)]
    problems = [*_block_problems(found, markdown, checks), *_inline_problems(tokens, media or {})]
    _write_blocks(found, labels)
    _shift_headings(tokens)
    _resolve_media(tokens, media or {})
    spoken = " ".join(token.content for token in tokens if token.type == "inline")
    return Rendered(
        parts=tuple(_parts(tokens)),
        checks=tuple(dict.fromkeys(key for key in keys if key)),
        problems=tuple(sorted(problems, key=lambda problem: (problem.line, problem.code))),
        reading_seconds=reading_seconds(spoken, checks=len(keys)),
    )


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
    # Addresses are judged with their line number below and cut by the sanitiser; here they only have to parse.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    container_plugin(parser, "directive", validate=lambda params, markup: bool(params.strip()), render=_written)
    parser.add_render_rule("table_open", lambda *args: '<div class="scroll-x" tabindex="0"><table>')
    parser.add_render_rule("table_close", lambda *args: "</table></div>")
    parser.add_render_rule("hr", _hr)
    return parser


def _written(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return str(tokens[index].meta.get("html", ""))


def _hr(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return str(tokens[index].meta.get("html", "<hr>"))


def _blocks(tokens: Sequence[Token]) -> Iterator[_Block]:
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if token.type == blocks.OPEN:
            stack.append(index)
        elif token.type == blocks.CLOSE:
            start = stack.pop()
            yield _Block(tokens[start], tokens[start + 1 : index], token, token.level)


def _checks(found: Sequence[_Block]) -> list[_Block]:
    named = [block for block in found if blocks.name_of(block.opener) == "check"]
    return sorted(named, key=lambda block: _line(block.opener))


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _block_problems(found: Sequence[_Block], markdown: str, checks: Collection[str]) -> Iterator[Problem]:
    lines = markdown.splitlines()
    for block in found:
        line, name = _line(block.opener), blocks.name_of(block.opener)
        if code := blocks.problem_of(block.opener, block.inside):
            yield Problem(line, code, name)
        if not _is_closed(block.opener, lines):
            yield Problem(line, "unclosed_directive", name)
    yield from _check_problems(_checks(found), checks)


def _is_closed(opener: Token, lines: Sequence[str]) -> bool:
    end = opener.map[1] if opener.map else 0
    return end < len(lines) and _FENCE.match(re.sub(r"^[\s>]*", "", lines[end])) is not None


def _check_problems(found: Sequence[_Block], checks: Collection[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for block in found:
        key, line = blocks.key_of(block.opener), _line(block.opener)
        if block.depth > 0:
            yield Problem(line, "check_inside", key)
        if key and key not in checks:
            yield Problem(line, "missing_check", key)
        if key and key in seen:
            yield Problem(line, "check_twice", key)
        seen.add(key)


def _inline_problems(tokens: Sequence[Token], media: Mapping[str, str]) -> Iterator[Problem]:
    line = 1
    for token in tokens:
        line = _line(token) if token.map else line
        if token.type != "inline":
            continue
        at = line
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                at += 1
            elif problem := _inline_problem(child, at, media):
                yield problem


def _inline_problem(token: Token, line: int, media: Mapping[str, str]) -> Problem | None:
    if token.type == "link_open":
        return _link_problem(str(token.attrGet("href") or ""), line)
    if token.type == "image":
        return _image_problem(token, line, media)
    if token.type == "text" and _FENCE.match(token.content):
        return Problem(line, "stray_fence")
    if token.type == "text" and (tag := _HTML.search(token.content)):
        return Problem(line, "raw_html", tag.group()[:40])
    return None


def _link_problem(href: str, line: int) -> Problem | None:
    if not href.strip() or href.strip() == "#":
        return Problem(line, "link_empty")
    return None if _is_safe(href) else Problem(line, "link_unsafe", href[:60])


def _is_safe(href: str) -> bool:
    try:
        parts = urlsplit(re.sub(r"[\x00-\x20]|%[01][0-9a-fA-F]|%20", "", href))
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path
    return parts.scheme in SCHEMES and bool(parts.netloc)


def _image_problem(token: Token, line: int, media: Mapping[str, str]) -> Problem | None:
    if not token.content.strip():
        return Problem(line, "image_without_alt")
    source = str(token.attrGet("src") or "")
    return None if source in media else Problem(line, "image_unknown", source[:60])


def _write_blocks(found: Sequence[_Block], labels: Mapping[str, str]) -> None:
    for block in found:
        name = blocks.name_of(block.opener)
        block.opener.meta["html"] = blocks.opening(block.opener, labels)
        block.closer.meta["html"] = blocks.closing(name)
        if name == "compare":
            for divider in blocks.dividers(block.opener, block.inside)[:1]:
                divider.meta["html"] = blocks.dividing(blocks.words_of(block.opener), labels)


def _shift_headings(tokens: Sequence[Token]) -> None:
    """The page's title is the h1, so the text's highest heading becomes h2 whatever the author typed."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest = min((int(token.tag[1]) for token in headings), default=2)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) - highest + 2)}"


def _resolve_media(tokens: Sequence[Token], media: Mapping[str, str]) -> None:
    """A picture that is not stored shows as its words: an empty address would ask the server for the page again."""
    for image in (child for token in tokens for child in token.children or () if child.type == "image"):
        source = str(image.attrGet("src") or "")
        if source in media:
            image.attrSet("src", media[source])
        else:
            image.type, image.tag, image.children = "text", "", None


def _parts(tokens: Sequence[Token]) -> Iterator[Part]:
    run: list[Token] = []
    inside_check = False
    for token in tokens:
        if _is_check_edge(token) and token.type == blocks.OPEN and token.level == 0:
            yield from _html_part(run)
            run, inside_check = [], True
            if key := blocks.key_of(token):
                yield Part(check=key)
        elif inside_check and token.type == blocks.CLOSE and token.level == 0:
            inside_check = False
        elif not inside_check:
            run.append(token)
    yield from _html_part(run)


def _is_check_edge(token: Token) -> bool:
    return token.type == blocks.OPEN and blocks.name_of(token) == "check"


def _html_part(run: list[Token]) -> Iterator[Part]:
    parser = _parser()
    html = clean(str(parser.renderer.render(run, parser.options, {}))).strip()
    if html:
        yield Part(html=html)
