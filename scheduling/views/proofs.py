"""The public page of a draw: what was promised, what was frozen, what came out, and how to check it oneself."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from gigcx.kernel import clock
from gigcx.web.api import rates
from gigcx.web.api.authentication import address_of
from gigcx.web.formats import clock_text, long_day_text
from scheduling.allocation import verify_draw
from scheduling.errors import TooManyProofs
from scheduling.forms.release import ReceiptForm
from scheduling.models import ClaimWindow, Shift
from scheduling.queries.draws import SEALED, draw_proof, find_receipt, public_window, shifts_of_window, voided_beside
from scheduling.states import WindowState

_SCRIPT: Final = Path(verify_draw.__file__)
_SHOWN: Final = 200
_HEX: Final = re.compile(r"[0-9a-f]{64}")


@require_safe
def proof(request: HttpRequest, window_id: UUID) -> HttpResponse:
    """This function will show a draw to anybody: commitment, digest and reveal as they become public, and one's own receipt."""
    window = public_window(window_id)
    form = ReceiptForm(request.GET if "receipt" in request.GET else None)
    context = {
        "page_title": _("Proof of a draw"),
        "window": window,
        "program": window.wave.request.program,
        "is_sealed": window.state in SEALED,
        "is_revealed": window.state == WindowState.REVEALED,
        "is_void": window.state == WindowState.VOID,
        "form": form,
        **_found(window, form),
        **_facts(window),
    }
    response = render(request, "scheduling/proof_page.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_safe
def proof_file(request: HttpRequest, window_id: UUID) -> HttpResponse:
    """This function will give the proof as a file, as much of it as is public now; so many a minute."""
    _refuse_harvesters(request)
    window = public_window(window_id)
    response = JsonResponse(draw_proof(window), json_dumps_params={"indent": 1})
    response["Content-Disposition"] = f'attachment; filename="draw-{window.pk}.json"'
    return response


@require_safe
def proof_script(request: HttpRequest) -> HttpResponse:
    """This function will give the script that checks a proof without us."""
    response = HttpResponse(_SCRIPT.read_text(encoding="utf-8"), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify_draw.py"'
    return response


def _refuse_harvesters(request: HttpRequest) -> None:
    left = rates.spend("draw_proof", address_of(Request(request)), at_seconds=clock.now().timestamp())
    if left.is_spent:
        raise TooManyProofs(context={"retry_after": left.reset_seconds})


def _found(window: ClaimWindow, form: ReceiptForm) -> Mapping[str, Any]:
    """What became of the receipt that was typed."""
    if not form.is_bound or not form.is_valid():
        return {"asked": "", "found": None}
    asked = form.cleaned_data["receipt"].strip().lower()
    if not _HEX.fullmatch(asked):
        form.add_error("receipt", _("A receipt is 64 letters a to f and digits."))
        return {"asked": "", "found": None}
    found = find_receipt(window, asked)
    names = _names(window) if found else {}
    words = (
        {
            "wishes": [names.get(one, one) for one in found.wishes],
            "won": [names.get(one, one) for one in found.won],
        }
        if found
        else {}
    )
    return {"asked": asked, "found": found, **words}


def _names(window: ClaimWindow) -> dict[str, str]:
    shifts = Shift.objects.across_brands().filter(pk__in=window.result.get("shifts", []))
    return {str(one.pk): _name(one) for one in shifts}


def _name(shift: Shift) -> str:
    return f"{long_day_text(shift.starts_at)}, {clock_text(shift.starts_at)} – {clock_text(shift.ends_at)}"


def _facts(window: ClaimWindow) -> Mapping[str, Any]:
    result = window.result
    seats = {one["shift"]: one["seats"] for one in result.get("slots", [])}
    winners = result.get("winners", []) if window.state == WindowState.REVEALED else []
    names = _names(window)
    return {
        "shifts": [{"name": _name(one), "seats": seats.get(str(one.pk))} for one in shifts_of_window(window)],
        "voided": voided_beside(window),
        "entrants": result.get("entrants") if window.state not in SEALED else None,
        "winners": [{**one, "name": names.get(one["shift"], one["shift"])} for one in winners[:_SHOWN]],
        "winners_more": max(0, len(winners) - _SHOWN),
        "passed_over": [
            {**one, "name": names.get(one["shift"], one["shift"])}
            for one in (result.get("passed_over", []) if winners or window.state == WindowState.REVEALED else [])
        ],
    }
