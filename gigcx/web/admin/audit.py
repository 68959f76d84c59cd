"""The audit trail, the outbox with its parked rows, and the ticker's marks."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Min, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gigcx.audit import dispatcher
from gigcx.audit.models import AuditEntry, Delivery, OutboxEvent, PeriodicRun
from gigcx.audit.tasks import hint_dispatcher
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision
from gigcx.web.timeline import sentence_of


@admin.register(AuditEntry)
class AuditEntryAdmin(OpsModelAdmin):
    """Every change, newest first."""

    list_display = ("at", "sentence", "subject_type", "from_state", "to_state", "reason")
    list_filter = ("actor_kind", "subject_type")
    search_fields = ("=subject_id", "=brand_id", "=agent_id", "=request_id", "action")
    search_help_text = _("An id of a thing, brand, agent or request, or part of an action's name.")

    @admin.display(description=_("what happened"))
    def sentence(self, entry: AuditEntry) -> str:
        """This function will say it in words."""
        return sentence_of(entry)


@admin.register(OutboxEvent)
class OutboxEventAdmin(OpsModelAdmin):
    """Stated facts, newest first."""

    list_display = ("occurred_at", "type", "brand_id", "agent_id", "fanned_out_at")
    list_filter = ("type",)
    search_fields = ("=id", "=brand_id", "=agent_id")


def replay(delivery: Delivery, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will hand a parked fact over again."""
    dispatcher.replay(delivery.pk, at=at)
    hint_dispatcher()


@admin.register(Delivery)
class DeliveryAdmin(DecidingAdmin):
    """Who was handed which fact. A parked one waits here for its cause to be mended and the button to be pressed."""

    list_display = ("event_type", "consumer", "state", "tries", "next_try_at", "finished_at")
    list_filter = ("state", "consumer")
    list_select_related = ("event",)
    decisions = (
        Decision(
            "replay",
            _("Hand over again"),
            replay,
            _("It is due again and will be handed over in a moment."),
            is_offered=lambda delivery: delivery.state == Delivery.State.PARKED,
            kind="primary",
            consequence=_("The listener gets three new tries. Others are not affected."),
        ),
    )
    actions = ("replay_selected",)

    @admin.display(description=_("fact"))
    def event_type(self, delivery: Delivery) -> str:
        """This function will name the fact."""
        return delivery.event.type

    @admin.action(description=_("Hand over the parked ones again"))
    def replay_selected(self, request: HttpRequest, chosen: "QuerySet[Delivery]") -> None:
        """This function will make the chosen parked rows due again."""
        for delivery in chosen.filter(state=Delivery.State.PARKED):
            self.attempt(
                request,
                lambda by, at, one=delivery: replay(one, reason="", by=by, at=at),
                str(_("It is due again and will be handed over in a moment.")),
            )


@admin.register(PeriodicRun)
class PeriodicRunAdmin(OpsModelAdmin):
    """When which sweep was started."""

    list_display = ("kind", "slot", "started_at")
    list_filter = ("kind",)


def parked(at: datetime) -> tuple[int, datetime | None]:
    """This function will measure the pile of parked deliveries: how many, and since when the oldest waits."""
    return measured(Delivery.objects.filter(state=Delivery.State.PARKED), "event__occurred_at")


def measured(rows: "QuerySet[Any]", since: str, only: Q | None = None) -> tuple[int, datetime | None]:
    """This function will count rows and find the oldest in one query."""
    from django.db.models import Count

    found = rows.filter(only or Q()).aggregate(many=Count("pk"), oldest=Min(since))
    return found["many"], found["oldest"]
