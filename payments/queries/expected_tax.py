"""The tax that a brand's next invoice will carry, before it is decided there."""

from datetime import date
from uuid import UUID

from django.conf import settings

from gigcx.tenancy.models import Brand
from payments.models import BillingProfile
from payments.pricing.tax import Buyer, Seller, TaxRate, decide_tax
from payments.queries.clock import database_now


def expected_rate_bp(brand_id: UUID) -> int:
    """This function will return the rate, in basis points, that work done today would be invoiced with."""
    profile = BillingProfile.objects.for_brand(brand_id).first()
    entity, today = settings.LEGAL_ENTITY, database_now().date()
    seller = Seller(entity["country"], tuple(_rate(one) for one in entity["tax_registrations"]))
    if profile is None:
        country = Brand.objects.values_list("country", flat=True).get(pk=brand_id)
        return decide_tax(seller, Buyer(country), on=today, evidence={}).rate_bp
    evidence = {"vat_id": profile.vat_id, "checked_at": profile.vat_id_checked_at, "country": profile.country}
    buyer = Buyer(profile.country, profile.region)
    return decide_tax(seller, buyer, on=today, evidence=evidence).rate_bp


def _rate(written: str) -> TaxRate:
    place, rate_bp, since = written.split(":", 2)
    return TaxRate(place, int(rate_bp), date.fromisoformat(since))
