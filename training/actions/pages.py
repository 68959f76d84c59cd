"""Writing on pages: text and questions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid
from gigcx.tenancy.actors import BrandActor
from training.actions.courses import open_draft, refresh_page, write_question
from training.errors import CheckExists, PageChanged
from training.models import KnowledgeCheck, KnowledgeCheckKey, Page
from training.pages.checksums import text_checksum
from training.pages.outlines import Question
from training.queries import check_for, page_for
from vetting.grading import ItemProblem, clean_item

LONGEST_PAGE = 100_000


@transaction.atomic
def save_page(
    *,
    page_id: UUID,
    title: str,
    body: str,
    seen_checksum: str,
    is_required: bool = True,
    by: BrandActor,
    at: datetime,
) -> Page:
    """This function will save a page's text, unless somebody else saved another one since `seen_checksum` was read.

    `seen_checksum` is `training.pages.checksums.text_checksum` of the text the author began with.

    Raises:
        NotFound: no such page, or another brand's.
        PageChanged: carries both texts, so that neither is lost.
        Invalid: the title is empty or the text is too long.
        VersionNotOpen, VersionInReview: the version does not change now.
    """
    _refuse_wrong_text(title, body)
    open_draft(course_version_id=page_for(by, page_id).module.version_id, by=by, at=at)
    page = page_for(by, page_id)
    stored = text_checksum(page.title, page.body)
    wanted = (" ".join(title.split()), body.replace("\r\n", "\n"))
    if (page.title, page.body, page.is_required) == (*wanted, is_required):
        return page
    if stored != seen_checksum:
        raise PageChanged(theirs=page.body, yours=wanted[1], checksum=stored)
    page.title, page.body = wanted
    page.is_required = is_required
    refresh_page(page)
    trail.record("training.save_page", page, by=by, at=at, changes={"from": stored, "to": text_checksum(*wanted)})
    return page


@transaction.atomic
def add_check(*, page_id: UUID, question: Question, by: BrandActor, at: datetime) -> KnowledgeCheck:
    """This function will add a question to a page; where it stands is said in the text by its key.

    Raises:
        NotFound: no such page, or another brand's.
        Invalid: the question cannot be asked like this; names the field.
        CheckExists: the page has a question of that key.
    """
    open_draft(course_version_id=page_for(by, page_id).module.version_id, by=by, at=at)
    page = page_for(by, page_id)
    if KnowledgeCheck.objects.for_brand(page.brand_id).filter(page=page, key=question.key).exists():
        raise CheckExists(field="key")
    check = write_question(page, _cleaned(question))
    refresh_page(page)
    trail.record("training.add_check", check, by=by, at=at)
    return check


@transaction.atomic
def save_check(*, check_id: UUID, question: Question, by: BrandActor, at: datetime) -> KnowledgeCheck:
    """This function will change a question and its answer; its key stays, because the text names it.

    Raises:
        NotFound: no such question, or another brand's.
        Invalid: the question cannot be asked like this; names the field.
    """
    seen = check_for(by, check_id)
    open_draft(course_version_id=seen.page.module.version_id, by=by, at=at)
    cleaned = _cleaned(question)
    check = check_for(by, check_id)
    check.kind, check.payload, check.objective = cleaned.kind, dict(cleaned.payload), cleaned.objective
    check.save(update_fields=["kind", "payload", "objective"])
    KnowledgeCheckKey.objects.for_brand(check.brand_id).filter(knowledge_check=check).update(
        key=dict(cleaned.answer), feedback=dict(cleaned.feedback)
    )
    refresh_page(check.page)
    trail.record("training.save_check", check, by=by, at=at)
    return check


@transaction.atomic
def remove_check(*, check_id: UUID, by: BrandActor, at: datetime) -> Page:
    """This function will delete a question from a draft and return its page.

    Raises:
        NotFound: no such question, or another brand's.
    """
    check = check_for(by, check_id)
    open_draft(course_version_id=check.page.module.version_id, by=by, at=at)
    page = check.page
    trail.record("training.remove_check", check, by=by, at=at, changes={"key": check.key, "payload": check.payload})
    check.delete()
    refresh_page(page)
    return page


def _refuse_wrong_text(title: str, body: str) -> None:
    if not title.strip():
        raise Invalid(_("Give the page a title."), field="title")
    if len(title) > 120:
        raise Invalid(_("A title has at most 120 characters."), field="title")
    if len(body) > LONGEST_PAGE:
        raise Invalid(_("A page has at most 100,000 characters. Split it into two."), field="body")
    if "\x00" in title + body:
        raise Invalid(_("The text holds a character that cannot be stored."), field="body")


def _cleaned(question: Question) -> Question:
    try:
        payload, answer = clean_item(question.kind, question.payload, question.answer)
    except ItemProblem as wrong:
        raise Invalid(str(wrong), field=wrong.field or "prompt") from wrong
    return Question(
        question.key, question.kind, payload, answer, _feedback(question.feedback, payload), question.objective
    )


def _feedback(raw: Mapping[str, str], payload: Mapping[str, Any]) -> dict[str, str]:
    known = {"right", "wrong", *(option["id"] for option in payload.get("options", []))}
    return {key: text.strip()[:600] for key, text in raw.items() if key in known and text.strip()}
