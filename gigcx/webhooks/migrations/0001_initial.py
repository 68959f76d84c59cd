import django.db.models.deletion
import gigcx.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0002_append_only"),
        ("tenancy", "0002_idempotent_answer"),
    ]

    operations = [
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("url", models.URLField(max_length=500)),
                ("description", models.CharField(blank=True, max_length=200)),
                ("event_types", models.JSONField(default=list)),
                ("secrets", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("disabled", "Disabled")], default="active", max_length=10
                    ),
                ),
                ("disabled_reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "disabled"])), name="webhook_endpoint_state"
                    ),
                    models.UniqueConstraint(fields=("brand", "id"), name="webhook_endpoint_brand_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("delivered", "Delivered"), ("failed", "Failed")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("run_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(null=True)),
                ("answer_status", models.PositiveSmallIntegerField(null=True)),
                ("answer_excerpt", models.TextField(blank=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.outboxevent"
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="webhooks.endpoint"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "delivered", "failed"])),
                        name="webhook_delivery_state",
                    ),
                    models.UniqueConstraint(fields=("brand", "endpoint", "event"), name="webhook_delivery_once"),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["run_at", "id"], name="webhook_delivery_due"
                    )
                ],
            },
        ),
    ]
