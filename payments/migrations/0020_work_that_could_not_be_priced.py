"""What the sweeps could not price, for ops to look at."""

import gigcx.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0019_accounts_are_asked_in_turn"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnpricedWork",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "fact",
                    models.CharField(
                        choices=[
                            ("verified", "verified minutes"),
                            ("training", "learning time"),
                            ("bounty", "a certificate's bounty"),
                            ("cancellation", "a late cancellation"),
                            ("excused", "an excused seat's floor"),
                        ],
                        max_length=20,
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("error", models.TextField()),
                ("tries", models.PositiveIntegerField(default=1)),
                ("first_failed_at", models.DateTimeField()),
                ("last_failed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "work without a price",
                "verbose_name_plural": "work without a price",
            },
        ),
        migrations.AddConstraint(
            model_name="unpricedwork",
            constraint=models.UniqueConstraint(fields=("fact", "subject_id"), name="unpriced_work_once"),
        ),
        migrations.AddConstraint(
            model_name="unpricedwork",
            constraint=models.CheckConstraint(
                condition=models.Q(("fact__in", ["verified", "training", "bounty", "cancellation", "excused"])),
                name="unpriced_work_fact",
            ),
        ),
        migrations.AddConstraint(
            model_name="unpricedwork",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_failed_at__gte", models.F("first_failed_at"))), name="unpriced_work_in_order"
            ),
        ),
    ]
