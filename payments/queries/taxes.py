"""Tax data of agents: doors, and whom it is missing of."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from gigcx.tenancy.actors import Actor
from payments.models import TaxProfile
from payments.policies.taxes import form_of
from recruiting.models import Agent


def tax_profiles_for(actor: Actor) -> QuerySet[TaxProfile]:
    """This function will list the actor's tax data, the newest range first."""
    return TaxProfile.objects.for_actor(actor).order_by("-valid", "-pk")


def tax_profile_on(agent_id: UUID, on: date) -> TaxProfile | None:
    """This function will return the tax data valid on a day, or None."""
    return TaxProfile.objects.across_brands().filter(agent_id=agent_id, valid__contains=on).first()


def lacking_tax_data(agent_ids: Iterable[UUID], *, on: date) -> set[UUID]:
    """This function will return those of the agents whose country asks for a report and who gave no tax data for the day.

    Their payouts wait, with an end; nothing is forfeited.
    """
    agents = Agent.objects.across_brands().filter(pk__in=set(agent_ids))
    asked = {pk for pk, country in agents.values_list("pk", "country") if form_of(country)}
    given = TaxProfile.objects.across_brands().filter(agent_id__in=asked, valid__contains=on)
    return asked - set(given.values_list("agent_id", flat=True))
