"""Rows that several forms share: languages with levels, skills with levels, weekly hours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, Final

from babel.core import Locale
from django import forms
from django.forms.boundfield import BoundField
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recruiting.models import Skill
from recruiting.states import Cefr, SkillGroup

LANGUAGE_TAGS: Final = (  # noqa: SIM905  one long line reads better than fifty short ones
    "en es fr de pt it nl pl sv da nb fi cs sk hu ro bg el tr uk ru ar he hi bn ur ta te ml pa gu mr id ms vi th fil zh "
    "ja ko sw zu af xh am yo ig ha pt-BR es-MX fr-CA zh-TW"
).split()
WEEKDAYS: Final = (
    ("0", gettext_lazy("Mon")),
    ("1", gettext_lazy("Tue")),
    ("2", gettext_lazy("Wed")),
    ("3", gettext_lazy("Thu")),
    ("4", gettext_lazy("Fri")),
    ("5", gettext_lazy("Sat")),
    ("6", gettext_lazy("Sun")),
)
_CLOCK: Final = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """A language and its level, side by side."""

    language: BoundField
    level: BoundField


@dataclass(frozen=True, slots=True)
class SkillGroupRows:
    """The skills of one group."""

    label: str
    fields: tuple[BoundField, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class HoursRow:
    """Some days with the same hours."""

    days: BoundField
    starts: BoundField
    ends: BoundField


@dataclass(frozen=True, slots=True)
class Stretch:
    """One weekday's hours."""

    weekday: int
    starts: time
    ends: time


class LanguageRows(forms.Form):
    """A few rows of language and level."""

    language_rows_count = 4

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = language_choices()
        for place in range(1, self.language_rows_count + 1):
            self.fields[f"language_{place}"] = forms.ChoiceField(
                label=_("Language %(place)d") % {"place": place}, choices=[("", "–"), *known], required=False
            )
            self.fields[f"level_{place}"] = forms.ChoiceField(
                label=_("Level"), choices=[("", "–"), *Cefr.choices], required=False
            )

    def language_rows(self) -> list[LanguageRow]:
        """This function will return the rows for the page."""
        places = range(1, self.language_rows_count + 1)
        return [LanguageRow(self[f"language_{place}"], self[f"level_{place}"]) for place in places]

    def cleaned_languages(self) -> dict[str, str]:
        """This function will return levels by tag, having named the rows that are half filled or doubled."""
        found: dict[str, str] = {}
        for place in range(1, self.language_rows_count + 1):
            tag = self.cleaned_data.get(f"language_{place}", "")
            level = self.cleaned_data.get(f"level_{place}", "")
            self._check_row(place, tag, level, found)
            if tag and level:
                found[tag] = level
        return found

    def _check_row(self, place: int, tag: str, level: str, found: Mapping[str, str]) -> None:
        if tag and not level:
            self.add_error(f"level_{place}", _("Choose the level of this language."))
        elif level and not tag:
            self.add_error(f"language_{place}", _("Choose the language of this level."))
        elif tag in found:
            self.add_error(f"language_{place}", _("This language is given twice."))


