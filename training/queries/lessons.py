"""A page as its learner sees it: safe HTML and questions, never an answer that was not given."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from gigcx.kernel.errors import NotFound
from training.models import CheckAnswer, Enrolment, KnowledgeCheck, KnowledgeCheckKey, Page
from training.queries.content import modules_of, pages_of, rendered
from training.queries.learning import progress_of
from training.states import CheckKind


@dataclass(frozen=True, slots=True)
class AnswerSeen:
    """The learner's latest answer to a question and what is said to it."""

    is_correct: bool
    chosen: tuple[str, ...]
    text: str
    feedback: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as the learner sees it: never whether it is right."""

    id: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the learner sees it. `next_seq` is what the next answer is sent under."""

    id: UUID
    key: str
    kind: str
    prompt: str
    choices: tuple[Choice, ...]
    answer: AnswerSeen | None
    tries: int

    @property
    def next_seq(self) -> int:
        """The number that makes the next answer one row however often it is sent."""
        return self.tries + 1

    @property
    def is_settled(self) -> bool:
        """Was it answered right?"""
        return self.answer is not None and self.answer.is_correct


@dataclass(frozen=True, slots=True)
class LessonPart:
    """A piece of a lesson: safe HTML, or a question."""

    html: str = ""
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """One page of a course as its learner sees it."""

    page: Page
    parts: tuple[LessonPart, ...]
    is_done: bool
    previous_id: UUID | None
    next_id: UUID | None
    number: int
    total: int

    @property
    def open_questions(self) -> int:
        """How many questions still wait for the right answer."""
        return sum(1 for part in self.parts if part.question and not part.question.is_settled)


def lesson_of(enrolment: Enrolment, page_id: UUID) -> Lesson:
    """This function will return a page of the enrolment's version, ready to read.

    Raises:
        NotFound: the version has no such page.
    """
    rows = pages_of(modules_of(enrolment.version))
    number = next((index for index, page in enumerate(rows) if page.pk == page_id), None)
    if number is None:
        raise NotFound
    page, progress = rows[number], progress_of(enrolment)
    done = progress.get(page.pk)
    return Lesson(
        page=page,
        parts=_parts(page, enrolment),
        is_done=bool(done and done.completed_at),
        previous_id=rows[number - 1].pk if number else None,
        next_id=rows[number + 1].pk if number + 1 < len(rows) else None,
        number=number + 1,
        total=len(rows),
    )


def preview_parts(page: Page, body: str | None = None) -> tuple[LessonPart, ...]:
    """This function will return a page as a learner would see it before answering anything, for its authors."""
    shown = {check.key: _question(check, [], None, seed=str(page.pk)) for check in page.checks.all()}
    return _interleaved(page, shown, body)


def question_of(enrolment: Enrolment, check: KnowledgeCheck) -> Question:
    """This function will return one question with the learner's latest answer."""
    answers = _answers(enrolment, [check])[check.pk]
    return _question(check, answers, _secret_for(check, answers), seed=str(enrolment.pk))


def _parts(page: Page, enrolment: Enrolment) -> tuple[LessonPart, ...]:
    checks = list(page.checks.all())
    answers = _answers(enrolment, checks)
    secrets = _secrets([check for check in checks if answers[check.pk]])
    shown = {
        check.key: _question(check, answers[check.pk], secrets.get(check.pk), seed=str(enrolment.pk))
        for check in checks
    }
    return _interleaved(page, shown, None)


def _interleaved(page: Page, shown: Mapping[str, Question], body: str | None) -> tuple[LessonPart, ...]:
    parts = rendered(page, body).parts
    return tuple(
        LessonPart(question=shown[part.check]) if part.check else LessonPart(html=part.html)
        for part in parts
        if not part.check or part.check in shown
    )


def _answers(enrolment: Enrolment, checks: Sequence[KnowledgeCheck]) -> dict[UUID, list[CheckAnswer]]:
    found: dict[UUID, list[CheckAnswer]] = {check.pk: [] for check in checks}
    if checks:
        rows = CheckAnswer.objects.across_brands().filter(enrolment=enrolment, knowledge_check__in=checks)
        for row in rows.order_by("client_seq", "pk"):
            found[row.knowledge_check_id].append(row)
    return found


def _secrets(checks: Sequence[KnowledgeCheck]) -> dict[UUID, KnowledgeCheckKey]:
    if not checks:
        return {}
    rows = KnowledgeCheckKey.objects.across_brands().filter(knowledge_check__in=checks)
    return {row.knowledge_check_id: row for row in rows}


def _secret_for(check: KnowledgeCheck, answers: Sequence[CheckAnswer]) -> KnowledgeCheckKey | None:
    return _secrets([check]).get(check.pk) if answers else None


def _question(
    check: KnowledgeCheck, answers: Sequence[CheckAnswer], secret: KnowledgeCheckKey | None, *, seed: str
) -> Question:
    seen = _answer_seen(check, answers[-1], secret) if answers else None
    chosen = seen.chosen if seen else ()
    return Question(
        id=check.pk,
        key=check.key,
        kind=check.kind,
        prompt=check.payload["prompt"],
        choices=tuple(
            Choice(option["id"], option["text"], option["id"] in chosen)
            for option in sorted(check.payload.get("options", []), key=lambda one: _place(seed, check, one["id"]))
        ),
        answer=seen,
        tries=answers[-1].client_seq if answers else 0,
    )


def _place(seed: str, check: KnowledgeCheck, option_id: str) -> str:
    """Options stand in an order of the learner's own, the same at every visit."""
    return hashlib.sha256(f"{seed}:{check.pk}:{option_id}".encode()).hexdigest()


def _answer_seen(check: KnowledgeCheck, answer: CheckAnswer, secret: KnowledgeCheckKey | None) -> AnswerSeen:
    chosen = tuple(answer.response.get("options", ()))
    feedback = secret.feedback if secret else {}
    keys = ("right" if answer.is_correct else "wrong",) if check.kind == CheckKind.SHORT_TEXT else chosen
    return AnswerSeen(
        is_correct=answer.is_correct,
        chosen=chosen,
        text=answer.response.get("text", ""),
        feedback=tuple(feedback[key] for key in keys if feedback.get(key)),
    )
