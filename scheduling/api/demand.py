"""Expected contacts, what came, and own staff for machines."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.kernel.errors import Invalid
from gigcx.tenancy.roles import Permission
from gigcx.web.api.views import BrandApiView
from scheduling import actions
from scheduling.actions.actuals import ActualInterval, OwnStaff
from scheduling.actions.forecasts import TypedVolume
from scheduling.api.demand_shapes import (
    ActualPointSerializer,
    BaselineSerializer,
    CopyWeekSerializer,
    ForecastDetailSerializer,
    ForecastSerializer,
    InHouseCoverageSerializer,
    RecordActualsSerializer,
    RecordedSerializer,
    RecordOwnStaffSerializer,
    SaveForecastSerializer,
)
from scheduling.models import ActualPoint, Forecast, InHouseCoverage
from scheduling.queries.doors import program_of
from scheduling.queries.forecasts import forecast_for
from scheduling.states import DemandSource

PLAN = {"GET": Permission.VIEW, "POST": Permission.PLAN_CAPACITY}
WRITE = {"POST": Permission.PLAN_CAPACITY}
WINDOW = [
    OpenApiParameter("program_id", UUID, description="Only this program's."),
    OpenApiParameter("from", datetime, description="Only intervals that start then or later."),
    OpenApiParameter("to", datetime, description="Only intervals that start before."),
]


class ForecastList(BrandApiView):
    """Forecasts."""

    serializer_class = ForecastSerializer
    permissions = PLAN

    @extend_schema(operation_id="forecast_list", tags=["demand"], parameters=WINDOW[:1])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list the versions of the brand's weeks."""
        return self.listed(of_program(self, request, Forecast.objects.for_actor(self.actor)))

    @extend_schema(
        operation_id="forecast_save",
        tags=["demand"],
        request=SaveForecastSerializer,
        responses={201: ForecastSerializer},
    )
    def post(self, request: Request, **_kwargs: object) -> Response:
        """This function will save a week as a new draft version; a bad interval writes nothing and names itself."""
        body = self.body(SaveForecastSerializer)
        labelled = [TypedVolume(**one, label=_label(one)) for one in body["points"]]
        saved = actions.save_forecast(
            program_id=body["program_id"],
            channel=body["channel"],
            language=body["language"],
            week_starts_on=body["week_starts_on"],
            volumes=labelled,
            source=DemandSource.API,
            seen_version=body.get("version"),
            by=self.actor,
            at=clock.now(),
        )
        return Response(self.get_serializer(saved).data, status=201)


class ForecastDetail(BrandApiView):
    """One version."""

    serializer_class = ForecastDetailSerializer

    @extend_schema(operation_id="forecast", tags=["demand"])
    def get(self, request: Request, forecast_id: UUID, **_kwargs: object) -> Response:
        """This function will answer a version with its quarters."""
        return Response(self.get_serializer(forecast_for(self.actor, forecast_id)).data)


class ForecastPublish(BrandApiView):
    """Publishing a version."""

    serializer_class = ForecastSerializer
    permissions = WRITE

    @extend_schema(operation_id="forecast_publish", tags=["demand"], request=None, responses={200: ForecastSerializer})
    def post(self, request: Request, forecast_id: UUID, **_kwargs: object) -> Response:
        """This function will make a version the one that planning reads."""
        done = actions.publish_forecast(forecast_id=forecast_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)


class ForecastCopyWeek(BrandApiView):
    """Copying a week."""

    serializer_class = ForecastSerializer
    permissions = WRITE

    @extend_schema(
        operation_id="forecast_copy_week",
        tags=["demand"],
        request=CopyWeekSerializer,
        responses={201: ForecastSerializer},
    )
    def post(self, request: Request, **_kwargs: object) -> Response:
        """This function will copy another week's newest version as a draft."""
        body = self.body(CopyWeekSerializer)
        made = actions.copy_week(**seen(body), by=self.actor, at=clock.now())
        return Response(self.get_serializer(made).data, status=201)


