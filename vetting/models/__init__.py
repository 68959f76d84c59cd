"""Tables of this stage, by noun."""

from vetting.models.assessments import Assessment, AssessmentSection, AssessmentVersion, CutScore
from vetting.models.attempts import Attempt, AttemptItem, AttemptResult, ItemScore, Rating, RatingTask, Response
from vetting.models.certificates import Candidacy, Certificate, Evidence, RevocationProposal, Waiver
from vetting.models.certifications import Certification, CertificationVersion, Requirement, RequirementGroup
from vetting.models.identity import AgentIdentity, DocumentView, IdentityCheck, IdentityDocument, IdentityReview
from vetting.models.items import Item, ItemBank, ItemKey, ItemVersion

__all__ = [
    "AgentIdentity",
    "Assessment",
    "AssessmentSection",
    "AssessmentVersion",
    "Attempt",
    "AttemptItem",
    "AttemptResult",
    "Candidacy",
    "Certificate",
    "Certification",
    "CertificationVersion",
    "CutScore",
    "DocumentView",
    "Evidence",
    "IdentityCheck",
    "IdentityDocument",
    "IdentityReview",
    "Item",
    "ItemBank",
    "ItemKey",
    "ItemScore",
    "ItemVersion",
    "Rating",
    "RatingTask",
    "Requirement",
    "RequirementGroup",
    "Response",
    "RevocationProposal",
    "Waiver",
]
