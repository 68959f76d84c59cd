"""Webhooks that came in: what waits, what failed, what alarms."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gigcx.audit.hints import hint
from gigcx.audit.models import AuditEntry
from gigcx.tenancy.actors import OpsActor
from gigcx.web.decisions import DecidingAdmin, Decision
from payments import actions, tasks
from payments.models import StripeEvent
from payments.states import InboxState


def retry(event: StripeEvent, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will take a parked event up again and wake a worker."""
    actions.retry_event(event_id=event.pk, by=by, at=at)
    hint(tasks.process_event, event_id=event.pk)


@admin.register(StripeEvent)
class StripeEventAdmin(DecidingAdmin):
    """What the payment provider told us, newest first. It is a hint to look; nothing in it is believed."""

    list_display = ("received_at", "type", "state", "alarm", "tries", "object_ref", "account_ref")
    list_filter = ("state", "alarm", "type", "is_live")
    search_fields = ("=event_id", "=object_ref", "=account_ref")
    exclude = ("body",)
    decisions = (
        Decision(
            "retry",
            _("Try again"),
            retry,
            _("Taken up again."),
            is_offered=lambda event: event.state == InboxState.PARKED,
            kind="primary",
            consequence=_("It is looked up on the other side again, with ten more tries."),
        ),
    )

    def history(self, thing: Any) -> QuerySet[AuditEntry]:
        """This function will leave the history out: the event tells its own."""
        return AuditEntry.objects.none()

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Model]":
        """This function will leave the bodies in the database."""
        return super().get_queryset(request).defer("body")
