"""Waves, draws, wishes, proofs and incentives for machines."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.roles import Permission
from gigcx.web.api.views import AgentApiView, BrandApiView
from scheduling.actions import entries, incentives
from scheduling.models import ClaimWindow, DrawEntry, Incentive, ReleaseWave
from scheduling.queries.doors import request_for, shift_for, worker_for
from scheduling.queries.draws import draw_proof, entry_of, open_windows, window_for


class WaveSerializer(serializers.ModelSerializer[ReleaseWave]):
    """One stage of a request's release."""

    class Meta:
        model = ReleaseWave
        fields = ("id", "position", "audience", "mode", "opens_at", "closes_at", "share_cap_bp", "state")
        read_only_fields = fields


class WindowSerializer(serializers.ModelSerializer[ClaimWindow]):
    """One sealed draw. The digest is empty until it closes, the seed until it is revealed."""

    request_id = serializers.UUIDField(source="wave.request_id", read_only=True)
    shift_ids = serializers.SerializerMethodField()

    class Meta:
        model = ClaimWindow
        fields = (
            "id",
            "request_id",
            "state",
            "opens_at",
            "closes_at",
            "commitment",
            "entries_digest",
            "revealed_seed",
            "void_reason",
            "shift_ids",
        )
        read_only_fields = fields

    def get_shift_ids(self, window: ClaimWindow) -> list[str]:
        """This function will return the shifts that the draw gives."""
        return list(window.result.get("shifts", []))


class WindowsSerializer(serializers.Serializer[Any]):
    """Draws that take wishes now."""

    results = WindowSerializer(many=True)


class ProofSerializer(serializers.Serializer[Any]):
    """What is public of a draw at its present state; docs/algorithms/draw.md names every field."""

    proof = serializers.JSONField()


class WishesSerializer(serializers.Serializer[Any]):
    """Shifts of the draw, best first, and the most minutes wanted."""

    wishes = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=200)
    max_minutes = serializers.IntegerField(required=False, allow_null=True)


class EntrySerializer(serializers.ModelSerializer[DrawEntry]):
    """One's own entry with its receipt."""

    window_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = DrawEntry
        fields = ("id", "window_id", "state", "wishes", "max_minutes", "receipt", "tickets", "reason", "changed_at")
        read_only_fields = fields


class IncentiveSerializer(serializers.ModelSerializer[Incentive]):
    """One step of what a shift pays on top of the card."""

    shift_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = Incentive
        fields = ("id", "shift_id", "per_hour_minor", "currency", "budget_minor", "cause", "announced_at")
        read_only_fields = fields


class AmountSerializer(serializers.Serializer[Any]):
    """Minor units on top of every hour; zero ends it for new claims."""

    per_hour_minor = serializers.IntegerField(min_value=0, max_value=2_000_000_000)


class WaveList(BrandApiView):
    """The waves of a request."""

    serializer_class = WaveSerializer

    @extend_schema(operation_id="release_wave_list", tags=["capacity"])
    def get(self, request: Request, request_id: UUID, **_kwargs: object) -> Response:
        """This function will list the stages of a request's release."""
        found = request_for(self.actor, request_id)
        return self.listed(ReleaseWave.objects.for_actor(self.actor).filter(request=found))


class WindowList(BrandApiView):
    """Draws of the brand."""

    serializer_class = WindowSerializer

    @extend_schema(operation_id="claim_window_list", tags=["capacity"])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list the brand's draws."""
        return self.listed(ClaimWindow.objects.for_actor(self.actor).select_related("wave"))


class WindowDetail(BrandApiView):
    """One draw."""

    serializer_class = WindowSerializer

    @extend_schema(operation_id="claim_window", tags=["capacity"])
    def get(self, request: Request, window_id: UUID, **_kwargs: object) -> Response:
        """This function will answer one draw."""
        return Response(self.get_serializer(window_for(self.actor, window_id)).data)


class WindowProof(BrandApiView):
    """The proof of a draw."""

    serializer_class = ProofSerializer

    @extend_schema(operation_id="claim_window_proof", tags=["capacity"])
    def get(self, request: Request, window_id: UUID, **_kwargs: object) -> Response:
        """This function will answer what is public of a draw, the same as its public page offers."""
        return Response(self.get_serializer({"proof": draw_proof(window_for(self.actor, window_id))}).data)


class ShiftIncentives(BrandApiView):
    """What a shift pays on top."""

    serializer_class = IncentiveSerializer
    permissions = {"GET": Permission.VIEW, "POST": Permission.PLAN_CAPACITY}

    @extend_schema(operation_id="incentive_list", tags=["capacity"])
    def get(self, request: Request, shift_id: UUID, **_kwargs: object) -> Response:
        """This function will list the steps of a shift's incentive."""
        shift = shift_for(self.actor, shift_id)
        return self.listed(Incentive.objects.for_actor(self.actor).filter(shift=shift))

    @extend_schema(
        operation_id="incentive_announce",
        tags=["capacity"],
        request=AmountSerializer,
        responses={201: IncentiveSerializer},
    )
    def post(self, request: Request, shift_id: UUID, **_kwargs: object) -> Response:
        """This function will announce an incentive within the budget set aside."""
        body = self.body(AmountSerializer)
        step = incentives.announce_incentive(shift_id=shift_id, **body, by=self.actor, at=clock.now())
        return Response(self.get_serializer(step).data, status=201)


class MyWindows(AgentApiView):
    """Draws that take the agent's wishes."""

    serializer_class = WindowsSerializer
    pagination_class = None  # type: ignore[assignment]  # one short list; the framework takes None for "all at once"

    @extend_schema(operation_id="my_claim_windows", tags=["work"])
    def get(self, request: Request) -> Response:
        """This function will list the draws that take wishes now."""
        return Response(self.get_serializer({"results": open_windows(self.actor.agent_id, clock.now())}).data)


class MyEntry(AgentApiView):
    """One's wishes in a draw."""

    serializer_class = EntrySerializer

    @extend_schema(operation_id="my_draw_entry", tags=["work"])
    def get(self, request: Request, window_id: UUID) -> Response:
        """This function will answer one's entry with its receipt."""
        entry = entry_of(self.actor.agent_id, window_for(self.actor, window_id).pk)
        if entry is None:
            raise NotFound
        return Response(self.get_serializer(entry).data)

    @extend_schema(
        operation_id="my_draw_entry_seal", tags=["work"], request=WishesSerializer, responses={201: EntrySerializer}
    )
    def post(self, request: Request, window_id: UUID) -> Response:
        """This function will seal the wishes, or seal them anew; each time there is a new receipt."""
        body = self.body(WishesSerializer)
        entry = entries.enter_draw(
            window_id=window_id, agent=worker_for(self.actor), **body, by=self.actor, at=clock.now()
        )
        return Response(self.get_serializer(entry).data, status=201)


class MyEntryWithdraw(AgentApiView):
    """Leaving a draw."""

    serializer_class = EntrySerializer

    @extend_schema(operation_id="my_draw_entry_withdraw", tags=["work"], request=None, responses={200: EntrySerializer})
    def post(self, request: Request, window_id: UUID) -> Response:
        """This function will take one's wishes out of the draw."""
        entry = entries.withdraw_entry(window_id=window_id, agent=worker_for(self.actor), by=self.actor, at=clock.now())
        return Response(self.get_serializer(entry).data)
