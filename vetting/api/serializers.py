"""What goes out and comes in as JSON. No key, weight or feedback is anywhere here."""

from typing import Any

from rest_framework import serializers

from vetting.models import Attempt, Certificate


class CertificateSerializer(serializers.ModelSerializer[Certificate]):
    """A certificate."""

    name = serializers.CharField(source="certification.name")
    program = serializers.CharField(source="program.name")
    brand = serializers.CharField(source="brand.name")
    version = serializers.IntegerField(source="version.n")
    certificate_state = serializers.CharField(source="state")

    class Meta:
        model = Certificate
        fields = (
            "id",
            "public_id",
            "name",
            "program",
            "program_id",
            "brand",
            "version",
            "certificate_state",
            "issued_at",
            "valid_from",
            "expires_at",
        )


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """A sitting. The server's clock comes along, so that nobody has to trust their own."""

    assessment = serializers.CharField(source="version.assessment.name")
    attempt_state = serializers.CharField(source="state")
    deadline = serializers.DateTimeField(source="deadline_at", allow_null=True)
    server_now = serializers.SerializerMethodField()

    class Meta:
        model = Attempt
        fields = (
            "id",
            "assessment",
            "assessment_id",
            "number",
            "attempt_state",
            "opened_at",
            "started_at",
            "deadline",
            "submitted_at",
            "submitted_by",
            "server_now",
        )

    def get_server_now(self, attempt: Attempt) -> str:
        """This function will return the server's time."""
        return str(self.context["server_now"].isoformat())


class AnswerSerializer(serializers.Serializer[Any]):
    """An answer to one question."""

    position = serializers.IntegerField(min_value=1)
    client_seq = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    seat = serializers.CharField(max_length=64)
    payload = serializers.DictField()


class SavedSerializer(serializers.Serializer[Any]):
    """What was kept."""

    position = serializers.IntegerField()
    client_seq = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    deadline = serializers.DateTimeField()
    server_now = serializers.DateTimeField()


class ReasonSerializer(serializers.Serializer[Any]):
    """Why somebody may not work."""

    code = serializers.CharField()
    sentence = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True)


class EligibilitySerializer(serializers.Serializer[Any]):
    """Whether one agent may work in one program, as the brand may know it."""

    agent_id = serializers.UUIDField()
    handle = serializers.CharField()
    is_eligible = serializers.BooleanField()
    certificate_id = serializers.UUIDField(allow_null=True)
    lapses_at = serializers.DateTimeField(allow_null=True)
    reasons = ReasonSerializer(many=True)


class RequirementSerializer(serializers.Serializer[Any]):
    """One thing a certification asks for."""

    key = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    minutes = serializers.IntegerField()


class CertificationSerializer(serializers.Serializer[Any]):
    """A certification and the version in force."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    program_id = serializers.UUIDField()
    version = serializers.IntegerField(allow_null=True)
    holders = serializers.IntegerField()
    requirements = RequirementSerializer(many=True)
