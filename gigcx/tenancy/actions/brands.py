"""The life of a brand's account."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.audit.outbox import publish
from gigcx.kernel.errors import Invalid, NotFound, Stale
from gigcx.kernel.events import Event
from gigcx.kernel.ids import uuid7
from gigcx.kernel.intervals import zone_of
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, PersonActor, SystemActor, require
from gigcx.tenancy.errors import ReasonMissing
from gigcx.tenancy.events import BrandActivated, BrandDeclined, BrandInfoNeeded, BrandSubmitted
from gigcx.tenancy.models import Brand, Membership
from gigcx.tenancy.policies import require_ops
from gigcx.tenancy.roles import Permission
from gigcx.tenancy.states import BRAND_MOVES, BrandState

EDITABLE = ("name", "legal_name", "country", "currency", "timezone", "website", "about")


@transaction.atomic
def found_brand(
    *,
    name: str,
    legal_name: str,
    country: str,
    currency: str,
    timezone: str,
    about: str = "",
    website: str = "",
    by: PersonActor,
    at: datetime,
) -> Brand:
    """This function will make a brand of which the person is the owner, and send it to ops for review.

    Raises:
        Invalid: the name has no letters or digits, or the time zone does not exist.
    """
    zone_of(timezone)
    brand = _insert(
        name,
        legal_name=legal_name,
        country=country,
        currency=currency,
        timezone=timezone,
        about=about,
        website=website,
        created_at=at,
    )
    Membership.objects.create(brand=brand, user=by.user, role="owner", created_at=at)
    trail.record("tenancy.found_brand", brand, by=by, at=at, brand_id=brand.pk, to_state=brand.state)
    return _move(
        brand, BrandState.IN_REVIEW, "tenancy.submit_brand", fact=BrandSubmitted(brand_id=brand.pk), by=by, at=at
    )


@transaction.atomic
def found_house_brand(*, name: str, by: SystemActor, at: datetime) -> Brand:
    """This function will make the brand that owns the platform's shared content, or return it."""
    house = Brand.objects.filter(is_house=True).first()
    if house is not None:
        return house
    house = Brand.objects.create(
        name=name,
        slug="house",
        legal_name=name,
        country="US",
        is_house=True,
        state=BrandState.ACTIVE,
        created_at=at,
    )
    trail.record("tenancy.found_house_brand", house, by=by, at=at, brand_id=house.pk, to_state=house.state)
    return house


@transaction.atomic
def submit_brand(*, brand_id: UUID, by: Actor, at: datetime) -> Brand:
    """This function will send a brand to ops again, after information was asked for or it was declined.

    Raises:
        NotAllowed: the role does not cover it.
        MoveRefused: it is under review or decided already.
    """
    brand = _locked(brand_id)
    require(by, Permission.MANAGE_BRAND, brand_id=brand.pk)
    fact = BrandSubmitted(brand_id=brand.pk)
    return _move(brand, BrandState.IN_REVIEW, "tenancy.submit_brand", fact=fact, by=by, at=at)


@transaction.atomic
def approve_brand(*, brand_id: UUID, by: Actor, at: datetime) -> Brand:
    """This function will open a brand for business. Ops only.

    Raises:
        MoveRefused: it is not under review.
    """
    brand = _locked(brand_id)
    require_ops(by)
    fact = BrandActivated(brand_id=brand.pk)
    return _move(brand, BrandState.ACTIVE, "tenancy.approve_brand", fact=fact, by=by, at=at)


@transaction.atomic
def decline_brand(*, brand_id: UUID, reason: str, by: Actor, at: datetime) -> Brand:
    """This function will decline a brand with a reason its owner reads. Ops only.

    Raises:
        ReasonMissing: there are no words.
        MoveRefused: it is not under review.
    """
    brand = _locked(brand_id)
    require_ops(by)
    words = _required(reason)
    fact = BrandDeclined(brand_id=brand.pk, reason=words)
    return _move(brand, BrandState.DECLINED, "tenancy.decline_brand", fact=fact, reason=words, by=by, at=at)


