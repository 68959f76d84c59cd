"""Comparisons with the other side, and the differences people work on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from gigcx.audit.hints import hint
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import OpsActor
from gigcx.web.decisions import DecidingAdmin, Decision
from gigcx.web.formats import money_text
from payments import actions, tasks
from payments.errors import RailUnavailable
from payments.models import Difference, Reconciliation
from payments.states import DifferenceState

D = DifferenceState


def compare_again(one: Reconciliation, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will ask a worker to compare the whole rail now."""
    if not hint(tasks.reconcile, rail=one.rail):
        raise RailUnavailable(gettext("No worker can be reached just now. The next comparison comes within the hour."))


@admin.register(Reconciliation)
class ReconciliationAdmin(DecidingAdmin):
    """Our books against a rail, both ways, newest first."""

    list_display = (
        "started_at",
        "verdict",
        "rail",
        "scope",
        "ours_count",
        "theirs_count",
        "finished_at",
    )
    fields = (
        "verdict",
        "balances",
        "rail",
        "scope",
        "since",
        "started_at",
        "finished_at",
        "ours_count",
        "theirs_count",
        "settled_count",
        "difference_count",
        "error",
    )
    readonly_fields = ("verdict", "balances")
    list_filter = ("rail", "scope")
    search_fields = ("=id",)
    decisions = (
        Decision(
            "again",
            _("Compare everything now"),
            compare_again,
            _("A worker compares the whole rail now. Look at the newest line in a minute."),
            kind="primary",
            consequence=_("What the other side paid and we did not know is settled; what does not fit is listed."),
        ),
    )

    @admin.display(description=_("outcome"))
    def verdict(self, one: Reconciliation) -> str:
        """This function will say what came of the comparison."""
        if one.error:
            return one.error
        if one.finished_at is None:
            return gettext("under way")
        if one.difference_count:
            words = ngettext("%(n)s difference to look at", "%(n)s differences to look at", one.difference_count)
            return words % {"n": one.difference_count}
        return gettext("✓ all clear")

    @admin.display(description=_("balances"))
    def balances(self, one: Reconciliation) -> SafeString:
        """This function will set our balances beside the other side's."""
        lines = [line for name, found in sorted(one.figures.items()) for line in _compared(name, found)]
        return format_html_join(format_html("<br>"), "{}", ((line,) for line in lines))


def _compared(name: str, found: Any) -> list[str]:
    """A currency's balances side by side; whatever else the other side told stays as it is."""
    if not isinstance(found, dict) or "ours" not in found:
        told = ", ".join(f"{key} {each}" for key, each in found.items()) if isinstance(found, dict) else found
        return [f"{name.replace('_', ' ')}: {told}"]
    words = gettext("%(place)s: %(ours)s in our books, %(theirs)s there")
    theirs = found.get("theirs") or {}
    return [
        words % {"place": place, "ours": _money(minor, name), "theirs": _money(theirs.get(place), name)}
        for place, minor in found["ours"].items()
    ]


def _money(minor: int | None, currency: str) -> str:
    return "–" if minor is None else money_text(Money(minor, currency))


def _resolving(target: str) -> Callable[..., None]:
    def run(one: Difference, *, reason: str, by: OpsActor, at: datetime) -> None:
        actions.resolve_difference(difference_id=one.pk, target=target, resolution=reason, by=by, at=at)

    return run


@admin.register(Difference)
class DifferenceAdmin(DecidingAdmin):
    """What our books and the other side do not agree on, until somebody has dealt with it."""

    list_display = ("found_at", "rail", "kind", "ours", "theirs", "remote_ref", "item", "state", "resolution")
    list_filter = ("state", "kind", "rail", "currency")
    list_select_related = ("item",)
    search_fields = ("=id", "=remote_ref", "=item__id")
    exclude = ("fingerprint",)
    readonly_fields = ("ours", "theirs")
    decisions = (
        Decision(
            "explain",
            _("It is explained"),
            _resolving(D.EXPLAINED),
            _("Noted; it stays open until it is corrected or accepted."),
            is_offered=lambda one: one.state == D.OPEN,
            needs_reason=True,
            reason_label=_("What it is"),
        ),
        Decision(
            "correct",
            _("It was corrected"),
            _resolving(D.CORRECTED),
            _("Closed. The next comparison opens it again where it is still there."),
            is_offered=lambda one: one.state in (D.OPEN, D.EXPLAINED),
            needs_reason=True,
            reason_label=_("What was done, with the reference"),
            kind="primary",
        ),
        Decision(
            "accept",
            _("Leave it as it is"),
            _resolving(D.ACCEPTED),
            _("Accepted: it does not come back unless it changes."),
            is_offered=lambda one: one.state in (D.OPEN, D.EXPLAINED),
            needs_reason=True,
            reason_label=_("Why it may stay"),
            kind="danger",
            consequence=_("A frozen rail may open with it."),
        ),
    )

    @admin.display(description=_("in our books"))
    def ours(self, one: Difference) -> str:
        """This function will write what our books say."""
        return _written(one.ours_minor, one.currency)

    @admin.display(description=_("on the other side"))
    def theirs(self, one: Difference) -> str:
        """This function will write what the other side says."""
        return _written(one.theirs_minor, one.currency)


def _written(minor: int | None, currency: str) -> str:
    return "–" if minor is None else money_text(Money(minor, currency))
