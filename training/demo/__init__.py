"""The training chapter of the demo world: a course for each program, written, reviewed, published and learnt."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from gigcx.tenancy.actors import AgentActor, BrandActor
from gigcx.tenancy.models import Membership
from gigcx.tenancy.roles import ROLES, Permission
from gigcx.web.demo import World
from recruiting.models import Engagement, Program
from recruiting.states import BENCH_STATES
from training import actions
from training.demo import billing_voice, holiday_chat, returns_email
from training.models import CheckAnswer, CourseVersion, Enrolment, KnowledgeCheckKey, Page, PageProgress
from training.pages.outlines import Outline
from training.queries import publish_effect
from training.states import ChangeClass, CheckKind, EnrolmentState
from vetting.actions import draft_certification, evaluate_candidacy, publish_certification_version
from vetting.actions.certifications import RequirementPlan
from vetting.models import Candidacy, Certification, CertificationVersion

COURSES: Final = {
    "Holiday Chat": holiday_chat.COURSE,
    "Returns e-mail": returns_email.COURSE,
    "Billing voice": billing_voice.COURSE,
}
ADA: Final = "ada@demo.example"


def tell(world: World) -> None:
    """This function will tell how courses were written, asked for and learnt."""
    for name, outline in COURSES.items():
        program = Program.objects.across_brands().select_related("brand").filter(name=name).first()
        if program is not None:
            version = _publish(world, program, outline)
            _ask_for(version, at=world.at - timedelta(weeks=6, days=4))
            _learn(world, program, version)
    _leave_a_draft(world)


# writing


def _publish(world: World, program: Program, outline: Outline) -> CourseVersion:
    author, approver = _writers(program)
    at = world.at - timedelta(weeks=9)
    version = actions.create_course(
        program_id=program.pk, title=outline.title, summary=outline.summary, outline=outline, by=author, at=at
    )
    ids = {"course_version_id": version.pk}
    actions.request_review(**ids, by=author, at=at + timedelta(days=2))
    if approver.user == author.user:
        why = "There is only one of us yet."
        approved = actions.approve_own_version(**ids, reason=why, by=approver, at=at + timedelta(days=3))
    else:
        approved = actions.approve_version(**ids, by=approver, at=at + timedelta(days=3))
    at += timedelta(days=3, hours=2)
    effect = publish_effect(approved, change=ChangeClass.MINOR, at=at)
    return actions.publish_course_version(
        course_version_id=version.pk, change=ChangeClass.MINOR, effect_digest=effect.digest, by=approver, at=at
    )


def _writers(program: Program) -> tuple[BrandActor, BrandActor]:
    """Somebody who writes and somebody else who approves; a trainer writes where there is one."""
    able = [code for code, role in ROLES.items() if Permission.APPROVE_CONTENT in role.permissions]
    rows = Membership.objects.filter(brand=program.brand, role__in=able).select_related("user").order_by("-role", "pk")
    actors = [BrandActor(row.user, program.brand, row.role) for row in rows]
    return actors[0], actors[-1]


def _ask_for(version: CourseVersion, *, at: datetime) -> None:
    """From here on the program's certification asks for the course; certificates that exist stay."""
    certification = (
        Certification.objects.across_brands().filter(program=version.course.program_id, role="entry").first()
    )
    if certification is None or version.course.program is None:
        return
    live = CertificationVersion.objects.across_brands().live().filter(certification=certification).first()
    rows = list(live.requirements.order_by("position")) if live else []
    if any(row.kind == "course" for row in rows):
        return
    _, approver = _writers(version.course.program)
    course = RequirementPlan(
        key="course",
        kind="course",
        title=version.course.title,
        params={"subject_key": str(version.course_id)},
        minutes=version.expected_minutes,
        minimum_assurance="server",
    )
    draft = draft_certification(
        certification_id=certification.pk,
        requirements=[course, *(_plan(row) for row in rows)],
        by=approver,
        at=at,
    )
    publish_certification_version(version_id=draft.pk, by=approver, at=at + timedelta(hours=1))


def _plan(row: Any) -> RequirementPlan:
    names = ("key", "kind", "title", "params", "minutes", "minimum_assurance", "freshness_days", "is_waivable")
    return RequirementPlan(**{name: getattr(row, name) for name in names}, after=tuple(row.after))


def _leave_a_draft(world: World) -> None:
    """The returns course gets a second version in the making, so that the editor has something to show."""
    title = returns_email.COURSE.title
    version = (
        CourseVersion.objects.across_brands().filter(course__title=title).select_related("course__program").first()
    )
    if version is None or version.course.program is None:
        return
    author, _ = _writers(version.course.program)
    actions.start_draft(course_id=version.course_id, by=author, at=world.at - timedelta(days=2))


# learning


