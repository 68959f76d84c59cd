"""A certificate's public page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gigcx.kernel import clock
from vetting.queries import public_certificate


@require_safe
def verify(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """This function will show whether a certificate is valid, to anybody who has its address."""
    certificate = public_certificate(certificate_id, clock.now())
    context = {"page_title": _("Certificate"), "certificate": certificate}
    response = render(request, "vetting/verify_page.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response
