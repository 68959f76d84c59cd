"""A brand's hold counts on a day, for budgets; the sandbox remembers pretended payments of brands."""

import django.db.models
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_depth_walls")]

    operations = [
        migrations.AddField(model_name="brandhold", name="counts_on", field=models.DateField(null=True)),
        migrations.CreateModel(
            name="SandboxCheckout",
            fields=[
                ("ref", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("owner_key", models.CharField(max_length=255, unique=True)),
                ("top_up_id", models.UUIDField()),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("refunded_minor", models.BigIntegerField(default=0)),
                ("state", models.CharField(default="open", max_length=12)),
                ("method", models.CharField(blank=True, max_length=16)),
                ("method_label", models.CharField(blank=True, max_length=60)),
                ("payment_ref", models.CharField(max_length=60, null=True, unique=True)),
                ("failure", models.CharField(blank=True, max_length=60)),
                ("return_url", models.TextField(blank=True)),
                ("saves_method", models.BooleanField(default=False)),
                ("settles_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["top_up_id"], name="sandbox_checkout_by_top_up")],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.Q(
                            ("refunded_minor__gte", 0), ("refunded_minor__lte", django.db.models.F("amount_minor"))
                        ),
                        name="sandbox_checkout_refund_range",
                    )
                ],
            },
        ),
    ]
