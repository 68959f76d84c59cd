"""How the brands of the demo world decide: by what an applicant's fit says, and with words that follow from it."""

from collections.abc import Mapping
from typing import Any, Final

from recruiting.models import Engagement
from recruiting.queries import language_name, service_words, skill_labels
from recruiting.states import Cefr, DeclineCode

Refusal = tuple[DeclineCode, str]
_FEW_HOURS: Final = 6
_LEVELS: Final = list(Cefr.values)


def refusal_of(engagement: Engagement, *, is_late: bool) -> Refusal | None:
    """This function will say why the brand declines an applicant, or None where it takes them on.

    Whoever comes late meets a bench that is full.
    """
    parts: list[Mapping[str, Any]] = engagement.fit_reasons
    return _language(parts) or _skills(parts) or _hours(parts, engagement) or (_full() if is_late else None)


def _language(parts: list[Mapping[str, Any]]) -> Refusal | None:
    short = [one for one in parts if one["code"] == "language" and not _speaks(one)]
    if not short:
        return None
    name, needs = language_name(short[0]["subject"]), short[0]["needs"]
    if not short[0]["has"]:
        return (
            DeclineCode.LANGUAGE,
            f"Our customers write and call in {name}; we need {needs}, and your profile has none.",
        )
    return DeclineCode.LANGUAGE, f"Your {name} is at {short[0]['has']} so far, and our customers need {needs}."


def _speaks(part: Mapping[str, Any]) -> bool:
    return bool(part["has"]) and _LEVELS.index(part["has"]) >= _LEVELS.index(part["needs"])


def _skills(parts: list[Mapping[str, Any]]) -> Refusal | None:
    asked = [one for one in parts if one["code"] in {"skill", "skill_claimed"}]
    if not asked or any(int(one["has"] or 0) >= int(one["needs"]) - 1 for one in asked):
        return None
    labels = skill_labels()
    names = " and ".join(labels[one["subject"]].lower() for one in asked[:2])
    return DeclineCode.SKILLS, f"This round we took people who have done {names} before. Come back when you have."


def _hours(parts: list[Mapping[str, Any]], engagement: Engagement) -> Refusal | None:
    part = next((one for one in parts if one["code"] == "hours"), None)
    if part is None or int(part["has"]) * _FEW_HOURS >= int(part["needs"]):
        return None
    open_hours = service_words(engagement.program)
    return DeclineCode.HOURS, f"We are open {open_hours}, and {part['has']} of your hours a week fall into that."


def _full() -> Refusal:
    return DeclineCode.BENCH_FULL, "We have the people we need until the new year. We would like to see you again then."