def _learn(world: World, program: Program, version: CourseVersion) -> None:
    joined = Engagement.objects.for_brand(program.brand_id).joined().filter(program=program)
    rows = joined.select_related("agent__user").order_by("accepted_at", "pk")
    lessons = _lessons(version)
    for place, engagement in enumerate(rows):
        _learn_one(world, engagement, version, lessons, share=_share(engagement, place))


def _share(engagement: Engagement, place: int) -> Decimal | None:
    """How much of the course somebody has read: all on the bench, most of the others, some are in the middle."""
    if engagement.state in BENCH_STATES or engagement.agent.user.email == ADA or place % 8 not in (2, 5, 7):
        return Decimal(1)
    return None if place % 8 == 7 else Decimal("0.6")


def _learn_one(
    world: World, engagement: Engagement, version: CourseVersion, lessons: Sequence[Any], *, share: Decimal | None
) -> None:
    begun = _begun(world, engagement, share)
    if share is None or begun + timedelta(hours=6) > world.at:
        return
    me = AgentActor(engagement.agent.user, engagement.agent_id)
    enrolment = actions.enroll(course_id=version.course_id, by=me, at=begun)
    read = lessons[: int(len(lessons) * share)]
    ended = _read(world, enrolment, read, begun)
    if share == 1:
        actions.complete_enrolment(enrolment_id=enrolment.pk, by=me, at=ended)
        _judge(engagement, ended)


def _begun(world: World, engagement: Engagement, share: Decimal | None) -> datetime:
    """Whoever is in the middle began this week; the others in the days after the course was asked for."""
    if share != 1:
        return world.at - timedelta(hours=world.rng.uniform(8, 130))
    accepted = engagement.accepted_at or engagement.applied_at
    soonest = max(accepted + timedelta(hours=20), world.at - timedelta(weeks=6, days=3))
    return soonest + timedelta(hours=world.rng.triangular(0, 150, 20))


def _lessons(version: CourseVersion) -> list[tuple[Page, list[KnowledgeCheckKey]]]:
    pages = Page.objects.for_brand(version.brand_id).filter(module__version=version)
    keys: dict[Any, list[KnowledgeCheckKey]] = {}
    rows = KnowledgeCheckKey.objects.for_brand(version.brand_id).select_related("knowledge_check")
    for row in rows.filter(knowledge_check__page__module__version=version):
        keys.setdefault(row.knowledge_check.page_id, []).append(row)
    return [(page, keys.get(page.pk, [])) for page in pages.order_by("module__position", "position")]


def _read(world: World, enrolment: Enrolment, lessons: Sequence[Any], begun: datetime) -> datetime:
    """What fifteen-second pings and single answers would leave behind, in two inserts."""
    at, progress, answers = begun, [], []
    for page, keys in lessons:
        spent = int(page.expected_seconds * world.rng.uniform(0.8, 1.6)) + 20
        answers += [_answer(enrolment, key, at + timedelta(seconds=spent - 5)) for key in keys]
        progress.append(
            PageProgress(
                brand_id=enrolment.brand_id,
                enrolment=enrolment,
                page=page,
                first_seen_at=at,
                last_seen_at=at + timedelta(seconds=spent),
                active_seconds=spent,
                completed_at=at + timedelta(seconds=spent),
            )
        )
        at += timedelta(seconds=spent + world.rng.randint(2, 90))
    CheckAnswer.objects.bulk_create(answers)
    PageProgress.objects.bulk_create(progress)
    _start(enrolment, lessons, begun)
    return at


def _start(enrolment: Enrolment, lessons: Sequence[Any], begun: datetime) -> None:
    if lessons:
        enrolment.state, enrolment.started_at, enrolment.last_page = EnrolmentState.IN_PROGRESS, begun, lessons[-1][0]
        enrolment.save(update_fields=["state", "started_at", "last_page"])


def _answer(enrolment: Enrolment, key: KnowledgeCheckKey, at: datetime) -> CheckAnswer:
    is_text = key.knowledge_check.kind == CheckKind.SHORT_TEXT
    response = {"text": key.key["answers"][0]["text"]} if is_text else {"options": key.key["options"]}
    return CheckAnswer(
        brand_id=enrolment.brand_id,
        enrolment=enrolment,
        knowledge_check=key.knowledge_check,
        client_seq=1,
        response=response,
        score=Decimal(1),
        is_correct=True,
        answered_at=at,
    )


def _judge(engagement: Engagement, at: datetime) -> None:
    """Whoever had everything else is certified on the day the course was finished, not on the day of the telling."""
    if engagement.state in BENCH_STATES:
        return
    rows = Candidacy.objects.for_brand(engagement.brand_id).filter(
        agent_id=engagement.agent_id, certification__program=engagement.program_id, closed_at__isnull=True
    )
    for candidacy in rows:
        evaluate_candidacy(candidacy_id=candidacy.pk, at=at)
