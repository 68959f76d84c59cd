"""Calling a line wrong over the API, and confirming lines: agents their earnings, brands their charges."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.tenancy.roles import Permission
from gigcx.web.api.fields import MomentField
from gigcx.web.api.views import AgentApiView, BrandApiView
from payments import actions
from payments.models import Charge, LineDispute
from payments.queries import charge_for, earning_for
from payments.queries.disputes import bill_at_stake, disputes_of_line

_MOST = 2**53


class EarningDisputeSerializer(serializers.ModelSerializer[LineDispute]):
    """One dispute of an agent's line, in the agent's figures."""

    class Meta:
        model = LineDispute
        fields = (
            "id",
            "opened_by_kind",
            "reason",
            "part_from",
            "part_to",
            "currency",
            "disputed_minor",
            "claimed_minor",
            "state",
            "opened_at",
            "due_at",
            "needs_ops",
            "answer",
            "decision",
            "decided_minor",
            "decided_at",
        )
        read_only_fields = fields


class EarningClaimSerializer(serializers.Serializer[Any]):
    """What the line should be, in minor units, and why; or which minutes are missing, and they are priced."""

    claimed_minor = serializers.IntegerField(min_value=0, max_value=_MOST, required=False)
    part_from = MomentField(required=False)
    part_to = MomentField(required=False)
    reason = serializers.CharField(max_length=2000)


class EarningDisputeList(AgentApiView):
    """Disputes of one of your lines. Silence for three business days makes your figure stand, up to the cap."""

    serializer_class = EarningClaimSerializer

    @extend_schema(responses=EarningDisputeSerializer(many=True))
    def get(self, request: Request, earning_id: UUID) -> Response:
        """This function will list what was said about a line, the latest first."""
        found = disputes_of_line(earning_for(self.actor, earning_id))
        return Response(EarningDisputeSerializer(found, many=True).data)

    @extend_schema(request=EarningClaimSerializer, responses={201: EarningDisputeSerializer})
    def post(self, request: Request, earning_id: UUID) -> Response:
        """This function will say that a line is wrong."""
        asked = self.body()
        row = earning_for(self.actor, earning_id)
        dispute = actions.dispute_earning(earning_id=row.pk, by=self.actor, at=clock.now(), **asked)
        return Response(EarningDisputeSerializer(dispute).data, status=status.HTTP_201_CREATED)


class ChargeDisputeSerializer(serializers.ModelSerializer[LineDispute]):
    """One dispute of a brand's charge, in the brand's figures. What the agent gets is not in it."""

    in_question_minor = serializers.SerializerMethodField()
    currency = serializers.SerializerMethodField()

    class Meta:
        model = LineDispute
        fields = (
            "id",
            "opened_by_kind",
            "reason",
            "part_from",
            "part_to",
            "in_question_minor",
            "currency",
            "state",
            "opened_at",
            "due_at",
            "needs_ops",
            "answer",
            "decision",
            "decided_at",
        )
        read_only_fields = fields

    def get_in_question_minor(self, dispute: LineDispute) -> int:
        """This function will return what of the charge is in question."""
        return bill_at_stake(dispute).amount_minor

    def get_currency(self, dispute: LineDispute) -> str:
        """This function will return the charge's currency."""
        return bill_at_stake(dispute).currency


class ChargeClaimSerializer(serializers.Serializer[Any]):
    """Which minutes are wrong (all without ends), and why."""

    part_from = MomentField(required=False)
    part_to = MomentField(required=False)
    reason = serializers.CharField(max_length=2000)


class ChargeDisputeList(BrandApiView):
    """Disputes of one charge. Only the disputed minutes wait; silence for three business days pays the agent."""

    permissions = {"GET": Permission.VIEW_BILLING, "POST": Permission.DISPUTE_CHARGES}
    serializer_class = ChargeClaimSerializer

    @extend_schema(responses=ChargeDisputeSerializer(many=True))
    def get(self, request: Request, charge_id: UUID) -> Response:
        """This function will list what was said about a charge, the latest first."""
        found = disputes_of_line(charge_for(self.actor, charge_id).earning)
        return Response(ChargeDisputeSerializer(found, many=True).data)

    @extend_schema(request=ChargeClaimSerializer, responses={201: ChargeDisputeSerializer})
    def post(self, request: Request, charge_id: UUID) -> Response:
        """This function will dispute minutes of a charge in review."""
        asked = self.body()
        row: Charge = charge_for(self.actor, charge_id)
        dispute = actions.dispute_charge(charge_id=row.pk, by=self.actor, at=clock.now(), **asked)
        return Response(ChargeDisputeSerializer(dispute).data, status=status.HTTP_201_CREATED)


class ConfirmationSerializer(serializers.Serializer[Any]):
    """Which charges are right."""

    charges = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=500)


class ConfirmedSerializer(serializers.Serializer[Any]):
    """How many lines that made ready."""

    confirmed = serializers.IntegerField()


class ConfirmationList(BrandApiView):
    """Confirming charges: their review ends at once and the agents are paid with the next payout."""

    permissions = {"POST": Permission.CONFIRM_WORK}
    serializer_class = ConfirmationSerializer

    @extend_schema(request=ConfirmationSerializer, responses={200: ConfirmedSerializer})
    def post(self, request: Request) -> Response:
        """This function will confirm charges; those not in review any more are left."""
        done = actions.confirm_lines(charge_ids=self.body()["charges"], by=self.actor, at=clock.now())
        return Response(ConfirmedSerializer({"confirmed": done}).data)
