"""The agent's own profile and places."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.web.api.views import AgentApiView
from recruiting.api.serializers import AgentProfileSerializer, OwnEngagementSerializer
from recruiting.models import Engagement
from recruiting.queries import agent_for


class ProfileView(AgentApiView):
    """The agent's own profile."""

    serializer_class = AgentProfileSerializer

    @extend_schema(operation_id="my_profile", tags=["agents"])
    def get(self, request: Request) -> Response:
        """This function will answer the profile with skills and languages."""
        return Response(self.get_serializer(agent_for(self.actor)).data)


class MyEngagementList(AgentApiView):
    """The agent's places in programs."""

    serializer_class = OwnEngagementSerializer
    queryset = Engagement.objects.none()

    @extend_schema(operation_id="my_engagements", tags=["engagements"])
    def get(self, request: Request) -> Response:
        """This function will answer the agent's engagements, newest first."""
        return self.listed(Engagement.objects.for_actor(self.actor).select_related("program__brand"))
