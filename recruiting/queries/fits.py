"""From rows to the pure matching and back: who fits what, and the sentences that say why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from babel.core import Locale, UnknownLocaleError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gigcx.kernel.intervals import week_start
from recruiting.matching import (
    Candidate,
    Fit,
    Opening,
    SkillLevel,
    Stretch,
    Wanted,
    explain_fit,
    week_minutes,
)
from recruiting.models import Agent, AgentSkill, AvailabilityRule, Engagement, Program, Skill
from recruiting.queries.languages import languages_of_agents
from recruiting.states import BENCH_STATES, Channel, Standing, Tier

_TIERS = [str(tier) for tier in Tier]


@dataclass(frozen=True, slots=True)
class FitLine:
    """One reason, ready to read. `is_met` means nothing is missing."""

    sentence: str
    points: int
    possible: int
    is_met: bool


def fits_of_agents(agents: Sequence[Agent], program: Program, at: datetime) -> dict[UUID, Fit]:
    """This function will return the fit of each agent to the program, in four queries however many agents."""
    opening, monday = opening_of(program, at), week_start(at.date())
    candidates = _candidates([agent.pk for agent in agents], agents, monday)
    return {agent.pk: explain_fit(candidates[agent.pk], opening) for agent in agents}


def fits_of_programs(
    agent: Agent, programs: Iterable[Program], at: datetime, best_tier: str | None = None
) -> dict[UUID, Fit]:
    """This function will return the agent's fit to each program, in four queries however many programs.

    A caller that has the agent's engagements at hand gives `best_tier` and saves one.
    """
    tiers = None if best_tier is None else {agent.pk: best_tier}
    candidate = _candidates([agent.pk], [agent], week_start(at.date()), tiers)[agent.pk]
    return {program.pk: explain_fit(candidate, opening_of(program, at)) for program in programs}


def fit_of(agent: Agent, program: Program, at: datetime) -> Fit:
    """This function will return the agent's fit to one program."""
    return fits_of_programs(agent, [program], at)[program.pk]


def opening_of(program: Program, at: datetime) -> Opening:
    """This function will return what the program asks for, its hours as they lie in the week of `at`."""
    return Opening(
        languages=[Wanted(one["tag"], one["level"]) for one in program.languages],
        skills=[Wanted(one["key"], str(one["level"])) for one in program.required_skills],
        channels=frozenset(program.channels),
        hours=_service_hours(program, week_start(at.date())),
    )


def stored(fit: Fit) -> list[dict[str, Any]]:
    """This function will return a fit's reasons as JSON values, for `Engagement.fit_reasons`."""
    return [asdict(reason) for reason in fit.reasons]


def fit_lines(reasons: Iterable[Mapping[str, Any]]) -> list[FitLine]:
    """This function will write stored reasons as sentences in the reader's language."""
    known = list(reasons)
    labels = _skill_labels({str(one["subject"]) for one in known if str(one["code"]).startswith("skill")})
    return lines_with(known, labels)


def lines_with(reasons: Iterable[Mapping[str, Any]], skill_labels: Mapping[str, str]) -> list[FitLine]:
    """This function will write stored reasons as sentences, with skill labels already at hand."""
    return [
        FitLine(_sentence(one, skill_labels), one["points"], one["possible"], one["points"] >= one["possible"])
        for one in reasons
    ]


def skill_labels() -> dict[str, str]:
    """This function will return the label of every skill by its key."""
    return dict(Skill.objects.order_by("pk").values_list("key", "label"))


def language_name(tag: str) -> str:
    """This function will return a language's name in the reader's language; an unknown tag stays as it is."""
    reader = Locale.parse(translation.to_locale(translation.get_language() or "en"))
    try:
        name = Locale.parse(tag, sep="-").get_display_name(reader)
    except (ValueError, UnknownLocaleError):
        return tag
    return str(name or tag)


def best_tier_of(engagements: Iterable[Engagement]) -> str:
    """This function will return the best tier on any bench in good standing, or nothing."""
    good = [one.tier for one in engagements if one.state in BENCH_STATES and one.standing == Standing.GOOD]
    return max(good, key=_TIERS.index, default="")


def _candidates(
    agent_ids: list[UUID], agents: Sequence[Agent], monday: date, known_tiers: Mapping[UUID, str] | None = None
) -> dict[UUID, Candidate]:
    languages = languages_of_agents(agent_ids)
    skills = _skills(agent_ids)
    hours = _hours(agent_ids, monday)
    tiers = _best_tiers(agent_ids) if known_tiers is None else known_tiers
    return {
        agent.pk: Candidate(
            languages=languages.get(agent.pk, {}),
            skills=skills.get(agent.pk, {}),
            channels=frozenset(agent.channels),
            hours=hours.get(agent.pk),
            weekly_minutes_wanted=agent.weekly_hours_wanted * 60,
            best_tier=tiers.get(agent.pk, ""),
        )
        for agent in agents
    }


