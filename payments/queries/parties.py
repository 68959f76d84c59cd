"""Who sells and who buys, as an invoice names them."""

from datetime import date
from typing import Any

from django.conf import settings

from gigcx.tenancy.models import Brand
from payments.errors.invoices import SellerUnknown
from payments.models import BillingProfile
from payments.pricing.tax import Buyer, Seller, TaxRate

_NAMED = ("code", "name", "address", "country", "vat_id", "email", "bank")


def seller_code() -> str:
    """This function will return the short name under which the house numbers its papers."""
    return str(settings.LEGAL_ENTITY["code"])


def seller_party() -> dict[str, str]:
    """This function will return the house as an invoice names it.

    Raises:
        SellerUnknown: money is real and no name was set.
    """
    entity = settings.LEGAL_ENTITY
    if not entity["name"]:
        raise SellerUnknown
    return {name: str(entity[name]) for name in _NAMED if entity[name]}


def tax_seller() -> Seller:
    """This function will return where the house is registered for tax, from the settings."""
    rates = tuple(_rate(text) for text in settings.LEGAL_ENTITY["tax_registrations"])
    return Seller(str(settings.LEGAL_ENTITY["country"]), rates)


def _rate(text: str) -> TaxRate:
    place, basis_points, since = text.split(":")
    return TaxRate(place, int(basis_points), date.fromisoformat(since))


def buyer_party(brand: Brand, profile: BillingProfile | None) -> dict[str, str]:
    """This function will return a brand as an invoice names it; without a profile by what it gave when it joined."""
    if profile is None:
        return {"name": brand.legal_name, "country": brand.country}
    given = {
        "name": profile.legal_name,
        "address": profile.address,
        "country": profile.country,
        "region": profile.region,
        "vat_id": profile.vat_id,
        "email": profile.email,
    }
    return {name: value for name, value in given.items() if value}


def tax_buyer(brand: Brand, profile: BillingProfile | None) -> Buyer:
    """This function will return where a brand is for tax."""
    return Buyer(profile.country, profile.region) if profile else Buyer(brand.country)


def vat_evidence(profile: BillingProfile | None) -> dict[str, Any]:
    """This function will return the check of a brand's VAT number; empty where none was checked."""
    if profile is None or not profile.vat_id or profile.vat_id_checked_at is None:
        return {}
    checked = {"vat_id": profile.vat_id, "country": profile.country}
    return {**profile.vat_id_evidence, **checked, "checked_at": profile.vat_id_checked_at.isoformat()}
