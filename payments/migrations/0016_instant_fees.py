"""What an instant payout costs: of the house, and for agents of single brands."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gigcx.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0015_invoice_copies"),
        ("tenancy", "0002_idempotent_answer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InstantFee",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("fee_minor", models.BigIntegerField()),
                ("set_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.brand",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("brand", "currency"), name="instant_fee_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(condition=models.Q(("fee_minor__gte", 0)), name="instant_fee_not_negative"),
                ],
            },
        ),
    ]
