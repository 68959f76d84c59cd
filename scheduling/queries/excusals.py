"""What an incident excuses: which claims it touches, whose points are void, and how many seconds it floors, each once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from gigcx.audit.models import AuditEntry
from scheduling.models import Claim, Excusal, Incident, OutageReport, StateSpan, WorkSession
from scheduling.states import (
    CHECK_IN_BEFORE,
    COMING,
    NO_SHOW_AFTER,
    CauseOwner,
    ClaimState,
    ExcusalState,
    IncidentState,
    Payer,
)

LIVE: Final = (IncidentState.DECLARED, IncidentState.RESOLVED, IncidentState.SETTLED)
# Who left by choice lost nothing after that.
_BY_CHOICE: Final = frozenset({"checked_out", "vto", "sent_home"})
_WORKED: Final = (ClaimState.CHECKED_IN, ClaimState.WORKED, ClaimState.DISPUTED, ClaimState.VERIFIED)
_MISSED: Final = (ClaimState.NO_SHOW, ClaimState.EXCUSED)
_TOUCHABLE: Final = (*COMING, *_WORKED, *_MISSED, ClaimState.RELEASED)
_AROUND: Final = timedelta(hours=1)
_LONGEST: Final = timedelta(days=1)

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class PlannedExcusal:
    """What one incident does for one claim. `points_void` is zero or less; `why` is late, missed, released, lost or ""."""

    incident: Incident
    claim: Claim
    points_void: int
    floor_seconds: int
    why: str

    @property
    def payer(self) -> str:
        """Whose money the floor is."""
        return payer_of(self.incident.cause_owner)


@dataclass(frozen=True, slots=True)
class IncidentPreview:
    """What declaring would do, counted before anything is written."""

    claims: int
    agents: int
    late: int
    missed: int
    released: int
    points_void: int
    floor_minutes: int


def payer_of(cause_owner: str) -> str:
    """This function will return who pays for minutes lost to a cause: the brand for its own, the platform for all others."""
    return str(Payer.BRAND if cause_owner == CauseOwner.BRAND else Payer.PLATFORM)


def end_of(incident: Incident, at: datetime) -> datetime:
    """This function will return when an incident ended, or now while it goes on."""
    return incident.ends_at or max(at, incident.starts_at)


def claims_in_reach(incident: Incident, *, at: datetime) -> list[Claim]:
    """This function will return the claims an incident touches: in its programs, its places and its time.

    The time before a start counts as far as check-in would have been open. A seat given back counts where it was given
    back during the incident.
    """
    until = end_of(incident, at)
    shared = Q(starts_at__lt=until + CHECK_IN_BEFORE, ends_at__gt=incident.starts_at - NO_SHOW_AFTER)
    given_back = Q(state=ClaimState.RELEASED, points__lt=0, left_at__gte=incident.starts_at, left_at__lt=until)
    rows = Claim.objects.for_brand(incident.brand_id).filter(state__in=list(_TOUCHABLE))
    rows = rows.filter(starts_at__gt=incident.starts_at - _LONGEST).filter(
        (shared & ~Q(state=ClaimState.RELEASED)) | given_back
    )
    programs = incident.scope.get("program_ids") or []
    if programs:
        rows = rows.filter(shift__program_id__in=programs)
    found = list(rows.select_related("agent__user", "shift").order_by("starts_at", "pk"))
    return _in_places(incident, found, until)


def _in_places(incident: Incident, claims: list[Claim], until: datetime) -> list[Claim]:
    wanted = {_plain(name) for key in ("regions", "providers") for name in incident.scope.get(key) or []}
    if not wanted:
        return claims
    places = _reported_places({claim.agent_id for claim in claims}, incident.starts_at - _AROUND, until + _AROUND)
    return [claim for claim in claims if wanted & (places[claim.agent_id] | _home(claim))]


def _reported_places(agent_ids: set[UUID], since: datetime, until: datetime) -> dict[UUID, set[str]]:
    rows = OutageReport.objects.across_brands().filter(
        agent_id__in=agent_ids, reported_at__gte=since, reported_at__lte=until
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for agent_id, region, provider in rows.values_list("agent_id", "region", "provider"):
        found[agent_id] |= {_plain(name) for name in (region, provider) if name}
    return found


def _home(claim: Claim) -> set[str]:
    agent = claim.agent
    provider = agent.equipment.get("provider", "") if isinstance(agent.equipment, dict) else ""
    return {_plain(name) for name in (agent.country, str(provider)) if name}


def _plain(name: object) -> str:
    return " ".join(str(name).split()).casefold()


def incidents_of(claim: Claim) -> list[Incident]:
    """This function will return the declared incidents that touch a claim, the one declared first leading."""
    rows = Excusal.objects.across_brands().filter(
        claim=claim, state=ExcusalState.GRANTED, incident__state__in=list(LIVE)
    )
    return sorted((one.incident for one in rows.select_related("incident") if one.incident), key=_precedence)


def _precedence(incident: Incident) -> tuple[bool, datetime, UUID]:
    """What is settled stands; then who was declared first. Each minute goes to the first that explains it."""
    return (incident.state != IncidentState.SETTLED, incident.declared_at or incident.created_at, incident.pk)


def due_to_come(claim: Claim, *, at: datetime) -> datetime:
    """This function will return when the holder had to come: the start, or the end of an incident that kept them from it."""
    return _due(claim, incidents_of(claim), at)


def _due(claim: Claim, incidents: Iterable[Incident], at: datetime) -> datetime:
    due = claim.starts_at
    for incident in sorted(incidents, key=lambda one: one.starts_at):
        if incident.starts_at < due + NO_SHOW_AFTER and end_of(incident, at) > due - CHECK_IN_BEFORE:
            due = max(due, end_of(incident, at))
    return max(claim.starts_at, min(due, claim.ends_at - NO_SHOW_AFTER))


def plan_excusals(
    claims: Sequence[Claim], touching: dict[UUID, list[Incident]], *, at: datetime
) -> list[PlannedExcusal]:
    """This function will share each claim's points and lost seconds out among the incidents that touch it: each counts once.

    `touching` lists the incidents by claim. Four queries for any number of claims.
    """
    facts = _Facts.of(claims)
    return [plan for claim in claims for plan in _plans_of(claim, touching.get(claim.pk, []), facts, at)]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What was done on the claims, and when those that were missed were marked."""

    spans: dict[UUID, list[Stretch]]
    left: dict[UUID, str]
    marked: dict[UUID, datetime]
    voided: dict[UUID, int]

    @classmethod
    def of(cls, claims: Sequence[Claim]) -> "_Facts":
        ids = [claim.pk for claim in claims]
        spans: dict[UUID, list[Stretch]] = defaultdict(list)
        rows = StateSpan.objects.across_brands().filter(session__claim__in=ids).order_by("starts_at")
        for claim_id, starts_at, ends_at in rows.values_list("session__claim_id", "starts_at", "ends_at"):
            spans[claim_id].append((starts_at, ends_at or datetime.max.replace(tzinfo=starts_at.tzinfo)))
        sessions = WorkSession.objects.across_brands().filter(claim__in=ids).order_by("started_at")
        left = dict(sessions.values_list("claim_id", "end_reason"))
        lines = AuditEntry.objects.filter(
            subject_type=Claim._meta.label_lower, subject_id__in=ids, action="scheduling.mark_no_show"
        )
        granted = Excusal.objects.across_brands().filter(
            claim__in=ids, state=ExcusalState.GRANTED, incident__isnull=False, points_void__lt=0
        )
        return cls(
            spans,
            {claim_id: reason for claim_id, reason in left.items() if claim_id},
            dict(lines.order_by("at").values_list("subject_id", "at")),
            dict(granted.values_list("claim_id", "points_void")),
        )


