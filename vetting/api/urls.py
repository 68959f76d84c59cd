"""Vetting's part of the API."""

from django.urls import URLPattern, URLResolver, path

from vetting.api import brand, me

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/certificates/", me.MyCertificateList.as_view(), name="api-my-certificate-list"),
    path("me/attempts/", me.MyAttemptList.as_view(), name="api-my-attempt-list"),
    path("me/attempts/<uuid:attempt_id>/", me.MyAttempt.as_view(), name="api-my-attempt"),
    path("me/attempts/<uuid:attempt_id>/answers/", me.MyAnswer.as_view(), name="api-my-answer-list"),
    path("brands/<slug:slug>/certifications/", brand.CertificationList.as_view(), name="api-certification-list"),
    path(
        "brands/<slug:slug>/programs/<uuid:program_id>/eligibility/",
        brand.EligibilityList.as_view(),
        name="api-eligibility-list",
    ),
]
