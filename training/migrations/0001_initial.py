import django.db.models.constraints
import django.db.models.deletion
import gigcx.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("recruiting", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("slug", models.SlugField(max_length=80)),
                ("summary", models.CharField(blank=True, max_length=300, verbose_name="what it teaches")),
                ("created_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="recruiting.program",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("brand", "slug"), name="course_slug_once")],
                "indexes": [models.Index(fields=["program"], name="course_by_program")],
            },
        ),
        migrations.CreateModel(
            name="LearningClock",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("counted_until", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recruiting.agent"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CourseVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("n", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("approved", "Approved"),
                            ("published", "Published"),
                            ("closed", "Closed"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                (
                    "change",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("minor", "Minor: wording, nobody has to read it again"),
                            ("material", "Material: people who finished read the changed pages"),
                            ("breaking", "Breaking: everybody takes the course again"),
                        ],
                        max_length=16,
                        verbose_name="kind of change",
                    ),
                ),
                ("change_note", models.CharField(blank=True, max_length=300, verbose_name="what changed")),
                ("source_locale", models.CharField(default="en", max_length=16)),
                ("expected_minutes", models.PositiveSmallIntegerField(default=30, verbose_name="minutes it takes")),
                (
                    "pay_basis",
                    models.CharField(
                        choices=[
                            ("fixed", "A fixed time for finishing"),
                            ("counted", "The time spent, up to a quarter more than planned"),
                        ],
                        default="fixed",
                        max_length=16,
                        verbose_name="paid time",
                    ),
                ),
                ("due_days", models.PositiveSmallIntegerField(default=14, verbose_name="days to finish changed pages")),
                ("grandfather_until", models.DateTimeField(null=True)),
                ("checksum", models.CharField(blank=True, max_length=64)),
                ("review_comment", models.TextField(blank=True)),
                ("author_ids", models.JSONField(default=list)),
                ("is_self_approved", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("left_catalogue_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
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
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="training.course"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                    models.UniqueConstraint(fields=("course", "n"), name="course_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "in_review", "approved"))),
                        fields=("course",),
                        name="course_version_one_draft",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("left_catalogue_at__isnull", True), ("state", "published")),
                        fields=("course",),
                        name="course_version_one_in_catalogue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "in_review", "approved", "published", "closed"])),
                        name="course_version_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("change__in", ["", "minor", "material", "breaking"])),
                        name="course_version_change",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pay_basis__in", ["fixed", "counted"])), name="course_version_pay_basis"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expected_minutes__gte", 1), ("expected_minutes__lte", 2400)),
                        name="course_version_minutes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_days__gte", 1), ("due_days__lte", 365)), name="course_version_due_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="course_version_approved_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                            models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="course_version_published_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            ("is_self_approved", True),
                            models.Q(("approved_by", models.F("created_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="course_version_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            models.Q(
                                ("published_at__isnull", False),
                                models.Q(("checksum", ""), _negated=True),
                                models.Q(("change", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="course_version_published_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Module",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("stable_key", models.UUIDField()),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("skill_codes", models.JSONField(default=list)),
                ("is_skippable", models.BooleanField(default=True)),
                ("is_delta", models.BooleanField(default=False)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="modules", to="training.courseversion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "stable_key"), name="module_once"),
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("version", "position"),
                        name="module_position_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("stable_key", models.UUIDField()),
                ("kind", models.CharField(choices=[("text", "Text")], default="text", max_length=16)),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("body", models.TextField(blank=True, verbose_name="text")),
                ("expected_seconds", models.PositiveIntegerField(default=0)),
                ("is_required", models.BooleanField(default=True, verbose_name="has to be read")),
                ("checksum", models.CharField(max_length=64)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pages", to="training.module"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("module", "stable_key"), name="page_once"),
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("module", "position"),
                        name="page_position_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["text"])), name="page_kind"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("full", "Full course"), ("delta", "Changed pages only")],
                        default="full",
                        max_length=16,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("first", "First time"),
                            ("forced_update", "The brand changed the course"),
                            ("renewal", "Renewal"),
                        ],
                        default="first",
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("enrolled", "Not started"),
                            ("in_progress", "In progress"),
                            ("awaiting_result", "Waiting for a result"),
                            ("completed", "Completed"),
                            ("moved", "Moved to a newer version"),
                            ("withdrawn", "Stopped"),
                            ("closed", "Closed by the brand"),
                        ],
                        default="enrolled",
                        max_length=16,
                    ),
                ),
                ("locale", models.CharField(default="en", max_length=16)),
                ("due_at", models.DateTimeField(null=True)),
                ("cutover_at", models.DateTimeField(null=True)),
                ("enrolled_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="recruiting.agent"
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="training.course"
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="recruiting.engagement",
                    ),
                ),
                (
                    "moved_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="training.enrolment",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="training.courseversion",
                    ),
                ),
                (
                    "last_page",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="training.page"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("enrolled", "in_progress", "awaiting_result"))),
                        fields=("agent", "course"),
                        name="enrolment_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "enrolled",
                                    "in_progress",
                                    "awaiting_result",
                                    "completed",
                                    "moved",
                                    "withdrawn",
                                    "closed",
                                ],
                            )
                        ),
                        name="enrolment_state",
                    ),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["full", "delta"])), name="enrolment_kind"),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["first", "forced_update", "renewal"])),
                        name="enrolment_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("completed_at__isnull", False), ("state", "completed")),
                            models.Q(models.Q(("state", "completed"), _negated=True), ("completed_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="enrolment_completed_at",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["agent", "enrolled_at"], name="enrolment_by_agent"),
                    models.Index(fields=["version", "state"], name="enrolment_by_version"),
                    models.Index(
                        condition=models.Q(("state", "completed")), fields=["completed_at"], name="enrolment_done"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KnowledgeCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.SlugField(verbose_name="key")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("single_choice", "One right answer"),
                            ("multi_choice", "Several right answers"),
                            ("short_text", "A few words"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("payload", models.JSONField()),
                ("objective", models.CharField(blank=True, max_length=160, verbose_name="what it checks")),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="training.page"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["single_choice", "multi_choice", "short_text"])),
                        name="knowledge_check_kind",
                    ),
                    models.UniqueConstraint(fields=("page", "key"), name="knowledge_check_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("client_seq", models.PositiveIntegerField()),
                ("response", models.JSONField()),
                ("score", models.DecimalField(decimal_places=4, max_digits=7)),
                ("is_correct", models.BooleanField()),
                ("answered_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="training.enrolment"
                    ),
                ),
                (
                    "knowledge_check",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="training.knowledgecheck"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enrolment", "knowledge_check", "client_seq"), name="check_answer_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0), ("score__lte", 1)), name="check_answer_score"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KnowledgeCheckKey",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.JSONField()),
                ("feedback", models.JSONField(default=dict)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "knowledge_check",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="secret", to="training.knowledgecheck"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PageProgress",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("first_seen_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("active_seconds", models.PositiveIntegerField(default=0)),
                ("completed_at", models.DateTimeField(null=True)),
                ("is_carried", models.BooleanField(default=False)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.brand"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="progress", to="training.enrolment"
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="training.page"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment", "page"), name="page_progress_once"),
                    models.CheckConstraint(
                        condition=models.Q(("last_seen_at__gte", models.F("first_seen_at"))), name="page_progress_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingTime",
            fields=[
                (
                    "id",
                    models.UUIDField(default=gigcx.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("first", "First time"),
                            ("forced_update", "The brand changed the course"),
                            ("renewal", "Renewal"),
                        ],
                        max_length=16,
                    ),
                ),
                ("period", models.CharField(blank=True, default="", max_length=7)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("fixed", "A fixed time for finishing"),
                            ("counted", "The time spent, up to a quarter more than planned"),
                        ],
                        max_length=16,
                    ),
                ),
                ("counted_seconds", models.PositiveIntegerField()),
                ("earned_at", models.DateTimeField()),
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
                    "course_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="training.courseversion"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="times", to="training.enrolment"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "course_version", "reason", "period"), name="training_time_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["first", "forced_update", "renewal"])),
                        name="training_time_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis__in", ["fixed", "counted"])), name="training_time_basis"
                    ),
                ],
                "indexes": [models.Index(fields=["agent", "earned_at"], name="training_time_by_agent")],
            },
        ),
    ]
