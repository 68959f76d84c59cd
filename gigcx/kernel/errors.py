"""One root for everything the domain refuses.

An error has a stable `code` for machines, a sentence for people, and a context with the figures behind the sentence.
`gigcx.web` maps them to pages and to problem details; the admin shows the sentence.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class DomainError(Exception):
    """A refusal with a reason.

    `field` names the input at fault, where there is one. `status` is the HTTP status the web maps it to.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    default_message: ClassVar[object] = "This is not possible now."  # text, or text translated when shown

    def __init__(self, message: str = "", *, field: str = "", context: Mapping[str, Any] | None = None) -> None:
        self.message = message or str(self.default_message)
        self.field = field
        self.context: dict[str, Any] = dict(context or {})
        super().__init__(self.message)


class NotFound(DomainError):
    """The thing does not exist, or the asker may not know that it does: both look the same."""

    code = "not_found"
    status = 404
    default_message: ClassVar[object] = "There is nothing here, or it is not yours to see."


class NotAllowed(DomainError):
    """The asker sees the thing but their role does not cover this act."""

    code = "not_allowed"
    status = 403
    default_message: ClassVar[object] = "Your role does not allow this. Ask an owner of the account."


class Invalid(DomainError):
    """Input that cannot be right. `problems` maps a field, or a line, to what is wrong and what to do."""

    code = "invalid"
    status = 400
    default_message: ClassVar[object] = "Some of what you entered needs a change."

    def __init__(self, message: str = "", *, field: str = "", problems: Mapping[str, list[str]] | None = None) -> None:
        self.problems: dict[str, list[str]] = dict(
            problems or ({field: [message or str(self.default_message)]} if field else {})
        )
        super().__init__(message, field=field, context={"problems": self.problems})


class Stale(DomainError):
    """The thing changed since the asker last saw it."""

    code = "stale"
    status = 409
    default_message: ClassVar[object] = "This changed while you had it open. Look at the new version and try again."


class MoveRefused(DomainError):
    """A state that cannot follow the present one."""

    code = "move_refused"
    status = 409
