"""Pages anyone may read: the start page, trust, status; and the choice of colours."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gigcx.audit.models import Delivery
from gigcx.audit.ticking import last_tick_at
from gigcx.kernel import clock
from gigcx.web import registries
from gigcx.web.access import actor_of
from gigcx.web.formats import number_text, percent_text
from gigcx.web.forms.prices import FIXED_PRICE, ON_DEMAND_PRICE, PriceForm
from gigcx.web.staffing_picture import DAYS, Day, cost_of, draw

_YEAR: Final = 365 * 24 * 3600
_LATE_DELIVERY: Final = timedelta(minutes=5)
_LATE_TICK: Final = timedelta(minutes=5)


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """This function will show the product in one screen, with two prices the reader may change."""
    form = PriceForm({"fixed": FIXED_PRICE, "on_demand": ON_DEMAND_PRICE, "day": "peak", **_typed(request)})
    day_name = request.GET.get("day", "peak") if request.GET.get("day") in DAYS else "peak"
    day = Day(DAYS[day_name])
    panels = registries.render_panels("public.landing", request, actor_of(request), at=clock.now())
    context = {
        "form": form,
        "day_name": day_name,
        "panels": panels,
        **_pictures(day),
        **_words(day),
        **_costs(day, form),
    }
    return render(request, "public/landing.html", context)


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("fixed", "on_demand", "day") if name in request.GET}


def _pictures(day: Day) -> dict[str, Any]:
    return {
        "wide": draw(day, width=760, height=486, tick_hours=2),
        "narrow": draw(day, width=358, height=290, tick_hours=4),
    }


def _words(day: Day) -> dict[str, Any]:
    return {
        "peak": day.peak,
        "average": day.average,
        "fixed_hours": number_text(day.fixed_hours),
        "booked_hours": number_text(day.booked_hours),
        "idle_hours": number_text(day.idle_hours),
        "idle_share": percent_text(day.idle_share),
        "missed_hours": number_text(day.missed_hours),
        "raw_fixed_hours": str(day.fixed_hours),
        "raw_booked_hours": str(day.booked_hours),
    }


def _costs(day: Day, form: PriceForm) -> dict[str, Any]:
    """With a price that cannot be read there is no sum; the form says why."""
    if not form.is_valid():
        return {"cost": None}
    prices = form.cleaned_data
    cost = cost_of(day, fixed_price=prices["fixed"], on_demand_price=prices["on_demand"])
    return {
        "cost": {
            "fixed": _money(cost.fixed),
            "on_demand": _money(cost.on_demand),
            "difference": _money(abs(cost.saved)),
            "is_saving": cost.saved > 0,
        }
    }


def _money(value: Decimal) -> str:
    return number_text(value, 2)


@require_GET
def trust(request: HttpRequest) -> HttpResponse:
    """This function will show how identity, money, scores and personal data are kept safe and fair."""
    return render(request, "public/trust.html")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the status page."""

    name: str
    is_well: bool
    words: str


@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """This function will show, in plain words, what works right now, measured while you wait."""
    checks = _checks(clock.now())
    return render(request, "public/status.html", {"checks": checks, "ill": [one for one in checks if not one.is_well]})


def _checks(at: datetime) -> list[Check]:
    return [
        Check(_("Pages, claims and money"), True, _("This page was read from the database just now.")),
        _queue_check(),
        _delivery_check(at),
        _tick_check(at),
    ]


def _queue_check() -> Check:
    cache.set("status", "1", 5)
    is_well = cache.get("status") == "1"
    words = (
        _("It answers.")
        if is_well
        else _("It does not answer. Claims and postings are kept and follow when it is back.")
    )
    return Check(_("Queue"), is_well, words)


def _delivery_check(at: datetime) -> Check:
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, next_try_at__lt=at - _LATE_DELIVERY).count()
    words = (
        _("Nothing waits.") if not waiting else _("%(n)d steps wait for a worker. Nothing is lost.") % {"n": waiting}
    )
    return Check(_("What follows a claim, a grade or a payout"), not waiting, words)


def _tick_check(at: datetime) -> Check:
    last = last_tick_at()
    is_well = last is not None and at - last < _LATE_TICK
    words = _("They run.") if is_well else _("They have not run for a while.")
    return Check(_("Reminders, expiries and sweeps"), is_well, words)


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """This function will remember the colours in a cookie and go back; the page's script does the same without a trip."""
    theme = request.POST.get("theme", "")
    response = HttpResponseRedirect(_own_path(request, request.POST.get("next", "/")))
    if theme in {"light", "dark"}:
        response.set_cookie("theme", theme, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


def _own_path(request: HttpRequest, path: str) -> str:
    is_ours = url_has_allowed_host_and_scheme(
        path, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return path if is_ours and path.startswith("/") else "/"
