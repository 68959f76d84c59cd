"""Statements with their files, and tax data, over the API."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound
from gigcx.web.api.views import AgentApiView
from payments import actions
from payments.actions.taxes import TaxFacts
from payments.api.serializers import StatementSerializer
from payments.models import TaxProfile
from payments.queries import statement_for
from payments.queries.taxes import tax_profile_on

_TYPES: Final = {"pdf": "application/pdf", "csv": "text/csv"}


class StatementView(AgentApiView):
    """One statement with its frozen content and the hash of it."""

    serializer_class = StatementSerializer

    @extend_schema(operation_id="me_statement")
    def get(self, request: Request, statement_id: UUID) -> Response:
        """This function will return one of the agent's statements."""
        return Response(StatementSerializer(statement_for(self.actor, statement_id)).data)


class StatementFileView(AgentApiView):
    """A statement's file, whose bytes never change."""

    serializer_class = StatementSerializer
    file_format = ""

    def get(self, request: Request, statement_id: UUID) -> HttpResponse:
        """This function will hand out the file."""
        found = statement_for(self.actor, statement_id)
        document = actions.keep_statement(found, file_format=self.file_format, at=clock.now())
        answer = HttpResponse(bytes(document.content), content_type=_TYPES[self.file_format])
        answer["Content-Disposition"] = f'attachment; filename="{found.number}.{self.file_format}"'
        answer["ETag"] = f'"{document.sha256}"'
        return answer


@extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
class StatementPdf(StatementFileView):
    """A statement as PDF; the same bytes at every download, their SHA-256 in `ETag`."""

    file_format = "pdf"


@extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
class StatementCsv(StatementFileView):
    """A statement's lines as CSV; the same bytes at every download, their SHA-256 in `ETag`."""

    file_format = "csv"


class TaxProfileSerializer(serializers.ModelSerializer[TaxProfile]):
    """Tax data; of the number only the last four signs."""

    valid_from = serializers.DateField(source="valid.lower")

    class Meta:
        model = TaxProfile
        fields = ("id", "country", "form", "legal_name", "address", "birth_date", "tin_last4", "vat_id", "valid_from")


class TaxFactsSerializer(serializers.Serializer[Any]):
    """What an agent tells about their taxes. Without a number the one we have is kept."""

    country = serializers.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166 code of the country the agent pays taxes in.")
    legal_name = serializers.CharField(max_length=200)
    address = serializers.CharField(max_length=400, required=False, default="")
    birth_date = serializers.DateField(required=False, allow_null=True, default=None)
    number = serializers.CharField(max_length=24, required=False, default="", write_only=True)
    vat_id = serializers.CharField(max_length=20, required=False, default="")
    valid_from = serializers.DateField()


class TaxProfileView(AgentApiView):
    """Your tax data: what is valid today, and telling new ones."""

    serializer_class = TaxProfileSerializer

    def get(self, request: Request) -> Response:
        """This function will return the agent's present tax data."""
        found = tax_profile_on(self.actor.agent_id, clock.now().date())
        if found is None:
            raise NotFound
        return Response(TaxProfileSerializer(found).data)

    @extend_schema(request=TaxFactsSerializer, responses={201: TaxProfileSerializer})
    def post(self, request: Request) -> Response:
        """This function will keep tax data from a day on."""
        given = self.body(TaxFactsSerializer)
        valid_from = given.pop("valid_from")
        found = actions.save_tax_profile(
            agent_id=self.actor.agent_id,
            facts=TaxFacts(**given),
            valid_from=valid_from,
            by=self.actor,
            at=clock.now(),
        )
        return Response(TaxProfileSerializer(found).data, status=201)
