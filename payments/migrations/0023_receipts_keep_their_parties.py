"""Who received and who paid, as they were when the money came; empty on receipts from before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0022_called_off_runs_free_their_week"),
    ]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="buyer",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="receipt",
            name="seller",
            field=models.JSONField(default=dict),
        ),
    ]
