"""What the ground floor itself brings to shared pages: menu lines, hats, the account's note, ops queues."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gigcx.accounts.models import User
from gigcx.tenancy.actors import Actor, BrandActor
from gigcx.tenancy.queries import memberships_of
from gigcx.tenancy.roles import Permission
from gigcx.tenancy.states import BrandState
from gigcx.web import demo_platform
from gigcx.web.admin.audit import parked
from gigcx.web.admin.notify import failed_letters
from gigcx.web.admin.tenancy import brands_in_review
from gigcx.web.registries import Chapter, Entry, Hat, OpsGroup, Panel, Queue, add


def brand_hats(user: User) -> Sequence[tuple[str, str]]:
    """This function will return the person's brands with their addresses."""
    return [
        (membership.brand.name, reverse("web:brand-today", kwargs={"slug": membership.brand.slug}))
        for membership in memberships_of(user)
    ]


def account_note(request: HttpRequest, actor: Actor, subject: Any, at: datetime) -> Mapping[str, Any] | None:
    """This function will say on the brand's home why it may not publish yet, or stay away."""
    if not isinstance(actor, BrandActor) or actor.brand.state == BrandState.ACTIVE:
        return None
    lead, text, label = _words_of(actor.brand.state)
    kind = "accent" if actor.brand.state == BrandState.IN_REVIEW else "short"
    return {"brand": actor.brand, "kind": kind, "lead": lead, "text": text, "label": label}


def _words_of(state: str) -> tuple[str, str, str]:
    words = {
        BrandState.IN_REVIEW: (
            _("We are looking at your account."),
            _("Usually within one working day. You can prepare everything meanwhile; publishing opens with it."),
            _("What happens next"),
        ),
        BrandState.INFO_NEEDED: (_("We need one more thing from you."), "", _("Read and answer")),
        BrandState.DECLINED: (_("We could not open this account."), "", _("Why, and what you can do")),
        BrandState.PAST_DUE: (_("A payment is overdue."), _("New capacity waits until it is settled."), _("Details")),
        BrandState.SUSPENDED: (_("This account is paused."), _("Nothing new can be published."), _("Why")),
    }
    return words.get(BrandState(state), (_("This account is closed."), "", _("Details")))


add(Hat(20, "brand", brand_hats))
add(Entry("brand", 10, gettext_lazy("Today"), "web:brand-today", "home"))
add(Entry("brand", 100, gettext_lazy("Settings"), "tenancy:settings", "settings", Permission.VIEW, ("account/",)))
add(Entry("public", 20, gettext_lazy("Trust"), "web:trust", "shield"))
add(Entry("public", 30, gettext_lazy("Status"), "web:status", "chart"))
add(Entry("agent", 10, gettext_lazy("Home"), "web:agent-home", "home"))
add(Panel("brand.today", 0, "tenancy/_account_panel.html", account_note))
add(
    Queue(
        10,
        gettext_lazy("Brands to review"),
        lambda: reverse("admin:tenancy_brand_changelist") + "?state__exact=in_review",
        brands_in_review,
        timedelta(days=1),
    )
)
add(
    Queue(
        900,
        gettext_lazy("Facts that could not be handed over"),
        lambda: reverse("admin:audit_delivery_changelist") + "?state__exact=parked",
        parked,
        timedelta(hours=1),
    )
)
add(
    Queue(
        910,
        gettext_lazy("Letters that could not be sent"),
        lambda: reverse("admin:notify_letter_changelist") + "?state__exact=failed",
        failed_letters,
        timedelta(hours=4),
    )
)
add(OpsGroup(10, gettext_lazy("People and brands"), ("accounts", "tenancy")))
add(OpsGroup(90, gettext_lazy("Platform"), ("audit", "notify", "webhooks")))
add(Chapter(5, "platform", demo_platform.tell))
