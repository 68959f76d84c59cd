"""Reads about banks, questions and tests, for the people who write them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, BrandActor
from gigcx.tenancy.models import Membership
from gigcx.tenancy.roles import ROLES, Permission
from vetting.models import Assessment, AssessmentVersion, Item, ItemBank, ItemKey, ItemVersion
from vetting.policies import can_see_key
from vetting.states import VersionState


def banks_for(actor: Actor) -> QuerySet[ItemBank]:
    """This function will return the brand's banks by name, with how many questions are live, drafts and in review."""
    versions = "items__versions"
    return (
        ItemBank.objects.for_actor(actor)
        .annotate(
            live=Count(versions, filter=Q(items__versions__state=VersionState.LIVE)),
            drafts=Count(versions, filter=Q(items__versions__state=VersionState.DRAFT)),
            waiting=Count(versions, filter=Q(items__versions__state=VersionState.IN_REVIEW)),
        )
        .order_by("name", "pk")
    )


def bank_for(actor: Actor, bank_id: UUID) -> ItemBank:
    """This function will return one of the brand's banks, counted as in `banks_for`.

    Raises:
        NotFound: there is none, or it is another brand's.
    """
    bank = banks_for(actor).filter(pk=bank_id).first()
    if bank is None:
        raise NotFound
    return bank


def items_of(bank: ItemBank) -> list[Item]:
    """This function will return a bank's questions, oldest first, each with its versions, newest first."""
    newest = ItemVersion.objects.across_brands().select_related("written_by").order_by("-n")
    return list(bank.items.prefetch_related(Prefetch("versions", newest)).order_by("created_at", "pk"))


def item_for(actor: Actor, item_id: UUID) -> Item:
    """This function will return one of the brand's questions.

    Raises:
        NotFound: there is none, or it is another brand's.
    """
    item = Item.objects.for_actor(actor).select_related("bank").filter(pk=item_id).first()
    if item is None:
        raise NotFound
    return item


def newest_version(item: Item) -> ItemVersion | None:
    """This function will return the version an author works on: the draft, or the latest."""
    return item.versions.select_related("written_by", "reviewed_by").order_by("-n").first()


def other_reviewers(brand_id: UUID, user_id: UUID) -> QuerySet[Membership]:
    """This function will return the memberships of other people who may publish content in the brand, oldest first."""
    roles = [role.code for role in ROLES.values() if Permission.APPROVE_CONTENT in role.permissions]
    rows = Membership.objects.filter(brand_id=brand_id, role__in=roles, user__is_active=True)
    return rows.exclude(user_id=user_id).select_related("user").order_by("created_at", "pk")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a look in a bank, for one reader: how many they may publish, how many of those they wrote."""

    ready: int
    own: int
    others: tuple[str, ...]

    @property
    def is_alone(self) -> bool:
        """Whether the brand has nobody else who may publish."""
        return not self.others


def waiting_in(actor: BrandActor, bank: ItemBank) -> Waiting:
    """This function will say what of a bank's questions in review the actor may publish, and who else could."""
    rows = ItemVersion.objects.for_actor(actor).filter(item__bank=bank, state=VersionState.IN_REVIEW)
    writers = list(rows.values_list("written_by_id", flat=True))
    own = sum(writer == actor.user.pk for writer in writers)
    others = tuple(str(one.user) for one in other_reviewers(bank.brand_id, actor.user.pk))
    return Waiting(len(writers) - own if others else len(writers), own, others)


def key_of(actor: Actor, version: ItemVersion) -> dict[str, Any]:
    """This function will return what is right, for those who may see it.

    Raises:
        NotFound: the asker may not.
    """
    if not can_see_key(actor):
        raise NotFound
    key: dict[str, Any] | None = (
        ItemKey.objects.for_actor(actor)
        .filter(item_version=version)
        .order_by("-n")
        .values_list("key", flat=True)
        .first()
    )
    return key or {}


def assessments_for(actor: Actor) -> QuerySet[Assessment]:
    """This function will return the brand's tests by name, each with its versions, newest first."""
    newest = AssessmentVersion.objects.across_brands().order_by("-n")
    return Assessment.objects.for_actor(actor).prefetch_related(Prefetch("versions", newest)).order_by("name", "pk")


def assessment_for(actor: Actor, assessment_id: UUID) -> Assessment:
    """This function will return one of the brand's tests.

    Raises:
        NotFound: there is none, or it is another brand's.
    """
    assessment = assessments_for(actor).filter(pk=assessment_id).first()
    if assessment is None:
        raise NotFound
    return assessment
