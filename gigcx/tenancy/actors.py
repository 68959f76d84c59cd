"""Who is asking. Made once per request from session, key and URL; every action and door takes one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from gigcx.kernel.errors import NotAllowed, NotFound
from gigcx.tenancy.roles import Permission, permissions_of

if TYPE_CHECKING:
    from gigcx.accounts.models import User
    from gigcx.tenancy.models import Brand


@dataclass(frozen=True, slots=True)
class BrandActor:
    """A brand member, or one of the brand's API keys (then `user` is its maker and `scopes` narrow the role)."""

    user: "User"
    brand: "Brand"
    role: str
    api_key_id: UUID | None = None
    scopes: frozenset[Permission] | None = None

    kind = "brand"

    @property
    def ref_id(self) -> UUID | None:
        return self.api_key_id or self.user.pk

    @property
    def label(self) -> str:
        return "API key" if self.api_key_id else self.user.full_name

    @property
    def brand_id(self) -> UUID:
        return self.brand.pk

    def can(self, permission: Permission) -> bool:
        """This function will tell whether role and scopes cover the permission."""
        allowed = permissions_of(self.role)
        return permission in (allowed if self.scopes is None else allowed & self.scopes)


@dataclass(frozen=True, slots=True)
class AgentActor:
    """An agent at work."""

    user: "User"
    agent_id: UUID

    kind = "agent"

    @property
    def ref_id(self) -> UUID | None:
        return self.user.pk

    @property
    def label(self) -> str:
        return self.user.full_name

    def can(self, permission: Permission) -> bool:
        """This function will return False: agents hold no brand permission."""
        return False


@dataclass(frozen=True, slots=True)
class OpsActor:
    """Platform staff."""

    user: "User"

    kind = "ops"

    @property
    def ref_id(self) -> UUID | None:
        return self.user.pk

    @property
    def label(self) -> str:
        return self.user.full_name

    def can(self, permission: Permission) -> bool:
        """This function will return True: the admin's own permissions narrow ops."""
        return True


@dataclass(frozen=True, slots=True)
class SystemActor:
    """The product itself: a sweep, a worker, an importer."""

    name: str

    kind = "system"

    @property
    def ref_id(self) -> UUID | None:
        return None

    @property
    def label(self) -> str:
        return self.name

    def can(self, permission: Permission) -> bool:
        """This function will return True."""
        return True


@dataclass(frozen=True, slots=True)
class PersonActor:
    """Somebody signed in who wears no hat here yet: may register as an agent or found a brand."""

    user: "User"

    kind = "person"

    @property
    def ref_id(self) -> UUID | None:
        return self.user.pk

    @property
    def label(self) -> str:
        return self.user.full_name

    def can(self, permission: Permission) -> bool:
        """This function will return False."""
        return False


@dataclass(frozen=True, slots=True)
class NobodyActor:
    """A visitor."""

    kind = "nobody"

    @property
    def ref_id(self) -> UUID | None:
        return None

    @property
    def label(self) -> str:
        return ""

    def can(self, permission: Permission) -> bool:
        """This function will return False."""
        return False


Actor = BrandActor | AgentActor | OpsActor | SystemActor | PersonActor | NobodyActor
NOBODY = NobodyActor()


def require(actor: Actor, permission: Permission, *, brand_id: UUID) -> None:
    """This function will raise unless the actor may do this for that brand.

    Raises:
        NotFound: another brand's member, an agent or nobody: they learn nothing.
        NotAllowed: a member of the brand whose role does not cover it.
    """
    if isinstance(actor, OpsActor | SystemActor):
        return
    if not isinstance(actor, BrandActor) or actor.brand_id != brand_id:
        raise NotFound
    if not actor.can(permission):
        raise NotAllowed(context={"permission": permission.value})
