"""What a certificate says about an agent's skills, handed to recruiting."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from gigcx.tenancy.actors import Actor
from recruiting.actions import record_skill
from recruiting.models import Skill
from recruiting.states import Proof
from vetting.models import Certificate, Evidence


def record_certified_skills(
    certificate: Certificate, evidence_ids: Iterable[str], *, by: Actor, at: datetime
) -> dict[str, int]:
    """This function will keep the skills that a new certificate's evidence shows, and return their levels by key.

    Questions name skills; those that the shared list of skills knows are kept as certified, the rest only group results.
    """
    shown = _best_shown(evidence_ids)
    known = Skill.objects.filter(key__in=shown, is_retired=False).order_by("key").values_list("key", flat=True)
    levels = {key: level_of(shown[key]) for key in known}
    for key, level in levels.items():
        record_skill(
            agent_id=certificate.agent_id,
            skill_key=key,
            level=level,
            proved_by=Proof.CERTIFIED,
            evidence_ref=f"certificate:{certificate.pk}",
            by=by,
            at=at,
        )
    return levels


def level_of(percent: Decimal) -> int:
    """This function will turn a share of the points into a level from 1 to 5, a fifth of the scale each."""
    fifths = (percent / 20).to_integral_value(rounding=ROUND_CEILING)
    return min(max(int(fifths), 1), 5)


def _best_shown(evidence_ids: Iterable[str]) -> dict[str, Decimal]:
    best: dict[str, Decimal] = {}
    rows = Evidence.objects.across_brands().standing().filter(pk__in=list(evidence_ids))
    for skills in rows.values_list("skills", flat=True):
        for key, percent in skills.items():
            best[key] = max(best.get(key, Decimal(0)), Decimal(str(percent)))
    return best
