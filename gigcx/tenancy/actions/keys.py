"""Making, using and revoking API keys."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.tenancy import keys
from gigcx.tenancy.actors import BrandActor, require
from gigcx.tenancy.errors import TooManyKeys
from gigcx.tenancy.models import ApiKey, Brand
from gigcx.tenancy.queries import active_keys
from gigcx.tenancy.roles import Permission

MAX_ACTIVE: Final = 2
USE_NOTED_EVERY: Final = timedelta(minutes=1)


@transaction.atomic
def make_api_key(
    *,
    name: str,
    scopes: Iterable[str],
    allowed_ips: Iterable[str] = (),
    expires_at: datetime | None = None,
    by: BrandActor,
    at: datetime,
) -> tuple[ApiKey, str]:
    """This function will make a key and return it with its text, which is never shown again.

    Scopes narrow the maker's own role: a key can never do more than the person who made it.

    Raises:
        NotAllowed: the role does not cover it.
        Invalid: no scope, an unknown one, an address range that is none, or an expiry in the past.
        TooManyKeys: two are active already.
    """
    require(by, Permission.MANAGE_API_KEYS, brand_id=by.brand_id)
    wanted, ranges = _checked_scopes(scopes, by), _checked_ranges(allowed_ips)
    if expires_at is not None and expires_at <= at:
        raise Invalid(_("The expiry lies in the past."), field="expires_on")
    Brand.objects.select_for_update().get(pk=by.brand_id)
    if active_keys(by.brand_id, at=at).count() >= MAX_ACTIVE:
        raise TooManyKeys
    fresh = keys.new_key()
    key = ApiKey.objects.create(
        brand_id=by.brand_id,
        name=name,
        prefix=fresh.prefix,
        secret_hash=fresh.secret_hash,
        scopes=wanted,
        allowed_ips=ranges,
        created_by=by.user,
        created_at=at,
        expires_at=expires_at,
    )
    trail.record("tenancy.make_api_key", key, by=by, at=at, changes={"name": name, "scopes": wanted})
    return key, fresh.text


@transaction.atomic
def revoke_api_key(*, api_key_id: UUID, by: BrandActor, at: datetime) -> ApiKey:
    """This function will end a key at once. Raises NotFound for another brand's; a revoked key stays revoked."""
    require(by, Permission.MANAGE_API_KEYS, brand_id=by.brand_id)
    rows = ApiKey.objects.for_actor(by).select_for_update(of=("self",))
    key = rows.filter(pk=api_key_id).first()
    if key is None:
        raise NotFound
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        trail.record("tenancy.revoke_api_key", key, by=by, at=at, changes={"name": key.name})
    return key


def note_key_use(actor: BrandActor, *, at: datetime) -> None:
    """This function will note when a key was last used, at most once a minute; two at once write the same minute."""
    if actor.api_key_id is None:
        return
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - USE_NOTED_EVERY)
    ApiKey.objects.for_actor(actor).filter(stale, pk=actor.api_key_id).update(last_used_at=at)


def _checked_scopes(scopes: Iterable[str], by: BrandActor) -> list[str]:
    wanted = sorted(set(scopes))
    able = {permission.value for permission in Permission if by.can(permission)}
    if not wanted or not set(wanted) <= able:
        raise Invalid(_("Choose at least one thing this key may do, and nothing beyond your own role."), field="scopes")
    return wanted


def _checked_ranges(allowed_ips: Iterable[str]) -> list[str]:
    ranges = [one.strip() for one in allowed_ips if one.strip()]
    for one in ranges:
        try:
            ip_network(one, strict=False)
        except ValueError as wrong:
            raise Invalid(
                _("%(range)s is not an address or range, such as 203.0.113.7 or 203.0.113.0/24.") % {"range": one[:60]},
                field="allowed_ips",
            ) from wrong
    return ranges
