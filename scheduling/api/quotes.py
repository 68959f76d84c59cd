"""Prices, promises and rules for machines. Approving is for persons: a key cannot be the second one."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.roles import Permission
from gigcx.web.api.fields import MomentField
from gigcx.web.api.views import BrandApiView
from scheduling import actions
from scheduling.actions.rules import RULE_FIELDS
from scheduling.api.serializers import CapacityRequestSerializer, ShiftSerializer
from scheduling.models import Quote, SchedulingRules
from scheduling.queries.doors import program_of, quote_for, request_for
from scheduling.queries.lists import quote_of
from scheduling.queries.rules import rules_of


class QuoteSerializer(serializers.ModelSerializer[Quote]):
    """A price with its lines, the chance of filling, ways to staff, and all that it assumes."""

    request_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = Quote
        fields = (
            "id",
            "request_id",
            "request_version",
            "currency",
            "bill_minor",
            "pay_currency",
            "pay_minor",
            "floor_exposure_minor",
            "lines",
            "fill",
            "strategies",
            "assumptions",
            "seed",
            "created_at",
            "expires_at",
        )
        read_only_fields = fields


class AcceptSerializer(serializers.Serializer[Any]):
    """How and when seats are let out; left out, the program's rules decide and they open at once."""

    publish_at = MomentField(required=False, allow_null=True)
    is_draw_first = serializers.BooleanField(required=False, allow_null=True, default=None)


class ReasonSerializer(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=500)


class RulesSerializer(serializers.ModelSerializer[SchedulingRules]):
    """A program's scheduling rules; `version` is the one that was read."""

    version = serializers.IntegerField()

    class Meta:
        model = SchedulingRules
        fields = (*RULE_FIELDS, "version")


class SeatsSerializer(serializers.Serializer[Any]):
    """So many seats, and the price that was accepted for them where they cost something."""

    seats = serializers.IntegerField(min_value=1, max_value=10_000)
    accepted_minor = serializers.IntegerField(required=False, allow_null=True, min_value=0, default=None)


class RequestQuote(BrandApiView):
    """The price that holds for a request as it stands."""

    serializer_class = QuoteSerializer

    @extend_schema(operation_id="capacity_request_quote", tags=["capacity"])
    def get(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will answer the valid quote; there is none while a worker counts it."""
        found = quote_of(request_for(self.actor, request_id), at=clock.now())
        if found is None:
            raise NotFound
        return Response(self.get_serializer(found).data)


class QuoteDetail(BrandApiView):
    """One quote, valid or not."""

    serializer_class = QuoteSerializer

    @extend_schema(operation_id="quote", tags=["capacity"])
    def get(self, request: Request, quote_id: UUID, **_kwargs: object) -> Response:
        """This function will answer one quote."""
        return Response(self.get_serializer(quote_for(self.actor, quote_id)).data)


class QuoteAccept(BrandApiView):
    """Turning a price into a promise."""

    serializer_class = CapacityRequestSerializer
    permissions = {"POST": Permission.ACCEPT_QUOTES}

    @extend_schema(
        operation_id="quote_accept",
        tags=["capacity"],
        request=AcceptSerializer,
        responses={200: CapacityRequestSerializer},
    )
    def post(self, request: Request, quote_id: UUID, **_kwargs: object) -> Response:
        """This function will hold the funds and publish, or leave the request waiting for a second person."""
        done = actions.accept_quote(quote_id=quote_id, by=self.actor, at=clock.now(), **self.body(AcceptSerializer))
        return Response(self.get_serializer(done).data)


class RequestApprove(BrandApiView):
    """The second person's yes."""

    serializer_class = CapacityRequestSerializer
    permissions = {"POST": Permission.ACCEPT_QUOTES}

    @extend_schema(
        operation_id="capacity_request_approve",
        tags=["capacity"],
        request=None,
        responses={200: CapacityRequestSerializer},
    )
    def post(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will publish what another person accepted above the limit."""
        done = actions.approve_request(request_id=request_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)


class RequestRefuse(BrandApiView):
    """The second person's no."""

    serializer_class = CapacityRequestSerializer
    permissions = {"POST": Permission.ACCEPT_QUOTES}

    @extend_schema(
        operation_id="capacity_request_refuse",
        tags=["capacity"],
        request=ReasonSerializer,
        responses={200: CapacityRequestSerializer},
    )
    def post(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will send a price back to planning."""
        body = self.body(ReasonSerializer)
        done = actions.refuse_request(request_id=request_id, reason=body["reason"], by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)


class ProgramRules(BrandApiView):
    """How a program releases, covers and pays around its shifts."""

    serializer_class = RulesSerializer
    permissions = {"GET": Permission.VIEW, "POST": Permission.PLAN_CAPACITY}

    @extend_schema(operation_id="scheduling_rules", tags=["capacity"])
    def get(self, request: Request, program_id: UUID, **_kwargs: object) -> Response:
        """This function will answer the rules, the product's where the program has none (version 0)."""
        return Response(self.get_serializer(rules_of(program_of(self.actor, program_id))).data)

    @extend_schema(
        operation_id="scheduling_rules_save",
        tags=["capacity"],
        request=RulesSerializer,
        responses={200: RulesSerializer},
    )
    def post(self, request: Request, program_id: UUID, **_kwargs: object) -> Response:
        """This function will change the rules that are named."""
        changes = dict(self.body(RulesSerializer))
        saved = actions.save_rules(
            program_id=program_id,
            seen_version=changes.pop("version"),
            changes=changes,
            by=self.actor,
            at=clock.now(),
        )
        return Response(self.get_serializer(saved).data)


class ShiftAddSeats(BrandApiView):
    """More seats after publication."""

    serializer_class = ShiftSerializer
    permissions = {"POST": Permission.ACCEPT_QUOTES}

    @extend_schema(
        operation_id="shift_add_seats", tags=["capacity"], request=SeatsSerializer, responses={200: ShiftSerializer}
    )
    def post(self, request: Request, shift_id: UUID, **_kwargs: object) -> Response:
        """This function will add seats and hold the money for them."""
        body = self.body(SeatsSerializer)
        done = actions.add_seats(shift_id=shift_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(done).data)


class ShiftReduceSeats(BrandApiView):
    """Fewer seats after publication."""

    serializer_class = ShiftSerializer
    permissions = {"POST": Permission.PLAN_CAPACITY}

    @extend_schema(
        operation_id="shift_reduce_seats", tags=["capacity"], request=SeatsSerializer, responses={200: ShiftSerializer}
    )
    def post(self, request: Request, shift_id: UUID, **_kwargs: object) -> Response:
        """This function will take free seats back; held ones stay."""
        body = self.body(SeatsSerializer)
        done = actions.reduce_seats(shift_id=shift_id, seats=body["seats"], by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)
