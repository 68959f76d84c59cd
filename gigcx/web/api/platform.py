"""The platform's own endpoints: who asks, and the brand; the schema and its page."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib.auth.models import AnonymousUser
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authentication import SessionAuthentication
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.accounts.models import User
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.roles import Permission
from gigcx.web import registries
from gigcx.web.api.serializers import BrandSerializer, MeSerializer
from gigcx.web.api.views import BrandApiView, HouseApiView, user_of


class MeView(HouseApiView):
    """Who asks, and which hats they may wear."""

    serializer_class = MeSerializer

    @extend_schema(operation_id="me", tags=["me"])
    def get(self, request: Request) -> Response:
        """This function will answer who is signed in."""
        user, key = user_of(request), request.auth
        is_key = isinstance(key, BrandActor)
        shown = {
            "id": user.pk,
            "signed_in_by": "api_key" if is_key else "person",
            "full_name": user.full_name,
            "email": user.email,
            "locale": user.locale,
            "timezone": user.timezone,
            "hats": [] if is_key else _hats(user),
            "scopes": sorted(key.scopes or ()) if isinstance(key, BrandActor) else [],
        }
        return Response(self.get_serializer(shown).data)


class BrandView(BrandApiView):
    """The brand of the address."""

    serializer_class = BrandSerializer

    @extend_schema(operation_id="brand", tags=["brand"])
    def get(self, request: Request) -> Response:
        """This function will answer the brand and what the asker may do in it."""
        brand, actor = self.actor.brand, self.actor
        names = ("id", "name", "slug", "legal_name", "country", "currency", "timezone")
        shown: dict[str, Any] = {name: getattr(brand, name) for name in names}
        able = sorted(permission for permission in Permission if actor.can(permission))
        shown |= {"brand_state": brand.state, "role": actor.role, "permissions": able}
        return Response(self.get_serializer(shown).data)


class SchemaView(SpectacularAPIView):
    """The OpenAPI schema, for everybody."""

    authentication_classes = ()


_DOCS_POLICY = {
    "script-src": [SELF],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
}


class SitePageRenderer(TemplateHTMLRenderer):
    """A template in the site's own frame, which asks the site's own request who is signed in."""

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> Any:
        """This function will render with Django's request in the place of the API's."""
        page = renderer_context["request"]._request
        page.user = page.user or AnonymousUser()  # the API calls nobody None
        return super().render(data, accepted_media_type, {**renderer_context, "request": page})


@method_decorator(csp_replace(_DOCS_POLICY), name="dispatch")
class DocsView(SpectacularSwaggerSplitView):
    """The schema as a page of the site. The reader's styles are inline, so this page alone allows them."""

    authentication_classes = (SessionAuthentication,)
    renderer_classes = [SitePageRenderer]
    template_name = "public/api_docs.html"
    url_name = "api-schema"
    title = "GigCX API"


def _hats(user: User) -> list[dict[str, str]]:
    return [{"label": label, "url": url} for hat in registries.hats() for label, url in hat.of(user)]