def _plans_of(claim: Claim, incidents: list[Incident], facts: _Facts, at: datetime) -> list[PlannedExcusal]:
    lost = _lost(claim, facts, at)
    points = claim.points or facts.voided.get(claim.pk, 0)
    due = _due(claim, incidents, at)
    plans: list[PlannedExcusal] = []
    for incident in sorted(incidents, key=_precedence):
        until = end_of(incident, at)
        floored = sum(_seconds(piece) for one in lost if (piece := _shared(one, incident.starts_at, until)))
        lost = [rest for one in lost for rest in _without(one, incident.starts_at, until)]
        why = _why(claim, incident, until, due, facts) if points < 0 else ""
        void = points if why else 0
        points -= void
        plans.append(PlannedExcusal(incident, claim, void, floored, why or ("lost" if floored else "")))
    return plans


def _lost(claim: Claim, facts: _Facts, at: datetime) -> list[Stretch]:
    """The stretches of the shift so far that the holder was not at the desk for, whatever they did there."""
    if claim.state == ClaimState.RELEASED or (claim.state == ClaimState.EXCUSED and claim.left_at):
        return []
    end = min(claim.ends_at, at)
    if facts.left.get(claim.pk) in _BY_CHOICE and claim.left_at is not None:
        end = min(end, claim.left_at)
    lost = [(claim.starts_at, end)] if claim.starts_at < end else []
    for starts_at, ends_at in facts.spans.get(claim.pk, []):
        lost = [rest for one in lost for rest in _without(one, starts_at, ends_at)]
    return lost


