"""A program's scheduling rules: read by every member, changed by planners, the approval limit by owners alone."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from gigcx.audit.trail import history_of
from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.money import Money
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import money_text
from gigcx.web.timeline import sentence_of
from recruiting.models import Program
from recruiting.queries import active_rate_card
from scheduling import actions
from scheduling.forms import RulesForm
from scheduling.models import SchedulingRules
from scheduling.queries.doors import program_of
from scheduling.queries.rules import rules_of

_GROUPS: Final = (
    (
        gettext_lazy("How seats are given"),
        ("is_draw_first", "favorites_share", "draw_hours", "first_come_below_hours", "hot_below_hours"),
    ),
    (gettext_lazy("How many hours one agent may hold"), ("draw_week_hours", "open_week_hours")),
    (gettext_lazy("Money"), ("approval_above", "incentive_step", "incentive_cap")),
    (
        gettext_lazy("Cover on the day"),
        ("show_confidence", "standby_coverage", "is_swap_approved", "is_remedy_automatic"),
    ),
)
_SHOWN_CHANGES: Final = 12


@require_http_methods(["GET", "POST"])
@brand_page(to_change=Permission.PLAN_CAPACITY)
def rules(request: BrandRequest, program_id: UUID) -> HttpResponse:
    """This function will show a program's rules and save what was typed."""
    program = program_of(request.actor, program_id)
    currency = _currency_of(program)
    saved = rules_of(program)
    if request.method != "POST":
        return _page(request, program, saved, RulesForm(initial=RulesForm.typed(saved, currency)), currency)
    form = RulesForm(request.POST)
    if not form.is_valid():
        return _page(request, program, saved, form, currency)
    changes = dict(form.changes(currency))
    if not request.actor.can(Permission.MANAGE_BRAND):
        changes.pop("approval_above_minor")
    try:
        actions.save_rules(
            program_id=program.pk,
            changes=changes,
            seen_version=form.cleaned_data["version"],
            by=request.actor,
            at=clock.now(),
        )
    except DomainError as refused:
        field = RulesForm.field_of(refused.field) if refused.field else None
        form.add_error(field if field in form.fields else None, refused.message)
        return _page(request, program, saved, form, currency)
    messages.success(request, _("The rules are saved. They hold for what is published from now on."))
    return redirect("scheduling:rules", slug=request.actor.brand.slug, program_id=program.pk)


def _currency_of(program: Program) -> str:
    card = active_rate_card(program.pk, clock.now())
    return card.bill_currency if card else "USD"


def _page(
    request: BrandRequest, program: Program, saved: SchedulingRules, form: RulesForm, currency: str
) -> HttpResponse:
    limit = saved.approval_above_minor
    context: dict[str, Any] = {
        "page_title": _("Scheduling rules"),
        "program": program,
        "form": form,
        "currency": currency,
        "groups": [{"title": title, "fields": [form[name] for name in names]} for title, names in _GROUPS],
        "can_edit": request.actor.can(Permission.PLAN_CAPACITY),
        "can_set_limit": request.actor.can(Permission.MANAGE_BRAND),
        "limit_text": money_text(Money(limit, currency)) if limit is not None else "",
        "history": _history(saved, form),
    }
    return render(request, "scheduling/request_rules.html", context, status=422 if form.errors else 200)


def _history(saved: SchedulingRules, form: RulesForm) -> list[dict[str, Any]]:
    if not saved.version:
        return []
    entries = list(history_of(saved).order_by("-at", "-id")[:_SHOWN_CHANGES])
    return [
        {
            "words": sentence_of(entry),
            "at": entry.at,
            "changes": [_change(form, rule, pair) for rule, pair in entry.changes.items()],
        }
        for entry in entries
    ]


def _change(form: RulesForm, rule: str, pair: Any) -> str:
    field = form.fields.get(RulesForm.field_of(rule))
    label = str(field.label) if field is not None else rule
    before, after = (_value(rule, one) for one in pair)
    return f"{label}: {before} → {after}"


def _value(rule: str, value: Any) -> str:
    if value is None:
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    scale = 100 if rule.endswith(("_bp", "_minor")) else 60 if rule.endswith("_minutes") else 1
    return f"{value / scale:g}"
