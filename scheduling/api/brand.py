"""A brand's requests, shifts and claims for machines."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.kernel.money import Money
from gigcx.tenancy.roles import Permission
from gigcx.web.api.views import BrandApiView
from scheduling import actions
from scheduling.actions.intervals import TypedInterval
from scheduling.api.serializers import (
    CancellationSerializer,
    CancelSerializer,
    CapacityRequestSerializer,
    ClaimSerializer,
    CoverageSerializer,
    DraftSerializer,
    IntervalsSerializer,
    ShiftSerializer,
)
from scheduling.models import CapacityRequest, Claim, Shift
from scheduling.queries.cancellations import CancellationPreview, cancellation_preview
from scheduling.queries.coverage import coverage
from scheduling.queries.doors import claim_for, request_for, shift_for

_PLAN = {"GET": Permission.VIEW, "POST": Permission.PLAN_CAPACITY}


class RequestList(BrandApiView):
    """Capacity requests."""

    serializer_class = CapacityRequestSerializer
    permissions = _PLAN

    @extend_schema(operation_id="capacity_request_list", tags=["capacity"])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list the brand's requests."""
        return self.listed(CapacityRequest.objects.for_actor(self.actor))

    @extend_schema(
        operation_id="capacity_request_draft",
        tags=["capacity"],
        request=DraftSerializer,
        responses={201: CapacityRequestSerializer},
    )
    def post(self, request: Request, **_kwargs: object) -> Response:
        """This function will pencil a week, or return the request already being planned for it."""
        found = actions.draft_request(**self.body(DraftSerializer), by=self.actor, at=clock.now())
        return Response(self.get_serializer(found).data, status=201)


class RequestDetail(BrandApiView):
    """One capacity request."""

    serializer_class = CapacityRequestSerializer

    @extend_schema(operation_id="capacity_request", tags=["capacity"])
    def get(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will answer one request."""
        return Response(self.get_serializer(request_for(self.actor, request_id)).data)


class RequestIntervals(BrandApiView):
    """Demand of a pencilled request."""

    serializer_class = CapacityRequestSerializer
    permissions = {"POST": Permission.PLAN_CAPACITY}

    @extend_schema(
        operation_id="capacity_request_intervals",
        tags=["capacity"],
        request=IntervalsSerializer,
        responses={200: CapacityRequestSerializer},
    )
    def post(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will set how many agents are asked for; a bad interval writes nothing."""
        body = self.body(IntervalsSerializer)
        found = actions.set_intervals(
            request_id=request_id,
            intervals=[TypedInterval(**one) for one in body["intervals"]],
            by=self.actor,
            at=clock.now(),
            seen_version=body.get("version"),
        )
        return Response(self.get_serializer(found).data)


class RequestCancellation(BrandApiView):
    """What cancelling a request costs now, and cancelling it at that."""

    serializer_class = CancellationSerializer
    permissions = _PLAN

    @extend_schema(operation_id="capacity_request_cancellation", tags=["capacity"])
    def get(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will say how many seats and holders fall away, and what late notice costs."""
        found = cancellation_preview(request_for(self.actor, request_id), at=clock.now())
        return Response(self.get_serializer(_told(found)).data)

    @extend_schema(
        operation_id="capacity_request_cancel",
        tags=["capacity"],
        request=CancelSerializer,
        responses={200: CapacityRequestSerializer},
    )
    def post(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will take the request back; who holds a seat reads why and is paid by the ladder."""
        body = self.body(CancelSerializer)
        fee = body["accepted_fee"]
        done = actions.cancel_request(
            request_id=request_id,
            reason=body["reason"],
            accepted_fee=Money(fee["amount_minor"], fee["currency"]) if fee else None,
            by=self.actor,
            at=clock.now(),
        )
        return Response(CapacityRequestSerializer(done).data)


def _told(found: CancellationPreview) -> dict[str, Any]:
    fee = found.fee
    shown = {"amount_minor": fee.amount_minor, "currency": fee.currency} if fee else None
    return {"seats": found.seats, "holders": found.holders, "fee": shown}


class CoverageView(BrandApiView):
    """All of a brand's programs, now and in the next 24 hours."""

    serializer_class = CoverageSerializer

    @extend_schema(operation_id="coverage", tags=["the day"])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will answer half hours with what is required and filled, and who is at a desk now."""
        return Response(self.get_serializer(coverage(self.actor.brand_id, at=clock.now())).data)


class ShiftList(BrandApiView):
    """Shifts."""

    serializer_class = ShiftSerializer

    @extend_schema(operation_id="shift_list", tags=["capacity"])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list the brand's shifts."""
        return self.listed(Shift.objects.for_actor(self.actor))


class ShiftDetail(BrandApiView):
    """One shift."""

    serializer_class = ShiftSerializer

    @extend_schema(operation_id="shift", tags=["capacity"])
    def get(self, request: Request, shift_id: UUID, **_kwargs: object) -> Response:
        """This function will answer one shift."""
        return Response(self.get_serializer(shift_for(self.actor, shift_id)).data)


class ClaimList(BrandApiView):
    """Claims on the brand's shifts."""

    serializer_class = ClaimSerializer

    @extend_schema(operation_id="claim_list", tags=["capacity"])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list the claims on the brand's shifts."""
        return self.listed(Claim.objects.for_actor(self.actor))


class ClaimDetail(BrandApiView):
    """One claim."""

    serializer_class = ClaimSerializer

    @extend_schema(operation_id="claim", tags=["capacity"])
    def get(self, request: Request, claim_id: UUID, **_kwargs: object) -> Response:
        """This function will answer one claim."""
        return Response(self.get_serializer(claim_for(self.actor, claim_id)).data)


class ClaimVerify(BrandApiView):
    """Confirming worked minutes."""

    serializer_class = ClaimSerializer
    permissions = {"POST": Permission.CONFIRM_WORK}

    @extend_schema(operation_id="claim_verify", tags=["capacity"], request=None, responses={200: ClaimSerializer})
    def post(self, request: Request, claim_id: UUID, **_kwargs: object) -> Response:
        """This function will make a worked claim's minutes final before the week locks."""
        done = actions.verify_claim(claim_id=claim_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)
