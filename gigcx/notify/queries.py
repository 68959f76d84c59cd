"""Reads about notifications."""

from datetime import time
from uuid import UUID

from django.db.models import QuerySet

from gigcx.accounts.models import User
from gigcx.kernel.errors import NotFound
from gigcx.notify.models import Channel, Notification, Preference, QuietHours
from gigcx.notify.quiet import Hours
from gigcx.notify.registries import Kind, Reach, kinds
from gigcx.tenancy.queries import memberships_of
from gigcx.tenancy.roles import permissions_of


def unread_count(user: User) -> int:
    """This function will return how many notifications wait unread."""
    return unread(user).count()


def unread(user: User) -> QuerySet[Notification]:
    """This function will return what the person has not read yet."""
    return Notification.objects.filter(user=user, is_in_app=True, read_at__isnull=True)


def inbox(user: User) -> QuerySet[Notification]:
    """This function will return what the person was told in the app, newest first."""
    rows = Notification.objects.filter(user=user, is_in_app=True)
    return rows.select_related("brand").order_by("-created_at", "-pk")


def notification_for(user: User, notification_id: UUID) -> Notification:
    """This function will return one of the person's notifications. Raises NotFound for anybody else's."""
    found = Notification.objects.filter(user=user, pk=notification_id).first()
    if found is None:
        raise NotFound
    return found


def kinds_reaching(user: User, *, is_agent: bool) -> list[Kind]:
    """This function will return the kinds that can ever reach a person, by the hats they wear."""
    hats: set[str] = {Reach.EVERYBODY}
    hats |= {Reach.AGENTS} if is_agent else set()
    hats |= {Reach.OPS} if user.is_staff else set()
    for membership in memberships_of(user):
        hats |= permissions_of(membership.role)
    return [kind for kind in kinds().values() if kind.reaches in hats]


def wishes_of(user: User, kind: Kind) -> dict[Channel, bool]:
    """This function will tell by channel whether the person wants this kind; mandatory ones are always on."""
    wishes = {Channel.APP: True, Channel.EMAIL: kind.by_email or kind.is_mandatory}
    if kind.is_mandatory:
        return wishes
    rows = Preference.objects.filter(user=user, kind=kind.code).values_list("channel", "is_on")
    return wishes | {Channel(channel): is_on for channel, is_on in rows}


def all_wishes_of(user: User) -> dict[tuple[str, str], bool]:
    """This function will return the person's own wishes by kind and channel, without the defaults."""
    rows = Preference.objects.filter(user=user).values_list("kind", "channel", "is_on")
    return {(kind, channel): is_on for kind, channel, is_on in rows}


def quiet_hours_of(user: User) -> Hours:
    """This function will return when the person is not to be written to: 22:00 to 7:00 unless they chose otherwise."""
    row = QuietHours.objects.filter(user=user).first()
    return Hours(row.starts_on_clock, row.ends_on_clock) if row else Hours(time(22), time(7))
