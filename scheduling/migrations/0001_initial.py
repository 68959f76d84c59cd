import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.expressions
import gigcx.kernel.ids
import scheduling.models.work
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("recruiting", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        migrations.CreateModel(
            name="AgentCalendar",
            fields=[
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="calendar",
                        serialize=False,
                        to="recruiting.agent",
                    ),
                ),
                ("day_minutes", models.PositiveIntegerField(default=720)),
                ("week_minutes", models.PositiveIntegerField(default=2880)),
                ("rest_minutes", models.PositiveIntegerField(default=480)),
                ("turnaround_minutes", models.PositiveIntegerField(default=0)),
                ("auto_fill_at", models.DateTimeField(null=True)),
                ("feed_token_hash", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("day_minutes__lte", 1440)), name="agent_calendar_day"),
                    models.CheckConstraint(
                        condition=models.Q(("week_minutes__lte", 10080)), name="agent_calendar_week"
                    ),
                    models.CheckConstraint(condition=models.Q(("rest_minutes__lte", 1440)), name="agent_calendar_rest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CapacityRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=20, verbose_name="channel")),
                ("timezone", models.CharField(max_length=64, verbose_name="time zone")),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="title")),
                ("week_starts_on", models.DateField(verbose_name="week")),
                ("shown_minutes", models.PositiveSmallIntegerField(default=30)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Pencilled"),
                            ("quoted", "Priced"),
                            ("expired", "Expired"),
                            ("awaiting_approval", "Waiting for approval"),
                            ("published", "Published"),
                            ("live", "Live"),
                            ("completed", "Completed"),
                            ("reconciled", "Reconciled"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("skills", models.JSONField(blank=True, default=list)),
                ("languages", models.JSONField(blank=True, default=list)),
                ("work_budget_minor", models.BigIntegerField(blank=True, null=True)),
                (
                    "design_state",
                    models.CharField(
                        choices=[("none", "Not asked for"), ("queued", "Being made"), ("done", "Made")],
                        default="none",
                        max_length=8,
                    ),
                ),
                ("design_requested_at", models.DateTimeField(null=True)),
                ("design", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("cancel_reason", models.TextField(blank=True)),
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
                        related_name="capacity_requests",
                        to="recruiting.program",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("brand", "number"), name="capacity_request_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "quoted", "awaiting_approval"])),
                        fields=("brand", "program", "channel", "week_starts_on"),
                        name="capacity_request_one_being_planned",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "quoted",
                                    "expired",
                                    "awaiting_approval",
                                    "published",
                                    "live",
                                    "completed",
                                    "reconciled",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="capacity_request_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("design_state__in", ["none", "queued", "done"])),
                        name="capacity_request_design_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shown_minutes__in", [15, 30, 60])), name="capacity_request_shown_minutes"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("week_starts_on__iso_week_day", 1)), name="capacity_request_monday"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["program", "channel", "week_starts_on"], name="capacity_request_week")
                ],
            },
        ),
        migrations.CreateModel(
            name="TimesheetLock",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("week_starts_on", models.DateField()),
                ("locked_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("brand", "week_starts_on"), name="timesheet_lock_once"),
                    models.CheckConstraint(
                        condition=models.Q(("week_starts_on__iso_week_day", 1)), name="timesheet_lock_monday"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("request_version", models.PositiveIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("bill_minor", models.BigIntegerField()),
                ("pay_currency", models.CharField(max_length=3)),
                ("pay_minor", models.BigIntegerField()),
                ("lines", models.JSONField(default=list)),
                ("assumptions", models.JSONField(default=dict)),
                ("seed", models.BigIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
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
                        related_name="quotes",
                        to="scheduling.capacityrequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("request", "request_version"), name="quote_once_a_version"),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))), name="quote_expiry"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("bill_minor__gte", 0), ("pay_minor__gte", 0)), name="quote_amounts"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestedInterval",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("starts_at", models.DateTimeField()),
                ("minutes", models.PositiveSmallIntegerField(default=15)),
                ("agents", models.PositiveIntegerField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="intervals",
                        to="scheduling.capacityrequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("request", "starts_at"), name="requested_interval_once"),
                    models.CheckConstraint(condition=models.Q(("minutes", 15)), name="requested_interval_quarter"),
                    models.CheckConstraint(
                        condition=models.Q(("agents__gte", 0), ("agents__lte", 10000)), name="requested_interval_agents"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_at__minute__in", [0, 15, 30, 45]), ("starts_at__second", 0)),
                        name="requested_interval_on_grid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("channel", models.CharField(max_length=20)),
                ("starts_at", models.DateTimeField(verbose_name="start")),
                ("ends_at", models.DateTimeField(verbose_name="end")),
                ("timezone", models.CharField(max_length=64)),
                ("local_on", models.DateField()),
                ("seats", models.PositiveIntegerField(verbose_name="seats")),
                ("filled", models.PositiveIntegerField(default=0)),
                ("reserved", models.PositiveIntegerField(default=0)),
                ("standby_seats", models.PositiveIntegerField(default=0)),
                ("standby_filled", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Pencilled"),
                            ("announced", "Announced"),
                            ("collecting", "Collecting wishes"),
                            ("open", "Open"),
                            ("started", "Running"),
                            ("ended", "Ended"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("publish_at", models.DateTimeField(null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="recruiting.program"
                    ),
                ),
                (
                    "rate_card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.ratecard"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shifts",
                        to="scheduling.capacityrequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="shift_end_after_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_at__minute__in", [0, 15, 30, 45]), ("starts_at__second", 0)),
                        name="shift_starts_on_grid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("filled__gte", 0),
                            ("reserved__gte", 0),
                            (
                                "seats__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("filled"), "+", models.F("reserved")
                                ),
                            ),
                        ),
                        name="shift_seats_hold_filled_and_reserved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("standby_filled__gte", 0), ("standby_seats__gte", models.F("standby_filled"))
                        ),
                        name="shift_standby_holds_filled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seats__gte", 1), ("seats__lte", 10000)), name="shift_seats_sensible"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "announced", "collecting", "open", "started", "ended", "cancelled"])
                        ),
                        name="shift_state",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["announced", "collecting", "open", "started"])),
                        fields=["program", "starts_at"],
                        name="shift_open",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["announced", "collecting", "open", "started"])),
                        fields=["state", "starts_at"],
                        name="shift_clock",
                    ),
                    models.Index(fields=["brand", "starts_at"], name="shift_brand_start"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(choices=[("seat", "Seat"), ("standby", "Standby")], default="seat", max_length=8),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("first_come", "First come"),
                            ("draw", "Draw"),
                            ("waitlist", "Waitlist"),
                            ("swap", "Swap"),
                            ("auto_fill", "Auto-fill"),
                            ("remedy", "Remedy"),
                        ],
                        default="first_come",
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("claimed", "Yours"),
                            ("confirmed", "Confirmed"),
                            ("checked_in", "Checked in"),
                            ("worked", "Worked"),
                            ("disputed", "Disputed"),
                            ("verified", "Verified"),
                            ("undone", "Undone"),
                            ("released", "Given back"),
                            ("swapped", "Swapped"),
                            ("no_show", "Missed"),
                            ("excused", "Excused"),
                            ("brand_cancelled", "Cancelled by the brand"),
                        ],
                        default="claimed",
                        max_length=16,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("busy", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("tier", models.CharField(max_length=12)),
                ("claimed_at", models.DateTimeField()),
                ("undo_until", models.DateTimeField()),
                ("checked_in_at", models.DateTimeField(null=True)),
                ("left_at", models.DateTimeField(null=True)),
                ("points", models.SmallIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=0)),
                ("verified_at", models.DateTimeField(null=True)),
                ("idempotency_key", models.CharField(max_length=80)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="recruiting.agent"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="recruiting.engagement"
                    ),
                ),
                (
                    "rate_card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.ratecard"
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="scheduling.shift"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("state__in", ["claimed", "confirmed", "checked_in", "worked", "disputed", "verified"])
                        ),
                        expressions=[("agent", "="), ("busy", "&&")],
                        name="claim_agent_is_in_one_place",
                    ),
                    models.CheckConstraint(condition=models.Q(("busy__isempty", False)), name="claim_busy_not_empty"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="claim_end_after_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "claimed",
                                    "confirmed",
                                    "checked_in",
                                    "worked",
                                    "disputed",
                                    "verified",
                                    "undone",
                                    "released",
                                    "swapped",
                                    "no_show",
                                    "excused",
                                    "brand_cancelled",
                                ],
                            )
                        ),
                        name="claim_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "verified"), ("verified_at__isnull", False), ("version__gte", 1)),
                            models.Q(("state", "verified"), _negated=True),
                            _connector="OR",
                        ),
                        name="claim_verified_has_version",
                    ),
                    models.UniqueConstraint(fields=("agent", "idempotency_key"), name="claim_idempotency_key"),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["claimed", "confirmed", "checked_in", "worked", "disputed", "verified"])
                        ),
                        fields=("shift", "agent"),
                        name="claim_one_seat_an_agent",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["agent", "starts_at"], name="claim_agent_start"),
                    models.Index(
                        condition=models.Q(("state__in", ["claimed", "confirmed"])),
                        fields=["starts_at"],
                        name="claim_awaiting_start",
                    ),
                    models.Index(
                        condition=models.Q(("state", "worked")), fields=["brand", "ends_at"], name="claim_unverified"
                    ),
                    models.Index(fields=["shift", "state"], name="claim_shift_state"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinuteAdjustment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("seconds", models.IntegerField()),
                ("reason", models.TextField()),
                ("evidence", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="adjustments", to="scheduling.claim"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("seconds", 0), _negated=True), name="minute_adjustment_not_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", models.Value("")), _negated=True), name="minute_adjustment_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkSession",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("device", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("challenge", "Presence check"),
                            ("ready", "Ready"),
                            ("on_contact", "On contact"),
                            ("wrap", "Wrapping up"),
                            ("aux", "Paused"),
                            ("lost", "Connection lost"),
                            ("ended", "Checked out"),
                        ],
                        default="ready",
                        max_length=12,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=20)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="work_sessions", to="recruiting.agent"
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="scheduling.claim",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ended"), _negated=True),
                        fields=("agent",),
                        name="work_session_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("state", "ended")),
                            models.Q(models.Q(("state", "ended"), _negated=True), ("ended_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="work_session_ended_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["challenge", "ready", "on_contact", "wrap", "aux", "lost", "ended"])
                        ),
                        name="work_session_state",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["claim", "started_at"], name="work_session_claim"),
                    models.Index(
                        condition=models.Q(("state", "ended"), _negated=True),
                        fields=["last_seen_at"],
                        name="work_session_live",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StateSpan",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("challenge", "Presence check"),
                            ("ready", "Ready"),
                            ("on_contact", "On contact"),
                            ("wrap", "Wrapping up"),
                            ("aux", "Paused"),
                            ("lost", "Connection lost"),
                            ("ended", "Checked out"),
                        ],
                        max_length=12,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("volume", "No contacts"),
                            ("brand", "The brand"),
                            ("platform", "The platform"),
                            ("agent", "The agent"),
                        ],
                        max_length=10,
                    ),
                ),
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
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="spans", to="scheduling.worksession"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("session", "="),
                            (
                                scheduling.models.work.SpanPeriod(
                                    "starts_at", "ends_at", django.contrib.postgres.fields.ranges.RangeBoundary()
                                ),
                                "&&",
                            ),
                        ],
                        name="state_span_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True), ("ends_at__gte", models.F("starts_at")), _connector="OR"
                        ),
                        name="state_span_end_after_start",
                    ),
                ],
                "indexes": [models.Index(fields=["session", "starts_at"], name="state_span_session")],
            },
        ),
    ]
