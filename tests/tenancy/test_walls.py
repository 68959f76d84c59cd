"""The first wall: nothing owned is read without a scope, and each role may do exactly what the matrix says."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from gigcx.accounts.models import User
from gigcx.kernel.errors import NotAllowed, NotFound
from gigcx.tenancy import actions
from gigcx.tenancy.actors import NOBODY, Actor, AgentActor, BrandActor, OpsActor, PersonActor, SystemActor, require
from gigcx.tenancy.models import ApiKey, Brand
from gigcx.tenancy.numbers import next_number
from gigcx.tenancy.roles import ROLES, Permission, permissions_of
from gigcx.tenancy.scoping import ScopeMissing
from tests import cast

MATRIX: dict[str, set[str]] = {
    "owner": {permission.value for permission in Permission},
    "planner": {
        "view", "manage_programs", "manage_engagements", "plan_capacity", "accept_quotes", "confirm_work",
        "dispute_charges", "export",
    },
    "trainer": {"view", "author_content", "approve_content", "manage_certifications"},
    "quality_reviewer": {"view", "review_quality"},
    "finance": {"view", "view_billing", "manage_billing", "dispute_charges", "confirm_work", "export"},
    "support_lead": {"view", "work_escalations", "review_quality"},
    "viewer": {"view"},
}  # fmt: skip


def test_the_matrix_names_every_role() -> None:
    assert set(MATRIX) == set(ROLES)


@pytest.mark.parametrize("permission", list(Permission), ids=str)
@pytest.mark.parametrize("role", MATRIX)
def test_a_role_may_do_exactly_what_the_matrix_says(role: str, permission: Permission) -> None:
    brand = Brand(name="Acme", slug="acme")
    actor = BrandActor(User(full_name="Somebody"), brand, role)
    is_allowed = permission.value in MATRIX[role]
    assert actor.can(permission) == is_allowed
    if is_allowed:
        require(actor, permission, brand_id=brand.pk)
    else:
        with pytest.raises(NotAllowed):
            require(actor, permission, brand_id=brand.pk)


@pytest.mark.parametrize("permission", list(Permission), ids=str)
def test_an_owner_of_another_brand_learns_nothing(permission: Permission) -> None:
    actor = BrandActor(User(full_name="Gus"), Brand(name="Globex", slug="globex"), "owner")
    with pytest.raises(NotFound):
        require(actor, permission, brand_id=uuid4())


def test_agents_persons_and_nobody_hold_no_brand_permission() -> None:
    user = User(full_name="Ada")
    for actor in (AgentActor(user, uuid4()), PersonActor(user), NOBODY):
        assert not any(actor.can(permission) for permission in Permission)
        with pytest.raises(NotFound):
            require(actor, Permission.VIEW, brand_id=uuid4())


def test_ops_and_the_product_itself_may_act_everywhere() -> None:
    for actor in (OpsActor(User(full_name="Olu")), SystemActor("sweep")):
        require(actor, Permission.MANAGE_BRAND, brand_id=uuid4())


def test_an_unknown_role_may_do_nothing() -> None:
    assert permissions_of("emperor") == frozenset()


@pytest.mark.django_db
def test_the_scopes_of_a_key_narrow_and_never_widen_its_makers_role(acme: Brand) -> None:
    viewer = cast.make_member(acme, "Vic Viewer", "viewer")
    wide = BrandActor(viewer.user, acme, "viewer", uuid4(), frozenset(Permission))
    assert wide.can(Permission.VIEW)
    assert not wide.can(Permission.MANAGE_BRAND)
    narrow = BrandActor(viewer.user, acme, "owner", uuid4(), frozenset({Permission.VIEW}))
    assert not narrow.can(Permission.MANAGE_BRAND)


READS: dict[str, Callable[[Any], Any]] = {
    "list": list,
    "first": lambda rows: rows.first(),
    "get": lambda rows: rows.get(name="x"),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "bool": bool,
    "len": len,
    "in": lambda rows: object() in rows,
    "slice": lambda rows: list(rows[:3]),
    "index": lambda rows: rows[0],
    "values": lambda rows: list(rows.values()),
    "values_list": lambda rows: list(rows.values_list("pk")),
    "filtered": lambda rows: list(rows.filter(name="x").exclude(prefix="y").order_by("pk")),
    "iterator": lambda rows: list(rows.iterator()),
    "aggregate": lambda rows: rows.aggregate(n=__import__("django").db.models.Count("pk")),
    "update": lambda rows: rows.update(name="hacked"),
    "delete": lambda rows: rows.delete(),
    "in_bulk": lambda rows: rows.in_bulk(),
    "latest": lambda rows: rows.latest("created_at"),
    "dates": lambda rows: list(rows.datetimes("created_at", "day")),
    "select_related": lambda rows: list(rows.select_related("brand")),
}


@pytest.fixture
def keys_of_two(acme_owner: BrandActor, globex_owner: BrandActor, at: datetime) -> None:
    for owner in (acme_owner, globex_owner):
        actions.make_api_key(name=f"Of {owner.brand.name}", scopes=["view"], by=owner, at=at)


@pytest.mark.django_db
@pytest.mark.parametrize("read", READS)
def test_a_table_that_belongs_to_brands_is_not_read_without_a_scope(keys_of_two: None, read: str) -> None:
    with pytest.raises(ScopeMissing):
        READS[read](ApiKey.objects.all())
    assert {key.name for key in ApiKey.objects.across_brands()} == {"Of Acme", "Of Globex"}


@pytest.mark.django_db
def test_each_actor_sees_its_own(
    keys_of_two: None, acme_owner: BrandActor, olu: OpsActor, mallory: PersonActor
) -> None:
    seen: list[tuple[Actor, set[str]]] = [
        (acme_owner, {"Of Acme"}),
        (olu, {"Of Acme", "Of Globex"}),
        (SystemActor("sweep"), {"Of Acme", "Of Globex"}),
        (mallory, set()),
        (AgentActor(mallory.user, uuid4()), set()),
        (NOBODY, set()),
    ]
    for actor, names in seen:
        assert {key.name for key in ApiKey.objects.for_actor(actor)} == names, actor


@pytest.mark.django_db
def test_a_foreign_id_is_not_found_through_the_own_scope(keys_of_two: None, acme_owner: BrandActor) -> None:
    foreign = ApiKey.objects.across_brands().get(name="Of Globex")
    assert not ApiKey.objects.for_actor(acme_owner).filter(pk=foreign.pk).exists()
    with pytest.raises(NotFound):
        actions.revoke_api_key(api_key_id=foreign.pk, by=acme_owner, at=foreign.created_at)


@pytest.mark.django_db
def test_numbers_count_by_brand_and_kind(acme: Brand, globex: Brand) -> None:
    assert [next_number(acme.pk, "CR"), next_number(acme.pk, "CR"), next_number(globex.pk, "CR")] == [
        "CR-1001",
        "CR-1002",
        "CR-1001",
    ]
    assert next_number(acme.pk, "INV") == "INV-1001"
