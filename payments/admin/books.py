"""Journals and accounts: looked at, never touched."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from gigcx.web.admin_site import OpsModelAdmin
from payments.models import Account, Entry, Journal, PaymentsMode


class EntryInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """The legs of a journal."""

    model = Entry
    extra = 0
    can_delete = False
    fields = ("account", "amount_minor", "currency", "recorded_at")
    readonly_fields = fields

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        """This function will refuse: legs come with their journal."""
        return False


@admin.register(Journal)
class JournalAdmin(OpsModelAdmin):
    """What happened to money, newest first."""

    list_display = ("recorded_at", "kind", "posting_key", "actor", "reason")
    list_filter = ("kind",)
    search_fields = ("=id", "=source_id", "posting_key")
    search_help_text = _("An id of a journal or of what it is about, or part of its key.")
    exclude = ("recorded_xid", "content_hash")
    inlines = (EntryInline,)


@admin.register(Entry)
class EntryAdmin(OpsModelAdmin):
    """Every leg, newest first."""

    list_display = ("recorded_at", "account", "owner_kind", "amount_minor", "currency", "journal")
    list_filter = ("owner_kind", "currency")
    list_select_related = ("account", "journal")
    search_fields = ("=journal__id", "=owner_id", "=account__id")


@admin.register(Account)
class AccountAdmin(OpsModelAdmin):
    """Accounts of agents, brands and the platform."""

    list_display = ("code", "owner_kind", "owner_id", "currency", "balance")
    list_filter = ("owner_kind", "code", "currency")
    list_select_related = ("running",)
    search_fields = ("=id", "=owner_id", "code")

    @admin.display(description=_("running balance"))
    def balance(self, account: Account) -> str:
        """This function will write the running balance where one is kept."""
        running = getattr(account, "running", None)
        return "–" if running is None else str(running.amount_minor * account.normal_side)


@admin.register(PaymentsMode)
class PaymentsModeAdmin(OpsModelAdmin):
    """Which mode the books were opened in."""

    list_display = ("mode", "opened_at")
