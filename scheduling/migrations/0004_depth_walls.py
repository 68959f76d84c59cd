"""What is cited, announced or drawn never changes: versions only grow, published points and drawn windows are frozen."""

from django.db import migrations

from gigcx.audit.sql import append_only, frozen_when, no_longer_append_only, not_frozen

GROWING = (
    "scheduling_servicetarget",
    "scheduling_staffingrequirement",
    "scheduling_staffingrequirementpoint",
    "scheduling_incentive",
    "scheduling_vtotaken",
)
FROZEN = (
    ("scheduling_forecast", "OLD.state <> 'draft'", ("state",)),
    ("scheduling_uploadbatch", "OLD.state = 'applied'", ("content", "rows")),
    ("scheduling_claimwindow", "OLD.drawn_at IS NOT NULL", ("state", "revealed_seed", "revealed_at", "result")),
    ("scheduling_drawentry", "OLD.state IN ('won', 'waitlisted', 'lost', 'removed')", ("outcome",)),
    ("scheduling_remedy", "OLD.state <> 'proposed'", ("details",)),
)
POINTS = """
CREATE FUNCTION scheduling_forecastpoint_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.forecast_id ELSE NEW.forecast_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM scheduling_forecast f WHERE f.id = parent AND f.state <> 'draft')
       OR (TG_OP = 'UPDATE' AND EXISTS (SELECT 1 FROM scheduling_forecast f WHERE f.id = OLD.forecast_id AND f.state <> 'draft')) THEN
        RAISE EXCEPTION 'the forecast is published: % of its points refused', TG_OP USING ERRCODE = '23L01';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER scheduling_forecastpoint_frozen BEFORE INSERT OR UPDATE OR DELETE ON scheduling_forecastpoint
    FOR EACH ROW EXECUTE FUNCTION scheduling_forecastpoint_frozen();
"""
NO_POINTS = """
DROP TRIGGER scheduling_forecastpoint_frozen ON scheduling_forecastpoint;
DROP FUNCTION scheduling_forecastpoint_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0003_depth"),
        ("audit", "0002_append_only"),
    ]

    operations = [
        *(migrations.RunSQL(append_only(table), no_longer_append_only(table)) for table in GROWING),
        *(migrations.RunSQL(frozen_when(*each), not_frozen(each[0])) for each in FROZEN),
        migrations.RunSQL(POINTS, NO_POINTS),
    ]
