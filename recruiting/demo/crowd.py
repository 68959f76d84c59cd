"""The many people of the demo world, written in bulk: one insert a table, as their own actions would leave the rows.

Named people go through the actions; these are too many to be worth a dozen queries each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from gigcx.accounts.models import User
from gigcx.audit.models import AuditEntry
from gigcx.audit.outbox import publish_all
from gigcx.web.demo import World
from recruiting.demo.people import Person
from recruiting.events import AgentRegistered
from recruiting.models import Agent, AgentLanguage, AgentSkill, AvailabilityRule, Skill
from recruiting.states import AgentState

_HEADLINES: Final = (
    "Calm with people who are not",
    "Ten years behind a shop counter",
    "Writes short and kind",
    "Former call-centre team lead",
    "Knows every phone contract there is",
    "Student, evenings and weekends",
    "Parent at home, mornings",
    "",
)
_MOODS: Final = (
    "calm",
    "quick",
    "kind",
    "bright",
    "steady",
    "warm",
    "clear",
    "brave",
    "neat",
    "merry",
    "keen",
    "mild",
    "sunny",
    "gentle",
    "wise",
    "fair",
)
_NAMES: Final = (
    "heron",
    "curlew",
    "wren",
    "lark",
    "swift",
    "finch",
    "robin",
    "plover",
    "tern",
    "egret",
    "stork",
    "dipper",
    "linnet",
    "martin",
    "osprey",
    "owl",
)
_COMMON: Final = ("live-chat", "phone", "email-writing", "retail", "billing", "returns", "telecom")
_PATTERNS: Final = ((time(8), time(14)), (time(17), time(23)), (time(9), time(18)), None)


@dataclass(frozen=True, slots=True)
class Profile:
    """One person's profile before it is written."""

    agent: Agent
    person: Person
    joined_at: datetime


def sign_up(world: World, people: list[Person], users: list[User]) -> list[Agent]:
    """This function will write everybody's profile; one in twenty is left unfinished."""
    profiles = [_profile(world, person, user) for person, user in zip(people, users, strict=True)]
    Agent.objects.bulk_create(profile.agent for profile in profiles)
    finished = [profile for profile in profiles if profile.agent.state == AgentState.ACTIVE]
    AgentLanguage.objects.bulk_create(row for profile in finished for row in _languages(profile))
    skills = {skill.key: skill for skill in Skill.objects.filter(is_retired=False)}
    AgentSkill.objects.bulk_create(row for profile in finished for row in _skills(world, profile, skills))
    AvailabilityRule.objects.bulk_create(row for profile in finished for row in _rules(world, profile))
    _history(profiles)
    return [profile.agent for profile in profiles]


def _profile(world: World, person: Person, user: User) -> Profile:
    dice = world.rng
    joined_at = world.at - timedelta(weeks=dice.uniform(8, 10))
    agent = Agent(user=user, handle=_handle(int(user.email.partition("@")[0][5:])), created_at=joined_at)
    if dice.random() >= 0.05:
        agent.state, agent.country, agent.headline = AgentState.ACTIVE, person.country, dice.choice(_HEADLINES)
        agent.channels, agent.weekly_hours_wanted = _channels(world, person), dice.choice((10, 15, 20, 30, 40))
        owned = ["computer", "headset", "quiet_room"] if dice.random() < 0.7 else ["computer"]
        agent.equipment = {"version": 1, "owned": owned}
    return Profile(agent, person, joined_at)


def _handle(number: int) -> str:
    """A handle that tells nothing of the name, different for every number."""
    turn, place = divmod(number, len(_MOODS) * len(_NAMES))
    words = f"{_MOODS[place % len(_MOODS)]}-{_NAMES[place // len(_MOODS)]}"
    return f"{words}-{turn + 1}" if turn else words


def _channels(world: World, person: Person) -> list[str]:
    """Those who speak German natively came for the phone: most of its work is there."""
    voice = 0.85 if person.languages.get("de") == "C2" else 0.5
    wanted = [one for one, odds in (("chat", 0.8), ("email", 0.6), ("voice", voice)) if world.rng.random() < odds]
    return wanted or ["chat"]


def _languages(profile: Profile) -> Iterator[AgentLanguage]:
    for tag, level in profile.person.languages.items():
        levels = dict.fromkeys(("reading", "listening", "writing", "speaking"), level)
        yield AgentLanguage(agent=profile.agent, tag=tag, recorded_at=profile.joined_at, **levels)


def _skills(world: World, profile: Profile, skills: dict[str, Skill]) -> Iterator[AgentSkill]:
    dice = world.rng
    levels = {key: dice.randint(1, 4) for key in dice.sample(sorted(skills), k=3)}
    levels |= {key: dice.choices((2, 3, 4, 5), weights=(2, 4, 3, 1))[0] for key in _COMMON if dice.random() < 0.6}
    for key, level in levels.items():
        if key in skills:
            yield AgentSkill(agent=profile.agent, skill=skills[key], level=level, recorded_at=profile.joined_at)


def _rules(world: World, profile: Profile) -> Iterator[AvailabilityRule]:
    pattern = world.rng.choice(_PATTERNS)
    days = range(7) if world.rng.random() < 0.4 else range(1, 6)
    if pattern is None:
        return
    for day in days:
        yield AvailabilityRule(
            agent=profile.agent,
            weekday=day,
            local_from=pattern[0],
            local_to=pattern[1],
            timezone=profile.person.timezone,
            valid_from=profile.joined_at.date(),
        )


def _history(profiles: list[Profile]) -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=profile.joined_at,
            actor_kind="person",
            actor_id=profile.agent.user_id,
            actor_label=profile.person.name[:80],
            action="recruiting.register_agent",
            subject_type=Agent._meta.label_lower,
            subject_id=profile.agent.pk,
            agent_id=profile.agent.pk,
            to_state=AgentState.REGISTERED,
        )
        for profile in profiles
    )
    facts = [(AgentRegistered(agent_id=profile.agent.pk), None, profile.agent.pk) for profile in profiles]
    publish_all(facts, at=max(profile.joined_at for profile in profiles))
