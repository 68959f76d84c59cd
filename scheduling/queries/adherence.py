"""After the day: what a week's minutes went into, and how closely people kept to their shifts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from scheduling.models import Claim, Excusal, StateSpan
from scheduling.queries.excusals import LIVE
from scheduling.states import DONE, CauseOwner, ClaimKind, ClaimState, ExcusalState, SessionState

# In the order of the columns.
KINDS: Final = ("contact", "wrap", "volume", "brand", "platform", "paused", "lost")
_PAID: Final = ("contact", "wrap", "volume", "brand", "platform")
_BY_STATE: Final = {
    SessionState.ON_CONTACT: "contact",
    SessionState.WRAP: "wrap",
    SessionState.READY: "volume",
    SessionState.AUX: "paused",
}


@dataclass(slots=True)
class ProgramMinutes:
    """One program's week. Adherence: seconds at the desk of those promised; conformance: paid seconds of those promised."""

    program: str
    seconds: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    promised: int = 0
    present: int = 0

    @property
    def paid_seconds(self) -> int:
        """What is paid by the minute."""
        return sum(self.seconds[kind] for kind in _PAID)

    @property
    def adherence(self) -> float | None:
        """The share of the promised time that somebody was at the desk, from 0 to 1."""
        return self.present / self.promised if self.promised else None

    @property
    def conformance(self) -> float | None:
        """Paid time over promised time; above 1 where contacts ran over the end."""
        return self.paid_seconds / self.promised if self.promised else None


def minutes_by_cause(brand_id: UUID, monday: date) -> list[ProgramMinutes]:
    """This function will add up a brand's week by program: three queries.

    Every second of a shift that began in the week has one cause. Missed shifts count as promised and nobody there.
    """
    claims = {claim.pk: claim for claim in _claims(brand_id, monday)}
    incidents = _incidents(claims)
    found: dict[UUID, ProgramMinutes] = {}
    for claim in claims.values():
        program = claim.shift.program
        row = found.setdefault(program.pk, ProgramMinutes(program.name))
        row.promised += int((claim.ends_at - claim.starts_at).total_seconds())
    spans = StateSpan.objects.for_brand(brand_id).filter(session__claim__in=claims, ends_at__isnull=False)
    for claim_id, state, starts_at, ends_at in spans.values_list("session__claim_id", "state", "starts_at", "ends_at"):
        worked = claims.get(claim_id) if claim_id else None
        if worked is None or ends_at is None:
            continue
        _add(found[worked.shift.program_id], worked, state, (starts_at, ends_at), incidents.get(worked.pk, []))
    for row in found.values():
        row.seconds["lost"] = max(0, row.promised - row.present)
    return sorted(found.values(), key=lambda row: row.program)


def _claims(brand_id: UUID, monday: date) -> Iterable[Claim]:
    missed = Q(state__in=[ClaimState.NO_SHOW, ClaimState.EXCUSED], left_at__isnull=True)
    rows = Claim.objects.for_brand(brand_id).filter(
        Q(state__in=list(DONE)) | missed,
        kind=ClaimKind.SEAT,
        shift__local_on__gte=monday,
        shift__local_on__lt=monday + timedelta(days=7),
    )
    return rows.select_related("shift__program").order_by("pk")


def _incidents(claims: dict[UUID, Claim]) -> dict[UUID, list[tuple[datetime, datetime, str]]]:
    rows = Excusal.objects.across_brands().filter(
        claim__in=claims, state=ExcusalState.GRANTED, incident__state__in=list(LIVE), incident__ends_at__isnull=False
    )
    found: dict[UUID, list[tuple[datetime, datetime, str]]] = defaultdict(list)
    for claim_id, starts_at, ends_at, owner in rows.order_by("incident__declared_at", "pk").values_list(
        "claim_id", "incident__starts_at", "incident__ends_at", "incident__cause_owner"
    ):
        if starts_at is not None and ends_at is not None:
            found[claim_id].append((starts_at, ends_at, "brand" if owner == CauseOwner.BRAND else "platform"))
    return found


def _add(
    row: ProgramMinutes,
    claim: Claim,
    state: str,
    span: tuple[datetime, datetime],
    incidents: list[tuple[datetime, datetime, str]],
) -> None:
    start, end = max(span[0], claim.starts_at), min(span[1], claim.ends_at)
    kind = _BY_STATE.get(SessionState(state))
    if kind is None or start >= end:
        return
    row.present += _seconds(start, end)
    pieces = [(start, end)]
    for since, until, cause in incidents if kind == "volume" else []:
        row.seconds[cause] += sum(_seconds(max(a, since), min(b, until)) for a, b in pieces)
        pieces = [piece for a, b in pieces for piece in ((a, min(b, since)), (max(a, until), b)) if piece[0] < piece[1]]
    row.seconds[kind] += sum(_seconds(a, b) for a, b in pieces)


def _seconds(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds()))
