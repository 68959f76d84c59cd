"""Some agents let auto-fill book them, and a plan for the week after next waits to be looked at."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actors import AgentActor, BrandActor, SystemActor
from gigcx.web.demo import World
from recruiting.models import Engagement, Program
from scheduling import actions
from scheduling.models import CapacityRequest
from scheduling.states import RequestState

_FILLER: Final = SystemActor("auto-fill")
_WILLING: Final = 16
_STEPS: Final = 3


def tell_auto_fill(world: World, program: Program, bench: Sequence[Engagement], *, by: BrandActor) -> None:
    """This function will have every third agent allow booking and leave one plan solved, applied by nobody yet."""
    for engagement in [*bench[:1], *bench[1::3]][:_WILLING]:
        agent = engagement.agent
        actions.allow_auto_fill(by=AgentActor(agent.user, agent.pk), at=world.at - timedelta(days=9))
    at = world.at - timedelta(minutes=20)
    rows = CapacityRequest.objects.for_brand(program.brand_id).filter(program=program, state=RequestState.PUBLISHED)
    for request in rows.order_by("-week_starts_on", "pk"):
        try:
            run = actions.start_auto_fill(request_id=request.pk, by=by, at=at)
        except DomainError:
            continue  # nothing of it is open for everybody yet: the week before may be
        actions.solve_auto_fill(run_id=run.pk, by=_FILLER, at=at, clock=lambda: at, workers=1, iterations=_STEPS)
        return
