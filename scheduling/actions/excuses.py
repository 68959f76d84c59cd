"""Excuses that agents ask for: answered within a day by a person, or in their favor by silence."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor
from scheduling.actions.excusals import excuse_for_good, state_excused
from scheduling.actions.releases import locked_claim
from scheduling.errors import ExcuseClosed
from scheduling.events import ExcuseRefused
from scheduling.models import Claim, Excusal
from scheduling.policies import can_decide_excuse
from scheduling.queries.doors import claim_for
from scheduling.queries.excuses import can_ask_excuse, excuse_for, free_excuses_left
from scheduling.states import EXCUSAL_MOVES, ClaimState, ExcusalState, ExcuseReason, Payer

ANSWER_WITHIN: Final = timedelta(days=1)
_ASKABLE: Final = frozenset(set(ExcuseReason.values) - {ExcuseReason.INCIDENT})
_SHORTEST: Final = 10


def request_excuse(*, claim_id: UUID, reason_class: str, statement: str = "", by: Actor, at: datetime) -> Excusal:
    """Ask that a late arrival, a missed shift or a seat given back late costs no points.

    A free excuse, two in 90 days, is granted at once and asks for no story. Any other waits for a person, at most a day.

    Raises:
        NotFound: not the agent's own claim. Invalid: no such reason, or no story.
        ExcuseClosed: nothing to excuse, asked before, or no free excuse left.
    """
    if not isinstance(by, AgentActor):
        raise NotFound
    if reason_class not in _ASKABLE:
        raise Invalid(_("Choose what kept you from working."), field="reason_class")
    if reason_class != ExcuseReason.FREE and len(statement.strip()) < _SHORTEST:
        raise Invalid(_("Say in a sentence what happened: a person reads it."), field="statement")
    claim_for(by, claim_id)
    try:
        return _requested(claim_id, reason_class, statement.strip()[:4000], by, at)
    except IntegrityError as twice:
        raise ExcuseClosed from twice


@transaction.atomic
def _requested(claim_id: UUID, reason_class: str, statement: str, by: AgentActor, at: datetime) -> Excusal:
    claim = locked_claim(claim_id)
    if not can_ask_excuse(claim, at=at):
        raise ExcuseClosed
    is_free = reason_class == ExcuseReason.FREE
    if is_free and free_excuses_left(claim.agent_id, at=at, for_update=True) == 0:
        raise ExcuseClosed(_("Both free excuses of the last 90 days are used. Say what happened instead."))
    excuse = Excusal.objects.create(
        brand_id=claim.brand_id,
        claim=claim,
        agent_id=claim.agent_id,
        reason_class=reason_class,
        statement=statement,
        payer=Payer.AGENT,
        created_at=at,
        due_at=at + ANSWER_WITHIN,
    )
    trail.record("scheduling.request_excuse", excuse, by=by, at=at, to_state=excuse.state, reason=statement)
    if is_free:
        _granted(excuse, claim, reason=_("A free excuse"), by=by, at=at)
    return excuse


@transaction.atomic
def grant_excuse(*, excusal_id: UUID, by: Actor, at: datetime, reason: str = "") -> Excusal:
    """Excuse a claim: its points are void for good. Silence grants too, a day after it was asked.

    Raises:
        NotFound: no such excuse, or not ops. MoveRefused: answered already.
    """
    excuse, claim = _locked(excusal_id, by)
    require_move(EXCUSAL_MOVES, excuse.state, ExcusalState.GRANTED)
    _granted(excuse, claim, reason=reason.strip() or _("Not answered within a day"), by=by, at=at)
    return excuse


def _granted(excuse: Excusal, claim: Claim, *, reason: str, by: Actor, at: datetime) -> None:
    excuse.points_void = claim.points
    _answer(excuse, ExcusalState.GRANTED, "scheduling.grant_excuse", reason=reason, by=by, at=at)
    points = claim.points
    if claim.state in {ClaimState.NO_SHOW, ClaimState.RELEASED}:
        excuse_for_good(claim, reason=str(excuse.get_reason_class_display()), by=by, at=at)
    elif points:
        claim.points = 0
        claim.save(update_fields=["points"])
        trail.record("scheduling.excuse_points", claim, by=by, at=at, changes={"points_void": points})
    if points:
        state_excused(claim, reason=str(excuse.get_reason_class_display()), points_void=points, at=at)


@transaction.atomic
def refuse_excuse(*, excusal_id: UUID, reason: str, by: Actor, at: datetime) -> Excusal:
    """Let the points stand, with a reason that the agent reads.

    Raises:
        NotFound: no such excuse, or not ops. MoveRefused: answered already. Invalid: no reason.
    """
    if not reason.strip():
        raise Invalid(_("Say why: the agent reads it."), field="reason")
    excuse, claim = _locked(excusal_id, by)
    _answer(excuse, ExcusalState.REFUSED, "scheduling.refuse_excuse", reason=reason.strip(), by=by, at=at)
    outbox.publish(
        ExcuseRefused(excusal_id=excuse.pk, claim_id=claim.pk, agent_id=claim.agent_id, reason=reason.strip()),
        at=at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )
    return excuse


@transaction.atomic
def grant_by_silence(*, excusal_id: UUID, by: Actor, at: datetime) -> None:
    """Excuse what nobody answered within a day; one answered meanwhile is left as it is."""
    excuse, claim = _locked(excusal_id, by)
    if excuse.state == ExcusalState.REQUESTED and excuse.due_at is not None and excuse.due_at <= at:
        _granted(excuse, claim, reason=_("Not answered within a day"), by=by, at=at)


def _locked(excusal_id: UUID, by: Actor) -> tuple[Excusal, Claim]:
    if not can_decide_excuse(by):
        raise NotFound
    claim = locked_claim(excuse_for(by, excusal_id).claim_id)
    return Excusal.objects.across_brands().select_for_update(of=("self",)).get(pk=excusal_id), claim


def _answer(excuse: Excusal, target: ExcusalState, action: str, *, reason: str, by: Actor, at: datetime) -> None:
    current = excuse.state
    require_move(EXCUSAL_MOVES, current, target)
    excuse.state, excuse.decision_reason, excuse.decided_at = target, reason, at
    excuse.save(update_fields=["state", "decision_reason", "decided_at", "points_void"])
    trail.record(action, excuse, by=by, at=at, from_state=current, to_state=target, reason=reason)
