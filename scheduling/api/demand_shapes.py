"""Shapes of demand for machines: forecasts, what came, own staff, files, templates."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from gigcx.web.api.fields import MomentField
from scheduling.api.serializers import LanguageField
from scheduling.formats.readings import MOST_PEOPLE
from scheduling.models import ActualPoint, DemandTemplate, Forecast, ForecastPoint, InHouseCoverage, UploadBatch
from scheduling.queries.uploads import told_faults
from scheduling.states import UploadKind

MOST_INTERVALS = 6_000


class ForecastPointSerializer(serializers.ModelSerializer[ForecastPoint]):
    """Contacts in one quarter of an hour, and seconds to handle one."""

    class Meta:
        model = ForecastPoint
        fields = ("starts_at", "volume", "aht_seconds")
        read_only_fields = fields


class ForecastSerializer(serializers.ModelSerializer[Forecast]):
    """One version of a week's expected contacts."""

    program_id = serializers.UUIDField(read_only=True)
    parent_id = serializers.UUIDField(read_only=True, allow_null=True)

    class Meta:
        model = Forecast
        fields: tuple[str, ...] = (
            "id",
            "program_id",
            "channel",
            "language",
            "week_starts_on",
            "version",
            "state",
            "source",
            "parent_id",
            "provenance",
            "created_at",
            "published_at",
        )
        read_only_fields = fields


class ForecastDetailSerializer(ForecastSerializer):
    """A version with its quarters of an hour."""

    points = ForecastPointSerializer(many=True, read_only=True)

    class Meta(ForecastSerializer.Meta):
        fields = (*ForecastSerializer.Meta.fields, "points")
        read_only_fields = fields


class VolumeSerializer(serializers.Serializer[Any]):
    """Contacts over a half-open period of quarters of an hour; longer ones are split with their sum kept."""

    starts_at = MomentField()
    ends_at = MomentField()
    volume = serializers.DecimalField(max_digits=14, decimal_places=4, min_value=0)
    aht_seconds = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=0, default=Decimal(0))


class SaveForecastSerializer(serializers.Serializer[Any]):
    """A whole week; intervals that are left out expect nobody."""

    program_id = serializers.UUIDField()
    channel = serializers.CharField(max_length=20)
    language = LanguageField()
    week_starts_on = serializers.DateField(help_text="A Monday.")
    version = serializers.IntegerField(
        required=False, help_text="The newest version you know, 0 for none. Refused as stale when there is a newer one."
    )
    points: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=VolumeSerializer(), allow_empty=False, max_length=MOST_INTERVALS
    )


class CopyWeekSerializer(serializers.Serializer[Any]):
    """Another week's newest version, carried over by weekday and wall clock."""

    program_id = serializers.UUIDField()
    channel = serializers.CharField(max_length=20)
    language = LanguageField()
    source_week = serializers.DateField()
    week_starts_on = serializers.DateField(help_text="A Monday.")
    level_percent = serializers.IntegerField(default=100)
    version = serializers.IntegerField(required=False)


class BaselineSerializer(serializers.Serializer[Any]):
    """The median of the last six weeks with actuals. Without a level, the last two weeks decide it."""

    program_id = serializers.UUIDField()
    channel = serializers.CharField(max_length=20)
    language = LanguageField()
    week_starts_on = serializers.DateField(help_text="A Monday.")
    level_percent = serializers.IntegerField(required=False, allow_null=True, default=None)
    version = serializers.IntegerField(required=False)


class ActualPointSerializer(serializers.ModelSerializer[ActualPoint]):
    """What came in one quarter of an hour."""

    program_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = ActualPoint
        fields = (
            "program_id",
            "channel",
            "language",
            "starts_at",
            "offered",
            "answered",
            "abandoned",
            "answered_in_threshold",
            "aht_seconds",
        )
        read_only_fields = fields


class ActualSerializer(serializers.Serializer[Any]):
    """What came over a half-open period; without `answered`, all that was not abandoned."""

    starts_at = MomentField()
    ends_at = MomentField()
    offered = serializers.IntegerField(min_value=0)
    answered = serializers.IntegerField(min_value=0, required=False, allow_null=True, default=None)
    abandoned = serializers.IntegerField(min_value=0, default=0)
    answered_in_threshold = serializers.IntegerField(min_value=0, required=False, allow_null=True, default=None)
    aht_seconds = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=0, default=Decimal(0))


class RecordActualsSerializer(serializers.Serializer[Any]):
    """Intervals that are over; what was recorded of them before is written over."""

    program_id = serializers.UUIDField()
    channel = serializers.CharField(max_length=20)
    language = LanguageField()
    intervals: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=ActualSerializer(), allow_empty=False, max_length=MOST_INTERVALS
    )


class InHouseCoverageSerializer(serializers.ModelSerializer[InHouseCoverage]):
    """The brand's own people in one quarter of an hour."""

    program_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = InHouseCoverage
        fields = ("program_id", "channel", "language", "starts_at", "heads")
        read_only_fields = fields


