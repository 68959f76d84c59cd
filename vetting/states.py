"""States of this stage and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.states import moves


class IdentityState(models.TextChoices):
    UNVERIFIED = "unverified", _("Not verified yet")
    VERIFIED = "verified", _("Verified")
    EXPIRED = "expired", _("Expired")


IDENTITY_MOVES = moves(
    {
        IdentityState.UNVERIFIED: [IdentityState.VERIFIED],
        IdentityState.VERIFIED: [IdentityState.EXPIRED],
        IdentityState.EXPIRED: [IdentityState.VERIFIED],
    }
)


class CheckState(models.TextChoices):
    AWAITING_INPUT = "awaiting_input", _("Waiting for you")
    PROCESSING = "processing", _("With the provider")
    NEEDS_REVIEW = "needs_review", _("In review")
    VERIFIED = "verified", _("Verified")
    REJECTED = "rejected", _("Not accepted")
    EXPIRED = "expired", _("Expired")
    CANCELED = "canceled", _("Withdrawn")


CHECK_MOVES = moves(
    {
        CheckState.AWAITING_INPUT: [
            CheckState.PROCESSING,
            CheckState.VERIFIED,
            CheckState.NEEDS_REVIEW,
            CheckState.CANCELED,
        ],
        CheckState.PROCESSING: [
            CheckState.AWAITING_INPUT,
            CheckState.VERIFIED,
            CheckState.NEEDS_REVIEW,
            CheckState.CANCELED,
        ],
        CheckState.NEEDS_REVIEW: [CheckState.VERIFIED, CheckState.REJECTED],
        CheckState.VERIFIED: [CheckState.EXPIRED],
    }
)
OPEN_CHECKS = (CheckState.AWAITING_INPUT, CheckState.PROCESSING, CheckState.NEEDS_REVIEW)


class ScanState(models.TextChoices):
    QUARANTINED = "quarantined", _("Being looked at")
    CLEAN = "clean", _("Readable")
    REFUSED = "refused", _("Refused")


class VersionState(models.TextChoices):
    """Items, assessments and certifications share this life."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    LIVE = "live", _("Live")
    RETIRED = "retired", _("Retired")


ITEM_VERSION_MOVES = moves(
    {
        VersionState.DRAFT: [VersionState.IN_REVIEW],
        VersionState.IN_REVIEW: [VersionState.DRAFT, VersionState.LIVE],
        VersionState.LIVE: [VersionState.RETIRED],
    }
)
VERSION_MOVES = moves({VersionState.DRAFT: [VersionState.LIVE], VersionState.LIVE: [VersionState.RETIRED]})


class AttemptState(models.TextChoices):
    CREATED = "created", _("Ready to start")
    IN_PROGRESS = "in_progress", _("Under way")
    SUBMITTED = "submitted", _("Being graded")
    AWAITING_RATERS = "awaiting_raters", _("With a rater")
    GRADED = "graded", _("Graded")
    RELEASED = "released", _("Result is out")
    ABANDONED = "abandoned", _("Not taken")
    VOIDED = "voided", _("Does not count")


ATTEMPT_MOVES = moves(
    {
        AttemptState.CREATED: [AttemptState.IN_PROGRESS, AttemptState.ABANDONED, AttemptState.VOIDED],
        AttemptState.IN_PROGRESS: [AttemptState.SUBMITTED, AttemptState.ABANDONED, AttemptState.VOIDED],
        AttemptState.SUBMITTED: [AttemptState.GRADED, AttemptState.AWAITING_RATERS, AttemptState.VOIDED],
        AttemptState.AWAITING_RATERS: [AttemptState.GRADED, AttemptState.VOIDED],
        AttemptState.GRADED: [AttemptState.RELEASED, AttemptState.VOIDED],
        AttemptState.RELEASED: [AttemptState.VOIDED],
        AttemptState.ABANDONED: [AttemptState.VOIDED],
    }
)
OPEN_ATTEMPTS = (AttemptState.CREATED, AttemptState.IN_PROGRESS)
UNSETTLED_ATTEMPTS = (
    *OPEN_ATTEMPTS,
    AttemptState.SUBMITTED,
    AttemptState.AWAITING_RATERS,
    AttemptState.GRADED,
)


class RatingState(models.TextChoices):
    OPEN = "open", _("Open")
    LEASED = "leased", _("Taken")
    DONE = "done", _("Done")


RATING_MOVES = moves(
    {RatingState.OPEN: [RatingState.LEASED, RatingState.DONE], RatingState.LEASED: [RatingState.DONE, RatingState.OPEN]}
)


class CertificateState(models.TextChoices):
    PENDING = "pending", _("Waiting for approval")
    ACTIVE = "active", _("Active")
    DUE_FOR_RENEWAL = "due_for_renewal", _("Due for renewal")
    SUSPENDED = "suspended", _("Suspended")
    SUPERSEDED = "superseded", _("Replaced by a newer one")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


CERTIFICATE_MOVES = moves(
    {
        CertificateState.PENDING: [CertificateState.ACTIVE],
        CertificateState.ACTIVE: [
            CertificateState.DUE_FOR_RENEWAL,
            CertificateState.SUSPENDED,
            CertificateState.SUPERSEDED,
            CertificateState.EXPIRED,
            CertificateState.REVOKED,
        ],
        CertificateState.DUE_FOR_RENEWAL: [
            CertificateState.SUSPENDED,
            CertificateState.SUPERSEDED,
            CertificateState.EXPIRED,
            CertificateState.REVOKED,
        ],
        CertificateState.SUSPENDED: [
            CertificateState.ACTIVE,
            CertificateState.SUPERSEDED,
            CertificateState.EXPIRED,
            CertificateState.REVOKED,
        ],
        CertificateState.REVOKED: [CertificateState.ACTIVE],
    }
)
COUNTING_CERTIFICATES = (CertificateState.ACTIVE, CertificateState.DUE_FOR_RENEWAL)
LIVE_CERTIFICATES = (*COUNTING_CERTIFICATES, CertificateState.SUSPENDED)


class ProposalState(models.TextChoices):
    OPEN = "open", _("Waits for a second person")
    APPROVED = "approved", _("Carried out")
    DISMISSED = "dismissed", _("Dismissed")


PROPOSAL_MOVES = moves({ProposalState.OPEN: [ProposalState.APPROVED, ProposalState.DISMISSED]})
