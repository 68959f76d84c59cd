"""Every refusal of the API as problem details (RFC 9457): type, title, status, a stable code, and what is wrong where."""

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import JSONParser
from rest_framework.response import Response

from gigcx.kernel.errors import DomainError, NotFound
from gigcx.web.problems import problem_of

PROBLEM_TYPE = "application/problem+json"


class HouseJSONParser(JSONParser):
    """JSON, and a plain refusal of JSON nested too deeply to read or with half a character in its text."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """This function will read the body."""
        try:
            body = super().parse(stream, media_type, parser_context)
            json.dumps(body, ensure_ascii=False).encode()
        except RecursionError as deep:
            raise exceptions.ParseError(_("The JSON is nested too deeply.")) from deep
        except UnicodeEncodeError as halved:
            raise exceptions.ParseError(_("The JSON holds half a character.")) from halved
        return body


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """This function will answer a refusal as problem details, and leave faults of our own to the 500 page."""
    error = _translated(error)
    if isinstance(error, DomainError):
        return _answer(_from_domain(error), {})
    if isinstance(error, exceptions.APIException):
        return _answer(_from_framework(error), _headers_of(error))
    return None


def problem(status: int, code: str, title: str, **more: Any) -> dict[str, Any]:
    """This function will return the body of a problem."""
    return {"type": f"/problems/{code}", "title": str(title), "status": status, "code": code, **more}


def _translated(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, SuspiciousOperation):
        return exceptions.ParseError(_("This request cannot be understood."))
    return error


class TooLarge(exceptions.APIException):
    """The body is larger than any request needs."""

    status_code = 413
    default_code = "too_large"
    default_detail = "The body is too large."


def _from_domain(error: DomainError) -> dict[str, Any]:
    body = problem_of(error)
    problems = dict(body.get("context", {})).pop("problems", None)
    if problems is not None:
        body["problems"] = problems
        body["context"] = {name: value for name, value in body["context"].items() if name != "problems"}
        if not body["context"]:
            del body["context"]
    # Figures in a context may be ids, moments or decimals.
    return json.loads(json.dumps(body, default=str))  # type: ignore[no-any-return]  # a dictionary, as put in


def _from_framework(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return problem(
            400, "invalid", _("Some of what you sent needs a change."), problems=dict(_flat("", error.detail))
        )
    codes: dict[type[exceptions.APIException], str] = {
        exceptions.NotAuthenticated: "not_signed_in",
        exceptions.ParseError: "malformed",
        exceptions.PermissionDenied: "not_allowed",
        exceptions.Throttled: "too_many_requests",
    }
    code = codes.get(type(error)) or str(error.get_codes())
    return problem(error.status_code, code, str(error.detail))


def _flat(path: str, detail: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield "lines.2.starts_at" -> sentences for however deeply the serializers nest."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            at_root = name == "non_field_errors"
            yield from _flat(path if at_root else f"{path}.{name}".strip("."), inner)
    elif isinstance(detail, list) and any(isinstance(one, Mapping | list) for one in detail):
        for place, inner in enumerate(detail):
            yield from _flat(f"{path}.{place}".strip("."), inner) if inner else ()
    else:
        words = detail if isinstance(detail, list) else [detail]
        yield path or "body", [str(one) for one in words]


def _headers_of(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(header)
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait))
    return headers


def _answer(body: dict[str, Any], headers: dict[str, str]) -> Response:
    return Response(body, status=body["status"], headers=headers, content_type=PROBLEM_TYPE)