class OwnStaffSerializer(serializers.Serializer[Any]):
    """So many of the brand's own people over a half-open period; zero takes them away."""

    starts_at = MomentField()
    ends_at = MomentField()
    heads = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE)


class RecordOwnStaffSerializer(serializers.Serializer[Any]):
    """Intervals of own staff; what was recorded of them before is written over."""

    program_id = serializers.UUIDField()
    channel = serializers.CharField(max_length=20)
    language = LanguageField()
    intervals: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=OwnStaffSerializer(), allow_empty=False, max_length=MOST_INTERVALS
    )


class RecordedSerializer(serializers.Serializer[Any]):
    """How many quarters of an hour were written."""

    quarters = serializers.IntegerField()


class RowErrorSerializer(serializers.Serializer[Any]):
    """What is wrong with one cell of a file, and what to do."""

    row = serializers.IntegerField()
    column = serializers.CharField()
    heading = serializers.CharField()
    value = serializers.CharField()
    problem = serializers.CharField()
    remedy = serializers.CharField()


class UploadBatchSerializer(serializers.ModelSerializer[UploadBatch]):
    """A file on its way to demand. `mapping` says which column holds what, and sums its days up."""

    program_id = serializers.UUIDField(read_only=True)
    asked = serializers.CharField(
        read_only=True, help_text="read, preview or apply while a worker is at a long file, else empty"
    )

    class Meta:
        model = UploadBatch
        fields: tuple[str, ...] = (
            "id",
            "program_id",
            "channel",
            "language",
            "kind",
            "file_name",
            "row_count",
            "headings",
            "mapping",
            "state",
            "asked",
            "progress",
            "forecast_ids",
            "created_at",
            "applied_at",
        )
        read_only_fields = fields


class UploadDetailSerializer(UploadBatchSerializer):
    """A file with what is wrong in it."""

    row_errors = serializers.SerializerMethodField()

    class Meta(UploadBatchSerializer.Meta):
        fields = (*UploadBatchSerializer.Meta.fields, "row_errors")
        read_only_fields = fields

    @extend_schema(responses=RowErrorSerializer(many=True))
    def get_row_errors(self, batch: UploadBatch) -> list[dict[str, Any]]:
        """This function will say each fault in words."""
        return [dict(RowErrorSerializer(one).data) for one in told_faults(batch.row_errors)]


class ReceiveUploadSerializer(serializers.Serializer[Any]):
    """A file: CSV as `text`, or any kind as `content_base64`."""

    program_id = serializers.UUIDField()
    channel = serializers.CharField(max_length=20)
    language = LanguageField()
    kind = serializers.ChoiceField(choices=UploadKind.choices)
    file_name = serializers.CharField(max_length=200)
    text = serializers.CharField(required=False, trim_whitespace=False)
    content_base64 = serializers.CharField(required=False)


class ColumnsSerializer(serializers.Serializer[Any]):
    """Which column holds what, counted from 0: start, time, volume, aht, agents, heads, offered, answered, abandoned."""

    columns = serializers.DictField(child=serializers.IntegerField(min_value=0))
    date_order = serializers.ChoiceField(choices=["ymd", "dmy", "mdy"])
    decimal = serializers.ChoiceField(choices=[".", ","])
    aht_seconds = serializers.IntegerField(min_value=0, max_value=86_400, default=0)


class TemplateRowSerializer(serializers.Serializer[Any]):
    """So many agents on weekdays (1 is Monday) between two wall times; `to` at or before `from` is the next day."""

    weekdays = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=7), allow_empty=False)
    agents = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE)

    def get_fields(self) -> dict[str, Any]:
        """This function will add the two times, whose names are words of the language."""
        clocks = {name: serializers.RegexField(r"^([01]\d|2[0-4]):[0-5]\d$") for name in ("from", "to")}
        return {**super().get_fields(), **clocks}


class DemandTemplateSerializer(serializers.ModelSerializer[DemandTemplate]):
    """Recurring demand."""

    program_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = DemandTemplate
        fields = (
            "id",
            "program_id",
            "channel",
            "language",
            "name",
            "timezone",
            "every_weeks",
            "anchor_on",
            "ends_on",
            "skip_dates",
            "rows",
            "state",
            "version",
        )
        read_only_fields = fields


class SaveTemplateSerializer(serializers.Serializer[Any]):
    """Recurring demand as it is written down; `version` guards a change against somebody else's."""

    program_id = serializers.UUIDField()
    channel = serializers.CharField(max_length=20)
    language = LanguageField()
    name = serializers.CharField(max_length=120)
    rows: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=TemplateRowSerializer(), allow_empty=False, max_length=40
    )
    anchor_on = serializers.DateField()
    every_weeks = serializers.IntegerField(default=1)
    ends_on = serializers.DateField(required=False, allow_null=True, default=None)
    skip_dates = serializers.ListField(child=serializers.DateField(), default=list, max_length=200)
    version = serializers.IntegerField(required=False)
