"""The brand's own staff, as it counts into cover."""

from datetime import date, datetime

from gigcx.kernel.intervals import zone_of
from recruiting.models import Program
from scheduling.models import InHouseCoverage
from scheduling.queries.weeks import week_period


def heads_of(program: Program, channel: str, week: date, *, language: str = "") -> dict[datetime, int]:
    """This function will return the brand's own people of a local week, by quarter."""
    period = week_period(week, zone_of(program.timezone))
    rows = InHouseCoverage.objects.for_brand(program.brand_id).filter(
        program=program,
        channel=channel,
        language=language,
        starts_at__gte=period.starts_at,
        starts_at__lt=period.ends_at,
    )
    return dict(rows.values_list("starts_at", "heads"))
