"""Identity checks: the review page, the images, and their tables."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gigcx.accounts.models import User
from gigcx.audit.trail import history_of
from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actors import OpsActor
from gigcx.web import timeline
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision
from vetting import actions, vault
from vetting.actions.identity import REASONS
from vetting.forms import ReviewForm
from vetting.models import AgentIdentity, DocumentView, IdentityCheck, IdentityDocument, IdentityReview
from vetting.queries import identity_check_for, sealed_details
from vetting.states import CheckState


@admin.register(IdentityCheck)
class IdentityCheckAdmin(OpsModelAdmin):
    """The queue of checks, and one page a check: side by side, closed until opened, two people."""

    list_display = ("submitted_at", "agent", "document_type", "country", "purpose", "state", "decided_at")
    list_filter = ("state", "purpose", "document_type")
    list_select_related = ("agent",)
    ordering = ("submitted_at", "pk")

    def get_urls(self) -> list[URLPattern]:
        """This function will put our own page in the place of the form, and add the images."""
        view = self.admin_site.admin_view
        return [
            path("<uuid:check_id>/change/", view(self.review), name="vetting_identitycheck_change"),
            path(
                "<uuid:check_id>/documents/<uuid:document_id>/",
                view(self.image, cacheable=True),
                name="vetting_identitycheck_document",
            ),
            *super().get_urls(),
        ]

    def review(self, request: HttpRequest, check_id: UUID) -> HttpResponse:
        """This function will show a check and take this person's verdict."""
        by = OpsActor(cast(User, request.user))
        check = identity_check_for(by, check_id)
        form = ReviewForm([(code, _(words)) for code, words in REASONS.items()], request.POST or None)
        if request.method == "POST" and form.is_valid() and self._reviewed(request, check, form, by):
            following = _next_waiting(check, by)
            if following is not None:
                return redirect("admin:vetting_identitycheck_change", check_id=following)
            return redirect("admin:vetting_identitycheck_changelist")
        response = render(request, "admin/vetting/identity_review.html", self._context(request, check, form, by))
        response["Cache-Control"] = "no-store"
        response.status_code = 422 if form.errors else 200
        return response

    def image(self, request: HttpRequest, check_id: UUID, document_id: UUID) -> HttpResponse:
        """This function will write the look down, then show the image with the reviewer's name across it."""
        by = OpsActor(cast(User, request.user))
        document, content = actions.open_document(
            document_id=document_id, reason="identity review", by=by, at=clock.now()
        )
        if document.content_type == "image/jpeg":
            content = vault.watermarked(content, text=f"{by.label} · {clock.now():%Y-%m-%d %H:%M}")
        response = HttpResponse(content, content_type=document.content_type)
        response["Cache-Control"] = "no-store, private"
        response["Content-Disposition"] = "inline"
        response["X-Robots-Tag"] = "noindex"
        return response

    def _reviewed(self, request: HttpRequest, check: IdentityCheck, form: ReviewForm, by: OpsActor) -> bool:
        cleaned = form.cleaned_data
        try:
            settled = actions.review_identity(
                check_id=check.pk,
                verdict=cleaned["verdict"],
                checklist=dict.fromkeys(cleaned["checklist"], True),
                reasons=cleaned["reasons"],
                note=cleaned["note"],
                by=by,
                at=clock.now(),
            )
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            return False
        words = {CheckState.VERIFIED: _("Verified."), CheckState.REJECTED: _("Not accepted; the person was told why.")}
        messages.success(request, words.get(CheckState(settled.state), _("Noted. A second person looks at it next.")))
        return True

    def _context(self, request: HttpRequest, check: IdentityCheck, form: ReviewForm, by: OpsActor) -> dict[str, Any]:
        opened = set(request.GET.getlist("open"))
        reviews = list(check.reviews.select_related("reviewed_by").order_by("reviewed_at"))
        return {
            **self.admin_site.each_context(request),
            "title": _("Identity check"),
            "opts": self.opts,
            "check": check,
            "details": sealed_details(by, check, clock.now()),
            "documents": [_document(one, opened, check) for one in check.documents.order_by("uploaded_at", "pk")],
            "reviews": reviews,
            "is_open": check.state == CheckState.NEEDS_REVIEW,
            "is_own": check.agent.user_id == by.user.pk,
            "has_reviewed": any(review.reviewed_by_id == by.user.pk for review in reviews),
            "form": form,
            "history": timeline.lines(history_of(check)),
        }


