"""Where people land: a chooser of hats, the brand's today, the agent's home. Their content is panels that stages bring."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from gigcx.accounts.actions import remember_hat
from gigcx.kernel import clock
from gigcx.web import registries
from gigcx.web.access import AgentRequest, BrandRequest, PersonRequest, agent_page, brand_page, person_page


@person_page
def start(request: PersonRequest) -> HttpResponse:
    """This function will lead to the last hat worn, or offer the ways to begin."""
    pairs = [pair for hat in registries.hats() for pair in hat.of(request.user)]
    urls = [url for _label, url in pairs]
    if request.user.last_hat in urls:
        return redirect(request.user.last_hat)
    if len(pairs) == 1:
        return redirect(urls[0])
    return render(request, "public/start.html", {"pairs": pairs})


@brand_page()
def brand_today(request: BrandRequest) -> HttpResponse:
    """This function will show the brand's day from the panels of every stage, under the one that leads with a heading."""
    at = clock.now()
    remember_hat(request.actor.user, request.path)
    context = {
        "lead": next(iter(registries.render_panels("brand.lead", request, request.actor, at=at)), ""),
        "panels": registries.render_panels("brand.today", request, request.actor, at=at),
    }
    return render(request, "brand/today.html", context)


@agent_page
def agent_home(request: AgentRequest) -> HttpResponse:
    """This function will show the agent's next shift, to-dos and money from the panels of every stage."""
    remember_hat(request.actor.user, request.path)
    panels = registries.render_panels("agent.home", request, request.actor, at=clock.now())
    return render(request, "agent/home.html", {"panels": panels})
