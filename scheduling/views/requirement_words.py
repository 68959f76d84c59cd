"""A week's need as words, rows and a picture. No rules, only shapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gigcx.kernel.intervals import day_of
from gigcx.web.formats import duration_text, number_text, percent_text
from scheduling.models import ServiceTarget
from scheduling.queries.coverage import axis_ticks
from scheduling.queries.explanations import Explanation
from scheduling.queries.languages import language_words
from scheduling.queries.published import Published
from scheduling.queries.requirements import Need, WeekNeed
from scheduling.queries.sheets import clock_text
from scheduling.states import ServiceDefinition, StaffingModel
from scheduling.views.pictures import closed, line, stairs

_LEFT: Final = 44.0
_RIGHT: Final = 880.0
_TOP: Final = 16.0
_BOTTOM: Final = 216.0
_NONE: Final = "–"


@dataclass(frozen=True, slots=True)
class Span:
    """Some quarters that are shown as one interval: the most people any of them needs, shares weighed by contacts."""

    starts_at: datetime
    needs: tuple[Need, ...]

    @property
    def volume(self) -> float:
        """Contacts of the interval."""
        return sum(one.volume for one in self.needs)

    @property
    def peak(self) -> Need:
        """The quarter that needs most."""
        return max(self.needs, key=lambda one: (one.seats, one.volume))

    def mean(self, name: str) -> float | None:
        """A figure over the interval, weighed by contacts."""
        known = [
            (getattr(one, name), one.volume) for one in self.needs if getattr(one, name) is not None and one.volume
        ]
        whole = sum(weight for _value, weight in known)
        return sum(value * weight for value, weight in known) / whole if whole else None

    @property
    def erlangs(self) -> float:
        """Mean load."""
        return sum(one.erlangs for one in self.needs) / len(self.needs)


def spans_of(found: WeekNeed, on: date, zone: ZoneInfo, *, minutes: int) -> list[Span]:
    """This function will return one local day's intervals of so many minutes, in order."""
    by_start = {one.starts_at: one for one in found.needs}
    spans = []
    for step in day_of(on, zone).steps(minutes):
        quarters = [by_start[one.starts_at] for one in step.steps(15) if one.starts_at in by_start]
        if quarters:
            spans.append(Span(step.starts_at, tuple(quarters)))
    return spans


def shown(spans: Sequence[Span], zone: ZoneInfo, window: tuple[int, int]) -> list[Span]:
    """This function will leave out what lies outside `[from, to)` in minutes of the local day, and empty edges."""
    inside = [one for one in spans if window[0] <= _minute(one.starts_at.astimezone(zone)) < window[1]]
    used = [at for at, one in enumerate(inside) if one.volume or one.peak.seats or one.peak.in_house]
    return inside[used[0] : used[-1] + 1] if used else []


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute


def seconds_text(seconds: float | None) -> str:
    """This function will write a wait: seconds, or minutes from two on."""
    if seconds is None:
        return _NONE
    if seconds < 120:
        return _("%(n)s s") % {"n": number_text(round(seconds, 1) if seconds < 10 else round(seconds))}
    return duration_text(round(seconds / 60))


def handling_text(seconds: float | None) -> str:
    """This function will write a handling time as minutes and seconds, as the forecast does."""
    return _NONE if seconds is None else clock_text(round(seconds))


def share_text(share: float | None) -> str:
    """This function will write a share with one decimal; nothing is a dash."""
    return _NONE if share is None else percent_text(share, 1)


def promise_words(target: ServiceTarget) -> list[str]:
    """This function will say model and definition by name, and what they mean, in plain sentences."""
    if target.model == StaffingModel.DEFERRED:
        return [
            _("Deferred work: nobody waits on the line, everything is done within %(time)s of its arrival.")
            % {"time": duration_text(target.due_minutes)},
            _("Idle time of the program's other channels is used first; the rest is levelled over the open hours."),
        ]
    promise = {"share": percent_text(target.target_bp / 10_000, 1 if target.target_bp % 100 else 0)}
    promise |= {"time": seconds_text(target.threshold_seconds)}
    return [_model_words(target), _definition_words(target) % promise, *_concurrency_words(target)]


