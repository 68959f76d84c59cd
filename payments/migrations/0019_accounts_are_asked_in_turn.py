"""When the rail was last asked about an account, so that each has its turn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0018_plain_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="payoutaccount",
            name="asked_at",
            field=models.DateTimeField(null=True),
        ),
    ]
