"""Writing, publishing and retiring questions."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, BrandActor, OpsActor, require
from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.roles import Permission
from vetting.errors import ItemInvalid, OwnWork, ReasonRequired, VersionFrozen
from vetting.grading import ItemProblem, clean_item
from vetting.models import Item, ItemBank, ItemKey, ItemVersion
from vetting.queries.items import other_reviewers
from vetting.states import ITEM_VERSION_MOVES, VersionState

T = TypeVar("T", bound=BrandOwnedModel)


@transaction.atomic
def create_bank(*, brand_id: UUID, name: str, description: str, by: Actor, at: datetime) -> ItemBank:
    """This function will make an empty bank.

    Raises:
        Invalid: the brand has one of that name.
    """
    require(by, Permission.AUTHOR_CONTENT, brand_id=brand_id)
    try:
        with transaction.atomic():
            bank = ItemBank.objects.create(brand_id=brand_id, name=name, description=description, created_at=at)
    except IntegrityError as doubled:
        raise Invalid(_("You have a bank of that name already."), field="name") from doubled
    trail.record("vetting.create_bank", bank, by=by, at=at)
    return bank


@transaction.atomic
def write_item(
    *,
    bank_id: UUID,
    kind: str,
    payload: Mapping[str, Any],
    key: Mapping[str, Any],
    points: Decimal,
    skill_codes: Sequence[str] = (),
    by: Actor,
    at: datetime,
) -> ItemVersion:
    """This function will add a question to a bank as a draft.

    Raises:
        ItemInvalid: payload or key of the wrong shape; `field` names the part.
    """
    bank = _of_brand(ItemBank.objects.for_actor(by).filter(pk=bank_id).first(), by)
    clean_payload, clean_key = _cleaned(kind, payload, key)
    item = Item.objects.create(
        brand_id=bank.brand_id,
        bank=bank,
        uid=uuid7().hex,
        kind=kind,
        skill_codes=list(skill_codes),
        created_at=at,
    )
    return _draft(item, 1, clean_payload, clean_key, points, by=by, at=at)


@transaction.atomic
def rewrite_item(
    *,
    item_id: UUID,
    payload: Mapping[str, Any],
    key: Mapping[str, Any],
    points: Decimal,
    skill_codes: Sequence[str] = (),
    by: Actor,
    at: datetime,
) -> ItemVersion:
    """This function will change a question: its draft, or a new draft beside the version that is live.

    Raises:
        ItemInvalid: payload or key of the wrong shape.
        VersionFrozen: the question is with a reviewer.
    """
    item = _of_brand(_locked_item(item_id, by), by)
    clean_payload, clean_key = _cleaned(item.kind, payload, key)
    item.skill_codes = list(skill_codes)
    item.save(update_fields=["skill_codes"])
    latest = item.versions.order_by("-n").first()
    if latest is None or latest.state in (VersionState.LIVE, VersionState.RETIRED):
        return _draft(item, latest.n + 1 if latest else 1, clean_payload, clean_key, points, by=by, at=at)
    if latest.state == VersionState.IN_REVIEW:
        raise VersionFrozen(_("This question is with a reviewer. Take it back first."))
    latest.payload, latest.points, latest.checksum = clean_payload, points, _checksum(clean_payload, clean_key)
    latest.written_by, latest.written_at = _person(by), at
    latest.save(update_fields=["payload", "points", "checksum", "written_by", "written_at"])
    _next_key(latest, clean_key, by=by, at=at)
    trail.record("vetting.rewrite_item", latest, by=by, at=at)
    return latest


@transaction.atomic
def send_item_to_review(*, item_version_id: UUID, by: Actor, at: datetime) -> ItemVersion:
    """This function will hand a draft to a reviewer."""
    version = _of_brand(_locked_version(item_version_id, by), by)
    return _moved(version, VersionState.IN_REVIEW, "vetting.send_item_to_review", by=by, at=at)


@transaction.atomic
def take_item_back(*, item_version_id: UUID, by: Actor, at: datetime) -> ItemVersion:
    """This function will make a draft again of what waits for a reviewer."""
    version = _of_brand(_locked_version(item_version_id, by), by)
    return _moved(version, VersionState.DRAFT, "vetting.take_item_back", by=by, at=at)


@transaction.atomic
def publish_item_version(*, item_version_id: UUID, reason: str = "", by: Actor, at: datetime) -> ItemVersion:
    """This function will make a version live for forms drawn from now on; the one before it retires.

    The reviewer is another person than the author. Only where the brand has nobody else who may publish, authors publish
    their own questions: with a reason, and the version says for good that nobody else looked at it.

    Raises:
        OwnWork: the reviewer wrote it, and the brand has somebody else who could review it.
        ReasonRequired: the reviewer wrote it, is alone, and gives no reason.
        MoveRefused: it does not wait for a reviewer.
    """
    version = _locked_version(item_version_id, by)
    require(by, Permission.APPROVE_CONTENT, brand_id=version.brand_id)
    is_own = version.written_by_id == _person(by).pk
    require_move(ITEM_VERSION_MOVES, version.state, VersionState.LIVE)
    if is_own:
        _refuse_own(version.brand_id, reason, by)
    _retire_live(version.item, by=by, at=at)
    version.reviewed_by, version.published_at = _person(by), at
    version.save(update_fields=["reviewed_by", "published_at"])
    Item.objects.for_brand(version.brand_id).filter(pk=version.item_id).update(status=VersionState.LIVE)
    action = "vetting.publish_own_item" if is_own else "vetting.publish_item_version"
    return _moved(version, VersionState.LIVE, action, by=by, at=at, reason=reason.strip() if is_own else "")


@transaction.atomic
def publish_waiting_items(*, bank_id: UUID, reason: str = "", by: Actor, at: datetime) -> int:
    """This function will publish every question of a bank that waits for this reviewer and return how many.

    Raises:
        ReasonRequired: some are the reviewer's own, nobody else could review them, and no reason is given.
    """
    bank = ItemBank.objects.for_actor(by).filter(pk=bank_id).first()
    if bank is None:
        raise NotFound
    require(by, Permission.APPROVE_CONTENT, brand_id=bank.brand_id)
    waiting = ItemVersion.objects.for_brand(bank.brand_id).filter(item__bank=bank, state=VersionState.IN_REVIEW)
    if other_reviewers(bank.brand_id, _person(by).pk).exists():
        waiting = waiting.exclude(written_by_id=_person(by).pk)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    for item_version_id in ids:
        publish_item_version(item_version_id=item_version_id, reason=reason, by=by, at=at)
    return len(ids)


@transaction.atomic
def retire_item(*, item_id: UUID, reason: str, by: Actor, at: datetime) -> Item:
    """This function will keep a question out of forms drawn from now on; open tests keep it."""
    item = _of_brand(_locked_item(item_id, by), by)
    _retire_live(item, by=by, at=at)
    item.status = VersionState.RETIRED
    item.save(update_fields=["status"])
    trail.record("vetting.retire_item", item, by=by, at=at, reason=reason, to_state=item.status)
    return item


def _refuse_own(brand_id: UUID, reason: str, by: Actor) -> None:
    if other_reviewers(brand_id, _person(by).pk).exists():
        raise OwnWork
    if not reason.strip():
        raise ReasonRequired(_("Say why nobody else looks at it. The reason stays with the question."), field="reason")


def _person(by: Actor) -> Any:
    if not isinstance(by, BrandActor | OpsActor):
        raise NotFound
    return by.user


def _of_brand(thing: T | None, by: Actor) -> T:
    if thing is None:
        raise NotFound
    require(by, Permission.AUTHOR_CONTENT, brand_id=thing.brand_id)
    return thing


def _locked_item(item_id: UUID, by: Actor) -> Item | None:
    return Item.objects.for_actor(by).select_for_update(of=("self",)).filter(pk=item_id).first()


def _locked_version(item_version_id: UUID, by: Actor) -> ItemVersion:
    rows = ItemVersion.objects.for_actor(by).select_related("item").select_for_update(of=("self",))
    version = rows.filter(pk=item_version_id).first()
    if version is None:
        raise NotFound
    return version


def _cleaned(kind: str, payload: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        return clean_item(kind, payload, key)
    except ItemProblem as problem:
        raise ItemInvalid(str(problem), field=problem.field) from problem


def _checksum(payload: Mapping[str, Any], key: Mapping[str, Any]) -> str:
    text = json.dumps({"payload": payload, "key": key}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _draft(
    item: Item, n: int, payload: dict[str, Any], key: dict[str, Any], points: Decimal, *, by: Actor, at: datetime
) -> ItemVersion:
    version = ItemVersion.objects.create(
        brand_id=item.brand_id,
        item=item,
        n=n,
        payload=payload,
        points=points,
        checksum=_checksum(payload, key),
        written_by=_person(by),
        written_at=at,
    )
    _next_key(version, key, by=by, at=at)
    trail.record("vetting.write_item", version, by=by, at=at, to_state=version.state)
    return version


def _next_key(version: ItemVersion, key: dict[str, Any], *, by: Actor, at: datetime) -> None:
    latest = version.keys.order_by("-n").first()
    if latest is not None and latest.key == key:
        return
    ItemKey.objects.create(
        brand_id=version.brand_id,
        item_version=version,
        n=latest.n + 1 if latest else 1,
        key=key,
        made_by=_person(by),
        made_at=at,
    )


def _retire_live(item: Item, *, by: Actor, at: datetime) -> None:
    live = item.versions.filter(state=VersionState.LIVE).first()
    if live is not None:
        live.retired_at = at
        live.save(update_fields=["retired_at"])
        _moved(live, VersionState.RETIRED, "vetting.retire_item_version", by=by, at=at)


def _moved(
    version: ItemVersion, state: VersionState, action: str, *, by: Actor, at: datetime, reason: str = ""
) -> ItemVersion:
    before = version.state
    require_move(ITEM_VERSION_MOVES, before, state)
    version.state = state
    version.save(update_fields=["state"])
    trail.record(action, version, by=by, at=at, from_state=before, to_state=state, reason=reason)
    return version
