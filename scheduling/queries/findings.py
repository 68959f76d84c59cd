"""What the sweeps should have done by now and have not, and counters that do not count right. In health, nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.queries import excuses, incidents, releasing, swaps, sweeps, vto, waits

_SHOWN: Final = 5
_MINUTE: Final = timedelta(minutes=1)
_COUNTED: Final = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of overdue work: how many, and the first few rows of `model` (a name of the admin)."""

    name: str | Promise
    model: str
    count: int
    first: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class _Watch:
    """What a sweep finds, by the time after which it is late."""

    name: Promise
    model: str
    late_after: timedelta
    found: Callable[[datetime], Sequence[UUID]]


def _due(query: Callable[..., Sequence[UUID]]) -> Callable[[datetime], Sequence[UUID]]:
    return lambda at: query(at=at)


_WATCHES: Final = (
    _Watch(_("Shifts that should be open"), "shift", 2 * _MINUTE, _due(sweeps.shifts_to_open)),
    _Watch(_("Shifts that have begun and do not say so"), "shift", 2 * _MINUTE, _due(sweeps.shifts_to_start)),
    _Watch(_("Shifts that are over and do not say so"), "shift", 2 * _MINUTE, _due(sweeps.shifts_to_end)),
    _Watch(_("Claims nobody came to that are not marked"), "claim", 2 * _MINUTE, _due(sweeps.claims_without_arrival)),
    _Watch(_("Claims still open after their shift"), "claim", 30 * _MINUTE, _due(sweeps.claims_to_close)),
    _Watch(_("Silent desks not marked as lost"), "worksession", 2 * _MINUTE, _due(sweeps.silent_sessions)),
    _Watch(_("Lost desks not ended"), "worksession", 2 * _MINUTE, _due(sweeps.gone_sessions)),
    _Watch(
        _("Requests waiting for shifts to be made"), "capacityrequest", 5 * _MINUTE, _due(sweeps.requests_to_design)
    ),
    _Watch(_("Prices that ran out and still stand"), "capacityrequest", 5 * _MINUTE, _due(sweeps.quotes_to_expire)),
    _Watch(_("Waves that should be open"), "", 2 * _MINUTE, _due(releasing.waves_to_open)),
    _Watch(_("Draws that should collect wishes"), "claimwindow", 2 * _MINUTE, _due(releasing.windows_to_open)),
    _Watch(_("Draws that should be closed"), "claimwindow", 2 * _MINUTE, _due(releasing.windows_to_close)),
    _Watch(_("Invitations nobody answered in time"), "waitlistentry", 2 * _MINUTE, _due(waits.invitations_to_expire)),
    _Watch(_("Lines of shifts that are over"), "shift", 2 * _MINUTE, _due(waits.lines_to_close)),
    _Watch(_("Free seats with people in line"), "shift", 2 * _MINUTE, _due(waits.free_seats_with_waiters)),
    _Watch(_("Swaps that silence should have decided"), "swapoffer", 2 * _MINUTE, _due(swaps.swaps_to_decide)),
    _Watch(_("Swap offers past their end"), "swapoffer", 2 * _MINUTE, _due(swaps.swaps_to_expire)),
    _Watch(_("Excuses that silence should have granted"), "excusal", 5 * _MINUTE, _due(excuses.excuses_to_grant)),
    _Watch(_("Incidents to settle"), "incident", 5 * _MINUTE, _due(incidents.incidents_to_settle)),
    _Watch(_("Time-off offers past their end"), "vtooffer", 5 * _MINUTE, _due(vto.offers_to_close)),
)


def findings(*, at: datetime) -> list[Finding]:
    """This function will return every kind of work with what is overdue of it, counters of the last two days on last."""
    overdue = [_finding(one, one.found(at - one.late_after)) for one in _WATCHES]
    wrong = sweeps.counters_out_of_step(ends_after=at - _COUNTED)
    shifts = tuple(dict.fromkeys(one.shift_id for one in wrong))
    return [*overdue, Finding(_("Counters of seats that do not count right"), "shift", len(wrong), shifts[:_SHOWN])]


def _finding(watch: _Watch, found: Sequence[UUID]) -> Finding:
    return Finding(watch.name, watch.model, len(found), tuple(found[:_SHOWN]))
