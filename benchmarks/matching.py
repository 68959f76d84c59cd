"""How long one core takes to explain 10,000 agents against a program: the pure matching, and with its reads.

Run with `python -m benchmarks.matching`. It writes into a test database that it makes and drops. Times are of the processor, so
that other work on the machine counts little; what PostgreSQL spends comes on top and is in the elapsed time.
"""

import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from recruiting.models import Agent, Program

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gigcx.settings.test")

AGENTS: Final = 10_000
SEED: Final = 7
ROUNDS: Final = 3
SECONDS: Final = 1.0
AT: Final = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LEVELS: Final = ("A2", "B1", "B2", "C1", "C2")
ZONES: Final = ("America/New_York", "America/Chicago", "Europe/Berlin", "Africa/Johannesburg", "Asia/Manila")
MOMENTS: Final = tuple(f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45))


def build_scene() -> "tuple[Program, list[Agent]]":
    """A program that asks for much, and 10,000 people with two languages, eight skills and five days each."""
    from recruiting.models import Agent, AgentLanguage, AgentSkill, AvailabilityRule, Skill
    from tests import cast
    from tests.factories import recruiting as make

    dice = random.Random(SEED)
    skills = [make.make_skill(f"skill-{place}") for place in range(20)]
    program = make.make_program(
        cast.make_brand("Acme"),
        channels=["chat", "voice"],
        languages=[{"tag": "en", "level": "B2"}, {"tag": "de", "level": "C1"}],
        required_skills=[{"key": skill.key, "level": 3} for skill in skills[:5]],
        timezone="Europe/Berlin",
        service_hours=[{"weekday": day, "from": "08:00", "to": "22:00"} for day in range(7)],
    )
    agents = _agents(dice)
    Agent.objects.bulk_create(agents, batch_size=2_000)
    AgentLanguage.objects.bulk_create(
        (_language(AgentLanguage, agent, tag, dice) for agent in agents for tag in ("en", "de")), batch_size=5_000
    )
    AgentSkill.objects.bulk_create(
        (
            AgentSkill(agent=agent, skill=skill, level=dice.randint(1, 5), recorded_at=AT)
            for agent in agents
            for skill in dice.sample(skills, k=8)
        ),
        batch_size=5_000,
    )
    AvailabilityRule.objects.bulk_create((rule for agent in agents for rule in _rules(agent, dice)), batch_size=5_000)
    assert Skill.objects.filter(key__startswith="skill-").count() == 20
    return program, agents


def _agents(dice: random.Random) -> "list[Agent]":
    from gigcx.accounts.models import User
    from recruiting.models import Agent

    users = User.objects.bulk_create(
        (User(email=f"bench{place}@example.com", full_name=f"Bench {place}") for place in range(AGENTS)),
        batch_size=2_000,
    )
    return [
        Agent(
            user=user,
            handle=f"bench-{place}",
            state="active",
            country="DE",
            channels=dice.sample(["chat", "email", "voice"], k=2),
            weekly_hours_wanted=dice.choice((10, 20, 40)),
            created_at=AT,
        )
        for place, user in enumerate(users)
    ]


def _language(model: Any, agent: "Agent", tag: str, dice: random.Random) -> Any:
    levels = dict.fromkeys(("reading", "listening", "writing", "speaking"), dice.choice(LEVELS))
    return model(agent=agent, tag=tag, recorded_at=AT, **levels)


def _rules(agent: "Agent", dice: random.Random) -> list[Any]:
    """Five days; the hours are drawn from every quarter hour, so that few people share theirs."""
    from datetime import time as clock

    from recruiting.models import AvailabilityRule

    starts, ends = (clock.fromisoformat(one) for one in dice.sample(MOMENTS, k=2))
    zone = dice.choice(ZONES)
    return [
        AvailabilityRule(
            agent=agent, weekday=day, local_from=starts, local_to=ends, timezone=zone, valid_from=AT.date()
        )
        for day in dice.sample(range(7), k=5)
    ]


def pure(program: "Program", agents: "Sequence[Agent]") -> Callable[[], object]:
    """The matching alone: hours laid over the week, then the explained score."""
    from gigcx.kernel.intervals import week_start
    from recruiting.matching import Candidate, LanguageLevels, SkillLevel, Stretch, explain_fit, week_minutes
    from recruiting.queries.fits import opening_of

    opening, monday, dice = opening_of(program, AT), week_start(AT.date()), random.Random(SEED)
    keys = [f"skill-{place}" for place in range(20)]
    people = [
        (
            {tag: LanguageLevels(*([dice.choice(LEVELS)] * 4)) for tag in ("en", "de")},
            {key: SkillLevel(dice.randint(1, 5), "claimed") for key in dice.sample(keys, k=8)},
            frozenset(agent.channels),
            [Stretch(rule.weekday, rule.local_from, rule.local_to, rule.timezone) for rule in _rules(agent, dice)],
        )
        for agent in agents
    ]

    def explain() -> object:
        return [
            explain_fit(
                Candidate(languages=spoken, skills=able, channels=channels, hours=week_minutes(hours, monday)), opening
            )
            for spoken, able, channels, hours in people
        ]

    return explain


def measured(call: Callable[[], object]) -> tuple[float, float]:
    """Medians of processor and elapsed seconds."""
    spent, passed = [], []
    for _ in range(ROUNDS):
        before, began = time.process_time(), time.perf_counter()
        call()
        spent.append(time.process_time() - before)
        passed.append(time.perf_counter() - began)
    return statistics.median(spent), statistics.median(passed)


def show(label: str, call: Callable[[], object]) -> None:
    """Print one line."""
    spent, passed = measured(call)
    verdict = "ok" if spent <= SECONDS else "MISSED"
    print(f"{label:34}{spent:6.2f} s of processor, {passed:6.2f} s elapsed (at most {SECONDS:g} s): {verdict}")


def main() -> None:
    """Build the scene, measure, print."""
    from gigcx.local.environment import prepare

    prepare(command="benchmark")
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    old = setup_databases(verbosity=0, interactive=False)
    try:
        from recruiting.queries import fits_of_agents

        program, agents = build_scene()
        print(
            f"load {os.getloadavg()[0]:.2f}, Python {platform.python_version()}, Django {django.__version__}, seed {SEED}"
        )
        show(f"{AGENTS:,} explained", pure(program, agents))
        show(f"{AGENTS:,} read and explained", lambda: fits_of_agents(agents, program, AT))
        print(f"load at the end {os.getloadavg()[0]:.2f}")
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
