"""Writes of training: authoring, publishing, learning."""

from training.actions.activity import answer_check, record_activity
from training.actions.closing import close_course, close_due_enrolment, close_enrolments
from training.actions.courses import (
    add_module,
    add_page,
    create_course,
    move_page,
    remove_page,
    save_course_settings,
    start_draft,
)
from training.actions.finishing import settle_completed_enrolment
from training.actions.learning import (
    complete_enrolment,
    complete_page,
    enroll,
    move_enrolment,
    open_page,
    withdraw_enrolment,
)
from training.actions.pages import add_check, remove_check, save_check, save_page
from training.actions.publishing import (
    approve_own_version,
    approve_version,
    publish_course_version,
    request_review,
    return_version,
)

__all__ = [
    "add_check",
    "add_module",
    "add_page",
    "answer_check",
    "approve_own_version",
    "approve_version",
    "close_course",
    "close_due_enrolment",
    "close_enrolments",
    "complete_enrolment",
    "complete_page",
    "create_course",
    "enroll",
    "move_enrolment",
    "move_page",
    "open_page",
    "publish_course_version",
    "record_activity",
    "remove_check",
    "remove_page",
    "request_review",
    "return_version",
    "save_check",
    "save_course_settings",
    "save_page",
    "settle_completed_enrolment",
    "start_draft",
    "withdraw_enrolment",
]
