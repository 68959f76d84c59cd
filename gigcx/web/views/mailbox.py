"""The development mailbox: what would have been sent. It exists only where mail is kept instead of sent."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gigcx.kernel.errors import NotFound
from gigcx.notify.models import MailboxMessage


def mailbox(request: HttpRequest) -> HttpResponse:
    """This function will list the newest mails; `to` narrows to an address."""
    _only_here()
    rows = MailboxMessage.objects.order_by("-pk")
    wanted = request.GET.get("to", "").strip()[:200]
    shown = list((rows.filter(to__icontains=wanted) if wanted else rows)[:50])
    context = {"page_title": _("Mailbox"), "mails": shown, "wanted": wanted}
    return render(request, "notify/mailbox.html", context)


def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """This function will show one mail's text with its links."""
    _only_here()
    mail = MailboxMessage.objects.filter(pk=message_id).first()
    if mail is None:
        raise NotFound
    context: dict[str, Any] = {"page_title": mail.subject, "mail": mail, "body": _with_links(mail.text)}
    return render(request, "notify/mailbox_message.html", context)


def _with_links(text: str) -> SafeString:
    """Escape everything, then make links of addresses; a mail's HTML is never shown inside our pages."""
    return mark_safe(urlize(escape(text), autoescape=False).replace("\n", "<br>"))  # noqa: S308  escaped before


def _only_here() -> None:
    if not settings.EMAIL_BACKEND.endswith("MailboxBackend"):
        raise NotFound
