"""What the schema says about every operation: its problems, and the Idempotency-Key of every POST."""

import inspect
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import is_list_serializer
from drf_spectacular.utils import Direction, OpenApiParameter, OpenApiResponse
from rest_framework import serializers


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details (RFC 9457)."""

    type = serializers.CharField(help_text="A stable address of this kind of problem.")
    title = serializers.CharField(help_text="What is wrong, in a sentence.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="A stable word for programs.")
    field = serializers.CharField(required=False, help_text="What is wrong, where it is one field.")
    problems = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Field to what is wrong with it.",
    )
    context = serializers.DictField(  # type: ignore[assignment]  # the member is called like an option of serializers
        required=False, help_text="The figures behind the sentence."
    )


class HouseSchema(AutoSchema):
    """Adds what all operations share."""

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular drops the arguments
        """This function will say what the operation does, without the words our docstrings begin with."""
        words = str(super().get_description() or "")
        does = words.removeprefix("This function will ")
        return does if does == words else does[:1].upper() + does[1:]

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Pages, and what says `many=True`; the framework would guess from base classes that we do not use."""
        return self._is_paged() or is_list_serializer(
            self.get_response_serializers() if serializer is None else serializer
        )

    def _get_paginator(self) -> Any:
        return super()._get_paginator() if self._is_paged() else None  # type: ignore[no-untyped-call]

    def _is_paged(self) -> bool:
        """What answers through `listed` comes in pages."""
        handler = inspect.unwrap(getattr(self.view, self.method.lower()))
        return "listed" in handler.__code__.co_names

    def get_override_parameters(self) -> list[Any]:
        """This function will add the Idempotency-Key header to every POST."""
        if self.method != "POST":
            return []
        return [
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                description="Any text of your own, up to 200 characters. Within a day the same key gets the same answer.",
            )
        ]

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self._problem_statuses():
            bodies.setdefault(status, self._problem_response(status))
        return bodies

    def _problem_statuses(self) -> list[str]:
        always = ["400", "401", "403", "404", "429"]
        return [*always, "409", "415", "422"] if self.method in {"POST", "PUT", "PATCH"} else always

    def _problem_response(self, status: str) -> dict[str, Any]:
        response = OpenApiResponse(ProblemSerializer, description="Problem")
        shown: dict[str, Any] = self._get_response_for_code(  # type: ignore[no-untyped-call]
            response, status, media_types=["application/problem+json"]
        )
        return shown
