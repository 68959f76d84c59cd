"""What requests may spend, for machines. Past the limit that needs a second person, a key is refused."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.tenancy.roles import Permission
from gigcx.web.api.views import BrandApiView
from scheduling import actions
from scheduling.actions.budgets import MOST_BUDGET
from scheduling.models import CapacityRequest
from scheduling.queries.doors import request_for


class BudgetsSerializer(serializers.ModelSerializer[CapacityRequest]):
    """What a request may cost at most and has spent, in minor units of its program's bill currency; null is no limit."""

    class Meta:
        model = CapacityRequest
        fields = (
            "id",
            "state",
            "work_budget_minor",
            "incentive_budget_minor",
            "incentive_spent_minor",
            "remedy_budget_minor",
            "remedy_spent_minor",
        )
        read_only_fields = fields


class AmountField(serializers.IntegerField):
    """Money to set aside."""

    def __init__(self, **given: Any) -> None:
        super().__init__(min_value=0, max_value=MOST_BUDGET, **given)


class SetBudgetsSerializer(serializers.Serializer[Any]):
    """All three budgets, before the price is accepted."""

    work_minor = AmountField(allow_null=True, help_text="Null for no limit of its own.")
    incentive_minor = AmountField()
    remedy_minor = AmountField()


class SetBudgetSerializer(serializers.Serializer[Any]):
    """What is set aside from now on, in all."""

    budget_minor = AmountField()


class RequestBudgets(BrandApiView):
    """A request's budgets."""

    serializer_class = BudgetsSerializer
    permissions = {"GET": Permission.VIEW, "POST": Permission.PLAN_CAPACITY}

    @extend_schema(operation_id="capacity_request_budgets", tags=["capacity"])
    def get(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will answer what a request may cost and has spent."""
        return Response(self.get_serializer(request_for(self.actor, request_id)).data)

    @extend_schema(
        operation_id="capacity_request_budgets_set",
        tags=["capacity"],
        request=SetBudgetsSerializer,
        responses={200: BudgetsSerializer},
    )
    def post(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will set all three budgets of a request whose price nobody has accepted yet."""
        body = self.body(SetBudgetsSerializer)
        done = actions.set_budgets(request_id=request_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(done).data)


class RequestIncentiveBudget(BrandApiView):
    """Money for incentives."""

    serializer_class = BudgetsSerializer
    permissions = {"POST": Permission.ACCEPT_QUOTES}

    @extend_schema(
        operation_id="capacity_request_incentive_budget",
        tags=["capacity"],
        request=SetBudgetSerializer,
        responses={200: BudgetsSerializer},
    )
    def post(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will set what incentives may cost, before or after publication, and hold it."""
        body = self.body(SetBudgetSerializer)
        done = actions.set_incentive_budget(request_id=request_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(done).data)


class RequestRemedyBudget(BrandApiView):
    """Money for remedies."""

    serializer_class = BudgetsSerializer
    permissions = {"POST": Permission.ACCEPT_QUOTES}

    @extend_schema(
        operation_id="capacity_request_remedy_budget",
        tags=["capacity"],
        request=SetBudgetSerializer,
        responses={200: BudgetsSerializer},
    )
    def post(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will set what remedies may cost, before or after publication, and hold it."""
        body = self.body(SetBudgetSerializer)
        done = actions.set_remedy_budget(request_id=request_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(done).data)
