"""Addresses of the shared pages."""

from django.urls import path

from gigcx.web.views import health, home, person, public, styleguide

app_name = "web"
urlpatterns = [
    path("", public.landing, name="home"),
    path("trust/", public.trust, name="trust"),
    path("status/", public.status, name="status"),
    path("theme/", public.choose_theme, name="theme"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("robots.txt", health.robots, name="robots"),
    path("favicon.ico", health.favicon, name="favicon"),
    path("account/me/", person.profile, name="person"),
    path("start/", home.start, name="start"),
    path("b/<slug:slug>/", home.brand_today, name="brand-today"),
    path("work/", home.agent_home, name="agent-home"),
]
