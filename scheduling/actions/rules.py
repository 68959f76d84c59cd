"""The rules a program schedules by."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, Stale
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.roles import Permission
from scheduling.models import SchedulingRules
from scheduling.queries.doors import program_of
from scheduling.queries.rules import rules_of

RULE_FIELDS: Final = (
    "is_draw_first",
    "favorites_share_bp",
    "draw_hours",
    "first_come_below_hours",
    "hot_below_hours",
    "draw_week_minutes",
    "open_week_minutes",
    "approval_above_minor",
    "is_remedy_automatic",
    "is_swap_approved",
    "standby_coverage_bp",
    "show_confidence_bp",
    "incentive_step_bp",
    "incentive_cap_bp",
)
# The setting that asks for a second person is not one that a planner may lift alone.
_OWNERS: Final = ("approval_above_minor",)


@transaction.atomic
def save_rules(
    *, program_id: UUID, changes: Mapping[str, Any], seen_version: int, by: Actor, at: datetime
) -> SchedulingRules:
    """Change how a program releases, covers and pays around its shifts. What is published keeps the rules it began with.

    Raises:
        NotFound: another brand's program. NotAllowed: the role does not plan capacity, or only an owner may lift the limit.
        Stale: somebody else saved meanwhile. Invalid: values that contradict each other; names the field.
    """
    program = program_of(by, program_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=program.brand_id)
    SchedulingRules.objects.for_brand(program.brand_id).select_for_update(of=("self",)).filter(program=program).first()
    rules = rules_of(program)
    if rules.version != seen_version:
        raise Stale
    changed = {name: value for name, value in changes.items() if name in RULE_FIELDS and getattr(rules, name) != value}
    if any(name in changed for name in _OWNERS):
        require(by, Permission.MANAGE_BRAND, brand_id=program.brand_id)
    before = {name: getattr(rules, name) for name in changed}
    for name, value in changed.items():
        setattr(rules, name, value)
    _refuse_contradictions(rules)
    if not changed and rules.version:
        return rules
    rules.version, rules.updated_at = rules.version + 1, at
    _saved(rules)
    trail.record(
        "scheduling.save_rules",
        rules,
        by=by,
        at=at,
        changes={name: [before[name], value] for name, value in changed.items()},
    )
    return rules


def _saved(rules: SchedulingRules) -> None:
    try:
        with transaction.atomic():
            rules.save()
    except IntegrityError as raced:  # two first saves at once: one program has one row
        raise Stale from raced


_SHARES: Final = ("favorites_share_bp", "standby_coverage_bp", "show_confidence_bp")


def _refuse_contradictions(rules: SchedulingRules) -> None:
    for name in _SHARES:
        most = 9_999 if name == "show_confidence_bp" else 10_000
        if not 0 <= getattr(rules, name) <= most:
            raise Invalid(_("A share lies between 0 and 100 per cent."), field=name)
    if rules.hot_below_hours > rules.first_come_below_hours:
        raise Invalid(_("Hot begins later than first come, first served: choose fewer hours."), field="hot_below_hours")
    if not 1 <= rules.draw_hours <= 168:
        raise Invalid(_("A draw stays open between 1 and 168 hours."), field="draw_hours")
    if rules.open_week_minutes < rules.draw_week_minutes:
        raise Invalid(
            _("After the draw an agent may hold at least as much as in it: choose more hours."),
            field="open_week_minutes",
        )
    if rules.incentive_step_bp > rules.incentive_cap_bp:
        raise Invalid(_("One step is more than the highest incentive: choose less."), field="incentive_step_bp")
    if rules.approval_above_minor is not None and rules.approval_above_minor < 0:
        raise Invalid(_("The limit is an amount, or empty for none."), field="approval_above_minor")
