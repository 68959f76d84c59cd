"""Pages for what went wrong."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from gigcx.kernel.errors import NotFound
from gigcx.web.problems import answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """This function will say that the form was open too long and how to go on."""
    return render(request, "errors/403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """This function will answer a request that cannot be understood."""
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """This function will answer what the person's role does not cover."""
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """This function will answer an address with nothing behind it."""
    return answer(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """This function will answer our own fault without touching the database."""
    if request.path.startswith("/api/"):
        title = "This is our fault, not yours. It was recorded; try again in a moment."
        body = {"type": "/problems/our_fault", "title": title, "status": 500, "code": "our_fault"}
        return JsonResponse(body, status=500, content_type="application/problem+json")
    return render(request, "errors/500.html", status=500)
