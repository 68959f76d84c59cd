"""A brand's programs, prices and people."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.tenancy.roles import Permission
from gigcx.web.api.views import BrandApiView
from recruiting import actions
from recruiting.api.serializers import (
    DeclineSerializer,
    EngagementSerializer,
    NoInputSerializer,
    ProgramSerializer,
    RateCardSerializer,
)
from recruiting.models import Engagement, Program, RateCard
from recruiting.queries import engagement_for, program_for


class ProgramList(BrandApiView):
    """The brand's programs."""

    serializer_class = ProgramSerializer
    queryset = Program.objects.none()

    @extend_schema(operation_id="programs", tags=["programs"])
    def get(self, request: Request) -> Response:
        """This function will answer the brand's programs, newest first."""
        return self.listed(Program.objects.for_actor(self.actor))


class ProgramDetail(BrandApiView):
    """One program."""

    serializer_class = ProgramSerializer

    @extend_schema(operation_id="program", tags=["programs"])
    def get(self, request: Request, program_id: UUID) -> Response:
        """This function will answer one program of the brand."""
        return Response(self.get_serializer(program_for(self.actor, program_id)).data)


class RateCardList(BrandApiView):
    """The versions of a program's prices."""

    serializer_class = RateCardSerializer
    queryset = RateCard.objects.none()

    @extend_schema(operation_id="rate_cards", tags=["rate cards"])
    def get(self, request: Request, program_id: UUID) -> Response:
        """This function will answer the program's rate cards with their lines, newest first."""
        program = program_for(self.actor, program_id)
        return self.listed(RateCard.objects.for_actor(self.actor).filter(program=program).with_lines())


class EngagementList(BrandApiView):
    """The brand's people."""

    serializer_class = EngagementSerializer
    queryset = Engagement.objects.none()

    @extend_schema(operation_id="engagements", tags=["engagements"])
    def get(self, request: Request) -> Response:
        """This function will answer the brand's engagements, newest first."""
        return self.listed(Engagement.objects.for_actor(self.actor).select_related("agent__user"))


class EngagementDetail(BrandApiView):
    """One person in one program."""

    serializer_class = EngagementSerializer

    @extend_schema(operation_id="engagement", tags=["engagements"])
    def get(self, request: Request, engagement_id: UUID) -> Response:
        """This function will answer one engagement of the brand."""
        return Response(self.get_serializer(engagement_for(self.actor, engagement_id)).data)


class AcceptEngagement(BrandApiView):
    """Taking an applicant on."""

    serializer_class = EngagementSerializer
    permissions = {"POST": Permission.MANAGE_ENGAGEMENTS}

    @extend_schema(operation_id="accept_engagement", tags=["engagements"], request=NoInputSerializer)
    def post(self, request: Request, engagement_id: UUID) -> Response:
        """This function will accept an application."""
        engagement = engagement_for(self.actor, engagement_id)
        accepted = actions.accept_engagement(engagement_id=engagement.pk, by=self.actor, at=clock.now())
        return Response(self.get_serializer(accepted).data)


class DeclineEngagement(BrandApiView):
    """Turning an applicant down."""

    serializer_class = EngagementSerializer
    permissions = {"POST": Permission.MANAGE_ENGAGEMENTS}

    @extend_schema(operation_id="decline_engagement", tags=["engagements"], request=DeclineSerializer)
    def post(self, request: Request, engagement_id: UUID) -> Response:
        """This function will decline an application with a reason that the agent reads."""
        engagement = engagement_for(self.actor, engagement_id)
        words = self.body(DeclineSerializer)
        declined = actions.decline_engagement(engagement_id=engagement.pk, by=self.actor, at=clock.now(), **words)
        return Response(self.get_serializer(declined).data)
