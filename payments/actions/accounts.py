"""Where an agent's money goes: opening, completing and replacing a payout account."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.audit.sealing import open_text, seal_text
from gigcx.kernel.errors import MoveRefused, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.states import may_move, require_move
from gigcx.tenancy.actors import Actor
from payments.errors import CountryNotServed, StepUpRequired
from payments.events import PayoutAccountChanged
from payments.models import PayoutAccount
from payments.policies import DESTINATION_HOLD, RECIPIENT_AGREEMENT_REST
from payments.states import ACCOUNT_MOVES, PayoutAccountState, RailCode
from recruiting.models import Agent

S = PayoutAccountState
_GONE: Final = (S.REJECTED, S.REPLACED)
_EURO: Final = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "DE",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PT",
        "SI",
        "SK",
    ]
)
SELF_SERVE: Final = _EURO | frozenset(["US", "GB", "CA", "CH", "CZ", "DK", "HU", "IS", "LI", "NO", "PL", "RO", "SE"])
_OWN_CURRENCY: Final = {"GB": "GBP", "CA": "CAD"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What a rail says about an account.

    `bank_number` is whatever names the bank account alike for everybody who gave it; only a keyed hash of it is kept.
    `agreement` is "recipient" where the rail pays across a border, which it does a day after it was accepted.
    """

    remote_ref: str
    state: str
    requirement_codes: Sequence[str] = ()
    bank_number: str = ""
    last4: str = ""
    agreement: str = ""
    can_receive_instantly: bool = False


def require_served(rail: str, country: str) -> None:
    """This function will refuse a country that the rail does not pay out to.

    Raises:
        CountryNotServed: it does not.
    """
    if rail == RailCode.STRIPE_CONNECT and country not in SELF_SERVE:
        raise CountryNotServed(_("Payouts to this country are not offered on this rail yet."), field="country")


def currency_of(country: str) -> str:
    """This function will return the currency a new account starts with."""
    return "EUR" if country in _EURO else _OWN_CURRENCY.get(country, "USD")


@transaction.atomic
def open_payout_account(*, agent_id: UUID, rail: str, country: str, by: Actor, at: datetime) -> PayoutAccount:
    """This function will start the agent's account on a rail, or return the current one, on whichever rail it is.

    Raises:
        CountryNotServed: the rail does not pay out there.
    """
    require_served(rail, country)
    current = _current(agent_id)
    return current[0] if current else _started(agent_id, rail, country, by, at)


@transaction.atomic
def replace_payout_account(
    *, agent_id: UUID, rail: str, country: str, has_stepped_up: bool, by: Actor, at: datetime
) -> PayoutAccount:
    """This function will start a new account in place of the current one, on whichever rail that is.

    Items planned before keep their destination. The new one is usable 48 hours after it is complete, and the person is
    told at their known address.

    Raises:
        StepUpRequired: the person did not prove again who they are.
        CountryNotServed: the rail does not pay out there.
    """
    if not has_stepped_up:
        raise StepUpRequired
    require_served(rail, country)
    for current in _current(agent_id):
        _move(current, S.REPLACED, by=by, at=at, reason="replaced by the agent")
        current.replaced_at = at
        current.save(update_fields=["replaced_at"])
    fresh = _started(agent_id, rail, country, by, at)
    outbox.publish(PayoutAccountChanged(agent_id=agent_id, account_id=fresh.pk), at=at, agent_id=agent_id)
    return fresh


def _started(agent_id: UUID, rail: str, country: str, by: Actor, at: datetime) -> PayoutAccount:
    account = PayoutAccount.objects.create(
        id=uuid7(), agent_id=agent_id, rail=rail, country=country, currency=currency_of(country), created_at=at
    )
    trail.record("payments.open_payout_account", account, by=by, at=at, to_state=account.state)
    return account


@transaction.atomic
def record_account_opened(*, account_id: UUID, remote_ref: str, by: Actor, at: datetime) -> PayoutAccount:
    """This function will keep the name that the rail gave to the account."""
    account = _locked(account_id)
    if account.state == S.STARTED:
        account.remote_ref = remote_ref
        account.save(update_fields=["remote_ref"])
        _move(account, S.ONBOARDING, by=by, at=at)
    return account


@dataclass(frozen=True, slots=True, kw_only=True)
class BankDetails:
    """Where a bank file sends money: a name, an account number or IBAN, a bank's code where the number has none."""

    holder: str
    number: str
    bank_code: str = ""


@transaction.atomic
def record_bank_details(*, account_id: UUID, details: BankDetails, by: Actor, at: datetime) -> PayoutAccount:
    """This function will keep the bank details of an account on the bank file rail, encrypted.

    Raises:
        MoveRefused: the account is complete; other details are a replacement.
    """
    account = _locked(account_id)
    if account.rail != RailCode.MANUAL_BANK_FILE or account.state not in (S.ONBOARDING, S.RESTRICTED):
        raise MoveRefused
    text = json.dumps(asdict(details), sort_keys=True)
    account.details_ciphertext = seal_text(text, context=_details_context(account))
    account.save(update_fields=["details_ciphertext"])
    trail.record("payments.give_bank_details", account, by=by, at=at)
    return account


