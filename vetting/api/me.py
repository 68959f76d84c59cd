"""The agent's own certificates and sittings."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.web.api.views import AgentApiView
from vetting import actions
from vetting.api.serializers import AnswerSerializer, AttemptSerializer, CertificateSerializer, SavedSerializer
from vetting.models import Attempt, Certificate
from vetting.queries import attempt_for, attempts_for, certificates_for


class MyCertificateList(AgentApiView):
    """The agent's certificates."""

    serializer_class = CertificateSerializer
    queryset = Certificate.objects.none()

    @extend_schema(operation_id="my_certificates", tags=["certificates"])
    def get(self, request: Request) -> Response:
        """This function will list the agent's certificates, newest first."""
        return self.listed(certificates_for(self.actor))


class MyAttemptList(AgentApiView):
    """The agent's sittings."""

    serializer_class = AttemptSerializer
    queryset = Attempt.objects.none()

    @extend_schema(operation_id="my_attempts", tags=["attempts"])
    def get(self, request: Request) -> Response:
        """This function will list the agent's sittings, newest first."""
        return self.listed(attempts_for(self.actor), server_now=clock.now())


class MyAttempt(AgentApiView):
    """One sitting."""

    serializer_class = AttemptSerializer

    @extend_schema(operation_id="my_attempt", tags=["attempts"])
    def get(self, request: Request, attempt_id: UUID) -> Response:
        """This function will show a sitting; looking closes what ran over."""
        attempt_for(self.actor, attempt_id)
        actions.close_overdue_attempt(attempt_id=attempt_id, at=clock.now())
        found = attempt_for(self.actor, attempt_id)
        return Response(AttemptSerializer(found, context={"server_now": clock.now()}).data)


class MyAnswer(AgentApiView):
    """Answers to a sitting."""

    serializer_class = AnswerSerializer

    @extend_schema(operation_id="save_answer", tags=["attempts"], request=AnswerSerializer, responses=SavedSerializer)
    def post(self, request: Request, attempt_id: UUID) -> Response:
        """This function will keep an answer; the same number twice is one answer."""
        given, at = self.body(), clock.now()
        saved = actions.save_response(
            attempt_id=attempt_id,
            position=given["position"],
            payload=given["payload"],
            client_seq=given["client_seq"],
            seat=given["seat"],
            by=self.actor,
            at=at,
        )
        body = {
            "position": given["position"],
            "client_seq": saved.client_seq,
            "saved_at": saved.saved_at,
            "deadline": attempt_for(self.actor, attempt_id).deadline_at,
            "server_now": at,
        }
        return Response(SavedSerializer(body).data)
