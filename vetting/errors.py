"""What this stage refuses, and why."""

from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import DomainError


class OpenCheckExists(DomainError):
    code = "open_check_exists"
    default_message = _("A check is already open. Finish that one first.")


class TooManyTries(DomainError):
    code = "too_many_tries"
    default_message = _("That was the third try today. Try again tomorrow.")


class ReapplyLater(DomainError):
    code = "reapply_later"
    default_message = _("You can send documents again from the date in the notice.")


class DocumentRefused(DomainError):
    code = "document_refused"
    status = 422
    default_message = _("This file cannot be used. Send a JPEG, a PNG or a PDF of at most 10 MB.")


class DocumentsMissing(DomainError):
    code = "documents_missing"
    status = 422
    default_message = _("Add a picture of the document first.")


class DocumentUnreadable(DomainError):
    code = "document_unreadable"
    default_message = _("The file could not be opened. The attempt to look at it is on record.")


class AlreadyReviewed(DomainError):
    code = "already_reviewed"
    default_message = _("You have given your verdict on this check. Another person decides next.")


class OwnCase(DomainError):
    code = "own_case"
    default_message = _("This is about yourself. Somebody else has to decide it.")


class OwnWork(DomainError):
    code = "own_work"
    default_message = _("You wrote this yourself. Somebody else has to look at it.")


class ReasonRequired(DomainError):
    code = "reason_required"
    status = 422
    default_message = _("Give at least one reason. The person will read it.")


class CheckNotInReview(DomainError):
    code = "check_not_in_review"
    default_message = _("This check is not waiting for a review any more.")


class HoldRefused(DomainError):
    code = "hold_refused"
    default_message = _("The identity cannot be held or let go now.")


class WaiverRefused(DomainError):
    code = "waiver_refused"
    default_message = _("This requirement cannot be let go: the version in force does not allow it.")


class TooManyLooks(DomainError):
    code = "too_many_requests"
    status = 429
    default_message = _("So many certificates were looked up from here in one minute that we make a pause.")


class ItemInvalid(DomainError):
    code = "item_invalid"
    status = 422
    default_message = _("The question needs a change before it can be saved.")


class VersionFrozen(DomainError):
    code = "version_frozen"
    default_message = _("This version is published and cannot change. Make a new version.")


class BlueprintInfeasible(DomainError):
    code = "blueprint_infeasible"
    status = 422
    default_message = _("A section asks for more questions than its bank has.")


class AssessmentNotPublished(DomainError):
    code = "assessment_not_published"
    default_message = _("This test is not open yet.")


class AttemptLimitReached(DomainError):
    code = "attempt_limit_reached"
    default_message = _("You have used all your tries. Ask ops about another one.")


class CoolingDown(DomainError):
    code = "cooling_down"
    default_message = _("A pause is due before the next try.")


class AlreadyPassed(DomainError):
    code = "already_passed"
    default_message = _("You have passed this test. Nothing more is asked.")


class AttemptClosed(DomainError):
    code = "attempt_closed"
    default_message = _("This test is over. What was saved in time counts.")


class AttemptNotStarted(DomainError):
    code = "attempt_not_started"
    default_message = _("Start the test first.")


class SeatTaken(DomainError):
    code = "seat_taken"
    default_message = _("The test was opened on another device. Continue there, or take it over here.")


class ResponseInvalid(DomainError):
    code = "response_invalid"
    status = 422
    default_message = _("This answer does not fit the question.")


class AlreadyRated(DomainError):
    code = "already_rated"
    default_message = _("These points are already given.")


class GraphInvalid(DomainError):
    code = "graph_invalid"
    status = 422
    default_message = _("The certification cannot be met as it stands.")


class CertificationClosed(DomainError):
    code = "certification_closed"
    default_message = _("This certification has no draft to change. Start a new version.")


class EffectChanged(DomainError):
    code = "effect_changed"
    default_message = _("The effect of publishing changed while you looked at it. Look again.")


class SamePerson(DomainError):
    code = "same_person"
    default_message = _("A second person has to confirm this.")


class EvidenceConflict(DomainError):
    code = "evidence_conflict"
    default_message = _("This source was recorded before with different content.")
