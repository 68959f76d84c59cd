import django.db.models.deletion
import django.db.models.functions.text
import gigcx.kernel.ids
import recruiting.models.rate_cards
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agent",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("handle", models.CharField(max_length=40, verbose_name="handle")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("headline", models.CharField(blank=True, max_length=120, verbose_name="headline")),
                ("bio", models.TextField(blank=True, max_length=2000, verbose_name="about you")),
                ("weekly_hours_wanted", models.PositiveSmallIntegerField(default=20, verbose_name="hours a week")),
                ("channels", models.JSONField(blank=True, default=list, verbose_name="channels")),
                ("equipment", models.JSONField(blank=True, default=dict, verbose_name="equipment")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("registered", "Registered"),
                            ("profile_complete", "Profile complete"),
                            ("active", "Active"),
                            ("paused", "Paused"),
                            ("closing", "Closing"),
                            ("closed", "Closed"),
                        ],
                        default="registered",
                        max_length=20,
                    ),
                ),
                ("paused_until", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="agent", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("handle"), name="agent_handle_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["registered", "profile_complete", "active", "paused", "closing", "closed"])
                        ),
                        name="agent_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekly_hours_wanted__lte", 60)), name="agent_weekly_hours_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="agent_closed_has_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("paused_until__isnull", True), ("state", "paused"), _connector="OR"),
                        name="agent_pause_has_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("registered", "closing", "closed")),
                            models.Q(("country", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="agent_complete_has_country",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgentLanguage",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("tag", models.CharField(max_length=35, verbose_name="language")),
                (
                    "reading",
                    models.CharField(
                        choices=[
                            ("A1", "A1, first words"),
                            ("A2", "A2, simple exchanges"),
                            ("B1", "B1, gets by"),
                            ("B2", "B2, fluent at work"),
                            ("C1", "C1, near native"),
                            ("C2", "C2, native or equal"),
                        ],
                        max_length=2,
                        verbose_name="reading",
                    ),
                ),
                (
                    "listening",
                    models.CharField(
                        choices=[
                            ("A1", "A1, first words"),
                            ("A2", "A2, simple exchanges"),
                            ("B1", "B1, gets by"),
                            ("B2", "B2, fluent at work"),
                            ("C1", "C1, near native"),
                            ("C2", "C2, native or equal"),
                        ],
                        max_length=2,
                        verbose_name="listening",
                    ),
                ),
                (
                    "writing",
                    models.CharField(
                        choices=[
                            ("A1", "A1, first words"),
                            ("A2", "A2, simple exchanges"),
                            ("B1", "B1, gets by"),
                            ("B2", "B2, fluent at work"),
                            ("C1", "C1, near native"),
                            ("C2", "C2, native or equal"),
                        ],
                        max_length=2,
                        verbose_name="writing",
                    ),
                ),
                (
                    "speaking",
                    models.CharField(
                        choices=[
                            ("A1", "A1, first words"),
                            ("A2", "A2, simple exchanges"),
                            ("B1", "B1, gets by"),
                            ("B2", "B2, fluent at work"),
                            ("C1", "C1, near native"),
                            ("C2", "C2, native or equal"),
                        ],
                        max_length=2,
                        verbose_name="speaking",
                    ),
                ),
                (
                    "proved_by",
                    models.CharField(
                        choices=[
                            ("claimed", "Says so"),
                            ("assessed", "Tested"),
                            ("certified", "Certified"),
                            ("worked", "Shown at work"),
                        ],
                        default="claimed",
                        max_length=12,
                    ),
                ),
                ("evidence_ref", models.CharField(blank=True, max_length=120)),
                ("recorded_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="languages", to="recruiting.agent"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agent", "tag"), name="agent_language_once"),
                    models.CheckConstraint(
                        condition=models.Q(("proved_by__in", ["claimed", "assessed", "certified", "worked"])),
                        name="agent_language_proof",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reading__in", ["A1", "A2", "B1", "B2", "C1", "C2"]),
                            ("listening__in", ["A1", "A2", "B1", "B2", "C1", "C2"]),
                            ("writing__in", ["A1", "A2", "B1", "B2", "C1", "C2"]),
                            ("speaking__in", ["A1", "A2", "B1", "B2", "C1", "C2"]),
                        ),
                        name="agent_language_levels",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AvailabilityException",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("away", "Away"), ("extra", "Free besides the usual hours")], max_length=8
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="availability_exceptions",
                        to="recruiting.agent",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="availability_exception_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["away", "extra"])), name="availability_exception_kind"
                    ),
                ],
                "indexes": [models.Index(fields=["agent", "starts_at"], name="availability_exception_agent")],
            },
        ),
        migrations.CreateModel(
            name="AvailabilityRule",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("weekday", models.PositiveSmallIntegerField(verbose_name="weekday")),
                ("local_from", models.TimeField(verbose_name="from")),
                ("local_to", models.TimeField(verbose_name="to")),
                ("timezone", models.CharField(max_length=64)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="availability_rules",
                        to="recruiting.agent",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="availability_weekday_range"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="availability_valid_range",
                    ),
                    models.UniqueConstraint(
                        fields=("agent", "weekday", "local_from", "valid_from"), name="availability_rule_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Program",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("slug", models.SlugField(max_length=60)),
                ("public_slug", models.SlugField(max_length=130, unique=True)),
                ("summary", models.CharField(blank=True, max_length=240, verbose_name="in one sentence")),
                ("description", models.TextField(blank=True, max_length=8000, verbose_name="what the work is")),
                (
                    "line_of_business",
                    models.CharField(
                        choices=[
                            ("customer_care", "Customer care"),
                            ("sales", "Sales"),
                            ("technical", "Technical support"),
                            ("billing", "Billing and accounts"),
                            ("returns", "Orders and returns"),
                            ("moderation", "Content and community"),
                        ],
                        default="customer_care",
                        max_length=20,
                        verbose_name="line of business",
                    ),
                ),
                ("channels", models.JSONField(default=list, verbose_name="channels")),
                (
                    "engagement_mode",
                    models.CharField(
                        choices=[
                            ("shift", "Shifts, paid by the hour"),
                            ("case", "Cases, paid by resolution"),
                            ("hybrid", "Shifts with a floor, plus pay per resolution"),
                        ],
                        default="shift",
                        max_length=8,
                        verbose_name="how work is given out",
                    ),
                ),
                ("languages", models.JSONField(default=list, verbose_name="languages")),
                ("required_skills", models.JSONField(blank=True, default=list, verbose_name="skills")),
                ("countries", models.JSONField(blank=True, default=list, verbose_name="countries")),
                ("equipment", models.JSONField(blank=True, default=list, verbose_name="equipment")),
                (
                    "sensitivity_ceiling",
                    models.PositiveSmallIntegerField(default=0, verbose_name="highest sensitivity"),
                ),
                ("timezone", models.CharField(max_length=64, verbose_name="time zone")),
                ("service_hours", models.JSONField(blank=True, default=list, verbose_name="service hours")),
                ("interval_minutes", models.PositiveSmallIntegerField(default=30, verbose_name="planning interval")),
                ("lock_down_hours", models.PositiveSmallIntegerField(default=24, verbose_name="lock-down")),
                ("undo_minutes", models.PositiveSmallIntegerField(default=5, verbose_name="free undo")),
                ("launch_minimum", models.PositiveSmallIntegerField(default=5, verbose_name="agents needed to launch")),
                (
                    "is_launched_at_minimum",
                    models.BooleanField(default=True, verbose_name="go live by itself when they are there"),
                ),
                (
                    "is_auto_accepting",
                    models.BooleanField(default=False, verbose_name="accept everybody who passes the questions"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("content_review", "In review"),
                            ("recruiting", "Recruiting"),
                            ("ready", "Ready"),
                            ("live", "Live"),
                            ("paused", "Paused"),
                            ("sunset", "Closing"),
                            ("archived", "Archived"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("review_note", models.TextField(blank=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("brand", "slug"), name="program_slug_once_a_brand"),
                    models.UniqueConstraint(fields=("id", "brand"), name="program_brand_pair"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "content_review",
                                    "recruiting",
                                    "ready",
                                    "live",
                                    "paused",
                                    "sunset",
                                    "archived",
                                ],
                            )
                        ),
                        name="program_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("engagement_mode__in", ["shift", "case", "hybrid"])), name="program_mode"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "line_of_business__in",
                                ["customer_care", "sales", "technical", "billing", "returns", "moderation"],
                            )
                        ),
                        name="program_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("interval_minutes__in", (15, 30, 60))), name="program_interval"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sensitivity_ceiling__lte", 3)), name="program_sensitivity_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lock_down_hours__lte", 168)), name="program_lock_down_range"
                    ),
                    models.CheckConstraint(condition=models.Q(("undo_minutes__lte", 60)), name="program_undo_range"),
                    models.CheckConstraint(
                        condition=models.Q(("launch_minimum__gte", 1), ("launch_minimum__lte", 5000)),
                        name="program_launch_minimum_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("submitted_at__isnull", True), ("submitted_by__isnull", True)),
                            ("submitted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="program_submitted_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("recruiting", "ready", "live", "paused")), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="program_public_is_published",
                    ),
                ],
                "indexes": [models.Index(fields=["state", "-published_at"], name="program_public_list")],
            },
        ),
        migrations.CreateModel(
            name="Engagement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "Applied"),
                            ("waitlisted", "On the waiting list"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("certified", "Certified"),
                            ("productive", "Productive"),
                            ("lapsed", "Certificate lapsed"),
                            ("ended", "Ended"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("open", "Applied"),
                            ("invited", "Invited"),
                            ("super_user", "Super user"),
                            ("referral", "Referred"),
                            ("transfer", "Transferred"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("applied_at", models.DateTimeField()),
                ("state_since", models.DateTimeField()),
                ("fit_score", models.PositiveSmallIntegerField(default=0)),
                ("fit_reasons", models.JSONField(default=list)),
                ("waitlist_position", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "tier",
                    models.CharField(
                        choices=[("new", "New"), ("proven", "Proven"), ("trusted", "Trusted"), ("lead", "Lead")],
                        default="new",
                        max_length=8,
                        verbose_name="tier",
                    ),
                ),
                ("trust_level", models.PositiveSmallIntegerField(default=0, verbose_name="trust level")),
                ("score", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ("score_low", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ("score_high", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                (
                    "standing",
                    models.CharField(
                        choices=[("good", "Good"), ("restricted", "Restricted"), ("suspended", "Suspended")],
                        default="good",
                        max_length=12,
                        verbose_name="standing",
                    ),
                ),
                ("standing_reason", models.TextField(blank=True)),
                ("blocked_by_brand_at", models.DateTimeField(blank=True, null=True)),
                ("is_favorite", models.BooleanField(default=False)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("certified_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decline_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("skills", "The skills do not match yet"),
                            ("language", "The language level is below what is needed"),
                            ("hours", "The hours do not meet the program's"),
                            ("equipment", "The equipment does not meet what is needed"),
                            ("location", "The program may not be worked from this country"),
                            ("knocked_out", "An answer rules this program out"),
                            ("bench_full", "There are enough people for now"),
                            ("other", "Another reason"),
                        ],
                        max_length=12,
                    ),
                ),
                ("decline_reason", models.TextField(blank=True)),
                ("reapply_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "end_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("withdrawn", "The agent withdrew"),
                            ("brand_ended", "The brand ended it"),
                            ("program_closed", "The program closed"),
                            ("agent_closed", "The agent closed their account"),
                        ],
                        max_length=16,
                    ),
                ),
                ("end_reason", models.TextField(blank=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="engagements", to="recruiting.agent"
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="engagements", to="recruiting.program"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ended"), _negated=True),
                        fields=("agent", "program"),
                        name="engagement_one_that_has_not_ended",
                    ),
                    models.UniqueConstraint(fields=("id", "brand"), name="engagement_brand_pair"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "applied",
                                    "waitlisted",
                                    "accepted",
                                    "declined",
                                    "certified",
                                    "productive",
                                    "lapsed",
                                    "ended",
                                ],
                            )
                        ),
                        name="engagement_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["open", "invited", "super_user", "referral", "transfer"])),
                        name="engagement_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tier__in", ["new", "proven", "trusted", "lead"])), name="engagement_tier"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("standing__in", ["good", "restricted", "suspended"])),
                        name="engagement_standing",
                    ),
                    models.CheckConstraint(condition=models.Q(("trust_level__lte", 3)), name="engagement_trust_range"),
                    models.CheckConstraint(condition=models.Q(("fit_score__lte", 100)), name="engagement_fit_range"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            models.Q(
                                models.Q(("decline_code", ""), _negated=True),
                                models.Q(("decline_reason", ""), _negated=True),
                                ("reapply_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="engagement_declined_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state", "ended"),
                                models.Q(("end_code", ""), _negated=True),
                            ),
                            models.Q(models.Q(("state", "ended"), _negated=True), ("ended_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="engagement_ended_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("accepted", "certified", "productive", "lapsed")), _negated=True),
                            ("accepted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="engagement_joined_was_accepted",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["program", "state", "-fit_score"], name="engagement_pipeline"),
                    models.Index(fields=["brand", "state"], name="engagement_brand_state"),
                    models.Index(fields=["agent", "state"], name="engagement_agent_state"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RateCard",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("active", "Active"), ("superseded", "Superseded")],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("pay_currency", models.CharField(max_length=3, verbose_name="pay currency")),
                ("bill_currency", models.CharField(max_length=3, verbose_name="bill currency")),
                (
                    "rounding",
                    models.CharField(
                        choices=[
                            ("half_even", "To the nearest, halves to even"),
                            ("half_up", "To the nearest, halves up"),
                            ("down", "Down"),
                        ],
                        default="half_even",
                        max_length=10,
                        verbose_name="rounding",
                    ),
                ),
                (
                    "tier_multipliers",
                    models.JSONField(
                        default=recruiting.models.rate_cards.level_multipliers, verbose_name="tier multipliers"
                    ),
                ),
                ("valid_from", models.DateTimeField(blank=True, null=True)),
                ("valid_until", models.DateTimeField(blank=True, null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="rate_cards", to="recruiting.program"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("program", "version"), name="rate_card_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "active")), fields=("program",), name="rate_card_one_active"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "active", "superseded"])), name="rate_card_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rounding__in", ["half_even", "half_up", "down"])),
                        name="rate_card_rounding",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "draft"), ("valid_from__isnull", False), _connector="OR"),
                        name="rate_card_valid_from",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "superseded"), ("valid_until__isnull", False)),
                            models.Q(models.Q(("state", "superseded"), _negated=True), ("valid_until__isnull", True)),
                            _connector="OR",
                        ),
                        name="rate_card_superseded_has_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RateCardLine",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("productive_hour", "Working hour"),
                            ("available_hour", "Waiting hour"),
                            ("floor", "Guaranteed minimum an hour"),
                            ("training", "Training hour"),
                            ("certification_bounty", "Certification bounty"),
                            ("standby", "Standby hour"),
                            ("cancellation", "Hour cancelled late"),
                            ("sent_home", "Hour after being sent home"),
                            ("vto", "Voluntary time off, an hour"),
                            ("incentive_cap", "Highest incentive an hour"),
                            ("resolution", "Resolution"),
                            ("interaction", "Interaction"),
                            ("review_fee", "Peer review"),
                            ("escalation_credit", "Justified escalation"),
                            ("auto_answer", "Answer sent from the knowledge base"),
                            ("royalty", "Royalty for an article"),
                            ("referral", "Referral"),
                            ("guarantee", "Earnings guarantee an hour"),
                        ],
                        max_length=24,
                    ),
                ),
                ("pay_minor", models.BigIntegerField()),
                ("bill_minor", models.BigIntegerField()),
                ("unit", models.CharField(choices=[("hour", "an hour"), ("each", "each")], max_length=4)),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="recruiting.ratecard"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("card", "kind"), name="rate_card_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "productive_hour",
                                    "available_hour",
                                    "floor",
                                    "training",
                                    "certification_bounty",
                                    "standby",
                                    "cancellation",
                                    "sent_home",
                                    "vto",
                                    "incentive_cap",
                                    "resolution",
                                    "interaction",
                                    "review_fee",
                                    "escalation_credit",
                                    "auto_answer",
                                    "royalty",
                                    "referral",
                                    "guarantee",
                                ],
                            )
                        ),
                        name="rate_card_line_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", ["hour", "each"])), name="rate_card_line_unit"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("bill_minor__gte", 0), ("pay_minor__gte", 0)),
                        name="rate_card_line_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreeningQuestion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("prompt", models.CharField(max_length=300, verbose_name="question")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("yes_no", "Yes or no"),
                            ("choice", "One of several"),
                            ("number", "A number"),
                            ("text", "A few words"),
                        ],
                        default="yes_no",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("options", models.JSONField(blank=True, default=list, verbose_name="options")),
                ("is_knock_out", models.BooleanField(default=False, verbose_name="rules out")),
                ("accepted", models.JSONField(blank=True, default=list, verbose_name="answers that pass")),
                ("weight", models.PositiveSmallIntegerField(default=1, verbose_name="weight")),
                ("is_retired", models.BooleanField(default=False)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="recruiting.program"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["yes_no", "choice", "number", "text"])),
                        name="screening_question_kind",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_retired", False)),
                        fields=("program", "position"),
                        name="screening_question_place_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreeningAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("prompt", models.CharField(max_length=300)),
                ("answer", models.CharField(max_length=2000)),
                ("has_passed", models.BooleanField(default=True)),
                ("answered_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="recruiting.engagement"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.screeningquestion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "question", "answered_at"), name="screening_answer_once_an_application"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.SlugField(max_length=60, unique=True, verbose_name="key")),
                ("label", models.CharField(max_length=80, verbose_name="label")),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("product", "Product"),
                            ("industry", "Industry"),
                            ("channel", "Channel"),
                            ("tool", "Tool"),
                        ],
                        max_length=12,
                        verbose_name="group",
                    ),
                ),
                ("is_retired", models.BooleanField(default=False, verbose_name="no longer offered")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("group__in", ["product", "industry", "channel", "tool"])),
                        name="skill_group",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgentSkill",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("level", models.PositiveSmallIntegerField()),
                (
                    "proved_by",
                    models.CharField(
                        choices=[
                            ("claimed", "Says so"),
                            ("assessed", "Tested"),
                            ("certified", "Certified"),
                            ("worked", "Shown at work"),
                        ],
                        default="claimed",
                        max_length=12,
                    ),
                ),
                ("evidence_ref", models.CharField(blank=True, max_length=120)),
                ("recorded_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="skills", to="recruiting.agent"
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.skill"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agent", "skill"), name="agent_skill_once"),
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 5)), name="agent_skill_level_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("proved_by__in", ["claimed", "assessed", "certified", "worked"])),
                        name="agent_skill_proof",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TermsVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField()),
                ("body", models.TextField(max_length=60000, verbose_name="terms")),
                ("is_material", models.BooleanField(default=True, verbose_name="material change")),
                ("checksum", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("active", "Active"), ("superseded", "Superseded")],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("valid_from", models.DateTimeField(blank=True, null=True)),
                ("valid_until", models.DateTimeField(blank=True, null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="recruiting.program"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("program", "version"), name="terms_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "active")), fields=("program",), name="terms_one_active"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "active", "superseded"])), name="terms_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "draft"), ("valid_from__isnull", False), _connector="OR"),
                        name="terms_valid_from",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "superseded"), ("valid_until__isnull", False)),
                            models.Q(models.Q(("state", "superseded"), _negated=True), ("valid_until__isnull", True)),
                            _connector="OR",
                        ),
                        name="terms_superseded_has_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TermsAcceptance",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("accepted_at", models.DateTimeField()),
                ("ip", models.GenericIPAddressField(null=True)),
                ("name_typed", models.CharField(max_length=200)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms_acceptances",
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
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptances",
                        to="recruiting.termsversion",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("agent", "version"), name="terms_acceptance_once")],
            },
        ),
    ]
