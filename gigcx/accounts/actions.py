"""Writes about people's accounts."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.accounts.models import User
from gigcx.accounts.names import UNREADABLE
from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.intervals import zone_of
from gigcx.kernel.names import is_readable_name


@transaction.atomic
def update_profile(*, user: User, full_name: str, locale: str, timezone: str, by: trail.Doer, at: datetime) -> User:
    """This function will change how a person is named and in which language and zone they read.

    Raises:
        Invalid: the time zone does not exist, or the name holds signs that hide or reorder it.
    """
    zone_of(timezone)
    if not is_readable_name(full_name):
        raise Invalid(str(UNREADABLE), field="full_name")
    locked = User.objects.select_for_update().get(pk=user.pk)
    wanted = {"full_name": full_name, "locale": locale, "timezone": timezone}
    changed = [name for name, value in wanted.items() if getattr(locked, name) != value]
    if changed:
        for name in changed:
            setattr(locked, name, wanted[name])
        locked.save(update_fields=changed)
        trail.record("accounts.update_profile", locked, by=by, at=at, changes={"fields": changed})
    return locked


@transaction.atomic
def lock_out(*, user_id: UUID, reason: str, by: trail.Doer, at: datetime) -> User:
    """This function will keep a person from signing in; open sessions end at their next request."""
    return _set_active(user_id, "accounts.lock_out", reason=reason, by=by, at=at, active=False)


@transaction.atomic
def let_in(*, user_id: UUID, by: trail.Doer, at: datetime) -> User:
    """This function will let a person sign in again."""
    return _set_active(user_id, "accounts.let_in", reason="", by=by, at=at, active=True)


def remember_hat(user: User, url: str) -> None:
    """This function will remember where the person last was, to lead them there after signing in."""
    if user.last_hat != url:
        user.last_hat = url
        User.objects.filter(pk=user.pk).update(last_hat=url)


def _set_active(user_id: UUID, action: str, *, reason: str, by: trail.Doer, at: datetime, active: bool) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound
    user.is_active = active
    user.save(update_fields=["is_active"])
    trail.record(action, user, by=by, at=at, reason=reason)
    return user
