"""What later stages write down here: certificates, first good work, tiers and standing."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit.trail import record
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.tenancy.actors import Actor
from recruiting.actions.decisions import locked_engagement, moved, state_fact
from recruiting.actions.programs import locked_program, make_ready
from recruiting.actions.wording import chosen, whole
from recruiting.events import EngagementCertified, EngagementLapsed, StandingRecorded
from recruiting.models import Engagement
from recruiting.policies import require_product
from recruiting.states import EngagementState, Standing, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingReport:
    """Where an agent stands in a program. Scores run from 0 to 100 with the ends of their band."""

    tier: str = Tier.NEW
    standing: str = Standing.GOOD
    trust_level: int = 0
    score: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    reason: str = ""


@transaction.atomic
def certify_engagement(*, engagement_id: UUID, by: Actor, at: datetime) -> Engagement:
    """Open work to an accepted agent who meets every requirement, or to one whose lapsed certificate is renewed.

    The program becomes ready, and live where the brand wants that, with the last agent it needs.

    Raises:
        MoveRefused: the engagement is neither accepted nor lapsed.
    """
    require_product(by)
    program = locked_program(_program_of(engagement_id))  # before the engagement: the order of every lock here
    engagement = locked_engagement(engagement_id)
    moved(engagement, EngagementState.CERTIFIED, {"certified_at": at}, verb="certify_engagement", by=by, at=at)
    state_fact(EngagementCertified, engagement, at=at)
    make_ready(program, by=by, at=at)
    return engagement


@transaction.atomic
def lapse_engagement(*, engagement_id: UUID, reason: str, by: Actor, at: datetime) -> Engagement:
    """Close work to an agent whose certificate ran out or was taken back.

    Raises:
        MoveRefused: the agent holds no certificate here.
    """
    require_product(by)
    engagement = locked_engagement(engagement_id)
    moved(engagement, EngagementState.LAPSED, {}, verb="lapse_engagement", reason=reason, by=by, at=at)
    state_fact(EngagementLapsed, engagement, at=at, reason=reason)
    return engagement


@transaction.atomic
def mark_productive(*, engagement_id: UUID, by: Actor, at: datetime) -> Engagement:
    """Note that the first supervised work was done well.

    Raises:
        MoveRefused: the engagement is not certified.
    """
    require_product(by)
    engagement = locked_engagement(engagement_id)
    moved(engagement, EngagementState.PRODUCTIVE, {}, verb="mark_productive", by=by, at=at)
    return engagement


@transaction.atomic
def record_standing(*, engagement_id: UUID, report: StandingReport, by: Actor, at: datetime) -> Engagement:
    """Keep tier, trust, score and standing as performance found them.

    Raises:
        Invalid: an unknown tier or standing, a figure out of range, or a standing below good without a reason.
    """
    require_product(by)
    engagement = locked_engagement(engagement_id)
    chosen([report.tier], field="tier", among=Tier.values)
    chosen([report.standing], field="standing", among=Standing.values)
    if report.standing != Standing.GOOD and not report.reason:
        raise Invalid(_("Say why."), field="reason")
    engagement.trust_level = whole(report.trust_level, field="trust_level", lowest=0, highest=3)
    changes = {
        "tier": [engagement.tier, report.tier],
        "standing": [engagement.standing, report.standing],
    }
    engagement.tier, engagement.standing, engagement.standing_reason = report.tier, report.standing, report.reason
    engagement.score, engagement.score_low, engagement.score_high = report.score, report.low, report.high
    columns = ["tier", "standing", "standing_reason", "trust_level", "score", "score_low", "score_high"]
    engagement.save(update_fields=columns)
    record("recruiting.record_standing", engagement, by=by, at=at, reason=report.reason, changes=changes)
    state_fact(StandingRecorded, engagement, at=at)
    return engagement


def _program_of(engagement_id: UUID) -> UUID:
    rows = Engagement.objects.across_brands().filter(pk=engagement_id).values_list("program_id", flat=True)
    program_id = rows.first()
    if program_id is None:
        raise NotFound
    return program_id
