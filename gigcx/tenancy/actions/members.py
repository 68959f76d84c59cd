"""Inviting, joining, changing roles and leaving."""

import base64
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.audit.outbox import publish
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.tenancy import keys
from gigcx.tenancy.actors import BrandActor, PersonActor, require
from gigcx.tenancy.errors import AlreadyMember, InvitationForSomebodyElse, InvitationSpent, LastOwner
from gigcx.tenancy.events import MemberInvited, MemberJoined, MemberRemoved
from gigcx.tenancy.models import ApiKey, Brand, MemberInvitation, Membership
from gigcx.tenancy.queries import invitation_with, members, open_invitations
from gigcx.tenancy.roles import ROLES, Permission

VALID_FOR: Final = timedelta(days=14)


@transaction.atomic
def invite_member(*, email: str, role: str, by: BrandActor, at: datetime) -> MemberInvitation:
    """This function will invite an address to the actor's brand for 14 days; an earlier invitation of it ends.

    The link's token is made from the row's id with the product's secret, and only its hash is kept.

    Raises:
        NotAllowed: the role does not cover it.
        AlreadyMember: the address belongs to a member.
        Invalid: no such role.
    """
    require(by, Permission.MANAGE_MEMBERS, brand_id=by.brand_id)
    address, role = email.strip().lower(), _known(role)
    if members(by.brand_id).filter(user__email__iexact=address).exists():
        raise AlreadyMember(field="email")
    open_invitations(by, at=at).filter(email__iexact=address).update(revoked_at=at)
    invitation = MemberInvitation(
        brand_id=by.brand_id,
        email=address,
        role=role,
        invited_by=by.user,
        created_at=at,
        expires_at=at + VALID_FOR,
    )
    invitation.token_hash = keys.hash_of(token_of(invitation.pk))
    invitation.save(force_insert=True)
    trail.record("tenancy.invite_member", invitation, by=by, at=at, changes={"role": role})
    publish(MemberInvited(invitation_id=invitation.pk), at=at, brand_id=by.brand_id)
    return invitation


def token_of(invitation_id: UUID) -> str:
    """This function will return the 256-bit token of an invitation's link, as 43 URL-safe characters."""
    digest = salted_hmac("gigcx.tenancy.invitation", str(invitation_id), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@transaction.atomic
def withdraw_invitation(*, invitation_id: UUID, by: BrandActor, at: datetime) -> MemberInvitation:
    """This function will end an open invitation. Raises NotFound for another brand's or a spent one."""
    require(by, Permission.MANAGE_MEMBERS, brand_id=by.brand_id)
    rows = open_invitations(by, at=at).select_for_update(of=("self",))
    invitation = rows.filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    trail.record("tenancy.withdraw_invitation", invitation, by=by, at=at)
    return invitation


@transaction.atomic
def accept_member_invitation(*, token: str, by: PersonActor, at: datetime) -> Membership:
    """This function will make the person a member. The link works once, for the address it was sent to.

    Raises:
        InvitationSpent: unknown, used, withdrawn or too old.
        InvitationForSomebodyElse: none of the person's verified addresses is the invited one.
        AlreadyMember: the person is in the brand already.
    """
    invitation = invitation_with(token, at=at)
    rows = MemberInvitation.objects.across_brands().select_for_update(of=("self",))
    if not rows.filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True).exists():
        raise InvitationSpent
    if not EmailAddress.objects.filter(user=by.user, email__iexact=invitation.email, verified=True).exists():
        raise InvitationForSomebodyElse
    if members(invitation.brand_id).filter(user=by.user).exists():
        raise AlreadyMember
    member = Membership.objects.create(brand_id=invitation.brand_id, user=by.user, role=invitation.role, created_at=at)
    invitation.accepted_at, invitation.accepted_by = at, by.user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    trail.record("tenancy.accept_member_invitation", member, by=by, at=at, changes={"role": member.role})
    publish(MemberJoined(brand_id=member.brand_id, user_id=member.user_id), at=at, brand_id=member.brand_id)
    return member


@transaction.atomic
def change_role(*, membership_id: UUID, role: str, by: BrandActor, at: datetime) -> Membership:
    """This function will give a member another role.

    Raises:
        NotFound: no such member in the actor's brand.
        LastOwner: nobody else would be an owner.
    """
    require(by, Permission.MANAGE_MEMBERS, brand_id=by.brand_id)
    member, role = _locked(membership_id, by), _known(role)
    if member.role == role:
        return member
    if role != "owner":
        _keep_an_owner(member)
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    changes = {"name": member.user.full_name, "role": role, "before": before}
    trail.record("tenancy.change_role", member, by=by, at=at, changes=changes)
    return member


@transaction.atomic
def remove_member(*, membership_id: UUID, by: BrandActor, at: datetime) -> None:
    """This function will take a member out of the brand from the next request on; their API keys end with it.

    Everybody may take themselves out.

    Raises:
        NotFound: no such member in the actor's brand.
        LastOwner: nobody else is an owner.
    """
    member = _locked(membership_id, by)
    if member.user_id != by.user.pk:
        require(by, Permission.MANAGE_MEMBERS, brand_id=by.brand_id)
    _keep_an_owner(member)
    own_keys = ApiKey.objects.for_brand(by.brand_id).filter(created_by_id=member.user_id, revoked_at__isnull=True)
    own_keys.update(revoked_at=at)
    trail.record("tenancy.remove_member", member, by=by, at=at, changes={"name": member.user.full_name})
    publish(MemberRemoved(brand_id=by.brand_id, user_id=member.user_id), at=at, brand_id=by.brand_id)
    member.delete()


def _locked(membership_id: UUID, by: BrandActor) -> Membership:
    """Lock the brand first, so that two owners who remove each other at once meet here one after the other."""
    Brand.objects.select_for_update().get(pk=by.brand_id)
    member = Membership.objects.select_related("user").filter(pk=membership_id, brand_id=by.brand_id).first()
    if member is None:
        raise NotFound
    return member


def _keep_an_owner(member: Membership) -> None:
    others = Membership.objects.filter(brand_id=member.brand_id, role="owner").exclude(pk=member.pk)
    if member.role == "owner" and not others.exists():
        raise LastOwner


def _known(role: str) -> str:
    if role not in ROLES:
        raise Invalid(_("Choose one of the roles."), field="role")
    return role
