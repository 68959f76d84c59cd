import django.db.models.deletion
import django.db.models.expressions
import gigcx.kernel.ids
import payments.models.ledger
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("recruiting", "0003_first_skills"),
        ("tenancy", "0002_idempotent_answer"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(max_length=60)),
                ("currency", models.CharField(max_length=3)),
                (
                    "owner_kind",
                    models.CharField(
                        choices=[("brand", "brand"), ("agent", "agent"), ("platform", "platform")], max_length=10
                    ),
                ),
                ("owner_id", models.UUIDField()),
                ("normal_side", models.SmallIntegerField()),
                ("has_running_balance", models.BooleanField()),
                ("may_go_negative", models.BooleanField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "owner_kind", "owner_id", "currency"), name="account_one_per_owner_and_currency"
                    ),
                    models.UniqueConstraint(
                        fields=("id", "currency", "owner_kind", "owner_id"), name="account_identity"
                    ),
                    models.UniqueConstraint(fields=("id", "normal_side", "may_go_negative"), name="account_side"),
                    models.CheckConstraint(
                        condition=models.Q(("normal_side__in", [1, -1])), name="account_normal_side"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("owner_kind__in", ["brand", "agent", "platform"])),
                        name="account_owner_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="account_currency"
                    ),
                ],
                "indexes": [models.Index(fields=["owner_kind", "owner_id"], name="account_by_owner")],
            },
        ),
        migrations.CreateModel(
            name="BalanceSnapshot",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("as_of", models.DateTimeField()),
                ("amount_minor", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="snapshots", to="payments.account"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "as_of"), name="balance_snapshot_once")],
            },
        ),
        migrations.CreateModel(
            name="BrandFunds",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "mode",
                    models.CharField(
                        choices=[("prepaid", "prepaid wallet"), ("terms", "invoice with credit limit")],
                        default="terms",
                        max_length=10,
                    ),
                ),
                ("credit_limit_minor", models.BigIntegerField(default=0)),
                ("days_until_due", models.PositiveSmallIntegerField(default=14)),
                ("created_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "brand funds",
                "constraints": [
                    models.UniqueConstraint(fields=("brand", "currency"), name="brand_funds_once"),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["prepaid", "terms"])), name="brand_funds_mode"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("credit_limit_minor__gte", 0)), name="brand_funds_limit"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BrandHold",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("source_kind", models.CharField(max_length=30)),
                ("source_id", models.UUIDField()),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("consumed_minor", models.BigIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("settled", "Settled"),
                            ("released", "Released"),
                            ("expired", "Expired"),
                        ],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("held_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "active")),
                        fields=("source_kind", "source_id"),
                        name="brand_hold_one_active_per_source",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_minor__gte", 0)), name="brand_hold_amount"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("consumed_minor__gte", 0), ("consumed_minor__lte", models.F("amount_minor"))
                        ),
                        name="brand_hold_consumed_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "settled", "released", "expired"])),
                        name="brand_hold_state",
                    ),
                ],
                "indexes": [
                    models.Index(condition=models.Q(("state", "active")), fields=["expires_at"], name="brand_hold_due")
                ],
            },
        ),
        migrations.CreateModel(
            name="Charge",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
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
                ("currency", models.CharField(max_length=3)),
                ("net_minor", models.BigIntegerField()),
                ("credited_minor", models.BigIntegerField(default=0)),
                ("billing_week", models.DateField()),
                ("explanation", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("accrued", "In review"),
                            ("held", "Held"),
                            ("ready", "Ready to invoice"),
                            ("invoiced", "Invoiced"),
                            ("reversed", "Replaced"),
                        ],
                        default="accrued",
                        max_length=12,
                    ),
                ),
                ("accrued_at", models.DateTimeField()),
                ("ready_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("reversed_at", models.DateTimeField(null=True)),
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
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("net_minor__gt", 0)), name="charge_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("credited_minor__gte", 0), ("credited_minor__lte", models.F("net_minor"))),
                        name="charge_credited_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["accrued", "held", "ready", "invoiced", "reversed"])),
                        name="charge_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "time",
                                    "floor",
                                    "resolution",
                                    "interaction",
                                    "incentive",
                                    "standby",
                                    "cancellation_fee",
                                    "sent_home",
                                    "vto",
                                    "training",
                                    "certification_bounty",
                                    "guarantee",
                                    "escalation_credit",
                                    "review_fee",
                                    "royalty",
                                    "referral",
                                    "adjustment",
                                    "back_pay",
                                    "clawback",
                                    "instant_fee",
                                ],
                            )
                        ),
                        name="charge_kind",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["brand", "billing_week"], name="charge_by_week"),
                    models.Index(fields=["brand", "-accrued_at", "-id"], name="charge_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Earning",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
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
                ("source_kind", models.CharField(max_length=30)),
                ("source_id", models.UUIDField()),
                ("part", models.CharField(default="all", max_length=40)),
                ("version", models.PositiveIntegerField(default=1)),
                ("source_event_id", models.UUIDField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("brand_share_minor", models.BigIntegerField()),
                ("platform_share_minor", models.BigIntegerField(default=0)),
                (
                    "cause",
                    models.CharField(
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
                        ],
                        max_length=20,
                    ),
                ),
                ("worked_from", models.DateTimeField()),
                ("worked_to", models.DateTimeField()),
                ("worked_seconds", models.PositiveIntegerField(default=0)),
                ("terms_version_id", models.UUIDField(null=True)),
                ("tier_bp", models.PositiveIntegerField(default=10000)),
                ("explanation", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("accrued", "In review"),
                            ("held", "Held"),
                            ("payable", "Ready to pay"),
                            ("in_payout", "On its way"),
                            ("paid", "Paid"),
                            ("reversed", "Replaced"),
                        ],
                        default="accrued",
                        max_length=12,
                    ),
                ),
                ("review_ends_at", models.DateTimeField()),
                ("accrued_at", models.DateTimeField()),
                ("held_at", models.DateTimeField(null=True)),
                ("payable_at", models.DateTimeField(null=True)),
                ("reserved_at", models.DateTimeField(null=True)),
                ("paid_at", models.DateTimeField(null=True)),
                ("reversed_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="earnings", to="recruiting.agent"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.engagement"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.program"
                    ),
                ),
                (
                    "rate_card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.ratecard"
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="payments.earning",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source_event_id", "kind", "part"), name="earning_once_per_event"),
                    models.UniqueConstraint(
                        fields=("kind", "source_kind", "source_id", "part", "version"), name="earning_once_per_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["accrued", "held", "payable", "in_payout", "paid", "reversed"])
                        ),
                        name="earning_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "time",
                                    "floor",
                                    "resolution",
                                    "interaction",
                                    "incentive",
                                    "standby",
                                    "cancellation_fee",
                                    "sent_home",
                                    "vto",
                                    "training",
                                    "certification_bounty",
                                    "guarantee",
                                    "escalation_credit",
                                    "review_fee",
                                    "royalty",
                                    "referral",
                                    "adjustment",
                                    "back_pay",
                                    "clawback",
                                    "instant_fee",
                                ],
                            )
                        ),
                        name="earning_kind",
                    ),
                    models.CheckConstraint(
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
                                ],
                            )
                        ),
                        name="earning_cause",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "amount_minor",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("brand_share_minor"), "+", models.F("platform_share_minor")
                                ),
                            )
                        ),
                        name="earning_shares",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount_minor__lt", 0), ("kind__in", ["clawback", "instant_fee"])),
                            models.Q(
                                models.Q(("kind__in", ["clawback", "instant_fee"]), _negated=True),
                                ("amount_minor__gt", 0),
                            ),
                            _connector="OR",
                        ),
                        name="earning_sign",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("worked_to__gte", models.F("worked_from"))), name="earning_work_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "paid"), _negated=True), ("paid_at__isnull", False), _connector="OR"
                        ),
                        name="earning_paid_stamp",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["agent", "-worked_to"], name="earning_by_agent"),
                    models.Index(fields=["source_kind", "source_id"], name="earning_by_source"),
                    models.Index(
                        condition=models.Q(("state", "accrued")), fields=["review_ends_at"], name="earning_due"
                    ),
                    models.Index(
                        condition=models.Q(("state", "payable")), fields=["currency", "agent"], name="earning_ready"
                    ),
                    models.Index(fields=["brand", "-worked_to"], name="earning_by_brand"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EarningHold",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("reason", models.CharField(max_length=40)),
                ("note", models.TextField(blank=True)),
                ("until", models.DateTimeField()),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=80)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_by", models.CharField(blank=True, max_length=80)),
                (
                    "earning",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="payments.earning"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("earning", "reason"),
                        name="earning_hold_once_per_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("set_at"))), name="earning_hold_ends"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at__isnull", True), ("lifted_by", "")),
                            models.Q(("lifted_at__isnull", False), models.Q(("lifted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="earning_hold_lifted_pair",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("lifted_at__isnull", True)), fields=["until"], name="earning_hold_due"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("currency", models.CharField(max_length=3)),
                ("owner_kind", models.CharField(max_length=10)),
                ("owner_id", models.UUIDField()),
                ("amount_minor", models.BigIntegerField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=payments.models.ledger.TransactionNow(), editable=False),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="payments.account",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "entries",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor", 0), _negated=True), name="entry_not_zero"
                    )
                ],
                "indexes": [models.Index(fields=["account", "recorded_at"], name="entry_by_account")],
            },
        ),
        migrations.CreateModel(
            name="Journal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("earning_accrued", "earning accrued"),
                            ("earning_reversed", "earning reversed"),
                            ("earning_payable", "earning ready to pay"),
                            ("payout_reserved", "payout reserved"),
                            ("reservation_undone", "reservation undone"),
                            ("payout_transferred", "payout transferred"),
                            ("payout_came_back", "payout came back"),
                            ("rail_funded", "money put on a rail"),
                            ("brand_hold", "brand's money held"),
                            ("brand_unhold", "brand's hold given back"),
                        ],
                        max_length=30,
                    ),
                ),
                ("leg_count", models.PositiveSmallIntegerField()),
                ("posting_key", models.CharField(max_length=160, unique=True)),
                ("content_hash", models.CharField(max_length=64)),
                ("effective_at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=payments.models.ledger.TransactionNow(), editable=False),
                ),
                (
                    "recorded_xid",
                    payments.models.ledger.TransactionIdField(
                        db_default=payments.models.ledger.TransactionId(), editable=False
                    ),
                ),
                ("source_kind", models.CharField(max_length=40)),
                ("source_id", models.UUIDField()),
                ("actor", models.CharField(max_length=80)),
                ("reason", models.TextField(blank=True)),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="payments.journal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("leg_count__gte", 2)), name="journal_two_legs"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "earning_accrued",
                                    "earning_reversed",
                                    "earning_payable",
                                    "payout_reserved",
                                    "reservation_undone",
                                    "payout_transferred",
                                    "payout_came_back",
                                    "rail_funded",
                                    "brand_hold",
                                    "brand_unhold",
                                ],
                            )
                        ),
                        name="journal_kind",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["source_kind", "source_id"], name="journal_by_source"),
                    models.Index(fields=["recorded_at"], name="journal_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentsMode",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("mode", models.CharField(max_length=10)),
                ("opened_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "payments mode",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="payments_mode_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["sandbox", "test", "live"])), name="payments_mode_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayoutAccount",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "rail",
                    models.CharField(
                        choices=[("sandbox", "Sandbox"), ("stripe_connect", "Stripe Connect")], max_length=30
                    ),
                ),
                ("remote_ref", models.CharField(blank=True, max_length=120)),
                ("country", models.CharField(max_length=2)),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "Started"),
                            ("onboarding", "Details missing"),
                            ("active", "Active"),
                            ("restricted", "Restricted"),
                            ("rejected", "Rejected"),
                            ("replaced", "Replaced"),
                        ],
                        default="started",
                        max_length=12,
                    ),
                ),
                ("requirement_codes", models.JSONField(blank=True, default=list)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("last4", models.CharField(blank=True, max_length=4)),
                ("usable_from", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payout_accounts",
                        to="recruiting.agent",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("remote_ref", ""), _negated=True),
                        fields=("rail", "remote_ref"),
                        name="payout_account_remote_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["started", "onboarding", "active", "restricted"])),
                        fields=("agent", "rail"),
                        name="payout_account_one_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["started", "onboarding", "active", "restricted", "rejected", "replaced"])
                        ),
                        name="payout_account_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "active"), _negated=True),
                            models.Q(models.Q(("remote_ref", ""), _negated=True), ("usable_from__isnull", False)),
                            _connector="OR",
                        ),
                        name="payout_account_active_is_usable",
                    ),
                ],
                "indexes": [models.Index(fields=["fingerprint"], name="payout_account_fingerprint")],
            },
        ),
        migrations.CreateModel(
            name="PayoutAllocation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "earning",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="payments.earning"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=("earning",),
                        name="payout_allocation_one_live",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PayoutAttempt",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("idempotency_key", models.CharField(max_length=255, unique=True)),
                ("request_body", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("unknown", "Unknown"),
                            ("superseded", "Superseded"),
                        ],
                        default="sent",
                        max_length=12,
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("last_sent_at", models.DateTimeField()),
                ("send_count", models.PositiveSmallIntegerField(default=1)),
                (
                    "last_outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "done"),
                            ("in_flight", "in flight"),
                            ("throttled", "throttled"),
                            ("unknown", "unknown"),
                            ("frozen_error", "replayed error"),
                            ("no_funds", "no funds"),
                            ("account_refused", "account refused"),
                            ("key_misuse", "key misuse"),
                            ("configuration", "configuration"),
                        ],
                        max_length=20,
                    ),
                ),
                ("last_detail", models.CharField(blank=True, max_length=200)),
                ("lookups_empty", models.PositiveSmallIntegerField(default=0)),
                ("looked_up_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "done"),
                            ("in_flight", "in flight"),
                            ("throttled", "throttled"),
                            ("unknown", "unknown"),
                            ("frozen_error", "replayed error"),
                            ("no_funds", "no funds"),
                            ("account_refused", "account refused"),
                            ("key_misuse", "key misuse"),
                            ("configuration", "configuration"),
                        ],
                        max_length=20,
                    ),
                ),
                ("http_status", models.PositiveSmallIntegerField(null=True)),
                ("remote_request_id", models.CharField(blank=True, max_length=120)),
                ("was_replay", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["sent", "done", "refused", "unknown", "superseded"])),
                        name="payout_attempt_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True),
                            models.Q(("state__in", ["sent", "unknown"]), _negated=True),
                            _connector="OR",
                        ),
                        name="payout_attempt_finished_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayoutItem",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("destination_ref", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("sending", "Sending"),
                            ("unknown", "Unknown"),
                            ("held", "Held"),
                            ("transferred", "Transferred"),
                            ("arrived", "Arrived"),
                            ("returned", "Returned by the bank"),
                            ("came_back", "Came back"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=12,
                    ),
                ),
                ("attempt_number", models.PositiveSmallIntegerField(default=1)),
                ("lease_until", models.DateTimeField(null=True)),
                ("next_try_at", models.DateTimeField()),
                ("hold_reason", models.CharField(blank=True, max_length=60)),
                ("hold_until", models.DateTimeField(null=True)),
                ("wait_reason", models.CharField(blank=True, max_length=60)),
                ("transfer_ref", models.CharField(max_length=120, null=True, unique=True)),
                ("planned_at", models.DateTimeField()),
                ("transferred_at", models.DateTimeField(null=True)),
                ("arrived_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.payoutaccount"
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payouts", to="recruiting.agent"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="payout_item_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "planned",
                                    "sending",
                                    "unknown",
                                    "held",
                                    "transferred",
                                    "arrived",
                                    "returned",
                                    "came_back",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="payout_item_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="payout_item_leased",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), _negated=True),
                            models.Q(models.Q(("hold_reason", ""), _negated=True), ("hold_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="payout_item_hold_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["transferred", "arrived"]), _negated=True),
                            models.Q(("transfer_ref__isnull", False), ("transferred_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="payout_item_transferred_ref",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["sending", "unknown", "held"])),
                        fields=["next_try_at"],
                        name="payout_item_open",
                    ),
                    models.Index(fields=["agent", "-id"], name="payout_item_by_agent"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayoutRun",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "rail",
                    models.CharField(
                        choices=[("sandbox", "Sandbox"), ("stripe_connect", "Stripe Connect")], max_length=30
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "kind",
                    models.CharField(
                        choices=[("weekly", "weekly"), ("instant", "instant"), ("off_cycle", "off cycle")],
                        max_length=10,
                    ),
                ),
                ("period_key", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("approved", "Approved"),
                            ("executing", "Executing"),
                            ("paused", "Paused"),
                            ("stopping", "Stopping"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=12,
                    ),
                ),
                ("state_reason", models.TextField(blank=True)),
                ("item_count", models.PositiveIntegerField(default=0)),
                ("total_minor", models.BigIntegerField(default=0)),
                ("largest_minor", models.BigIntegerField(default=0)),
                ("totals_hash", models.CharField(blank=True, max_length=64)),
                ("checks", models.JSONField(default=list)),
                ("planned_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "planned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned_runs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rail", "currency", "kind", "period_key"), name="payout_run_once_per_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["planned", "approved", "executing", "paused", "stopping", "closed", "cancelled"],
                            )
                        ),
                        name="payout_run_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["weekly", "instant", "off_cycle"])), name="payout_run_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RailSwitch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "rail",
                    models.CharField(
                        choices=[("sandbox", "Sandbox"), ("stripe_connect", "Stripe Connect")],
                        max_length=30,
                        unique=True,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("paused", "Paused"), ("frozen", "Frozen")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=80)),
                ("thaw_asked_by", models.UUIDField(null=True)),
                ("system_identifier", models.BigIntegerField(null=True)),
                ("timeline_id", models.IntegerField(null=True)),
            ],
            options={
                "verbose_name_plural": "rail switches",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "paused", "frozen"])), name="rail_switch_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "open"), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="rail_switch_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RunApproval",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("approved_at", models.DateTimeField()),
                ("totals_hash", models.CharField(max_length=64)),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="payments.payoutrun"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "approved_by", "totals_hash"), name="run_approval_once_per_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SandboxAccount",
            fields=[
                ("ref", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("owner_key", models.CharField(max_length=255, unique=True)),
                ("country", models.CharField(max_length=2)),
                ("holder", models.CharField(blank=True, max_length=120)),
                ("number", models.CharField(blank=True, max_length=34)),
                ("behaviour", models.CharField(default="pays", max_length=20)),
                ("is_complete", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="SandboxBalance",
            fields=[
                ("currency", models.CharField(max_length=3, primary_key=True, serialize=False)),
                ("available_minor", models.BigIntegerField(default=0)),
                ("pending_minor", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("available_minor__gte", 0)), name="sandbox_balance_positive"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SandboxPayment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("idempotency_key", models.CharField(max_length=255, unique=True)),
                ("request_hash", models.CharField(max_length=64)),
                ("group", models.UUIDField()),
                ("destination", models.CharField(max_length=60)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("answer", models.CharField(max_length=20)),
                ("ref", models.CharField(blank=True, max_length=60)),
                ("asked_count", models.PositiveSmallIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("returned_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["group"], name="sandbox_payment_by_group")],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("snapshot", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("renderer_version", models.PositiveSmallIntegerField(default=1)),
                ("issued_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="recruiting.agent"
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statement", to="payments.payoutitem"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agent", "-issued_at"], name="statement_by_agent")],
            },
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="running",
                        serialize=False,
                        to="payments.account",
                    ),
                ),
                ("amount_minor", models.BigIntegerField(default=0)),
                ("version", models.PositiveBigIntegerField(default=0)),
                ("normal_side", models.SmallIntegerField()),
                ("may_go_negative", models.BooleanField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("may_go_negative", True),
                            models.Q(("amount_minor__gte", 0), ("normal_side", 1)),
                            models.Q(("amount_minor__lte", 0), ("normal_side", -1)),
                            _connector="OR",
                        ),
                        name="balance_not_overdrawn",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="charge",
            name="earning",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="charge", to="payments.earning"
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="journal",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="payments.journal",
            ),
        ),
        migrations.AddField(
            model_name="payoutattempt",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="payments.payoutitem"
            ),
        ),
        migrations.AddField(
            model_name="payoutallocation",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="payments.payoutitem"
            ),
        ),
        migrations.AddField(
            model_name="payoutitem",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="payments.payoutrun"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["journal"], name="entry_by_journal"),
        ),
        migrations.AddConstraint(
            model_name="payoutattempt",
            constraint=models.UniqueConstraint(fields=("item", "number"), name="payout_attempt_number"),
        ),
        migrations.AddIndex(
            model_name="payoutitem",
            index=models.Index(
                condition=models.Q(("state", "planned")), fields=["run", "id"], name="payout_item_claimable"
            ),
        ),
        migrations.AddConstraint(
            model_name="payoutitem",
            constraint=models.UniqueConstraint(fields=("run", "agent", "currency"), name="payout_item_once_per_run"),
        ),
    ]
