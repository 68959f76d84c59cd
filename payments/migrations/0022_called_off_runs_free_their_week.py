"""A weekly run that was called off no longer takes its week: it may be planned again, once."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0021_journal_kinds_in_use"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="payoutrun",
            name="payout_run_once_per_period",
        ),
        migrations.AddConstraint(
            model_name="payoutrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "cancelled"), _negated=True),
                fields=("rail", "currency", "kind", "period_key"),
                name="payout_run_once_per_period",
            ),
        ),
    ]
