"""Exchange rates as they stood on a day."""

from datetime import date, timedelta
from typing import Final

from django.db.models import Q

from payments.errors import FxRateMissing
from payments.models import FxRate
from payments.pricing import Exchange, business_days_old

_OLDEST_WORKING_DAYS: Final = 1
# One working day back can be four days ago at most: a Friday's rate on a Monday, and a day to spare.
_LOOK_BACK: Final = timedelta(days=4)


def exchange_of(base: str, quote: str, *, on: date) -> Exchange:
    """This function will return what one unit of `base` was worth in `quote`, from that day or the working day before.

    A rate kept the other way round counts too, the newer of both first.

    Raises:
        FxRateMissing: none is that young.
    """
    pair = Q(base=base, quote=quote) | Q(base=quote, quote=base)
    rows = FxRate.objects.filter(pair, on__lte=on, on__gte=on - _LOOK_BACK).order_by("-on", "-pk")
    for row in sorted(rows, key=lambda one: (one.on, one.base == base), reverse=True):
        if business_days_old(row.on, at=on) <= _OLDEST_WORKING_DAYS:
            found = Exchange(row.base, row.quote, row.rate, row.on)
            return found if row.base == base else found.inverse()
    raise FxRateMissing(context={"base": base, "quote": quote, "on": on.isoformat()})
