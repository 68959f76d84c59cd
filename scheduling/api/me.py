"""An agent's shifts, claims and sessions for machines."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.web.api.views import AgentApiView
from scheduling import actions
from scheduling.actions.claims import SeenShift
from scheduling.api.serializers import (
    AcceptedPointsSerializer,
    ClaimSerializer,
    DeviceSerializer,
    OpenShiftsSerializer,
    ReleaseCostSerializer,
    SeenSerializer,
    WorkSessionSerializer,
)
from scheduling.models import Claim
from scheduling.queries.doors import claim_for, worker_for
from scheduling.queries.open_shifts import open_shifts
from scheduling.queries.releases import release_cost


class MyOpenShifts(AgentApiView):
    """Shifts the agent may see."""

    serializer_class = OpenShiftsSerializer
    pagination_class = None  # type: ignore[assignment]  # one short list; the framework takes None for "all at once"

    @extend_schema(operation_id="my_open_shifts", tags=["work"])
    def get(self, request: Request) -> Response:
        """This function will list the coming shifts of the agent's programs with what hinders them."""
        found = open_shifts(worker_for(self.actor), clock.now())
        return Response(self.get_serializer({"results": found}).data)


class MyShiftClaim(AgentApiView):
    """Claiming a seat."""

    serializer_class = ClaimSerializer

    @extend_schema(
        operation_id="my_shift_claim", tags=["work"], request=SeenSerializer, responses={201: ClaimSerializer}
    )
    def post(self, request: Request, shift_id: UUID) -> Response:
        """This function will take one seat of the shift; asking again gets the same claim back."""
        body = self.body(SeenSerializer)
        seen = seen_of(body)
        done = actions.claim_shift(
            shift_id=shift_id, agent=worker_for(self.actor), by=self.actor, at=clock.now(), seen=seen
        )
        return Response(self.get_serializer(done).data, status=201)


def seen_of(body: Mapping[str, Any]) -> SeenShift | None:
    """This function will return what was sent to be compared; no version is none that matches, no pay is none that is lower."""
    if not body:
        return None
    return SeenShift(
        body.get("version", 0), body.get("pay_per_hour_minor", 0), body.get("starts_at"), body.get("ends_at")
    )


class MyClaims(AgentApiView):
    """The agent's own claims."""

    serializer_class = ClaimSerializer

    @extend_schema(operation_id="my_claim_list", tags=["work"])
    def get(self, request: Request) -> Response:
        """This function will list the agent's claims."""
        return self.listed(Claim.objects.for_actor(self.actor))


class MyReleaseCost(AgentApiView):
    """What giving a seat back costs."""

    serializer_class = ReleaseCostSerializer

    @extend_schema(operation_id="my_claim_release_cost", tags=["work"])
    def get(self, request: Request, claim_id: UUID) -> Response:
        """This function will say what giving the seat back costs now and when that changes."""
        return Response(self.get_serializer(release_cost(claim_for(self.actor, claim_id), at=clock.now())).data)


class MyClaimRelease(AgentApiView):
    """Giving a seat back."""

    serializer_class = ClaimSerializer

    @extend_schema(
        operation_id="my_claim_release",
        tags=["work"],
        request=AcceptedPointsSerializer,
        responses={200: ClaimSerializer},
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """This function will give the seat back at the cost that was shown."""
        body = self.body(AcceptedPointsSerializer)
        done = actions.release_claim(claim_id=claim_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(done).data)


class MyClaimUndo(AgentApiView):
    """Undoing a fresh claim."""

    serializer_class = ClaimSerializer

    @extend_schema(operation_id="my_claim_undo", tags=["work"], request=None, responses={200: ClaimSerializer})
    def post(self, request: Request, claim_id: UUID) -> Response:
        """This function will take a fresh claim back without a trace."""
        done = actions.undo_claim(claim_id=claim_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)


class MySessionBeat(AgentApiView):
    """The heartbeat of a desk."""

    serializer_class = WorkSessionSerializer

    @extend_schema(
        operation_id="my_work_session_beat",
        tags=["work"],
        request=DeviceSerializer,
        responses={200: WorkSessionSerializer},
    )
    def post(self, request: Request, session_id: UUID) -> Response:
        """This function will note that the desk is still there."""
        body = self.body(DeviceSerializer)
        done = actions.beat(session_id=session_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(done).data)
