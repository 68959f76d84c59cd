"""Lines, standby, confirmations and swaps for machines."""

from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.tenancy.roles import Permission
from gigcx.web.api.fields import MomentField
from gigcx.web.api.views import AgentApiView, BrandApiView
from scheduling import actions
from scheduling.api.me import seen_of
from scheduling.api.serializers import ClaimSerializer, SeenSerializer
from scheduling.models import SwapOffer, WaitlistEntry
from scheduling.queries.doors import worker_for
from scheduling.queries.swaps import swap_board
from scheduling.queries.waits import place_of, waits_of_agent

_DECIDE = {"POST": Permission.PLAN_CAPACITY}


class WaitSerializer(serializers.ModelSerializer[WaitlistEntry]):
    """A place in the line for a full shift. While `state` is invited, a seat is held until `expires_at`."""

    shift_id = serializers.UUIDField(read_only=True)
    place = serializers.IntegerField(read_only=True, help_text="1 is the first in line.")

    class Meta:
        model = WaitlistEntry
        fields = ("id", "shift_id", "state", "place", "auto_accept", "joined_at", "invited_at", "expires_at", "reason")
        read_only_fields = fields


class LineSerializer(WaitSerializer):
    """The same, as the brand sees it: who is where in line is the agents' own."""

    place = None  # type: ignore[assignment]  # takes the field away

    class Meta:
        model = WaitlistEntry
        fields = tuple(name for name in WaitSerializer.Meta.fields if name != "place")
        read_only_fields = fields


class WaitListSerializer(serializers.Serializer[Any]):
    """The agent's places in line, soonest shift first."""

    results = WaitSerializer(many=True)


class SwapSerializer(serializers.ModelSerializer[SwapOffer]):
    """A shift on offer, given away or traded for another."""

    claim_id = serializers.UUIDField(read_only=True)
    for_claim_id = serializers.UUIDField(read_only=True, allow_null=True)
    shift_id = serializers.UUIDField(source="claim.shift_id", read_only=True)
    starts_at = MomentField(source="claim.starts_at", read_only=True)
    ends_at = MomentField(source="claim.ends_at", read_only=True)

    class Meta:
        model = SwapOffer
        fields = (
            "id",
            "claim_id",
            "shift_id",
            "starts_at",
            "ends_at",
            "kind",
            "for_claim_id",
            "state",
            "reason",
            "expires_at",
            "decide_by",
        )
        read_only_fields = fields


class SwapListSerializer(serializers.Serializer[Any]):
    """Offers of colleagues that the agent may take, those by name first."""

    results = SwapSerializer(many=True)


class OutcomeSerializer(serializers.Serializer[Any]):
    """A seat, or the place in line where the last seat has just gone; the other one is null."""

    claim = ClaimSerializer(allow_null=True)
    wait = WaitSerializer(allow_null=True)


class AutoAcceptSerializer(serializers.Serializer[Any]):
    """Whether a seat that comes free is taken without asking."""

    auto_accept = serializers.BooleanField(default=False)


class ToHandleSerializer(serializers.Serializer[Any]):
    """To whom the shift is offered; everybody in the program where no handle is given."""

    to_handle = serializers.CharField(max_length=41, required=False, default="", allow_blank=True)


class InReturnSerializer(serializers.Serializer[Any]):
    """Which own claim is given in return."""

    claim_id = serializers.UUIDField()


class RefusalSerializer(serializers.Serializer[Any]):
    """Why not; both agents read it."""

    reason = serializers.CharField(max_length=500, allow_blank=True)


def _placed(entry: WaitlistEntry) -> WaitlistEntry:
    entry.place = place_of(entry)  # type: ignore[attr-defined]  # for the serializer alone
    return entry


class MyClaimOrWait(AgentApiView):
    """Claiming a seat, or the next place in line."""

    serializer_class = OutcomeSerializer

    @extend_schema(
        operation_id="my_shift_claim_or_wait",
        tags=["work"],
        request=SeenSerializer,
        responses={201: OutcomeSerializer, 202: OutcomeSerializer},
    )
    def post(self, request: Request, shift_id: UUID) -> Response:
        """This function will take a seat (201) or the next place in line (202)."""
        seen = seen_of(self.body(SeenSerializer))
        done = actions.claim_or_wait(
            shift_id=shift_id, agent=worker_for(self.actor), by=self.actor, at=clock.now(), seen=seen
        )
        if isinstance(done, WaitlistEntry):
            return Response(self.get_serializer({"claim": None, "wait": _placed(done)}).data, status=202)
        return Response(self.get_serializer({"claim": done, "wait": None}).data, status=201)


class MyShiftWait(AgentApiView):
    """Waiting for a full shift."""

    serializer_class = WaitSerializer

    @extend_schema(
        operation_id="my_shift_wait", tags=["work"], request=AutoAcceptSerializer, responses={201: WaitSerializer}
    )
    def post(self, request: Request, shift_id: UUID) -> Response:
        """This function will join the line for a full shift; who waits already keeps the place."""
        body = self.body(AutoAcceptSerializer)
        done = actions.join_waitlist(
            shift_id=shift_id, agent=worker_for(self.actor), by=self.actor, at=clock.now(), **body
        )
        return Response(self.get_serializer(_placed(done)).data, status=201)


