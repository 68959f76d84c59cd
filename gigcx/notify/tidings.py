"""What the ground floor tells people: where a brand's account stands, and who was invited or joined."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from gigcx.accounts.models import User
from gigcx.audit.outbox import Delivered, listen
from gigcx.notify.actions import queue_letter
from gigcx.notify.letters import invitation_letter, notification_letter
from gigcx.notify.registries import Kind, Message, kind, letter, tell
from gigcx.notify.tasks import hint_sending
from gigcx.tenancy.events import BrandActivated, BrandDeclined, BrandInfoNeeded, MemberInvited, MemberJoined
from gigcx.tenancy.models import Brand
from gigcx.tenancy.queries import members_with
from gigcx.tenancy.roles import Permission

ACCOUNT = "brand_account"
MEMBERS = "brand_members"


def account_opened(fact: BrandActivated, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the owners that their account is open."""
    return _to_owners(fact.brand_id, _("Your account is open"), _("You may publish programs and post capacity."))


def account_declined(fact: BrandDeclined, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the owners that and why the account was declined."""
    return _to_owners(fact.brand_id, _("We could not open your account"), fact.reason)


def account_needs_more(fact: BrandInfoNeeded, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the owners what is missing."""
    return _to_owners(fact.brand_id, _("We need one more thing from you"), fact.reason)


def somebody_joined(fact: MemberJoined, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the other owners who joined."""
    brand, newcomer = Brand.objects.get(pk=fact.brand_id), User.objects.get(pk=fact.user_id)
    others = [user for user in members_with(fact.brand_id, Permission.MANAGE_MEMBERS) if user.pk != fact.user_id]
    url = reverse("tenancy:members", kwargs={"slug": brand.slug})
    return [Message(user.pk, _joined(newcomer), "", url, _("Members"), brand.pk) for user in others]


def invite_by_letter(fact: MemberInvited, delivered: Delivered) -> None:
    """This function will queue the letter with the link. Invitations pass quiet hours: we do not know the person's zone."""
    queue_letter(
        "invitation",
        fact.invitation_id,
        run_at=delivered.at,
        stale_at=_two_weeks_after(delivered.occurred_at),
        at=delivered.at,
    )
    transaction.on_commit(hint_sending, robust=True)


def _joined(newcomer: User) -> Promise:
    return format_lazy(_("{name} joined your brand"), name=newcomer.full_name)


def _to_owners(brand_id: UUID, title: str | Promise, text: str | Promise) -> list[Message]:
    brand = Brand.objects.get(pk=brand_id)
    url = reverse("tenancy:account", kwargs={"slug": brand.slug})
    people = members_with(brand_id, Permission.MANAGE_BRAND)
    return [Message(user.pk, title, text, url, _("Open"), brand_id) for user in people]


def _two_weeks_after(moment: datetime) -> datetime:
    return moment + timedelta(days=14)


kind(
    Kind(
        ACCOUNT,
        _("Your brand's account"),
        is_mandatory=True,
        stale_after=timedelta(days=14),
        reaches=Permission.MANAGE_BRAND,
    )
)
kind(Kind(MEMBERS, _("Who joins your brand"), by_email=False, reaches=Permission.MANAGE_MEMBERS))
letter("notification", notification_letter)
letter("invitation", invitation_letter)
tell(BrandActivated, ACCOUNT, account_opened)
tell(BrandDeclined, ACCOUNT, account_declined)
tell(BrandInfoNeeded, ACCOUNT, account_needs_more)
tell(MemberJoined, MEMBERS, somebody_joined)
listen(MemberInvited, "notify.invite_by_letter", invite_by_letter)
