"""Addresses of the shared pages."""

from django.urls import path

from gigcx.web.views import home

app_name = "web"
urlpatterns = [
    path("start/", home.start, name="start"),
    path("b/<slug:slug>/", home.brand_today, name="brand-today"),
    path("work/", home.agent_home, name="agent-home"),
]
