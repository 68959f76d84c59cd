"""The scheduling chapter of the demo world: four weeks worked, this one running, two to come with a Friday peak.

Requests, prices and promises go through the stage's actions, and so does everything Ada does. The crowd's work of past
weeks is written in bulk: it is scenery, and its facts are stated like any other.
"""

import math
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import day_of, week_start, zone_of
from gigcx.tenancy.actors import AgentActor, BrandActor, SystemActor
from gigcx.tenancy.models import Membership
from gigcx.web.demo import World
from recruiting.models import Agent, Engagement, Program
from recruiting.states import BENCH_STATES
from scheduling import actions
from scheduling.demo.autofill import tell_auto_fill
from scheduling.demo.crowd import Crowd
from scheduling.demo.day import tell_day
from scheduling.demo.demand import demand_of
from scheduling.demo.desks import DEVICE
from scheduling.demo.exchange import ada_of, tell_exchange
from scheduling.demo.history import tell_history
from scheduling.demo.languages import tell_languages
from scheduling.demo.quotes import tell_quotes
from scheduling.demo.release import tell_extra_pay, tell_release
from scheduling.demo.staffing import tell_staffing
from scheduling.demo.weeks import run_clock
from scheduling.models import CapacityRequest, Shift
from scheduling.states import CHECK_IN_BEFORE, DesignState, ShiftState

_WEEKS: Final = range(-4, 3)
_DESIGN_TRIES: Final = 4
_SOON: Final = timedelta(minutes=50)


def tell(world: World) -> None:
    """This function will tell the chapter for every program that has a bench."""
    programs = Program.objects.across_brands().select_related("brand").order_by("created_at", "pk")
    crowd = Crowd(world)
    for program in programs:
        bench = _bench(program)
        if len(bench) >= 3 and program.channels:
            _tell_program(world, program, bench, crowd)
    run_clock(world.at)
    _follow_ada(world, crowd)
    _tell_release(world)
    _tell_exchange(world, programs)


def _tell_exchange(world: World, programs: Iterable[Program]) -> None:
    """Where Ada works, seats change hands."""
    for program in programs:
        ada = ada_of(program.pk)
        if ada is not None:
            tell_exchange(world, program, _bench(program), ada, by=_planner(program))
            tell_day(world, program, by=_planner(program))


def _tell_release(world: World) -> None:
    """Requirements, draws and extra pay, in the program with the largest bench."""
    programs = Program.objects.across_brands().select_related("brand").order_by("created_at", "pk")
    benches = [(program, _bench(program)) for program in programs if program.channels]
    if not benches:
        return
    for program, bench in benches:
        if len(bench) >= 3:
            tell_history(world, program, by=_planner(program))
            tell_languages(world, program, by=_planner(program))
    program, bench = max(benches, key=lambda one: len(one[1]))
    if len(bench) >= 3:
        tell_staffing(world, program, by=_planner(program))
        tell_release(world, program, bench, by=_planner(program))
        tell_extra_pay(world, program, by=_planner(program))
        tell_auto_fill(world, program, bench, by=_planner(program))
        tell_quotes(world, program, size=len(bench), by=_planner(program))


def _bench(program: Program) -> list[Engagement]:
    rows = Engagement.objects.for_brand(program.brand_id).filter(program=program, state__in=BENCH_STATES)
    return list(rows.select_related("agent__user").order_by("certified_at", "pk"))


def _tell_program(world: World, program: Program, bench: list[Engagement], crowd: Crowd) -> None:
    planner = _planner(program)
    today = world.at.astimezone(zone_of(program.timezone)).date()
    for offset in _WEEKS:
        monday = week_start(today) + timedelta(weeks=offset)
        request = _publish_week(world, program, monday, size=len(bench), week=offset, by=planner)
        if request is not None:
            crowd.fill(request, bench, share=1.0 if offset <= 0 else 0.72 if offset == 1 else 0.35)


def _planner(program: Program) -> BrandActor:
    members = Membership.objects.filter(brand_id=program.brand_id, role__in=["planner", "owner"]).select_related("user")
    member = members.order_by("-role", "created_at", "pk")[0]
    return BrandActor(member.user, program.brand, member.role)


def _publish_week(
    world: World, program: Program, monday: date, *, size: int, week: int, by: BrandActor
) -> CapacityRequest | None:
    """Pencil, design, price and publish one week, as a planner does the Thursday before."""
    at = min(world.at - timedelta(days=1), _thursday_before(monday, program))
    request = actions.draft_request(
        program_id=program.pk, channel=program.channels[0], week_starts_on=monday, by=by, at=at
    )
    wanted = demand_of(program, monday, size=size, week=week, now=world.at, known_at=at)
    actions.set_intervals(request_id=request.pk, intervals=wanted, by=by, at=at)
    actions.design_request_shifts(request_id=request.pk, by=by, at=at)
    actions.make_designed_shifts(
        request_id=request.pk, by=SystemActor("shift designer"), at=at, seconds=math.inf, iterations=_DESIGN_TRIES
    )
    request.refresh_from_db()
    if request.design_state != DesignState.DONE:
        return None
    quote = request.quotes.get(request_version=request.version)
    try:
        return actions.accept_quote(quote_id=quote.pk, by=by, at=at + timedelta(minutes=5), is_draw_first=False)
    except DomainError:
        return None  # beyond what the brand may spend: the priced week stays on its page, waiting


def _thursday_before(monday: date, program: Program) -> datetime:
    return day_of(monday - timedelta(days=4), zone_of(program.timezone)).starts_at + timedelta(hours=15)


def _follow_ada(world: World, crowd: Crowd) -> None:
    """Ada works now, if something runs, and holds a shift on each of three coming days."""
    agent = Agent.objects.across_brands().select_related("user").filter(user__full_name="Ada Obi").first()
    if agent is None:
        return
    by = AgentActor(agent.user, agent.pk)
    engagement = Engagement.objects.across_brands().filter(agent=agent, state__in=BENCH_STATES).order_by("pk").first()
    if engagement is None:
        return
    _claim_soonest(world, agent, by, engagement, how_many=3)
    running = agent.claims.filter(starts_at__lte=world.at, ends_at__gt=world.at, state="claimed").first()
    if running is not None:
        arrived = max(running.starts_at - CHECK_IN_BEFORE / 2, running.claimed_at)
        crowd.seat(actions.check_in(claim_id=running.pk, device=DEVICE, by=by, at=arrived))


def _claim_soonest(world: World, agent: Agent, by: AgentActor, engagement: Engagement, *, how_many: int) -> None:
    rows = Shift.objects.across_brands().filter(program_id=engagement.program_id, state=ShiftState.OPEN)
    days: set[date] = set()
    for shift in rows.filter(starts_at__gt=world.at + _SOON).with_room().order_by("starts_at", "pk")[:120]:
        if shift.local_on in days:
            continue
        try:
            actions.claim_shift(shift_id=shift.pk, agent=agent, by=by, at=world.at - timedelta(hours=1))
        except DomainError:
            continue
        days.add(shift.local_on)
        if len(days) == how_many:
            return
