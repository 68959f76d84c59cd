"""Invoices and credit notes over the API: the same content as on page and paper."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.tenancy.roles import Permission
from gigcx.web.api.views import BrandApiView
from payments.models import CreditNote, Invoice
from payments.queries.invoices import (
    credit_note_content,
    credit_note_for,
    credit_notes_for,
    invoice_content,
    invoice_for,
    invoices_for,
)


class InvoiceSerializer(serializers.ModelSerializer[Invoice]):
    """One issued invoice, without its lines."""

    number = serializers.CharField(source="full_number")
    open_minor = serializers.IntegerField(help_text="What is still to be paid, in minor units.")

    class Meta:
        model = Invoice
        fields = (
            "id",
            "number",
            "period_from",
            "period_to",
            "issued_on",
            "due_on",
            "purchase_order",
            "currency",
            "net_minor",
            "tax_minor",
            "gross_minor",
            "paid_minor",
            "credited_minor",
            "open_minor",
            "state",
            "content_sha256",
        )


class InvoiceDetailSerializer(InvoiceSerializer):
    """One issued invoice with its frozen content: parties, taxes and every line."""

    content = serializers.SerializerMethodField()

    class Meta(InvoiceSerializer.Meta):
        fields = (*InvoiceSerializer.Meta.fields, "content")  # type: ignore[assignment]  # one more than the base

    @extend_schema_field(serializers.DictField())
    def get_content(self, invoice: Invoice) -> dict[str, Any]:
        """This function will give what the hash is of."""
        return invoice_content(invoice)


class CreditNoteSerializer(serializers.ModelSerializer[CreditNote]):
    """One credit note, without its lines."""

    number = serializers.CharField(source="full_number")
    invoice = serializers.CharField(source="invoice.full_number")

    class Meta:
        model = CreditNote
        fields = (
            "id",
            "number",
            "invoice",
            "issued_on",
            "reason",
            "currency",
            "net_minor",
            "tax_minor",
            "gross_minor",
            "to_wallet_minor",
            "content_sha256",
        )


class CreditNoteDetailSerializer(CreditNoteSerializer):
    """One credit note with its frozen content and every line."""

    content = serializers.SerializerMethodField()

    class Meta(CreditNoteSerializer.Meta):
        fields = (*CreditNoteSerializer.Meta.fields, "content")  # type: ignore[assignment]  # one more than the base

    @extend_schema_field(serializers.DictField())
    def get_content(self, note: CreditNote) -> dict[str, Any]:
        """This function will give what the hash is of."""
        return credit_note_content(note)


class InvoiceList(BrandApiView):
    """The brand's issued invoices, newest first."""

    permissions = {"GET": Permission.VIEW_BILLING}
    serializer_class = InvoiceSerializer

    def get(self, request: Request) -> Response:
        """This function will list the brand's invoices."""
        return self.listed(invoices_for(self.actor).order_by())


class InvoiceDetail(BrandApiView):
    """One invoice: its frozen content, line by line, and what is still open."""

    permissions = {"GET": Permission.VIEW_BILLING}
    serializer_class = InvoiceDetailSerializer

    @extend_schema(operation_id="brands_invoice")
    def get(self, request: Request, invoice_id: UUID) -> Response:
        """This function will return one invoice."""
        return Response(InvoiceDetailSerializer(invoice_for(self.actor, invoice_id)).data)


class CreditNoteList(BrandApiView):
    """The brand's credit notes, newest first."""

    permissions = {"GET": Permission.VIEW_BILLING}
    serializer_class = CreditNoteSerializer

    def get(self, request: Request) -> Response:
        """This function will list the brand's credit notes."""
        return self.listed(credit_notes_for(self.actor).order_by())


class CreditNoteDetail(BrandApiView):
    """One credit note: its frozen content, line by line."""

    permissions = {"GET": Permission.VIEW_BILLING}
    serializer_class = CreditNoteDetailSerializer

    @extend_schema(operation_id="brands_credit_note")
    def get(self, request: Request, credit_note_id: UUID) -> Response:
        """This function will return one credit note."""
        return Response(CreditNoteDetailSerializer(credit_note_for(self.actor, credit_note_id)).data)
