"""A program's prices, terms and questions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import require
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.refusals import show_refusal, status_of
from recruiting import actions
from recruiting.forms import QuestionsForm, RateCardForm, TermsForm
from recruiting.forms.rate_cards import margin_text
from recruiting.models import Program, RateCard
from recruiting.queries import active_rate_card, active_terms, program_for, rate_cards_of, rendered, terms_of

_FIRST_TERMS = """## What you agree to

You work as an independent agent and choose your own hours by claiming shifts.

## Pay

Every minute that you are signed in to a claimed shift is paid at the rate card, waiting included.

## Giving a shift back

You may undo a claim freely for a few minutes, and release it without consequence until the lock-down.

## Customers' data

Use it to help the customer in front of you and for nothing else.
"""


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of the card in force."""

    label: str
    unit: str
    pay: Money
    bill: Money
    margin: str


def price_rows(program: Program, at: datetime) -> list[PriceLine]:
    """This function will return the prices in force with the platform's share."""
    card = active_rate_card(program.pk, at)
    return _lines(card) if card else []


@brand_page()
@require_http_methods(["GET", "POST"])
def pay(request: BrandRequest, program_id: UUID) -> HttpResponse:
    """This function will show the prices, version by version, and publish new ones."""
    program = program_for(request.actor, program_id)
    cards = list(rate_cards_of(request.actor, program.pk)[:20])
    may_edit = request.actor.can(Permission.PUBLISH_PAY)
    posted = _posted_by_owner(request)
    form = RateCardForm(posted, program=program, card=cards[0] if cards else None)
    if posted is not None and form.is_valid() and _priced(request, program, form):
        messages.success(request, _("New prices are in force. Work agreed before keeps its own."))
        return redirect("recruiting:program", slug=request.actor.brand.slug, program_id=program.pk)
    context = {
        "page_title": _("Pay of %(program)s") % {"program": program.name},
        "program": program,
        "form": form,
        "versions": [(card, _lines(card)) for card in cards],
        "may_edit": may_edit,
        "next_version": (cards[0].version if cards else 0) + 1,
    }
    return render(request, "recruiting/program_pay.html", context, status=status_of(form))


@brand_page()
@require_http_methods(["GET", "POST"])
def terms(request: BrandRequest, program_id: UUID) -> HttpResponse:
    """This function will show the terms, version by version, and publish new ones."""
    program = program_for(request.actor, program_id)
    current = active_terms(program.pk, clock.now())
    initial = {
        "body": current.body if current else _FIRST_TERMS,
        "is_material": True,
        "seen_version": current.version if current else 0,
    }
    posted = _posted_by_owner(request)
    form = TermsForm(posted, initial=initial)
    if posted is not None and form.is_valid() and _agreed(request, program, form):
        messages.success(request, _("New terms are in force."))
        return redirect("recruiting:program", slug=request.actor.brand.slug, program_id=program.pk)
    context = {
        "page_title": _("Terms of %(program)s") % {"program": program.name},
        "program": program,
        "current": current,
        "body": rendered(current.body) if current else "",
        "versions": terms_of(request.actor, program.pk)[:20],
        "form": form,
        "may_edit": request.actor.can(Permission.PUBLISH_PAY),
    }
    return render(request, "recruiting/program_terms.html", context, status=status_of(form))


@brand_page(Permission.MANAGE_PROGRAMS)
@require_http_methods(["GET", "POST"])
def questions(request: BrandRequest, program_id: UUID) -> HttpResponse:
    """This function will change what applicants are asked."""
    program = program_for(request.actor, program_id)
    asked = program.questions.filter(is_retired=False).order_by("position")
    form = QuestionsForm(request.POST if request.method == "POST" else None, questions=asked)
    if request.method == "POST" and form.is_valid() and _asked(request, program, form):
        messages.success(request, _("Saved. Answers already given keep their question."))
        return redirect("recruiting:program", slug=request.actor.brand.slug, program_id=program.pk)
    context = {
        "page_title": _("Questions of %(program)s") % {"program": program.name},
        "program": program,
        "form": form,
    }
    return render(request, "recruiting/program_questions.html", context, status=status_of(form))


def _posted_by_owner(request: BrandRequest) -> QueryDict | None:
    """What was typed, or None for a look. Raises NotAllowed where the role may only look."""
    if request.method != "POST":
        return None
    require(request.actor, Permission.PUBLISH_PAY, brand_id=request.actor.brand_id)
    return request.POST


def _lines(card: RateCard) -> list[PriceLine]:
    return [
        PriceLine(
            line.get_kind_display(),
            line.get_unit_display(),
            Money(line.pay_minor, card.pay_currency),
            Money(line.bill_minor, card.bill_currency),
            margin_text(card, line.kind),
        )
        for line in card.lines.all()
    ]


def _priced(request: BrandRequest, program: Program, form: RateCardForm) -> bool:
    ids = _ids(request, program)
    try:
        actions.publish_rate_card(draft=form.draft(), seen_version=form.cleaned_data["seen_version"], **ids)
    except DomainError as refusal:
        field = f"{refusal.field}_bill" if f"{refusal.field}_bill" in form.fields else None
        form.add_error(field, refusal.message)
        return False
    return True


def _agreed(request: BrandRequest, program: Program, form: TermsForm) -> bool:
    given = form.cleaned_data
    words = {"body": given["body"], "is_material": given["is_material"], "seen_version": given["seen_version"]}
    try:
        actions.publish_terms(**words, **_ids(request, program))
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    return True


def _asked(request: BrandRequest, program: Program, form: QuestionsForm) -> bool:
    try:
        actions.set_questions(questions=form.drafts(), **_ids(request, program))
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _ids(request: BrandRequest, program: Program) -> dict[str, Any]:
    return {"program_id": program.pk, "by": request.actor, "at": clock.now()}
