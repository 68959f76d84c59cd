"""The API's own addresses: who asks, the brand, the schema and its page. Stages bring theirs."""

from django.urls import URLPattern, URLResolver, path

from gigcx.web.api import platform

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/", platform.MeView.as_view(), name="api-me"),
    path("brands/<slug:slug>/", platform.BrandView.as_view(), name="api-brand"),
    path("schema/", platform.SchemaView.as_view(), name="api-schema"),
    path("docs/", platform.DocsView.as_view(), name="api-docs"),
]
