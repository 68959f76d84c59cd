"""Time off, sending home, disputed minutes and incidents' scope for machines."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.tenancy.roles import Permission
from gigcx.web.api.fields import MomentField
from gigcx.web.api.views import BrandApiView
from scheduling import actions
from scheduling.api.day_serializers import IncidentSerializer
from scheduling.api.serializers import ClaimSerializer
from scheduling.models import VtoOffer
from scheduling.queries.vto import standing_offer

_PLAN = {"POST": Permission.PLAN_CAPACITY}


class VtoOfferSerializer(serializers.ModelSerializer[VtoOffer]):
    """Time off on offer: so many places, and the share of the rest that is paid, in basis points."""

    shift_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = VtoOffer
        fields = ("id", "shift_id", "places", "taken", "pay_bp", "state", "created_at", "expires_at")
        read_only_fields = fields


class OfferedTimeOffSerializer(serializers.Serializer[Any]):
    """How many may leave a running shift, and what share of the rest they are paid, in basis points."""

    places = serializers.IntegerField(min_value=1, max_value=10_000)
    pay_bp = serializers.IntegerField(min_value=0, max_value=10_000, default=0)


class SentHomeSerializer(serializers.Serializer[Any]):
    """How many people, last claimed first."""

    people = serializers.IntegerField(min_value=1, max_value=10_000)


class HeldMinutesSerializer(serializers.Serializer[Any]):
    """How much of a claim's work is not accepted, in seconds, and why; the agent and ops read it."""

    seconds = serializers.IntegerField(min_value=1, max_value=86_400)
    reason = serializers.CharField(max_length=500)


class RescopedSerializer(serializers.Serializer[Any]):
    """What was different from what was declared; what is left out stays. No programs means all of the brand's."""

    program_ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=200)
    starts_at = MomentField(required=False)
    ends_at = MomentField(required=False)


class VtoOfferList(BrandApiView):
    """Time off that was offered."""

    serializer_class = VtoOfferSerializer

    @extend_schema(operation_id="vto_offer_list", tags=["the day"])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list the offers on the brand's shifts."""
        return self.listed(VtoOffer.objects.for_actor(self.actor))


class ShiftOfferVto(BrandApiView):
    """Offering time off."""

    serializer_class = VtoOfferSerializer
    permissions = _PLAN

    @extend_schema(
        operation_id="shift_offer_vto",
        tags=["the day"],
        request=OfferedTimeOffSerializer,
        responses={201: VtoOfferSerializer},
    )
    def post(self, request: Request, shift_id: UUID, **_kwargs: object) -> Response:
        """This function will let so many people leave a running shift early, if they want to."""
        body = self.body(OfferedTimeOffSerializer)
        made = actions.offer_vto(shift_id=shift_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(made).data, status=201)


class ShiftCloseVto(BrandApiView):
    """Ending the offer that stands."""

    serializer_class = VtoOfferSerializer
    permissions = _PLAN

    @extend_schema(operation_id="shift_close_vto", tags=["the day"], request=None, responses={200: VtoOfferSerializer})
    def post(self, request: Request, shift_id: UUID, **_kwargs: object) -> Response:
        """This function will end the offer that stands for a shift; who took it stays free."""
        standing = standing_offer(self.actor, shift_id)
        done = actions.close_vto(offer_id=standing.pk, by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)


class ShiftSendHome(BrandApiView):
    """Ending people's work early, after time off was offered."""

    serializer_class = ClaimSerializer
    permissions = _PLAN

    @extend_schema(
        operation_id="shift_send_home",
        tags=["the day"],
        request=SentHomeSerializer,
        responses={200: ClaimSerializer(many=True)},
    )
    def post(self, request: Request, shift_id: UUID, **_kwargs: object) -> Response:
        """This function will end the work of so many people, last claimed first, and answer their claims."""
        body = self.body(SentHomeSerializer)
        sent = actions.send_home(shift_id=shift_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(sent, many=True).data)


class ClaimHoldMinutes(BrandApiView):
    """Not accepting some of a claim's minutes."""

    serializer_class = ClaimSerializer
    permissions = {"POST": Permission.CONFIRM_WORK}

    @extend_schema(
        operation_id="claim_hold_minutes",
        tags=["capacity"],
        request=HeldMinutesSerializer,
        responses={200: ClaimSerializer},
    )
    def post(self, request: Request, claim_id: UUID, **_kwargs: object) -> Response:
        """This function will put so many seconds of a worked claim before ops; the rest is not in question."""
        body = self.body(HeldMinutesSerializer)
        held = actions.hold_minutes(claim_id=claim_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(held).data)


class IncidentRescope(BrandApiView):
    """Changing where or when an incident was."""

    serializer_class = IncidentSerializer
    permissions = _PLAN

    @extend_schema(
        operation_id="incident_rescope",
        tags=["the day"],
        request=RescopedSerializer,
        responses={200: IncidentSerializer},
    )
    def post(self, request: Request, incident_id: UUID, **_kwargs: object) -> Response:
        """This function will change a declared incident and compute every excusal again, none twice."""
        body = self.body(RescopedSerializer)
        programs = body.pop("program_ids", None)
        scope = None if programs is None else {"program_ids": [str(one) for one in programs]}
        done = actions.rescope_incident(incident_id=incident_id, scope=scope, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(done).data)
