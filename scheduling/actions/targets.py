"""What callers are promised: every save is a version of its own, and a version that was cited never changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, Stale
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.roles import Permission
from scheduling.actions.forecasts import lock_program
from scheduling.models import ServiceTarget
from scheduling.queries.doors import program_of
from scheduling.queries.languages import language_in, refuse_foreign_channel
from scheduling.queries.targets import own_version, target_of
from scheduling.states import ServiceDefinition, StaffingModel

PARTS: Final = (
    "model",
    "definition",
    "short_abandon_seconds",
    "target_bp",
    "threshold_seconds",
    "patience_seconds",
    "max_occupancy_bp",
    "shrinkage_bp",
    "concurrency",
    "concurrency_factor_bp",
    "due_minutes",
)
_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "short_abandon_seconds": (0, 600),
    "target_bp": (0, 10_000),
    "threshold_seconds": (0, 86_400),
    "patience_seconds": (0, 10_000_000),
    "max_occupancy_bp": (100, 10_000),
    "shrinkage_bp": (0, 9_000),
    "concurrency": (1, 10),
    "concurrency_factor_bp": (10_000, 100_000),
    "due_minutes": (15, 7 * 24 * 60),
}


@transaction.atomic
def save_target(
    *,
    program_id: UUID,
    channel: str,
    by: Actor,
    at: datetime,
    seen_version: int | None = None,
    language: str = "",
    **parts: Any,
) -> ServiceTarget:
    """Save what a program's channel promises as a new version; parts left out stay as they are, no change is no version.

    Parts are those of `ServiceTarget`: shares in basis points, times in seconds. With a language, the promise is that
    language's own, and begins as what held for it before.

    Raises:
        NotFound, NotAllowed: as everywhere. Stale: a newer version was saved since `seen_version`.
        Invalid: not a channel or language of the program, or a part outside its range; names it.
    """
    program = program_of(by, program_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=program.brand_id)
    refuse_foreign_channel(program, channel)
    language = language_in(program, language)
    lock_program(program)
    now = target_of(program, channel, language=language)
    own = own_version(now, language)
    if seen_version is not None and seen_version != own:
        raise Stale
    wanted = {name: parts.get(name, getattr(now, name)) for name in PARTS}
    refuse_senseless_target(wanted)
    if now.version and all(getattr(now, name) == wanted[name] for name in PARTS):
        return now
    target = ServiceTarget.objects.create(
        brand_id=program.brand_id,
        program=program,
        channel=channel,
        language=language,
        version=own + 1,
        created_at=at,
        created_by=by.label,
        **wanted,
    )
    changes = {name: [getattr(now, name), value] for name, value in wanted.items() if getattr(now, name) != value}
    trail.record("scheduling.save_target", target, by=by, at=at, changes={"version": target.version, **changes})
    return target


def refuse_senseless_target(parts: Mapping[str, Any]) -> None:
    """This function will refuse a promise that nobody can keep or read.

    Raises:
        Invalid: an unknown model or definition, a figure outside its range, several contacts at once that get less done than
            one; names the part.
    """
    if parts["model"] not in StaffingModel.values:
        raise Invalid(_("Choose one of the models."), field="model")
    if parts["definition"] not in ServiceDefinition.values:
        raise Invalid(_("Choose what the service level counts."), field="definition")
    for name, (least, most) in _RANGES.items():
        if not least <= parts[name] <= most:
            raise Invalid(_("Type a figure within what is possible here."), field=name)
    if parts["concurrency_factor_bp"] > parts["concurrency"] * 10_000:
        words = _("Nobody gets more done than one contact's work for each contact they hold.")
        raise Invalid(words, field="concurrency_factor_bp")
