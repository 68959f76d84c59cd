"""Outgoing letters, for ops: what waits, what was sent, what failed. Without their words."""

from datetime import datetime

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from gigcx.notify import actions
from gigcx.notify.models import Letter, LetterState
from gigcx.notify.tasks import hint_sending
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin.audit import measured
from gigcx.web.decisions import DecidingAdmin, Decision


def send_again(letter: Letter, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will make a failed letter due again."""
    actions.send_again(letter_id=letter.pk, by=by, at=at)
    hint_sending()


@admin.register(Letter)
class LetterAdmin(DecidingAdmin):
    """Letters, newest first."""

    list_display = ("created_at", "kind", "state", "tries", "run_at", "sent_at", "error")
    list_filter = ("state", "kind")
    decisions = (
        Decision(
            "again",
            _("Send again"),
            send_again,
            _("It is due again and will be sent in a moment."),
            is_offered=lambda letter: letter.state == LetterState.FAILED,
            kind="primary",
        ),
    )


def failed_letters(at: datetime) -> tuple[int, datetime | None]:
    """This function will measure the pile of letters that could not be sent."""
    return measured(Letter.objects.filter(state=LetterState.FAILED), "created_at")
