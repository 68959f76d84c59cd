"""Identity: sending documents, and where the check stands."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.web.access import AgentRequest, agent_page
from vetting import actions
from vetting.actions.identity import REASONS
from vetting.forms import IdentityForm
from vetting.models import IdentityCheck
from vetting.queries import identity_standing
from vetting.states import CheckState
from vetting.views.uploads import bounded_upload


@agent_page
def _too_large(request: AgentRequest) -> HttpResponse:
    form = IdentityForm(initial={"legal_name": request.actor.user.full_name})
    problem = _("That upload is larger than 20 MB and was not read. Each picture may have 10 MB. Choose smaller ones.")
    return _page(request, form, status=413, problem=problem)


@bounded_upload(_too_large)
@agent_page
def identity(request: AgentRequest) -> HttpResponse:
    """This function will show where the identity check stands and take documents."""
    if request.method != "POST":
        return _page(request, IdentityForm(initial={"legal_name": request.actor.user.full_name}))
    form = IdentityForm(request.POST, request.FILES)
    if form.is_valid() and _handed_in(request, form):
        messages.success(request, _("Received. Two people look at it, usually within a working day."))
        return redirect("vetting:identity")
    return _page(request, form, status=422)


@agent_page
def identity_status(request: AgentRequest) -> HttpResponse:
    """This function will answer the page's question whether anything changed."""
    standing = identity_standing(request.actor.agent_id, clock.now())
    if standing.check is None or standing.check.state != CheckState.NEEDS_REVIEW:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "vetting/_identity_waiting.html", {"standing": standing})


def _handed_in(request: AgentRequest, form: IdentityForm) -> bool:
    cleaned = form.cleaned_data
    details = actions.IdentityDetails(
        legal_name=cleaned["legal_name"],
        birth_date=cleaned["birth_date"],
        country=cleaned["country"],
        document_type=cleaned["document_type"],
        last4=cleaned["last4"].upper(),
        document_expires_on=cleaned["document_expires_on"],
    )
    images = {side: cleaned[side].read() for side in ("front", "back") if cleaned.get(side)}
    at = clock.now()
    purpose = IdentityCheck.Purpose.RENEWAL if _was_verified(request) else IdentityCheck.Purpose.FIRST
    try:
        actions.hand_in_identity(
            agent_id=request.actor.agent_id, purpose=purpose, details=details, images=images, by=request.actor, at=at
        )
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    return True


def _was_verified(request: AgentRequest) -> bool:
    standing = identity_standing(request.actor.agent_id, clock.now())
    return standing.identity is not None and standing.identity.verified_at is not None


def _page(request: AgentRequest, form: IdentityForm, *, status: int = 200, problem: str = "") -> HttpResponse:
    standing = identity_standing(request.actor.agent_id, clock.now())
    codes = standing.check.reason_codes if standing.check and standing.check.state == CheckState.REJECTED else []
    context = {
        "page_title": _("Your identity"),
        "standing": standing,
        "reasons": [REASONS.get(code, code) for code in codes],
        "is_waiting": standing.check is not None and standing.check.state == CheckState.NEEDS_REVIEW,
        "is_rejected": standing.check is not None and standing.check.state == CheckState.REJECTED,
        "form": form,
        "problem": problem,
    }
    return render(request, "vetting/identity_page.html", context, status=status)
