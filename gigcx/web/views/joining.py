"""The link that makes somebody a member."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actions import accept_member_invitation
from gigcx.tenancy.actors import PersonActor
from gigcx.tenancy.errors import InvitationSpent
from gigcx.tenancy.queries import invitation_with
from gigcx.tenancy.roles import ROLES


@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, token: str) -> HttpResponse:
    """This function will say who invites to what, and make the signed-in person a member when they accept.

    The page tells nothing to those without the link; the address invited is shown only in part.
    """
    try:
        invitation = invitation_with(token, at=clock.now())
    except InvitationSpent as spent:
        return render(request, "tenancy/join_spent.html", {"error": spent}, status=410)
    if request.method == "POST" and request.user.is_authenticated:
        try:
            joined = accept_member_invitation(token=token, by=PersonActor(request.user), at=clock.now())
        except DomainError as refused:
            messages.error(request, refused.message)
            return redirect("tenancy:join-member", token=token)
        messages.success(request, _("Welcome to %(brand)s.") % {"brand": invitation.brand.name})
        return redirect("web:brand-today", slug=joined.brand.slug)
    context = {
        "invitation": invitation,
        "role": ROLES[invitation.role],
        "address": _veiled(invitation.email),
        "page_title": _("Join %(brand)s") % {"brand": invitation.brand.name},
    }
    return render(request, "tenancy/join_member.html", context)


def _veiled(address: str) -> str:
    name, _at, host = address.partition("@")
    return f"{name[:1]}…@{host}"
