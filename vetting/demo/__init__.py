"""Two chapters of the demo world: banks and tests are written, people are verified, examined and certified."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand, Membership
from gigcx.tenancy.roles import ROLES, Permission
from gigcx.web.demo import World
from recruiting.models import Agent, Engagement, Program
from recruiting.states import JOINED_ENGAGEMENT_STATES
from vetting import actions
from vetting.demo.people import approve, begin, hand_in, sit, verify_crowd
from vetting.demo.questions import ORDERS, TONE, Question
from vetting.models import AgentIdentity, AssessmentVersion, Candidacy, ItemBank
from vetting.states import VersionState

ADA: Final = "ada@demo.example"
WAITING_A_PROGRAM: Final = 4
ALONE: Final = "Our only trainer so far; checked against last month's conversations."


def tell_certifications(world: World) -> None:
    """This function will tell how brands wrote banks and tests and put a certification in force for every program."""
    for brand in _brands():
        programs = list(Program.objects.for_brand(brand.pk).order_by("slug"))
        banks = _banks(world, brand) if programs else []
        for program in programs:
            _certify_program(world, brand, program, banks)


def tell(world: World) -> None:
    """This function will tell how people were verified, examined and certified."""
    for brand in _brands():
        for program in Program.objects.for_brand(brand.pk).order_by("slug"):
            _certify_people(world, program)
    world.has_heard("vetting.judge_agent")  # everybody with a result was judged on the day of it


def _brands() -> Iterable[Brand]:
    return Brand.objects.filter(is_house=False, state="active").order_by("slug")


# what brands write


def _members(brand: Brand) -> list[BrandActor]:
    roles = [role.code for role in ROLES.values() if Permission.APPROVE_CONTENT in role.permissions]
    rows = Membership.objects.filter(brand=brand, role__in=roles).select_related("user").order_by("-role", "created_at")
    return [BrandActor(row.user, brand, row.role) for row in rows]


def _banks(world: World, brand: Brand) -> list[ItemBank]:
    at = _written(world)
    members = _members(brand)
    author, reviewer = members[0], members[-1]
    described = (
        ("Tone of voice", "How we speak to people who wait for something.", TONE, "tone"),
        ("Order systems", "What the states of an order mean and what to do next.", ORDERS, "orders"),
    )
    banks = []
    for name, words, questions, skill in described:
        bank = actions.create_bank(brand_id=brand.pk, name=name, description=words, by=author, at=at)
        _write(bank, questions, skill, author, at)
        actions.publish_waiting_items(bank_id=bank.pk, reason=ALONE, by=reviewer, at=at + timedelta(days=1))
        banks.append(bank)
    _leave_work_to_do(world, banks[0], author)
    return banks


def _write(bank: ItemBank, questions: Iterable[Question], skill: str, author: BrandActor, at: datetime) -> None:
    for question in questions:
        version = actions.write_item(
            bank_id=bank.pk,
            kind=question.kind,
            payload=question.payload(),
            key=question.key(),
            points=Decimal(1),
            skill_codes=[skill],
            by=author,
            at=at,
        )
        actions.send_item_to_review(item_version_id=version.pk, by=author, at=at)


def _leave_work_to_do(world: World, bank: ItemBank, author: BrandActor) -> None:
    """One question waits for a colleague and one is a draft."""
    spare = (
        Question(
            "A customer asks for your name. What do you say?", ("Your first name.", "Nothing.", "A made-up name.")
        ),
        Question("Which word closes a complaint best?", answers=("thank you", "thanks")),
    )
    at = world.at - timedelta(days=2)
    for place, question in enumerate(spare):
        version = actions.write_item(
            bank_id=bank.pk,
            kind=question.kind,
            payload=question.payload(),
            key=question.key(),
            points=Decimal(1),
            skill_codes=["tone"],
            by=author,
            at=at,
        )
        if place == 0:
            actions.send_item_to_review(item_version_id=version.pk, by=author, at=at)


def _test_name(program: Program) -> str:
    return f"{program.name}: first test"


def _test(world: World, brand: Brand, program: Program, banks: Sequence[ItemBank]) -> AssessmentVersion:
    at, members = _written(world) + timedelta(days=2), _members(brand)
    draft = actions.create_assessment(
        brand_id=brand.pk,
        name=_test_name(program),
        purpose="Tone and order systems, as they come up in the first week.",
        by=members[0],
        at=at,
    )
    draft = actions.draft_assessment(
        assessment_id=draft.assessment_id,
        introduction="Eight questions about real conversations. Take the answer you would give with a customer waiting.",
        limit_seconds=15 * 60,
        max_tries=3,
        feedback="skills",
        sections=[actions.SectionPlan("", bank.pk, 4) for bank in banks],
        cut_percent=Decimal(70),
        by=members[0],
        at=at,
    )
    return actions.publish_assessment_version(version_id=draft.pk, by=members[-1], at=at + timedelta(hours=2))


def _certify_program(world: World, brand: Brand, program: Program, banks: Sequence[ItemBank]) -> None:
    version = _test(world, brand, program, banks)
    owner, at = _members(brand)[-1], _written(world) + timedelta(days=3)
    draft = actions.create_certification(program_id=program.pk, name=f"{program.name} certificate", by=owner, at=at)
    asked = actions.RequirementPlan(
        "first-test",
        "assessment",
        "First test",
        {"subject_key": str(version.assessment_id)},
        minutes=15,
        is_waivable=True,
        after=("identity",),
    )
    actions.draft_certification(certification_id=draft.certification_id, requirements=[asked], by=owner, at=at)
    actions.publish_certification_version(version_id=draft.pk, by=owner, at=at)


def _written(world: World) -> datetime:
    """When banks were written: after the programs, before they went public."""
    return world.at - timedelta(weeks=13) + timedelta(days=1)


# what people show


def _certify_people(world: World, program: Program) -> None:
    engagements = list(_joined(program))
    for engagement in engagements:
        accepted_at = engagement.accepted_at or engagement.applied_at
        actions.open_candidacy(agent_id=engagement.agent_id, program_id=program.pk, at=accepted_at)
    tests = AssessmentVersion.objects.for_brand(program.brand_id).filter(state=VersionState.LIVE)
    _tell_people(world, engagements, tests.get(assessment__name=_test_name(program)))


def _joined(program: Program) -> Iterable[Engagement]:
    rows = Engagement.objects.for_brand(program.brand_id).filter(program=program, state__in=JOINED_ENGAGEMENT_STATES)
    return rows.select_related("agent__user").order_by("accepted_at", "pk")


def _tell_people(world: World, engagements: Sequence[Engagement], version: AssessmentVersion) -> None:
    """Seven in ten are certified; of the rest one waits for reviewers, one failed the test, one has not begun."""
    ada = [one for one in engagements if one.agent.user.email == ADA]
    crowd = [one for one in engagements if one.agent.user.email != ADA]
    for engagement in ada:
        _tell_ada(world, engagement, version)
    verify_crowd([one for place, one in enumerate(crowd) if place % 10 not in (7, 9)], after=timedelta(hours=30))
    _hand_some_in(world, [one.agent for place, one in enumerate(crowd) if place % 10 == 7])
    for place, engagement in enumerate(crowd):
        if place % 10 not in (7, 9):
            _examine(world, engagement, version, place)
    _leave_tests_open(world, [one.agent for place, one in enumerate(crowd) if place % 10 == 9], version)


def _tell_ada(world: World, engagement: Engagement, version: AssessmentVersion) -> None:
    at = (engagement.accepted_at or engagement.applied_at) + timedelta(hours=3)
    approve(hand_in(engagement.agent, at=at), at=at + timedelta(hours=4))
    sit(world, engagement.agent, version, share=1.0, at=at + timedelta(days=1))
    _judge(engagement, at + timedelta(days=1, hours=1))


def _examine(world: World, engagement: Engagement, version: AssessmentVersion, place: int) -> None:
    at = (engagement.accepted_at or engagement.applied_at) + timedelta(days=world.rng.uniform(1.5, 4))
    if place % 10 == 8:
        sit(world, engagement.agent, version, share=world.rng.choice((0.375, 0.5, 0.625)), at=at)
    elif place % 23 == 5:
        sit(
            world,
            engagement.agent,
            version,
            share=0.75,
            at=world.at - timedelta(hours=world.rng.uniform(1, 20)),
            words="change time",
        )
    else:
        if place % 7 == 3:
            sit(world, engagement.agent, version, share=0.5, at=at)
            at += timedelta(days=1, hours=2)
        sit(world, engagement.agent, version, share=world.rng.choice((0.75, 0.875, 0.875, 1.0)), at=at)
    _judge(engagement, at + timedelta(hours=1))


def _judge(engagement: Engagement, at: datetime) -> None:
    rows = Candidacy.objects.for_brand(engagement.brand_id).filter(agent_id=engagement.agent_id)
    for candidacy in rows.filter(certification__program_id=engagement.program_id):
        actions.evaluate_candidacy(candidacy_id=candidacy.pk, at=at)


def _hand_some_in(world: World, agents: Sequence[Agent]) -> None:
    verified = set(AgentIdentity.objects.across_brands().values_list("agent_id", flat=True))
    waiting = [agent for agent in agents if agent.pk not in verified][:WAITING_A_PROGRAM]
    for place, agent in enumerate(waiting):
        at = world.at - timedelta(hours=3 + 9 * place)
        check = hand_in(agent, at=at)
        if place == 1:
            approve(check, at=at + timedelta(hours=1), reviewers=1)


def _leave_tests_open(world: World, agents: Sequence[Agent], version: AssessmentVersion) -> None:
    for agent in agents[:1]:
        begin(agent, version, at=world.at - timedelta(minutes=4))
