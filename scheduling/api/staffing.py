"""Staffing for machines: the calculator, what callers are promised, and what a week needs."""

from typing import Any, Final
from uuid import UUID

import numpy as np
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.kernel.errors import Invalid
from gigcx.tenancy.roles import Permission
from gigcx.web.api.views import BrandApiView
from scheduling import actions
from scheduling.actions.targets import PARTS
from scheduling.api.serializers import CapacityRequestSerializer, LanguageField
from scheduling.models import ServiceTarget, StaffingRequirement, StaffingRequirementPoint
from scheduling.queries.requirements import requirement_for
from scheduling.staffing import CONCURRENCY_FACTORS, Promise, Staffed, excluding_short_abandons, staff
from scheduling.staffing.palm import Rule
from scheduling.states import ServiceDefinition, StaffingModel

_MOST: Final = 10_000
_PLAN = {"GET": Permission.VIEW, "POST": Permission.PLAN_CAPACITY}
_CALCULATED: Final = (StaffingModel.ERLANG_C, StaffingModel.ERLANG_A)


class CalculateSerializer(serializers.Serializer[Any]):
    """Contacts by interval and a promise. Shares run from 0 to 1, times are seconds. One `aht_seconds` may serve all."""

    volume = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=10_000_000), allow_empty=False, max_length=_MOST
    )
    aht_seconds = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=604_800), allow_empty=False, max_length=_MOST
    )
    in_house = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=1_000_000), required=False, max_length=_MOST
    )
    interval_seconds = serializers.IntegerField(min_value=60, max_value=86_400, default=1_800)
    model = serializers.ChoiceField(
        choices=[(str(one), str(one)) for one in _CALCULATED], default=str(StaffingModel.ERLANG_A)
    )
    definition = serializers.ChoiceField(
        choices=[(one, one) for one in ServiceDefinition.values], default=str(ServiceDefinition.OF_OFFERED)
    )
    short_abandon_seconds = serializers.FloatField(min_value=0, max_value=604_800, default=0)
    target = serializers.FloatField(min_value=0, max_value=1, default=0.8)
    threshold_seconds = serializers.FloatField(min_value=0, max_value=604_800, default=20)
    patience_seconds = serializers.FloatField(min_value=0, max_value=10_000_000, default=180)
    max_occupancy = serializers.FloatField(
        min_value=0.01, max_value=1, allow_null=True, default=0.85, help_text="Null: no cap."
    )
    shrinkage = serializers.FloatField(min_value=0, max_value=0.9, default=0.3)
    concurrency = serializers.IntegerField(min_value=1, max_value=10, default=1)
    concurrency_factor = serializers.FloatField(
        min_value=1, required=False, help_text="What one agent with so many contacts gets done, in agents with one."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Lists of one length, no part that is no number."""
        size = len(attrs["volume"])
        for name in ("aht_seconds", "in_house"):
            if name in attrs and len(attrs[name]) not in {1, size}:
                raise serializers.ValidationError({name: [f"Give one figure, or {size} like volume."]})
        for name, value in attrs.items():
            if not np.isfinite(value if isinstance(value, int | float | list) and value is not None else 0).all():
                raise serializers.ValidationError({name: ["This is not a number."]})
        most = attrs["concurrency"]
        factor = attrs.setdefault("concurrency_factor", CONCURRENCY_FACTORS.get(most))
        if factor is None:
            words = f"It is known up to {max(CONCURRENCY_FACTORS)} contacts at once. Give what you measured."
            raise serializers.ValidationError({"concurrency_factor": [words]})
        if factor > most:
            raise serializers.ValidationError(
                {"concurrency_factor": ["Nobody gets more done than there are contacts."]}
            )
        return attrs


class IntervalNeedSerializer(serializers.Serializer[Any]):
    """One interval's answer. `asa_seconds` is null where the wait never ends."""

    erlangs = serializers.FloatField()
    agents = serializers.IntegerField()
    seats = serializers.IntegerField()
    in_house = serializers.IntegerField()
    to_book = serializers.IntegerField()
    present = serializers.IntegerField(help_text="Agents on contact at the rounded seats; the figures are theirs.")
    service_level = serializers.FloatField()
    asa_seconds = serializers.FloatField(allow_null=True)
    occupancy = serializers.FloatField()
    abandoned = serializers.FloatField()


class CalculatedSerializer(serializers.Serializer[Any]):
    """The answers, in the order of the input, with model and definition named."""

    model = serializers.CharField()
    definition = serializers.CharField()
    intervals = IntervalNeedSerializer(many=True)


class StaffingCalculate(BrandApiView):
    """How many agents intervals need."""

    serializer_class = CalculatedSerializer
    permissions = {"POST": Permission.VIEW}

    @extend_schema(
        operation_id="staffing_calculate",
        tags=["capacity"],
        request=CalculateSerializer,
        responses={200: CalculatedSerializer},
    )
    def post(self, request: Request, **_kwargs: object) -> Response:
        """This function will calculate agents, seats and figures for arrays of intervals; nothing is kept."""
        body = self.body(CalculateSerializer)
        found = _staffed(body)
        return Response({"model": body["model"], "definition": body["definition"], "intervals": _answers(found)})


_NAMES: Final = {
    "aht": "aht_seconds",
    "threshold": "threshold_seconds",
    "patience": "patience_seconds",
    "load": "volume",
}


def _staffed(body: dict[str, Any]) -> Staffed:
    try:
        return staff(
            body["volume"],
            body["aht_seconds"],
            body["interval_seconds"],
            _promise(body),
            in_house=body.get("in_house", 0),
        )
    except Invalid as refused:
        raise Invalid(refused.message, field=_NAMES.get(refused.field, refused.field)) from refused


def _promise(body: dict[str, Any]) -> Promise:
    rule: Rule = body["definition"]
    if rule == ServiceDefinition.SHORT_EXCLUDED:
        rule = excluding_short_abandons(body["short_abandon_seconds"])
    return Promise(
        target=body["target"],
        threshold=body["threshold_seconds"],
        patience=body["patience_seconds"],
        is_patient=body["model"] == StaffingModel.ERLANG_C,
        definition=rule,
        max_occupancy=body["max_occupancy"],
        shrinkage=body["shrinkage"],
        concurrency=body["concurrency"],
        factor=body["concurrency_factor"],
    )


def _answers(found: Staffed) -> list[dict[str, Any]]:
    figures = found.figures
    asa = [float(one) if np.isfinite(one) else None for one in figures.asa]
    columns = {
        "erlangs": found.load.tolist(),
        "agents": found.agents.tolist(),
        "seats": found.seats.tolist(),
        "in_house": found.in_house.tolist(),
        "to_book": found.to_book.tolist(),
        "present": found.present.tolist(),
        "service_level": figures.service_level.tolist(),
        "asa_seconds": asa,
        "occupancy": figures.occupancy.tolist(),
        "abandoned": figures.abandoned.tolist(),
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


class ServiceTargetSerializer(serializers.ModelSerializer[ServiceTarget]):
    """One version of what callers are promised. Shares are basis points."""

    program_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = ServiceTarget
        fields = ("id", "program_id", "channel", "language", "version", *PARTS, "created_at")
        read_only_fields = fields


class SaveTargetSerializer(serializers.Serializer[Any]):
    """What to promise; parts left out stay as they are."""

    program_id = serializers.UUIDField()
    channel = serializers.CharField(max_length=20)
    language = LanguageField()
    seen_version = serializers.IntegerField(required=False)
    model = serializers.CharField(max_length=10, required=False)
    definition = serializers.CharField(max_length=40, required=False)
    short_abandon_seconds = serializers.IntegerField(required=False)
    target_bp = serializers.IntegerField(required=False)
    threshold_seconds = serializers.IntegerField(required=False)
    patience_seconds = serializers.IntegerField(required=False)
    max_occupancy_bp = serializers.IntegerField(required=False)
    shrinkage_bp = serializers.IntegerField(required=False)
    concurrency = serializers.IntegerField(required=False)
    concurrency_factor_bp = serializers.IntegerField(required=False)
    due_minutes = serializers.IntegerField(required=False)


class ServiceTargetList(BrandApiView):
    """What callers are promised."""

    serializer_class = ServiceTargetSerializer
    permissions = _PLAN

    @extend_schema(operation_id="service_target_list", tags=["capacity"])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list every version."""
        return self.listed(ServiceTarget.objects.for_actor(self.actor))

    @extend_schema(
        operation_id="service_target_save",
        tags=["capacity"],
        request=SaveTargetSerializer,
        responses={201: ServiceTargetSerializer},
    )
    def post(self, request: Request, **_kwargs: object) -> Response:
        """This function will save a new version, or answer the newest one if nothing changed."""
        saved = actions.save_target(**self.body(SaveTargetSerializer), by=self.actor, at=clock.now())
        return Response(self.get_serializer(saved).data, status=201)


class StaffingRequirementSerializer(serializers.ModelSerializer[StaffingRequirement]):
    """A week's requirement."""

    program_id = serializers.UUIDField(read_only=True)
    forecast_id = serializers.UUIDField(read_only=True, allow_null=True)
    target_id = serializers.UUIDField(read_only=True, allow_null=True)

    class Meta:
        model = StaffingRequirement
        fields = (
            "id",
            "program_id",
            "channel",
            "language",
            "week_starts_on",
            "version",
            "kind",
            "forecast_id",
            "target_id",
            "summary",
            "created_at",
        )
        read_only_fields = fields


class RequirementPointSerializer(serializers.ModelSerializer[StaffingRequirementPoint]):
    """One quarter of an hour."""

    class Meta:
        model = StaffingRequirementPoint
        fields = (
            "starts_at",
            "agents",
            "seats",
            "in_house",
            "to_book",
            "service_level_bp",
            "asa_seconds",
            "occupancy_bp",
            "abandoned_bp",
        )
        read_only_fields = fields


class RequirementWithPointsSerializer(serializers.ModelSerializer[StaffingRequirement]):
    """A week's requirement with its quarters; quarters that need nobody are left out."""

    program_id = serializers.UUIDField(read_only=True)
    forecast_id = serializers.UUIDField(read_only=True, allow_null=True)
    target_id = serializers.UUIDField(read_only=True, allow_null=True)
    points = serializers.SerializerMethodField()

    class Meta:
        model = StaffingRequirement
        fields = (*StaffingRequirementSerializer.Meta.fields, "points")
        read_only_fields = fields

    @extend_schema_field(RequirementPointSerializer(many=True))
    def get_points(self, requirement: StaffingRequirement) -> list[dict[str, Any]]:
        """The quarters in order."""
        rows = requirement.points.order_by("starts_at")
        return [dict(one) for one in RequirementPointSerializer(rows, many=True).data]


class ComputeSerializer(serializers.Serializer[Any]):
    """Which week to compute, under the newest target or the one named."""

    program_id = serializers.UUIDField()
    channel = serializers.CharField(max_length=20)
    language = LanguageField()
    week_starts_on = serializers.DateField(help_text="A Monday.")
    target_id = serializers.UUIDField(required=False)


class RequirementList(BrandApiView):
    """What weeks need."""

    serializer_class = StaffingRequirementSerializer
    permissions = _PLAN

    @extend_schema(operation_id="staffing_requirement_list", tags=["capacity"])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list the brand's requirements."""
        return self.listed(StaffingRequirement.objects.for_actor(self.actor))

    @extend_schema(
        operation_id="staffing_requirement_compute",
        tags=["capacity"],
        request=ComputeSerializer,
        responses={201: StaffingRequirementSerializer},
    )
    def post(self, request: Request, **_kwargs: object) -> Response:
        """This function will compute a week from its published forecast."""
        kept = actions.compute_requirement(**self.body(ComputeSerializer), by=self.actor, at=clock.now())
        return Response(self.get_serializer(kept).data, status=201)


class RequirementDetail(BrandApiView):
    """One week's requirement."""

    serializer_class = RequirementWithPointsSerializer

    @extend_schema(operation_id="staffing_requirement", tags=["capacity"])
    def get(self, request: Request, requirement_id: UUID, **_kwargs: object) -> Response:
        """This function will answer one requirement with its quarters."""
        return Response(self.get_serializer(requirement_for(self.actor, requirement_id)).data)


class RequirementPencil(BrandApiView):
    """From a requirement to demand."""

    serializer_class = CapacityRequestSerializer
    permissions = {"POST": Permission.PLAN_CAPACITY}

    @extend_schema(
        operation_id="staffing_requirement_pencil",
        tags=["capacity"],
        request=None,
        responses={200: CapacityRequestSerializer},
    )
    def post(self, request: Request, requirement_id: UUID, **_kwargs: object) -> Response:
        """This function will pencil what is left to book into the week's request."""
        request_ = actions.pencil_requirement(requirement_id=requirement_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(request_).data)


class RequestRequirement(BrandApiView):
    """From typed demand to a requirement."""

    serializer_class = StaffingRequirementSerializer
    permissions = {"POST": Permission.PLAN_CAPACITY}

    @extend_schema(
        operation_id="capacity_request_requirement",
        tags=["capacity"],
        request=None,
        responses={201: StaffingRequirementSerializer},
    )
    def post(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will keep the agents typed into a request as its week's requirement, with predicted figures."""
        kept = actions.keep_typed_requirement(request_id=request_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(kept).data, status=201)
