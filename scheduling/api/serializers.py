"""Shapes of requests, shifts, claims and sessions for machines."""

from typing import Any

from rest_framework import serializers

from gigcx.web.api.fields import MomentField
from scheduling.models import CapacityRequest, Claim, Shift, WorkSession
from scheduling.models.demand import MAX_AGENTS


class LanguageField(serializers.CharField):
    """What demand is in."""

    def __init__(self) -> None:
        words = "A language of the program as a BCP 47 tag, or empty for any."
        super().__init__(max_length=20, default="", allow_blank=True, help_text=words)


class CapacityRequestSerializer(serializers.ModelSerializer[CapacityRequest]):
    """A capacity request."""

    program_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = CapacityRequest
        fields = (
            "id",
            "number",
            "program_id",
            "channel",
            "language",
            "timezone",
            "week_starts_on",
            "state",
            "version",
            "published_at",
        )
        read_only_fields = fields


class DraftSerializer(serializers.Serializer[Any]):
    """Which week of which program to pencil."""

    program_id = serializers.UUIDField()
    channel = serializers.CharField(max_length=20)
    language = LanguageField()
    week_starts_on = serializers.DateField(help_text="A Monday.")


class IntervalSerializer(serializers.Serializer[Any]):
    """So many agents over a half-open period."""

    starts_at = MomentField()
    ends_at = MomentField()
    agents = serializers.IntegerField(min_value=0, max_value=MAX_AGENTS)


class IntervalsSerializer(serializers.Serializer[Any]):
    """Demand, and the version of the request it was made for."""

    version = serializers.IntegerField(required=False)
    intervals = IntervalSerializer(many=True, allow_empty=False)


class FeeSerializer(serializers.Serializer[Any]):
    """An amount in minor units."""

    amount_minor = serializers.IntegerField(min_value=0, max_value=10**15)
    currency = serializers.RegexField(r"^[A-Z]{3}$", help_text="A three-letter code of ISO 4217.")


class CancellationSerializer(serializers.Serializer[Any]):
    """What falls away with a request, and what late notice costs; no fee is null."""

    seats = serializers.IntegerField()
    holders = serializers.IntegerField()
    fee = FeeSerializer(allow_null=True)


class CancelSerializer(serializers.Serializer[Any]):
    """Why, and the fee that was shown; a published request needs a reason."""

    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    accepted_fee = FeeSerializer(required=False, allow_null=True, default=None)


class CoverageStepSerializer(serializers.Serializer[Any]):
    """Half an hour: the worse of its quarters."""

    starts_at = MomentField()
    required = serializers.IntegerField()  # type: ignore[assignment]  # the member is called like an option of serializers
    filled = serializers.IntegerField()
    short = serializers.IntegerField()
    over = serializers.IntegerField()


class CoverageSerializer(serializers.Serializer[Any]):
    """Now and the next 24 hours."""

    required_now = serializers.IntegerField()
    filled_now = serializers.IntegerField()
    present_now = serializers.IntegerField(help_text="People at their desks.")
    by_state = serializers.DictField(child=serializers.IntegerField(), help_text="The same by what they do.")
    running_shifts = serializers.IntegerField()
    steps = CoverageStepSerializer(many=True)


class ShiftSerializer(serializers.ModelSerializer[Shift]):
    """A shift and how full it is."""

    program_id = serializers.UUIDField(read_only=True)
    request_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = Shift
        fields = (
            "id",
            "program_id",
            "request_id",
            "channel",
            "language",
            "starts_at",
            "ends_at",
            "timezone",
            "local_on",
            "seats",
            "filled",
            "reserved",
            "state",
            "version",
        )
        read_only_fields = fields


class ClaimSerializer(serializers.ModelSerializer[Claim]):
    """A claim on one seat."""

    shift_id = serializers.UUIDField(read_only=True)
    agent_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = Claim
        fields = (
            "id",
            "shift_id",
            "agent_id",
            "kind",
            "source",
            "state",
            "starts_at",
            "ends_at",
            "claimed_at",
            "undo_until",
            "checked_in_at",
            "left_at",
            "points",
            "version",
            "verified_at",
        )
        read_only_fields = fields


class OpenShiftSerializer(serializers.Serializer[Any]):
    """A coming shift for the asking agent; only status "open" can be claimed."""

    shift_id = serializers.UUIDField(source="shift.pk")
    program = serializers.CharField(source="shift.program.name")
    channel = serializers.CharField(source="shift.channel")
    language = serializers.CharField(source="shift.language", help_text="Empty for any of the program's languages.")
    starts_at = MomentField(source="shift.starts_at")
    ends_at = MomentField(source="shift.ends_at")
    version = serializers.IntegerField(source="shift.version")
    availability = serializers.CharField(
        source="status", help_text="open, draw, later, yours, full, busy, hours, paused or not_yet."
    )
    window_id = serializers.UUIDField(source="window.pk", allow_null=True, default=None)
    opens_at = MomentField(allow_null=True)
    is_hot = serializers.BooleanField()
    reason = serializers.CharField()
    seats_left = serializers.IntegerField()
    pay_per_hour_minor = serializers.IntegerField(source="pay_per_hour.amount_minor")
    incentive_per_hour_minor = serializers.IntegerField(
        source="incentive.amount_minor", help_text="Part of the pay per hour."
    )
    pay_total_minor = serializers.IntegerField(source="pay_total.amount_minor")
    currency = serializers.CharField(source="pay_total.currency")


class OpenShiftsSerializer(serializers.Serializer[Any]):
    """The shifts of the next three weeks, soonest first."""

    results = OpenShiftSerializer(many=True)


class SeenSerializer(serializers.Serializer[Any]):
    """What was seen before claiming; leave it out to take the shift as it is."""

    version = serializers.IntegerField(required=False)
    pay_per_hour_minor = serializers.IntegerField(required=False)
    starts_at = MomentField(required=False)
    ends_at = MomentField(required=False)


class AcceptedPointsSerializer(serializers.Serializer[Any]):
    """The cost in points that was shown, zero or less."""

    accepted_points = serializers.IntegerField()


class ReleaseCostSerializer(serializers.Serializer[Any]):
    """What giving the seat back costs now."""

    points = serializers.IntegerField()
    sentence = serializers.CharField()
    changes_at = MomentField(allow_null=True)
    is_undo = serializers.BooleanField()


class DeviceSerializer(serializers.Serializer[Any]):
    """The device that the session runs on."""

    device = serializers.CharField(max_length=64)


class WorkSessionSerializer(serializers.ModelSerializer[WorkSession]):
    """A stay at the desk."""

    claim_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = WorkSession
        fields = ("id", "claim_id", "state", "started_at", "last_seen_at", "ended_at")
        read_only_fields = fields
