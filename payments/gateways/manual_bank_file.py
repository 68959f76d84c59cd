"""The rail where no other pays: people give files to our own bank and write down what it did.

It makes no calls. Its side of things is the files, their lines and the bank details that agents typed.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from gigcx.kernel.money import Money
from payments.actions.accounts import AccountFacts, bank_details_of
from payments.actions.bank_files import transfer_ref_of
from payments.actions.outcomes import Outcome, PaymentOrder, RemotePayment
from payments.errors import NotOffered
from payments.gateways.protocol import InstantOffer, RailBalance
from payments.models import BankFileLine, PayoutAccount
from payments.states import BankLineState, OutcomeKind, PayoutAccountState, RailCode

_NO_ANSWER: Final = RailBalance(0, 0)


class ManualBankFileRail:
    """A rail made of paper, in effect."""

    code: Final = str(RailCode.MANUAL_BANK_FILE)
    label: Final = "Bank file"

    @property
    def is_real_money(self) -> bool:
        """Outside the sandbox the bank pays what a file says."""
        return bool(settings.PAYMENTS_MODE != "sandbox")

    def open_account(self, *, account_id: UUID, country: str, email: str, key: str) -> str:
        """This function will name the account; nobody else has to open it."""
        return f"mbf_{account_id.hex}"

    def onboarding_link(self, *, ref: str, return_url: str, refresh_url: str, key: str) -> str:
        """This function will return the address of our own page for bank details."""
        return reverse("payments:bank-details", kwargs={"account_id": UUID(ref.removeprefix("mbf_"))})

    def account_facts(self, ref: str) -> AccountFacts:
        """This function will say whether bank details are there."""
        account = PayoutAccount.objects.across_brands().get(rail=RailCode.MANUAL_BANK_FILE, remote_ref=ref)
        found = bank_details_of(account)
        if found is None:
            missing = ("external_account",)
            return AccountFacts(remote_ref=ref, state=PayoutAccountState.ONBOARDING, requirement_codes=missing)
        number = f"{account.country}{found.bank_code}{found.number}"
        return AccountFacts(
            remote_ref=ref, state=PayoutAccountState.ACTIVE, bank_number=number, last4=found.number[-4:]
        )

    def send(self, order: PaymentOrder, *, key: str) -> Outcome:
        """This function will order nothing: only a file, made by a person, does."""
        return Outcome(kind=OutcomeKind.IN_FLIGHT, detail="waits_for_a_file")

    def find(self, group: UUID) -> tuple[RemotePayment, ...]:
        """This function will return what the bank confirmed of one item."""
        return _payments(_confirmed().filter(item_id=group))

    def payments_since(self, at: datetime) -> tuple[RemotePayment, ...]:
        """This function will return what the bank confirmed from a moment on."""
        return _payments(_confirmed().filter(answered_at__gte=at))

    def balance(self, currency: str) -> RailBalance:
        """This function will say nothing: the bank's balance is not known here."""
        return _NO_ANSWER

    def quote_instant(self, *, ref: str, amount: Money) -> InstantOffer:
        """This function will refuse: a file takes its time.

        Raises:
            NotOffered: always.
        """
        raise NotOffered(_("Your bank is paid by file, and that takes its time."))

    def send_instant(self, order: PaymentOrder, *, key: str) -> Outcome:
        """This function will refuse."""
        return Outcome(kind=OutcomeKind.ACCOUNT_REFUSED, detail="not_instant")


def _confirmed() -> QuerySet[BankFileLine]:
    rows = BankFileLine.objects.filter(state=BankLineState.CONFIRMED)
    return rows.select_related("item").order_by("answered_at", "pk")


def _payments(rows: Iterable[BankFileLine]) -> tuple[RemotePayment, ...]:
    return tuple(
        RemotePayment(
            ref=transfer_ref_of(row),
            amount_minor=row.amount_minor,
            currency=row.item.currency,
            destination=row.item.destination_ref,
            group=str(row.item_id),
            made_at=row.answered_at,
        )
        for row in rows
    )
