"""Shift design for machines: ask, poll, stop. Workers solve."""

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from gigcx.audit.hints import hint
from gigcx.kernel import clock
from gigcx.tenancy.roles import Permission
from gigcx.web.api.fields import MomentField
from gigcx.web.api.views import BrandApiView
from scheduling import actions
from scheduling.models import CapacityRequest
from scheduling.queries.doors import request_for
from scheduling.queries.lists import shifts_of_request
from scheduling.tasks import make_designed_shifts, quote_request

_INNER: Final = ("beat_at", "begun", "version")


class DesignAskSerializer(serializers.Serializer[Any]):
    """The request to make shifts for, and the version of it that was seen."""

    request_id = serializers.UUIDField()
    version = serializers.IntegerField(required=False)


class DesignedShiftSerializer(serializers.Serializer[Any]):
    """A pencilled shift."""

    id = serializers.UUIDField()
    starts_at = MomentField()
    ends_at = MomentField()
    seats = serializers.IntegerField()


class ShiftDesignSerializer(serializers.ModelSerializer[CapacityRequest]):
    """Where the making of a request's shifts stands. Minutes; `bound` is what no design can be below."""

    request_id = serializers.UUIDField(source="pk", read_only=True)
    request_state = serializers.CharField(source="state", read_only=True)
    state = serializers.CharField(source="design_state", read_only=True, help_text="none, queued or done")
    progress = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()
    shifts = serializers.SerializerMethodField()

    class Meta:
        model = CapacityRequest
        fields = ("request_id", "request_state", "version", "state", "progress", "result", "shifts")
        read_only_fields = fields

    def get_progress(self, found: CapacityRequest) -> dict[str, Any]:
        """This function will return the best so far (objective, bound, distinct, tries, seconds), or why it was `given_up`."""
        return {name: value for name, value in found.design_progress.items() if name not in _INNER}

    def get_result(self, found: CapacityRequest) -> dict[str, Any]:
        """This function will return under, over, distinct, objective, bound, is_proven and seconds; empty before."""
        return dict(found.design)

    def get_shifts(self, found: CapacityRequest) -> list[dict[str, Any]]:
        """This function will return the shifts as they stand, empty while they are being made."""
        if not found.design:
            return []
        return list(DesignedShiftSerializer(shifts_of_request(found), many=True).data)


class ShiftDesignList(BrandApiView):
    """Asking for shifts."""

    serializer_class = ShiftDesignSerializer
    permissions = {"POST": Permission.PLAN_CAPACITY}

    @extend_schema(
        operation_id="shift_design_ask",
        tags=["capacity"],
        request=DesignAskSerializer,
        responses={202: ShiftDesignSerializer},
    )
    def post(self, request: Request, **_kwargs: object) -> Response:
        """This function will queue the making of shifts; poll the address in `Location`."""
        body = self.body(DesignAskSerializer)
        with transaction.atomic():
            found = actions.design_request_shifts(
                request_id=body["request_id"], by=self.actor, at=clock.now(), seen_version=body.get("version")
            )
            transaction.on_commit(lambda: hint(make_designed_shifts, request_id=str(found.pk)))
        where = reverse(
            "api-shift-design-detail", kwargs={"slug": self.actor.brand.slug, "request_id": found.pk}, request=request
        )
        return Response(self.get_serializer(found).data, status=202, headers={"Location": where})


class ShiftDesignDetail(BrandApiView):
    """One design."""

    serializer_class = ShiftDesignSerializer

    @extend_schema(operation_id="shift_design", tags=["capacity"])
    def get(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will answer how far the making is, and its shifts once made."""
        return Response(self.get_serializer(request_for(self.actor, request_id)).data)


class ShiftDesignPrice(BrandApiView):
    """Asking again for a price that was given up."""

    serializer_class = ShiftDesignSerializer
    permissions = {"POST": Permission.PLAN_CAPACITY}

    @extend_schema(
        operation_id="shift_design_price", tags=["capacity"], request=None, responses={202: ShiftDesignSerializer}
    )
    def post(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will ask a worker for the price again where `progress.given_up` says that nobody tries."""
        with transaction.atomic():
            found = actions.price_again(request_id=request_id, by=self.actor, at=clock.now())
            transaction.on_commit(lambda: hint(quote_request, request_id=str(found.pk)))
        return Response(self.get_serializer(found).data, status=202)


class ShiftDesignStop(BrandApiView):
    """Ending a running design early."""

    serializer_class = ShiftDesignSerializer
    permissions = {"POST": Permission.PLAN_CAPACITY}

    @extend_schema(
        operation_id="shift_design_stop", tags=["capacity"], request=None, responses={202: ShiftDesignSerializer}
    )
    def post(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will ask the worker to stop and keep the best so far."""
        found = actions.stop_design(request_id=request_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(found).data, status=202)
