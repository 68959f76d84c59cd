"""Reads about brands, members, invitations and keys."""

from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import cast
from uuid import UUID

from django.db.models import Q, QuerySet

from gigcx.accounts.models import User
from gigcx.kernel.errors import NotFound
from gigcx.tenancy import keys
from gigcx.tenancy.actors import Actor, BrandActor
from gigcx.tenancy.errors import InvitationSpent, KeyRefused
from gigcx.tenancy.models import ApiKey, Brand, MemberInvitation, Membership
from gigcx.tenancy.roles import Permission


def house_brand() -> Brand:
    """This function will return the brand that owns the platform's shared content.

    Raises:
        NotFound: it was not set up.
    """
    house = Brand.objects.filter(is_house=True).first()
    if house is None:
        raise NotFound
    return house


def brand_for(actor: Actor, brand_id: UUID) -> Brand:
    """This function will return a brand the actor belongs to, or that ops ask for.

    Raises:
        NotFound: no such brand, or not theirs.
    """
    brand = Brand.objects.filter(pk=brand_id).first()
    if brand is None or (isinstance(actor, BrandActor) and actor.brand_id != brand.pk):
        raise NotFound
    if actor.kind not in {"brand", "ops", "system"}:
        raise NotFound
    return brand


def memberships_of(user: User) -> QuerySet[Membership]:
    """This function will return a person's brands by name."""
    return Membership.objects.filter(user=user).select_related("brand").order_by("brand__name", "pk")


def members(brand_id: UUID) -> QuerySet[Membership]:
    """This function will return a brand's members by name."""
    return Membership.objects.filter(brand_id=brand_id).select_related("user").order_by("user__full_name", "pk")


def members_with(brand_id: UUID, permission: Permission) -> list[User]:
    """This function will return the people of a brand whose role covers a permission, by name."""
    from gigcx.tenancy.roles import ROLES

    able = [role.code for role in ROLES.values() if permission in role.permissions]
    return [membership.user for membership in members(brand_id).filter(role__in=able, user__is_active=True)]


def member_for(actor: BrandActor, membership_id: UUID) -> Membership:
    """This function will return one member of the actor's brand.

    Raises:
        NotFound: no such member there.
    """
    found = members(actor.brand_id).filter(pk=membership_id).first()
    if found is None:
        raise NotFound
    return found


def open_invitations(actor: Actor, *, at: datetime) -> QuerySet[MemberInvitation]:
    """This function will return the invitations that can still be accepted, newest first."""
    rows = MemberInvitation.objects.for_actor(actor).filter(
        accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at
    )
    return rows.select_related("invited_by").order_by("-created_at", "-pk")


def invitation_with(token: str, *, at: datetime) -> MemberInvitation:
    """This function will return the open invitation behind a link.

    Raises:
        InvitationSpent: unknown, used, withdrawn or too old: all look the same.
    """
    rows = MemberInvitation.objects.across_brands().select_related("brand", "invited_by")
    found = rows.filter(token_hash=keys.hash_of(token)).first()
    if found is None or found.accepted_at or found.revoked_at or found.expires_at <= at:
        raise InvitationSpent
    return found


def api_keys(actor: Actor) -> QuerySet[ApiKey]:
    """This function will return the brand's keys, newest first."""
    return ApiKey.objects.for_actor(actor).select_related("created_by").order_by("-created_at", "-pk")


def active_keys(brand_id: UUID, *, at: datetime) -> QuerySet[ApiKey]:
    """This function will return the brand's keys that still open something."""
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
    return ApiKey.objects.for_brand(brand_id).filter(alive, revoked_at__isnull=True).order_by("created_at", "pk")


def actor_of_key(text: str, *, ip: str, at: datetime) -> BrandActor:
    """This function will return the actor a presented key stands for: its maker's present role, narrowed to its scopes.

    Raises:
        KeyRefused: malformed, unknown, expired, revoked, used from elsewhere, or its maker has left the brand.
    """
    key = _known_key(text)
    if key.revoked_at or (key.expires_at and key.expires_at <= at) or not _is_allowed_from(key, ip):
        raise KeyRefused
    membership = Membership.objects.filter(brand_id=key.brand_id, user=key.created_by, user__is_active=True).first()
    if membership is None:
        raise KeyRefused
    return BrandActor(key.created_by, key.brand, membership.role, key.pk, _scopes_of(key))


def key_of(actor: BrandActor) -> ApiKey | None:
    """This function will return the API key an actor came with, or None for a person."""
    return ApiKey.objects.for_actor(actor).filter(pk=actor.api_key_id).first() if actor.api_key_id else None


def _known_key(text: str) -> ApiKey:
    prefix = keys.prefix_of(text)
    rows = ApiKey.objects.across_brands().select_related("brand", "created_by")
    key = rows.filter(prefix=prefix).first() if prefix else None
    if key is None or not keys.is_same(key.secret_hash, keys.hash_of(text)):
        raise KeyRefused
    return key


def _scopes_of(key: ApiKey) -> frozenset[Permission]:
    known = {permission.value for permission in Permission}
    return frozenset(Permission(scope) for scope in cast(list[str], key.scopes) if scope in known)


def _is_allowed_from(key: ApiKey, ip: str) -> bool:
    if not key.allowed_ips:
        return True
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    return any(address in ip_network(allowed, strict=False) for allowed in key.allowed_ips)
