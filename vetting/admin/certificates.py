"""Certificates and their revocation by two people."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision
from vetting import actions
from vetting.actions.revocations import REASON_CODES
from vetting.models import Candidacy, Certificate, Evidence, RevocationProposal, Waiver
from vetting.states import CERTIFICATE_MOVES, CertificateState, ProposalState


def _propose(code: str) -> Any:
    def run(certificate: Certificate, *, reason: str, by: OpsActor, at: datetime) -> RevocationProposal:
        return actions.propose_revocation(certificate_id=certificate.pk, reason_code=code, reason=reason, by=by, at=at)

    return run


def _revoke(proposal: RevocationProposal, *, reason: str, by: OpsActor, at: datetime) -> Certificate:
    return actions.revoke_certificate(proposal_id=proposal.pk, by=by, at=at)


def _dismiss(proposal: RevocationProposal, *, reason: str, by: OpsActor, at: datetime) -> RevocationProposal:
    return actions.dismiss_revocation(proposal_id=proposal.pk, by=by, at=at)


def _may_be_revoked(certificate: Certificate) -> bool:
    return CertificateState.REVOKED in CERTIFICATE_MOVES[certificate.state]


def _is_open(proposal: RevocationProposal) -> bool:
    return proposal.state == ProposalState.OPEN


@admin.register(Certificate)
class CertificateAdmin(DecidingAdmin):
    """Certificates; taking one away starts here."""

    list_display = ("issued_at", "certification", "agent", "state", "valid_from", "expires_at")
    list_filter = ("state",)
    list_select_related = ("certification", "agent")
    decisions = tuple(
        Decision(
            code.replace("_", "-"),
            _("Propose to revoke: %s") % words.lower(),
            _propose(code),
            _("Proposed. A second person decides."),
            is_offered=_may_be_revoked,
            needs_reason=True,
            kind="danger",
            consequence=_("Nothing changes until a second person agrees."),
        )
        for code, words in REASON_CODES.items()
    )


@admin.register(RevocationProposal)
class RevocationProposalAdmin(DecidingAdmin):
    """Revocations that wait for a second person."""

    list_display = ("proposed_at", "certificate", "reason_code", "proposed_by", "state", "decided_by")
    list_filter = ("state", "reason_code")
    list_select_related = ("certificate", "proposed_by", "decided_by")
    decisions = (
        Decision(
            "revoke",
            _("Revoke the certificate"),
            _revoke,
            _("Revoked. The engagement lapsed."),
            is_offered=_is_open,
            kind="danger",
            consequence=_("The agent cannot work in the program any more; they read that it was taken away."),
        ),
        Decision("dismiss", _("Dismiss the proposal"), _dismiss, _("Dismissed."), is_offered=_is_open),
    )


@admin.register(Candidacy)
class CandidacyAdmin(OpsModelAdmin):
    """Who is on the way, and what holds them up."""

    list_display = ("opened_at", "certification", "agent", "is_eligible", "evaluated_at", "next_check_at", "closed_at")
    list_filter = ("is_eligible",)
    list_select_related = ("certification", "agent")


@admin.register(Evidence)
class EvidenceAdmin(OpsModelAdmin):
    """What agents have shown."""

    list_display = ("obtained_at", "agent", "kind", "subject_key", "assurance", "valid_until", "withdrawn_at")
    list_filter = ("kind", "assurance")
    list_select_related = ("agent",)


@admin.register(Waiver)
class WaiverAdmin(OpsModelAdmin):
    """Requirements let go."""

    list_display = ("granted_at", "agent", "certification", "requirement_key", "granted_by", "until")
    list_select_related = ("agent", "certification", "granted_by")
