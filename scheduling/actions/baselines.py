"""Forecasts from what really came."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.kernel.errors import Invalid
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.roles import Permission
from scheduling.actions.forecasts import MOST_LEVEL, refuse_senseless_week, write_version
from scheduling.formats.quarters import rounded
from scheduling.models import Forecast
from scheduling.queries.doors import program_of
from scheduling.queries.history import BASELINE_WEEKS, history_before
from scheduling.queries.languages import language_in
from scheduling.staffing import baseline
from scheduling.states import DemandSource


@transaction.atomic
def baseline_forecast(
    *,
    program_id: UUID,
    channel: str,
    week_starts_on: date,
    by: Actor,
    at: datetime,
    level_percent: int | None = None,
    seen_version: int | None = None,
    language: str = "",
) -> Forecast:
    """Forecast a week from what really came: each weekday and quarter's median over six weeks, at a level.

    Without a level, the last two weeks' against the median decides.

    Raises:
        NotFound, NotAllowed, Stale: as for saving. Invalid: nothing came in the weeks before, or no such level.
    """
    program = program_of(by, program_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=program.brand_id)
    refuse_senseless_week(program, channel, week_starts_on)
    if level_percent is not None and not 1 <= level_percent <= MOST_LEVEL:
        raise Invalid(_("Type a level from 1 to 1,000 percent."), field="level_percent")
    language = language_in(program, language)
    history = history_before(program, channel, week_starts_on, at=at, language=language)
    if not history.weeks:
        raise Invalid(_("Nothing is recorded of the weeks before. Upload what came, then a baseline can be made."))
    level = None if level_percent is None else level_percent / 100
    usual = baseline(history.volumes, level=level, weeks=BASELINE_WEEKS)
    aht = baseline(history.handling_times, level=1.0, weeks=BASELINE_WEEKS)
    points = {
        start: (volume, Decimal(f"{max(seconds, 1.0):.2f}"))
        for start, contacts, seconds in zip(history.starts, usual, aht, strict=True)
        if (volume := rounded(Decimal(f"{contacts:.4f}")))
    }
    draft = Forecast(
        channel=channel,
        language=language,
        week_starts_on=week_starts_on,
        source=DemandSource.BASELINE,
        provenance={
            "who": by.label,
            "weeks": [week.isoformat() for week in history.weeks],
            "level_percent": level_percent or "",
        },
    )
    return write_version(program, draft, points, by=by, at=at, seen_version=seen_version)