def _document(document: IdentityDocument, opened: set[str], check: IdentityCheck) -> dict[str, Any]:
    url = reverse("admin:vetting_identitycheck_document", kwargs={"check_id": check.pk, "document_id": document.pk})
    keep = "&".join(f"open={one}" for one in sorted({*opened, str(document.pk)}))
    return {
        "document": document,
        "label": document.get_side_display(),
        "url": url,
        "open_url": f"?{keep}",
        "is_open": str(document.pk) in opened and document.deleted_at is None,
        "is_pdf": document.content_type == "application/pdf",
    }


def _next_waiting(check: IdentityCheck, by: OpsActor) -> UUID | None:
    rows = IdentityCheck.objects.for_actor(by).waiting_for_review().exclude(pk=check.pk)
    rows = rows.exclude(reviews__reviewed_by=by.user).exclude(agent__user=by.user)
    return rows.values_list("pk", flat=True).first()


def _hold(identity: AgentIdentity, *, reason: str, by: OpsActor, at: datetime) -> AgentIdentity:
    return actions.hold_identity(identity_id=identity.pk, reason=reason, by=by, at=at)


def _let_go(identity: AgentIdentity, *, reason: str, by: OpsActor, at: datetime) -> AgentIdentity:
    return actions.let_identity_go(identity_id=identity.pk, reason=reason, by=by, at=at)


@admin.register(AgentIdentity)
class AgentIdentityAdmin(DecidingAdmin):
    """Who is verified, until when, and whom we hold while somebody looks again."""

    list_display = ("agent", "state", "verified_at", "verified_until", "is_held")
    list_filter = ("state", "is_held")
    list_select_related = ("agent",)
    decisions = (
        Decision(
            "hold",
            gettext_lazy("Hold the identity"),
            _hold,
            gettext_lazy("Held. No new work opens."),
            is_offered=lambda identity: not identity.is_held,
            needs_reason=True,
            reason_label=gettext_lazy("Reason, for colleagues and the record"),
            kind="danger",
            consequence=gettext_lazy(
                "Shifts close to this person at once. Certificates stay; the person reads that it is looked at again."
            ),
        ),
        Decision(
            "let-go",
            gettext_lazy("Let the identity go"),
            _let_go,
            gettext_lazy("Let go. Work is open again where nothing else is missing."),
            is_offered=lambda identity: identity.is_held,
            needs_reason=True,
            reason_label=gettext_lazy("What the second look found"),
            consequence=gettext_lazy("Nothing is asked of the person again."),
        ),
    )


@admin.register(IdentityDocument)
class IdentityDocumentAdmin(OpsModelAdmin):
    """Images as rows; the images themselves open from their check alone."""

    list_display = ("uploaded_at", "agent", "side", "content_type", "byte_size", "delete_after_on", "deleted_at")
    exclude = ("object_key", "wrapped_key", "digest")
    list_select_related = ("agent",)


@admin.register(DocumentView)
class DocumentViewAdmin(OpsModelAdmin):
    """Every look at an image."""

    list_display = ("viewed_at", "viewed_by", "agent", "reason")
    list_select_related = ("agent", "viewed_by")


@admin.register(IdentityReview)
class IdentityReviewAdmin(OpsModelAdmin):
    """Every verdict."""

    list_display = ("reviewed_at", "check_of", "reviewed_by", "verdict")
    list_select_related = ("check_of", "reviewed_by")
