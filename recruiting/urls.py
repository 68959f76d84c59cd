"""Addresses of recruiting's pages."""

from django.urls import path

from recruiting.views import applications, onboarding, profile, program_parts, programs, public, talent

app_name = "recruiting"
urlpatterns = [
    path("opportunities/", public.opportunities, name="opportunities"),
    path("o/<slug:public_slug>/", public.opportunity, name="opportunity"),
    path("o/<slug:public_slug>/apply/", applications.apply, name="apply"),
    path("work/welcome/", onboarding.welcome, name="agent-start"),
    path("work/welcome/<slug:step>/", onboarding.step, name="welcome-step"),
    path("work/profile/", profile.show, name="profile"),
    path("work/profile/<slug:part>/", profile.edit, name="profile-edit"),
    path("work/find/opportunities/", applications.find, name="find"),
    path("work/applications/", applications.mine, name="applications"),
    path("work/applications/<uuid:engagement_id>/withdraw/", applications.leave, name="withdraw"),
    path("work/terms/<uuid:program_id>/", applications.terms, name="terms"),
    path("b/<slug:slug>/programs/", programs.index, name="programs"),
    path("b/<slug:slug>/programs/new/", programs.new, name="program-new"),
    path("b/<slug:slug>/programs/<uuid:program_id>/", programs.workspace, name="program"),
    path("b/<slug:slug>/programs/<uuid:program_id>/edit/", programs.edit, name="program-edit"),
    path("b/<slug:slug>/programs/<uuid:program_id>/move/", programs.move, name="program-move"),
    path("b/<slug:slug>/programs/<uuid:program_id>/pay/", program_parts.pay, name="program-pay"),
    path("b/<slug:slug>/programs/<uuid:program_id>/terms/", program_parts.terms, name="program-terms"),
    path("b/<slug:slug>/programs/<uuid:program_id>/questions/", program_parts.questions, name="program-questions"),
    path("b/<slug:slug>/talent/", talent.board, name="talent"),
    path("b/<slug:slug>/talent/decide/", talent.decide, name="talent-decide"),
    path("b/<slug:slug>/talent/<uuid:engagement_id>/", talent.person, name="person"),
    path("b/<slug:slug>/talent/<uuid:engagement_id>/decide/", talent.decide_one, name="person-decide"),
    path("b/<slug:slug>/talent/<uuid:engagement_id>/<slug:deed>/", talent.do, name="person-do"),
]
