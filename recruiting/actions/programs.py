"""A program from its first draft to the archive."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gigcx.audit.outbox import publish
from gigcx.audit.trail import record
from gigcx.kernel.errors import DomainError, Invalid, NotAllowed, NotFound, Stale
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, BrandActor, require
from gigcx.tenancy.models import Brand
from gigcx.tenancy.policies import require_may_trade
from gigcx.tenancy.roles import Permission
from recruiting.actions.decisions import end_all
from recruiting.actions.program_briefs import ProgramBrief, columns_of
from recruiting.actions.wording import chosen, many_lines, one_line
from recruiting.errors import ProgramNotReady
from recruiting.events import ProgramLaunched, ProgramPublished, ProgramReturned, ProgramSubmitted
from recruiting.models import Engagement, Program, ScreeningQuestion
from recruiting.policies import can_review_program
from recruiting.queries import missing_of
from recruiting.queries.pay_claims import claim_not_covered
from recruiting.states import (
    BENCH_STATES,
    PROGRAM_MOVES,
    ProgramState,
    QuestionKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """A question for applicants. `accepted` lists the answers that pass a knock-out, or is {"min": n} for a number."""

    prompt: str
    kind: str = QuestionKind.YES_NO
    options: Sequence[str] = ()
    is_knock_out: bool = False
    accepted: Any = ()


@transaction.atomic
def create_program(*, brand_id: UUID, brief: ProgramBrief, by: Actor, at: datetime) -> Program:
    """Write a first draft; nobody sees it but the brand.

    Raises:
        NotFound, NotAllowed: not the brand's member, or the role does not cover it.
        Invalid: a field of the brief, among them words on hourly pay; or the brand has a program of that name.
    """
    require(by, Permission.MANAGE_PROGRAMS, brand_id=brand_id)
    brand = Brand.objects.select_for_update(no_key=True).get(pk=brand_id)
    columns = columns_of(brief)
    _require_covered_pay(columns, None)
    slug = _free_slug(brand_id, columns["name"])
    program = Program.objects.create(
        brand=brand, slug=slug, public_slug=_public_slug(brand, slug), created_at=at, **columns
    )
    record("recruiting.create_program", program, by=by, at=at, to_state=program.state)
    return program


def _require_covered_pay(columns: Mapping[str, Any], program_id: UUID | None) -> None:
    for field in ("summary", "description"):
        claim = claim_not_covered([columns[field]], program_id=program_id)
        if claim:
            words = _(
                "“%(claim)s” is more than an hour was shown to come to. The advert shows the rate card and the net hour."
            )
            raise Invalid(words % {"claim": claim}, field=field)


def _named(changes: Iterable[str]) -> str:
    """The names of changed columns as a phrase goes on: ": name, summary"."""
    names = [name.replace("_", " ") for name in changes]
    return f": {', '.join(names)}" if names else ""


@transaction.atomic
def edit_program(*, program_id: UUID, brief: ProgramBrief, revision: int, by: Actor, at: datetime) -> Program:
    """Change a program. The public address stays.

    Raises:
        Stale: somebody changed it after revision `revision`.
        Invalid: a field of the brief, among them words on hourly pay that its label does not cover.
    """
    program = locked_program(program_id)
    require(by, Permission.MANAGE_PROGRAMS, brand_id=program.brand_id)
    if program.revision != revision:
        raise Stale
    columns = columns_of(brief, kept_mode=program.engagement_mode)
    _require_covered_pay(columns, program.pk)
    changes = {
        name: [getattr(program, name), value] for name, value in columns.items() if getattr(program, name) != value
    }
    for name, value in columns.items():
        setattr(program, name, value)
    program.revision += 1
    program.save(update_fields=[*columns, "revision"])
    record("recruiting.edit_program", program, by=by, at=at, changes={**changes, "what": _named(changes)})
    return program


@transaction.atomic
def set_questions(*, program_id: UUID, questions: Sequence[QuestionDraft], by: Actor, at: datetime) -> Program:
    """Replace the questions asked of applicants; answers already given keep their question.

    Raises:
        Invalid: an empty question, a choice without options, or a knock-out without an answer that passes.
    """
    program = locked_program(program_id)
    require(by, Permission.MANAGE_PROGRAMS, brand_id=program.brand_id)
    if len(questions) > 12:
        raise Invalid(_("Ask at most twelve questions."), field="questions")
    drafts = [_question(program, place, draft) for place, draft in enumerate(questions, start=1)]
    program.questions.filter(is_retired=False).update(is_retired=True)
    ScreeningQuestion.objects.bulk_create(drafts)
    record("recruiting.set_questions", program, by=by, at=at, changes={"questions": [one.prompt for one in drafts]})
    return program


@transaction.atomic
def submit_program(*, program_id: UUID, by: Actor, at: datetime) -> Program:
    """Ask ops to review the program's words, prices and terms.

    Raises:
        BrandNotActive: the brand's account is not open for business.
        ProgramNotReady: something is missing; `context["missing"]` lists it.
        Invalid: its words state an hourly pay that its label does not cover any more.
        MoveRefused: it is no draft.
    """
    program = locked_program(program_id)
    require(by, Permission.MANAGE_PROGRAMS, brand_id=program.brand_id)
    require_move(PROGRAM_MOVES, program.state, ProgramState.CONTENT_REVIEW)
    require_may_trade(program.brand)
    _require_complete(program, at)
    _require_covered_pay({"summary": program.summary, "description": program.description}, program.pk)
    program.submitted_at, program.submitted_by = at, by.user if isinstance(by, BrandActor) else None
    _move(program, ProgramState.CONTENT_REVIEW, ("submitted_at", "submitted_by"), verb="submit_program", by=by, at=at)
    publish(ProgramSubmitted(program_id=program.pk), at=at, brand_id=program.brand_id)
    return program


@transaction.atomic
def approve_program(*, program_id: UUID, by: Actor, at: datetime) -> Program:
    """Let everybody see the program and apply. Only ops.

    Raises:
        ProgramNotReady: something went missing since it was sent to review.
        MoveRefused: it is not in review.
    """
    program = _reviewed(program_id, by)
    require_move(PROGRAM_MOVES, program.state, ProgramState.RECRUITING)
    _require_complete(program, at)
    program.published_at = program.published_at or at
    program.review_note = ""
    _move(program, ProgramState.RECRUITING, ("published_at", "review_note"), verb="approve_program", by=by, at=at)
    publish(ProgramPublished(program_id=program.pk), at=at, brand_id=program.brand_id)
    return program


@transaction.atomic
def return_program(*, program_id: UUID, reason: str, by: Actor, at: datetime) -> Program:
    """Send a program back to its brand with what has to change. Only ops.

    Raises:
        Invalid: no reason was given.
        MoveRefused: it is not in review.
    """
    program = _reviewed(program_id, by)
    require_move(PROGRAM_MOVES, program.state, ProgramState.DRAFT)
    program.review_note = many_lines(reason, field="reason", limit=2000, is_required=True)
    words = {"verb": "return_program", "reason": program.review_note}
    _move(program, ProgramState.DRAFT, ("review_note",), by=by, at=at, **words)
    publish(ProgramReturned(program_id=program.pk, reason=program.review_note), at=at, brand_id=program.brand_id)
    return program


@transaction.atomic
def launch_program(*, program_id: UUID, by: Actor, at: datetime) -> Program:
    """Go live: the bench is ready and shifts may be worked.

    Raises:
        MoveRefused: the program is not ready.
    """
    program = locked_program(program_id)
    require(by, Permission.MANAGE_PROGRAMS, brand_id=program.brand_id)
    return _launch(program, by=by, at=at)


@transaction.atomic
def pause_program(*, program_id: UUID, by: Actor, at: datetime) -> Program:
    """Take the program off the opportunities page for a while; claimed seats stay.

    Raises:
        MoveRefused: it is not live.
    """
    return _brand_move(program_id, ProgramState.PAUSED, verb="pause_program", by=by, at=at)


@transaction.atomic
def resume_program(*, program_id: UUID, by: Actor, at: datetime) -> Program:
    """Bring a paused program back.

    Raises:
        MoveRefused: it is not paused.
    """
    program = locked_program(program_id)
    require(by, Permission.MANAGE_PROGRAMS, brand_id=program.brand_id)
    if program.state != ProgramState.PAUSED:
        require_move({}, program.state, ProgramState.LIVE)
    return _moved(program, ProgramState.LIVE, verb="resume_program", by=by, at=at)


@transaction.atomic
def sunset_program(*, program_id: UUID, by: Actor, at: datetime) -> Program:
    """Take no more applications; what is planned is worked to its end.

    Raises:
        MoveRefused: it was never published, or is closing already.
    """
    return _brand_move(program_id, ProgramState.SUNSET, verb="sunset_program", by=by, at=at)


@transaction.atomic
def archive_program(*, program_id: UUID, by: Actor, at: datetime) -> Program:
    """Close a program for good; every open engagement in it ends.

    Raises:
        MoveRefused: it is published and not closing yet.
    """
    program = _brand_move(program_id, ProgramState.ARCHIVED, verb="archive_program", by=by, at=at)
    end_all(program.pk, by=by, at=at)
    return program


def make_ready(program: Program, *, by: Actor, at: datetime) -> None:
    """Move a recruiting program on once enough agents are certified. The caller holds the program's lock."""
    if program.state != ProgramState.RECRUITING:
        return
    bench = Engagement.objects.across_brands().filter(program=program, state__in=BENCH_STATES).count()
    if bench < program.launch_minimum:
        return
    _moved(program, ProgramState.READY, verb="make_ready", by=by, at=at)
    if program.is_launched_at_minimum:
        _launch(program, by=by, at=at)


