"""Addresses of training: brands under /b/<slug>/training/, agents under /work/learn/courses/."""

from django.urls import path

from training.views import authoring, courses, learning, publishing

app_name = "training"
_BRAND = "b/<slug:slug>/training/"
_VERSION = f"{_BRAND}versions/<uuid:course_version_id>/"
_PAGE = f"{_BRAND}pages/<uuid:page_id>/"
_ENROLMENT = "work/learn/courses/<uuid:enrolment_id>/"

urlpatterns = [
    path(_BRAND, courses.course_list, name="courses"),
    path(f"{_BRAND}courses/new/", courses.course_new, name="course-new"),
    path(f"{_BRAND}courses/<uuid:course_id>/", courses.course_detail, name="course"),
    path(f"{_BRAND}courses/<uuid:course_id>/draft/", courses.draft_start, name="draft-start"),
    path(f"{_BRAND}courses/<uuid:course_id>/close/", courses.course_close, name="course-close"),
    path(_VERSION, authoring.version_edit, name="version"),
    path(f"{_VERSION}settings/", authoring.version_settings, name="version-settings"),
    path(f"{_VERSION}chapters/", authoring.module_add, name="module-add"),
    path(f"{_VERSION}publish/", publishing.checklist, name="version-publish"),
    path(f"{_VERSION}review/", publishing.review_request, name="version-review"),
    path(f"{_VERSION}return/", publishing.version_return, name="version-return"),
    path(f"{_VERSION}approve/", publishing.version_approve, name="version-approve"),
    path(f"{_VERSION}approve-own/", publishing.version_approve_own, name="version-approve-own"),
    path(f"{_VERSION}publish/confirm/", publishing.version_publish, name="version-publish-confirm"),
    path(f"{_BRAND}chapters/<uuid:module_id>/pages/", authoring.page_add, name="page-add"),
    path(_PAGE, authoring.page_edit, name="page"),
    path(f"{_PAGE}preview/", authoring.page_preview, name="page-preview"),
    path(f"{_PAGE}move/", authoring.page_move, name="page-move"),
    path(f"{_PAGE}remove/", authoring.page_remove, name="page-remove"),
    path(f"{_PAGE}questions/new/", authoring.check_new, name="check-new"),
    path(f"{_BRAND}questions/<uuid:check_id>/", authoring.check_edit, name="check"),
    path(f"{_BRAND}questions/<uuid:check_id>/remove/", authoring.check_remove, name="check-remove"),
    path("work/learn/courses/", learning.my_courses, name="my-courses"),
    path("work/learn/courses/about/<uuid:course_id>/", learning.course_about, name="course-about"),
    path(_ENROLMENT, learning.course_home, name="course-home"),
    path(f"{_ENROLMENT}stop/", learning.course_stop, name="course-stop"),
    path(f"{_ENROLMENT}move/", learning.course_move, name="course-move"),
    path(f"{_ENROLMENT}pages/<uuid:page_id>/", learning.lesson, name="lesson"),
    path(f"{_ENROLMENT}pages/<uuid:page_id>/done/", learning.lesson_done, name="lesson-done"),
    path(f"{_ENROLMENT}pages/<uuid:page_id>/activity/", learning.lesson_activity, name="lesson-activity"),
    path(f"{_ENROLMENT}questions/<uuid:check_id>/", learning.check_answer, name="check-answer"),
]
