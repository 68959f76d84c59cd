"""The words of the platform's own letters, made at the moment of sending."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from gigcx.notify.models import Notification
from gigcx.notify.registries import LetterText, stamp_of
from gigcx.tenancy.actions import token_of
from gigcx.tenancy.models import MemberInvitation
from gigcx.tenancy.roles import ROLES


def notification_letter(notification_id: UUID, at: datetime) -> LetterText | None:
    """This function will write a notification as an e-mail; None when the person has read it in the app meanwhile."""
    rows = Notification.objects.select_related("user", "brand")
    told = rows.filter(pk=notification_id, read_at__isnull=True, user__is_active=True).first()
    if told is None:
        return None
    with translation.override(told.user.locale):
        context = {
            **told.payload,
            "brand_name": told.brand.name if told.brand else "",
            "action_url": absolute(told.payload["url"]) if told.payload["url"] else "",
            "action_label": told.payload["label"] or _("Open"),
            "preferences_url": absolute(reverse("notify:preferences")),
        }
        mark = stamp_of(told.payload["url"])
        subject = f"{mark}: {told.payload['title']}" if mark else told.payload["title"]
        return write(told.user.email, subject, "notify/email_notification", context)


def invitation_letter(invitation_id: UUID, at: datetime) -> LetterText | None:
    """This function will write an invitation with its link; None when it was used, withdrawn or is too old."""
    rows = MemberInvitation.objects.across_brands().select_related("brand", "invited_by")
    still_open = rows.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at)
    invitation = still_open.filter(pk=invitation_id).first()
    if invitation is None:
        return None
    words = {"name": invitation.invited_by.full_name, "brand": invitation.brand.name}
    title = _("%(name)s invites you to %(brand)s") % words
    context = {
        "invitation": invitation,
        "title": title,
        "role": ROLES[invitation.role],
        "action_url": absolute(reverse("tenancy:join-member", args=[token_of(invitation.pk)])),
        "action_label": _("Look at the invitation"),
    }
    return write(invitation.email, title, "notify/email_invitation", context)


def write(to: str, subject: str, template: str, context: dict[str, Any]) -> LetterText:
    """This function will render a letter's text and HTML from `<template>.txt` and `.html`."""
    one_line = " ".join(subject.split())[:200]
    text, html = (render_to_string(f"{template}.{kind}", context) for kind in ("txt", "html"))
    return LetterText(to, one_line, text.strip() + "\n", html)


def absolute(path: str) -> str:
    """This function will put our own address before a path."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"
