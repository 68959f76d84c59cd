"""One shift of a brand: who holds its seats, and more or fewer of them after publication."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, Stale
from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import clock_text, day_text, money_text, period_text
from scheduling import actions
from scheduling.forms import SeatsForm
from scheduling.models import Claim, Shift
from scheduling.policies import can_change_seats
from scheduling.queries.breaks import PlannedBreak, planned_breaks
from scheduling.queries.commitments import price_of_seats
from scheduling.queries.doors import shift_for
from scheduling.queries.languages import with_language
from scheduling.queries.lists import claims_of_shift
from scheduling.queries.waits import waiting_counts
from scheduling.states import ClaimKind, ClaimState
from scheduling.views.requests import money_words


@require_GET
@brand_page()
def shift(request: BrandRequest, shift_id: UUID) -> HttpResponse:
    """This function will show one shift and the agents who hold its seats."""
    return _shift_page(request, shift_for(request.actor, shift_id))


@require_POST
@brand_page(Permission.ACCEPT_QUOTES)
def shift_add_seats(request: BrandRequest, shift_id: UUID) -> HttpResponse:
    """This function will add seats at the price that was shown for one."""
    found, form = shift_for(request.actor, shift_id), SeatsForm(request.POST)
    if not form.is_valid():
        return _shift_page(request, found, add=form)
    seats, each = form.cleaned_data["seats"], form.cleaned_data["each_minor"]
    if each is None:
        form.add_error(None, Stale().message)
        return _shift_page(request, found, add=form)
    try:
        actions.add_seats(shift_id=found.pk, seats=seats, accepted_minor=each * seats, by=request.actor, at=clock.now())
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, money_words(refused))
        return _shift_page(request, found, add=form)
    messages.success(request, ngettext("%(n)s seat added.", "%(n)s seats added.", seats) % {"n": seats})
    return redirect("scheduling:shift", slug=request.actor.brand.slug, shift_id=found.pk)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def shift_reduce_seats(request: BrandRequest, shift_id: UUID) -> HttpResponse:
    """This function will take free seats back."""
    found, form = shift_for(request.actor, shift_id), SeatsForm(request.POST)
    if not form.is_valid():
        return _shift_page(request, found, reduce=form)
    seats = form.cleaned_data["seats"]
    try:
        actions.reduce_seats(shift_id=found.pk, seats=seats, by=request.actor, at=clock.now())
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _shift_page(request, found, reduce=form)
    messages.success(request, ngettext("%(n)s seat taken back.", "%(n)s seats taken back.", seats) % {"n": seats})
    return redirect("scheduling:shift", slug=request.actor.brand.slug, shift_id=found.pk)


def _shift_page(
    request: BrandRequest, found: Shift, *, add: SeatsForm | None = None, reduce: SeatsForm | None = None
) -> HttpResponse:
    zone = zone_of(found.timezone)
    left = found.seats - found.filled - found.reserved
    context: dict[str, Any] = {
        "page_title": period_text(found.starts_at, found.ends_at, zone),
        "shift": found,
        "work": with_language(found.program.name, found.language),
        "claims": [_claim_row(claim, zone) for claim in claims_of_shift(found)],
        "left": left,
        "breaks": [_break_row(one, zone) for one in planned_breaks(found)],
        "standby_words": _("of %(n)s places") % {"n": found.standby_seats},
        "waiting": waiting_counts([found.pk]).get(found.pk, 0),
        "request_url": reverse(
            "scheduling:request", kwargs={"slug": request.actor.brand.slug, "request_id": found.request_id}
        ),
        **_changing(request, found, left=left, add=add, reduce=reduce),
    }
    return render(request, "scheduling/shift_page.html", context, status=422 if add or reduce else 200)


def _changing(
    request: BrandRequest, found: Shift, *, left: int, add: SeatsForm | None, reduce: SeatsForm | None
) -> dict[str, Any]:
    if not can_change_seats(request.actor, found):
        return {"can_change": False}
    each = price_of_seats(found, 1)
    return {
        "can_change": True,
        "can_add": request.actor.can(Permission.ACCEPT_QUOTES),
        "can_reduce": min(left, found.seats - 1) > 0,
        "most_back": min(left, found.seats - 1),
        "each_text": money_text(each),
        "add": add or SeatsForm(initial={"seats": 1, "each_minor": each.amount_minor}, auto_id="add_%s"),
        "reduce": reduce or SeatsForm(initial={"seats": 1}, auto_id="reduce_%s"),
    }


def _state_words(claim: Claim) -> str:
    """What a claim is called where its holder is not the reader."""
    if claim.kind == ClaimKind.STANDBY:
        return _("Standby")
    return _("Claimed") if claim.state == ClaimState.CLAIMED else str(claim.get_state_display())


def _break_row(one: PlannedBreak, zone: Any) -> dict[str, Any]:
    return {"when": period_text(one.starts_at, one.ends_at, zone), "people": one.people}


def _claim_row(claim: Any, zone: Any) -> dict[str, str]:
    return {
        "name": claim.agent.user.full_name,
        "sub": claim.tier.capitalize(),
        "state": _state_words(claim),
        "since": clock_text(claim.claimed_at, zone) + ", " + day_text(claim.claimed_at, zone),
    }