def _skills(agent_ids: list[UUID]) -> dict[UUID, dict[str, SkillLevel]]:
    found: dict[UUID, dict[str, SkillLevel]] = {}
    rows = AgentSkill.objects.across_brands().filter(agent_id__in=agent_ids)
    columns = ("agent_id", "skill__key", "level", "proved_by")
    for agent_id, key, level, proved_by in rows.values_list(*columns):
        found.setdefault(agent_id, {})[key] = SkillLevel(level, proved_by)
    return found


def _hours(agent_ids: list[UUID], monday: date) -> dict[UUID, list[tuple[int, int]]]:
    stretches: dict[UUID, list[Stretch]] = {}
    rows = AvailabilityRule.objects.across_brands().filter(agent_id__in=agent_ids)
    columns = ("agent_id", "weekday", "local_from", "local_to", "timezone")
    for agent_id, *stretch in rows.values_list(*columns):
        stretches.setdefault(agent_id, []).append(Stretch(*stretch))
    return {agent_id: week_minutes(own, monday) for agent_id, own in stretches.items()}


def _best_tiers(agent_ids: list[UUID]) -> dict[UUID, str]:
    """The best tier anywhere in good standing: it says how well somebody works, never for whom."""
    own: dict[UUID, list[Engagement]] = {}
    for row in Engagement.objects.across_brands().on_the_bench().filter(agent_id__in=agent_ids):
        own.setdefault(row.agent_id, []).append(row)
    return {agent_id: best_tier_of(rows) for agent_id, rows in own.items()}


def _service_hours(program: Program, monday: date) -> list[tuple[int, int]] | None:
    if not program.service_hours:
        return None
    stretches = [
        Stretch(one["weekday"], time.fromisoformat(one["from"]), time.fromisoformat(one["to"]), program.timezone)
        for one in program.service_hours
    ]
    return week_minutes(stretches, monday)


def _skill_labels(keys: set[str]) -> dict[str, str]:
    return dict(Skill.objects.filter(key__in=keys).values_list("key", "label")) if keys else {}


def _sentence(reason: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    code, subject, has, needs = (str(reason[name]) for name in ("code", "subject", "has", "needs"))
    if code == "language":
        words = _("%(language)s at %(has)s, %(needs)s needed") if has else _("%(language)s at %(needs)s is needed")
        return words % {"language": language_name(subject), "has": has, "needs": needs}
    if code in {"skill", "skill_claimed"}:
        return _skill_sentence(code, labels.get(subject, subject), has, needs)
    return _other_sentence(code, subject, has, needs)


def _skill_sentence(code: str, label: str, has: str, needs: str) -> str:
    if not has:
        return _("%(skill)s at level %(needs)s is needed") % {"skill": label, "needs": needs}
    words = {
        "skill": _("%(skill)s at level %(has)s of 5, proved; %(needs)s needed"),
        "skill_claimed": _("%(skill)s at level %(has)s of 5, not tested yet; %(needs)s needed"),
    }[code]
    return words % {"skill": label, "has": has, "needs": needs}


def _other_sentence(code: str, subject: str, has: str, needs: str) -> str:
    if code == "channels":
        return _channel_sentence(has.split(",") if has else [], needs.split(",") if needs else [])
    if code == "hours":
        return _hours_sentence(int(has), int(needs))
    if code == "proven":
        tier = Tier(has).label if has in _TIERS else ""
        return _("Works on the platform at tier %(tier)s") % {"tier": tier} if tier else _("No work on record yet")
    return {
        "hours_open": _("Decides week by week when to work"),
        "language_free": _("No language is asked for"),
        "skill_free": _("No special skill is asked for"),
    }.get(code, code)


def _channel_sentence(has: list[str], needs: list[str]) -> str:
    lacks = [one for one in needs if one not in has]
    if not needs:
        return _("No channel is asked for")
    if not lacks:
        return ngettext("Channel: %(has)s", "Channels: %(has)s", len(has)) % {"has": channel_words(has)}
    if not has:
        return _("Missing: %(lacks)s") % {"lacks": channel_words(lacks)}
    return _("%(has)s, but not %(lacks)s") % {"has": channel_words(has), "lacks": channel_words(lacks)}


def _hours_sentence(has: int, needs: int) -> str:
    free = ngettext("Free %(has)d hour a week", "Free %(has)d hours a week", has) % {"has": has}
    if has >= needs:
        return _("%(free)s while the program is open") % {"free": free}
    return _("%(free)s while the program is open; %(needs)d would do") % {"free": free, "needs": needs}


def channel_words(channels: Iterable[str]) -> str:
    """This function will name channels in the reader's language, separated by commas."""
    return ", ".join(str(Channel(one).label) for one in channels if one in Channel.values)