def _why(claim: Claim, incident: Incident, until: datetime, due: datetime, facts: _Facts) -> str:
    """Which of the claim's points the incident explains; nothing where it explains none."""
    opens = claim.starts_at - CHECK_IN_BEFORE
    if claim.state == ClaimState.RELEASED or (claim.state == ClaimState.EXCUSED and claim.left_at):
        return "released" if claim.left_at and incident.starts_at <= claim.left_at < until else ""
    if claim.state in _MISSED:
        marked = facts.marked.get(claim.pk, claim.starts_at + NO_SHOW_AFTER)
        is_kept_away = incident.starts_at < claim.starts_at + NO_SHOW_AFTER and until > opens
        half = claim.starts_at + (claim.ends_at - claim.starts_at) / 2
        return "missed" if is_kept_away and (marked < due + NO_SHOW_AFTER or due >= half) else ""
    came = claim.checked_in_at or claim.starts_at
    return "late" if incident.starts_at < came and until > opens else ""


def _shared(one: Stretch, starts_at: datetime, ends_at: datetime) -> Stretch | None:
    start, end = max(one[0], starts_at), min(one[1], ends_at)
    return (start, end) if start < end else None


def _without(one: Stretch, starts_at: datetime, ends_at: datetime) -> list[Stretch]:
    pieces = [(one[0], min(one[1], starts_at)), (max(one[0], ends_at), one[1])]
    return [piece for piece in pieces if piece[0] < piece[1]]


def _seconds(one: Stretch) -> int:
    return int((one[1] - one[0]).total_seconds())


def preview_of(plans: Iterable[PlannedExcusal], incident: Incident) -> IncidentPreview:
    """This function will count what an incident would excuse and floor."""
    mine = [plan for plan in plans if plan.incident.pk == incident.pk]
    return IncidentPreview(
        claims=len(mine),
        agents=len({plan.claim.agent_id for plan in mine}),
        late=sum(plan.why == "late" for plan in mine),
        missed=sum(plan.why == "missed" for plan in mine),
        released=sum(plan.why == "released" for plan in mine),
        points_void=sum(plan.points_void for plan in mine),
        floor_minutes=sum(plan.floor_seconds for plan in mine) // 60,
    )


def floored_stretches(claim: Claim, incidents: list[Incident], *, at: datetime) -> list[tuple[Incident, Stretch]]:
    """This function will return the stretches that incidents kept the holder from the desk, each with the one it is laid to."""
    if not incidents:
        return []
    lost, found = _lost(claim, _Facts.of([claim]), at), []
    for incident in sorted(incidents, key=_precedence):
        until = end_of(incident, at)
        found += [(incident, piece) for one in lost if (piece := _shared(one, incident.starts_at, until))]
        lost = [rest for one in lost for rest in _without(one, incident.starts_at, until)]
    return sorted(found, key=lambda pair: pair[1])


def cut_by_cause(
    starts_at: datetime, ends_at: datetime, incidents: list[Incident], *, at: datetime
) -> list[tuple[datetime, datetime, Incident | None]]:
    """This function will cut an idle stretch where incidents begin and end; each piece has one of them as its cause, or none."""
    left: list[Stretch] = [(starts_at, ends_at)]
    pieces: list[tuple[datetime, datetime, Incident | None]] = []
    for incident in sorted(incidents, key=_precedence):
        until = end_of(incident, at)
        pieces += [(*piece, incident) for one in left if (piece := _shared(one, incident.starts_at, until))]
        left = [rest for one in left for rest in _without(one, incident.starts_at, until)]
    return sorted([*pieces, *((*one, None) for one in left)], key=lambda piece: piece[0])
