"""What training refuses."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import DomainError, MoveRefused, Stale


class CourseExists(DomainError):
    """The brand has a course at that address."""

    code = "course_exists"
    default_message = _("You already have a course with this name. Choose another one.")


class DraftExists(DomainError):
    """A course has at most one version in the making."""

    code = "draft_exists"
    default_message = _("A new version is already being written. Go on with that one.")


class VersionNotOpen(DomainError):
    """Published and closed versions no longer change."""

    code = "version_not_open"
    default_message = _("This version is published and no longer changes. Start a new version to edit it.")


class VersionInReview(DomainError):
    """Nobody writes while somebody reviews."""

    code = "version_in_review"
    default_message = _("This version is being reviewed. Take it back to draft before you edit it.")


class PageChanged(Stale):
    """Somebody else saved the page in between. `theirs` and `yours` hold both texts, so that nothing is lost."""

    code = "page_changed"
    default_message = _("Somebody else saved this page while you were writing. Both texts are below; nothing is lost.")

    def __init__(self, *, theirs: str, yours: str, checksum: str) -> None:
        self.theirs, self.yours, self.checksum = theirs, yours, checksum
        super().__init__(context={"theirs": theirs, "yours": yours, "checksum": checksum})


class CheckExists(DomainError):
    """A question's key is used once on a page."""

    code = "check_exists"
    default_message = _("This page already has a question with that key. Choose another key.")


class VersionInvalid(DomainError):
    """Something on the pages has to be put right first. `problems` names page, line and what to do."""

    code = "version_invalid"
    default_message = _("Put these things right first.")

    def __init__(self, problems: Sequence[Any]) -> None:
        self.problems = tuple(problems)
        super().__init__(context={"problems": [problem.to_payload() for problem in problems]})


class SamePerson(DomainError):
    """Author and approver are two people."""

    code = "same_person"
    default_message = _(
        "Somebody other than the author approves a course. Ask a colleague, or allow it below if you are alone."
    )


class NotAlone(DomainError):
    """Approving one's own course is only for brands of one person."""

    code = "not_alone"
    default_message = _("Somebody else in your team can approve courses. Ask them.")


class SoloReasonRequired(DomainError):
    """Who approves their own course says why nobody else looks at it."""

    code = "solo_reason_required"
    default_message = _("Say why nobody else looks at it. The reason stays with the course.")


class ApprovedAlready(MoveRefused):
    """An approved version falls back to draft by being edited, not by being returned."""

    code = "approved_already"
    default_message = _("This version is approved already. The first change somebody makes sends it back to draft.")


class CommentRequired(DomainError):
    """A version goes back to its author with a reason."""

    code = "comment_required"
    default_message = _("Say what should change.")


class EffectChanged(Stale):
    """What publishing would do is no longer what was shown."""

    code = "effect_changed"
    default_message = _("The effect of publishing changed while you looked at it. Read it again and confirm.")


class NothingToClose(DomainError):
    """The course has no published version."""

    code = "nothing_to_close"
    default_message = _("This course has no published version, so there is nothing to close.")


class EnrolmentExists(DomainError):
    """One open enrolment a course."""

    code = "enrolment_exists"
    default_message = _("You already have this course open. Go on where you left it.")


class NotEngaged(DomainError):
    """Training opens once the brand has accepted the agent."""

    code = "not_engaged"
    default_message = _("This course opens when the brand has accepted your application to the program.")


class NothingToLearn(DomainError):
    """The course has no published version."""

    code = "nothing_to_learn"
    default_message = _("This course is not published yet.")


class EnrolmentNotOpen(DomainError):
    """The enrolment has ended."""

    code = "enrolment_not_open"
    default_message = _("This course is finished or was stopped, so nothing more is recorded for it.")


class CheckOpen(DomainError):
    """Questions on a page are answered right before it counts as done. Tries are free."""

    code = "check_open"
    default_message = _("Answer the questions on this page first. You may try as often as you like.")


class PagesOpen(DomainError):
    """Required pages are still to be read."""

    code = "pages_open"
    default_message = _("Some required pages are still open.")


class AnswerInvalid(DomainError):
    """An answer that the question does not offer."""

    code = "answer_invalid"
    status = 400
    default_message = _("Choose one of the answers on offer.")


class NothingNewer(DomainError):
    """There is no newer version to move to."""

    code = "nothing_newer"
    default_message = _("You are on the newest version already.")
