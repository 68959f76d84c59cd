"""Paying into a brand's wallet, by hand and by itself."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.kernel.intervals import zone_of
from gigcx.kernel.money import Money, exponent_of
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import moment_text, money_text
from gigcx.web.refusals import show_refusal
from payments import actions
from payments.actions.checkouts import CollectionRefused, CollectionUnknown
from payments.forms import AutoTopUpForm, SandboxCheckoutForm, TopUpForm
from payments.gateways import collecting
from payments.gateways.collection import collecting_rail
from payments.gateways.sandbox_collection import SandboxCollection
from payments.models import BrandFunds, TopUp
from payments.queries import funds_of, page_of_top_ups, spendable, top_up_for
from payments.states import RailCode, TopUpState
from payments.views.billing import tabs

PAGE: Final = 25
S = TopUpState


@brand_page(Permission.VIEW_BILLING)
def funds(request: BrandRequest) -> HttpResponse:
    """This function will show the wallet, the way to fill it, and what was paid in."""
    asked = request.GET.get("amount", "")
    return _page(request, TopUpForm(currency=request.actor.brand.currency, initial=_initial(asked, request.actor)))


def _initial(asked: str, actor: BrandActor) -> dict[str, Any]:
    """A link may bring an amount in minor units."""
    if not asked.isascii() or not asked.isdigit() or len(asked) > 12:
        return {}
    return {"amount": Money(int(asked), actor.brand.currency).major}


def _page(
    request: BrandRequest, form: TopUpForm, auto: AutoTopUpForm | None = None, *, status: int = 200
) -> HttpResponse:
    brand = request.actor.brand
    terms = funds_of(brand.pk, brand.currency)
    page = page_of_top_ups(request.actor, after=request.GET.get("after", ""), size=PAGE)
    zone = zone_of(brand.timezone)
    money = spendable(brand.pk, brand.currency)
    context = {
        "page_title": _("Funds"),
        "tabs": tabs(brand.slug, "funds"),
        "currency": brand.currency,
        "wallet": money_text(money.wallet),
        "free": money_text(money.free),
        "is_prepaid": money.is_prepaid,
        "limit": money_text(money.credit_limit),
        "form": form,
        "auto_form": auto or AutoTopUpForm(currency=brand.currency, initial=_auto_initial(terms)),
        "method": terms.method_label or _("your saved method") if terms and terms.method_ref else "",
        "auto_words": _auto_words(terms),
        "may_pay": request.actor.can(Permission.MANAGE_BILLING),
        "rows": [
            {
                "url": reverse("payments:top-up", kwargs={"slug": brand.slug, "top_up_id": one.pk}),
                "when": moment_text(one.started_at, zone),
                "amount": money_text(one.money),
                "state": _state_words(one),
            }
            for one in page.rows
        ],
        "next_url": f"?after={page.next_cursor}" if page.next_cursor else "",
    }
    return render(request, "payments/billing_funds.html", context, status=status)


def _auto_initial(terms: BrandFunds | None) -> dict[str, Any]:
    if terms is None or terms.auto_top_up_minor is None:
        return {}
    places = -exponent_of(terms.currency)
    below, amount = Money(terms.auto_top_up_below_minor or 0, terms.currency), terms.auto_top_up_minor
    return {"below": below.major, "amount": Money(amount, terms.currency).major} if places <= 0 else {}


def _auto_words(terms: BrandFunds | None) -> str:
    if terms is None or terms.auto_top_up_minor is None:
        return ""
    below = Money(terms.auto_top_up_below_minor or 0, terms.currency)
    return _("Below %(below)s spendable, %(amount)s is paid with %(method)s.") % {
        "below": money_text(below),
        "amount": money_text(Money(terms.auto_top_up_minor, terms.currency)),
        "method": terms.method_label or _("your saved method"),
    }


def _state_words(top_up: TopUp) -> str:
    words = str(S(top_up.state).label)
    return _("%(state)s, by itself") % {"state": words} if top_up.is_automatic else words


@require_POST
@brand_page(Permission.MANAGE_BILLING)
def start(request: BrandRequest) -> HttpResponse:
    """This function will begin a top-up and send the person to the page where it is paid."""
    brand = request.actor.brand
    form = TopUpForm(request.POST, currency=brand.currency)
    if not form.is_valid():
        return _page(request, form, status=422)
    amount = Money(form.minor("amount"), brand.currency)
    try:
        top_up = actions.start_top_up(
            brand_id=brand.pk, amount=amount, rail=collecting_rail(), by=request.actor, at=clock.now()
        )
    except DomainError as refused:
        show_refusal(form, refused)
        return _page(request, form, status=422)
    return _sent_to_pay(request, top_up, form)


def _sent_to_pay(request: BrandRequest, top_up: TopUp, form: TopUpForm) -> HttpResponse:
    back = reverse("payments:top-up", kwargs={"slug": request.actor.brand.slug, "top_up_id": top_up.pk})
    back_url = request.build_absolute_uri(back)
    try:
        url = collecting.open_page(
            top_up,
            return_url=back_url,
            cancel_url=back_url,
            saves_method=form.cleaned_data["saves_method"],
            at=clock.now(),
        )
    except CollectionUnknown:
        form.add_error(None, _("The payment provider did not answer. Nothing was paid. Try again in a minute."))
        return _page(request, form, status=422)
    except CollectionRefused:
        form.add_error(None, _("The payment provider did not accept this. Nothing was paid. Write to us."))
        return _page(request, form, status=422)
    return redirect(url)


@brand_page(Permission.VIEW_BILLING)
def top_up(request: BrandRequest, top_up_id: UUID) -> HttpResponse:
    """This function will ask how a payment stands and show it, with the next step."""
    found = top_up_for(request.actor, top_up_id)
    if found.state in (S.STARTED, S.PROCESSING):
        found = collecting.look_up(found.pk, by=request.actor)
    zone = zone_of(request.actor.brand.timezone)
    context = {
        "page_title": _("Top-up of %(amount)s") % {"amount": money_text(found.money)},
        "headline": _headline(found),
        "next_words": _next_words(found),
        "pay_url": found.pay_url if found.state == S.STARTED else "",
        "is_moving": found.state in (S.STARTED, S.PROCESSING),
        "funds_url": reverse("payments:funds", kwargs={"slug": request.actor.brand.slug}),
        "may_pay": request.actor.can(Permission.MANAGE_BILLING),
        "is_over": found.state in (S.FAILED, S.EXPIRED),
        "facts": [
            {"term": _("Amount"), "text": money_text(found.money)},
            {"term": _("State"), "text": str(S(found.state).label)},
            {"term": _("Started"), "text": moment_text(found.started_at, zone)},
            {"term": _("In the wallet since"), "text": moment_text(found.settled_at, zone)}
            if found.settled_at
            else {"term": _("In the wallet"), "text": _("not yet")},
        ],
    }
    return render(request, "payments/billing_top_up.html", context)


def _headline(found: TopUp) -> str:
    amount = money_text(found.money)
    words = {
        S.STARTED: _("%(amount)s is waiting for you to pay."),
        S.PROCESSING: _("%(amount)s is on its way."),
        S.SETTLED: _("%(amount)s is in your wallet."),
        S.FAILED: _("%(amount)s was not paid."),
        S.EXPIRED: _("The page for %(amount)s has closed."),
        S.DISPUTED: _("%(amount)s is disputed with the card's bank."),
        S.REFUNDED: _("%(amount)s went back."),
    }
    shown = Money(found.refunded_minor, found.currency) if found.state == S.REFUNDED else found.money
    return words[S(found.state)] % {"amount": money_text(shown) if found.state == S.REFUNDED else amount}


def _next_words(found: TopUp) -> str:
    words = {
        S.STARTED: _("Finish on the payment page. It closes by itself after a day, and nothing is charged then."),
        S.PROCESSING: _("Bank debits take a few days. It counts as spendable when it has settled, not before."),
        S.SETTLED: _("It is spendable now."),
        S.FAILED: _("The card or bank said no. Nothing was charged. You can try again with another one."),
        S.EXPIRED: _("Nothing was charged. You can start again."),
        S.DISPUTED: _(
            "The bank took it back for now. What is missing from your wallet is due; posting waits until it is paid."
        ),
        S.REFUNDED: _("It goes to the card or account it came from, usually within ten days."),
    }
    return words[S(found.state)]


@require_http_methods(["GET", "POST"])
@brand_page(Permission.MANAGE_BILLING)
def test_checkout(request: BrandRequest, top_up_id: UUID) -> HttpResponse:
    """This function will be the pretended provider's own page: it takes the choice and sends the person back."""
    found = top_up_for(request.actor, top_up_id)
    if found.rail != RailCode.SANDBOX or not found.checkout_ref:
        raise NotFound
    back = redirect("payments:top-up", slug=request.actor.brand.slug, top_up_id=found.pk)
    if found.state != S.STARTED:
        return back
    form = SandboxCheckoutForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        SandboxCollection().pay(ref=found.checkout_ref, way=form.cleaned_data["way"])
        return back
    context = {
        "page_title": _("Test checkout"),
        "headline": _("Pay %(amount)s, pretended") % {"amount": money_text(found.money)},
        "form": form,
        "back_url": reverse("payments:top-up", kwargs={"slug": request.actor.brand.slug, "top_up_id": found.pk}),
    }
    return render(request, "payments/billing_test_checkout.html", context, status=422 if form.errors else 200)


@require_POST
@brand_page(Permission.MANAGE_BILLING)
def automatic(request: BrandRequest) -> HttpResponse:
    """This function will set when the saved method pays by itself."""
    brand = request.actor.brand
    form = AutoTopUpForm(request.POST, currency=brand.currency)
    if form.is_valid():
        try:
            actions.set_auto_top_up(
                brand_id=brand.pk,
                currency=brand.currency,
                below_minor=form.minor("below"),
                amount_minor=form.minor("amount"),
                by=request.actor,
                at=clock.now(),
            )
        except DomainError as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved. It is looked at every five minutes."))
            return redirect("payments:funds", slug=brand.slug)
    return _page(request, TopUpForm(currency=brand.currency), form, status=422)


@require_POST
@brand_page(Permission.MANAGE_BILLING)
def stop_automatic(request: BrandRequest) -> HttpResponse:
    """This function will switch automatic top-ups off."""
    brand = request.actor.brand
    actions.stop_auto_top_up(brand_id=brand.pk, currency=brand.currency, by=request.actor, at=clock.now())
    messages.success(request, _("Switched off. Nothing is charged by itself."))
    return redirect("payments:funds", slug=brand.slug)
