"""Room for hot rows to be updated in place, and tables that only grow."""

from django.db import migrations

from gigcx.audit.sql import append_only, no_longer_append_only

ROOM = """
ALTER TABLE scheduling_shift SET (fillfactor = 50);
ALTER TABLE scheduling_worksession SET (fillfactor = 70);
"""
NO_ROOM = """
ALTER TABLE scheduling_shift RESET (fillfactor);
ALTER TABLE scheduling_worksession RESET (fillfactor);
"""
GROWING = ("scheduling_minuteadjustment", "scheduling_quote", "scheduling_timesheetlock")


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0001_initial"),
        ("audit", "0002_append_only"),
    ]

    operations = [
        migrations.RunSQL(ROOM, NO_ROOM),
        *(migrations.RunSQL(append_only(table), no_longer_append_only(table)) for table in GROWING),
    ]
