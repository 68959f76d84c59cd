"""The minutes of a line, drawn by hour."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from gigcx.web.formats import clock_text
from payments.models import Earning
from payments.queries.minutes import minutes_of


def picture_of(row: Earning, *, zone: ZoneInfo) -> dict[str, Any] | None:
    """This function will return rows of an SVG, one an hour, 216 units wide, with paid stretches as bars."""
    hours = minutes_of(row, zone=zone)
    if not hours:
        return None
    rows = [
        {
            "label": clock_text(hour.starts_at, zone),
            "y": 4 + 30 * index,
            "text_y": 18 + 30 * index,
            "bars": [
                {"x": f"{48 + 216 * bar.begins:.1f}", "width": f"{max(1, 216 * bar.share):.1f}", "css": bar.css}
                for bar in hour.bars
            ],
            "minutes": f"{hour.paid_seconds // 60}",
        }
        for index, hour in enumerate(hours)
    ]
    spoken = ", ".join(f"{row['label']} {row['minutes']}" for row in rows)
    return {"rows": rows, "height": 30 * len(rows) + 4, "label": _("Paid minutes by hour: %(list)s") % {"list": spoken}}
