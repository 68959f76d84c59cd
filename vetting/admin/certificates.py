"""Certificates and their revocation by two people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision
from vetting import actions
from vetting.actions.revocations import REASON_CODES
from vetting.forms import WaiverForm
from vetting.models import Candidacy, Certificate, Evidence, RevocationProposal, Waiver
from vetting.queries import live_version
from vetting.queries.waivers import day_start, waivable_of
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


def _end_waiver(waiver: Waiver, *, reason: str, by: OpsActor, at: datetime) -> Waiver:
    return actions.end_waiver(waiver_id=waiver.pk, reason=reason, by=by, at=at)


def _holds(waiver: Waiver) -> bool:
    return waiver.holds_at(clock.now())


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
    """Who is on the way, and what holds them up; letting a requirement go starts here."""

    list_display = (
        "opened_at",
        "certification",
        "agent",
        "is_eligible",
        "evaluated_at",
        "next_check_at",
        "closed_at",
        "let_go",
    )
    list_filter = ("is_eligible",)
    list_select_related = ("certification", "agent")

    def get_urls(self) -> list[URLPattern]:
        """This function will add the page that lets a requirement go."""
        view = self.admin_site.admin_view(self.waive)
        return [path("<uuid:candidacy_id>/waive/", view, name="vetting_candidacy_waive"), *super().get_urls()]

    @admin.display(description=_("waiver"))
    def let_go(self, candidacy: Candidacy) -> str:
        """This function will lead to letting a requirement go."""
        if candidacy.closed_at is not None:
            return "–"
        url = reverse("admin:vetting_candidacy_waive", args=[candidacy.pk])
        return format_html('<a href="{}">{}</a>', url, _("Let a requirement go"))

    def waive(self, request: HttpRequest, candidacy_id: UUID) -> HttpResponse:
        """This function will let one requirement go for one agent; the reason and the end stay in the history."""
        candidacy = self.get_object(request, str(candidacy_id))
        if not isinstance(candidacy, Candidacy) or candidacy.closed_at is not None:
            raise NotFound
        found = waivable_of(live_version(candidacy.certification))
        form = WaiverForm(
            [candidacy],
            found,
            request.POST if request.method == "POST" else None,
            initial={"candidacy": str(candidacy.pk)},
        )
        if request.method == "POST" and form.is_valid() and self._waived(request, candidacy, form.cleaned_data):
            return redirect("admin:vetting_waiver_changelist")
        judged = _("The agent is judged again at once, and once more on the day it ends.")
        return self.form_page(
            request,
            form,
            title=_("Let a requirement go for %(agent)s") % {"agent": candidacy.agent},
            label=_("Let it go"),
            words=judged if found else _("The version in force lets nothing go."),
            back_url=reverse("admin:vetting_candidacy_changelist"),
        )

    def _waived(self, request: HttpRequest, candidacy: Candidacy, given: dict[str, Any]) -> bool:
        until = day_start(given["until"], candidacy.certification.program.timezone)
        return self.attempt(
            request,
            lambda by, at: actions.grant_waiver(
                candidacy_id=candidacy.pk,
                requirement_key=given["requirement"],
                reason=given["reason"],
                until=until,
                by=by,
                at=at,
            ),
            str(_("Let go.")),
        )


@admin.register(Evidence)
class EvidenceAdmin(OpsModelAdmin):
    """What agents have shown."""

    list_display = ("obtained_at", "agent", "kind", "subject_key", "assurance", "valid_until", "withdrawn_at")
    list_filter = ("kind", "assurance")
    list_select_related = ("agent",)


@admin.register(Waiver)
class WaiverAdmin(DecidingAdmin):
    """Requirements let go for single agents, and ending one."""

    list_display = ("granted_at", "agent", "certification", "requirement_key", "granted_by", "until")
    list_select_related = ("agent", "certification", "granted_by")
    decisions = (
        Decision(
            "end",
            _("End the waiver"),
            _end_waiver,
            _("Ended. The requirement is asked for again."),
            is_offered=_holds,
            needs_reason=True,
            consequence=_("The agent is judged again at once; the certificate keeps its days of grace."),
        ),
    )
