"""What a program promises its callers: the newest version of a channel's target, or the product's where none is saved."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor
from recruiting.models import Program
from recruiting.states import Channel
from scheduling.models import ServiceTarget
from scheduling.staffing import CONCURRENCY_FACTORS, Promise, excluding_short_abandons
from scheduling.staffing.palm import Rule
from scheduling.states import ServiceDefinition, StaffingModel

_WHOLE: Final = 10_000
_DEFAULTS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        Channel.VOICE: {"model": StaffingModel.ERLANG_A},
        Channel.CHAT: {
            "model": StaffingModel.ERLANG_A,
            "threshold_seconds": 45,
            "concurrency": 2,
            "concurrency_factor_bp": round(CONCURRENCY_FACTORS[2] * _WHOLE),
        },
    }
)
_DEFERRED: Final[Mapping[str, Any]] = MappingProxyType({"model": StaffingModel.DEFERRED})


def target_of(program: Program, channel: str, *, language: str = "") -> ServiceTarget:
    """This function will return the newest target that holds for a channel in a language: one query.

    That of the language, else that of the whole channel, else the product's own as a row not saved yet, of version 0.
    """
    rows = ServiceTarget.objects.for_brand(program.brand_id).filter(
        program=program, channel=channel, language__in={language, ""}
    )
    saved = rows.order_by("-language", "-version", "pk").first()
    return saved or usual_target(program, channel)


def own_version(target: ServiceTarget, language: str) -> int:
    """This function will return the version that a language's own target has; 0 where it goes by another's."""
    return target.version if target.language == language else 0


def usual_target(program: Program, channel: str) -> ServiceTarget:
    """This function will return what the product promises where a brand said nothing: 80 % in 20 seconds of all offered."""
    usual = _DEFAULTS.get(channel, _DEFERRED)
    return ServiceTarget(
        brand_id=program.brand_id,
        program=program,
        channel=channel,
        version=0,
        definition=ServiceDefinition.OF_OFFERED,
        **usual,
    )


def target_for(actor: Actor, target_id: UUID) -> ServiceTarget:
    """This function will return the target with its program.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    rows = ServiceTarget.objects.for_actor(actor).select_related("program", "brand")
    found = rows.filter(pk=target_id).first()
    if found is None:
        raise NotFound
    return found


def promise_of(target: ServiceTarget) -> Promise:
    """This function will return a target as the staffing room reads it: shares from 0 to 1, seconds."""
    return Promise(
        target=target.target_bp / _WHOLE,
        threshold=target.threshold_seconds,
        patience=target.patience_seconds,
        is_patient=target.model == StaffingModel.ERLANG_C,
        definition=_rule(target),
        max_occupancy=target.max_occupancy_bp / _WHOLE,
        shrinkage=target.shrinkage_bp / _WHOLE,
        concurrency=target.concurrency,
        factor=target.concurrency_factor_bp / _WHOLE,
    )


def _rule(target: ServiceTarget) -> Rule:
    if target.definition == ServiceDefinition.SHORT_EXCLUDED:
        return excluding_short_abandons(target.short_abandon_seconds)
    return str(target.definition)
