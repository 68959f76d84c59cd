"""The ops site: unfold's dress, a home made of work queues, and model admins that are read-only unless they say otherwise."""

from datetime import datetime
from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest


class GigcxAdminConfig(AdminConfig):
    """Uses our site as `admin.site`."""

    default_site = "gigcx.web.admin_site.OpsSite"


def stylesheet(request: HttpRequest) -> str:
    """This function will return the address of the admin's own stylesheet."""
    from django.templatetags.static import static

    return static("admin.css")


def environment_label(request: HttpRequest) -> list[str] | None:
    """This function will label the site when no real money moves."""
    from django.conf import settings

    return ["Sandbox, no money moves", "warning"] if settings.PAYMENTS_MODE == "sandbox" else None


def queue_rows(at: datetime) -> list[dict[str, Any]]:
    """This function will measure each registered queue, the most urgent first: count, age of the oldest, and its SLA."""
    from gigcx.web.registries import queues

    return sorted((_row(queue, at) for queue in queues()), key=lambda row: (not row["count"], -row["share"]))


def _row(queue: Any, at: datetime) -> dict[str, Any]:
    count, oldest_at = queue.measure(at)
    age = at - oldest_at if oldest_at else None
    share = age / queue.sla if age is not None else 0
    state = "clear" if not count else "late" if share > 1 else "soon" if share > 0.75 else "fine"
    return {
        "label": queue.label,
        "url": queue.url(),
        "count": count,
        "oldest_at": oldest_at,
        "oldest_age": age,
        "sla": queue.sla,
        "share": share,
        "state": state,
    }
