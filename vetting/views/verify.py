"""A certificate's public page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from gigcx.kernel import clock
from gigcx.web.api import rates
from gigcx.web.api.authentication import address_of
from vetting.errors import TooManyLooks
from vetting.queries import public_certificate


@require_safe
def verify(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """This function will show whether a certificate is valid, to anybody who has its address; so many a minute."""
    _refuse_harvesters(request)
    certificate = public_certificate(certificate_id, clock.now())
    context = {"page_title": _("Certificate"), "certificate": certificate}
    response = render(request, "vetting/verify_page.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response


def _refuse_harvesters(request: HttpRequest) -> None:
    left = rates.spend("verify", address_of(Request(request)), at_seconds=clock.now().timestamp())
    if left.is_spent:
        raise TooManyLooks(context={"retry_after": left.reset_seconds})