def whose_words(target: ServiceTarget, language: str, *, has_others: bool) -> str:
    """This function will say whose promise holds here, and why that one; nothing where there is but one."""
    known = {"n": target.version, "language": language_words(language)}
    if target.language:
        return _("The promise of %(language)s, version %(n)s. It goes before the channel's.") % known
    if language and target.version:
        words = _("%(language)s has no promise of its own, so the channel's holds, version %(n)s.")
        return f"{words % known} {_('Save a change here to give it one.')}"
    if language:
        words = _("Neither %(language)s nor the channel has a saved promise, so the usual figures hold.")
        return f"{words % known} {_('Saving here makes one for this language alone.')}"
    if has_others and target.version:
        return _("The promise of the channel, version %(n)s. It holds for every language without its own.") % known
    return ""


def _model_words(target: ServiceTarget) -> str:
    if target.model == StaffingModel.ERLANG_C:
        return _("Erlang C: everybody waits until answered. It asks for more people than needed where callers hang up.")
    return _("Erlang A: callers hang up after %(time)s on average, which makes room for those who stay.") % {
        "time": seconds_text(target.patience_seconds)
    }


def _definition_words(target: ServiceTarget) -> str:
    short = {"short": seconds_text(target.short_abandon_seconds)}
    return {
        ServiceDefinition.OF_OFFERED: _(
            "%(share)s of all who call are answered within %(time)s. Who hangs up counts as missed."
        ),
        ServiceDefinition.OF_ANSWERED: _(
            "Of those who are answered, %(share)s are within %(time)s. Who hangs up does not count."
        ),
        ServiceDefinition.OR_ABANDONED: _("%(share)s of all who call wait at most %(time)s, whether answered or gone."),
        ServiceDefinition.SHORT_EXCLUDED: _(
            "%(share)s are answered within %(time)s, of all who call but those who hang up within {short}."
        ).format(**short),
    }[ServiceDefinition(target.definition)]


def _concurrency_words(target: ServiceTarget) -> list[str]:
    if target.concurrency == 1:
        return []
    words = _("One agent holds %(n)s contacts at once and gets the work of %(factor)s done; each contact takes longer.")
    return [words % {"n": target.concurrency, "factor": number_text(target.concurrency_factor_bp / 10_000, 1)}]


def stats_of(found: WeekNeed, published: Published, kept: dict[str, Any] | None) -> list[dict[str, str]]:
    """This function will return the week's headline figures, with the difference from what is kept."""
    summary = found.summary
    left = sum(left_to_book(one, published) for one in found.needs) / 4
    figures = [
        (_("Contacts"), number_text(round(summary["contacts"])), "", ""),
        (_("Seats needed"), number_text(summary["seat_hours"], 0), "h", _change(summary, kept, "seat_hours")),
        (_("To book"), number_text(left, 0), "h", _published_words(summary["to_book_hours"] - left)),
        (_("Most at once"), number_text(summary["peak_seats"]), "", ""),
    ]
    if summary["service_level"] is None:
        later = number_text(summary["backlog_hours"], 1)
        figures += [
            (_("Done in idle time"), number_text(summary["idle_hours"], 1), "h", ""),
            (_("Left for the next week"), later, "h", "" if found.is_kept else _("a deadline cannot be kept")),
        ]
    else:
        figures += [
            (_("Service level"), share_text(summary["service_level"]), "", ""),
            (_("Mean wait"), seconds_text(summary["asa_seconds"]), "", ""),
            (_("Occupancy"), share_text(summary["occupancy"]), "", ""),
            (_("Hang up"), share_text(summary["abandoned"]), "", ""),
        ]
    return [{"name": name, "figure": figure, "unit": unit, "words": words} for name, figure, unit, words in figures]


def _published_words(hours: float) -> str:
    return _("%(hours)s h are published already") % {"hours": number_text(hours, 0)} if hours else ""


