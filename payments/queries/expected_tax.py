"""The tax that a brand's next invoice will carry, before it is decided there."""

from datetime import date
from uuid import UUID

from gigcx.tenancy.models import Brand
from payments.models import BillingProfile
from payments.pricing.tax import decide_tax
from payments.queries.parties import tax_buyer, tax_seller, vat_evidence


def expected_rate_bp(brand_id: UUID) -> int:
    """This function will return the rate, in basis points, of a brand's next invoice: the latest registered one."""
    return expected_rate_of(Brand.objects.get(pk=brand_id))


def expected_rate_of(brand: Brand) -> int:
    """This function will return the same for a brand that was read already. One query."""
    profile = BillingProfile.objects.for_brand(brand.pk).first()
    return decide_tax(tax_seller(), tax_buyer(brand, profile), on=date.max, evidence=vat_evidence(profile)).rate_bp
