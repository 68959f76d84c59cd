"""A whole course as plain values: what starters are written in, and what is copied from one version to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """A knowledge check: payload and key in the shapes of vetting's grading, and a sentence for each answer."""

    key: str
    kind: str
    payload: Mapping[str, Any]
    answer: Mapping[str, Any]
    feedback: Mapping[str, str] = field(default_factory=dict)
    objective: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A page: its title, its Markdown, its questions."""

    title: str
    body: str
    questions: Sequence[Question] = ()
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Chapter:
    """A module: a title and pages."""

    title: str
    pages: Sequence[Text]
    is_skippable: bool = True


@dataclass(frozen=True, slots=True)
class Outline:
    """A course."""

    title: str
    summary: str
    minutes: int
    chapters: Sequence[Chapter]


def choice(key: str, prompt: str, *options: tuple[str, bool, str], objective: str = "") -> Question:
    """This function will make a question from (text, is it right, why) options; several right ones make it a multiple choice."""
    ids = [chr(ord("a") + index) for index in range(len(options))]
    right = [one for one, (_, is_right, _) in zip(ids, options, strict=True) if is_right]
    is_single = len(right) == 1
    return Question(
        key=key,
        kind="single_choice" if is_single else "multi_choice",
        payload={
            "prompt": prompt,
            "options": [{"id": one, "text": text} for one, (text, _, _) in zip(ids, options, strict=True)],
        },
        answer={"options": right} if is_single else {"options": right, "rule": "all_or_nothing"},
        feedback={one: why for one, (_, _, why) in zip(ids, options, strict=True) if why},
        objective=objective,
    )


def words(key: str, prompt: str, *answers: str, why: str = "", hint: str = "", objective: str = "") -> Question:
    """This function will make a question that is answered in a few words; any of `answers` is right."""
    return Question(
        key=key,
        kind="short_text",
        payload={"prompt": prompt},
        answer={"answers": [{"text": answer, "match": "close"} for answer in answers]},
        feedback={"right": why, "wrong": hint},
        objective=objective,
    )
