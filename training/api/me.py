"""The agent's own courses."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.web.api.views import AgentApiView
from training import actions, queries
from training.api.serializers import (
    ActivityInputSerializer,
    ActivitySerializer,
    AnswerInputSerializer,
    EnrolmentHomeSerializer,
    EnrolmentSerializer,
    LessonSerializer,
    NothingSerializer,
    QuestionSerializer,
)
from training.models import Enrolment
from training.states import CheckKind


class MyEnrolmentList(AgentApiView):
    """The agent's courses."""

    serializer_class = EnrolmentSerializer
    queryset = Enrolment.objects.none()

    @extend_schema(operation_id="my_enrolments", tags=["enrolments"])
    def get(self, request: Request) -> Response:
        """This function will answer the agent's enrolments, newest first."""
        return self.listed(Enrolment.objects.for_actor(self.actor).select_related("course"))


class MyEnrolment(AgentApiView):
    """One of the agent's courses."""

    serializer_class = EnrolmentHomeSerializer

    @extend_schema(operation_id="my_enrolment", tags=["enrolments"])
    def get(self, request: Request, enrolment_id: UUID) -> Response:
        """This function will answer an enrolment with its pages."""
        return Response(self._shown(queries.enrolment_for(self.actor, enrolment_id)))

    def _shown(self, enrolment: Enrolment) -> Any:
        enrolment.home = queries.course_home(enrolment)  # type: ignore[attr-defined]  # for the serializer only
        return EnrolmentHomeSerializer(enrolment).data


class MyLesson(AgentApiView):
    """A page of one of the agent's courses."""

    serializer_class = LessonSerializer

    @extend_schema(operation_id="my_lesson", tags=["enrolments"])
    def get(self, request: Request, enrolment_id: UUID, page_id: UUID) -> Response:
        """This function will answer a page in parts: safe HTML and questions."""
        enrolment = queries.enrolment_for(self.actor, enrolment_id)
        return Response(self.get_serializer(queries.lesson_of(enrolment, page_id)).data)


class FinishLesson(MyEnrolment):
    """Done with a page."""

    http_method_names = ("post", "options")

    @extend_schema(operation_id="finish_lesson", tags=["enrolments"], request=NothingSerializer)
    def post(self, request: Request, enrolment_id: UUID, page_id: UUID) -> Response:
        """This function will mark a page as done; the last required one finishes the course."""
        actions.complete_page(enrolment_id=enrolment_id, page_id=page_id, by=self.actor, at=clock.now())
        return Response(self._shown(queries.enrolment_for(self.actor, enrolment_id)))


class CountActivity(AgentApiView):
    """Learning time."""

    serializer_class = ActivityInputSerializer

    @extend_schema(operation_id="count_activity", tags=["enrolments"], responses=ActivitySerializer)
    def post(self, request: Request, enrolment_id: UUID, page_id: UUID) -> Response:
        """This function will count pings as learning time by the server's clock."""
        at = clock.now()
        pings = [at - timedelta(seconds=ago) for ago in self.body()["ago"]]
        seconds = actions.record_activity(enrolment_id=enrolment_id, page_id=page_id, pings=pings, by=self.actor, at=at)
        return Response(ActivitySerializer({"counted_seconds": seconds}).data)


class AnswerCheck(AgentApiView):
    """An answer to a question."""

    serializer_class = AnswerInputSerializer

    @extend_schema(operation_id="answer_check", tags=["enrolments"], responses=QuestionSerializer)
    def post(self, request: Request, enrolment_id: UUID, check_id: UUID) -> Response:
        """This function will grade an answer and say what is said to it."""
        given = self.body()
        enrolment = queries.enrolment_for(self.actor, enrolment_id)
        check = queries.check_in(enrolment, check_id)
        is_text = check.kind == CheckKind.SHORT_TEXT
        actions.answer_check(
            enrolment_id=enrolment.pk,
            check_id=check.pk,
            client_seq=given["client_seq"],
            response={"text": given.get("text", "")} if is_text else {"options": given.get("options", [])},
            by=self.actor,
            at=clock.now(),
        )
        return Response(QuestionSerializer(queries.question_of(enrolment, check)).data)
