"""How an instant payout goes on after its transfer; what was quoted stays frozen."""

import datetime
from django.db import migrations, models

from gigcx.audit.sql import frozen_when, not_frozen

TABLE = "payments_instantquote"
STEPS = ("item_id", "state", "payout_key", "payout_ref", "ordered_at", "next_try_at", "failure", "ended_at")


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0009_receipt_proposals"),
        ("recruiting", "0003_first_skills"),
    ]

    operations = [
        migrations.AddField(
            model_name="instantquote",
            name="arrives_at",
            field=models.DateTimeField(default=datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.UTC)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="instantquote",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="instantquote",
            name="failure",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="instantquote",
            name="next_try_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="instantquote",
            name="ordered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="instantquote",
            name="payout_key",
            field=models.CharField(max_length=255, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="instantquote",
            name="payout_ref",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="instantquote",
            name="state",
            field=models.CharField(
                choices=[
                    ("quoted", "Offered"),
                    ("requested", "Asked for"),
                    ("ordered", "Ordered from the bank"),
                    ("sent", "Sent to the bank"),
                    ("failed", "Not instant, fee given back"),
                ],
                default="quoted",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="instantquote",
            index=models.Index(
                condition=models.Q(("state__in", ["requested", "ordered"])),
                fields=["next_try_at"],
                name="instant_quote_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="instantquote",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["quoted", "requested", "ordered", "sent", "failed"])),
                name="instant_quote_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="instantquote",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "quoted"), ("item__isnull", False), _connector="OR"),
                name="instant_quote_has_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="instantquote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "ordered"), _negated=True),
                    models.Q(("ordered_at__isnull", False), ("payout_key__isnull", False)),
                    _connector="OR",
                ),
                name="instant_quote_key_first",
            ),
        ),
        migrations.RunSQL(
            not_frozen(TABLE) + frozen_when(TABLE, "true", STEPS),
            not_frozen(TABLE) + frozen_when(TABLE, "true", ("item_id",)),
        ),
    ]
