"""A bank transfer that a person typed in counts once a second person has looked; what was decided stays decided."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import gigcx.kernel.ids
from gigcx.audit.sql import frozen_when, not_frozen

TABLE = "payments_receiptproposal"
DECIDED = ("state", "decided_by_id", "decided_at", "decision_reason", "receipt_id")


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0008_holds_count_on_a_day"),
        ("tenancy", "0002_idempotent_answer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="ReceiptProposal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("bank_reference", models.CharField(max_length=100)),
                ("received_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for a second look"),
                            ("confirmed", "Confirmed"),
                            ("declined", "Declined"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_reason", models.TextField(blank=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.invoice",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "receipt",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal",
                        to="payments.receipt",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=~Q(state="declined"),
                        fields=("bank_reference",),
                        name="receipt_proposal_reference_once",
                    ),
                    models.CheckConstraint(condition=Q(amount_minor__gt=0), name="receipt_proposal_positive"),
                    models.CheckConstraint(
                        condition=Q(state__in=["proposed", "confirmed", "declined"]), name="receipt_proposal_state"
                    ),
                    models.CheckConstraint(
                        condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                        name="receipt_proposal_second_person",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="proposed") | Q(decided_by__isnull=False, decided_at__isnull=False),
                        name="receipt_proposal_decided",
                    ),
                ],
            },
        ),
        migrations.RunSQL(frozen_when(TABLE, "true", DECIDED), not_frozen(TABLE)),
    ]
