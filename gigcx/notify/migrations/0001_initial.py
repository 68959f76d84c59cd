"""Notifications, wishes, quiet hours, letters and the development mailbox."""

import datetime
import django.db.models.deletion
import gigcx.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("tenancy", "0002_idempotent_answer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MailboxMessage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("to", models.TextField()),
                ("subject", models.TextField()),
                ("text", models.TextField()),
                ("html", models.TextField(blank=True)),
                ("arrived_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="QuietHours",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="quiet_hours",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("starts_on_clock", models.TimeField(default=datetime.time(22, 0))),
                ("ends_on_clock", models.TimeField(default=datetime.time(7, 0))),
            ],
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=40)),
                ("ref_id", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("dropped", "Dropped"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("run_at", models.DateTimeField()),
                ("stale_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("error", models.TextField(blank=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["run_at", "id"], name="letter_due")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "ref_id"), name="letter_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "sent", "dropped", "failed"])), name="letter_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="letter_sent_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=60)),
                ("payload", models.JSONField()),
                ("dedupe_key", models.CharField(max_length=200, unique=True)),
                ("is_in_app", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_in_app", True)),
                        fields=["user", "-created_at"],
                        name="notification_inbox",
                    ),
                    models.Index(
                        condition=models.Q(("is_in_app", True), ("read_at__isnull", True)),
                        fields=["user"],
                        name="notification_unread",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=60)),
                ("channel", models.CharField(choices=[("app", "In the app"), ("email", "By e-mail")], max_length=10)),
                ("is_on", models.BooleanField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "kind", "channel"), name="preference_once")],
            },
        ),
    ]
