"""Copies of issued invoices at the provider; what was asked for never changes."""

import django.db.models.deletion
from django.db import migrations, models

import gigcx.kernel.ids
from gigcx.audit.sql import frozen_when, not_frozen

TABLE = "payments_invoicecopy"
MOVING = ("state", "ref", "pay_url", "failure", "ended_at")


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0014_open_charges_are_tallied"),
        ("tenancy", "0002_idempotent_answer"),
    ]

    operations = [
        migrations.CreateModel(
            name="InvoiceCopy",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "rail",
                    models.CharField(
                        choices=[
                            ("sandbox", "Sandbox"),
                            ("manual_bank_file", "Bank file"),
                            ("stripe_connect", "Stripe Connect"),
                        ],
                        max_length=30,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for"),
                            ("open", "Can be paid there"),
                            ("stale", "To be voided"),
                            ("voided", "Voided"),
                            ("refused", "Not made"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("idempotency_key", models.CharField(max_length=255, unique=True)),
                ("customer_ref", models.CharField(blank=True, max_length=120)),
                ("ref", models.CharField(max_length=120, null=True, unique=True)),
                ("pay_url", models.TextField(blank=True)),
                ("failure", models.CharField(blank=True, max_length=200)),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="copy", to="payments.invoice"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "invoice copies",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="invoice_copy_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "open", "stale", "voided", "refused"])),
                        name="invoice_copy_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["asked", "refused"]), ("ref__isnull", False), _connector="OR"
                        ),
                        name="invoice_copy_has_ref",
                    ),
                ],
            },
        ),
        migrations.RunSQL(frozen_when(TABLE, "true", MOVING), not_frozen(TABLE)),
    ]
