"""What agents say they can do, and what later stages prove about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit.trail import record
from gigcx.kernel.errors import Invalid
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from recruiting.actions.agents import About, checked_channels, describe_agent, locked_agent
from recruiting.actions.wording import cefr_level, language_tag, whole
from recruiting.errors import UnknownSkill
from recruiting.models import Agent, AgentLanguage, AgentSkill, Skill
from recruiting.policies import require_agent, require_product
from recruiting.states import AGENT_MOVES, PROOF_RANK, AgentState, Proof

_MOST: Final = 30


@dataclass(frozen=True, slots=True)
class Abilities:
    """What an agent says they can do: skill key to level 1-5, language tag to one CEFR level, channels."""

    languages: Mapping[str, str]
    skills: Mapping[str, int]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LanguageProof:
    """CEFR levels that were measured; a skill that was not measured repeats another's level."""

    reading: str
    listening: str
    writing: str
    speaking: str


@transaction.atomic
def claim_abilities(*, agent_id: UUID, abilities: Abilities, by: Actor, at: datetime) -> Agent:
    """Replace what the agent claims; what was proved stays as it was proved. The profile is complete by it.

    Raises:
        Invalid: no language, no channel, an unknown tag, level or skill; names the field.
    """
    require_agent(by, agent_id)
    agent = locked_agent(agent_id)
    if not agent.country:
        raise Invalid(_("Say where you live first."), field="country")
    agent.channels = checked_channels(abilities.channels)
    _replace_languages(agent, abilities.languages, at)
    _replace_skills(agent, abilities.skills, at)
    before = agent.state
    if agent.state == AgentState.REGISTERED:
        require_move(AGENT_MOVES, agent.state, AgentState.PROFILE_COMPLETE)
        agent.state = AgentState.PROFILE_COMPLETE
    agent.save(update_fields=["channels", "state"])
    moved: dict[str, Any] = {"from_state": before, "to_state": agent.state} if before != agent.state else {}
    record("recruiting.claim_abilities", agent, by=by, at=at, agent_id=agent.pk, **moved)
    return agent


@transaction.atomic
def complete_profile(*, agent_id: UUID, about: About, abilities: Abilities, by: Actor, at: datetime) -> Agent:
    """Say who the agent is and what they can do, in one go.

    Raises:
        Invalid: as `describe_agent` and `claim_abilities`.
    """
    describe_agent(agent_id=agent_id, about=about, by=by, at=at)
    return claim_abilities(agent_id=agent_id, abilities=abilities, by=by, at=at)


@transaction.atomic
def record_skill(
    *, agent_id: UUID, skill_key: str, level: int, proved_by: str, evidence_ref: str, by: Actor, at: datetime
) -> AgentSkill:
    """Keep a skill that was proved. A weaker proof than the present one leaves it as it is.

    Raises:
        UnknownSkill: the taxonomy has no such word.
        Invalid: the level is not from 1 to 5.
    """
    require_product(by)
    agent = locked_agent(agent_id)
    skill = _skills([skill_key])[skill_key]
    whole(level, field="level", lowest=1, highest=5)
    kept = AgentSkill.objects.across_brands().filter(agent=agent, skill=skill).first()
    if kept is not None and PROOF_RANK[kept.proved_by] > PROOF_RANK[proved_by]:
        return kept
    kept = kept or AgentSkill(agent=agent, skill=skill)
    kept.level, kept.proved_by, kept.evidence_ref, kept.recorded_at = level, proved_by, evidence_ref, at
    kept.save()
    _record_proof("recruiting.record_skill", agent, f"{skill_key} {level} {proved_by}", by=by, at=at)
    return kept


@transaction.atomic
def record_language(
    *, agent_id: UUID, tag: str, levels: LanguageProof, proved_by: str, evidence_ref: str, by: Actor, at: datetime
) -> AgentLanguage:
    """Keep a language that was proved. A weaker proof than the present one leaves it as it is.

    Raises:
        Invalid: an unknown tag or level.
    """
    require_product(by)
    agent, tag = locked_agent(agent_id), language_tag(tag)
    measured = {name: cefr_level(getattr(levels, name)) for name in LanguageProof.__slots__}
    kept = AgentLanguage.objects.across_brands().filter(agent=agent, tag=tag).first()
    if kept is not None and PROOF_RANK[kept.proved_by] > PROOF_RANK[proved_by]:
        return kept
    kept = kept or AgentLanguage(agent=agent, tag=tag)
    for name, level in measured.items():
        setattr(kept, name, level)
    kept.proved_by, kept.evidence_ref, kept.recorded_at = proved_by, evidence_ref, at
    kept.save()
    _record_proof("recruiting.record_language", agent, f"{tag} {proved_by}", by=by, at=at)
    return kept


def _record_proof(action: str, agent: Agent, proof: str, *, by: Actor, at: datetime) -> None:
    record(action, agent, by=by, at=at, agent_id=agent.pk, changes={"proof": proof})


def _replace_languages(agent: Agent, wanted: Mapping[str, str], at: datetime) -> None:
    levels = {language_tag(tag): cefr_level(level) for tag, level in wanted.items()}
    if not levels or len(levels) > _MOST:
        raise Invalid(_("Give at least one language and its level."), field="languages")
    claimed = AgentLanguage.objects.across_brands().filter(agent=agent, proved_by=Proof.CLAIMED)
    claimed.delete()
    proved = set(agent.languages.values_list("tag", flat=True))
    AgentLanguage.objects.bulk_create(
        AgentLanguage(
            agent=agent, tag=tag, reading=level, listening=level, writing=level, speaking=level, recorded_at=at
        )
        for tag, level in levels.items()
        if tag not in proved
    )


def _replace_skills(agent: Agent, wanted: Mapping[str, int], at: datetime) -> None:
    if len(wanted) > _MOST:
        raise Invalid(_("Choose at most thirty skills."), field="skills")
    skills = _skills(wanted)
    for level in wanted.values():
        whole(level, field="skills", lowest=1, highest=5)
    AgentSkill.objects.across_brands().filter(agent=agent, proved_by=Proof.CLAIMED).delete()
    proved = set(agent.skills.values_list("skill__key", flat=True))
    AgentSkill.objects.bulk_create(
        AgentSkill(agent=agent, skill=skills[key], level=level, recorded_at=at)
        for key, level in wanted.items()
        if key not in proved
    )


def _skills(keys: "Mapping[str, int] | list[str]") -> dict[str, Skill]:
    found = {skill.key: skill for skill in Skill.objects.filter(key__in=list(keys), is_retired=False)}
    unknown = [key for key in keys if key not in found]
    if unknown:
        raise UnknownSkill(_("There is no skill called %(key)s.") % {"key": unknown[0][:60]}, field="skills")
    return found
