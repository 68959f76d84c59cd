"""Judging the answers of an application: which are missing or malformed, and which rule the program out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

YES_NO: Final = "yes_no"
CHOICE: Final = "choice"
NUMBER: Final = "number"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is asked. `accepted` is a list of passing texts, or {"min": 5} for a number."""

    key: str
    kind: str
    options: tuple[str, ...]
    is_knock_out: bool
    accepted: Any


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer, judged. `problem` is a code (missing, not_offered, not_a_number, too_long) or empty."""

    key: str
    answer: str
    problem: str
    has_passed: bool


def screen(questions: Sequence[Question], answers: Mapping[str, str]) -> tuple[Answered, ...]:
    """This function will judge every question's answer, in the order of the questions."""
    return tuple(_judged(question, " ".join(answers.get(question.key, "").split())) for question in questions)


def _judged(question: Question, answer: str) -> Answered:
    problem = _problem(question, answer)
    return Answered(question.key, answer, problem, not problem and _passes(question, answer))


def _problem(question: Question, answer: str) -> str:
    if not answer:
        return "missing"
    if len(answer) > 1000:
        return "too_long"
    if question.kind == YES_NO:
        return "" if answer in {"yes", "no"} else "not_offered"
    if question.kind == CHOICE:
        return "" if answer in question.options else "not_offered"
    if question.kind == NUMBER:
        return "" if answer.isascii() and answer.isdigit() and len(answer) <= 6 else "not_a_number"
    return ""


def _passes(question: Question, answer: str) -> bool:
    if not question.is_knock_out:
        return True
    if isinstance(question.accepted, Mapping):
        return int(answer) >= int(question.accepted.get("min", 0))
    return answer in question.accepted
