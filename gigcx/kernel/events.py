"""Facts: what a stage states about itself, past tense, ids only.

A fact is a frozen dataclass deriving from `Event`. Its fields are limited to what JSON holds plus UUID, datetime, date
and Decimal, so that it can be written to the outbox and rebuilt by another process or another version.
"""

import types
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self, Union, get_args, get_origin, get_type_hints
from uuid import UUID

_registry: dict[str, type["Event"]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact that happened.

    Subclasses set `type` as "<stage>.<noun>_<past participle>", and raise `schema` when their fields change meaning.
    """

    type: ClassVar[str] = ""
    schema: ClassVar[int] = 1

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.type:
            return
        known = _registry.get(cls.type)
        if known is not None and known.__qualname__ != cls.__qualname__:
            raise TypeError(f"two events are called {cls.type}")
        _registry[cls.type] = cls

    def to_payload(self) -> dict[str, Any]:
        """This function will return the fields as JSON values (ids and times as text)."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Self:
        """This function will rebuild the fact; unknown fields of newer versions are left out."""
        hints = get_type_hints(cls)
        known = {field.name for field in fields(cls)}
        return cls(**{name: _rebuilt(hints[name], value) for name, value in payload.items() if name in known})


def event_types() -> dict[str, type[Event]]:
    """This function will return every known fact by its type name, in alphabetical order."""
    return dict(sorted(_registry.items()))


def event_of(type_name: str, payload: dict[str, Any]) -> Event:
    """This function will rebuild a fact from its type name and payload.

    Raises:
        KeyError: no such fact is known.
    """
    return _registry[type_name].from_payload(payload)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value


def _rebuilt(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _rebuilt(next(part for part in get_args(hint) if part is not type(None)), value)
    if origin in (tuple, list):
        return tuple(_rebuilt(get_args(hint)[0], part) for part in value)
    if hint in (UUID, Decimal):
        return hint(value)
    if hint in (datetime, date):
        return hint.fromisoformat(value)
    return value