def later_words(found: WeekNeed, target: ServiceTarget) -> list[str]:
    """This function will lead from contacts to hours of work that may wait, and to who does them."""
    needs = [one for one in found.needs if one.volume]
    work = sum(one.volume * one.aht_seconds for one in needs) / 3_600 / (target.concurrency_factor_bp / 10_000)
    done = max(work + found.carried_in_hours - found.idle_hours - found.backlog_hours, 0.0)
    hours = {"work": work, "idle": found.idle_hours, "done": done, "left": found.backlog_hours}
    words = {name: number_text(round(value, 1)) for name, value in hours.items()}
    words |= {"n": number_text(round(sum(one.volume for one in needs)))}
    words |= {"cap": percent_text(target.max_occupancy_bp / 10_000)}
    return [
        _("%(n)s contacts are %(work)s hours of work.") % words,
        _("%(idle)s hours of it are done by people of other channels while nobody calls them.") % words,
        _("%(done)s hours are done by the agents below, busy %(cap)s of their time.") % words,
        _("%(left)s hours are not due before the next week and wait for it.") % words,
    ]


def _change(summary: dict[str, Any], kept: dict[str, Any] | None, name: str) -> str:
    if not kept or name not in kept:
        return ""
    change = round(summary[name] - kept[name])
    if not change:
        return _("as computed last")
    signed = f"{'+' if change > 0 else '−'}{number_text(abs(change))}"
    return _("%(change)s h from what was computed last") % {"change": signed}


def left_to_book(need: Need, published: Published) -> int:
    """This function will return the agents of a quarter that nobody was asked for and no published seat covers."""
    return max(0, need.to_book - published.cover(need.starts_at))


def rows_of(
    spans: Sequence[Span], zone: ZoneInfo, published: Published, *, why_url: str, chosen: datetime | None
) -> list[dict[str, Any]]:
    """This function will return the table's rows; each leads to its explanation."""
    return [
        {
            "clock": f"{span.starts_at.astimezone(zone):%H:%M}",
            "url": f"{why_url}&why={span.starts_at.timestamp():.0f}#why",
            "is_on": span.starts_at == chosen,
            "volume": number_text(round(span.volume, 1)) if span.volume else _NONE,
            "aht": handling_text(span.mean("aht_seconds")),
            "erlangs": number_text(span.erlangs, 1) if span.volume else _NONE,
            "agents": span.peak.agents,
            "seats": span.peak.seats,
            "in_house": span.peak.in_house or _NONE,
            "published": max(published.cover(one.starts_at) for one in span.needs) or _NONE,
            "to_book": max(left_to_book(one, published) for one in span.needs),
            "level": share_text(span.mean("service_level")),
            "asa": seconds_text(span.mean("asa_seconds")),
            "occupancy": share_text(span.mean("occupancy")),
            "abandoned": share_text(span.mean("abandoned")),
        }
        for span in spans
    ]


