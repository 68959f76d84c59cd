"""Writes of this stage, by noun."""

from vetting.actions.assessments import (
    SectionPlan,
    create_assessment,
    draft_assessment,
    publish_assessment_version,
)
from vetting.actions.attempts import (
    abandon_attempt,
    begin_attempt,
    close_overdue_attempt,
    open_attempt,
    save_response,
    submit_attempt,
    take_seat,
)
from vetting.actions.candidacies import close_candidacies, evaluate_candidacy, open_candidacy
from vetting.actions.certifications import (
    RequirementPlan,
    create_certification,
    draft_certification,
    publish_certification_version,
)
from vetting.actions.documents import attach_document, erase_document, open_document
from vetting.actions.evidence import record_evidence, withdraw_evidence
from vetting.actions.grading import grade_attempt, record_rating
from vetting.actions.holds import hold_identity, let_identity_go
from vetting.actions.identity import (
    IdentityDetails,
    cancel_identity_check,
    expire_identity,
    hand_in_identity,
    request_identity_check,
    review_identity,
)
from vetting.actions.items import (
    create_bank,
    publish_item_version,
    publish_waiting_items,
    retire_item,
    rewrite_item,
    send_item_to_review,
    take_item_back,
    write_item,
)
from vetting.actions.revocations import (
    dismiss_revocation,
    hide_name,
    propose_revocation,
    revoke_certificate,
    share_name,
)
from vetting.actions.waivers import end_waiver, grant_waiver

__all__ = [
    "IdentityDetails",
    "RequirementPlan",
    "SectionPlan",
    "abandon_attempt",
    "attach_document",
    "begin_attempt",
    "cancel_identity_check",
    "close_candidacies",
    "close_overdue_attempt",
    "create_assessment",
    "create_bank",
    "create_certification",
    "dismiss_revocation",
    "draft_assessment",
    "draft_certification",
    "end_waiver",
    "erase_document",
    "evaluate_candidacy",
    "expire_identity",
    "grade_attempt",
    "grant_waiver",
    "hand_in_identity",
    "hide_name",
    "hold_identity",
    "let_identity_go",
    "open_attempt",
    "open_candidacy",
    "open_document",
    "propose_revocation",
    "publish_assessment_version",
    "publish_certification_version",
    "publish_item_version",
    "publish_waiting_items",
    "record_evidence",
    "record_rating",
    "request_identity_check",
    "retire_item",
    "review_identity",
    "revoke_certificate",
    "rewrite_item",
    "save_response",
    "send_item_to_review",
    "share_name",
    "submit_attempt",
    "take_item_back",
    "take_seat",
    "withdraw_evidence",
    "write_item",
]