class MyShiftStandby(AgentApiView):
    """Standby."""

    serializer_class = ClaimSerializer

    @extend_schema(operation_id="my_shift_standby", tags=["work"], request=None, responses={201: ClaimSerializer})
    def post(self, request: Request, shift_id: UUID) -> Response:
        """This function will take a standby place of the shift."""
        done = actions.claim_standby(shift_id=shift_id, agent=worker_for(self.actor), by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data, status=201)


class MyWaits(AgentApiView):
    """The agent's places in line."""

    serializer_class = WaitListSerializer
    pagination_class = None  # type: ignore[assignment]  # one short list; the framework takes None for "all at once"

    @extend_schema(operation_id="my_wait_list", tags=["work"])
    def get(self, request: Request) -> Response:
        """This function will list the agent's places in line and invitations."""
        found = waits_of_agent(self.actor.agent_id, at=clock.now())
        for entry, place in found:
            entry.place = place  # type: ignore[attr-defined]  # for the serializer alone
        return Response(self.get_serializer({"results": [entry for entry, _place in found]}).data)


class MyWaitAccept(AgentApiView):
    """Taking the seat an invitation holds."""

    serializer_class = ClaimSerializer

    @extend_schema(operation_id="my_wait_accept", tags=["work"], request=None, responses={200: ClaimSerializer})
    def post(self, request: Request, wait_id: UUID) -> Response:
        """This function will take the seat that is held for the agent."""
        return Response(
            self.get_serializer(actions.accept_invitation(entry_id=wait_id, by=self.actor, at=clock.now())).data
        )


class MyWaitTake(AgentApiView):
    """Taking a seat that was not confirmed."""

    serializer_class = ClaimSerializer

    @extend_schema(operation_id="my_wait_take", tags=["work"], request=None, responses={200: ClaimSerializer})
    def post(self, request: Request, wait_id: UUID) -> Response:
        """This function will take the seat of a holder who did not confirm, from two hours before the start on."""
        return Response(
            self.get_serializer(actions.take_unconfirmed(entry_id=wait_id, by=self.actor, at=clock.now())).data
        )


class MyWaitDecline(AgentApiView):
    """Saying no to an invitation."""

    serializer_class = WaitSerializer

    @extend_schema(operation_id="my_wait_decline", tags=["work"], request=None, responses={200: WaitSerializer})
    def post(self, request: Request, wait_id: UUID) -> Response:
        """This function will let the next in line have the seat."""
        done = actions.decline_invitation(entry_id=wait_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(_placed(done)).data)


class MyWaitLeave(AgentApiView):
    """Leaving a line."""

    serializer_class = WaitSerializer

    @extend_schema(operation_id="my_wait_leave", tags=["work"], request=None, responses={200: WaitSerializer})
    def post(self, request: Request, wait_id: UUID) -> Response:
        """This function will stop waiting."""
        done = actions.leave_waitlist(entry_id=wait_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(_placed(done)).data)


class MyClaimConfirm(AgentApiView):
    """Confirming a claim."""

    serializer_class = ClaimSerializer

    @extend_schema(operation_id="my_claim_confirm", tags=["work"], request=None, responses={200: ClaimSerializer})
    def post(self, request: Request, claim_id: UUID) -> Response:
        """This function will note that the holder comes, from 24 to 2 hours before the start."""
        return Response(
            self.get_serializer(actions.confirm_claim(claim_id=claim_id, by=self.actor, at=clock.now())).data
        )


