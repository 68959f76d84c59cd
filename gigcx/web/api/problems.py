"""Refusals of the API as problem details (RFC 9457)."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from gigcx.kernel.errors import DomainError
from gigcx.web.problems import problem_of


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """This function will answer a refusal as problem details."""
    if isinstance(error, DomainError):
        return Response(problem_of(error), status=error.status, content_type="application/problem+json")
    return exception_handler(error, context)
