"""Facts about brands and members."""

from dataclasses import dataclass
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class BrandSubmitted(Event):
    type = "tenancy.brand_submitted"
    brand_id: UUID


@dataclass(frozen=True, kw_only=True)
class BrandActivated(Event):
    type = "tenancy.brand_activated"
    brand_id: UUID


@dataclass(frozen=True, kw_only=True)
class BrandDeclined(Event):
    type = "tenancy.brand_declined"
    brand_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class BrandInfoNeeded(Event):
    type = "tenancy.brand_info_needed"
    brand_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class MemberInvited(Event):
    type = "tenancy.member_invited"
    invitation_id: UUID


@dataclass(frozen=True, kw_only=True)
class MemberJoined(Event):
    type = "tenancy.member_joined"
    brand_id: UUID
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class MemberRemoved(Event):
    type = "tenancy.member_removed"
    brand_id: UUID
    user_id: UUID
