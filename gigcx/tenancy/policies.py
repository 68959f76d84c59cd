"""Who may do what in a brand. Pure."""

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, OpsActor, SystemActor
from gigcx.tenancy.errors import BrandNotActive
from gigcx.tenancy.models import Brand
from gigcx.tenancy.states import BrandState


def may_trade(brand: Brand) -> bool:
    """This function will tell whether the brand may publish and commit money; preparing is always allowed."""
    return brand.state == BrandState.ACTIVE


def require_may_trade(brand: Brand) -> None:
    """This function will raise BrandNotActive unless the brand may publish and commit money."""
    if not may_trade(brand):
        raise BrandNotActive(context={"state": brand.state})


def may_prepare(brand: Brand) -> bool:
    """This function will tell whether drafts may still be written: in every state but declined, suspended and closed."""
    return brand.state not in {BrandState.DECLINED, BrandState.SUSPENDED, BrandState.CLOSED}


def require_ops(actor: Actor) -> None:
    """This function will raise NotFound unless the platform's own people, or the product itself, ask."""
    if not isinstance(actor, OpsActor | SystemActor):
        raise NotFound
