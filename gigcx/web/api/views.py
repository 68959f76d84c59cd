"""Bases of the API's views.

A stage writes `class ShiftList(BrandApiView)` with `permissions = {"GET": Permission.VIEW, "POST": Permission.PLAN_CAPACITY}` and
ordinary `get` and `post` methods. `request.actor` (also `self.actor`) says who asks; the brand's slug is taken off the
arguments, as it is for pages. `self.listed(rows)` answers a page of a list, `self.body()` the checked input.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import Throttled
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from gigcx.accounts.models import User
from gigcx.kernel import clock
from gigcx.kernel.errors import NotAllowed, NotFound
from gigcx.tenancy.actors import Actor, AgentActor, BrandActor, PersonActor, require
from gigcx.tenancy.roles import Permission
from gigcx.web.access import brand_actor, needs_second_factor
from gigcx.web.api import idempotency, rates
from gigcx.web.api.authentication import ApiKeyAuthentication, BrowserAuthentication, address_of
from gigcx.web.api.pagination import KeyPagination
from gigcx.web.api.problems import HouseJSONParser
from gigcx.web.api.schema import HouseSchema
from gigcx.web.registries import agent_id_of

IDEMPOTENCY_HEADER = "Idempotency-Key"


class ActorRequest(Request):
    """An API request whose actor is known. Only for annotations."""

    actor: Actor


class BrandApiRequest(Request):
    """An API request made by a brand member or its key. Only for annotations."""

    actor: BrandActor


class AgentApiRequest(Request):
    """An API request made by an agent. Only for annotations."""

    actor: AgentActor


class HouseApiView(GenericAPIView[Any]):
    """Authentication, rate limits, the actor, `Idempotency-Key` and problem details. Use one of the classes below."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (ApiKeyAuthentication, BrowserAuthentication)
    permission_classes = (IsAuthenticated,)
    parser_classes = (HouseJSONParser,)
    pagination_class = KeyPagination
    schema = HouseSchema()
    actor: Actor
    allowance: rates.Allowance | None = None

    def find_actor(self, request: Request) -> Actor:
        """This function will say who asks here. Raises NotFound to those who may not know the address."""
        return PersonActor(user_of(request))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """This function will count the request, sign the caller in, find the actor and arm idempotency."""
        self.spend(("ip", address_of(request) or "local"))
        super().initial(request, *args, **kwargs)
        self.spend(*self._purses(request))
        self.actor = self.find_actor(request)
        request.actor = self.actor  # type: ignore[attr-defined]  # see BrandApiRequest
        if request.method == "POST" and IDEMPOTENCY_HEADER in request.headers:
            self._arm(request)

    def spend(self, *purses: tuple[str, str]) -> None:
        """This function will count the request against each limit and refuse it when one is spent."""
        now = time.time()
        left = [rates.spend(scope, who, at_seconds=now) for scope, who in purses]
        self.allowance = rates.tightest([*left, self.allowance] if self.allowance else left)
        if self.allowance.is_spent:
            raise Throttled(wait=self.allowance.reset_seconds)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # the stubs narrow it
        """This function will add the rate-limit headers and keep answers out of caches."""
        final = super().finalize_response(request, response, *args, **kwargs)
        for name, value in (self.allowance.headers() if self.allowance else {}).items():
            final[name] = value
        final.setdefault("Cache-Control", "private, no-store")
        return final

    def listed(self, rows: "QuerySet[Any]", **context: Any) -> Response:
        """This function will answer one page of the rows through the view's serializer."""
        page = self.paginate_queryset(rows)
        shown = self.get_serializer(page, many=True, context={**self.get_serializer_context(), **context})
        return self.get_paginated_response(shown.data)

    def body(self, serializer: type[BaseSerializer[Any]] | None = None) -> dict[str, Any]:
        """This function will return the checked input. Raises ValidationError with every field's problem."""
        form = (serializer or self.get_serializer_class())(
            data=self.request.data, context=self.get_serializer_context()
        )
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def _purses(self, request: Request) -> list[tuple[str, str]]:
        if isinstance(request.auth, BrandActor):
            return [("key", str(request.auth.api_key_id))]
        return [("actor", str(request.user.pk))]

    def _arm(self, request: Request) -> None:
        """Put the keeper of answers before this view's own `post`, which the framework looks up next."""
        run = getattr(self, "post")  # noqa: B009  a view without one was refused as 405 before; see the last line
        body = request._request.body

        def post(request: Request, *args: Any, **kwargs: Any) -> Response:
            return idempotency.answer_once(
                lambda: self._answered(run, request, args, kwargs),
                asker_id=self.actor.ref_id or user_of(request).pk,
                key=request.headers[IDEMPOTENCY_HEADER],
                fingerprint=idempotency.fingerprint_of("POST", request.get_full_path(), body),
                at=clock.now(),
            )

        setattr(self, "post", post)  # noqa: B010  views that offer no POST have no such attribute

    def _answered(self, run: Any, request: Request, args: Any, kwargs: Mapping[str, Any]) -> Response:
        try:
            return run(request, *args, **kwargs)  # type: ignore[no-any-return]  # handlers answer with a Response
        except Exception as refused:  # a refusal is an answer too; faults of our own are raised again from there
            return self.handle_exception(refused)


class BrandApiView(HouseApiView):
    """Under `brands/<slug:slug>/`: a member of that brand or one of its keys, with the permission of the method."""

    permissions: ClassVar[Mapping[str, Permission]] = {}
    actor: BrandActor
    slug: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """This function will take the brand's slug off the arguments."""
        self.slug = kwargs.pop("slug", "")
        return super().dispatch(request, *args, **kwargs)

    def find_actor(self, request: Request) -> BrandActor:
        """This function will return the member's or key's actor.

        Raises:
            NotFound: another brand's slug.
            NotAllowed: the role, or the key's scopes, do not cover the method; or a second factor is missing.
        """
        actor = self._actor_in_brand(request)
        permission = self.permissions.get(request.method or "", Permission.VIEW if _is_read(request) else None)
        if permission is None:
            self.http_method_not_allowed(request)
        else:
            require(actor, permission, brand_id=actor.brand_id)
        return actor

    def _actor_in_brand(self, request: Request) -> BrandActor:
        if isinstance(request.auth, BrandActor):
            if request.auth.brand.slug != self.slug:
                raise NotFound
            return request.auth
        actor = brand_actor(user_of(request), self.slug)
        if needs_second_factor(request._request, actor):
            raise NotAllowed(_("Set up a second factor first: your role asks for one."))
        return actor


class AgentApiView(HouseApiView):
    """Under `me/`: the signed-in agent. Keys belong to brands and do not open it."""

    authentication_classes = (BrowserAuthentication,)
    actor: AgentActor

    def find_actor(self, request: Request) -> AgentActor:
        """This function will return the agent's actor. Raises NotFound to people without an agent profile."""
        user = user_of(request)
        agent_id = agent_id_of(user)
        if agent_id is None:
            raise NotFound
        return AgentActor(user, agent_id)


def _is_read(request: Request) -> bool:
    return request.method in {"GET", "HEAD", "OPTIONS"}


def user_of(request: Request) -> User:
    """This function will return the signed-in person. Raises NotFound without one."""
    user = request.user
    if not isinstance(user, User):
        raise NotFound
    return user
