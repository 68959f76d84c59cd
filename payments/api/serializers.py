"""Shapes of money over the API. Amounts are whole minor units beside their currency."""

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from payments.models import Charge, Earning, PayoutItem, Statement


class EarningSerializer(serializers.ModelSerializer[Earning]):
    """One line."""

    program = serializers.CharField(source="program.name")
    brand = serializers.CharField(source="brand.name")

    class Meta:
        model = Earning
        fields = (
            "id",
            "kind",
            "cause",
            "program",
            "brand",
            "worked_from",
            "worked_to",
            "worked_seconds",
            "amount_minor",
            "currency",
            "state",
            "review_ends_at",
            "payable_at",
            "paid_at",
            "explanation",
        )


class MoneySerializer(serializers.Serializer[Any]):
    """An amount."""

    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()


class BalanceSerializer(serializers.Serializer[Any]):
    """One currency of an agent's money. `owed` is what is to be taken back and no payout has carried yet."""

    currency = serializers.CharField()
    available = MoneySerializer()
    in_review = MoneySerializer()
    on_its_way = MoneySerializer()
    paid_this_year = MoneySerializer()
    owed = MoneySerializer()


class PayoutSerializer(serializers.ModelSerializer[PayoutItem]):
    """One payout. Transferred is not arrived."""

    rail = serializers.CharField(source="run.rail")

    class Meta:
        model = PayoutItem
        fields = (
            "id",
            "rail",
            "amount_minor",
            "currency",
            "state",
            "planned_at",
            "transferred_at",
            "arrived_at",
            "hold_reason",
            "hold_until",
            "transfer_ref",
        )


class StatementSerializer(serializers.ModelSerializer[Statement]):
    """One statement, from its frozen snapshot."""

    content = serializers.SerializerMethodField()

    class Meta:
        model = Statement
        fields = ("id", "number", "issued_at", "sha256", "content")

    @extend_schema_field(serializers.DictField())
    def get_content(self, statement: Statement) -> dict[str, Any]:
        """This function will read the snapshot."""
        content: dict[str, Any] = json.loads(bytes(statement.snapshot))
        return content


class ChargeSerializer(serializers.ModelSerializer[Charge]):
    """One charge. What the agent gets is not in it."""

    program = serializers.CharField(source="program.name")
    agent = serializers.CharField(
        source="earning.agent.user.full_name", help_text="The name: the brand has accepted this person."
    )
    cause = serializers.CharField(source="earning.cause")
    worked_from = serializers.DateTimeField(source="earning.worked_from")
    worked_to = serializers.DateTimeField(source="earning.worked_to")

    class Meta:
        model = Charge
        fields = (
            "id",
            "kind",
            "cause",
            "program",
            "agent",
            "worked_from",
            "worked_to",
            "net_minor",
            "credited_minor",
            "currency",
            "billing_week",
            "state",
            "explanation",
        )


class UpcomingChargeSerializer(serializers.Serializer[Any]):
    """One line of a coming invoice."""

    week_starts_on = serializers.DateField()
    locks_at = serializers.DateTimeField()
    program_id = serializers.UUIDField()
    program = serializers.CharField()
    kind = serializers.CharField()
    cause = serializers.CharField()
    lines = serializers.IntegerField()
    net_minor = serializers.IntegerField()
    currency = serializers.CharField()
    is_estimate = serializers.BooleanField(help_text="Booked seats: what they will cost, not charged yet.")


class FundsSerializer(serializers.Serializer[Any]):
    """A brand's money in one currency."""

    currency = serializers.CharField()
    mode = serializers.CharField()
    wallet = MoneySerializer()
    credit_limit = MoneySerializer()
    held = MoneySerializer()
    unbilled = MoneySerializer()
    unbilled_tax = MoneySerializer()
    covered = MoneySerializer()
    receivable = MoneySerializer()
    free = MoneySerializer()
