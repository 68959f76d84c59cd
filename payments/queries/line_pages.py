"""Where a claim's money is looked at and called wrong: what scheduling's pages link to."""

from uuid import UUID

from django.urls import reverse

from gigcx.tenancy.actors import Actor, AgentActor, BrandActor
from payments.models import Earning
from payments.states import EarningState


class LinePages:
    """The agent's line of a claim, or the brand's; each leads on to "Something is wrong"."""

    def of_claim(self, claim_id: UUID, actor: Actor) -> str:
        """This function will return the address of the claim's newest line of time; nothing before it is priced."""
        rows = Earning.objects.for_actor(actor).filter(source_kind="claim", source_id=claim_id)
        rows = rows.exclude(state=EarningState.REVERSED).select_related("charge").order_by("-accrued_at", "-pk")
        line = rows.first()
        if line is None:
            return ""
        if isinstance(actor, AgentActor):
            return reverse("payments:earning", kwargs={"earning_id": line.pk})
        if isinstance(actor, BrandActor) and hasattr(line, "charge"):
            return reverse("payments:billing-line", kwargs={"slug": actor.brand.slug, "charge_id": line.charge.pk})
        return ""

    def lines_of(self, actor: Actor) -> str:
        """This function will return the address of all lines of an agent or a brand."""
        if isinstance(actor, AgentActor):
            return reverse("payments:earnings")
        return (
            reverse("payments:billing-lines", kwargs={"slug": actor.brand.slug})
            if isinstance(actor, BrandActor)
            else ""
        )
