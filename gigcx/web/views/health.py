"""Whether the process lives, and whether it can do its work; figures for the inside only; a few fixed files."""

import hmac
import ipaddress
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from gigcx.audit import dispatcher, ticking
from gigcx.celery import app as celery_app
from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound

TICKER_MAY_REST: Final = timedelta(seconds=90)
OUTBOX_MAY_WAIT: Final = timedelta(minutes=5)
_is_migrated = False


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """This function will answer that the process lives, without asking anything else."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """This function will tell whether the process can work: 503 without database or migrations.

    A broker that is away, a ticker that rests or an outbox that waits are shown as "degraded" and keep the 200: web pages
    work without them, and taking every web process out of service would make it worse.
    """
    checks = _checks(clock.now())
    is_able = checks["database"] == "ok" and checks["migrations"] == "ok"
    is_whole = is_able and all(checks[name] == "ok" for name in ("broker", "ticker", "outbox"))
    status = "ok" if is_whole else "degraded" if is_able else "unable"
    return JsonResponse({"status": status, **checks}, status=200 if is_able else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """This function will give Prometheus its figures, from this machine or with the token; nobody else learns of them."""
    offered = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    if not (token and hmac.compare_digest(offered.encode(), token.encode())) and not _is_local(request):
        raise NotFound
    return ExportToDjangoView(request)  # type: ignore[no-any-return]  # django-prometheus ships no types


@cache_control(max_age=86400, public=True)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """This function will ask robots to keep to the public pages."""
    closed = ("/account/", "/admin/", "/api/", "/b/", "/work/", "/join/", "/notifications/", "/mailbox/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@cache_control(max_age=86400, public=True)
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """This function will lead browsers that ask for /favicon.ico to our drawing."""
    return HttpResponse(status=301, headers={"Location": static("favicon.svg")})


def _checks(at: datetime) -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        migrations = "ok" if _migrated() else "waiting"
        waiting = dispatcher.oldest_waiting()
        ticked = ticking.last_tick_at()
    except DatabaseError:
        return {
            "database": "away",
            "migrations": "unknown",
            "broker": _broker(),
            "ticker": "unknown",
            "outbox": "unknown",
        }
    ticker_age, outbox_age = _age(ticked, at), _age(waiting, at)
    is_ticking = ticker_age is not None and ticker_age <= TICKER_MAY_REST.total_seconds()
    is_flowing = outbox_age is None or outbox_age <= OUTBOX_MAY_WAIT.total_seconds()
    return {
        "database": "ok",
        "migrations": migrations,
        "broker": _broker(),
        "ticker": "ok" if is_ticking else "resting",
        "ticker_age_seconds": ticker_age,
        "outbox": "ok" if is_flowing else "behind",
        "outbox_age_seconds": outbox_age,
        "parked_deliveries": dispatcher.parked_count(),
    }


def _migrated() -> bool:
    """Tell whether no migration waits; asked until the answer is yes, which does not change while a process lives."""
    global _is_migrated
    if not _is_migrated:
        executor = MigrationExecutor(connection)
        _is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _is_migrated


def _broker() -> str:
    try:
        with celery_app.connection_for_read(connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
    except (OperationalError, RedisError, OSError):
        return "away"
    return "ok"


def _age(moment: datetime | None, at: datetime) -> int | None:
    return None if moment is None else max(0, int((at - moment).total_seconds()))


def _is_local(request: HttpRequest) -> bool:
    """A request that came through a proxy carries a forwarded address and is never local."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    address = request.META.get("REMOTE_ADDR", "")
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
