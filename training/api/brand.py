"""A brand's courses, to read."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.web.api.views import BrandApiView
from training.api.serializers import CourseSerializer, CourseVersionSerializer, EnrolmentSerializer
from training.models import Course, CourseVersion, Enrolment
from training.queries import course_for, version_for


class CourseList(BrandApiView):
    """The brand's courses."""

    serializer_class = CourseSerializer
    queryset = Course.objects.none()

    @extend_schema(operation_id="courses", tags=["courses"])
    def get(self, request: Request) -> Response:
        """This function will answer the brand's courses, newest first."""
        return self.listed(Course.objects.for_actor(self.actor))


class CourseDetail(BrandApiView):
    """One course."""

    serializer_class = CourseSerializer

    @extend_schema(operation_id="course", tags=["courses"])
    def get(self, request: Request, course_id: UUID) -> Response:
        """This function will answer one course of the brand."""
        return Response(self.get_serializer(course_for(self.actor, course_id)).data)


class CourseVersionList(BrandApiView):
    """The versions of a course."""

    serializer_class = CourseVersionSerializer
    queryset = CourseVersion.objects.none()

    @extend_schema(operation_id="course_versions", tags=["courses"])
    def get(self, request: Request, course_id: UUID) -> Response:
        """This function will answer a course's versions, newest first."""
        course = course_for(self.actor, course_id)
        return self.listed(CourseVersion.objects.for_actor(self.actor).filter(course=course))


class CourseVersionDetail(BrandApiView):
    """One version of a course."""

    serializer_class = CourseVersionSerializer

    @extend_schema(operation_id="course_version", tags=["courses"])
    def get(self, request: Request, course_version_id: UUID) -> Response:
        """This function will answer one version of one of the brand's courses."""
        return Response(self.get_serializer(version_for(self.actor, course_version_id)).data)


class EnrolmentList(BrandApiView):
    """Who learns the brand's courses."""

    serializer_class = EnrolmentSerializer
    queryset = Enrolment.objects.none()

    @extend_schema(operation_id="enrolments", tags=["enrolments"])
    def get(self, request: Request) -> Response:
        """This function will answer the enrolments in the brand's courses, newest first."""
        return self.listed(Enrolment.objects.for_actor(self.actor).select_related("course"))
