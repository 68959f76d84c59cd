"""States of course versions and enrolments, and the words for what can be wrong with a page."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.states import moves


class CourseVersionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")


OPEN_DRAFT_STATES: Final = (CourseVersionState.DRAFT, CourseVersionState.IN_REVIEW, CourseVersionState.APPROVED)
COURSE_VERSION_MOVES: Final = moves(
    {
        CourseVersionState.DRAFT: [CourseVersionState.IN_REVIEW],
        CourseVersionState.IN_REVIEW: [CourseVersionState.DRAFT, CourseVersionState.APPROVED],
        CourseVersionState.APPROVED: [CourseVersionState.DRAFT, CourseVersionState.PUBLISHED],
        CourseVersionState.PUBLISHED: [CourseVersionState.CLOSED],
    }
)


class EnrolmentState(models.TextChoices):
    ENROLLED = "enrolled", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    AWAITING_RESULT = "awaiting_result", _("Waiting for a result")
    COMPLETED = "completed", _("Completed")
    MOVED = "moved", _("Moved to a newer version")
    WITHDRAWN = "withdrawn", _("Stopped")
    CLOSED = "closed", _("Closed by the brand")


OPEN_ENROLMENT_STATES: Final = (EnrolmentState.ENROLLED, EnrolmentState.IN_PROGRESS, EnrolmentState.AWAITING_RESULT)
CLOSABLE_ENROLMENT_STATES: Final = (EnrolmentState.ENROLLED, EnrolmentState.IN_PROGRESS)
"""A course that only waits for a result is learned and paid already; the result decides."""
ENROLMENT_MOVES: Final = moves(
    {
        EnrolmentState.ENROLLED: [
            EnrolmentState.IN_PROGRESS,
            EnrolmentState.MOVED,
            EnrolmentState.WITHDRAWN,
            EnrolmentState.CLOSED,
        ],
        EnrolmentState.IN_PROGRESS: [
            EnrolmentState.COMPLETED,
            EnrolmentState.AWAITING_RESULT,
            EnrolmentState.MOVED,
            EnrolmentState.WITHDRAWN,
            EnrolmentState.CLOSED,
        ],
        EnrolmentState.AWAITING_RESULT: [EnrolmentState.COMPLETED, EnrolmentState.IN_PROGRESS],
    }
)


class ChangeClass(models.TextChoices):
    MINOR = "minor", _("Minor: wording, nobody has to read it again")
    MATERIAL = "material", _("Material: people who finished read the changed pages")
    BREAKING = "breaking", _("Breaking: everybody takes the course again")


class PayBasis(models.TextChoices):
    FIXED = "fixed", _("A fixed time for finishing")
    COUNTED = "counted", _("The time spent, up to a quarter more than planned")


class EnrolmentKind(models.TextChoices):
    FULL = "full", _("Full course")
    DELTA = "delta", _("Changed pages only")


class EnrolmentReason(models.TextChoices):
    FIRST = "first", _("First time")
    FORCED_UPDATE = "forced_update", _("The brand changed the course")
    RENEWAL = "renewal", _("Renewal")
    REST = "rest", _("The rest of a course that was closed before")
    REPEAT = "repeat", _("Reading it again, unpaid")


class ClosingCause(models.TextChoices):
    """Why an enrolment was closed: how the engagement ended, or that the course did."""

    WITHDRAWN = "withdrawn", _("The agent left the program")
    BRAND_ENDED = "brand_ended", _("The brand ended the engagement")
    PROGRAM_CLOSED = "program_closed", _("The program closed")
    AGENT_CLOSED = "agent_closed", _("The agent closed their account")
    COURSE_CLOSED = "course_closed", _("The course closed")


CLOSING_SENTENCES: Final = {
    ClosingCause.WITHDRAWN: _("You left the program, so its course ended for you."),
    ClosingCause.BRAND_ENDED: _("The brand ended your work in this program, so its course ended with it."),
    ClosingCause.PROGRAM_CLOSED: _("The program closed, so its course ended with it."),
    ClosingCause.AGENT_CLOSED: _("You closed your account, so the course ended."),
    ClosingCause.COURSE_CLOSED: _("The brand took this course out of use."),
}
"""The same, as the agent reads it."""


class PageKind(models.TextChoices):
    TEXT = "text", _("Text")


class CheckKind(models.TextChoices):
    SINGLE_CHOICE = "single_choice", _("One right answer")
    MULTI_CHOICE = "multi_choice", _("Several right answers")
    SHORT_TEXT = "short_text", _("A few words")


class PageProblem(models.TextChoices):
    """What `training.pages` reports, in words an author can act on."""

    UNKNOWN_DIRECTIVE = (
        "unknown_directive",
        _("There is no block of this name. Use check, callout, steps, compare or reveal."),
    )
    UNCLOSED_DIRECTIVE = (
        "unclosed_directive",
        _("This block is never closed. Put ::: on a line of its own where it ends."),
    )
    STRAY_FENCE = "stray_fence", _("This ::: closes nothing. Remove it, or name the block it should open.")
    MISSING_CHECK = "missing_check", _("This page has no question of that key. Add the question or remove the block.")
    CHECK_WITHOUT_KEY = "check_without_key", _("Say which question: write its key after the word check.")
    CHECK_TWICE = "check_twice", _("This question already stands on the page. Show each question once.")
    CHECK_INSIDE = "check_inside", _("A question cannot stand inside another block. Move it out.")
    UNKNOWN_CALLOUT = "unknown_callout", _("A callout is note, tip, warning or rule.")
    REVEAL_WITHOUT_TITLE = (
        "reveal_without_title",
        _("Say what is behind the block: write a title after the word reveal."),
    )
    STEPS_WITHOUT_LIST = "steps_without_list", _("Steps need a numbered list inside.")
    COMPARE_SIDES = "compare_sides", _("A comparison has two sides, divided by a line of ***.")
    LINK_EMPTY = "link_empty", _("This link leads nowhere. Give it an address.")
    LINK_UNSAFE = "link_unsafe", _("Links may only lead to https, http or mailto addresses.")
    IMAGE_WITHOUT_ALT = "image_without_alt", _("Say in words what the picture shows, between the square brackets.")
    IMAGE_UNKNOWN = "image_unknown", _("This picture is not stored with the course. Remove it or describe it in words.")
    RAW_HTML = "raw_html", _("HTML is not used here and would be shown as typed. Write it in Markdown.")


class VersionProblem(models.TextChoices):
    """What keeps a version from review, beside its pages."""

    NO_PAGES = "no_pages", _("The course has no pages yet.")
    NO_REQUIRED_PAGE = "no_required_page", _("At least one page has to be required.")
    EMPTY_PAGE = "empty_page", _("This page has no text yet.")
    CHECK_UNUSED = "check_unused", _("This question stands on no page. Show it with a check block or delete it.")


# The kind of notice that a course closes soon.
COURSE_CLOSES: Final = "course_closes"
