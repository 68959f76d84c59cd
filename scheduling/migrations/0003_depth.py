import django.db.models.deletion
import django.db.models.expressions
import gigcx.kernel.ids
import scheduling.models.rules
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recruiting", "0003_first_skills"),
        ("scheduling", "0002_room_and_walls"),
        ("tenancy", "0002_idempotent_answer"),
    ]

    operations = [
        migrations.CreateModel(
            name="SwapOffer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(choices=[("give", "Give away"), ("trade", "Trade")], max_length=6)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("pending_approval", "Waiting for the brand"),
                            ("taken", "Taken"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("decide_by", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="swap_offers", to="recruiting.agent"
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="swap_offers", to="scheduling.claim"
                    ),
                ),
                (
                    "for_claim",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scheduling.claim"
                    ),
                ),
                (
                    "new_claim",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scheduling.claim"
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.agent"
                    ),
                ),
                (
                    "to_agent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.agent"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "pending_approval"])),
                        fields=("claim",),
                        name="swap_offer_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "pending_approval", "taken", "withdrawn", "expired"])
                        ),
                        name="swap_offer_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "trade"), _negated=True), ("for_claim__isnull", False), _connector="OR"
                        ),
                        name="swap_offer_trade_names_a_claim",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UploadBatch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("channel", models.CharField(max_length=20)),
                ("language", models.CharField(blank=True, max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("forecast", "Expected contacts"),
                            ("agents", "Agents needed"),
                            ("actuals", "What really came"),
                            ("in_house", "Own staff"),
                        ],
                        default="forecast",
                        max_length=10,
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("file_hash", models.CharField(max_length=64)),
                ("content", models.BinaryField(default=b"")),
                ("mapping", models.JSONField(blank=True, default=dict)),
                ("headings", models.JSONField(blank=True, default=list)),
                ("rows", models.JSONField(blank=True, default=list)),
                ("row_count", models.PositiveIntegerField(default=0)),
                ("row_errors", models.JSONField(blank=True, default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("previewed", "Ready to apply"),
                            ("rejected", "Has faults"),
                            ("applied", "Applied"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("forecast_ids", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="upload_batches",
                        to="recruiting.program",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["program", "channel", "created_at"], name="upload_batch_recent")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "applied")),
                        fields=("brand", "file_hash"),
                        name="upload_batch_applied_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["received", "previewed", "rejected", "applied"])),
                        name="upload_batch_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VtoOffer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("places", models.PositiveIntegerField()),
                ("taken", models.PositiveIntegerField(default=0)),
                ("pay_bp", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(choices=[("open", "Open"), ("closed", "Closed")], default="open", max_length=8),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="vto_offers", to="scheduling.shift"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("shift",), name="vto_offer_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("places__gte", 1), ("places__gte", models.F("taken"))),
                        name="vto_offer_places",
                    ),
                    models.CheckConstraint(condition=models.Q(("pay_bp__lte", 10000)), name="vto_offer_pay"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "closed"])), name="vto_offer_state"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitlistEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "source",
                    models.CharField(
                        choices=[("joined", "Joined"), ("draw", "Draw"), ("full", "Was late by a moment")],
                        default="joined",
                        max_length=8,
                    ),
                ),
                ("auto_accept", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("invited", "Invited"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("expired", "Not answered"),
                            ("skipped", "Passed over"),
                            ("left", "Left"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("joined_at", models.DateTimeField()),
                ("invited_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="waits", to="recruiting.agent"
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scheduling.claim"
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="waitlist", to="scheduling.shift"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "invited"])),
                        fields=["shift", "position"],
                        name="waitlist_entry_line",
                    ),
                    models.Index(
                        condition=models.Q(("state", "invited")), fields=["expires_at"], name="waitlist_entry_due"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "invited"])),
                        fields=("shift", "agent"),
                        name="waitlist_entry_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "invited", "accepted", "declined", "expired", "skipped", "left"])
                        ),
                        name="waitlist_entry_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "invited"), _negated=True),
                            models.Q(("expires_at__isnull", False), ("invited_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="waitlist_entry_invited_has_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActualPoint",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("channel", models.CharField(max_length=20)),
                ("starts_at", models.DateTimeField()),
                ("offered", models.PositiveIntegerField()),
                ("answered", models.PositiveIntegerField()),
                ("abandoned", models.PositiveIntegerField()),
                ("answered_in_threshold", models.PositiveIntegerField(null=True)),
                ("aht_seconds", models.DecimalField(decimal_places=2, default=0, max_digits=10)),
                ("recorded_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actuals", to="recruiting.program"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("program", "channel", "starts_at"), name="actual_point_once"),
                    models.CheckConstraint(
                        condition=models.Q(("starts_at__minute__in", [0, 15, 30, 45]), ("starts_at__second", 0)),
                        name="actual_point_on_grid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "offered__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("answered"), "+", models.F("abandoned")
                                ),
                            )
                        ),
                        name="actual_point_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AssignmentRun",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Being solved"),
                            ("solved", "Ready to look at"),
                            ("applied", "Applied"),
                            ("discarded", "Discarded"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("input_hash", models.CharField(blank=True, max_length=64)),
                ("picks", models.JSONField(blank=True, default=list)),
                ("reasons", models.JSONField(blank=True, default=dict)),
                ("figures", models.JSONField(blank=True, default=dict)),
                ("cancel_requested_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("solved_at", models.DateTimeField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignment_runs",
                        to="scheduling.capacityrequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["queued", "solved"])),
                        fields=("request",),
                        name="assignment_run_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "solved", "applied", "discarded"])),
                        name="assignment_run_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DemandTemplate",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("channel", models.CharField(max_length=20, verbose_name="channel")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("timezone", models.CharField(max_length=64, verbose_name="time zone")),
                ("every_weeks", models.PositiveSmallIntegerField(default=1, verbose_name="every so many weeks")),
                ("anchor_on", models.DateField(verbose_name="first week")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("skip_dates", models.JSONField(blank=True, default=list, verbose_name="days to skip")),
                ("rows", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("paused", "Paused"), ("ended", "Ended")],
                        default="active",
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="demand_templates",
                        to="recruiting.program",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ended"), _negated=True),
                        fields=("program", "channel", "name"),
                        name="demand_template_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("every_weeks__gte", 1), ("every_weeks__lte", 52)),
                        name="demand_template_step",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("anchor_on__iso_week_day", 1)), name="demand_template_monday"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "paused", "ended"])), name="demand_template_state"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Forecast",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("channel", models.CharField(max_length=20, verbose_name="channel")),
                ("language", models.CharField(blank=True, max_length=20, verbose_name="language")),
                ("week_starts_on", models.DateField(verbose_name="week")),
                ("version", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("superseded", "Superseded")],
                        default="draft",
                        max_length=12,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("typed", "Typed"),
                            ("csv", "CSV file"),
                            ("xlsx", "Spreadsheet"),
                            ("api", "API"),
                            ("copied", "Copied"),
                            ("baseline", "Baseline of past weeks"),
                            ("intraday", "Re-forecast within the day"),
                        ],
                        max_length=10,
                    ),
                ),
                ("provenance", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="scheduling.forecast",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forecasts", to="recruiting.program"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "channel", "language", "week_starts_on", "version"), name="forecast_version"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("program", "channel", "language", "week_starts_on"),
                        name="forecast_one_published",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "published", "superseded"])), name="forecast_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__in", ["typed", "csv", "xlsx", "api", "copied", "baseline", "intraday"])
                        ),
                        name="forecast_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("week_starts_on__iso_week_day", 1)), name="forecast_monday"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Incentive",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("per_hour_minor", models.PositiveIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("budget_minor", models.BigIntegerField(default=0)),
                (
                    "cause",
                    models.CharField(
                        choices=[("brand", "The brand"), ("ladder", "The incentive ladder"), ("remedy", "A remedy")],
                        max_length=8,
                    ),
                ),
                ("announced_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="incentives", to="scheduling.shift"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shift", "announced_at"), name="incentive_step_once"),
                    models.CheckConstraint(condition=models.Q(("budget_minor__gte", 0)), name="incentive_budget"),
                    models.CheckConstraint(
                        condition=models.Q(("cause__in", ["brand", "ladder", "remedy"])), name="incentive_cause"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("group_id", models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False)),
                (
                    "cause_owner",
                    models.CharField(
                        choices=[
                            ("brand", "The brand"),
                            ("platform", "The platform"),
                            ("region", "A region: power, weather"),
                            ("provider", "A network provider"),
                        ],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("description", models.TextField(blank=True)),
                ("scope", models.JSONField(blank=True, default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("suspected", "Suspected"),
                            ("declared", "Declared"),
                            ("dismissed", "Dismissed"),
                            ("resolved", "Over"),
                            ("settled", "Settled"),
                        ],
                        default="suspected",
                        max_length=10,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("declared_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["brand", "starts_at"], name="incident_brand_start")],
                "constraints": [
                    models.UniqueConstraint(fields=("brand", "group_id"), name="incident_once_a_brand"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["suspected", "declared", "dismissed", "resolved", "settled"])
                        ),
                        name="incident_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cause_owner__in", ["brand", "platform", "region", "provider"])),
                        name="incident_cause_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True), ("ends_at__gt", models.F("starts_at")), _connector="OR"
                        ),
                        name="incident_end_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["resolved", "settled"]), _negated=True),
                            ("ends_at__isnull", False),
                            _connector="OR",
                        ),
                        name="incident_resolved_has_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InHouseCoverage",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("channel", models.CharField(max_length=20)),
                ("starts_at", models.DateTimeField()),
                ("heads", models.PositiveIntegerField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_house_coverage",
                        to="recruiting.program",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("program", "channel", "starts_at"), name="in_house_coverage_once"),
                    models.CheckConstraint(
                        condition=models.Q(("starts_at__minute__in", [0, 15, 30, 45]), ("starts_at__second", 0)),
                        name="in_house_coverage_on_grid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferedMinutes",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("on_date", models.DateField()),
                ("minutes", models.PositiveIntegerField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.agent"
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offered_minutes",
                        to="recruiting.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("engagement", "on_date"), name="offered_minutes_once")],
            },
        ),
        migrations.CreateModel(
            name="ReleaseWave",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("favorites", "Favorites"),
                            ("tier", "From a tier on"),
                            ("everyone", "Everyone eligible"),
                        ],
                        max_length=10,
                    ),
                ),
                ("least_tier", models.CharField(blank=True, max_length=12)),
                (
                    "mode",
                    models.CharField(
                        choices=[("draw", "Sealed draw"), ("first_come", "First come, first served")], max_length=10
                    ),
                ),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField(null=True)),
                ("share_cap_bp", models.PositiveSmallIntegerField(default=10000)),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("open", "Open"), ("closed", "Closed")],
                        default="planned",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waves",
                        to="scheduling.capacityrequest",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=["opens_at"],
                        name="release_wave_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("request", "position"), name="release_wave_position"),
                    models.CheckConstraint(
                        condition=models.Q(("share_cap_bp__gte", 1), ("share_cap_bp__lte", 10000)),
                        name="release_wave_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes_at__isnull", True), ("closes_at__gt", models.F("opens_at")), _connector="OR"
                        ),
                        name="release_wave_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode", "first_come"), ("closes_at__isnull", False), _connector="OR"),
                        name="release_wave_draw_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["planned", "open", "closed"])), name="release_wave_state"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remedy",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("standby", "Call standby"),
                            ("waitlist", "Add seats for the waitlist"),
                            ("incentive", "Raise the pay"),
                            ("extend", "Ask people to stay longer"),
                            ("vto", "Offer time off"),
                            ("own_staff", "Use your own staff"),
                        ],
                        max_length=10,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("seats", models.PositiveIntegerField()),
                ("covered_minutes", models.PositiveIntegerField(default=0)),
                ("cost_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(max_length=3)),
                ("details", models.JSONField(blank=True, default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("acted", "Done"),
                            ("dismissed", "Dismissed"),
                            ("expired", "Too late"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("is_automatic", models.BooleanField(default=False)),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.program"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remedies",
                        to="scheduling.capacityrequest",
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remedies",
                        to="scheduling.shift",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["program", "starts_at"], name="remedy_program_start")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("request", "kind", "shift", "starts_at"),
                        name="remedy_proposed_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="remedy_end_after_start"
                    ),
                    models.CheckConstraint(condition=models.Q(("cost_minor__gte", 0)), name="remedy_cost"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "acted", "dismissed", "expired"])),
                        name="remedy_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["standby", "waitlist", "incentive", "extend", "vto", "own_staff"])
                        ),
                        name="remedy_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SchedulingRules",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("is_draw_first", models.BooleanField(default=True, verbose_name="contested seats go by draw")),
                (
                    "favorites_share_bp",
                    models.PositiveSmallIntegerField(default=3000, verbose_name="seats that favorites may take first"),
                ),
                ("draw_hours", models.PositiveSmallIntegerField(default=24, verbose_name="hours a draw stays open")),
                (
                    "first_come_below_hours",
                    models.PositiveSmallIntegerField(default=12, verbose_name="first come, first served below"),
                ),
                ("hot_below_hours", models.PositiveSmallIntegerField(default=2, verbose_name="hot below")),
                (
                    "draw_week_minutes",
                    models.PositiveSmallIntegerField(default=720, verbose_name="most a draw gives an agent a week"),
                ),
                (
                    "open_week_minutes",
                    models.PositiveSmallIntegerField(default=1440, verbose_name="most an agent claims a week at first"),
                ),
                (
                    "approval_above_minor",
                    models.BigIntegerField(blank=True, null=True, verbose_name="a second person approves above"),
                ),
                (
                    "is_remedy_automatic",
                    models.BooleanField(default=False, verbose_name="gaps may be closed without asking"),
                ),
                ("is_swap_approved", models.BooleanField(default=False, verbose_name="the brand approves swaps")),
                (
                    "standby_coverage_bp",
                    models.PositiveSmallIntegerField(default=9500, verbose_name="standby up to this coverage"),
                ),
                (
                    "show_confidence_bp",
                    models.PositiveSmallIntegerField(default=9000, verbose_name="confidence that enough will come"),
                ),
                ("incentive_step_bp", models.PositiveSmallIntegerField(default=1000, verbose_name="incentive step")),
                ("incentive_cap_bp", models.PositiveSmallIntegerField(default=5000, verbose_name="highest incentive")),
                (
                    "incentive_ladder",
                    models.JSONField(
                        blank=True, default=scheduling.models.rules.default_ladder, verbose_name="incentive ladder"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("updated_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "program",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scheduling_rules",
                        to="recruiting.program",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("favorites_share_bp__lte", 10000)), name="scheduling_rules_share"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("show_confidence_bp__lt", 10000), ("standby_coverage_bp__lte", 10000)),
                        name="scheduling_rules_cover",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("draw_hours__gte", 1), ("draw_hours__lte", 168)),
                        name="scheduling_rules_draw",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceTarget",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("channel", models.CharField(max_length=20, verbose_name="channel")),
                ("language", models.CharField(blank=True, max_length=20, verbose_name="language")),
                ("version", models.PositiveIntegerField()),
                (
                    "model",
                    models.CharField(
                        choices=[
                            ("erlang_c", "Erlang C: callers wait for ever"),
                            ("erlang_a", "Erlang A: callers lose patience"),
                            ("deferred", "Deferred work, due later"),
                            ("typed", "Typed by a planner"),
                        ],
                        max_length=10,
                        verbose_name="model",
                    ),
                ),
                (
                    "definition",
                    models.CharField(
                        choices=[
                            ("answered_in_t_of_offered", "Answered in time, of all offered"),
                            ("answered_in_t_of_answered", "Answered in time, of those answered"),
                            ("answered_or_abandoned_in_t_of_offered", "Answered or gone in time, of all offered"),
                            ("excluding_short_abandons", "Answered in time, of offered without short abandons"),
                        ],
                        max_length=40,
                        verbose_name="definition",
                    ),
                ),
                ("short_abandon_seconds", models.PositiveSmallIntegerField(default=0)),
                ("target_bp", models.PositiveSmallIntegerField(default=8000, verbose_name="target")),
                ("threshold_seconds", models.PositiveIntegerField(default=20, verbose_name="answered within")),
                ("patience_seconds", models.PositiveIntegerField(default=180, verbose_name="patience")),
                ("max_occupancy_bp", models.PositiveSmallIntegerField(default=8500, verbose_name="highest occupancy")),
                ("shrinkage_bp", models.PositiveSmallIntegerField(default=3000, verbose_name="shrinkage")),
                ("concurrency", models.PositiveSmallIntegerField(default=1, verbose_name="contacts at once")),
                (
                    "concurrency_factor_bp",
                    models.PositiveIntegerField(default=10000, verbose_name="handling time at that concurrency"),
                ),
                ("due_minutes", models.PositiveIntegerField(default=1440, verbose_name="deferred work is due within")),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(blank=True, max_length=200)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_targets",
                        to="recruiting.program",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "channel", "language", "version"), name="service_target_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("model__in", ["erlang_c", "erlang_a", "deferred", "typed"])),
                        name="service_target_model",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "definition__in",
                                [
                                    "answered_in_t_of_offered",
                                    "answered_in_t_of_answered",
                                    "answered_or_abandoned_in_t_of_offered",
                                    "excluding_short_abandons",
                                ],
                            )
                        ),
                        name="service_target_definition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("target_bp__gte", 0), ("target_bp__lte", 10000)),
                        name="service_target_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("max_occupancy_bp__gte", 1), ("max_occupancy_bp__lte", 10000)),
                        name="service_target_occupancy",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shrinkage_bp__gte", 0), ("shrinkage_bp__lte", 9000)),
                        name="service_target_shrinkage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("concurrency__gte", 1), ("concurrency__lte", 10)),
                        name="service_target_concurrency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("concurrency_factor_bp__gte", 10000)), name="service_target_factor"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplateWeek",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("week_starts_on", models.DateField()),
                ("template_version", models.PositiveIntegerField()),
                ("filled_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weeks",
                        to="scheduling.demandtemplate",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("template", "week_starts_on"), name="template_week_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="VtoTaken",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("pay_bp", models.PositiveSmallIntegerField()),
                ("seconds_left", models.PositiveIntegerField()),
                ("taken_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.agent"
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "claim",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="vto", to="scheduling.claim"
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="taken_by", to="scheduling.vtooffer"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClaimWindow",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("committed", "Committed"),
                            ("open", "Open for wishes"),
                            ("closed", "Closed"),
                            ("drawn", "Drawn"),
                            ("revealed", "Revealed"),
                            ("void", "Void"),
                        ],
                        default="committed",
                        max_length=10,
                    ),
                ),
                ("commitment", models.CharField(max_length=64)),
                ("sealed_seed", models.BinaryField()),
                ("revealed_seed", models.CharField(blank=True, max_length=64)),
                ("entries_digest", models.CharField(blank=True, max_length=64)),
                ("result", models.JSONField(blank=True, default=dict)),
                ("void_reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("drawn_at", models.DateTimeField(null=True)),
                ("revealed_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="windows", to="scheduling.releasewave"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["revealed", "void"]), _negated=True),
                        fields=["closes_at"],
                        name="claim_window_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "void"), _negated=True),
                        fields=("wave",),
                        name="claim_window_one_a_wave",
                    ),
                    models.UniqueConstraint(fields=("commitment",), name="claim_window_commitment"),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))), name="claim_window_end"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["committed", "open", "closed", "drawn", "revealed", "void"])),
                        name="claim_window_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "void"), _negated=True),
                            models.Q(("void_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="claim_window_void_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["revealed"]), _negated=True),
                            models.Q(("revealed_seed", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="claim_window_revealed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForecastPoint",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("starts_at", models.DateTimeField()),
                ("volume", models.DecimalField(decimal_places=4, max_digits=14)),
                ("aht_seconds", models.DecimalField(decimal_places=2, default=0, max_digits=10)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "forecast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="points", to="scheduling.forecast"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("forecast", "starts_at"), name="forecast_point_once"),
                    models.CheckConstraint(condition=models.Q(("volume__gte", 0)), name="forecast_point_volume"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("aht_seconds__gt", 0), models.Q(("aht_seconds__gte", 0), ("volume", 0)), _connector="OR"
                        ),
                        name="forecast_point_handling_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_at__minute__in", [0, 15, 30, 45]), ("starts_at__second", 0)),
                        name="forecast_point_on_grid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Excusal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "reason_class",
                    models.CharField(
                        choices=[
                            ("incident", "A declared incident"),
                            ("illness", "Illness"),
                            ("family", "Family emergency"),
                            ("power", "Power or network"),
                            ("brand_tools", "The brand's tools"),
                            ("free", "A free excuse"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("statement", models.TextField(blank=True)),
                ("evidence", models.JSONField(blank=True, default=dict)),
                (
                    "payer",
                    models.CharField(
                        choices=[("brand", "Brand"), ("platform", "Platform"), ("agent", "Nobody")], max_length=10
                    ),
                ),
                ("floor_seconds", models.PositiveIntegerField(default=0)),
                ("points_void", models.SmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Asked"),
                            ("granted", "Excused"),
                            ("refused", "Not excused"),
                            ("void", "Void"),
                        ],
                        default="requested",
                        max_length=10,
                    ),
                ),
                ("decision_reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.agent"
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="excusals", to="scheduling.claim"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="excusals",
                        to="scheduling.incident",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "requested")), fields=["due_at"], name="excusal_due")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("incident", "claim"), name="excusal_once_an_incident"),
                    models.UniqueConstraint(
                        condition=models.Q(("incident__isnull", True)),
                        fields=("claim",),
                        name="excusal_asked_once_a_claim",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["requested", "granted", "refused", "void"])),
                        name="excusal_state",
                    ),
                    models.CheckConstraint(condition=models.Q(("points_void__lte", 0)), name="excusal_points"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutageReport",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("brand", "The brand"),
                            ("platform", "The platform"),
                            ("region", "A region: power, weather"),
                            ("provider", "A network provider"),
                        ],
                        max_length=10,
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=80)),
                ("provider", models.CharField(blank=True, max_length=80)),
                ("note", models.TextField(blank=True)),
                ("reported_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outage_reports",
                        to="recruiting.agent",
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outage_reports",
                        to="scheduling.claim",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="scheduling.incident",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["reported_at"], name="outage_report_recent")],
            },
        ),
        migrations.CreateModel(
            name="StaffingRequirement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("channel", models.CharField(max_length=20)),
                ("week_starts_on", models.DateField()),
                ("version", models.PositiveIntegerField()),
                ("kind", models.CharField(choices=[("computed", "Computed"), ("typed", "Typed")], max_length=8)),
                ("summary", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "forecast",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requirements",
                        to="scheduling.forecast",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staffing_requirements",
                        to="recruiting.program",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requirements",
                        to="scheduling.servicetarget",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "channel", "week_starts_on", "version"), name="staffing_requirement_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["computed", "typed"])), name="staffing_requirement_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("week_starts_on__iso_week_day", 1)), name="staffing_requirement_monday"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffingRequirementPoint",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("starts_at", models.DateTimeField()),
                ("agents", models.PositiveIntegerField()),
                ("seats", models.PositiveIntegerField()),
                ("in_house", models.PositiveIntegerField(default=0)),
                ("to_book", models.PositiveIntegerField()),
                ("service_level_bp", models.PositiveSmallIntegerField(null=True)),
                ("asa_seconds", models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ("occupancy_bp", models.PositiveSmallIntegerField(null=True)),
                ("abandoned_bp", models.PositiveSmallIntegerField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="scheduling.staffingrequirement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("requirement", "starts_at"), name="staffing_requirement_point_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="DrawEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("entered", "Entered"),
                            ("withdrawn", "Withdrawn"),
                            ("removed", "Removed"),
                            ("frozen", "In the draw"),
                            ("won", "Won"),
                            ("waitlisted", "On the waitlist"),
                            ("lost", "Not drawn"),
                        ],
                        default="entered",
                        max_length=10,
                    ),
                ),
                ("wishes", models.JSONField(default=list)),
                ("max_minutes", models.PositiveIntegerField(null=True)),
                ("pseudonym", models.CharField(max_length=32)),
                ("nonce", models.CharField(max_length=32)),
                ("receipt", models.CharField(max_length=64)),
                ("tickets", models.PositiveSmallIntegerField(null=True)),
                ("rank", models.PositiveIntegerField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("outcome", models.JSONField(blank=True, default=dict)),
                ("entered_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draw_entries", to="recruiting.agent"
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="scheduling.claimwindow"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("window", "agent"), name="draw_entry_once"),
                    models.UniqueConstraint(fields=("window", "pseudonym"), name="draw_entry_pseudonym"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["entered", "withdrawn", "removed", "frozen", "won", "waitlisted", "lost"])
                        ),
                        name="draw_entry_state",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="capacityrequest",
            name="accepted_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="capacityrequest",
            name="approval_asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="capacityrequest",
            name="design_cancel_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="capacityrequest",
            name="design_progress",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="capacityrequest",
            name="incentive_budget_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="capacityrequest",
            name="incentive_spent_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="capacityrequest",
            name="publish_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="capacityrequest",
            name="remedy_budget_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="capacityrequest",
            name="remedy_spent_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="claim",
            name="confirmed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="claim",
            name="decline_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="quote",
            name="fill",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="quote",
            name="floor_exposure_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="quote",
            name="strategies",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="capacityrequest",
            name="template",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="scheduling.demandtemplate",
            ),
        ),
        migrations.AddField(
            model_name="capacityrequest",
            name="requirement",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="scheduling.staffingrequirement",
            ),
        ),
        migrations.AddConstraint(
            model_name="capacityrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("incentive_budget_minor__gte", models.F("incentive_spent_minor")),
                    ("incentive_spent_minor__gte", 0),
                ),
                name="capacity_request_incentive_budget",
            ),
        ),
        migrations.AddConstraint(
            model_name="capacityrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("remedy_budget_minor__gte", models.F("remedy_spent_minor")), ("remedy_spent_minor__gte", 0)
                ),
                name="capacity_request_remedy_budget",
            ),
        ),
    ]
