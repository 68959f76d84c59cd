"""Exchange rates: taken down once a day, never changed."""

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gigcx.kernel.errors import Invalid, NotFound
from gigcx.tenancy.actors import Actor, OpsActor
from payments.models import FxRate


def record_fx_rate(*, base: str, quote: str, on: date, rate: Decimal, source: str, by: Actor, at: datetime) -> FxRate:
    """This function will take down what one unit of `base` was worth in `quote` on a day; a day has one rate for good.

    Raises:
        NotFound: neither ops nor the product itself.
        Invalid: one currency twice, a rate of zero or below, no source, a day to come, or a day that has its rate.
    """
    if not isinstance(by, OpsActor) and by.kind != "system":
        raise NotFound
    _refuse_senseless(base, quote, rate=rate, source=source)
    if on > at.date():
        raise Invalid(_("This day is still to come."), field="on")
    try:
        with transaction.atomic():
            return FxRate.objects.create(
                base=base, quote=quote, on=on, rate=rate, source=f"{source.strip()} ({by.label})"[:60], recorded_at=at
            )
    except IntegrityError as known:
        raise Invalid(_("This day has its rate already; rates are never changed."), field="on") from known


def _refuse_senseless(base: str, quote: str, *, rate: Decimal, source: str) -> None:
    if base == quote or not all(len(code) == 3 and code.isupper() for code in (base, quote)):
        raise Invalid(_("Give two different currencies by their three letters."), field="quote")
    if rate <= 0:
        raise Invalid(_("A rate is more than zero."), field="rate")
    if not source.strip():
        raise Invalid(_("Say where the rate is from."), field="source")
