"""From a request to an actor. Views are wrapped in `brand_page`, `agent_page` or `person_page`."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gigcx.accounts.models import User
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import NOBODY, Actor, AgentActor, BrandActor, OpsActor, PersonActor, require
from gigcx.tenancy.models import Membership
from gigcx.tenancy.roles import Permission
from gigcx.web.registries import agent_id_of

View = Callable[..., HttpResponse]
_READING: Final = ("GET", "HEAD", "OPTIONS")


class ActingRequest(HttpRequest):
    """A request whose actor is known. Only for annotations."""

    actor: Actor


class BrandRequest(HttpRequest):
    """A request made by a brand member. Only for annotations."""

    actor: BrandActor


class AgentRequest(HttpRequest):
    """A request made by an agent. Only for annotations."""

    actor: AgentActor


class PersonRequest(HttpRequest):
    """A request made by somebody signed in. Only for annotations."""

    actor: PersonActor | OpsActor
    user: User


def brand_page(
    permission: Permission = Permission.VIEW, *, to_change: Permission | None = None
) -> Callable[[Callable[..., HttpResponse]], View]:
    """This function will wrap a view under `/b/<slug>/`: signed in, a member, with the permission.

    `to_change` is asked for instead where something is sent. The view is called without the slug; `request.actor` is a
    BrandActor. Another brand's slug is a 404.
    """

    def wrap(view: Callable[..., HttpResponse]) -> View:
        @wraps(view)
        def inner(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            actor = brand_actor(request.user, slug)
            if needs_second_factor(request, actor):
                return redirect("mfa_index")
            asked = permission if request.method in _READING else to_change or permission
            require(actor, asked, brand_id=actor.brand_id)
            request.actor = actor  # type: ignore[attr-defined]  # see BrandRequest
            return view(request, **kwargs)

        return inner

    return wrap


def agent_page(view: Callable[..., HttpResponse]) -> View:
    """This function will wrap a view under `/work/`: signed in with an agent profile; others are asked to make one."""

    @wraps(view)
    def inner(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        agent_id = agent_id_of(request.user)
        if agent_id is None:
            return redirect("web:start")
        request.actor = AgentActor(request.user, agent_id)  # type: ignore[attr-defined]  # see AgentRequest
        return view(request, **kwargs)

    return inner


def person_page(view: Callable[..., HttpResponse]) -> View:
    """This function will wrap a view that needs a person signed in and no hat."""

    @wraps(view)
    def inner(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        request.actor = PersonActor(request.user)  # type: ignore[attr-defined]  # see PersonRequest
        return view(request, **kwargs)

    return inner


def brand_actor(user: User, slug: str) -> BrandActor:
    """This function will return the person's actor in that brand.

    Raises:
        NotFound: no such brand, or not a member: the two look the same.
    """
    membership = Membership.objects.select_related("brand").filter(user=user, brand__slug=slug).first()
    if membership is None:
        raise NotFound
    return BrandActor(user, membership.brand, membership.role)


def actor_of(request: HttpRequest) -> Actor:
    """This function will return the request's actor, or nobody."""
    return cast(Actor, getattr(request, "actor", NOBODY))


def needs_second_factor(request: HttpRequest, actor: BrandActor) -> bool:
    """This function will tell whether the role asks for a second factor that the person has not set up yet."""
    from django.conf import settings

    from gigcx.accounts.queries import has_second_factor
    from gigcx.tenancy.roles import ROLES

    if not getattr(settings, "SECOND_FACTOR_REQUIRED", True):
        return False
    return ROLES[actor.role].needs_second_factor and not has_second_factor(actor.user)
