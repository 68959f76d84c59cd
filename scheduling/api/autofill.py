"""Auto-fill for machines: plans of a brand's requests, and an agent's consent."""

from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.audit.hints import hint
from gigcx.kernel import clock
from gigcx.tenancy.roles import Permission
from gigcx.web.api.fields import MomentField
from gigcx.web.api.views import AgentApiView, BrandApiView
from scheduling import actions
from scheduling.actions.releases import decline_auto_fill
from scheduling.api.serializers import ClaimSerializer
from scheduling.models import AssignmentRun
from scheduling.queries.doors import request_for, run_for, worker_for
from scheduling.queries.open_shifts import calendar_of
from scheduling.tasks.autofill import grant_auto_fill, solve_auto_fill

_PLAN = {"GET": Permission.VIEW, "POST": Permission.PLAN_CAPACITY}


class AssignmentRunSerializer(serializers.ModelSerializer[AssignmentRun]):
    """A run of auto-fill: picks, why seats stay empty, and how good the plan is."""

    request_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = AssignmentRun
        fields = ("id", "request_id", "state", "picks", "reasons", "figures", "created_at", "solved_at", "applied_at")
        read_only_fields = fields


class ConsentSerializer(serializers.Serializer[Any]):
    """Since when auto-fill may book the agent; null where it may not."""

    allowed_at = MomentField(source="auto_fill_at", allow_null=True, read_only=True)


class RunList(BrandApiView):
    """Runs of one request."""

    serializer_class = AssignmentRunSerializer
    permissions = _PLAN

    @extend_schema(operation_id="assignment_run_list", tags=["capacity"])
    def get(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will list the request's runs."""
        found = request_for(self.actor, request_id)
        return self.listed(AssignmentRun.objects.for_actor(self.actor).filter(request=found))

    @extend_schema(
        operation_id="assignment_run_start", tags=["capacity"], request=None, responses={202: AssignmentRunSerializer}
    )
    def post(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will ask for a plan; look at the run until its state is no longer "queued"."""
        with transaction.atomic():
            run = actions.start_auto_fill(request_id=request_id, by=self.actor, at=clock.now())
            transaction.on_commit(lambda: hint(solve_auto_fill, run_id=str(run.pk)))
        return Response(self.get_serializer(run).data, status=202)


class RunDetail(BrandApiView):
    """One run."""

    serializer_class = AssignmentRunSerializer

    @extend_schema(operation_id="assignment_run", tags=["capacity"])
    def get(self, request: Request, assignment_id: UUID, **_kwargs: object) -> Response:
        """This function will answer one run."""
        return Response(self.get_serializer(run_for(self.actor, assignment_id)).data)


class RunApply(BrandApiView):
    """Accepting a plan."""

    serializer_class = AssignmentRunSerializer
    permissions = _PLAN

    @extend_schema(
        operation_id="assignment_run_apply", tags=["capacity"], request=None, responses={202: AssignmentRunSerializer}
    )
    def post(self, request: Request, assignment_id: UUID, **_kwargs: object) -> Response:
        """This function will accept the plan; the run is "applied" when every pick was granted or refused."""
        with transaction.atomic():
            run = actions.apply_auto_fill(run_id=assignment_id, by=self.actor, at=clock.now())
            transaction.on_commit(lambda: hint(grant_auto_fill, run_id=str(run.pk)))
        return Response(self.get_serializer(run).data, status=202)


class RunCancel(BrandApiView):
    """Stopping a run, or throwing its plan away."""

    serializer_class = AssignmentRunSerializer
    permissions = _PLAN

    @extend_schema(
        operation_id="assignment_run_cancel", tags=["capacity"], request=None, responses={200: AssignmentRunSerializer}
    )
    def post(self, request: Request, assignment_id: UUID, **_kwargs: object) -> Response:
        """This function will stop the run; nobody is booked by it."""
        run = actions.cancel_auto_fill(run_id=assignment_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(run).data)


class MyConsent(AgentApiView):
    """The agent's word on being booked."""

    serializer_class = ConsentSerializer

    @extend_schema(operation_id="my_auto_fill", tags=["work"])
    def get(self, request: Request) -> Response:
        """This function will say whether auto-fill may book the agent."""
        calendar = calendar_of(worker_for(self.actor))
        return Response(self.get_serializer(calendar or {"auto_fill_at": None}).data)


class MyConsentAllow(AgentApiView):
    """Giving consent."""

    serializer_class = ConsentSerializer

    @extend_schema(operation_id="my_auto_fill_allow", tags=["work"], request=None, responses={200: ConsentSerializer})
    def post(self, request: Request) -> Response:
        """This function will let auto-fill book the agent while they are free."""
        return Response(self.get_serializer(actions.allow_auto_fill(by=self.actor, at=clock.now())).data)


class MyConsentStop(AgentApiView):
    """Withdrawing consent."""

    serializer_class = ConsentSerializer

    @extend_schema(operation_id="my_auto_fill_stop", tags=["work"], request=None, responses={200: ConsentSerializer})
    def post(self, request: Request) -> Response:
        """This function will end that; seats given before stay and can be declined as promised."""
        return Response(self.get_serializer(actions.stop_auto_fill(by=self.actor, at=clock.now())).data)


class MyClaimDecline(AgentApiView):
    """Declining a seat that auto-fill gave."""

    serializer_class = ClaimSerializer

    @extend_schema(operation_id="my_claim_decline", tags=["work"], request=None, responses={200: ClaimSerializer})
    def post(self, request: Request, claim_id: UUID) -> Response:
        """This function will decline the seat, free of charge, until the time that was promised with it."""
        done = decline_auto_fill(claim_id=claim_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)
