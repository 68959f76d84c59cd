"""Our own page for bank details where no provider has one: the bank file rail."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import AgentActor
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.stepping_up import stepped_up_twice
from payments import actions
from payments.actions import BankDetails
from payments.forms.bank import BankDetailsForm
from payments.gateways import execution
from payments.models import PayoutAccount
from payments.queries import payout_account_for
from payments.states import PayoutAccountState, RailCode
from payments.views.earnings import tabs

_TAKES: tuple[str, ...] = (PayoutAccountState.ONBOARDING, PayoutAccountState.RESTRICTED)


@require_http_methods(["GET", "POST"])
@agent_page
@stepped_up_twice
def bank_details(request: AgentRequest, account_id: UUID) -> HttpResponse:
    """This function will take the bank details of an account that is not complete, and never show them again."""
    found = _own(request.actor, account_id)
    if found.state not in _TAKES:
        return redirect("payments:payout-account")
    form = BankDetailsForm(request.POST or None, country=found.country)
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        actions.record_bank_details(
            account_id=found.pk, details=BankDetails(**form.cleaned_data), by=request.actor, at=at
        )
        execution.refresh_account(found, by=request.actor, at=at)
        messages.success(request, _("Saved, encrypted. From here on we show the last four digits only."))
        return redirect("payments:payout-account")
    context = {"page_title": _("Bank details"), "tabs": tabs("payout-account"), "form": form, "account": found}
    return render(request, "payments/bank_details.html", context, status=422 if form.errors else 200)


def _own(actor: AgentActor, account_id: UUID) -> PayoutAccount:
    found = payout_account_for(actor, account_id)
    if found.rail != RailCode.MANUAL_BANK_FILE or not found.remote_ref:
        raise NotFound
    return found
