"""`Idempotency-Key`: the first answer to a POST is kept for a day and given again.

The answer is written in the transaction of the act itself, so a crash leaves either both or neither. While the first
request runs it holds an advisory lock on its key; a second one is refused at once and never waits.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from gigcx.kernel.errors import DomainError, Invalid
from gigcx.tenancy.models import IdempotentAnswer

KEPT: Final = timedelta(hours=24)
_FORM: Final = re.compile(r"^[\x21-\x7e]{1,200}$")
_KEPT_HEADERS: Final = ("Location",)


class KeyReused(DomainError):
    """The key came with another request before."""

    code = "idempotency_key_reused"
    status = 422
    default_message = _("This Idempotency-Key was used for a different request. Use a new one.")


class StillRunning(DomainError):
    """The first request under this key has not finished."""

    code = "idempotency_key_in_use"
    default_message = _("A request with this Idempotency-Key is still running. Ask again in a moment.")


class KeyMalformed(Invalid):
    """The header is empty, too long or not plain text."""

    code = "idempotency_key_malformed"
    default_message = _("Idempotency-Key takes 1 to 200 visible ASCII characters.")


def fingerprint_of(method: str, path: str, body: bytes) -> str:
    """This function will return a hash of what is asked."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


def answer_once(run: Callable[[], Response], *, asker_id: UUID, key: str, fingerprint: str, at: datetime) -> Response:
    """This function will run the request unless its answer is known, and keep the answer.

    Answers of 500 and above are not kept and undo what was done.

    Raises:
        KeyMalformed, KeyReused, StillRunning.
    """
    if not _FORM.match(key):
        raise KeyMalformed
    with transaction.atomic():
        if not _lock(asker_id, key):
            raise StillRunning
        known = _known(asker_id, key, at)
        if known is not None:
            return _again(known, fingerprint)
        response = run()
        _keep(response, asker_id=asker_id, key=key, fingerprint=fingerprint, at=at)
        return response


def forget_old_answers(*, at: datetime) -> int:
    """This function will delete answers older than a day and return how many."""
    return IdempotentAnswer.objects.filter(created_at__lt=at - KEPT).delete()[0]


def _lock(asker_id: UUID, key: str) -> bool:
    digest = hashlib.sha256(f"{asker_id}:{key}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)])
        return bool(cursor.fetchone()[0])


def _known(asker_id: UUID, key: str, at: datetime) -> IdempotentAnswer | None:
    row = IdempotentAnswer.objects.filter(asker_id=asker_id, key=key).first()
    if row is not None and row.created_at < at - KEPT:
        row.delete()
        return None
    return row


def _again(known: IdempotentAnswer, fingerprint: str) -> Response:
    if known.fingerprint != fingerprint:
        raise KeyReused
    headers = {**known.headers, "Idempotent-Replayed": "true"}
    kind = "application/problem+json" if known.status >= 400 else None
    return Response(known.body, status=known.status, headers=headers, content_type=kind)


def _keep(response: Response, *, asker_id: UUID, key: str, fingerprint: str, at: datetime) -> None:
    IdempotentAnswer.objects.create(
        asker_id=asker_id,
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        headers={name: response[name] for name in _KEPT_HEADERS if name in response},
        body=_plain(response.data),
        created_at=at,
    )


def _plain(body: Any) -> Any:
    return None if body is None else json.loads(JSONRenderer().render(body))