class ForecastBaseline(BrandApiView):
    """A baseline from past weeks."""

    serializer_class = ForecastSerializer
    permissions = WRITE

    @extend_schema(
        operation_id="forecast_baseline",
        tags=["demand"],
        request=BaselineSerializer,
        responses={201: ForecastSerializer},
    )
    def post(self, request: Request, **_kwargs: object) -> Response:
        """This function will make a draft from what came in the last six weeks."""
        body = self.body(BaselineSerializer)
        made = actions.baseline_forecast(**seen(body), by=self.actor, at=clock.now())
        return Response(self.get_serializer(made).data, status=201)


class ActualList(BrandApiView):
    """What came."""

    serializer_class = ActualPointSerializer
    permissions = PLAN

    @extend_schema(operation_id="actual_list", tags=["demand"], parameters=WINDOW)
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list what came, by quarter of an hour."""
        return self.listed(_in_window(self, request, ActualPoint.objects.for_actor(self.actor)))

    @extend_schema(
        operation_id="actual_record",
        tags=["demand"],
        request=RecordActualsSerializer,
        responses={200: RecordedSerializer},
    )
    def post(self, request: Request, **_kwargs: object) -> Response:
        """This function will record what came; a bad interval writes nothing and names itself."""
        body = self.body(RecordActualsSerializer)
        quarters = actions.record_actuals(
            program_id=body["program_id"],
            channel=body["channel"],
            language=body["language"],
            actuals=[ActualInterval(**one, label=_label(one)) for one in body["intervals"]],
            by=self.actor,
            at=clock.now(),
        )
        return Response({"quarters": quarters})


class InHouseCoverageList(BrandApiView):
    """Own staff."""

    serializer_class = InHouseCoverageSerializer
    permissions = PLAN

    @extend_schema(operation_id="in_house_coverage_list", tags=["demand"], parameters=WINDOW)
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list the brand's own people, by quarter of an hour."""
        return self.listed(_in_window(self, request, InHouseCoverage.objects.for_actor(self.actor)))

    @extend_schema(
        operation_id="in_house_coverage_record",
        tags=["demand"],
        request=RecordOwnStaffSerializer,
        responses={200: RecordedSerializer},
    )
    def post(self, request: Request, **_kwargs: object) -> Response:
        """This function will record own staff; a bad interval writes nothing and names itself."""
        body = self.body(RecordOwnStaffSerializer)
        quarters = actions.record_in_house(
            program_id=body["program_id"],
            channel=body["channel"],
            language=body["language"],
            heads=[OwnStaff(**one, label=_label(one)) for one in body["intervals"]],
            by=self.actor,
            at=clock.now(),
        )
        return Response({"quarters": quarters})


def seen(body: dict[str, Any]) -> dict[str, Any]:
    """This function will return the body with its version named as actions name it."""
    rest = {name: value for name, value in body.items() if name != "version"}
    return {**rest, "seen_version": body.get("version")}


def _label(one: dict[str, Any]) -> str:
    return str(one["starts_at"].astimezone(UTC).isoformat())


def of_program(view: BrandApiView, request: Request, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """This function will narrow to one program of the brand, where the address names one."""
    wanted = request.query_params.get("program_id")
    if not wanted:
        return rows
    try:
        program = program_of(view.actor, UUID(wanted))
    except ValueError as unreadable:
        raise Invalid(_("This is no id of a program."), field="program_id") from unreadable
    return rows.filter(program=program)


def _in_window(view: BrandApiView, request: Request, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    rows = of_program(view, request, rows)
    for name, lookup in (("from", "starts_at__gte"), ("to", "starts_at__lt")):
        if request.query_params.get(name):
            rows = rows.filter(**{lookup: _moment(request.query_params[name], name)})
    return rows


def _moment(text: str, name: str) -> datetime:
    try:
        found = parse_datetime(text.replace(" ", "+"))
        if found is None or found.utcoffset() is None or abs(found.utcoffset() or timedelta()) > timedelta(days=1):
            raise ValueError
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as unreadable:
        raise Invalid(_("Give a moment with an offset, such as 2026-11-23T09:00:00Z."), field=name) from unreadable