def bank_details_of(account: PayoutAccount) -> BankDetails | None:
    """This function will return an account's bank details in the clear, or None where there are none."""
    text = open_text(account.details_ciphertext, context=_details_context(account))
    return BankDetails(**json.loads(text)) if text else None


def _details_context(account: PayoutAccount) -> str:
    return f"payout_account:{account.pk}"


@transaction.atomic
def record_account_facts(*, account_id: UUID, facts: AccountFacts, by: Actor, at: datetime) -> PayoutAccount:
    """This function will take over what the rail says: complete, restricted or rejected.

    A first account is usable at once, a replacement 48 hours later; so is one whose bank details became others on the
    rail's own page, and the person is told.
    """
    account = _locked(account_id)
    if account.state in _GONE:
        return account
    account.requirement_codes = list(facts.requirement_codes)
    account.agreement, account.can_receive_instantly = facts.agreement, facts.can_receive_instantly
    _take_over_details(account, facts, by=by, at=at)
    if facts.state == S.ACTIVE and account.usable_from is None:
        account.usable_from = at + _rest_of(account)
    account.save(
        update_fields=[
            "requirement_codes",
            "agreement",
            "can_receive_instantly",
            "fingerprint",
            "last4",
            "usable_from",
        ]
    )
    told = _told_state(account, facts.state)
    if told != account.state:
        _move(account, told, by=by, at=at)
    return account


@transaction.atomic
def restrict_account(*, account_id: UUID, reason: str, by: Actor, at: datetime) -> PayoutAccount:
    """This function will note that an account takes no money for now; one already given up stays as it is."""
    account = _locked(account_id)
    if may_move(ACCOUNT_MOVES, account.state, S.RESTRICTED):
        _move(account, S.RESTRICTED, by=by, at=at, reason=reason)
    return account


def _rest_of(account: PayoutAccount) -> timedelta:
    """A replacement rests for two days; across a border the rail itself pays from the next day on."""
    rest = DESTINATION_HOLD if _had_another(account) else timedelta()
    return max(rest, RECIPIENT_AGREEMENT_REST) if account.agreement == "recipient" else rest


def _told_state(account: PayoutAccount, state: str) -> str:
    """A rail calls an account restricted before it was ever complete, and pending when something is asked for anew."""
    if state == S.RESTRICTED and account.state in (S.STARTED, S.ONBOARDING):
        return S.ONBOARDING
    if state == S.ONBOARDING and account.state in (S.ACTIVE, S.RESTRICTED):
        return S.RESTRICTED
    return state


def _take_over_details(account: PayoutAccount, facts: AccountFacts, *, by: Actor, at: datetime) -> None:
    fingerprint = fingerprint_of(facts.bank_number) if facts.bank_number else account.fingerprint
    last4 = facts.last4 or account.last4
    is_other = (fingerprint, last4) != (account.fingerprint, account.last4)
    account.fingerprint, account.last4 = fingerprint, last4
    if account.usable_from is None or not is_other:
        return
    account.usable_from = at + DESTINATION_HOLD
    trail.record("payments.change_bank_details", account, by=by, at=at)
    outbox.publish(
        PayoutAccountChanged(agent_id=account.agent_id, account_id=account.pk), at=at, agent_id=account.agent_id
    )


def note_account_asked(*, account_id: UUID, at: datetime) -> None:
    """This function will note that the rail is asked about an account now, answered or not: others have their turn next."""
    PayoutAccount.objects.across_brands().filter(pk=account_id).update(asked_at=at)


def fingerprint_of(bank_number: str) -> str:
    """This function will return a keyed hash by which equal bank accounts are seen without keeping the number."""
    plain = "".join(bank_number.split()).upper()
    return hmac.new(settings.FINGERPRINT_KEY.encode(), plain.encode(), hashlib.sha256).hexdigest()


def _had_another(account: PayoutAccount) -> bool:
    rows = PayoutAccount.objects.across_brands().filter(agent_id=account.agent_id, usable_from__isnull=False)
    return rows.exclude(pk=account.pk).exists()


def _move(account: PayoutAccount, state: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    require_move(ACCOUNT_MOVES, account.state, state)
    before, account.state = account.state, state
    account.save(update_fields=["state"])
    trail.record(
        "payments.move_payout_account", account, by=by, at=at, from_state=before, to_state=state, reason=reason
    )


def _current(agent_id: UUID) -> list[PayoutAccount]:
    """Under the agent's own lock: a second press finds the account of the first, also where there was none before."""
    Agent.objects.across_brands().select_for_update(of=("self",), no_key=True).get(pk=agent_id)
    rows = PayoutAccount.objects.across_brands().filter(agent_id=agent_id).exclude(state__in=_GONE)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _locked(account_id: UUID) -> PayoutAccount:
    found = PayoutAccount.objects.across_brands().filter(pk=account_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    return found
