"""The day for machines: the board, remedies, incidents; and for agents sessions, outages and excuses."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.tenancy.roles import Permission
from gigcx.web.api.views import AgentApiView, BrandApiView
from scheduling import actions
from scheduling.api.day_serializers import (
    AskedExcuseSerializer,
    CheckInSerializer,
    DeclaredSerializer,
    ExcusalSerializer,
    IncidentSerializer,
    OutageReportSerializer,
    OutageSerializer,
    RemedySerializer,
    StateSerializer,
    VtoTakenSerializer,
    WallboardSerializer,
)
from scheduling.api.serializers import DeviceSerializer, WorkSessionSerializer
from scheduling.models import Excusal, Incident, Remedy, WorkSession
from scheduling.queries.doors import program_of
from scheduling.queries.incidents import incident_for
from scheduling.queries.remedies import remedy_for
from scheduling.queries.wallboard import wallboard

_PLAN = {"GET": Permission.VIEW, "POST": Permission.PLAN_CAPACITY}


class WallboardView(BrandApiView):
    """One program now."""

    serializer_class = WallboardSerializer

    @extend_schema(operation_id="wallboard", tags=["the day"])
    def get(self, request: Request, program_id: UUID, **_kwargs: object) -> Response:
        """This function will answer who is needed, there and missing, and what closes the gaps."""
        board = wallboard(program_of(self.actor, program_id), at=clock.now())
        return Response(self.get_serializer(board).data, headers={"ETag": f'"{board.fingerprint}"'})


class RemedyList(BrandApiView):
    """Ways to close gaps, proposed and done."""

    serializer_class = RemedySerializer

    @extend_schema(operation_id="remedy_list", tags=["the day"])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list the brand's remedies."""
        return self.listed(Remedy.objects.for_actor(self.actor))


class RemedyAct(BrandApiView):
    """Carrying a remedy out."""

    serializer_class = RemedySerializer
    permissions = {"POST": Permission.PLAN_CAPACITY}

    @extend_schema(operation_id="remedy_act", tags=["the day"], request=None, responses={200: RemedySerializer})
    def post(self, request: Request, remedy_id: UUID, **_kwargs: object) -> Response:
        """This function will carry a remedy out within the request's remedy budget."""
        remedy_for(self.actor, remedy_id)
        done = actions.act_on_remedy(remedy_id=remedy_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)


class RemedyDismiss(BrandApiView):
    """Taking a remedy off the board."""

    serializer_class = RemedySerializer
    permissions = {"POST": Permission.PLAN_CAPACITY}

    @extend_schema(operation_id="remedy_dismiss", tags=["the day"], request=None, responses={200: RemedySerializer})
    def post(self, request: Request, remedy_id: UUID, **_kwargs: object) -> Response:
        """This function will take a proposed remedy off the board."""
        done = actions.dismiss_remedy(remedy_id=remedy_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)


class IncidentList(BrandApiView):
    """Incidents of the brand."""

    serializer_class = IncidentSerializer
    permissions = _PLAN

    @extend_schema(operation_id="incident_list", tags=["the day"])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list the brand's incidents."""
        return self.listed(Incident.objects.for_actor(self.actor))

    @extend_schema(
        operation_id="incident_declare",
        tags=["the day"],
        request=DeclaredSerializer,
        responses={201: IncidentSerializer},
    )
    def post(self, request: Request, **_kwargs: object) -> Response:
        """This function will declare what the brand's own tools did."""
        body = self.body(DeclaredSerializer)
        scope = {"program_ids": [str(one) for one in body.pop("program_ids", [])]}
        made = actions.declare_incident(
            brand_id=self.actor.brand_id, cause_owner="brand", scope=scope, by=self.actor, at=clock.now(), **body
        )
        return Response(self.get_serializer(made).data, status=201)


class IncidentDetail(BrandApiView):
    """One incident."""

    serializer_class = IncidentSerializer

    @extend_schema(operation_id="incident", tags=["the day"])
    def get(self, request: Request, incident_id: UUID, **_kwargs: object) -> Response:
        """This function will answer one incident."""
        return Response(self.get_serializer(incident_for(self.actor, incident_id)).data)


