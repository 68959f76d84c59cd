"""Ops screens of the ground floor: audit, outbox, ticker, brands, people, mail."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group

from gigcx.web.admin import audit, notify, people, tenancy

__all__ = ["audit", "notify", "people", "tenancy"]

# These would show keys of sessions and second factors, or grant rights past the roles; nobody in ops needs them.
for _model in (Authenticator, UserSession, EmailAddress, EmailConfirmation, Group):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)