@transaction.atomic
def ask_brand_info(*, brand_id: UUID, reason: str, by: Actor, at: datetime) -> Brand:
    """This function will ask a brand's owner for what is missing. Ops only.

    Raises:
        ReasonMissing: there are no words.
        MoveRefused: it is not under review.
    """
    brand = _locked(brand_id)
    require_ops(by)
    words = _required(reason)
    fact = BrandInfoNeeded(brand_id=brand.pk, reason=words)
    return _move(brand, BrandState.INFO_NEEDED, "tenancy.ask_brand_info", fact=fact, reason=words, by=by, at=at)


@transaction.atomic
def mark_past_due(*, brand_id: UUID, reason: str, by: Actor, at: datetime) -> Brand:
    """This function will stop a brand from posting new work; what runs goes on. Ops and the product only; needs words."""
    brand = _locked(brand_id)
    require_ops(by)
    words = _required(reason)
    return _move(brand, BrandState.PAST_DUE, "tenancy.mark_past_due", reason=words, by=by, at=at)


@transaction.atomic
def suspend_brand(*, brand_id: UUID, reason: str, by: Actor, at: datetime) -> Brand:
    """This function will stop a brand from publishing and committing money. Ops only; needs words."""
    brand = _locked(brand_id)
    require_ops(by)
    words = _required(reason)
    return _move(brand, BrandState.SUSPENDED, "tenancy.suspend_brand", reason=words, by=by, at=at)


@transaction.atomic
def reopen_brand(*, brand_id: UUID, by: Actor, at: datetime) -> Brand:
    """This function will open a suspended or overdue brand again. Ops only."""
    brand = _locked(brand_id)
    require_ops(by)
    fact = BrandActivated(brand_id=brand.pk)
    return _move(brand, BrandState.ACTIVE, "tenancy.reopen_brand", fact=fact, by=by, at=at)


@transaction.atomic
def update_brand(*, brand_id: UUID, changes: dict[str, str], seen: dict[str, str], by: Actor, at: datetime) -> Brand:
    """This function will change what a brand says about itself.

    `seen` holds the values the person had before them; a value that changed meanwhile is not overwritten.

    Raises:
        NotAllowed: the role does not cover it.
        Stale: somebody else changed one of these meanwhile.
        Invalid: the currency of an open account, or a time zone that does not exist.
    """
    brand = _locked(brand_id)
    require(by, Permission.MANAGE_BRAND, brand_id=brand.pk)
    wanted = {name: value for name, value in changes.items() if name in EDITABLE and value != getattr(brand, name)}
    if any(name in seen and seen[name] != getattr(brand, name) for name in wanted):
        raise Stale
    if "timezone" in wanted:
        zone_of(wanted["timezone"])
    if "currency" in wanted and brand.state == BrandState.ACTIVE:
        raise Invalid(_("The currency is fixed once the account is open. Ask us to change it."), field="currency")
    if not wanted:
        return brand
    before = {name: getattr(brand, name) for name in wanted}
    for name, value in wanted.items():
        setattr(brand, name, value)
    brand.save(update_fields=list(wanted))
    changed = {name: [before[name], value] for name, value in wanted.items()}
    trail.record("tenancy.update_brand", brand, by=by, at=at, brand_id=brand.pk, changes=changed)
    return brand


def _locked(brand_id: UUID) -> Brand:
    brand = Brand.objects.select_for_update().filter(pk=brand_id).first()
    if brand is None:
        raise NotFound
    return brand


def _move(
    brand: Brand,
    target: BrandState,
    action: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    fact: Event | None = None,
) -> Brand:
    require_move(BRAND_MOVES, brand.state, target)
    before, brand.state, brand.state_reason = brand.state, target, reason
    brand.save(update_fields=["state", "state_reason"])
    trail.record(action, brand, by=by, at=at, brand_id=brand.pk, from_state=before, to_state=target, reason=reason)
    if fact is not None:
        publish(fact, at=at, brand_id=brand.pk)
    return brand


def _required(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise ReasonMissing(_("Give a reason; the owner reads it."), field="reason")
    return words


def _insert(name: str, **fields: object) -> Brand:
    """Insert under the first free address made from the name; the unique constraint decides between two at once."""
    base = slugify(name)[:48].strip("-")
    tries = [base, *(f"{base}-{number}" for number in range(2, 10))] if base else []
    for slug in [*tries, f"{base or 'brand'}-{uuid7().hex[-8:]}"]:
        if Brand.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                return Brand.objects.create(name=name, slug=slug, **fields)
        except IntegrityError:
            continue
    raise Invalid(_("Choose another name."), field="name")