class SkillRows(forms.Form):
    """A level from 1 to 5, or none, for each word of the taxonomy."""

    def __init__(self, *args: Any, skills: Sequence[Skill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.skills = list(skills)
        for skill in self.skills:
            self.fields[_skill_field(skill.key)] = forms.ChoiceField(
                label=skill.label, choices=skill_levels(), required=False
            )

    def skill_groups(self) -> list[SkillGroupRows]:
        """This function will return the groups for the page; those with something in them, and the first, are open."""
        return [self._group(place, group) for place, group in enumerate(SkillGroup)]

    def cleaned_skills(self) -> dict[str, int]:
        """This function will return levels by skill key."""
        levels = {skill.key: self.cleaned_data.get(_skill_field(skill.key), "") for skill in self.skills}
        return {key: int(level) for key, level in levels.items() if level}

    def _group(self, place: int, group: SkillGroup) -> SkillGroupRows:
        own = tuple(self[_skill_field(skill.key)] for skill in self.skills if skill.group == group)
        return SkillGroupRows(str(group.label), own, place == 0 or any(field.value() for field in own))


class HoursRows(forms.Form):
    """Weekly hours: up to three sets of days with the same hours."""

    hours_rows_count = 3

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(1, self.hours_rows_count + 1):
            self.fields[f"days_{place}"] = forms.MultipleChoiceField(
                label=_("Days"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple, required=False
            )
            self.fields[f"from_{place}"] = forms.TimeField(label=_("From"), widget=_CLOCK, required=False)
            self.fields[f"to_{place}"] = forms.TimeField(
                label=_("To"), widget=_CLOCK, required=False, help_text=_("00:00 is midnight.")
            )

    def hours_rows(self) -> list[HoursRow]:
        """This function will return the rows for the page."""
        places = range(1, self.hours_rows_count + 1)
        return [HoursRow(self[f"days_{place}"], self[f"from_{place}"], self[f"to_{place}"]) for place in places]

    def cleaned_hours(self) -> list[Stretch]:
        """This function will return the stretches, having named the rows that are half filled."""
        found: list[Stretch] = []
        for place in range(1, self.hours_rows_count + 1):
            days = self.cleaned_data.get(f"days_{place}") or []
            starts, ends = self.cleaned_data.get(f"from_{place}"), self.cleaned_data.get(f"to_{place}")
            self._check_hours(place, days, starts, ends)
            if days and starts is not None and ends is not None:
                found.extend(Stretch(int(day), starts, ends) for day in days)
        return found

    def _check_hours(self, place: int, days: Sequence[str], starts: time | None, ends: time | None) -> None:
        if days and (starts is None or ends is None):
            self.add_error(f"from_{place}" if starts is None else f"to_{place}", _("Give the time for these days."))
        elif (starts is not None or ends is not None) and not days:
            self.add_error(f"days_{place}", _("Choose the days for these hours."))


def language_choices() -> list[tuple[str, str]]:
    """This function will return the languages on offer with their names, by name."""
    reader = Locale.parse(translation.to_locale(translation.get_language() or "en"))
    named = [(tag, str(Locale.parse(tag, sep="-").get_display_name(reader))) for tag in LANGUAGE_TAGS]
    return sorted(named, key=lambda pair: pair[1])


def skill_levels() -> list[tuple[str, str]]:
    """This function will return the levels of a skill in words."""
    return [
        ("", "–"),
        ("1", _("1, first steps")),
        ("2", _("2, with help")),
        ("3", _("3, on my own")),
        ("4", _("4, very good")),
        ("5", _("5, I teach it")),
    ]


def languages_initial(levels: Mapping[str, str]) -> dict[str, str]:
    """This function will return the initial values of language rows."""
    initial: dict[str, str] = {}
    for place, (tag, level) in enumerate(levels.items(), start=1):
        initial |= {f"language_{place}": tag, f"level_{place}": level}
    return initial


def skills_initial(levels: Mapping[str, int]) -> dict[str, str]:
    """This function will return the initial values of skill rows."""
    return {_skill_field(key): str(level) for key, level in levels.items()}


def hours_initial(stretches: Iterable[tuple[int, time, time]]) -> dict[str, Any]:
    """This function will return the initial values of hours rows, days with equal hours together."""
    sets: dict[tuple[time, time], list[str]] = {}
    for weekday, starts, ends in sorted(stretches):
        sets.setdefault((starts, ends), []).append(str(weekday))
    initial: dict[str, Any] = {}
    for place, ((starts, ends), days) in enumerate(sets.items(), start=1):
        initial |= {f"days_{place}": days, f"from_{place}": starts, f"to_{place}": ends}
    return initial


def _skill_field(key: str) -> str:
    return f"skill_{key.replace('-', '_')}"