def locked_program(program_id: UUID) -> Program:
    """This function will lock a program's row until the transaction ends. Raises NotFound."""
    rows = Program.objects.across_brands().select_for_update(of=("self",), no_key=True).select_related("brand")
    program = rows.filter(pk=program_id).first()
    if program is None:
        raise NotFound
    return program


def _reviewed(program_id: UUID, by: Actor) -> Program:
    if not can_review_program(by):
        raise NotAllowed(_("Reviews are done by the platform."))
    return locked_program(program_id)


def _brand_move(program_id: UUID, state: ProgramState, *, verb: str, by: Actor, at: datetime) -> Program:
    program = locked_program(program_id)
    require(by, Permission.MANAGE_PROGRAMS, brand_id=program.brand_id)
    return _moved(program, state, verb=verb, by=by, at=at)


def _launch(program: Program, *, by: Actor, at: datetime) -> Program:
    if program.state != ProgramState.READY:
        raise _not_ready(program)
    _moved(program, ProgramState.LIVE, verb="launch_program", by=by, at=at)
    publish(ProgramLaunched(program_id=program.pk), at=at, brand_id=program.brand_id)
    return program


def _require_complete(program: Program, at: datetime) -> None:
    sentences = [lack.sentence for lack in missing_of(program, at)]
    if sentences:
        words = _("Not ready yet. %(what)s") % {"what": " ".join(sentences)}
        raise ProgramNotReady(words, context={"missing": sentences})