class MyClaimOffer(AgentApiView):
    """Offering a claim."""

    serializer_class = SwapSerializer

    @extend_schema(
        operation_id="my_claim_offer", tags=["work"], request=ToHandleSerializer, responses={201: SwapSerializer}
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """This function will offer the shift to one agent or to everybody in the program."""
        body = self.body(ToHandleSerializer)
        done = actions.offer_swap(claim_id=claim_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(done).data, status=201)


class MySwaps(AgentApiView):
    """The swap board."""

    serializer_class = SwapListSerializer
    pagination_class = None  # type: ignore[assignment]  # one short list; the framework takes None for "all at once"

    @extend_schema(operation_id="my_swap_list", tags=["work"])
    def get(self, request: Request) -> Response:
        """This function will list what colleagues offer."""
        return Response(self.get_serializer({"results": swap_board(self.actor.agent_id, at=clock.now())}).data)


class MySwapTake(AgentApiView):
    """Taking a swap."""

    serializer_class = SwapSerializer

    @extend_schema(operation_id="my_swap_take", tags=["work"], request=None, responses={200: SwapSerializer})
    def post(self, request: Request, swap_id: UUID) -> Response:
        """This function will take the shift over, or ask the brand where it has a say (then `state` is pending_approval)."""
        done = actions.take_swap(offer_id=swap_id, agent=worker_for(self.actor), by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)


class MySwapTrade(AgentApiView):
    """Offering a trade."""

    serializer_class = SwapSerializer

    @extend_schema(
        operation_id="my_swap_trade", tags=["work"], request=InReturnSerializer, responses={201: SwapSerializer}
    )
    def post(self, request: Request, swap_id: UUID) -> Response:
        """This function will offer an own shift in return for the one on offer."""
        body = self.body(InReturnSerializer)
        done = actions.offer_trade(claim_id=body["claim_id"], for_offer_id=swap_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data, status=201)


class MySwapWithdraw(AgentApiView):
    """Taking an offer back."""

    serializer_class = SwapSerializer

    @extend_schema(operation_id="my_swap_withdraw", tags=["work"], request=None, responses={200: SwapSerializer})
    def post(self, request: Request, swap_id: UUID) -> Response:
        """This function will take the offer back; the giver keeps the shift."""
        return Response(
            self.get_serializer(actions.withdraw_swap(offer_id=swap_id, by=self.actor, at=clock.now())).data
        )


class SwapList(BrandApiView):
    """Swaps on the brand's shifts."""

    serializer_class = SwapSerializer

    @extend_schema(operation_id="swap_list", tags=["capacity"])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list swaps; those in state pending_approval wait for the brand's word until `decide_by`."""
        return self.listed(SwapOffer.objects.for_actor(self.actor).select_related("claim"))


class SwapApprove(BrandApiView):
    """Approving a swap."""

    serializer_class = SwapSerializer
    permissions = _DECIDE

    @extend_schema(operation_id="swap_approve", tags=["capacity"], request=None, responses={200: SwapSerializer})
    def post(self, request: Request, swap_id: UUID, **_kwargs: object) -> Response:
        """This function will say yes to a swap."""
        return Response(self.get_serializer(actions.approve_swap(offer_id=swap_id, by=self.actor, at=clock.now())).data)


class SwapRefuse(BrandApiView):
    """Refusing a swap."""

    serializer_class = SwapSerializer
    permissions = _DECIDE

    @extend_schema(
        operation_id="swap_refuse", tags=["capacity"], request=RefusalSerializer, responses={200: SwapSerializer}
    )
    def post(self, request: Request, swap_id: UUID, **_kwargs: object) -> Response:
        """This function will say no to a swap, with a reason."""
        body = self.body(RefusalSerializer)
        done = actions.refuse_swap(offer_id=swap_id, by=self.actor, at=clock.now(), **body)
        return Response(self.get_serializer(done).data)


class WaitlistList(BrandApiView):
    """Lines of the brand's shifts."""

    serializer_class = LineSerializer

    @extend_schema(operation_id="wait_list", tags=["capacity"])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list who waits for the brand's full shifts, without naming them."""
        return self.listed(WaitlistEntry.objects.for_actor(self.actor))


_BRAND = "brands/<slug:slug>"
urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_BRAND}/swaps/", SwapList.as_view(), name="api-swap-list"),
    path(f"{_BRAND}/swaps/<uuid:swap_id>/approve/", SwapApprove.as_view(), name="api-swap-approve"),
    path(f"{_BRAND}/swaps/<uuid:swap_id>/refuse/", SwapRefuse.as_view(), name="api-swap-refuse"),
    path(f"{_BRAND}/waitlist/", WaitlistList.as_view(), name="api-wait-list"),
    path("me/shifts/<uuid:shift_id>/claim-or-wait/", MyClaimOrWait.as_view(), name="api-my-shift-claim-or-wait"),
    path("me/shifts/<uuid:shift_id>/wait/", MyShiftWait.as_view(), name="api-my-shift-wait"),
    path("me/shifts/<uuid:shift_id>/standby/", MyShiftStandby.as_view(), name="api-my-shift-standby"),
    path("me/claims/<uuid:claim_id>/confirm/", MyClaimConfirm.as_view(), name="api-my-claim-confirm"),
    path("me/claims/<uuid:claim_id>/offer/", MyClaimOffer.as_view(), name="api-my-claim-offer"),
    path("me/waits/", MyWaits.as_view(), name="api-my-wait-list"),
    path("me/waits/<uuid:wait_id>/accept/", MyWaitAccept.as_view(), name="api-my-wait-accept"),
    path("me/waits/<uuid:wait_id>/decline/", MyWaitDecline.as_view(), name="api-my-wait-decline"),
    path("me/waits/<uuid:wait_id>/leave/", MyWaitLeave.as_view(), name="api-my-wait-leave"),
    path("me/waits/<uuid:wait_id>/take/", MyWaitTake.as_view(), name="api-my-wait-take"),
    path("me/swaps/", MySwaps.as_view(), name="api-my-swap-list"),
    path("me/swaps/<uuid:swap_id>/take/", MySwapTake.as_view(), name="api-my-swap-take"),
    path("me/swaps/<uuid:swap_id>/trade/", MySwapTrade.as_view(), name="api-my-swap-trade"),
    path("me/swaps/<uuid:swap_id>/withdraw/", MySwapWithdraw.as_view(), name="api-my-swap-withdraw"),
]
