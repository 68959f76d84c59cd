"""Addresses of founding, joining and settings."""

from django.urls import path

from gigcx.web.views import brands, joining, settings

app_name = "tenancy"
urlpatterns = [
    path("brands/new/", brands.new, name="brand-new"),
    path("join/member/<str:token>/", joining.member, name="join-member"),
    path("b/<slug:slug>/account/", brands.account, name="account"),
    path("b/<slug:slug>/account/answer/", brands.answer, name="account-answer"),
    path("b/<slug:slug>/settings/", settings.brand, name="settings"),
    path("b/<slug:slug>/settings/members/", settings.members, name="members"),
    path("b/<slug:slug>/settings/members/invite/", settings.invite, name="member-invite"),
    path("b/<slug:slug>/settings/members/<uuid:member_id>/role/", settings.change_role, name="member-role"),
    path("b/<slug:slug>/settings/members/<uuid:member_id>/remove/", settings.remove, name="member-remove"),
    path(
        "b/<slug:slug>/settings/invitations/<uuid:invitation_id>/withdraw/",
        settings.withdraw,
        name="invitation-withdraw",
    ),
    path("b/<slug:slug>/settings/security/", settings.security, name="security"),
    path("b/<slug:slug>/settings/keys/", settings.keys, name="keys"),
    path("b/<slug:slug>/settings/keys/<uuid:key_id>/revoke/", settings.revoke_key, name="key-revoke"),
]
