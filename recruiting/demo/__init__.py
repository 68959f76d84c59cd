"""The first chapter of the demo world: programs go public, people sign up, apply and are taken on."""

from copy import copy
from datetime import datetime, time, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from gigcx.accounts.models import User
from gigcx.tenancy.actors import Actor, AgentActor, BrandActor, OpsActor, PersonActor, SystemActor
from gigcx.tenancy.models import Brand, Membership
from gigcx.web.demo import DEMO_PASSWORD, SignIn, World
from recruiting import actions
from recruiting.demo.crowd import sign_up
from recruiting.demo.decisions import Refusal, refusal_of
from recruiting.demo.offers import OFFERS, Offer
from recruiting.demo.people import Person, people
from recruiting.models import Agent, AgentLanguage, Engagement, Program
from recruiting.queries import active_terms
from recruiting.states import AgentState, EngagementState

AGENTS_A_SCALE: Final = 200
ADA: Final = Person("Ada Obi", "ada@demo.example", "CA", "America/Halifax", {"en": "C1", "fr": "B1"})
BO: Final = Person("Bo Lindqvist", "bo@demo.example", "SE", "Europe/Stockholm", {})
_STRANGERS: Final = 0.08
"""How many apply to a program that asks for a language or a country that is not theirs."""


def tell_drafts(world: World) -> None:
    """This function will tell how programs were written, with prices and terms; what else they need follows elsewhere."""
    for offer in OFFERS:
        _write(world, offer)


def tell(world: World) -> None:
    """This function will tell how programs went public, people signed up, applied and were taken on."""
    world = _own_dice(world)
    programs = {offer.brief.name: _open(world, offer) for offer in OFFERS}
    _ada(world, programs["Holiday Chat"])
    _apply_and_decide(world, _sign_up(world), programs)
    _bo(world)


def _own_dice(world: World) -> World:
    """The same world with dice of this chapter's own: what others throw changes nobody here."""
    own = copy(world)
    own.rng = Random(f"recruiting {world.seed}")
    return own


def _weeks_ago(world: World, weeks: float) -> datetime:
    return world.at - timedelta(weeks=weeks)


# programs


def _write(world: World, offer: Offer) -> None:
    brand = Brand.objects.get(slug=offer.brand_slug)
    owner, at = _owner(brand), _weeks_ago(world, 13)
    program = actions.create_program(brand_id=brand.pk, brief=offer.brief, by=owner, at=at)
    ids: dict[str, Any] = {"program_id": program.pk, "by": owner}
    actions.set_questions(questions=offer.questions, at=at, **ids)
    actions.publish_rate_card(draft=offer.rate_card, seen_version=0, at=at, **ids)
    actions.publish_terms(body=offer.terms, is_material=True, seen_version=0, at=at, **ids)


def _open(world: World, offer: Offer) -> Program:
    brand = Brand.objects.get(slug=offer.brand_slug)
    program = Program.objects.for_brand(brand.pk).get(name=offer.brief.name)
    at = _weeks_ago(world, 12) + timedelta(hours=3)
    actions.submit_program(program_id=program.pk, by=_owner(brand), at=at)
    return actions.approve_program(program_id=program.pk, by=_ops(), at=at + timedelta(days=1))


def _owner(brand: Brand) -> BrandActor:
    owners = Membership.objects.filter(brand=brand, role="owner").select_related("user").order_by("created_at", "pk")
    member = owners[0]
    return BrandActor(member.user, brand, member.role)


def _ops() -> Actor:
    staff = User.objects.filter(is_staff=True).order_by("date_joined", "email").first()
    return OpsActor(staff) if staff else SystemActor("demo")


# people


def _sign_up(world: World) -> list[Agent]:
    crowd = list(people(AGENTS_A_SCALE * world.scale - 2, world.rng))
    return sign_up(world, crowd, _users(world, crowd))


