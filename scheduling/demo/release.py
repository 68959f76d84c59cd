"""A release as it goes: favorites drew yesterday, everybody wishes today, and one shift of next week pays extra.

Told for the program with the largest bench, all of it through the stage's actions.
"""

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import from_wall, week_start, zone_of
from gigcx.tenancy.actors import AgentActor, BrandActor, SystemActor
from gigcx.web.demo import World
from recruiting.actions import favor_agent
from recruiting.models import Engagement, Program
from scheduling import actions
from scheduling.actions import entries, incentives, settlements, windows
from scheduling.actions.intervals import TypedInterval
from scheduling.models import CapacityRequest, ClaimWindow, Shift
from scheduling.queries.draws import shifts_of_window
from scheduling.states import ShiftState, WaveAudience

DRAW: Final = SystemActor("sealed draw")
_AGO: Final = timedelta(hours=30)
_FAVORITES: Final = 6
_EVERYBODY: Final = 14
_WEEKEND: Final = tuple((weekday, start, start + 4) for weekday in (4, 5, 6) for start in (9, 16))
_AGENTS: Final = 5
_DESIGN_TRIES: Final = 4
_EXTRA_BUDGET: Final = 400_00
_EXTRA: Final = 150


def tell_release(world: World, program: Program, bench: Sequence[Engagement], *, by: BrandActor) -> None:
    """This function will tell the release of an extra weekend three weeks ahead."""
    at = world.at - _AGO
    favorites = list(bench[:_FAVORITES])
    for one in favorites:
        favor_agent(engagement_id=one.pk, by=by, at=at - timedelta(days=3))
    request = _published(program, week_start(world.at.date()) + timedelta(weeks=3), by=by, at=at)
    if request is None:
        return
    drawn = _window(request, WaveAudience.FAVORITES)
    running = _window(request, WaveAudience.EVERYONE)
    if drawn is not None:
        _wish(world, drawn, favorites, at + timedelta(hours=1))
        windows.close_window(window_id=drawn.pk, by=DRAW, at=drawn.closes_at)
        settlements.settle_draw(window_id=drawn.pk, by=DRAW, at=drawn.closes_at + timedelta(seconds=9))
    if running is not None:
        windows.open_window(window_id=running.pk, by=DRAW, at=running.opens_at)
        _wish(world, running, bench[_FAVORITES : _FAVORITES + _EVERYBODY], running.opens_at + timedelta(hours=2))


def tell_extra_pay(world: World, program: Program, *, by: BrandActor) -> None:
    """This function will set money aside for one published week and raise the pay of its emptiest coming shift."""
    at = world.at - timedelta(hours=5)
    rows = Shift.objects.for_brand(program.brand_id).filter(program=program, state=ShiftState.OPEN)
    short = [one for one in rows.filter(starts_at__gt=world.at + timedelta(days=4)) if one.filled < one.seats]
    if not short:
        return
    shift = max(short, key=lambda one: (one.seats - one.filled, -one.starts_at.timestamp(), str(one.pk)))
    try:
        actions.set_incentive_budget(request_id=shift.request_id, budget_minor=_EXTRA_BUDGET, by=by, at=at)
        incentives.announce_incentive(shift_id=shift.pk, per_hour_minor=_EXTRA, by=by, at=at)
    except DomainError:
        return  # beyond what the brand may spend: the shift stays at its card


def _published(program: Program, monday: date, *, by: BrandActor, at: datetime) -> CapacityRequest | None:
    request = actions.draft_request(
        program_id=program.pk, channel=program.channels[0], week_starts_on=monday, by=by, at=at
    )
    actions.set_intervals(request_id=request.pk, intervals=_weekend(program, monday), by=by, at=at)
    actions.design_request_shifts(request_id=request.pk, by=by, at=at)
    actions.make_designed_shifts(
        request_id=request.pk, by=SystemActor("shift designer"), at=at, seconds=math.inf, iterations=_DESIGN_TRIES
    )
    quote = request.quotes.order_by("-created_at", "pk").first()
    if quote is None:
        return None
    try:
        return actions.accept_quote(quote_id=quote.pk, by=by, at=at, is_draw_first=True)
    except DomainError:
        return None  # beyond what the brand may spend: the priced weekend stays on its page, waiting


def _weekend(program: Program, monday: date) -> list[TypedInterval]:
    zone = zone_of(program.timezone)
    return [
        TypedInterval(
            from_wall(monday + timedelta(days=weekday), time(start), zone),
            from_wall(monday + timedelta(days=weekday), time(end), zone),
            _AGENTS,
        )
        for weekday, start, end in _WEEKEND
    ]


def _window(request: CapacityRequest, audience: str) -> ClaimWindow | None:
    rows = ClaimWindow.objects.for_brand(request.brand_id).filter(wave__request=request, wave__audience=audience)
    return rows.order_by("opens_at", "pk").first()


def _wish(world: World, window: ClaimWindow, people: Sequence[Engagement], at: datetime) -> None:
    """Everybody ranks the shifts in an order of their own; who may not any more stays out."""
    shifts = [one.pk for one in shifts_of_window(window)]
    for minute, one in enumerate(people):
        wishes = world.rng.sample(shifts, k=min(len(shifts), 3))
        by = AgentActor(one.agent.user, one.agent_id)
        moment = at + timedelta(minutes=minute)
        try:
            entries.enter_draw(window_id=window.pk, agent=one.agent, wishes=wishes, by=by, at=moment)
        except DomainError:
            continue
