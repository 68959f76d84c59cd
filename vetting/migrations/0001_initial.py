import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import gigcx.kernel.ids
import uuid
import vetting.models.assessments
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("recruiting", "0002_frozen_versions"),
        ("tenancy", "0002_idempotent_answer"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("purpose", models.TextField(blank=True, max_length=2000, verbose_name="what it shows")),
                ("created_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("brand", "name"), name="assessment_name_once")],
            },
        ),
        migrations.CreateModel(
            name="Certification",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.SlugField(max_length=60)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "role",
                    models.CharField(
                        choices=[("entry", "Opens work"), ("endorsement", "Adds to it")], default="entry", max_length=12
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
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certifications",
                        to="recruiting.program",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("role", "entry")), fields=("program",), name="certification_one_entry"
                    ),
                    models.UniqueConstraint(fields=("brand", "code"), name="certification_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["entry", "endorsement"])), name="certification_role"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=40)),
                ("subject_key", models.CharField(max_length=120)),
                ("source_key", models.CharField(max_length=160, unique=True)),
                (
                    "assurance",
                    models.CharField(
                        choices=[
                            ("imported", "Brought along"),
                            ("client", "Reported by a package"),
                            ("provider", "Reported by a provider"),
                            ("human", "Judged by a person"),
                            ("server", "Measured by us"),
                        ],
                        max_length=12,
                    ),
                ),
                ("skills", models.JSONField(default=dict)),
                ("obtained_at", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("checksum", models.CharField(max_length=64)),
                ("recorded_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", models.CharField(blank=True, max_length=80)),
                ("withdrawn_reason", models.TextField(blank=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="recruiting.agent"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "evidence",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("assurance__in", ["imported", "client", "provider", "human", "server"])),
                        name="evidence_assurance",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by", "")),
                            models.Q(("withdrawn_at__isnull", False), models.Q(("withdrawn_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="evidence_withdrawn_pair",
                    ),
                ],
                "indexes": [models.Index(fields=["agent", "kind", "subject_key"], name="evidence_by_subject")],
            },
        ),
        migrations.CreateModel(
            name="IdentityCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("provider", models.CharField(default="manual", max_length=24)),
                ("provider_ref", models.CharField(max_length=120, null=True)),
                ("idempotency_key", models.CharField(max_length=120, unique=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("first", "First check"),
                            ("renewal", "Renewal"),
                            ("name_change", "Name change"),
                            ("payout_change", "Payout change"),
                            ("risk", "Extra check"),
                        ],
                        default="first",
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("awaiting_input", "Waiting for you"),
                            ("processing", "With the provider"),
                            ("needs_review", "In review"),
                            ("verified", "Verified"),
                            ("rejected", "Not accepted"),
                            ("expired", "Expired"),
                            ("canceled", "Withdrawn"),
                        ],
                        default="awaiting_input",
                        max_length=16,
                    ),
                ),
                ("reason_codes", models.JSONField(default=list)),
                ("sealed_name", models.BinaryField(null=True)),
                ("sealed_birth_date", models.BinaryField(null=True)),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="issuing country")),
                (
                    "document_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("passport", "Passport"),
                            ("id_card", "Identity card"),
                            ("driving_licence", "Driving licence"),
                            ("residence_permit", "Residence permit"),
                        ],
                        max_length=24,
                        verbose_name="document",
                    ),
                ),
                (
                    "last4",
                    models.CharField(blank=True, max_length=4, verbose_name="last four characters of the number"),
                ),
                ("document_expires_on", models.DateField(null=True, verbose_name="valid until")),
                ("name_match", models.CharField(blank=True, max_length=16)),
                (
                    "redaction",
                    models.CharField(
                        choices=[("none", "Kept"), ("requested", "To be erased"), ("done", "Erased")],
                        default="none",
                        max_length=12,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reapply_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_checks",
                        to="recruiting.agent",
                    ),
                ),
            ],
            options={
                "verbose_name": "identity check",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "awaiting_input",
                                    "processing",
                                    "needs_review",
                                    "verified",
                                    "rejected",
                                    "expired",
                                    "canceled",
                                ],
                            )
                        ),
                        name="identity_check_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("awaiting_input", "processing", "needs_review"))),
                        fields=("agent",),
                        name="identity_check_one_open",
                    ),
                    models.UniqueConstraint(fields=("provider", "provider_ref"), name="identity_check_provider_ref"),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "needs_review")),
                        fields=["submitted_at"],
                        name="identity_check_queue",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemBank",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("description", models.TextField(blank=True, max_length=2000, verbose_name="what it is for")),
                ("created_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("brand", "name"), name="item_bank_name_once")],
            },
        ),
        migrations.CreateModel(
            name="AssessmentVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("n", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("live", "Live"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                (
                    "introduction",
                    models.TextField(blank=True, max_length=4000, verbose_name="what the agent reads first"),
                ),
                (
                    "limit_seconds",
                    models.PositiveIntegerField(
                        default=1800,
                        validators=[
                            django.core.validators.MinValueValidator(60),
                            django.core.validators.MaxValueValidator(14400),
                        ],
                        verbose_name="time limit",
                    ),
                ),
                (
                    "navigation",
                    models.CharField(
                        choices=[("free", "Back and forth"), ("forward", "Forward only")], default="free", max_length=8
                    ),
                ),
                (
                    "feedback",
                    models.CharField(
                        choices=[("none", "Pass or not"), ("skills", "Result and skill profile")],
                        default="skills",
                        max_length=8,
                        verbose_name="what is shown",
                    ),
                ),
                (
                    "max_tries",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="tries",
                    ),
                ),
                (
                    "pause_hours",
                    models.JSONField(
                        default=vetting.models.assessments.default_pauses, verbose_name="hours between tries"
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="vetting.assessment"
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "n"), name="assessment_version_n_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "live")),
                        fields=("assessment",),
                        name="assessment_version_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "in_review", "live", "retired"])),
                        name="assessment_version_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("limit_seconds__gte", 60)), name="assessment_version_limit"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                            models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="assessment_version_published_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Candidacy",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("progress", models.JSONField(default=dict)),
                ("is_eligible", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("next_check_at", models.DateTimeField(null=True)),
                ("evaluated_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="candidacies", to="recruiting.agent"
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "certification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="candidacies",
                        to="vetting.certification",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "candidacies",
                "constraints": [models.UniqueConstraint(fields=("agent", "certification"), name="candidacy_once")],
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)), fields=["next_check_at"], name="candidacy_due"
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["progress"], name="candidacy_by_progress"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificationVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("n", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("live", "Live"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("minor", "Minor: certificates stay"),
                            ("material", "Material: certificates stay until their end"),
                            ("breaking", "Breaking: everybody certifies again"),
                        ],
                        default="minor",
                        max_length=12,
                        verbose_name="kind of change",
                    ),
                ),
                ("effective_at", models.DateTimeField(null=True)),
                ("grandfather_until", models.DateTimeField(null=True)),
                (
                    "validity_months",
                    models.PositiveSmallIntegerField(
                        default=12,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="valid for",
                    ),
                ),
                (
                    "renewal_window_days",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="renewal opens before the end",
                    ),
                ),
                (
                    "grace_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[django.core.validators.MaxValueValidator(90)],
                        verbose_name="days of grace",
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "certification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="vetting.certification"
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("certification", "n"), name="certification_version_n_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "live")),
                        fields=("certification",),
                        name="certification_version_one_live",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("certification",),
                        name="certification_version_one_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "in_review", "live", "retired"])),
                        name="certification_version_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("validity_months__gte", 1)), name="certification_version_validity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("state", "draft")),
                            models.Q(models.Q(("state", "draft"), _negated=True), ("published_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="certification_version_published",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgentIdentity",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("person_id", models.UUIDField(default=gigcx.kernel.ids.uuid7)),
                (
                    "state",
                    models.CharField(
                        choices=[("unverified", "Not verified yet"), ("verified", "Verified"), ("expired", "Expired")],
                        default="unverified",
                        max_length=16,
                    ),
                ),
                ("verified_at", models.DateTimeField(null=True)),
                ("verified_until", models.DateTimeField(null=True)),
                ("is_held", models.BooleanField(default=False)),
                ("held_at", models.DateTimeField(null=True)),
                ("held_reason", models.TextField(blank=True)),
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="identity", to="recruiting.agent"
                    ),
                ),
                (
                    "current_check",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vetting.identitycheck",
                    ),
                ),
            ],
            options={
                "verbose_name": "identity",
                "verbose_name_plural": "identities",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["unverified", "verified", "expired"])), name="identity_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("held_at__isnull", True), ("is_held", False)),
                            models.Q(("held_at__isnull", False), ("is_held", True)),
                            _connector="OR",
                        ),
                        name="identity_held_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "verified"), _negated=True),
                            ("verified_until__isnull", False),
                            _connector="OR",
                        ),
                        name="identity_verified_until",
                    ),
                ],
                "indexes": [models.Index(fields=["person_id"], name="identity_by_person")],
            },
        ),
        migrations.CreateModel(
            name="IdentityDocument",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("front", "Front"), ("back", "Back"), ("selfie", "You, holding it")],
                        max_length=8,
                        verbose_name="side",
                    ),
                ),
                ("object_key", models.CharField(max_length=64, unique=True)),
                ("wrapped_key", models.BinaryField(null=True)),
                ("kek_version", models.CharField(max_length=16)),
                ("digest", models.CharField(max_length=64)),
                ("content_type", models.CharField(max_length=32)),
                ("byte_size", models.PositiveIntegerField()),
                (
                    "scan",
                    models.CharField(
                        choices=[("quarantined", "Being looked at"), ("clean", "Readable"), ("refused", "Refused")],
                        default="quarantined",
                        max_length=12,
                    ),
                ),
                ("uploaded_at", models.DateTimeField()),
                ("delete_after_on", models.DateField(null=True)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.agent"
                    ),
                ),
                (
                    "check_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="vetting.identitycheck",
                    ),
                ),
            ],
            options={
                "verbose_name": "identity document",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scan__in", ["quarantined", "clean", "refused"])),
                        name="identity_document_scan",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=("check_of", "side"),
                        name="identity_document_one_a_side",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deleted_at__isnull", True), ("wrapped_key__isnull", True), _connector="OR"
                        ),
                        name="identity_document_erased_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityReview",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("verdict", models.CharField(choices=[("approve", "Approve"), ("reject", "Reject")], max_length=8)),
                ("checklist", models.JSONField(default=dict)),
                ("reasons", models.JSONField(default=list)),
                ("note", models.TextField(blank=True)),
                ("reviewed_at", models.DateTimeField()),
                (
                    "check_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="vetting.identitycheck"
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "identity review",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["approve", "reject"])), name="identity_review_verdict"
                    ),
                    models.UniqueConstraint(fields=("check_of", "reviewed_by"), name="identity_review_once_a_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("uid", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("single_choice", "One right answer"),
                            ("multi_choice", "Several right answers"),
                            ("short_text", "Short text"),
                        ],
                        max_length=24,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("live", "Live"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("skill_codes", models.JSONField(default=list, verbose_name="skills")),
                ("created_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="vetting.itembank"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("brand", "uid"), name="item_uid_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("single_choice", "multi_choice", "short_text"))),
                        name="item_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "in_review", "live", "retired"])),
                        name="item_status",
                    ),
                ],
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["skill_codes"], name="item_by_skill")],
            },
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("requirement_key", models.CharField(max_length=40)),
                ("reason", models.TextField()),
                ("granted_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
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
                    "certification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="waivers", to="vetting.certification"
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agent", "certification", "requirement_key"), name="waiver_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("person_id", models.UUIDField()),
                ("number", models.PositiveSmallIntegerField()),
                ("seed", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("created", "Ready to start"),
                            ("in_progress", "Under way"),
                            ("submitted", "Being graded"),
                            ("awaiting_raters", "With a rater"),
                            ("graded", "Graded"),
                            ("released", "Result is out"),
                            ("abandoned", "Not taken"),
                            ("voided", "Does not count"),
                        ],
                        default="created",
                        max_length=16,
                    ),
                ),
                ("limit_seconds", models.PositiveIntegerField()),
                ("accommodation", models.JSONField(default=dict)),
                ("time_credit_seconds", models.PositiveIntegerField(default=0)),
                ("seat", models.CharField(blank=True, max_length=64)),
                ("seat_taken_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("deadline_at", models.DateTimeField(null=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                (
                    "submitted_by",
                    models.CharField(
                        blank=True,
                        choices=[("agent", "By you"), ("deadline", "When time was up"), ("ops", "By ops")],
                        max_length=8,
                    ),
                ),
                ("graded_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="recruiting.agent"
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="vetting.assessment"
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
                        related_name="attempts",
                        to="vetting.assessmentversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "created",
                                    "in_progress",
                                    "submitted",
                                    "awaiting_raters",
                                    "graded",
                                    "released",
                                    "abandoned",
                                    "voided",
                                ],
                            )
                        ),
                        name="attempt_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("created", "in_progress"))),
                        fields=("person_id", "assessment"),
                        name="attempt_one_open",
                    ),
                    models.UniqueConstraint(fields=("person_id", "assessment", "number"), name="attempt_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deadline_at__isnull", True), ("deadline_at__gt", models.F("started_at")), _connector="OR"
                        ),
                        name="attempt_deadline",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("submitted_at__isnull", True), ("submitted_by", "")),
                            models.Q(("submitted_at__isnull", False), models.Q(("submitted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="attempt_submitted_pair",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "in_progress")), fields=["deadline_at"], name="attempt_running"
                    ),
                    models.Index(
                        condition=models.Q(("state", "submitted")), fields=["submitted_at"], name="attempt_ungraded"
                    ),
                    models.Index(fields=["agent", "opened_at"], name="attempt_by_agent"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting for approval"),
                            ("active", "Active"),
                            ("due_for_renewal", "Due for renewal"),
                            ("suspended", "Suspended"),
                            ("superseded", "Replaced by a newer one"),
                            ("expired", "Expired"),
                            ("revoked", "Revoked"),
                        ],
                        max_length=16,
                    ),
                ),
                ("issued_at", models.DateTimeField()),
                ("valid_from", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("basis", models.JSONField(default=list)),
                ("suspended_at", models.DateTimeField(null=True)),
                ("suspended_reason", models.CharField(blank=True, max_length=120)),
                ("ended_at", models.DateTimeField(null=True)),
                ("is_name_public", models.BooleanField(default=False)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="certificates", to="recruiting.agent"
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="recruiting.program",
                    ),
                ),
                (
                    "certification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="vetting.certification",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vetting.certificationversion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "pending",
                                    "active",
                                    "due_for_renewal",
                                    "suspended",
                                    "superseded",
                                    "expired",
                                    "revoked",
                                ],
                            )
                        ),
                        name="certificate_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("valid_from"))), name="certificate_period"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("active", "due_for_renewal", "suspended"))),
                        fields=("agent", "certification"),
                        name="certificate_one_live",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("agent", "certification"),
                        name="certificate_one_pending",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("active", "due_for_renewal", "suspended"))),
                        fields=["expires_at"],
                        name="certificate_by_end",
                    ),
                    models.Index(fields=["program", "agent"], name="certificate_by_program"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CutScore",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("n", models.PositiveSmallIntegerField()),
                (
                    "method",
                    models.CharField(
                        choices=[("arbitrary", "Arbitrary (a bare percentage)"), ("angoff", "Angoff panel")],
                        default="arbitrary",
                        max_length=12,
                    ),
                ),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="pass mark")),
                ("error", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("approved_at", models.DateTimeField()),
                (
                    "approved_by",
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
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cuts", to="vetting.assessmentversion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "n"), name="cut_score_n_once"),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lte", 100)), name="cut_score_range"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentView",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("reason", models.CharField(max_length=120)),
                ("viewed_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.agent"
                    ),
                ),
                (
                    "viewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="views", to="vetting.identitydocument"
                    ),
                ),
            ],
            options={
                "verbose_name": "document view",
            },
        ),
        migrations.CreateModel(
            name="AssessmentSection",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("skill_code", models.CharField(blank=True, max_length=60, verbose_name="skill")),
                (
                    "draw",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(200),
                        ],
                        verbose_name="questions",
                    ),
                ),
                ("weight", models.PositiveSmallIntegerField(default=1)),
                ("is_shuffled", models.BooleanField(default=True)),
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
                        related_name="sections",
                        to="vetting.assessmentversion",
                    ),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vetting.itembank"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "position"), name="assessment_section_once"),
                    models.CheckConstraint(
                        condition=models.Q(("draw__gte", 1), ("weight__gte", 1)), name="assessment_section_counts"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("n", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("live", "Live"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("payload", models.JSONField()),
                (
                    "points",
                    models.DecimalField(
                        decimal_places=2,
                        default=1,
                        max_digits=6,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="points",
                    ),
                ),
                ("language", models.CharField(default="en", max_length=16)),
                ("checksum", models.CharField(max_length=64)),
                ("written_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="vetting.item"
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "n"), name="item_version_n_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "live")), fields=("item",), name="item_version_one_live"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "in_review"])),
                        fields=("item",),
                        name="item_version_one_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "in_review", "live", "retired"])),
                        name="item_version_state",
                    ),
                    models.CheckConstraint(condition=models.Q(("points__gt", 0)), name="item_version_points"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("reviewed_by__isnull", True)),
                            models.Q(("published_at__isnull", False), ("reviewed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="item_version_published_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequirementGroup",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.SlugField(max_length=40)),
                ("title", models.CharField(blank=True, max_length=120)),
                ("rule", models.CharField(max_length=8)),
                ("count", models.PositiveSmallIntegerField(default=0)),
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
                        related_name="groups",
                        to="vetting.certificationversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "key"), name="requirement_group_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("rule__in", ("all", "any", "n_of"))), name="requirement_group_rule"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AttemptItem",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("section", models.CharField(blank=True, max_length=120)),
                ("skill", models.CharField(blank=True, max_length=60)),
                ("weight", models.PositiveSmallIntegerField(default=1)),
                ("max_points", models.DecimalField(decimal_places=2, max_digits=6)),
                ("option_order", models.JSONField(default=list)),
                ("shown_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="vetting.attempt"
                    ),
                ),
                (
                    "item_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vetting.itemversion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("attempt", "position"), name="attempt_item_position_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AttemptResult",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("n", models.PositiveSmallIntegerField(default=1)),
                ("points", models.DecimalField(decimal_places=4, max_digits=10)),
                ("max_points", models.DecimalField(decimal_places=4, max_digits=10)),
                ("percent", models.DecimalField(decimal_places=4, max_digits=7)),
                ("is_passed", models.BooleanField()),
                ("skill_profile", models.JSONField(default=dict)),
                ("checksum", models.CharField(max_length=64)),
                ("cause", models.CharField(default="first_grading", max_length=24)),
                ("graded_at", models.DateTimeField()),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="results", to="vetting.attempt"
                    ),
                ),
                (
                    "cut_score",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vetting.cutscore"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("attempt", "n"), name="attempt_result_n_once")],
            },
        ),
        migrations.CreateModel(
            name="ItemKey",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("n", models.PositiveSmallIntegerField()),
                ("key", models.JSONField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField()),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "item_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="vetting.itemversion"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("item_version", "n"), name="item_key_n_once")],
            },
        ),
        migrations.CreateModel(
            name="Requirement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("key", models.SlugField(max_length=40)),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("params", models.JSONField(default=dict)),
                ("minutes", models.PositiveSmallIntegerField(default=0, verbose_name="minutes it takes")),
                ("freshness_days", models.PositiveSmallIntegerField(null=True)),
                ("minimum_assurance", models.CharField(default="server", max_length=12)),
                ("is_waivable", models.BooleanField(default=False)),
                ("after", models.JSONField(default=list)),
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
                        related_name="requirements",
                        to="vetting.certificationversion",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requirements",
                        to="vetting.requirementgroup",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "key"), name="requirement_key_once"),
                    models.UniqueConstraint(fields=("version", "position"), name="requirement_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RevocationProposal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("reason_code", models.CharField(max_length=40)),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waits for a second person"),
                            ("approved", "Carried out"),
                            ("dismissed", "Dismissed"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocations",
                        to="vetting.certificate",
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
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "proposed revocation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "approved", "dismissed"])),
                        name="revocation_proposal_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("certificate",),
                        name="revocation_proposal_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="revocation_proposal_decided_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ("state", "dismissed"),
                            _connector="OR",
                        ),
                        name="revocation_proposal_two_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemScore",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("grader", models.CharField(max_length=60)),
                ("points", models.DecimalField(decimal_places=4, max_digits=9)),
                ("max_points", models.DecimalField(decimal_places=4, max_digits=9)),
                ("scored_at", models.DateTimeField()),
                (
                    "attempt_item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="vetting.attemptitem"
                    ),
                ),
                (
                    "item_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vetting.itemkey"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("attempt_item", "grader", "item_key"), name="item_score_once"),
                    models.CheckConstraint(
                        condition=models.Q(("points__gte", 0), ("points__lte", models.F("max_points"))),
                        name="item_score_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RatingTask",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[("open_answer", "No accepted answer fits"), ("fault", "The grader failed")],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("leased", "Taken"), ("done", "Done")], default="open", max_length=8
                    ),
                ),
                ("fault", models.TextField(blank=True)),
                ("opened_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "attempt_item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rating_task",
                        to="vetting.attemptitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to rate",
                "verbose_name_plural": "answers to rate",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "leased", "done"])), name="rating_task_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", False), ("state", "done")),
                            models.Q(models.Q(("state", "done"), _negated=True), ("done_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="rating_task_done_pair",
                    ),
                ],
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["opened_at"], name="rating_task_open")
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("client_seq", models.PositiveIntegerField()),
                ("payload", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                (
                    "attempt_item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="responses", to="vetting.attemptitem"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("attempt_item", "client_seq"), name="response_seq_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("points", models.DecimalField(decimal_places=4, max_digits=9)),
                ("note", models.TextField(blank=True)),
                ("rated_at", models.DateTimeField()),
                (
                    "rated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="vetting.ratingtask"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("task", "rated_by"), name="rating_once_a_person")],
            },
        ),
    ]
