"""How this stage's actions read in a history. A test asks for one of each action that is recorded."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from gigcx.web.timeline import phrase


def register() -> None:
    """This function will say how every action of this stage reads."""
    for action, sentence in _PHRASES.items():
        phrase(action, sentence)


_PHRASES: Final = {
    "vetting.request_identity_check": _("{who} opened an identity check"),
    "vetting.attach_document": _("{who} added a picture: {side}"),
    "vetting.view_document": _("{who} looked at a picture"),
    "vetting.review_identity": _("{who} gave a verdict: {verdict}"),
    "vetting.move_identity_check": _("The check is now: {state}"),
    "vetting.erase_document": _("A picture was erased"),
    "vetting.hold_identity": _("{who} held the identity"),
    "vetting.let_identity_go": _("{who} let the identity go again"),
    "vetting.expire_identity": _("The verification ran out"),
    "vetting.record_evidence": _("Evidence was recorded: {kind}"),
    "vetting.withdraw_evidence": _("{who} withdrew evidence"),
    "vetting.open_attempt": _("{who} opened a test"),
    "vetting.abandon_attempt": _("The test was let go: it was opened and never begun"),
    "vetting.begin_attempt": _("{who} began a test"),
    "vetting.take_seat": _("{who} went on with a test on another device"),
    "vetting.submit_attempt": _("{who} handed a test in"),
    "vetting.grade_attempt": _("The test is now: {state}"),
    "vetting.record_rating": _("{who} rated an answer"),
    "vetting.issue_certificate": _("The certificate was issued"),
    "vetting.move_certificate": _("The certificate is now: {state}"),
    "vetting.propose_revocation": _("{who} asked to revoke the certificate"),
    "vetting.decide_revocation": _("{who} decided on the revocation"),
    "vetting.revoke_certificate": _("{who} revoked the certificate"),
    "vetting.grant_waiver": _("{who} let a requirement go for one agent: {requirement}, until {until}"),
    "vetting.end_waiver": _("{who} ended a waiver: {requirement}"),
    "vetting.share_name": _("{who} changed whether the public page names them"),
    "vetting.create_bank": _("{who} made the bank"),
    "vetting.write_item": _("{who} wrote the question"),
    "vetting.rewrite_item": _("{who} changed the question"),
    "vetting.send_item_to_review": _("{who} sent the question to review"),
    "vetting.take_item_back": _("{who} took the question back"),
    "vetting.publish_own_item": _("{who} published the question alone: nobody else in the brand could look at it"),
    "vetting.publish_item_version": _("{who} published the question"),
    "vetting.retire_item_version": _("A version of the question retired"),
    "vetting.retire_item": _("{who} retired the question"),
    "vetting.create_assessment": _("{who} made the test"),
    "vetting.draft_assessment": _("{who} changed the test's draft"),
    "vetting.publish_assessment_version": _("{who} published the test"),
    "vetting.retire_assessment_version": _("The version before it retired"),
    "vetting.create_certification": _("{who} began the certification"),
    "vetting.draft_certification": _("{who} changed the certification's draft"),
    "vetting.publish_certification_version": _("{who} put the certification in force"),
    "vetting.retire_certification_version": _("The version before it retired"),
}
