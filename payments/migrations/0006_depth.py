import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.expressions
import gigcx.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("payments", "0005_cancellation_lines"),
        ("recruiting", "0003_first_skills"),
        ("tenancy", "0002_idempotent_answer"),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        migrations.CreateModel(
            name="AdjustmentRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=24)),
                ("currency", models.CharField(max_length=3)),
                ("pay_minor", models.BigIntegerField()),
                ("bill_minor", models.BigIntegerField(default=0)),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for a second person"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_reason", models.TextField(blank=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.agent"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.earning"
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
                    "earning",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustment_request",
                        to="payments.earning",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.engagement"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "approved", "refused"])), name="adjustment_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pay_minor", 0), _negated=True), name="adjustment_not_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="adjustment_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="adjustment_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "asked"),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="adjustment_decided",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("currency", models.CharField(max_length=3)),
                ("line_count", models.PositiveIntegerField()),
                ("total_minor", models.BigIntegerField()),
                ("content", models.BinaryField()),
                ("content_key", models.CharField(blank=True, max_length=120)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("made", "Made"), ("sent", "Given to the bank"), ("closed", "Every line answered")],
                        default="made",
                        max_length=8,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["made", "sent", "closed"])), name="bank_file_state"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BillingProfile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("legal_name", models.CharField(max_length=200)),
                ("address", models.TextField(blank=True)),
                ("country", models.CharField(max_length=2)),
                ("region", models.CharField(blank=True, max_length=10)),
                ("vat_id", models.CharField(blank=True, max_length=20)),
                ("vat_id_checked_at", models.DateTimeField(null=True)),
                ("vat_id_evidence", models.JSONField(blank=True, default=dict)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("purchase_order", models.CharField(blank=True, max_length=60)),
                ("updated_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("brand",), name="billing_profile_once"),
                    models.CheckConstraint(
                        condition=models.Q(("country__regex", "^[A-Z]{2}$")), name="billing_profile_country"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Budget",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "scope",
                    models.CharField(choices=[("brand", "the whole brand"), ("program", "one program")], max_length=10),
                ),
                ("currency", models.CharField(max_length=3)),
                ("month", models.DateField()),
                ("soft_minor", models.BigIntegerField()),
                ("hard_minor", models.BigIntegerField()),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=80)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recruiting.program",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("brand", "program", "currency", "month"), name="budget_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["brand", "program"])), name="budget_scope"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("program__isnull", True), ("scope", "brand")),
                            models.Q(("program__isnull", False), ("scope", "program")),
                            _connector="OR",
                        ),
                        name="budget_scope_program",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("soft_minor__gte", 0), ("hard_minor__gte", models.F("soft_minor"))),
                        name="budget_limits",
                    ),
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="budget_first_of_month"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FxRate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("base", models.CharField(max_length=3)),
                ("quote", models.CharField(max_length=3)),
                ("on", models.DateField()),
                ("rate", models.DecimalField(decimal_places=10, max_digits=20)),
                ("source", models.CharField(max_length=60)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("base", "quote", "on"), name="fx_rate_once"),
                    models.CheckConstraint(
                        condition=models.Q(("rate__gt", 0), models.Q(("base", models.F("quote")), _negated=True)),
                        name="fx_rate_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InstantQuote",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("fee_minor", models.BigIntegerField()),
                ("earning_ids", models.JSONField(default=list)),
                ("quoted_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.payoutaccount"
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.agent"
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instant_quote",
                        to="payments.payoutitem",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fee_minor__gte", 0), ("amount_minor__gt", models.F("fee_minor"))),
                        name="instant_quote_covers_fee",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("quoted_at"))), name="instant_quote_ends"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("legal_entity", models.CharField(max_length=20)),
                ("series", models.CharField(max_length=10)),
                ("year", models.PositiveSmallIntegerField(null=True)),
                ("number", models.PositiveIntegerField(null=True)),
                ("full_number", models.CharField(max_length=40, null=True, unique=True)),
                ("currency", models.CharField(max_length=3)),
                ("period_from", models.DateField()),
                ("period_to", models.DateField()),
                ("issued_on", models.DateField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("purchase_order", models.CharField(blank=True, max_length=60)),
                ("seller", models.JSONField(default=dict)),
                ("buyer", models.JSONField(default=dict)),
                ("net_minor", models.BigIntegerField(default=0)),
                ("tax_minor", models.BigIntegerField(default=0)),
                ("gross_minor", models.BigIntegerField(default=0)),
                ("paid_minor", models.BigIntegerField(default=0)),
                ("credited_minor", models.BigIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("issued", "Issued"),
                            ("part_paid", "Partly paid"),
                            ("paid", "Paid"),
                            ("overdue", "Overdue"),
                            ("written_off", "Written off"),
                            ("credited", "Credited in full"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("remote_ref", models.CharField(max_length=120, null=True, unique=True)),
                ("content_sha256", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField()),
                ("issued_at", models.DateTimeField(null=True)),
                ("paid_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["brand", "-period_from"], name="invoice_by_brand"),
                    models.Index(fields=["due_on"], name="invoice_by_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("number__isnull", False)),
                        fields=("legal_entity", "series", "year", "number"),
                        name="invoice_number_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("brand", "currency", "period_from"),
                        name="invoice_one_draft_a_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "gross_minor",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net_minor"), "+", models.F("tax_minor")
                                ),
                            )
                        ),
                        name="invoice_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "issued",
                                    "part_paid",
                                    "paid",
                                    "overdue",
                                    "written_off",
                                    "credited",
                                    "discarded",
                                ],
                            )
                        ),
                        name="invoice_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period_to__gte", models.F("period_from"))), name="invoice_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credited_minor__gte", 0),
                            ("paid_minor__gte", 0),
                            ("paid_minor__lte", models.F("gross_minor")),
                            ("credited_minor__lte", models.F("gross_minor")),
                        ),
                        name="invoice_paid_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "discarded"]),
                            models.Q(
                                ("due_on__isnull", False),
                                ("full_number__isnull", False),
                                ("issued_on__isnull", False),
                                ("number__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="invoice_numbered_once_issued",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineDispute",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "opened_by_kind",
                    models.CharField(choices=[("agent", "agent"), ("brand", "brand"), ("ops", "ops")], max_length=10),
                ),
                ("opened_by", models.CharField(max_length=80)),
                ("reason", models.TextField()),
                ("part_from", models.DateTimeField(null=True)),
                ("part_to", models.DateTimeField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("disputed_minor", models.BigIntegerField()),
                ("claimed_minor", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("withdrawn", "Withdrawn"),
                            ("decided", "Decided"),
                            ("defaulted", "Decided by silence"),
                            ("appealed", "Appealed"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("needs_ops", models.BooleanField(default=False)),
                ("answer", models.TextField(blank=True)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stands", "the line stands"),
                            ("corrected", "the line was corrected"),
                            ("removed", "the line was taken away"),
                        ],
                        max_length=12,
                    ),
                ),
                ("decided_minor", models.BigIntegerField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.agent"
                    ),
                ),
                (
                    "appeal_of",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="payments.linedispute",
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "decided_by_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "earning",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="payments.earning"
                    ),
                ),
                (
                    "held_earning",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.earning"
                    ),
                ),
                (
                    "opened_by_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["due_at"], name="line_dispute_due"),
                    models.Index(fields=["brand", "-opened_at"], name="line_dispute_by_brand"),
                    models.Index(fields=["agent", "-opened_at"], name="line_dispute_by_agent"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("earning",), name="line_dispute_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "withdrawn", "decided", "defaulted", "appealed", "closed"])
                        ),
                        name="line_dispute_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opened_by_kind__in", ["agent", "brand", "ops"])), name="line_dispute_party"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("claimed_minor__gte", 0), ("disputed_minor__gte", 0)),
                        name="line_dispute_amounts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("opened_at"))), name="line_dispute_ends"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("part_from__isnull", True), ("part_to__isnull", True)),
                            ("part_to__gt", models.F("part_from")),
                            _connector="OR",
                        ),
                        name="line_dispute_part",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["decided", "defaulted"]), _negated=True),
                            models.Q(("decided_at__isnull", False), models.Q(("decision", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="line_dispute_decided",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("legal_entity", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[("invoice", "invoices"), ("credit_note", "credit notes"), ("receipt", "receipts")],
                        max_length=12,
                    ),
                ),
                ("series", models.CharField(max_length=10)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "number series",
                "constraints": [
                    models.UniqueConstraint(fields=("legal_entity", "series", "year"), name="number_series_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["invoice", "credit_note", "receipt"])),
                        name="number_series_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayLabel",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("currency", models.CharField(max_length=3)),
                ("period_from", models.DateField()),
                ("period_to", models.DateField()),
                ("n_agents", models.PositiveIntegerField()),
                ("n_weeks", models.PositiveSmallIntegerField()),
                ("q1_minor", models.BigIntegerField(null=True)),
                ("median_minor", models.BigIntegerField(null=True)),
                ("q3_minor", models.BigIntegerField(null=True)),
                ("formula_version", models.PositiveSmallIntegerField()),
                ("inputs_hash", models.CharField(max_length=64)),
                ("inputs", models.JSONField(default=dict)),
                ("published_at", models.DateTimeField()),
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
            ],
            options={
                "indexes": [models.Index(fields=["program", "-period_to"], name="pay_label_latest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "currency", "period_to", "formula_version", "inputs_hash"),
                        name="pay_label_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period_to__gt", models.F("period_from"))), name="pay_label_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("median_minor__isnull", True), ("q1_minor__isnull", True), ("q3_minor__isnull", True)
                            ),
                            models.Q(
                                ("q1_minor__lte", models.F("median_minor")), ("median_minor__lte", models.F("q3_minor"))
                            ),
                            _connector="OR",
                        ),
                        name="pay_label_quartiles",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
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
                (
                    "scope",
                    models.CharField(
                        choices=[("recent", "the last three days"), ("full", "everything")], max_length=10
                    ),
                ),
                ("since", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("ours_count", models.PositiveIntegerField(default=0)),
                ("theirs_count", models.PositiveIntegerField(default=0)),
                ("settled_count", models.PositiveIntegerField(default=0)),
                ("difference_count", models.PositiveIntegerField(default=0)),
                ("figures", models.JSONField(default=dict)),
                ("error", models.TextField(blank=True)),
            ],
            options={
                "indexes": [models.Index(fields=["rail", "-started_at"], name="reconciliation_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["recent", "full"])), name="reconciliation_scope"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RenderedDocument",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("statement", "Statement"),
                            ("invoice", "Invoice"),
                            ("credit_note", "Credit note"),
                            ("receipt", "Receipt"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("format", models.CharField(max_length=4)),
                ("renderer_version", models.PositiveSmallIntegerField()),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("rendered_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "subject_id", "format"), name="rendered_document_once"),
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["pdf", "csv"])), name="rendered_document_format"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StripeEvent",
            fields=[
                ("event_id", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("type", models.CharField(max_length=120)),
                ("object_ref", models.CharField(blank=True, max_length=120)),
                ("account_ref", models.CharField(blank=True, max_length=120)),
                ("is_live", models.BooleanField()),
                ("is_thin", models.BooleanField(default=False)),
                ("body", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("processed", "Processed"),
                            ("ignored", "Ignored"),
                            ("failed", "Failed, tried again"),
                            ("parked", "Parked"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                ("alarm", models.CharField(blank=True, max_length=60)),
                ("received_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["received", "failed"])),
                        fields=["next_try_at"],
                        name="stripe_event_waiting",
                    ),
                    models.Index(fields=["-received_at"], name="stripe_event_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["received", "processed", "ignored", "failed", "parked"])),
                        name="stripe_event_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxExport",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[("1099_nec", "1099-NEC"), ("1099_k", "1099-K"), ("dac7", "DAC7"), ("none", "none")],
                        max_length=10,
                    ),
                ),
                ("tax_year", models.PositiveSmallIntegerField()),
                ("quarter", models.PositiveSmallIntegerField(null=True)),
                ("rows", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                ("content_key", models.CharField(blank=True, max_length=120)),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["1099_nec", "1099_k", "dac7", "none"])), name="tax_export_form"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxProfile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("country", models.CharField(max_length=2)),
                (
                    "form",
                    models.CharField(
                        choices=[("1099_nec", "1099-NEC"), ("1099_k", "1099-K"), ("dac7", "DAC7"), ("none", "none")],
                        max_length=10,
                    ),
                ),
                ("legal_name", models.CharField(max_length=200)),
                ("address", models.TextField(blank=True)),
                ("birth_date", models.DateField(null=True)),
                ("tin_ciphertext", models.BinaryField(null=True)),
                ("tin_key", models.CharField(blank=True, max_length=120)),
                ("tin_last4", models.CharField(blank=True, max_length=4)),
                ("vat_id", models.CharField(blank=True, max_length=20)),
                ("created_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tax_profiles", to="recruiting.agent"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("agent", "="), ("valid", "&&")], name="tax_profile_one_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["1099_nec", "1099_k", "dac7", "none"])),
                        name="tax_profile_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("country__regex", "^[A-Z]{2}$")), name="tax_profile_country"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxThreshold",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "form",
                    models.CharField(
                        choices=[("1099_nec", "1099-NEC"), ("1099_k", "1099-K"), ("dac7", "DAC7"), ("none", "none")],
                        max_length=10,
                    ),
                ),
                ("tax_year", models.PositiveSmallIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("transactions", models.PositiveIntegerField(default=0)),
                ("source", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("form", "tax_year"), name="tax_threshold_once"),
                    models.CheckConstraint(condition=models.Q(("amount_minor__gte", 0)), name="tax_threshold_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TopUp",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("refunded_minor", models.BigIntegerField(default=0)),
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
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "Waiting for you to pay"),
                            ("processing", "On its way"),
                            ("settled", "In your wallet"),
                            ("failed", "Failed"),
                            ("expired", "Expired"),
                            ("disputed", "Disputed with the card's bank"),
                            ("refunded", "Refunded"),
                        ],
                        default="started",
                        max_length=12,
                    ),
                ),
                ("is_automatic", models.BooleanField(default=False)),
                ("idempotency_key", models.CharField(max_length=255, unique=True)),
                ("checkout_ref", models.CharField(max_length=120, null=True, unique=True)),
                ("payment_ref", models.CharField(max_length=120, null=True, unique=True)),
                ("pay_url", models.TextField(blank=True)),
                ("failure", models.CharField(blank=True, max_length=200)),
                ("started_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("looked_up_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["brand", "-started_at"], name="top_up_by_brand"),
                    models.Index(
                        condition=models.Q(("state__in", ["started", "processing"])),
                        fields=["started_at"],
                        name="top_up_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="top_up_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refunded_minor__gte", 0), ("refunded_minor__lte", models.F("amount_minor"))
                        ),
                        name="top_up_refund_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["started", "processing", "settled", "failed", "expired", "disputed", "refunded"],
                            )
                        ),
                        name="top_up_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankFileLine",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("reference", models.CharField(max_length=40, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for the bank"),
                            ("confirmed", "Confirmed"),
                            ("returned", "Returned"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("bank_reference", models.CharField(blank=True, max_length=120)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="payments.bankfile"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bank_lines", to="payments.payoutitem"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "confirmed"])),
                        fields=("item",),
                        name="bank_file_line_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "confirmed", "returned"])),
                        name="bank_file_line_state",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="bank_file_line_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "waiting"),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="bank_file_line_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            models.Q(("bank_reference", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="bank_file_line_reference",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetAlert",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("threshold_percent", models.PositiveSmallIntegerField()),
                ("used_minor", models.BigIntegerField()),
                ("reached_at", models.DateTimeField()),
                (
                    "budget",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="payments.budget"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("budget", "threshold_percent"), name="budget_alert_once"),
                    models.CheckConstraint(
                        condition=models.Q(("threshold_percent__in", [50, 80, 100])), name="budget_alert_threshold"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditNote",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("legal_entity", models.CharField(max_length=20)),
                ("series", models.CharField(max_length=10)),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("full_number", models.CharField(max_length=40, unique=True)),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.TextField()),
                ("net_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField()),
                ("gross_minor", models.BigIntegerField()),
                ("to_wallet_minor", models.BigIntegerField(default=0)),
                ("seller", models.JSONField(default=dict)),
                ("buyer", models.JSONField(default=dict)),
                ("content_sha256", models.CharField(max_length=64)),
                ("issued_on", models.DateField()),
                ("issued_at", models.DateTimeField()),
                ("issued_by", models.CharField(max_length=80)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "issued_by_user",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="credit_notes", to="payments.invoice"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("legal_entity", "series", "year", "number"), name="credit_note_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "gross_minor",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net_minor"), "+", models.F("tax_minor")
                                ),
                            ),
                            ("net_minor__gt", 0),
                        ),
                        name="credit_note_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="credit_note_says_why"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Difference",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing_there", "in our books, not on the other side"),
                            ("missing_here", "on the other side, not in our books"),
                            ("amount", "another amount"),
                            ("destination", "another destination"),
                            ("currency", "another currency"),
                            ("reversed_there", "reversed on the other side only"),
                            ("double_payment", "sent twice"),
                            ("balance", "another balance"),
                        ],
                        max_length=16,
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("remote_ref", models.CharField(blank=True, max_length=120)),
                ("currency", models.CharField(max_length=3)),
                ("ours_minor", models.BigIntegerField(null=True)),
                ("theirs_minor", models.BigIntegerField(null=True)),
                ("detail", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("explained", "Explained"),
                            ("corrected", "Corrected"),
                            ("accepted", "Accepted"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolution", models.TextField(blank=True)),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="differences",
                        to="payments.payoutitem",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first_seen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.reconciliation"
                    ),
                ),
                (
                    "last_seen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.reconciliation"
                    ),
                ),
                (
                    "top_up",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="differences",
                        to="payments.topup",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "found_at"], name="difference_by_age")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "explained"])),
                        fields=("fingerprint",),
                        name="difference_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "missing_there",
                                    "missing_here",
                                    "amount",
                                    "destination",
                                    "currency",
                                    "reversed_there",
                                    "double_payment",
                                    "balance",
                                ],
                            )
                        ),
                        name="difference_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "explained", "corrected", "accepted"])),
                        name="difference_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"), models.Q(("resolution", ""), _negated=True), _connector="OR"
                        ),
                        name="difference_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DunningStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("due", "due today"),
                            ("reminder", "reminder"),
                            ("past_due", "posting stops"),
                            ("last_reminder", "last reminder"),
                            ("suspension", "suspension"),
                        ],
                        max_length=16,
                    ),
                ),
                ("taken_at", models.DateTimeField()),
                ("open_minor", models.BigIntegerField()),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dunning_steps", to="payments.invoice"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "step"), name="dunning_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("step__in", ["due", "reminder", "past_due", "last_reminder", "suspension"])
                        ),
                        name="dunning_step_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("wallet", "from the wallet"),
                            ("card", "card"),
                            ("bank_debit", "bank debit"),
                            ("bank_transfer", "bank transfer"),
                            ("sandbox", "sandbox"),
                        ],
                        max_length=16,
                    ),
                ),
                ("rail", models.CharField(blank=True, max_length=30)),
                ("remote_ref", models.CharField(max_length=120, unique=True)),
                ("received_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "top_up",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt",
                        to="payments.topup",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["brand", "-received_at"], name="receipt_by_brand")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="receipt_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("method__in", ["wallet", "card", "bank_debit", "bank_transfer", "sandbox"])
                        ),
                        name="receipt_method",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxDecision",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("none", "no tax registered here"),
                            ("domestic", "domestic rate"),
                            ("reverse_charge", "reverse charge: the customer accounts for the tax"),
                            ("destination", "rate of the customer's country"),
                            ("export", "outside the scope of the seller's tax"),
                        ],
                        max_length=16,
                    ),
                ),
                ("jurisdiction", models.CharField(max_length=10)),
                ("rate_bp", models.PositiveIntegerField()),
                ("base_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField()),
                ("sentence", models.TextField(blank=True)),
                ("evidence", models.JSONField(default=dict)),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="taxes", to="payments.invoice"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invoice", "rule", "jurisdiction", "rate_bp"), name="tax_decision_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rule__in", ["none", "domestic", "reverse_charge", "destination", "export"])
                        ),
                        name="tax_decision_rule",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("wallet", "from the wallet"),
                            ("card", "card"),
                            ("bank_debit", "bank debit"),
                            ("bank_transfer", "bank transfer"),
                            ("sandbox", "sandbox"),
                        ],
                        max_length=16,
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("allocated_at", models.DateTimeField()),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="payments.invoice"
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="payments.receipt",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="allocation_positive")
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceLine",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("time", "Serving customers"),
                            ("floor", "Floor"),
                            ("resolution", "Resolution"),
                            ("interaction", "Interaction"),
                            ("incentive", "Incentive"),
                            ("standby", "Standby"),
                            ("cancellation_fee", "Cancellation by the brand"),
                            ("sent_home", "Sent home"),
                            ("vto", "Voluntary time off"),
                            ("training", "Training"),
                            ("certification_bounty", "Certification bounty"),
                            ("guarantee", "Guarantee"),
                            ("escalation_credit", "Escalation credit"),
                            ("review_fee", "Review fee"),
                            ("royalty", "Royalty"),
                            ("referral", "Referral"),
                            ("adjustment", "Adjustment"),
                            ("back_pay", "Back pay"),
                            ("clawback", "Clawback"),
                            ("instant_fee", "Instant payout fee"),
                        ],
                        max_length=24,
                    ),
                ),
                ("description", models.TextField()),
                ("program_name", models.CharField(max_length=200)),
                ("agent_name", models.CharField(max_length=200)),
                ("worked_from", models.DateTimeField()),
                ("worked_to", models.DateTimeField()),
                ("seconds", models.PositiveIntegerField(default=0)),
                ("net_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField(default=0)),
                ("credited_minor", models.BigIntegerField(default=0)),
                (
                    "charge",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invoice_line", to="payments.charge"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="payments.invoice"
                    ),
                ),
                (
                    "tax_decision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="payments.taxdecision",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "position"), name="invoice_line_position"),
                    models.CheckConstraint(condition=models.Q(("net_minor__gt", 0)), name="invoice_line_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("credited_minor__gte", 0), ("credited_minor__lte", models.F("net_minor"))),
                        name="invoice_line_credited_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditNoteLine",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("net_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField(default=0)),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="payments.creditnote"
                    ),
                ),
                (
                    "invoice_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="credits", to="payments.invoiceline"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("note", "invoice_line"), name="credit_note_line_once"),
                    models.CheckConstraint(condition=models.Q(("net_minor__gt", 0)), name="credit_note_line_positive"),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="earning",
            name="earning_cause",
        ),
        migrations.RemoveConstraint(
            model_name="journal",
            name="journal_kind",
        ),
        migrations.AddField(
            model_name="brandfunds",
            name="auto_top_up_below_minor",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="brandfunds",
            name="auto_top_up_minor",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="brandfunds",
            name="customer_ref",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="brandfunds",
            name="method_label",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="brandfunds",
            name="method_ref",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="payoutaccount",
            name="agreement",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="payoutaccount",
            name="can_receive_instantly",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="payoutaccount",
            name="details_ciphertext",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="payoutaccount",
            name="details_key",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AlterField(
            model_name="earning",
            name="cause",
            field=models.CharField(
                choices=[
                    ("work", "work done"),
                    ("volume", "low volume"),
                    ("brand", "brand incident"),
                    ("platform", "platform incident"),
                    ("provider", "provider incident"),
                    ("region", "regional incident"),
                    ("agent", "agent offline"),
                    ("training", "training"),
                    ("certification", "certification"),
                    ("correction", "correction"),
                    ("cancellation", "cancelled by the brand"),
                    ("incentive", "incentive"),
                    ("standby", "standing by"),
                    ("sent_home", "sent home"),
                    ("vto", "voluntary time off"),
                    ("guarantee", "too few hours offered"),
                    ("referral", "referral"),
                    ("dispute", "dispute decided"),
                    ("fee", "chosen fee"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="journal",
            name="kind",
            field=models.CharField(
                choices=[
                    ("earning_accrued", "earning accrued"),
                    ("earning_reversed", "earning reversed"),
                    ("earning_payable", "earning ready to pay"),
                    ("charge_credited", "charge corrected"),
                    ("payout_reserved", "payout reserved"),
                    ("reservation_undone", "reservation undone"),
                    ("payout_transferred", "payout transferred"),
                    ("payout_came_back", "payout came back"),
                    ("rail_funded", "money put on a rail"),
                    ("rail_settled", "rail's money became available"),
                    ("rail_fee", "rail's fee"),
                    ("instant_fee", "instant payout fee"),
                    ("clawback_recorded", "clawback recorded"),
                    ("clawback_netted", "clawback netted"),
                    ("clawback_forgiven", "clawback forgiven"),
                    ("top_up_settled", "wallet topped up"),
                    ("top_up_refunded", "top-up refunded"),
                    ("invoice_issued", "invoice issued"),
                    ("invoice_settled", "invoice settled"),
                    ("credit_note_issued", "credit note issued"),
                    ("card_dispute", "card payment disputed"),
                    ("bad_debt", "bad debt"),
                    ("tax_withheld", "tax withheld"),
                    ("correction", "correction of the books"),
                    ("brand_hold", "brand's money held"),
                    ("brand_unhold", "brand's hold given back"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="payoutaccount",
            name="rail",
            field=models.CharField(
                choices=[
                    ("sandbox", "Sandbox"),
                    ("manual_bank_file", "Bank file"),
                    ("stripe_connect", "Stripe Connect"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="payoutrun",
            name="rail",
            field=models.CharField(
                choices=[
                    ("sandbox", "Sandbox"),
                    ("manual_bank_file", "Bank file"),
                    ("stripe_connect", "Stripe Connect"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="railswitch",
            name="rail",
            field=models.CharField(
                choices=[
                    ("sandbox", "Sandbox"),
                    ("manual_bank_file", "Bank file"),
                    ("stripe_connect", "Stripe Connect"),
                ],
                max_length=30,
                unique=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="brandfunds",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("auto_top_up_below_minor__isnull", True), ("auto_top_up_minor__isnull", True)),
                    models.Q(("auto_top_up_below_minor__gte", 0), ("auto_top_up_minor__gt", 0)),
                    _connector="OR",
                ),
                name="brand_funds_auto_top_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="earning",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "cause__in",
                        [
                            "work",
                            "volume",
                            "brand",
                            "platform",
                            "provider",
                            "region",
                            "agent",
                            "training",
                            "certification",
                            "correction",
                            "cancellation",
                            "incentive",
                            "standby",
                            "sent_home",
                            "vto",
                            "guarantee",
                            "referral",
                            "dispute",
                            "fee",
                        ],
                    )
                ),
                name="earning_cause",
            ),
        ),
        migrations.AddConstraint(
            model_name="journal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "earning_accrued",
                            "earning_reversed",
                            "earning_payable",
                            "charge_credited",
                            "payout_reserved",
                            "reservation_undone",
                            "payout_transferred",
                            "payout_came_back",
                            "rail_funded",
                            "rail_settled",
                            "rail_fee",
                            "instant_fee",
                            "clawback_recorded",
                            "clawback_netted",
                            "clawback_forgiven",
                            "top_up_settled",
                            "top_up_refunded",
                            "invoice_issued",
                            "invoice_settled",
                            "credit_note_issued",
                            "card_dispute",
                            "bad_debt",
                            "tax_withheld",
                            "correction",
                            "brand_hold",
                            "brand_unhold",
                        ],
                    )
                ),
                name="journal_kind",
            ),
        ),
        migrations.AddField(
            model_name="charge",
            name="invoice",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="charges", to="payments.invoice"
            ),
        ),
    ]
