"""One mapping of refusals to pages, toasts and problem details."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from gigcx.kernel.errors import DomainError


def problem_of(error: DomainError) -> dict[str, Any]:
    """This function will return the RFC 9457 problem details of a refusal."""
    body: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": error.message,
        "status": error.status,
        "code": error.code,
    }
    if error.field:
        body["field"] = error.field
    if error.context and error.status != 404:
        body["context"] = error.context
    return body


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """This function will turn a refusal that no view handled into a response fit for who asked."""
    if request.path.startswith("/api/"):
        return JsonResponse(problem_of(error), status=error.status, content_type="application/problem+json")
    if getattr(request, "htmx", False):
        return render(request, "errors/_fragment.html", {"error": error}, status=error.status)
    if request.method == "POST" and error.status == 409 and (back := _own_referer(request)):
        messages.error(request, error.message)
        return redirect(back)
    template = {403: "errors/403.html", 404: "errors/404.html", 429: "errors/429.html"}.get(
        error.status, "errors/409.html"
    )
    return render(request, template, {"error": error}, status=error.status)


def _own_referer(request: HttpRequest) -> str:
    from urllib.parse import urlsplit

    referer = urlsplit(request.headers.get("Referer", ""))
    is_ours = referer.netloc == request.get_host() and referer.path != ""
    return f"{referer.path}?{referer.query}".rstrip("?") if is_ours else ""
