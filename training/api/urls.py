"""Training's part of the API."""

from django.urls import URLPattern, URLResolver, path

from training.api import brand, me

_BRAND = "brands/<slug:slug>/"
_MINE = "me/enrolments/<uuid:enrolment_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/enrolments/", me.MyEnrolmentList.as_view(), name="api-my-enrolment-list"),
    path(_MINE, me.MyEnrolment.as_view(), name="api-my-enrolment"),
    path(f"{_MINE}pages/<uuid:page_id>/", me.MyLesson.as_view(), name="api-my-lesson"),
    path(f"{_MINE}pages/<uuid:page_id>/done/", me.FinishLesson.as_view(), name="api-my-lesson-done"),
    path(f"{_MINE}pages/<uuid:page_id>/activity/", me.CountActivity.as_view(), name="api-my-lesson-activity"),
    path(f"{_MINE}checks/<uuid:check_id>/", me.AnswerCheck.as_view(), name="api-my-check-answer"),
    path(f"{_BRAND}courses/", brand.CourseList.as_view(), name="api-course-list"),
    path(f"{_BRAND}courses/<uuid:course_id>/", brand.CourseDetail.as_view(), name="api-course"),
    path(
        f"{_BRAND}courses/<uuid:course_id>/versions/", brand.CourseVersionList.as_view(), name="api-course-version-list"
    ),
    path(
        f"{_BRAND}course-versions/<uuid:course_version_id>/",
        brand.CourseVersionDetail.as_view(),
        name="api-course-version",
    ),
    path(f"{_BRAND}enrolments/", brand.EnrolmentList.as_view(), name="api-enrolment-list"),
]
