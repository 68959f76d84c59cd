"""Tax data that most agents have given, so that few payouts wait for them."""

from datetime import date, timedelta
from typing import Final

from gigcx.tenancy.actors import AgentActor
from gigcx.web.demo import World
from payments import actions
from payments.actions.taxes import TaxFacts
from payments.policies.taxes import form_of
from recruiting.models import Agent
from scheduling.states import ClaimState

_MISSING_EVERY: Final = 9


def tell(world: World) -> None:
    """This function will tell the tax data of agents who have worked; every ninth has not given any yet."""
    rows = Agent.objects.across_brands().filter(claims__state=ClaimState.VERIFIED).distinct().select_related("user")
    for place, agent in enumerate(rows.order_by("created_at", "pk")):
        is_ada = agent.user.full_name == "Ada Obi"
        if form_of(agent.country) and (is_ada or place % _MISSING_EVERY != _MISSING_EVERY - 1):
            _tell_one(world, agent, place)


def _tell_one(world: World, agent: Agent, place: int) -> None:
    at = world.at - timedelta(weeks=6)
    facts = TaxFacts(
        country=agent.country,
        legal_name=agent.user.full_name,
        address=f"{place + 1} Sample Street",
        birth_date=date(1990, 1, 1) + timedelta(days=37 * place),
        number=f"{900_000_000 + place}",
    )
    by = AgentActor(agent.user, agent.pk)
    actions.save_tax_profile(agent_id=agent.pk, facts=facts, valid_from=at.date(), by=by, at=at)