def _not_ready(program: Program) -> DomainError:
    words = _("%(count)d certified agents are needed first.") % {"count": program.launch_minimum}
    return ProgramNotReady(words, context={"missing": [words], "current": program.state})


def _moved(program: Program, state: ProgramState, *, verb: str, by: Actor, at: datetime) -> Program:
    require_move(PROGRAM_MOVES, program.state, state)
    _move(program, state, (), verb=verb, by=by, at=at)
    return program


def _move(
    program: Program,
    state: ProgramState,
    columns: tuple[str, ...],
    *,
    verb: str,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    before, program.state = program.state, state
    program.revision += 1
    program.save(update_fields=["state", "revision", *columns])
    record(f"recruiting.{verb}", program, by=by, at=at, from_state=before, to_state=state, reason=reason)


def _free_slug(brand_id: UUID, name: str) -> str:
    slug = slugify(name)[:60] or "program"
    if Program.objects.for_brand(brand_id).filter(slug=slug).exists():
        raise Invalid(_("You already have a program of that name."), field="name")
    return slug


def _public_slug(brand: Brand, slug: str) -> str:
    stem = f"{brand.slug}-{slug}"[:120]
    taken = Program.objects.across_brands().filter(public_slug__startswith=stem).count()
    return f"{stem}-{taken + 1}" if taken else stem


def _question(program: Program, place: int, draft: QuestionDraft) -> ScreeningQuestion:
    kind = chosen([draft.kind], field="questions", among=QuestionKind.values)[0]
    options = [one_line(option, field="questions", limit=120) for option in draft.options]
    if kind == QuestionKind.CHOICE and len(options) < 2:
        raise Invalid(_("A choice needs at least two options."), field="questions")
    if draft.is_knock_out and not draft.accepted:
        raise Invalid(_("Say which answers pass."), field="questions")
    return ScreeningQuestion(
        brand_id=program.brand_id,
        program=program,
        position=place,
        prompt=one_line(draft.prompt, field="questions", limit=300),
        kind=kind,
        options=options,
        is_knock_out=draft.is_knock_out,
        accepted=draft.accepted if isinstance(draft.accepted, dict) else list(draft.accepted),
    )
