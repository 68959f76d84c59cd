"""The calendar link: made and ended by the agent, read by calendar programs that know nothing but the link."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound
from gigcx.web.access import AgentRequest, agent_page
from scheduling import actions
from scheduling.formats.feed import feed
from scheduling.queries.feeds import agent_of_feed, feed_entries


@require_POST
@agent_page
def feed_make(request: AgentRequest) -> HttpResponse:
    """This function will make a new link and show it, this once."""
    token = actions.make_feed(by=request.actor, at=clock.now())
    address = request.build_absolute_uri(reverse("scheduling:feed", kwargs={"token": token}))
    context = {
        "page_title": _("Your calendar link"),
        "address": address,
        "webcal": address.replace("https://", "webcal://").replace("http://", "webcal://"),
        "schedule_url": reverse("scheduling:schedule"),
    }
    return render(request, "scheduling/feed_made.html", context)


@require_POST
@agent_page
def feed_revoke(request: AgentRequest) -> HttpResponse:
    """This function will end the link."""
    actions.revoke_feed(by=request.actor, at=clock.now())
    messages.info(request, _("The calendar link is dead. Calendars that used it find nothing any more."))
    return redirect("scheduling:schedule")


@require_safe
@cache_control(private=True, max_age=300)
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """This function will answer the agent's shifts as iCalendar to whoever knows the link."""
    try:
        agent = agent_of_feed(token)
    except NotFound:
        return HttpResponse(_("This calendar link is no longer valid."), status=404, content_type="text/plain")

    def page_of(claim_id: UUID) -> str:
        return request.build_absolute_uri(reverse("scheduling:claim", kwargs={"claim_id": claim_id}))

    at = clock.now()
    with translation.override(agent.user.locale):
        entries = feed_entries(agent, at=at, page_of=page_of)
        text = feed(entries, name=str(_("Shifts")), at=at)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
