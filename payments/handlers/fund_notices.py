"""What a brand's people who mind its money are told, and in which words."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gigcx.audit.outbox import Delivered
from gigcx.notify.registries import Kind, Message, kind, tell
from gigcx.tenancy.models import Brand
from gigcx.tenancy.queries import members_with
from gigcx.tenancy.roles import Permission
from gigcx.web.formats import money_text
from payments.events import BudgetThresholdReached, CardDisputed, FundsLow, TopUpFailed, TopUpSettled
from payments.models import Budget, TopUp
from payments.queries.funds import spendable


def register() -> None:
    """This function will register the kinds of notices and who gets them."""
    reaches = Permission.MANAGE_BILLING
    kind(Kind("funds", _("Funds run low, a top-up arrives or fails"), is_mandatory=True, reaches=reaches))
    kind(Kind("budget", _("A budget is nearly used"), reaches=reaches))
    tell(FundsLow, "funds", funds_low)
    tell(TopUpSettled, "funds", top_up_settled)
    tell(TopUpFailed, "funds", top_up_failed)
    tell(CardDisputed, "funds", card_disputed)
    tell(BudgetThresholdReached, "budget", threshold_reached)


def funds_low(fact: FundsLow, delivered: Delivered) -> Iterable[Message]:
    """This function will tell that little is left to publish with."""
    free = money_text(spendable(fact.brand_id, fact.currency).free)
    text = _("Publishing stops when it is used up. What is booked runs.")
    return _to_finance(fact.brand_id, _("%(free)s is left to spend") % {"free": free}, text, "payments:funds")


def top_up_settled(fact: TopUpSettled, delivered: Delivered) -> Iterable[Message]:
    """This function will tell that money is in the wallet, where nobody sat waiting for it."""
    found = TopUp.objects.for_brand(fact.brand_id).get(pk=fact.top_up_id)
    title = _("%(amount)s is in your wallet") % {"amount": money_text(found.money)}
    return _to_finance(fact.brand_id, title, "", "payments:funds")


def top_up_failed(fact: TopUpFailed, delivered: Delivered) -> Iterable[Message]:
    """This function will tell that a payment did not work, and what that means."""
    found = TopUp.objects.for_brand(fact.brand_id).get(pk=fact.top_up_id)
    title = _("A top-up of %(amount)s was not paid") % {"amount": money_text(found.money)}
    text = _("Nothing was charged. Use another card or account.")
    if found.is_automatic:
        text = _(
            "It is tried again after a day. Claimed seats and those within 24 hours run; later free seats wait for a top-up."
        )
    return _to_finance(fact.brand_id, title, text, "payments:funds")


def card_disputed(fact: CardDisputed, delivered: Delivered) -> Iterable[Message]:
    """This function will tell that a card's bank took a payment back."""
    found = TopUp.objects.for_brand(fact.brand_id).get(pk=fact.top_up_id)
    title = _("Your card's bank took %(amount)s back") % {"amount": money_text(found.money)}
    text = _("It left your wallet. What the wallet did not have is due, and posting waits until it is paid.")
    return _to_finance(fact.brand_id, title, text, "payments:billing")


def threshold_reached(fact: BudgetThresholdReached, delivered: Delivered) -> Iterable[Message]:
    """This function will tell how much of a budget is used."""
    found = Budget.objects.for_brand(fact.brand_id).select_related("program").get(pk=fact.budget_id)
    told = {
        "percent": fact.threshold_percent,
        "name": found.program.name if found.program else _("the whole brand"),
        "month": f"{found.month:%B}",
    }
    title = _("%(percent)s %% of the budget of %(name)s for %(month)s is used") % told
    text = _("New work stops at its limit; what was promised is done and paid.")
    return _to_finance(fact.brand_id, title, text, "payments:budgets")


def _to_finance(brand_id: UUID, title: object, text: object, url_name: str) -> list[Message]:
    slug = Brand.objects.values_list("slug", flat=True).get(pk=brand_id)
    url = reverse(url_name, kwargs={"slug": slug})
    people = members_with(brand_id, Permission.MANAGE_BILLING)
    return [Message(one.pk, title, text, url, _("Have a look"), brand_id) for one in people]  # type: ignore[arg-type]  # lazy text
