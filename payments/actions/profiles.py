"""Whom a brand's invoices are made out to, and whether its VAT number was checked."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.audit import trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.ids import uuid7
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.policies import require_ops
from gigcx.tenancy.roles import Permission
from payments.errors.invoices import VatNumberWrong
from payments.models import BillingProfile
from payments.pricing.tax import MEMBER_STATES
from payments.pricing.vat import vat_number


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingDetails:
    """What a brand says about itself for its invoices."""

    legal_name: str
    country: str
    address: str = ""
    region: str = ""
    vat_id: str = ""
    email: str = ""
    purchase_order: str = ""


@transaction.atomic
def save_billing_profile(*, brand_id: UUID, details: BillingDetails, by: Actor, at: datetime) -> BillingProfile:
    """This function will keep whom a brand's next invoices are made out to. Issued ones never change.

    A VAT number's digits are checked; a number that changed loses its earlier check.

    Raises:
        NotAllowed: the role does not cover billing.
        VatNumberWrong: no such number can exist in that country.
    """
    require(by, Permission.MANAGE_BILLING, brand_id=brand_id)
    found = BillingProfile.objects.for_brand(brand_id).select_for_update(of=("self",)).first()
    profile = found or BillingProfile(id=uuid7(), brand_id=brand_id)
    before = {name: getattr(profile, name) for name in asdict(details)} if found else {}
    number = _checked_number(details)
    if number != profile.vat_id or details.country != profile.country:
        _note_check(profile, number, details.country, at)
    for name, value in {**asdict(details), "vat_id": number}.items():
        setattr(profile, name, value)
    profile.updated_at = at
    profile.save()
    after = {**asdict(details), "vat_id": number}
    changes = {name: [before.get(name, ""), value] for name, value in after.items() if before.get(name, "") != value}
    trail.record("payments.save_billing_profile", profile, by=by, at=at, changes=changes)
    return profile


def _checked_number(details: BillingDetails) -> str:
    """Where the digits can tell, they must; elsewhere the number is printed as it was typed and moves no tax."""
    if not details.vat_id:
        return ""
    number = vat_number(details.country, details.vat_id)
    if number is None and details.country in MEMBER_STATES:
        raise VatNumberWrong(field="vat_id")
    return number or details.vat_id


def _note_check(profile: BillingProfile, number: str, country: str, at: datetime) -> None:
    is_checkable = bool(number) and vat_number(country, number) == number
    profile.vat_id_checked_at = at if is_checkable else None
    profile.vat_id_evidence = {"method": "check digits"} if is_checkable else {}


@transaction.atomic
def confirm_vat_number(*, brand_id: UUID, reference: str, by: Actor, at: datetime) -> BillingProfile:
    """This function will note that the register knows a brand's VAT number, with the reference of the enquiry. Ops only.

    Raises:
        NotFound: the brand gave no number.
    """
    note = _Note("payments.confirm_vat_number", reference, {"method": "register", "reference": reference}, at)
    return _answered(brand_id, note, by=by, at=at)


@transaction.atomic
def refuse_vat_number(*, brand_id: UUID, reason: str, by: Actor, at: datetime) -> BillingProfile:
    """This function will note that the register does not know a brand's VAT number: no reverse charge with it. Ops only.

    Raises:
        NotFound: the brand gave no number.
    """
    note = _Note("payments.refuse_vat_number", reason, {"method": "register", "refused": reason}, None)
    return _answered(brand_id, note, by=by, at=at)


@dataclass(frozen=True, slots=True)
class _Note:
    """What the register's answer leaves behind: without `checked_at` the number counts as unchecked."""

    action: str
    reason: str
    evidence: dict[str, str]
    checked_at: datetime | None


def _answered(brand_id: UUID, note: _Note, *, by: Actor, at: datetime) -> BillingProfile:
    require_ops(by)
    profile = _locked_with_number(brand_id)
    profile.vat_id_checked_at, profile.vat_id_evidence = note.checked_at, note.evidence
    profile.save(update_fields=["vat_id_checked_at", "vat_id_evidence"])
    trail.record(note.action, profile, by=by, at=at, reason=note.reason)
    return profile


def _locked_with_number(brand_id: UUID) -> BillingProfile:
    rows = BillingProfile.objects.for_brand(brand_id).select_for_update(of=("self",))
    found: BillingProfile | None = rows.exclude(vat_id="").first()
    if found is None:
        raise NotFound
    return found
