"""A line that becomes payable costs less: indexes that begin another one, or that nobody asks by, are dropped.

Each change of a line's state writes to every index it has; there are nine now, of fourteen. Keys of journals are looked up
whole, never by how they begin. Room is left beside charges and balances, so that a change of state need not move them.
"""

import django.db.models.deletion
from django.db import migrations, models


LEANER = """
DROP INDEX IF EXISTS payments_journal_posting_key_7b7a5005_like;
ALTER TABLE payments_charge SET (fillfactor = 80);
ALTER TABLE payments_balance SET (fillfactor = 50);
"""
AS_BEFORE = """
ALTER TABLE payments_balance RESET (fillfactor);
ALTER TABLE payments_charge RESET (fillfactor);
CREATE INDEX IF NOT EXISTS payments_journal_posting_key_7b7a5005_like ON payments_journal (posting_key varchar_pattern_ops);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0023_receipts_keep_their_parties"),
        ("recruiting", "0003_first_skills"),
        ("tenancy", "0002_idempotent_answer"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="earning",
            name="earning_once_per_version",
        ),
        migrations.RemoveIndex(
            model_name="earning",
            name="earning_by_source",
        ),
        migrations.AlterField(
            model_name="charge",
            name="brand",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
            ),
        ),
        migrations.AlterField(
            model_name="earning",
            name="agent",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="earnings",
                to="recruiting.agent",
            ),
        ),
        migrations.AlterField(
            model_name="earning",
            name="brand",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
            ),
        ),
        migrations.AlterField(
            model_name="earning",
            name="engagement",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="recruiting.engagement",
            ),
        ),
        migrations.AlterField(
            model_name="earning",
            name="rate_card",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.ratecard"
            ),
        ),
        migrations.AlterField(
            model_name="earning",
            name="supersedes",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successors",
                to="payments.earning",
            ),
        ),
        migrations.AddIndex(
            model_name="earning",
            index=models.Index(
                condition=models.Q(("supersedes__isnull", False)), fields=["supersedes"], name="earning_successors"
            ),
        ),
        migrations.AddConstraint(
            model_name="earning",
            constraint=models.UniqueConstraint(
                fields=("source_kind", "source_id", "kind", "part", "version"), name="earning_once_per_version"
            ),
        ),
        migrations.RunSQL(LEANER, AS_BEFORE),
    ]
