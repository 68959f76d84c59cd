"""Who speaks what: the level an agent has in a language where it counts for a channel, and the level a program needs."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from recruiting.matching import LanguageLevels, lowest_level
from recruiting.models import AgentLanguage, Program


def languages_of_agents(agent_ids: Iterable[UUID]) -> dict[UUID, dict[str, LanguageLevels]]:
    """This function will return the levels of every language of every agent: one query."""
    found: dict[UUID, dict[str, LanguageLevels]] = {}
    rows = AgentLanguage.objects.across_brands().filter(agent_id__in=list(agent_ids))
    columns = ("agent_id", "tag", "reading", "listening", "writing", "speaking")
    for agent_id, tag, *levels in rows.values_list(*columns):
        found.setdefault(agent_id, {})[tag] = LanguageLevels(*levels)
    return found


def in_known_language(agent_id: UUID, column: str) -> Q:
    """This function will return a filter for rows whose column holds no language, or one of the agent's profile."""
    known = AgentLanguage.objects.across_brands().filter(agent_id=agent_id, tag=OuterRef(column))
    return Q(**{column: ""}) | Q(Exists(known))


def level_spoken(spoken: Mapping[str, LanguageLevels], tag: str, *, channel: str) -> str:
    """This function will return the lowest level of what the channel uses of a language, or nothing where it is not known."""
    return lowest_level(spoken[tag], frozenset({channel})) if tag in spoken else ""


def level_needed(program: Program, tag: str) -> str:
    """This function will return the level that the program asks of a language; nothing where any level will do."""
    return next((one["level"] for one in program.languages if one["tag"] == tag), "")


def speaks(spoken: Mapping[str, LanguageLevels], program: Program, tag: str, *, channel: str) -> bool:
    """This function will tell whether somebody speaks a language of the program well enough for the channel."""
    has = level_spoken(spoken, tag, channel=channel)
    return bool(has) and has >= level_needed(program, tag)  # levels are called so that they sort: A1 to C2


def speakers_among(agent_ids: Iterable[UUID], program: Program, tag: str, *, channel: str) -> set[UUID]:
    """This function will return those of the agents who speak a language well enough for the channel: one query."""
    found = languages_of_agents(agent_ids)
    return {agent_id for agent_id, spoken in found.items() if speaks(spoken, program, tag, channel=channel)}
