"""The first wall: a tenant-owned table answers only when told on whose behalf it is asked."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models

from gigcx.tenancy.actors import Actor, AgentActor, BrandActor, OpsActor, SystemActor

M = TypeVar("M", bound=models.Model)


class ScopeMissing(RuntimeError):
    """A tenant-owned table was about to be read without a scope. This is a programming error, never shown."""


class TenantQuerySet(models.QuerySet[M]):
    """A queryset that refuses to touch the database until it is scoped.

    Scope it with `for_actor`, `for_brand` or `across_brands`; a related manager (`program.engagements`) counts as scoped by
    its parent. Writes by `create` and `bulk_create` carry their brand in the row and need no scope.
    """

    _is_scoped = False

    def for_actor(self, actor: Actor) -> Self:
        """This function will narrow to what the actor may see: the brand's rows, the agent's own, all, or none."""
        if isinstance(actor, OpsActor | SystemActor):
            return self.across_brands()
        if isinstance(actor, BrandActor):
            return self.for_brand(actor.brand_id)
        agent_path = getattr(self.model, "agent_path", None)
        if isinstance(actor, AgentActor) and agent_path:
            return self._scoped().filter(**{agent_path: actor.agent_id})
        return self._scoped().none()

    def for_brand(self, brand_id: UUID) -> Self:
        """This function will narrow to one brand's rows."""
        brand_path = getattr(self.model, "brand_path", "brand_id")
        return self._scoped().filter(**{brand_path: brand_id}) if brand_path else self._scoped().none()

    def across_brands(self) -> Self:
        """This function will lift the wall, for the product's own work: sweeps, engines, ops, an agent's calendar."""
        return self._scoped()

    def _scoped(self) -> Self:
        clone = self._chain()  # type: ignore[attr-defined]  # Django's own way to copy a queryset; absent from the stubs
        clone._is_scoped = True
        return clone  # type: ignore[no-any-return]  # same

    def _require_scope(self) -> None:
        if not (self._is_scoped or self._hints or self._is_empty_query()):  # type: ignore[attr-defined]  # private
            raise ScopeMissing(f"{self.model.__name__} was queried without for_actor, for_brand or across_brands")

    def _is_empty_query(self) -> bool:
        return bool(self.query.is_empty())

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]  # private, but the documented place to carry a flag
        clone._is_scoped = self._is_scoped
        return clone  # type: ignore[no-any-return]  # same

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._require_scope()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        """This function will iterate without a cache, scoped like everything else."""
        self._require_scope()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        """This function will count scoped rows."""
        self._require_scope()
        return super().count()

    def exists(self) -> bool:
        """This function will tell whether a scoped row exists."""
        self._require_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """This function will aggregate scoped rows."""
        self._require_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """This function will update scoped rows."""
        self._require_scope()
        return super().update(**kwargs)

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None) -> int:
        """This function will write rows already in hand, as `save` does; it needs no scope."""
        return super(TenantQuerySet, self._scoped()).bulk_update(objs, fields, batch_size)

    def delete(self) -> tuple[int, dict[str, int]]:
        """This function will delete scoped rows."""
        self._require_scope()
        return super().delete()


class OwnedModel(models.Model):
    """Base of what belongs to somebody.

    `brand_path` is the lookup that leads to the owning brand's id ("" where no brand may see rows), `agent_path` the one
    that leads to the id of the agent who may see the row (None where no agent may).
    """

    agent_path: ClassVar[str | None] = None
    brand_path: ClassVar[str] = "brand_id"
    is_global: ClassVar[bool] = False

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True
