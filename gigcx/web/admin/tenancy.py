"""Brands under review and the rest of tenancy, for ops."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from gigcx.audit.models import AuditEntry
from gigcx.tenancy import actions
from gigcx.tenancy.actors import OpsActor
from gigcx.tenancy.models import ApiKey, Brand, MemberInvitation, Membership
from gigcx.tenancy.states import BrandState
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision


def _with_reason(action: Callable[..., Brand]) -> Callable[..., Brand]:
    def run(brand: Brand, *, reason: str, by: OpsActor, at: datetime) -> Brand:
        return action(brand_id=brand.pk, reason=reason, by=by, at=at)

    return run


def _without_reason(action: Callable[..., Brand]) -> Callable[..., Brand]:
    def run(brand: Brand, *, reason: str, by: OpsActor, at: datetime) -> Brand:
        return action(brand_id=brand.pk, by=by, at=at)

    return run


def _is(*states: str) -> Callable[[Brand], bool]:
    return lambda brand: brand.state in states


class MembershipInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Who is in the brand."""

    model = Membership
    extra = 0
    can_delete = False
    fields = readonly_fields = ("user", "role", "created_at")

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        """This function will refuse: members come by invitation."""
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """This function will refuse: roles are the brand's own business."""
        return False


@admin.register(Brand)
class BrandAdmin(DecidingAdmin):
    """Brands: the review queue and their later life."""

    list_display = ("name", "legal_name", "country", "state", "currency", "created_at")
    list_filter = ("state", "country")
    search_fields = ("name", "legal_name", "slug")
    inlines = (MembershipInline,)
    decisions = (
        Decision(
            "approve",
            _("Approve"),
            _without_reason(actions.approve_brand),
            _("The brand is open for business; its owners hear of it."),
            is_offered=_is(BrandState.IN_REVIEW),
            kind="primary",
            consequence=_("The brand may publish programs and post capacity at once."),
        ),
        Decision(
            "ask",
            _("Ask for more"),
            _with_reason(actions.ask_brand_info),
            _("The owners were asked."),
            is_offered=_is(BrandState.IN_REVIEW),
            needs_reason=True,
            reason_label=_("What is missing, as the owner reads it"),
        ),
        Decision(
            "decline",
            _("Decline"),
            _with_reason(actions.decline_brand),
            _("Declined; the owners hear why."),
            is_offered=_is(BrandState.IN_REVIEW),
            needs_reason=True,
            reason_label=_("Why, as the owner reads it"),
            kind="danger",
        ),
        Decision(
            "suspend",
            _("Pause the account"),
            _with_reason(actions.suspend_brand),
            _("Paused."),
            is_offered=_is(BrandState.ACTIVE, BrandState.PAST_DUE),
            needs_reason=True,
            reason_label=_("Why, as the owner reads it"),
            kind="danger",
            consequence=_("Nothing new can be published; claimed shifts go on."),
        ),
        Decision(
            "reopen",
            _("Open again"),
            _without_reason(actions.reopen_brand),
            _("Open for business again."),
            is_offered=_is(BrandState.SUSPENDED, BrandState.PAST_DUE),
            kind="primary",
        ),
    )


@admin.register(MemberInvitation)
class MemberInvitationAdmin(OpsModelAdmin):
    """Invitations, without their tokens."""

    list_display = ("email", "brand", "role", "created_at", "expires_at", "accepted_at", "revoked_at")
    exclude = ("token_hash",)
    list_select_related = ("brand",)
    search_fields = ("email",)


@admin.register(ApiKey)
class ApiKeyAdmin(OpsModelAdmin):
    """Keys, without their hashes."""

    list_display = ("name", "brand", "prefix", "created_by", "created_at", "last_used_at", "expires_at", "revoked_at")
    exclude = ("secret_hash",)
    list_select_related = ("brand", "created_by")
    search_fields = ("=prefix", "name")


def brands_in_review(at: datetime) -> tuple[int, datetime | None]:
    """This function will measure the review queue: how many brands wait, and since when the first.

    A brand waits from its last submission, which the audit trail knows, not from its founding.
    """
    ids = list(Brand.objects.filter(state=BrandState.IN_REVIEW).values_list("pk", flat=True))
    sent = AuditEntry.objects.filter(action="tenancy.submit_brand", subject_id__in=ids).order_by("at", "id")
    last_sent = dict(sent.values_list("subject_id", "at"))
    return len(ids), min(last_sent.values(), default=None)
