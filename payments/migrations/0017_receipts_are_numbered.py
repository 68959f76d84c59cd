"""Receipts get numbers of their own series; those from before have none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0016_instant_fees"),
        ("tenancy", "0002_idempotent_answer"),
    ]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="full_number",
            field=models.CharField(max_length=40, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="receipt",
            name="legal_entity",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="receipt",
            name="number",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="receipt",
            name="year",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__isnull", False)),
                fields=("legal_entity", "year", "number"),
                name="receipt_number_once",
            ),
        ),
    ]
