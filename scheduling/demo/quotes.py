"""Two weeks further out: one priced and waiting for a yes, one accepted above the limit and waiting for a second person."""

from datetime import timedelta
from typing import Final

from gigcx.kernel.intervals import week_start, zone_of
from gigcx.tenancy.actors import BrandActor, SystemActor
from gigcx.tenancy.models import Membership
from gigcx.web.demo import World
from recruiting.models import Program
from scheduling import actions
from scheduling.demo.demand import demand_of
from scheduling.models import Quote
from scheduling.queries.rules import rules_of
from scheduling.states import DesignState

_DESIGN_TRIES: Final = 4
_QUOTED_WEEK: Final = 3
_WAITING_WEEK: Final = 4


def tell_quotes(world: World, program: Program, *, size: int, by: BrandActor) -> None:
    """This function will leave a price for a planner to accept and one that the owner still has to approve."""
    _priced(world, program, week=_QUOTED_WEEK, size=size, by=by)
    waiting = _priced(world, program, week=_WAITING_WEEK, size=size, by=by)
    owner = owner_of(program)
    if waiting is None or owner is None or owner.user.pk == by.user.pk:
        return
    at = world.at - timedelta(hours=2)
    actions.save_rules(
        program_id=program.pk,
        changes={"approval_above_minor": waiting.bill_minor // 2},
        seen_version=rules_of(program).version,
        by=owner,
        at=at,
    )
    actions.accept_quote(quote_id=waiting.pk, by=by, at=at, is_draw_first=True)


def owner_of(program: Program) -> BrandActor | None:
    """This function will return who has owned the program's brand the longest."""
    rows = Membership.objects.filter(brand_id=program.brand_id, role="owner").select_related("user")
    member = rows.order_by("created_at", "pk").first()
    return BrandActor(member.user, program.brand, member.role) if member else None


def _priced(world: World, program: Program, *, week: int, size: int, by: BrandActor) -> Quote | None:
    at = world.at - timedelta(hours=3)
    today = world.at.astimezone(zone_of(program.timezone)).date()
    monday = week_start(today) + timedelta(weeks=week)
    request = actions.draft_request(
        program_id=program.pk, channel=program.channels[0], week_starts_on=monday, by=by, at=at
    )
    wanted = demand_of(program, monday, size=size, week=0, now=world.at, known_at=at)
    actions.set_intervals(request_id=request.pk, intervals=wanted, by=by, at=at)
    actions.design_request_shifts(request_id=request.pk, by=by, at=at)
    actions.make_designed_shifts(
        request_id=request.pk, by=SystemActor("shift designer"), at=at, seconds=60.0, iterations=_DESIGN_TRIES
    )
    request.refresh_from_db()
    return request.quotes.get(request_version=request.version) if request.design_state == DesignState.DONE else None
