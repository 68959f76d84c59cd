"""Opportunities as anybody sees them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gigcx.kernel import clock
from gigcx.web.access import actor_of
from gigcx.web.registries import agent_id_of, render_panels
from recruiting.queries import channels_of, engagement_of, offer_of, offers, public_program


@require_GET
def opportunities(request: HttpRequest) -> HttpResponse:
    """This function will list what may be applied to now, with true pay."""
    found = offers(clock.now())
    channel = request.GET.get("channel", "")
    shown = [offer for offer in found if not channel or channel in offer.program.channels]
    context = {
        "page_title": _("Opportunities"),
        "offers": shown,
        "chips": _chips(sorted({one for offer in found for one in offer.program.channels}), channel),
        "count": len(shown),
    }
    return render(request, "recruiting/opportunity_list.html", context)


@require_GET
def opportunity(request: HttpRequest, public_slug: str) -> HttpResponse:
    """This function will show one opportunity: the work, the pay, what it asks, and how to begin."""
    at = clock.now()
    program = public_program(public_slug)
    agent_id = agent_id_of(request.user) if request.user.is_authenticated else None
    context = {
        "page_title": program.name,
        "program": program,
        "detail": offer_of(program, at),
        "channels": channels_of(program),
        "panels": render_panels("public.opportunity", request, actor_of(request), subject=program, at=at),
        "has_profile": agent_id is not None,
        "engagement": engagement_of(agent_id, program.pk) if agent_id else None,
    }
    return render(request, "recruiting/opportunity_page.html", context)


def _chips(channels: list[str], current: str) -> list[dict[str, object]]:
    from recruiting.states import Channel

    every = [{"label": _("All"), "url": "?", "is_on": not current}]
    return [
        *every,
        *({"label": Channel(one).label, "url": f"?channel={one}", "is_on": one == current} for one in channels),
    ]
