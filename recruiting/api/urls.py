"""Recruiting's part of the API."""

from django.urls import URLPattern, URLResolver, path

from recruiting.api import brand, me

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/profile/", me.ProfileView.as_view(), name="api-profile"),
    path("me/engagements/", me.MyEngagementList.as_view(), name="api-my-engagement-list"),
    path("brands/<slug:slug>/programs/", brand.ProgramList.as_view(), name="api-program-list"),
    path("brands/<slug:slug>/programs/<uuid:program_id>/", brand.ProgramDetail.as_view(), name="api-program"),
    path(
        "brands/<slug:slug>/programs/<uuid:program_id>/rate-cards/",
        brand.RateCardList.as_view(),
        name="api-rate-card-list",
    ),
    path("brands/<slug:slug>/engagements/", brand.EngagementList.as_view(), name="api-engagement-list"),
    path(
        "brands/<slug:slug>/engagements/<uuid:engagement_id>/", brand.EngagementDetail.as_view(), name="api-engagement"
    ),
    path(
        "brands/<slug:slug>/engagements/<uuid:engagement_id>/accept/",
        brand.AcceptEngagement.as_view(),
        name="api-engagement-accept",
    ),
    path(
        "brands/<slug:slug>/engagements/<uuid:engagement_id>/decline/",
        brand.DeclineEngagement.as_view(),
        name="api-engagement-decline",
    ),
]
