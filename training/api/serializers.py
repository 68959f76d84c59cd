"""Shapes of training's answers and questions. None of them reaches the table that holds the right answers."""

from typing import Any

from rest_framework import serializers

from training.models import Course, CourseVersion, Enrolment


class CourseSerializer(serializers.ModelSerializer[Course]):
    """A course as its brand sees it."""

    class Meta:
        model = Course
        fields = ("id", "title", "slug", "summary", "program_id", "created_at")


class CourseVersionSerializer(serializers.ModelSerializer[CourseVersion]):
    """A version of a course."""

    version_state = serializers.CharField(source="state")
    change_class = serializers.CharField(
        source="change", help_text="minor, material or breaking; empty before publishing."
    )
    paid_time = serializers.CharField(source="pay_basis", help_text="fixed or counted.")

    class Meta:
        model = CourseVersion
        fields = (
            "id",
            "course_id",
            "n",
            "version_state",
            "change_class",
            "change_note",
            "expected_minutes",
            "paid_time",
            "due_days",
            "checksum",
            "published_at",
        )


class EnrolmentSerializer(serializers.ModelSerializer[Enrolment]):
    """An enrolment: who, what, how far."""

    enrolment_state = serializers.CharField(source="state")
    enrolment_kind = serializers.CharField(source="kind", help_text="full, or delta for changed pages only.")
    enrolment_reason = serializers.CharField(source="reason")
    course_title = serializers.CharField(source="course.title")

    class Meta:
        model = Enrolment
        fields: tuple[str, ...] = (
            "id",
            "agent_id",
            "course_id",
            "version_id",
            "course_title",
            "enrolment_state",
            "enrolment_kind",
            "enrolment_reason",
            "due_at",
            "enrolled_at",
            "started_at",
            "completed_at",
        )


class LessonLinkSerializer(serializers.Serializer[Any]):
    """A line of the table of contents."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    expected_seconds = serializers.IntegerField()
    is_required = serializers.BooleanField()
    is_done = serializers.BooleanField()


class EnrolmentHomeSerializer(EnrolmentSerializer):
    """An enrolment with its pages; `resume_id` is the page to go on with."""

    resume_id = serializers.UUIDField(source="home.resume_id", allow_null=True)
    pages_done = serializers.IntegerField(source="home.done")
    pages_total = serializers.IntegerField(source="home.total")
    pages = LessonLinkSerializer(source="home.pages", many=True)

    class Meta(EnrolmentSerializer.Meta):
        fields = (*EnrolmentSerializer.Meta.fields, "resume_id", "pages_done", "pages_total", "pages")


class ChoiceSerializer(serializers.Serializer[Any]):
    """An answer on offer."""

    id = serializers.CharField()
    text = serializers.CharField()
    is_chosen = serializers.BooleanField()


class AnswerSeenSerializer(serializers.Serializer[Any]):
    """The latest answer and what is said to it."""

    is_correct = serializers.BooleanField()
    feedback = serializers.ListField(child=serializers.CharField())


class QuestionSerializer(serializers.Serializer[Any]):
    """A question; send `next_seq` with the answer."""

    id = serializers.UUIDField()
    key = serializers.CharField()
    question_kind = serializers.CharField(source="kind")
    prompt = serializers.CharField()
    choices = ChoiceSerializer(many=True)
    answer = AnswerSeenSerializer(allow_null=True)
    next_seq = serializers.IntegerField()


class LessonPartSerializer(serializers.Serializer[Any]):
    """A piece of a page: safe HTML, or a question."""

    html = serializers.CharField()
    question = QuestionSerializer(allow_null=True)


class LessonSerializer(serializers.Serializer[Any]):
    """A page of a course."""

    id = serializers.UUIDField(source="page.pk")
    title = serializers.CharField(source="page.title")
    is_done = serializers.BooleanField()
    previous_id = serializers.UUIDField(allow_null=True)
    next_id = serializers.UUIDField(allow_null=True)
    parts = LessonPartSerializer(many=True)


class AnswerInputSerializer(serializers.Serializer[Any]):
    """An answer: chosen options by id, or text."""

    client_seq = serializers.IntegerField(min_value=1, max_value=999_999)
    options = serializers.ListField(child=serializers.CharField(max_length=32), required=False, max_length=20)
    text = serializers.CharField(required=False, allow_blank=True, max_length=500)


class ActivityInputSerializer(serializers.Serializer[Any]):
    """How many seconds ago each ping was."""

    ago = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=120), max_length=20)


class ActivitySerializer(serializers.Serializer[Any]):
    """How many seconds the pings added."""

    counted_seconds = serializers.IntegerField()


class NothingSerializer(serializers.Serializer[Any]):
    """No input."""
