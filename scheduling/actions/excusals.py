"""Writing what an incident excuses: one row for each claim it touches, by key, computed anew whenever something changes."""

from datetime import datetime
from uuid import UUID

from gigcx.audit import outbox, trail
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from scheduling.actions.releases import locked_claim
from scheduling.actions.verification import verify_again
from scheduling.events import ClaimExcused
from scheduling.models import Claim, Excusal, Incident
from scheduling.queries.excusals import PlannedExcusal, claims_in_reach, plan_excusals
from scheduling.queries.incidents import incidents_touching
from scheduling.states import CLAIM_MOVES, EXCUSAL_MOVES, ClaimState, ExcusalState, ExcuseReason, IncidentState

Key = tuple[UUID, UUID]


def write_excusals(incident: Incident, *, by: Actor, at: datetime) -> None:
    """This function will write, change or void the excusals of every claim a locked incident touches or has touched.

    Other incidents of the same claims are shared out anew with it, so that no second is floored twice and no points are
    void twice; what is settled stays.
    """
    reached = {claim.pk: claim for claim in claims_in_reach(incident, at=at)}
    before = Excusal.objects.for_brand(incident.brand_id).filter(incident=incident, state=ExcusalState.GRANTED)
    touched = _with_claims([*reached, *before.order_by("pk").values_list("claim_id", flat=True)])
    touching = incidents_touching(touched)
    for claim in touched:
        others = [one for one in touching.get(claim.pk, []) if one.pk != incident.pk]
        touching[claim.pk] = [*others, incident] if claim.pk in reached else others
    plans = plan_excusals(touched, touching, at=at)
    _save(plans, touched, by=by, at=at)
    kept = {(plan.incident.pk, plan.claim.pk) for plan in plans}
    for row in before.order_by("pk"):
        if (incident.pk, row.claim_id) not in kept:
            _void(row)
    _set_points(plans, touched, by=by, at=at)


def _with_claims(ids: list[UUID]) -> list[Claim]:
    """Locked in order of their ids: a check-in or a no-show at the same moment waits its turn."""
    rows = Claim.objects.across_brands().select_for_update(of=("self",)).filter(pk__in=set(ids))
    return list(rows.select_related("agent__user", "shift").order_by("pk"))


def _save(plans: list[PlannedExcusal], claims: list[Claim], *, by: Actor, at: datetime) -> None:
    rows = Excusal.objects.across_brands().filter(claim__in=[claim.pk for claim in claims], incident__isnull=False)
    known: dict[Key, Excusal] = {(one.incident_id, one.claim_id): one for one in rows if one.incident_id}
    for plan in plans:
        if plan.incident.state == IncidentState.SETTLED:
            continue
        row = known.get((plan.incident.pk, plan.claim.pk))
        if row is None:
            _create(plan, by=by, at=at)
        else:
            _change(row, plan)


def _create(plan: PlannedExcusal, *, by: Actor, at: datetime) -> None:
    row = Excusal.objects.create(
        brand_id=plan.claim.brand_id,
        claim=plan.claim,
        agent_id=plan.claim.agent_id,
        incident=plan.incident,
        reason_class=ExcuseReason.INCIDENT,
        statement=plan.incident.title,
        evidence={"why": plan.why},
        payer=plan.payer,
        floor_seconds=plan.floor_seconds,
        points_void=plan.points_void,
        state=ExcusalState.GRANTED,
        created_at=at,
        decided_at=at,
    )
    trail.record("scheduling.excuse_by_incident", row, by=by, at=at, to_state=row.state)


def _change(row: Excusal, plan: PlannedExcusal) -> None:
    wanted = (plan.payer, plan.floor_seconds, plan.points_void, {"why": plan.why}, str(ExcusalState.GRANTED))
    if (row.payer, row.floor_seconds, row.points_void, row.evidence, row.state) == wanted:
        return
    row.payer, row.floor_seconds, row.points_void, row.evidence, row.state = wanted
    row.save(update_fields=["payer", "floor_seconds", "points_void", "evidence", "state"])


def _void(row: Excusal) -> None:
    require_move(EXCUSAL_MOVES, row.state, ExcusalState.VOID)
    row.state, row.floor_seconds = ExcusalState.VOID, 0
    row.save(update_fields=["state", "floor_seconds"])


def _set_points(plans: list[PlannedExcusal], claims: list[Claim], *, by: Actor, at: datetime) -> None:
    """A claim's points are what no incident explains; those that a rescoped one let go of come back."""
    voided = {plan.claim.pk: plan.points_void for plan in plans if plan.points_void}
    rows = Excusal.objects.across_brands().filter(claim__in=claims, state=ExcusalState.VOID, points_void__lt=0)
    for row in rows.order_by("pk"):
        if row.claim_id not in voided and row.incident_id is not None:
            _give_back(row, claims, by=by, at=at)
    for claim in claims:
        if claim.points and claim.pk in voided:
            claim.points = 0
            claim.save(update_fields=["points"])
            trail.record("scheduling.excuse_points", claim, by=by, at=at, changes={"points_void": voided[claim.pk]})


def _give_back(row: Excusal, claims: list[Claim], *, by: Actor, at: datetime) -> None:
    claim = next(one for one in claims if one.pk == row.claim_id)
    points, row.points_void = row.points_void, 0
    row.save(update_fields=["points_void"])
    if claim.points == 0 and claim.state != ClaimState.EXCUSED:
        claim.points = points
        claim.save(update_fields=["points"])
        trail.record("scheduling.restore_points", claim, by=by, at=at, changes={"points": points})


def settle_excusals(incident: Incident, *, by: Actor, at: datetime) -> None:
    """This function will make an incident's excusals final: missed and given back seats become excused, minutes that were
    verified before are verified again with their floors.
    """
    rows = Excusal.objects.across_brands().filter(incident=incident, state=ExcusalState.GRANTED)
    for row in rows.order_by("claim_id"):
        claim = locked_claim(row.claim_id)
        if row.points_void and claim.state in {ClaimState.NO_SHOW, ClaimState.RELEASED}:
            excuse_for_good(claim, reason=incident.title, by=by, at=at)
        if row.points_void:
            state_excused(claim, reason=incident.title, points_void=row.points_void, at=at)
        if claim.state == ClaimState.VERIFIED:
            verify_again(claim, at=at)


def excuse_for_good(claim: Claim, *, reason: str, by: Actor, at: datetime) -> None:
    """This function will move a locked claim that was missed or given back to excused, without points."""
    current = claim.state
    require_move(CLAIM_MOVES, current, ClaimState.EXCUSED)
    claim.state, claim.points = ClaimState.EXCUSED, 0
    claim.save(update_fields=["state", "points"])
    trail.record(
        "scheduling.excuse_claim", claim, by=by, at=at, from_state=current, to_state=claim.state, reason=reason
    )


def state_excused(claim: Claim, *, reason: str, points_void: int, at: datetime) -> None:
    """This function will state that a claim's points are void."""
    fact = ClaimExcused(
        claim_id=claim.pk,
        shift_id=claim.shift_id,
        agent_id=claim.agent_id,
        reason=reason,
        points_void=points_void,
    )
    outbox.publish(fact, at=at, brand_id=claim.brand_id, agent_id=claim.agent_id)