class IncidentResolve(BrandApiView):
    """Saying that an incident is over."""

    serializer_class = IncidentSerializer
    permissions = {"POST": Permission.PLAN_CAPACITY}

    @extend_schema(operation_id="incident_resolve", tags=["the day"], request=None, responses={200: IncidentSerializer})
    def post(self, request: Request, incident_id: UUID, **_kwargs: object) -> Response:
        """This function will say that an incident is over, from now on."""
        done = actions.resolve_incident(incident_id=incident_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)


class ExcusalList(BrandApiView):
    """What excuses claims on the brand's shifts."""

    serializer_class = ExcusalSerializer

    @extend_schema(operation_id="excusal_list", tags=["the day"])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list the excusals of the brand's claims."""
        return self.listed(Excusal.objects.for_actor(self.actor))


class MyClaimCheckIn(AgentApiView):
    """Beginning work."""

    serializer_class = WorkSessionSerializer

    @extend_schema(
        operation_id="my_claim_check_in",
        tags=["work"],
        request=CheckInSerializer,
        responses={201: WorkSessionSerializer},
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """This function will open the desk on this device."""
        body = self.body(CheckInSerializer)
        made = actions.check_in(claim_id=claim_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(made).data, status=201)


class MySessions(AgentApiView):
    """The agent's sessions."""

    serializer_class = WorkSessionSerializer

    @extend_schema(operation_id="my_work_session_list", tags=["work"])
    def get(self, request: Request) -> Response:
        """This function will list the agent's sessions."""
        return self.listed(WorkSession.objects.for_actor(self.actor))


class MySessionState(AgentApiView):
    """What the agent does now."""

    serializer_class = WorkSessionSerializer

    @extend_schema(
        operation_id="my_work_session_state",
        tags=["work"],
        request=StateSerializer,
        responses={200: WorkSessionSerializer},
    )
    def post(self, request: Request, session_id: UUID) -> Response:
        """This function will note what the agent does now."""
        body = self.body(StateSerializer)
        done = actions.record_state(session_id=session_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(done).data)


class MySessionEnd(AgentApiView):
    """Leaving the desk."""

    serializer_class = WorkSessionSerializer

    @extend_schema(
        operation_id="my_work_session_check_out",
        tags=["work"],
        request=DeviceSerializer,
        responses={200: WorkSessionSerializer},
    )
    def post(self, request: Request, session_id: UUID) -> Response:
        """This function will end the session and the claim's work."""
        body = self.body(DeviceSerializer)
        done = actions.check_out(session_id=session_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(done).data)


class MyOutage(AgentApiView):
    """Saying that something is down."""

    serializer_class = OutageReportSerializer

    @extend_schema(
        operation_id="my_claim_outage",
        tags=["work"],
        request=OutageSerializer,
        responses={201: OutageReportSerializer},
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """This function will report an outage."""
        body = self.body(OutageSerializer)
        made = actions.report_outage(claim_id=claim_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(made).data, status=201)


class MyExcuse(AgentApiView):
    """Asking to be excused."""

    serializer_class = ExcusalSerializer

    @extend_schema(
        operation_id="my_claim_excuse",
        tags=["work"],
        request=AskedExcuseSerializer,
        responses={201: ExcusalSerializer},
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """This function will ask that a claim's points be void."""
        body = self.body(AskedExcuseSerializer)
        made = actions.request_excuse(claim_id=claim_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(made).data, status=201)


class MyTimeOff(AgentApiView):
    """Leaving early by choice."""

    serializer_class = VtoTakenSerializer

    @extend_schema(operation_id="my_claim_time_off", tags=["work"], request=None, responses={200: VtoTakenSerializer})
    def post(self, request: Request, claim_id: UUID) -> Response:
        """This function will take the time off that is on offer."""
        made = actions.accept_vto(claim_id=claim_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(made).data)
