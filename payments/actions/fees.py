"""What an instant payout costs, as ops set it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.tenancy.actors import OpsActor
from gigcx.tenancy.models import Brand
from payments.models import InstantFee
from payments.policies import instant_minimum


@transaction.atomic
def set_instant_fee(
    *, currency: str, fee_minor: int, reason: str, by: OpsActor, at: datetime, brand_id: UUID | None = None
) -> InstantFee:
    """This function will set what an instant payout costs in a currency: of the house, or for agents of one brand.

    An offer that was shown keeps its fee.

    Raises:
        NotFound: somebody other than ops asks, or no such brand.
        Invalid: below nothing, as much as the least payout, or no reason.
    """
    if not isinstance(by, OpsActor) or (brand_id and not Brand.objects.filter(pk=brand_id).exists()):
        raise NotFound
    if not 0 <= fee_minor < instant_minimum(currency):
        raise Invalid(_("A fee is less than the least that an instant payout sends."), field="fee")
    if not reason.strip():
        raise Invalid(_("Say why; it stays in the history."), field="reason")
    fresh = InstantFee(id=uuid7(), brand_id=brand_id, currency=currency, fee_minor=fee_minor, set_by=by.user, set_at=at)
    InstantFee.objects.bulk_create([fresh], ignore_conflicts=True)  # of two first ones at once, the second waits here
    rows = InstantFee.objects.select_for_update(of=("self",)).filter(currency=currency)
    fee = rows.get(brand=brand_id) if brand_id else rows.get(brand__isnull=True)
    before = fee.fee_minor if fee.pk != fresh.pk else None
    fee.fee_minor, fee.set_by, fee.set_at = fee_minor, by.user, at
    fee.save(update_fields=["fee_minor", "set_by", "set_at"])
    changes = {"currency": currency, "fee_minor": [before, fee_minor]}
    trail.record("payments.set_instant_fee", fee, by=by, at=at, reason=reason.strip(), changes=changes)
    return fee