def picture_of(spans: Sequence[Span], zone: ZoneInfo) -> dict[str, Any] | None:
    """This function will draw a day: seats as stairs, own staff as area, the load in erlangs as a line."""
    top = max((max(one.peak.seats, one.peak.in_house, one.erlangs) for one in spans), default=0)
    if not top or len(spans) < 2:
        return None
    step, height = (_RIGHT - _LEFT) / len(spans), (_BOTTOM - _TOP) / top
    own = stairs([one.peak.in_house for one in spans], step, height, left=_LEFT, bottom=_BOTTOM)
    seats = stairs([one.peak.seats for one in spans], step, height, left=_LEFT, bottom=_BOTTOM)
    return {
        "seats_area": closed(seats, bottom=_BOTTOM),
        "seats": line(seats),
        "own_area": closed(own, bottom=_BOTTOM) if any(one.peak.in_house for one in spans) else "",
        "load": line([(_LEFT + (at + 0.5) * step, _BOTTOM - one.erlangs * height) for at, one in enumerate(spans)]),
        "ticks": [
            {"y": f"{_BOTTOM - n * height:.1f}", "label_y": f"{_BOTTOM - n * height + 4:.1f}", "n": n}
            for n in axis_ticks(int(top) or 1)
        ],
        "hours": [
            {"x": f"{_LEFT + at * step:.1f}", "label": f"{one.starts_at.astimezone(zone):%H}"}
            for at, one in enumerate(spans)
            if one.starts_at.astimezone(zone).minute == 0
        ][:: 2 if len(spans) * step / max(len(spans) // 2, 1) < 30 else 1],
        "peak": max(one.peak.seats for one in spans),
        "load_peak": number_text(max(one.erlangs for one in spans), 1),
    }


def why_words(found: Explanation, target: ServiceTarget, zone: ZoneInfo) -> dict[str, Any]:
    """This function will lead from contacts to seats in sentences, for one quarter of an hour."""
    need = found.need
    starts = need.starts_at.astimezone(zone)
    return {
        "title": f"{starts:%a %-d %b %H:%M}–{(need.starts_at + timedelta(minutes=15)).astimezone(zone):%H:%M}",
        "steps": [
            {"figure": number_text(round(need.volume, 2)), "name": _("contacts"), "words": _contact_words(need)},
            {"figure": number_text(need.erlangs, 2), "name": _("erlangs of load"), "words": _load_words(need)},
            {"figure": number_text(need.agents), "name": _("agents on contact"), "words": _agent_words(found, target)},
            {"figure": number_text(need.seats), "name": _("seats"), "words": _seat_words(need, target)},
            {"figure": number_text(need.to_book), "name": _("to book"), "words": _book_words(need)},
        ],
        "then": _then_words(need),
        "levels": [
            {"name": str(one.label), "share": share_text(level), "is_on": one == target.definition}
            for one, level in found.levels
        ],
    }


def _contact_words(need: Need) -> str:
    return _("expected in this quarter of an hour, %(aht)s min each.") % {"aht": handling_text(need.aht_seconds)}


def _load_words(need: Need) -> str:
    return _("%(volume)s × %(aht)s s ÷ 900 s: so many people would talk without any pause.") % {
        "volume": number_text(round(need.volume, 2)),
        "aht": number_text(round(need.aht_seconds)),
    }


def _agent_words(found: Explanation, target: ServiceTarget) -> str:
    reached = {"n": number_text(found.for_target), "level": share_text(found.target_level)}
    goal = percent_text(target.target_bp / 10_000, 1 if target.target_bp % 100 else 0)
    if found.fewer_level is None:
        words = _("%(n)s reaches %(level)s, and fewer than one there cannot be.") % reached
    else:
        fewer = {"fewer": number_text(found.for_target - 1), "less": share_text(found.fewer_level), "goal": goal}
        words = _("%(n)s reach %(level)s; with %(fewer)s it would be %(less)s, and %(goal)s is promised.") % {
            **reached,
            **fewer,
        }
    if not found.is_capped:
        return words
    cap = {"cap": percent_text(target.max_occupancy_bp / 10_000), "n": number_text(found.need.agents)}
    return f"{words} " + _("Nobody is to be busy more than %(cap)s of the time: that takes %(n)s.") % cap


def _seat_words(need: Need, target: ServiceTarget) -> str:
    if not target.shrinkage_bp:
        return _("as many as agents: no paid time is away from contacts.")
    left = 1 - target.shrinkage_bp / 10_000
    return _("%(share)s of paid time is away from contacts: %(n)s ÷ %(left)s = %(exact)s, rounded up.") % {
        "share": percent_text(target.shrinkage_bp / 10_000),
        "n": number_text(need.agents),
        "left": number_text(left, 2),
        "exact": number_text(need.agents / left, 1),
    }


def _book_words(need: Need) -> str:
    if not need.in_house:
        return _("none of your own staff is entered for this time.")
    return ngettext("%(n)s of your own staff is there.", "%(n)s of your own staff are there.", need.in_house) % {
        "n": number_text(need.in_house)
    }


def _then_words(need: Need) -> str:
    return _(
        "With %(n)s on contact: %(level)s by your definition, %(asa)s mean wait, %(gone)s hang up, busy %(busy)s of the time."
    ) % {
        "n": number_text(need.present),
        "level": share_text(need.service_level),
        "asa": seconds_text(need.asa_seconds),
        "gone": share_text(need.abandoned),
        "busy": share_text(need.occupancy),
    }
