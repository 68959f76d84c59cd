"""An agent's payout account, offers of instant payouts and the payouts asked for over the API."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.audit.hints import hint
from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound
from gigcx.web.api.views import AgentApiView
from payments import actions, tasks
from payments.api.serializers import PayoutSerializer
from payments.gateways import instant
from payments.models import InstantQuote, PayoutAccount
from payments.queries import agent_balance, current_account, payout_for
from payments.queries.payouts import quote_for


class PayoutAccountSerializer(serializers.ModelSerializer[PayoutAccount]):
    """Where the agent is paid; never the number itself."""

    class Meta:
        model = PayoutAccount
        fields = (
            "id",
            "rail",
            "country",
            "currency",
            "state",
            "last4",
            "requirement_codes",
            "can_receive_instantly",
            "usable_from",
        )


class PayoutAccountView(AgentApiView):
    """Where you are paid, and what is missing."""

    serializer_class = PayoutAccountSerializer

    def get(self, request: Request) -> Response:
        """This function will return the agent's current payout account."""
        found = current_account(self.actor.agent_id)
        if found is None:
            raise NotFound(_("There is no payout account yet."))
        return Response(PayoutAccountSerializer(found).data)


class InstantQuoteSerializer(serializers.ModelSerializer[InstantQuote]):
    """An offer: what would be sent, what it costs, until when it holds."""

    net_minor = serializers.SerializerMethodField()

    class Meta:
        model = InstantQuote
        fields = (
            "id",
            "currency",
            "amount_minor",
            "fee_minor",
            "net_minor",
            "arrives_at",
            "quoted_at",
            "expires_at",
            "state",
        )
        read_only_fields = fields

    def get_net_minor(self, quote: InstantQuote) -> int:
        """This function will return what would arrive."""
        return quote.amount_minor - quote.fee_minor


class QuoteOrderSerializer(serializers.Serializer[Any]):
    """For which currency, and at most how much; without an amount everything that is ready."""

    currency = serializers.CharField(max_length=3, min_length=3)
    amount_minor = serializers.IntegerField(min_value=1, max_value=2**53, required=False)


class InstantQuoteList(AgentApiView):
    """Offers of instant payouts. Asking costs nothing."""

    serializer_class = QuoteOrderSerializer

    @extend_schema(request=QuoteOrderSerializer, responses={201: InstantQuoteSerializer})
    def post(self, request: Request) -> Response:
        """This function will ask for an offer over what is ready."""
        asked, at = self.body(), clock.now()
        held = {one.currency for one in agent_balance(self.actor.agent_id, at=at)}
        if asked["currency"] not in held:
            raise serializers.ValidationError({"currency": [_("You have nothing in this currency.")]})
        quote = instant.ask_for_quote(
            actor=self.actor, currency=asked["currency"], at=at, most=asked.get("amount_minor")
        )
        return Response(InstantQuoteSerializer(quote).data, status=status.HTTP_201_CREATED)


class InstantPayoutOrderSerializer(serializers.Serializer[Any]):
    """Which offer is taken."""

    quote = serializers.UUIDField()


class InstantPayoutList(AgentApiView):
    """Taking an offer: the money leaves now. The same offer taken again answers the same payout."""

    serializer_class = InstantPayoutOrderSerializer

    @extend_schema(request=InstantPayoutOrderSerializer, responses={201: PayoutSerializer})
    def post(self, request: Request) -> Response:
        """This function will take an offer."""
        quote = quote_for(self.actor, self.body()["quote"])
        item = actions.request_instant_payout(quote_id=quote.pk, by=self.actor, at=clock.now())
        hint(tasks.execute_run, run_id=str(item.run_id))
        return Response(PayoutSerializer(payout_for(self.actor, item.pk)).data, status=status.HTTP_201_CREATED)