def _users(world: World, crowd: list[Person]) -> list[User]:
    password = make_password(DEMO_PASSWORD)
    joined = _weeks_ago(world, 10)
    users = User.objects.bulk_create(
        User(
            email=person.email,
            full_name=person.name,
            timezone=person.timezone,
            password=password,
            date_joined=joined,
        )
        for person in crowd
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    return users


# applications


def _apply_and_decide(world: World, agents: list[Agent], programs: dict[str, Program]) -> None:
    spoken = _spoken(agents)
    for offer in OFFERS:
        program, places = programs[offer.brief.name], offer.places * world.scale
        drawn = [agent for agent in agents if _might_apply(world, agent, program, spoken.get(agent.pk, {}))]
        world.rng.shuffle(drawn)
        for place, agent in enumerate(drawn[:places]):
            _application(world, agent, program, place, is_late=place % 4 == 2 and place * 6 > places * 5)


def _spoken(agents: list[Agent]) -> dict[UUID, dict[str, str]]:
    spoken: dict[UUID, dict[str, str]] = {}
    for row in AgentLanguage.objects.across_brands().filter(agent__in=agents).order_by("pk"):
        spoken.setdefault(row.agent_id, {})[row.tag] = row.writing
    return spoken


def _might_apply(world: World, agent: Agent, program: Program, spoken: dict[str, str]) -> bool:
    """People apply where they may, in a language they speak, most of the time."""
    if agent.state != AgentState.ACTIVE or not set(agent.channels) & set(program.channels):
        return False
    is_near = not program.countries or agent.country in program.countries
    speaks = all(spoken.get(one["tag"], "") >= one["level"] for one in program.languages)
    return (is_near and speaks) or world.rng.random() < _STRANGERS


def _application(world: World, agent: Agent, program: Program, place: int, *, is_late: bool) -> None:
    is_recent = place % 6 == 5
    at = _weeks_ago(world, world.rng.uniform(0.05, 1.2) if is_recent else world.rng.uniform(7.4, 7.9))
    me = AgentActor(agent.user, agent.pk)
    answers = _answers(world, program)
    engagement = actions.apply_to_program(agent_id=agent.pk, program_id=program.pk, answers=answers, by=me, at=at)
    if engagement.state != EngagementState.APPLIED or is_recent:
        return
    refusal = refusal_of(engagement, is_late=is_late)
    decided_at = at + timedelta(hours=world.rng.uniform(2, 40))
    if refusal is None:
        _accept(engagement, me, decided_at, place)
    else:
        _decline(engagement, refusal, decided_at)


def _decline(engagement: Engagement, refusal: Refusal, at: datetime) -> None:
    owner, (code, words) = _owner(engagement.program.brand), refusal
    actions.decline_engagement(engagement_id=engagement.pk, code=code, reason=words, by=owner, at=at)


def _accept(engagement: Engagement, me: AgentActor, at: datetime, place: int) -> None:
    actions.accept_engagement(engagement_id=engagement.pk, by=_owner(engagement.program.brand), at=at)
    if place % 13 == 7:
        actions.withdraw(engagement_id=engagement.pk, reason="Found full-time work.", by=me, at=at + timedelta(days=2))
    elif place % 9 != 4:
        _agree(engagement, me, at + timedelta(hours=5))


def _agree(engagement: Engagement, me: AgentActor, at: datetime) -> None:
    terms = active_terms(engagement.program_id, at)
    if terms is not None:
        actions.accept_terms(
            agent_id=me.agent_id,
            terms_version_id=terms.pk,
            name_typed=me.user.full_name,
            ip="192.0.2.10",
            by=me,
            at=at,
        )


def _answers(world: World, program: Program) -> dict[str, str]:
    answers: dict[str, str] = {}
    for question in program.questions.filter(is_retired=False).order_by("position"):
        answers[str(question.pk)] = {
            "yes_no": "yes" if world.rng.random() < 0.96 else "no",
            "choice": _chosen(world, question.options),
            "number": str(world.rng.choices((0, 1, 2, 3, 4, 5, 8), weights=(1, 4, 5, 4, 3, 2, 1))[0]),
            "text": "I stayed on the line until the parcel was found, and wrote down what we agreed.",
        }[question.kind]
    return answers


def _chosen(world: World, options: list[str]) -> str:
    """Options stand in the order in which people choose them, each a quarter as often as the one before."""
    return world.rng.choices(options, weights=[4.0**-place for place in range(len(options))])[0] if options else ""


# the two people with a name


def _ada(world: World, program: Program) -> None:
    at = _weeks_ago(world, 8)
    user = _users(world, [ADA])[0]
    agent = actions.register_agent(user=user, by=PersonActor(user), at=at - timedelta(minutes=20))
    me = AgentActor(user, agent.pk)
    about = actions.About(ADA.country, ADA.timezone, headline="Calm with people who are not", handle="ada-o")
    abilities = actions.Abilities(ADA.languages, {"live-chat": 4, "retail": 3, "returns": 3}, ("chat", "email"))
    actions.complete_profile(agent_id=agent.pk, about=about, abilities=abilities, by=me, at=at)
    evenings = [actions.WeeklyHours(day, time(16), time(23)) for day in range(1, 7)]
    setup = actions.Setup(25, evenings, ("computer", "headset", "quiet_room"))
    actions.set_availability(agent_id=agent.pk, setup=setup, by=me, at=at)
    answers = {str(one.pk): "yes" if one.kind == "yes_no" else "4" for one in program.questions.all()}
    engagement = actions.apply_to_program(
        agent_id=agent.pk, program_id=program.pk, answers=answers, by=me, at=at + timedelta(minutes=9)
    )
    accepted_at = at + timedelta(hours=6)
    actions.accept_engagement(engagement_id=engagement.pk, by=_owner(program.brand), at=accepted_at)
    _agree(engagement, me, accepted_at + timedelta(hours=1))
    world.sign_ins.append(SignIn("Agent, at work in Holiday Chat", ADA.email))


def _bo(world: World) -> None:
    user = _users(world, [BO])[0]
    actions.register_agent(user=user, by=PersonActor(user), at=world.at - timedelta(minutes=20))
    world.sign_ins.append(SignIn("Agent, signed up a moment ago", BO.email))
