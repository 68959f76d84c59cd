"""The bell's page and what people want to be told."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.notify import actions, queries
from gigcx.notify.forms import QuietHoursForm
from gigcx.notify.models import Channel
from gigcx.notify.registries import Kind
from gigcx.web.access import PersonRequest, person_page
from gigcx.web.formats import long_day_text
from gigcx.web.refusals import status_of
from gigcx.web.registries import agent_id_of

PAGE = 30


@person_page
def inbox(request: PersonRequest) -> HttpResponse:
    """This function will show what the person was told, by day, newest first."""
    page = Paginator(queries.inbox(request.user), PAGE).get_page(request.GET.get("page"))
    days = [
        {"day": day, "rows": list(rows)} for day, rows in groupby(page, key=lambda row: long_day_text(row.created_at))
    ]
    context = {
        "page_title": _("Notifications"),
        "days": days,
        "newer_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "older_url": f"?page={page.next_page_number()}" if page.has_next() else "",
        "has_unread": any(row.read_at is None for row in page),
    }
    return render(request, "notify/inbox.html", context)


@person_page
def open_one(request: PersonRequest, notification_id: UUID) -> HttpResponse:
    """This function will mark a notification as read and lead to what it is about."""
    told = actions.mark_read(user=request.user, notification_id=notification_id, at=clock.now())
    url = str(told.payload.get("url", ""))
    is_ours = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return redirect(url if is_ours else "notify:inbox")


@person_page
@require_POST
def read_all(request: PersonRequest) -> HttpResponse:
    """This function will mark everything as read."""
    actions.mark_all_read(user=request.user, at=clock.now())
    return redirect("notify:inbox")


@person_page
@require_http_methods(["GET", "POST"])
def preferences(request: PersonRequest) -> HttpResponse:
    """This function will show and keep what the person wants to be told, where, and when not."""
    shown = queries.kinds_reaching(request.user, is_agent=agent_id_of(request.user) is not None)
    hours = queries.quiet_hours_of(request.user)
    initial = {"starts": f"{hours.starts:%H}:00", "ends": f"{hours.ends:%H}:00"}
    form = QuietHoursForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        starts, ends = form.hours()
        actions.set_quiet_hours(user=request.user, starts_on_clock=starts, ends_on_clock=ends)
        actions.set_preferences(user=request.user, wishes=_ticked(request, shown))
        messages.success(request, _("Saved."))
        return redirect("notify:preferences")
    context = {"page_title": _("What we tell you"), "form": form, "rows": _rows(request, shown)}
    return render(request, "notify/preferences.html", context, status=status_of(form))


def _ticked(request: PersonRequest, shown: list[Kind]) -> dict[tuple[str, str], bool]:
    ticked = set(request.POST.getlist("wanted"))
    return {(kind.code, channel): f"{kind.code}:{channel}" in ticked for kind in shown for channel in Channel.values}


def _rows(request: PersonRequest, shown: list[Kind]) -> list[dict[str, Any]]:
    own = queries.all_wishes_of(request.user)
    return [{"kind": kind, "boxes": [_box(kind, channel, own) for channel in Channel]} for kind in shown]


def _box(kind: Kind, channel: Channel, own: dict[tuple[str, str], bool]) -> dict[str, Any]:
    default = channel == Channel.APP or kind.by_email
    is_on = kind.is_mandatory or own.get((kind.code, channel.value), default)
    return {
        "value": f"{kind.code}:{channel.value}",
        "label": channel.label,
        "is_on": is_on,
        "is_fixed": kind.is_mandatory,
    }
