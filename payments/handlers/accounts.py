"""What follows when somebody's money shall go elsewhere: they are asked once more who they are."""

import logging
from typing import Final

from gigcx.audit.outbox import Delivered
from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actors import SystemActor
from payments.events import PayoutAccountChanged
from vetting.actions import request_identity_check
from vetting.models import AgentIdentity, IdentityCheck
from vetting.states import IdentityState

logger = logging.getLogger(__name__)

TREASURY: Final = SystemActor("treasury")


def check_identity(event: PayoutAccountChanged, delivered: Delivered) -> None:
    """This function will ask a verified agent for documents again; who was never verified is asked anyway before they work.

    A check that is under way, or was asked for since the change, is enough.
    """
    identity = AgentIdentity.objects.across_brands().filter(agent_id=event.agent_id, state=IdentityState.VERIFIED)
    checks = IdentityCheck.objects.across_brands().filter(agent_id=event.agent_id)
    is_asked = checks.open().exists() or checks.filter(requested_at__gte=delivered.occurred_at).exists()
    if is_asked or not identity.exists():
        return
    purpose = IdentityCheck.Purpose.PAYOUT_CHANGE
    try:
        request_identity_check(agent_id=event.agent_id, purpose=purpose, by=TREASURY, at=delivered.at)
    except DomainError as refused:  # three checks in a day, or one just rejected: people look at those already
        logger.warning("identity is not asked for", extra={"agent_id": str(event.agent_id), "code": refused.code})
