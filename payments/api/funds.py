"""Brands' money over the API: budgets and top-ups."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.kernel.money import Money
from gigcx.tenancy.roles import Permission
from gigcx.web.api.views import BrandApiView
from payments import actions
from payments.actions.checkouts import CollectionRefused, CollectionUnknown
from payments.errors import RailUnavailable
from payments.gateways import collecting
from payments.gateways.collection import collecting_rail
from payments.models import Budget, TopUp
from payments.policies.funds import local_day, month_of
from payments.queries.budgets import budgets_for, present_uses
from payments.queries.funds import top_up_for, top_ups_for
from payments.states import TopUpState
from recruiting.queries import program_for

_MOST = 2**53


class BudgetSerializer(serializers.ModelSerializer[Budget]):
    """A month's limits. A month without limits of its own has those of the month before."""

    class Meta:
        model = Budget
        fields = ("id", "scope", "program", "currency", "month", "soft_minor", "hard_minor", "set_at")
        read_only_fields = fields


class BudgetUseSerializer(serializers.Serializer[Any]):
    """A budget that stands in this month, and what counts against it."""

    budget = BudgetSerializer()
    worked_minor = serializers.IntegerField()
    held_minor = serializers.IntegerField()
    used_minor = serializers.IntegerField()
    share_percent = serializers.IntegerField()


class BudgetOrderSerializer(serializers.Serializer[Any]):
    """New limits, for the whole brand or one program, from a month on."""

    program = serializers.UUIDField(required=False, allow_null=True, default=None)
    month = serializers.DateField(help_text="Any day of the month.")
    soft_minor = serializers.IntegerField(min_value=1, max_value=_MOST)
    hard_minor = serializers.IntegerField(min_value=1, max_value=_MOST)


class BudgetList(BrandApiView):
    """Budgets of this month with their use, and setting them."""

    permissions = {"GET": Permission.VIEW_BILLING, "POST": Permission.MANAGE_BILLING}
    serializer_class = BudgetOrderSerializer

    @extend_schema(responses=BudgetUseSerializer(many=True))
    def get(self, request: Request) -> Response:
        """This function will list what stands this month."""
        brand = self.actor.brand
        month = month_of(local_day(clock.now(), brand.timezone))
        return Response(BudgetUseSerializer(present_uses(brand, month=month), many=True).data)

    @extend_schema(request=BudgetOrderSerializer, responses={201: BudgetSerializer})
    def post(self, request: Request) -> Response:
        """This function will set the limits of a month and those after it."""
        asked = self.body()
        program = program_for(self.actor, asked["program"]) if asked["program"] else None
        made = actions.set_budget(
            brand_id=self.actor.brand_id,
            program_id=program.pk if program else None,
            currency=self.actor.brand.currency,
            month=asked["month"],
            soft_minor=asked["soft_minor"],
            hard_minor=asked["hard_minor"],
            by=self.actor,
            at=clock.now(),
        )
        return Response(BudgetSerializer(budgets_for(self.actor).get(pk=made.pk)).data, status=status.HTTP_201_CREATED)


class TopUpSerializer(serializers.ModelSerializer[TopUp]):
    """One payment into the wallet. It is spendable when `settled_at` is set, not before."""

    pay_url = serializers.SerializerMethodField(help_text="Where a person pays it; empty when there is nothing to pay.")

    class Meta:
        model = TopUp
        fields = (
            "id",
            "currency",
            "amount_minor",
            "refunded_minor",
            "state",
            "is_automatic",
            "pay_url",
            "failure",
            "started_at",
            "settled_at",
        )
        read_only_fields = fields

    def get_pay_url(self, top_up: TopUp) -> str:
        """This function will return the page where it is paid."""
        request = self.context.get("request")
        is_open = top_up.state == TopUpState.STARTED and top_up.pay_url
        return str(request.build_absolute_uri(top_up.pay_url)) if request and is_open else ""


class TopUpOrderSerializer(serializers.Serializer[Any]):
    """How much to pay in, in minor units of the brand's currency."""

    amount_minor = serializers.IntegerField(min_value=1, max_value=_MOST)


class TopUpList(BrandApiView):
    """Payments into the wallet, newest first; and beginning one, which a person then pays on its page."""

    permissions = {"GET": Permission.VIEW_BILLING, "POST": Permission.MANAGE_BILLING}
    serializer_class = TopUpSerializer

    @extend_schema(operation_id="brands_top_ups_list")
    def get(self, request: Request) -> Response:
        """This function will list the brand's top-ups."""
        return self.listed(top_ups_for(self.actor).order_by())

    @extend_schema(request=TopUpOrderSerializer, responses={201: TopUpSerializer})
    def post(self, request: Request) -> Response:
        """This function will begin a top-up and open the page where somebody of the brand pays it."""
        given = self.body(TopUpOrderSerializer)
        amount = Money(given["amount_minor"], self.actor.brand.currency)
        made = actions.start_top_up(
            brand_id=self.actor.brand_id, amount=amount, rail=collecting_rail(), by=self.actor, at=clock.now()
        )
        self._open(request, made)
        shown = TopUpSerializer(top_up_for(self.actor, made.pk), context=self.get_serializer_context())
        return Response(shown.data, status=status.HTTP_201_CREATED)

    def _open(self, request: Request, made: TopUp) -> None:
        page = reverse("payments:top-up", kwargs={"slug": self.slug, "top_up_id": made.pk})
        back = request.build_absolute_uri(page)
        try:
            collecting.open_page(made, return_url=back, cancel_url=back, saves_method=False, at=clock.now())
        except (CollectionUnknown, CollectionRefused) as silent:
            raise RailUnavailable from silent


class TopUpView(BrandApiView):
    """One payment into the wallet."""

    permissions = {"GET": Permission.VIEW_BILLING}
    serializer_class = TopUpSerializer

    def get(self, request: Request, top_up_id: UUID) -> Response:
        """This function will return one top-up."""
        found = top_up_for(self.actor, top_up_id)
        return Response(TopUpSerializer(found, context=self.get_serializer_context()).data)
