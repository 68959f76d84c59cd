"""Where people land: a chooser of hats, the brand's today, the agent's home. Their content is panels that stages bring."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gigcx.accounts.actions import remember_hat
from gigcx.kernel import clock
from gigcx.tenancy.actors import AgentActor, BrandActor
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
    """This function will show the brand's day from the panels of every stage."""
    return _home(request, "brand.today", "brand/today.html", request.actor)


@agent_page
def agent_home(request: AgentRequest) -> HttpResponse:
    """This function will show the agent's next shift, to-dos and money from the panels of every stage."""
    return _home(request, "agent.home", "agent/home.html", request.actor)


def _home(request: HttpRequest, slot: str, template: str, actor: BrandActor | AgentActor) -> HttpResponse:
    remember_hat(actor.user, request.path)
    panels = registries.render_panels(slot, request, actor, at=clock.now())
    return render(request, template, {"panels": panels})
