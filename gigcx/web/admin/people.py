"""People, for ops: who they are, whether they may sign in. No passwords, no secrets."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from gigcx.accounts import actions
from gigcx.accounts.models import User
from gigcx.web.decisions import DecidingAdmin, Decision


@admin.register(User)
class UserAdmin(DecidingAdmin):
    """People by address."""

    list_display = ("full_name", "email", "is_staff", "is_active", "date_joined", "last_login")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email", "full_name")
    fields = ("full_name", "email", "locale", "timezone", "is_staff", "is_active", "date_joined", "last_login")
    decisions = (
        Decision(
            "close",
            _("Lock out"),
            lambda user, reason, by, at: actions.lock_out(user_id=user.pk, reason=reason, by=by, at=at),
            _("Locked out: every session ends at its next request."),
            is_offered=lambda user: user.is_active,
            needs_reason=True,
            reason_label=_("Reason, kept in the history"),
            kind="danger",
        ),
        Decision(
            "open",
            _("Let in again"),
            lambda user, reason, by, at: actions.let_in(user_id=user.pk, by=by, at=at),
            _("May sign in again."),
            is_offered=lambda user: not user.is_active,
        ),
    )
