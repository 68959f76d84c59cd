"""Learning: enrol, read, answer, finish, stop, go over to a newer version."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor
from recruiting.models import Agent, Engagement
from training.actions.finishing import finish
from training.errors import (
    CheckOpen,
    EnrolmentExists,
    EnrolmentNotOpen,
    NotEngaged,
    NothingNewer,
    NothingToLearn,
    PagesOpen,
)
from training.events import EnrolmentMoved, EnrolmentStarted, EnrolmentWithdrawn
from training.models import CourseVersion, Enrolment, Page, PageProgress
from training.policies import can_learn, can_support_enrolment
from training.queries import (
    current_version,
    enrolment_for,
    finished_pages,
    modules_of,
    open_pages,
    open_questions,
    page_in,
    pages_of,
    reason_of,
)
from training.states import (
    ENROLMENT_MOVES,
    OPEN_ENROLMENT_STATES,
    ChangeClass,
    EnrolmentKind,
    EnrolmentReason,
    EnrolmentState,
)


@transaction.atomic
def enroll(*, course_id: UUID, by: AgentActor, at: datetime) -> Enrolment:
    """This function will enrol an agent in a course's published version; progress of a stopped try is kept.

    Raises:
        NothingToLearn: the course has no published version.
        NotEngaged: the brand has not accepted the agent for the program.
        EnrolmentExists: the agent has it open already.
    """
    version = current_version(course_id)
    if version is None:
        raise NothingToLearn
    agent = Agent.objects.for_actor(by).select_related("user").first()
    engagement = _engagement(version, by.agent_id)
    if agent is None or engagement is None:
        raise NotEngaged
    enrolment = _created(
        Enrolment(
            brand_id=version.brand_id,
            person_id=agent.user_id,
            agent=agent,
            engagement=engagement,
            course_id=course_id,
            version=version,
            reason=reason_of(agent.user_id, version),
            locale=agent.user.locale or version.source_locale,
            enrolled_at=at,
        )
    )
    if stopped := _last_stopped(enrolment):
        carry_progress(source=stopped, target=enrolment, at=at)
    trail.record("training.enroll", enrolment, by=by, at=at, to_state=enrolment.state)
    _state_started(enrolment, at)
    return enrolment


@transaction.atomic
def open_page(*, enrolment_id: UUID, page_id: UUID, by: AgentActor, at: datetime) -> PageProgress | None:
    """This function will note that a learner looks at a page; the first one starts the course. None once it has ended.

    Raises:
        NotFound: not the learner's enrolment, or not a page of it.
    """
    enrolment = _locked(enrolment_id, by)
    page = page_in(enrolment, page_id)
    if enrolment.state not in OPEN_ENROLMENT_STATES:
        return None
    if enrolment.state == EnrolmentState.ENROLLED:
        _move(enrolment, EnrolmentState.IN_PROGRESS, "training.start_course", by=by, at=at)
        enrolment.started_at = at
    enrolment.last_page = page
    enrolment.save(update_fields=["started_at", "last_page"])
    return _seen(enrolment, page, at)


@transaction.atomic
def complete_page(*, enrolment_id: UUID, page_id: UUID, by: AgentActor, at: datetime) -> Enrolment:
    """This function will mark a page as done and, when it was the last required one, finish the course.

    Raises:
        NotFound: not the learner's enrolment, or not a page of it.
        CheckOpen: a question on the page waits for the right answer.
        EnrolmentNotOpen: the course was stopped or closed.
    """
    enrolment = _locked(enrolment_id, by)
    page = page_in(enrolment, page_id)
    if enrolment.state == EnrolmentState.COMPLETED:
        return enrolment
    if enrolment.state not in (EnrolmentState.ENROLLED, EnrolmentState.IN_PROGRESS):
        raise EnrolmentNotOpen
    if open_questions(enrolment, page).exists():
        raise CheckOpen
    if enrolment.state == EnrolmentState.ENROLLED:
        open_page(enrolment_id=enrolment.pk, page_id=page.pk, by=by, at=at)
        enrolment = _locked(enrolment_id, by)
    progress = _seen(enrolment, page, at)
    if progress.completed_at is None:
        progress.completed_at = at
        progress.save(update_fields=["completed_at"])
    if not open_pages(enrolment).exists():
        _finish_and_follow_up(enrolment, by=by, at=at)
    return enrolment


@transaction.atomic
def complete_enrolment(*, enrolment_id: UUID, by: Actor, at: datetime) -> Enrolment:
    """This function will finish a course whose required pages are all done; finishing it again changes nothing.

    Raises:
        NotFound: not the learner's enrolment.
        PagesOpen: required pages are left.
        EnrolmentNotOpen: it was stopped or closed.
    """
    enrolment = _locked(enrolment_id, by)
    if enrolment.state == EnrolmentState.COMPLETED:
        return enrolment
    if enrolment.state not in (EnrolmentState.IN_PROGRESS, EnrolmentState.ENROLLED):
        raise EnrolmentNotOpen
    if open_pages(enrolment).exists():
        raise PagesOpen
    _finish_and_follow_up(enrolment, by=by, at=at)
    return enrolment


@transaction.atomic
def withdraw_enrolment(*, enrolment_id: UUID, by: AgentActor, at: datetime) -> Enrolment:
    """This function will stop a course; what was done is kept for the next try.

    Raises:
        NotFound: not the learner's enrolment.
        MoveRefused: it has ended already.
    """
    enrolment = _locked(enrolment_id, by)
    _move(enrolment, EnrolmentState.WITHDRAWN, "training.withdraw_enrolment", by=by, at=at)
    enrolment.ended_at = at
    enrolment.save(update_fields=["ended_at"])
    fact = EnrolmentWithdrawn(enrolment_id=enrolment.pk, agent_id=enrolment.agent_id)
    outbox.publish(fact, at=at, brand_id=enrolment.brand_id, agent_id=enrolment.agent_id)
    return enrolment


@transaction.atomic
def move_enrolment(*, enrolment_id: UUID, by: Actor, at: datetime) -> Enrolment:
    """This function will take an open enrolment over to the published version and return the successor.

    Pages that did not change stay done; changed ones are asked again.

    Raises:
        NotFound: not the learner's enrolment.
        NothingNewer: it is on the newest version.
        MoveRefused: it has ended.
    """
    enrolment = _locked(enrolment_id, by)
    version = current_version(enrolment.course_id)
    if version is None or version.pk == enrolment.version_id:
        raise NothingNewer
    started = enrolment.state != EnrolmentState.ENROLLED
    _move(enrolment, EnrolmentState.MOVED, "training.move_enrolment", by=by, at=at)
    enrolment.ended_at = at
    enrolment.save(update_fields=["ended_at"])
    successor = _successor(enrolment, version, is_started=started, at=at)
    carry_progress(source=enrolment, target=successor, at=at)
    trail.record("training.enroll", successor, by=by, at=at, to_state=successor.state, reason="moved")
    fact = EnrolmentMoved(enrolment_id=enrolment.pk, successor_id=successor.pk, agent_id=enrolment.agent_id)
    outbox.publish(fact, at=at, brand_id=enrolment.brand_id, agent_id=enrolment.agent_id)
    return successor


def call_back(
    *, version: CourseVersion, agents: Iterable[Agent], due_at: datetime, by: Actor, at: datetime
) -> list[Enrolment]:
    """This function will enrol those who had finished an older version. Needs a transaction.

    After a material change only what changed is left to do; after a breaking one everything is.
    """
    made = []
    for agent in agents:
        if enrolment := _called_back(version, agent, due_at, at):
            trail.record("training.call_back", enrolment, by=by, at=at, to_state=enrolment.state, reason=version.change)
            _state_started(enrolment, at)
            made.append(enrolment)
    return made


def carry_progress(*, source: Enrolment, target: Enrolment, at: datetime) -> int:
    """This function will keep the done pages of `source` that read the same in the target's version; returns how many.

    Time spent is carried only where it was never paid.
    """
    fresh = {(page.stable_key, page.checksum): page for page in pages_of(modules_of(target.version))}
    done = PageProgress.objects.for_brand(source.brand_id).filter(enrolment=source, completed_at__isnull=False)
    paid = _paid_pages(source)
    rows = [
        PageProgress(
            brand_id=target.brand_id,
            enrolment=target,
            page=fresh[row.page.stable_key, row.page.checksum],
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
            active_seconds=0 if row.page_id in paid else row.active_seconds,
            completed_at=row.completed_at,
            is_carried=True,
        )
        for row in done.select_related("page").order_by("page_id")
        if (row.page.stable_key, row.page.checksum) in fresh
    ]
    PageProgress.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _finish_and_follow_up(enrolment: Enrolment, *, by: Actor, at: datetime) -> None:
    """Who finishes an older version after a bigger change is asked for what changed, and only that."""
    follow_up = finish(enrolment, by=by, at=at)
    if follow_up:
        agent = Agent.objects.across_brands().get(pk=enrolment.agent_id)
        call_back(version=follow_up.version, agents=[agent], due_at=follow_up.due_at, by=by, at=at)


def _called_back(version: CourseVersion, agent: Agent, due_at: datetime, at: datetime) -> Enrolment | None:
    open_now = Enrolment.objects.across_brands().open().filter(agent=agent, course_id=version.course_id)
    engagement = _engagement(version, agent.pk)
    if engagement is None or open_now.exists():
        return None
    is_delta = version.change != ChangeClass.BREAKING
    enrolment = Enrolment.objects.create(
        brand_id=version.brand_id,
        person_id=agent.user_id,
        agent=agent,
        engagement=engagement,
        course_id=version.course_id,
        version=version,
        kind=EnrolmentKind.DELTA if is_delta else EnrolmentKind.FULL,
        reason=EnrolmentReason.FORCED_UPDATE,
        due_at=due_at,
        enrolled_at=at,
    )
    before = Enrolment.objects.across_brands().completed().filter(agent=agent, course_id=version.course_id)
    if is_delta and (last := before.order_by("-completed_at", "-pk").first()):
        carry_progress(source=last, target=enrolment, at=at)
    return enrolment


def _engagement(version: CourseVersion, agent_id: UUID) -> Engagement | None:
    rows = Engagement.objects.for_brand(version.brand_id).joined().filter(agent_id=agent_id)
    if version.course.program_id:
        rows = rows.filter(program_id=version.course.program_id)
    return rows.order_by("applied_at", "pk").first()


def _last_stopped(enrolment: Enrolment) -> Enrolment | None:
    rows = Enrolment.objects.for_brand(enrolment.brand_id).filter(
        agent_id=enrolment.agent_id,
        course_id=enrolment.course_id,
        state__in=(EnrolmentState.WITHDRAWN, EnrolmentState.CLOSED),
    )
    return rows.order_by("-ended_at", "-pk").first()


def _paid_pages(source: Enrolment) -> set[UUID]:
    """A finished course is paid whole, a closed one by its finished chapters."""
    if source.state == EnrolmentState.COMPLETED:
        rows = PageProgress.objects.for_brand(source.brand_id).filter(enrolment=source)
        return set(rows.values_list("page_id", flat=True))
    return {page.pk for page in finished_pages(source)} if source.state == EnrolmentState.CLOSED else set()


def _created(enrolment: Enrolment) -> Enrolment:
    try:
        with transaction.atomic():
            enrolment.save(force_insert=True)
    except IntegrityError as clash:
        if "enrolment_one_open" in str(clash):
            raise EnrolmentExists from clash
        raise
    return enrolment


def _successor(enrolment: Enrolment, version: CourseVersion, *, is_started: bool, at: datetime) -> Enrolment:
    return Enrolment.objects.create(
        brand_id=enrolment.brand_id,
        person_id=enrolment.person_id,
        agent_id=enrolment.agent_id,
        engagement_id=enrolment.engagement_id,
        course_id=enrolment.course_id,
        version=version,
        kind=enrolment.kind,
        reason=enrolment.reason,
        state=EnrolmentState.IN_PROGRESS if is_started else EnrolmentState.ENROLLED,
        locale=enrolment.locale,
        due_at=enrolment.due_at,
        moved_from=enrolment,
        enrolled_at=at,
        started_at=enrolment.started_at,
    )


def _state_started(enrolment: Enrolment, at: datetime) -> None:
    fact = EnrolmentStarted(enrolment_id=enrolment.pk, agent_id=enrolment.agent_id)
    outbox.publish(fact, at=at, brand_id=enrolment.brand_id, agent_id=enrolment.agent_id)


def _locked(enrolment_id: UUID, by: Actor) -> Enrolment:
    """A brand sees its learners' enrolments but learns for nobody: to it they are not there to change."""
    seen = enrolment_for(by, enrolment_id)
    if not (can_learn(by, seen) or can_support_enrolment(by)):
        raise NotFound
    rows = Enrolment.objects.for_brand(seen.brand_id).select_related("version__course", "course")
    return rows.select_for_update(of=("self",)).get(pk=seen.pk)


def _seen(enrolment: Enrolment, page: Page, at: datetime) -> PageProgress:
    row, is_new = PageProgress.objects.for_brand(enrolment.brand_id).get_or_create(
        enrolment=enrolment,
        page=page,
        defaults={"brand_id": enrolment.brand_id, "first_seen_at": at, "last_seen_at": at},
    )
    if not is_new and at > row.last_seen_at:
        row.last_seen_at = at
        row.save(update_fields=["last_seen_at"])
    return row


def _move(enrolment: Enrolment, target: EnrolmentState, action: str, *, by: Actor, at: datetime) -> None:
    require_move(ENROLMENT_MOVES, enrolment.state, target)
    before, enrolment.state = enrolment.state, target
    enrolment.save(update_fields=["state"])
    trail.record(action, enrolment, by=by, at=at, from_state=before, to_state=target)
