"""Money over the API: an agent's own, and a brand's charges."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.tenancy.roles import Permission
from gigcx.web.api.views import AgentApiView, BrandApiView
from payments.api.serializers import (
    BalanceSerializer,
    ChargeSerializer,
    EarningSerializer,
    FundsSerializer,
    PayoutSerializer,
    StatementSerializer,
    UpcomingChargeSerializer,
)
from payments.queries import (
    agent_balance,
    charges_for,
    earnings_for,
    payouts_for,
    spendable,
    statements_for,
    upcoming_charges,
)


class EarningList(AgentApiView):
    """Your earnings, newest first, each with the steps that lead to its amount."""

    serializer_class = EarningSerializer

    def get(self, request: Request) -> Response:
        """This function will list the agent's lines."""
        return self.listed(earnings_for(self.actor).order_by())


class BalanceView(AgentApiView):
    """What is available, in review, on its way and paid this year, by currency."""

    serializer_class = BalanceSerializer

    @extend_schema(responses=BalanceSerializer(many=True))
    def get(self, request: Request) -> Response:
        """This function will return the agent's balances."""
        found = agent_balance(self.actor.agent_id, at=clock.now())
        return Response(BalanceSerializer(found, many=True).data)


class PayoutList(AgentApiView):
    """Your payouts, newest first."""

    serializer_class = PayoutSerializer

    def get(self, request: Request) -> Response:
        """This function will list the agent's payouts."""
        return self.listed(payouts_for(self.actor).order_by())


class StatementList(AgentApiView):
    """Your statements, newest first, each with its frozen content and the hash of it."""

    serializer_class = StatementSerializer

    def get(self, request: Request) -> Response:
        """This function will list the agent's statements."""
        return self.listed(statements_for(self.actor))


class ChargeList(BrandApiView):
    """The brand's charges, newest first."""

    permissions = {"GET": Permission.VIEW_BILLING}
    serializer_class = ChargeSerializer

    def get(self, request: Request) -> Response:
        """This function will list the brand's charges."""
        return self.listed(charges_for(self.actor).order_by())


class UpcomingChargeList(BrandApiView):
    """What is worked and not invoiced, and estimates of booked seats, by week, program, kind and cause."""

    permissions = {"GET": Permission.VIEW_BILLING}
    serializer_class = UpcomingChargeSerializer

    @extend_schema(responses=UpcomingChargeSerializer(many=True))
    def get(self, request: Request) -> Response:
        """This function will return the brand's coming invoices."""
        weeks = upcoming_charges(self.actor.brand, at=clock.now())
        rows: list[dict[str, Any]] = [
            {
                "week_starts_on": week.starts_on,
                "locks_at": week.locks_at,
                "program_id": line.program_id,
                "program": line.program,
                "kind": line.kind,
                "cause": line.cause,
                "lines": line.lines,
                "net_minor": line.net.amount_minor,
                "currency": line.net.currency,
                "is_estimate": line.is_estimate,
            }
            for week in weeks
            for line in week.lines
        ]
        return Response(UpcomingChargeSerializer(rows, many=True).data)


class FundsView(BrandApiView):
    """What the brand may still spend, and what is held or not invoiced."""

    permissions = {"GET": Permission.VIEW_BILLING}
    serializer_class = FundsSerializer

    def get(self, request: Request) -> Response:
        """This function will return the brand's funds in its own currency."""
        return Response(FundsSerializer(spendable(self.actor.brand_id, self.actor.brand.currency)).data)
