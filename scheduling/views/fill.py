"""How a request fills: waves and draws, where each seat went, and the incentive with what it would cost."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import zone_of
from gigcx.kernel.money import Money, exponent_of
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import clock_text, day_text, money_text
from recruiting.models import RateCard
from scheduling import actions
from scheduling.actions import incentives
from scheduling.errors import BudgetTooSmall, FundsRefused
from scheduling.forms.release import IncentiveBudgetForm, IncentiveForm
from scheduling.models import CapacityRequest, ClaimWindow
from scheduling.queries.doors import request_for
from scheduling.queries.fill import ShiftFill, WaveFill, incentive_preview, shifts_filled, waves_of
from scheduling.queries.languages import with_language
from scheduling.queries.rules import rules_of
from scheduling.states import COMMITTED, ClaimSource, ShiftState, WaveMode, WaveState, WindowState

_RAISABLE = (ShiftState.ANNOUNCED, ShiftState.COLLECTING, ShiftState.OPEN)


@require_GET
@brand_page()
def request_fill(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will show how a request fills. With an amount and shifts in the query it shows what that would cost."""
    found = request_for(request.actor, request_id)
    fills = shifts_filled(found, clock.now())
    form = _incentive_form(fills, request.GET if "amount" in request.GET else None)
    preview = _preview(found, fills, form) if form.is_bound and form.is_valid() else None
    return _page(request, found, fills, form=form, preview=preview)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def request_incentive(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will announce an incentive for the shifts chosen, at the cost that was shown."""
    found = request_for(request.actor, request_id)
    fills = shifts_filled(found, clock.now())
    form = _incentive_form(fills, request.POST)
    if not form.is_valid():
        return _page(request, found, fills, form=form, status=422)
    amount = _minor(form.cleaned_data["amount"], _pay_currency(found, fills))
    try:
        incentives.announce_incentives(
            shift_ids=form.shift_ids(), per_hour_minor=amount, by=request.actor, at=clock.now()
        )
    except DomainError as refused:
        form.add_error("amount" if refused.field == "per_hour_minor" else None, _why(refused))
        return _page(request, found, fills, form=form, preview=_preview(found, fills, form), status=422)
    count = len(form.shift_ids())
    words = ngettext("Announced for %(n)s shift.", "Announced for %(n)s shifts.", count) % {"n": count}
    messages.success(request, words)
    return redirect("scheduling:request-fill", slug=request.actor.brand.slug, request_id=found.pk)


@require_POST
@brand_page(Permission.ACCEPT_QUOTES)
def request_incentive_budget(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will set aside money for incentives of the request."""
    found = request_for(request.actor, request_id)
    fills = shifts_filled(found, clock.now())
    form = IncentiveBudgetForm(request.POST)
    if form.is_valid():
        amount = _minor(form.cleaned_data["budget"], _currency(found, fills))
        try:
            actions.set_incentive_budget(request_id=found.pk, budget_minor=amount, by=request.actor, at=clock.now())
        except DomainError as refused:
            form.add_error("budget", _why(refused))
    if form.errors:
        return _page(request, found, fills, form=_incentive_form(fills, None), budget_form=form, status=422)
    messages.success(request, _("Set aside."))
    return redirect("scheduling:request-fill", slug=request.actor.brand.slug, request_id=found.pk)


def _why(refused: DomainError) -> str:
    if isinstance(refused, BudgetTooSmall | FundsRefused):
        short = Money(refused.shortfall_minor, refused.context["currency"])
        return _("%(message)s %(short)s is missing.") % {"message": refused.message, "short": money_text(short)}
    return refused.message


def _incentive_form(fills: list[ShiftFill], sent: Any) -> IncentiveForm:
    choices = [(str(one.shift.pk), _name(one)) for one in fills if one.shift.state in _RAISABLE]
    initial = {"shifts": [str(one.shift.pk) for one in fills if one.short and one.shift.state in _RAISABLE]}
    return IncentiveForm(sent, choices=choices, initial=initial)


def _name(one: ShiftFill) -> str:
    zone = zone_of(one.shift.timezone)
    time = f"{clock_text(one.shift.starts_at, zone)} – {clock_text(one.shift.ends_at, zone)}"
    return f"{day_text(one.shift.starts_at, zone)} {time}"


def _currency(found: CapacityRequest, fills: list[ShiftFill]) -> str:
    card: RateCard | None = fills[0].shift.rate_card if fills else None
    return card.bill_currency if card else found.brand.currency


def _pay_currency(found: CapacityRequest, fills: list[ShiftFill]) -> str:
    """An incentive is told in what agents are paid in; its cost in what the brand pays in."""
    card: RateCard | None = fills[0].shift.rate_card if fills else None
    return card.pay_currency if card else found.brand.currency


def _minor(amount: Decimal, currency: str) -> int:
    return int((amount * 10 ** exponent_of(currency)).to_integral_value())


def _preview(found: CapacityRequest, fills: list[ShiftFill], form: IncentiveForm) -> Mapping[str, Any] | None:
    """What the amount typed would cost, in words, with what is left of the money set aside."""
    currency = _currency(found, fills)
    chosen = {str(one) for one in form.shift_ids()}
    shifts = [one.shift for one in fills if str(one.shift.pk) in chosen]
    pay = _pay_currency(found, fills)
    try:
        known = incentive_preview(found, shifts, _minor(form.cleaned_data["amount"], pay), at=clock.now())
    except DomainError as refused:
        form.add_error(None, refused.message)
        return None
    return {
        "cost": money_text(Money(known.cost_minor, currency)),
        "left": money_text(Money(known.left_minor, currency)),
        "missing": "" if known.fits else money_text(Money(known.cost_minor - known.left_minor, currency)),
        "seats": known.seats,
        "shifts": known.shifts,
        "amount": money_text(Money(known.per_hour_minor, pay)),
        "fits": known.fits,
    }


def _page(
    request: BrandRequest,
    found: CapacityRequest,
    fills: list[ShiftFill],
    *,
    form: IncentiveForm,
    preview: Mapping[str, Any] | None = None,
    budget_form: IncentiveBudgetForm | None = None,
    status: int = 200,
) -> HttpResponse:
    currency = _currency(found, fills)
    seats, filled = sum(one.shift.seats for one in fills), sum(one.shift.filled for one in fills)
    with timezone.override(zone_of(found.timezone)):
        context = {
            "page_title": _("Fill"),
            "found": found,
            "work": with_language(found.program.name, found.language),
            "request_url": reverse(
                "scheduling:request", kwargs={"slug": request.actor.brand.slug, "request_id": found.pk}
            ),
            "waves": [_wave(one) for one in waves_of(found)],
            "days": _days(fills, currency),
            "seats": seats,
            "filled": filled,
            "sources": _sources(fills),
            "form": form,
            "preview": preview,
            "is_moving": found.state in COMMITTED[:2],
            "can_plan": request.actor.can(Permission.PLAN_CAPACITY),
            "can_spend": request.actor.can(Permission.ACCEPT_QUOTES),
            "has_raisable": any(one.shift.state in _RAISABLE for one in fills),
            "budget_form": budget_form
            or IncentiveBudgetForm(initial={"budget": _major(found.incentive_budget_minor, currency)}),
            "budget": money_text(Money(found.incentive_budget_minor, currency)),
            "spent": money_text(Money(found.incentive_spent_minor, currency)),
            "currency": currency,
            "ladder": _ladder(found),
        }
        return render(request, "scheduling/request_fill.html", context, status=status)


def _major(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-exponent_of(currency))


def _ladder(found: CapacityRequest) -> str:
    """The ladder in one sentence."""
    rules = rules_of(found.program)
    rungs = ", ".join(f"{hours} h < {below / 100:g} %" for hours, below in rules.incentive_ladder)
    return _(
        "The ladder adds %(step)s %% of the pay at %(rungs)s filled, up to %(cap)s %%, while money is set aside."
    ) % {
        "step": f"{rules.incentive_step_bp / 100:g}",
        "rungs": rungs,
        "cap": f"{rules.incentive_cap_bp / 100:g}",
    }


def _wave(one: WaveFill) -> dict[str, Any]:
    window = one.window
    return {
        "title": _("First come, first served") if one.wave.mode == WaveMode.FIRST_COME else _("Sealed draw"),
        "audience": one.wave.get_audience_display(),
        "share": f"{one.wave.share_cap_bp / 100:g} %" if one.wave.share_cap_bp < 10_000 else "",
        "opens_at": window.opens_at if window else one.wave.opens_at,
        "closes_at": window.closes_at if window else one.wave.closes_at,
        "state": str(window.get_state_display() if window else one.wave.get_state_display()),
        "is_now": one.wave.state == WaveState.OPEN,
        "entrants": one.entrants,
        "given": one.given,
        "proof_url": reverse("scheduling:proof", kwargs={"window_id": window.pk}) if window else "",
        "voids": [_void(each) for each in one.windows if each.state == WindowState.VOID],
    }


def _void(window: ClaimWindow) -> dict[str, str]:
    return {
        "reason": window.void_reason,
        "url": reverse("scheduling:proof", kwargs={"window_id": window.pk}),
    }


def _sources(fills: list[ShiftFill]) -> list[dict[str, Any]]:
    totals: dict[str, int] = {}
    for one in fills:
        for source, count in one.by_source.items():
            totals[source] = totals.get(source, 0) + count
    return [
        {"label": str(source.label), "count": totals[str(source)]} for source in ClaimSource if totals.get(str(source))
    ]


def _days(fills: list[ShiftFill], currency: str) -> list[dict[str, Any]]:
    days: dict[str, list[dict[str, Any]]] = {}
    for one in fills:
        zone = zone_of(one.shift.timezone)
        days.setdefault(day_text(one.shift.starts_at, zone), []).append(_row(one, currency))
    return [{"day": day, "rows": rows} for day, rows in days.items()]


def _row(one: ShiftFill, currency: str) -> dict[str, Any]:
    zone = zone_of(one.shift.timezone)
    taken = [f"{ClaimSource(source).label} {count}" for source, count in sorted(one.by_source.items())]
    return {
        "time": f"{clock_text(one.shift.starts_at, zone)} – {clock_text(one.shift.ends_at, zone)}",
        "state": one.shift.get_state_display(),
        "filled": one.shift.filled,
        "reserved": one.shift.reserved,
        "seats": one.shift.seats,
        "short": one.short,
        "sources": " · ".join(taken),
        "incentive": money_text(Money(one.incentive, currency)) if one.incentive else "",
        "shift_id": one.shift.pk,
    }
