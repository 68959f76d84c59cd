"""Shapes of the day for machines."""

from typing import Any

from rest_framework import serializers

from gigcx.web.api.fields import MomentField
from scheduling.models import Excusal, Incident, OutageReport, Remedy, VtoTaken
from scheduling.states import WORKING, CauseOwner, ExcuseReason


class RemedySerializer(serializers.ModelSerializer[Remedy]):
    """One costed way to close a gap. Costs are minor units of the currency."""

    request_id = serializers.UUIDField(read_only=True)
    program_id = serializers.UUIDField(read_only=True)
    shift_id = serializers.UUIDField(read_only=True, allow_null=True)

    class Meta:
        model = Remedy
        fields = (
            "id",
            "request_id",
            "program_id",
            "shift_id",
            "kind",
            "starts_at",
            "ends_at",
            "seats",
            "covered_minutes",
            "cost_minor",
            "currency",
            "state",
            "is_automatic",
            "proposed_at",
            "decided_at",
        )
        read_only_fields = fields


class StepSerializer(serializers.Serializer[Any]):
    """A quarter of an hour."""

    starts_at = MomentField()
    requested = serializers.IntegerField()
    needed = serializers.IntegerField()
    in_house = serializers.IntegerField()
    claimed = serializers.IntegerField()
    sure = serializers.IntegerField()


class GapSerializer(serializers.Serializer[Any]):
    """A gap and what closes it, the cheapest per covered minute first."""

    channel = serializers.CharField()
    language = serializers.CharField(help_text="Empty for any of the program's languages.")
    starts_at = MomentField(source="gap.starts_at")
    ends_at = MomentField(source="gap.ends_at")
    people = serializers.IntegerField(source="gap.people")
    minutes = serializers.IntegerField(source="gap.minutes")
    remedies = RemedySerializer(many=True)


class ServiceLevelSerializer(serializers.Serializer[Any]):
    """Answered in time, of those offered in the last two hours."""

    share = serializers.FloatField()
    offered = serializers.IntegerField()
    abandoned = serializers.IntegerField()


class WallboardSerializer(serializers.Serializer[Any]):
    """One program now. Counts are people; `backlog` is null where nothing tells what waits."""

    program_id = serializers.UUIDField(source="program.pk")
    needed = serializers.IntegerField(source="required")
    requested = serializers.IntegerField()
    in_house = serializers.IntegerField()
    claimed = serializers.IntegerField()
    checked_in = serializers.IntegerField()
    on_contact = serializers.IntegerField()
    ready = serializers.IntegerField()
    wrapping_up = serializers.IntegerField()
    paused = serializers.IntegerField()
    lost = serializers.IntegerField()
    late = serializers.IntegerField()
    service_level = ServiceLevelSerializer(allow_null=True)
    backlog = serializers.IntegerField(allow_null=True)
    ratio = serializers.FloatField(allow_null=True)
    steps = StepSerializer(many=True)
    gaps = GapSerializer(many=True)


class IncidentSerializer(serializers.ModelSerializer[Incident]):
    """An incident."""

    class Meta:
        model = Incident
        fields = ("id", "title", "cause_owner", "scope", "state", "starts_at", "ends_at", "version", "declared_at")
        read_only_fields = fields


class DeclaredSerializer(serializers.Serializer[Any]):
    """What a brand's own tools did. No programs means all."""

    title = serializers.CharField(max_length=120)
    starts_at = MomentField()
    ends_at = MomentField(required=False)
    description = serializers.CharField(max_length=2000, required=False)
    program_ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=200)


class ExcusalSerializer(serializers.ModelSerializer[Excusal]):
    """Why a claim's lateness, absence or release does not count, and whose money its floor is."""

    claim_id = serializers.UUIDField(read_only=True)
    incident_id = serializers.UUIDField(read_only=True, allow_null=True)

    class Meta:
        model = Excusal
        fields = (
            "id",
            "claim_id",
            "incident_id",
            "reason_class",
            "state",
            "points_void",
            "floor_seconds",
            "payer",
            "due_at",
            "decided_at",
        )
        read_only_fields = fields


class OutageSerializer(serializers.Serializer[Any]):
    """What is down, and where."""

    kind = serializers.ChoiceField(choices=CauseOwner.choices)
    region = serializers.CharField(max_length=80, required=False, allow_blank=True)
    provider = serializers.CharField(max_length=80, required=False, allow_blank=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class OutageReportSerializer(serializers.ModelSerializer[OutageReport]):
    """A report."""

    claim_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = OutageReport
        fields = ("id", "claim_id", "kind", "region", "provider", "reported_at")
        read_only_fields = fields


class AskedExcuseSerializer(serializers.Serializer[Any]):
    """Why points should not count. A free excuse needs no statement."""

    reason_class = serializers.ChoiceField(choices=ExcuseReason.choices)
    statement = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class CheckInSerializer(serializers.Serializer[Any]):
    """The device that the desk opens on."""

    device = serializers.CharField(max_length=64)


class StateSerializer(serializers.Serializer[Any]):
    """What the agent does now."""

    device = serializers.CharField(max_length=64)
    state = serializers.ChoiceField(choices=[str(state) for state in WORKING])


class VtoTakenSerializer(serializers.ModelSerializer[VtoTaken]):
    """Time off that was taken: what is left of the shift, in seconds, and the share of it that is paid."""

    claim_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = VtoTaken
        fields = ("id", "claim_id", "seconds_left", "pay_bp", "taken_at")
        read_only_fields = fields
