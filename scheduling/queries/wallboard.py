"""The day on one board: needed, there, on contact, service level, backlog, gaps and what each remedy costs."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Sum

from recruiting.models import Program
from scheduling.models import (
    ActualPoint,
    CapacityRequest,
    Claim,
    Incident,
    Remedy,
    Shift,
    VtoOffer,
    WorkSession,
)
from scheduling.queries.incidents import incidents_now
from scheduling.queries.intraday import Gap, Outlook, Step, gaps_of, outlook, quarter_of
from scheduling.queries.remedies import by_worth, proposed
from scheduling.registries import NoFeed, work_feed
from scheduling.states import (
    COMING,
    LATE_AFTER,
    ClaimKind,
    ClaimState,
    RequestState,
    SessionState,
    ShiftState,
    VtoState,
)

_SERVICE_OVER: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """How many of those offered in the last two hours were answered in time. Share from 0 to 1."""

    share: float
    offered: int
    abandoned: int


@dataclass(frozen=True, slots=True)
class BoardGap:
    """A gap of one channel and language, and its remedies, the cheapest per covered minute first."""

    channel: str
    gap: Gap
    remedies: tuple[Remedy, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """What is set aside for remedies of one request, in minor units."""

    request: CapacityRequest
    left_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Wallboard:
    """One program now. Counts are people; `backlog` is None where nothing tells what waits."""

    program: Program
    required: int
    requested: int
    in_house: int
    claimed: int
    checked_in: int
    on_contact: int
    ready: int
    wrapping_up: int
    paused: int
    lost: int
    late: int
    service_level: ServiceLevel | None
    backlog: int | None
    ratio: float | None
    steps: tuple[Step, ...]
    gaps: tuple[BoardGap, ...]
    lull: tuple[Remedy, ...]
    incidents: tuple[Incident, ...]
    budgets: tuple[Budget, ...]
    offers: tuple[VtoOffer, ...]

    @property
    def fingerprint(self) -> str:
        """What changes when anything on the board does; the clock alone changes nothing."""
        people = (
            self.required, self.requested, self.in_house, self.claimed, self.checked_in, self.on_contact,
            self.ready, self.wrapping_up, self.paused, self.lost, self.late, self.backlog,
        )  # fmt: skip
        steps = [(one.starts_at, one.needed, one.claimed, one.sure, one.in_house) for one in self.steps]
        remedies = [
            (one.pk, one.seats, one.cost_minor, one.covered_minutes) for found in self.gaps for one in found.remedies
        ]
        rest = (
            self.program.pk,
            self.service_level,
            self.ratio,
            [one.pk for one in self.lull],
            [(one.pk, one.state, one.version) for one in self.incidents],
            [(one.request.pk, one.left_minor) for one in self.budgets],
            [(one.pk, one.taken) for one in self.offers],
        )
        return hashlib.sha256(repr((people, steps, remedies, rest)).encode()).hexdigest()[:32]


def wallboard(program: Program, *, at: datetime) -> Wallboard:
    """This function will read one program's day; the number of queries grows with its channels and languages."""
    requests = _requests_on(program, at)
    outlooks = [outlook(program, channel, at=at, language=language) for channel, language in _work(program, requests)]
    steps = _added_up(outlooks)
    states = _at_desks(program)
    now = steps[0]
    remedies = by_worth(proposed(program, at=at))
    return Wallboard(
        program=program,
        required=now.needed,
        requested=now.requested,
        in_house=now.in_house,
        claimed=_held_now(program, at),
        checked_in=sum(n for state, n in states.items() if state != SessionState.LOST),
        on_contact=states.get(SessionState.ON_CONTACT, 0),
        ready=states.get(SessionState.READY, 0),
        wrapping_up=states.get(SessionState.WRAP, 0),
        paused=states.get(SessionState.AUX, 0),
        lost=states.get(SessionState.LOST, 0),
        late=_late(program, at),
        service_level=_service_level(program, at),
        backlog=None if isinstance(work_feed(), NoFeed) else work_feed().open_work(program, at),
        ratio=next((one.ratio for one in outlooks if one.ratio is not None), None),
        steps=steps,
        gaps=_gaps(outlooks, remedies),
        lull=tuple(one for one in remedies if one.kind == "vto"),
        incidents=tuple(incidents_now(program.brand_id, at=at)),
        budgets=_budgets(program, requests),
        offers=_offers(program, at),
    )


def work_of_the_day(program: Program, *, at: datetime) -> list[tuple[str, str]]:
    """This function will return every channel, and each language apart that is published for now or soon: one query."""
    return _work(program, _requests_on(program, at))


def _work(program: Program, requests: Iterable[CapacityRequest]) -> list[tuple[str, str]]:
    whole = [(channel, "") for channel in program.channels or [""]]
    return [*whole, *sorted({(one.channel, one.language) for one in requests if one.language})]


def _added_up(outlooks: Sequence[Outlook]) -> tuple[Step, ...]:
    return tuple(
        Step(
            starts_at=same[0].starts_at,
            requested=sum(one.requested for one in same),
            needed=sum(one.needed for one in same),
            in_house=sum(one.in_house for one in same),
            claimed=sum(one.claimed for one in same),
            sure=sum(one.sure for one in same),
        )
        for same in zip(*(one.steps for one in outlooks), strict=True)
    )


def _gaps(outlooks: Sequence[Outlook], remedies: Sequence[Remedy]) -> tuple[BoardGap, ...]:
    """A remedy stands under the gap it was priced for, or the one it overlaps as that one moves on."""
    found: list[BoardGap] = []
    for one in outlooks:
        for gap in gaps_of(one):
            mine = tuple(
                remedy
                for remedy in remedies
                if remedy.kind != "vto"
                and (remedy.request.channel, remedy.request.language) == (one.channel, one.language)
                and remedy.starts_at < gap.ends_at
                and remedy.ends_at > gap.starts_at
            )
            found.append(BoardGap(one.channel, gap, mine, one.language))
    return tuple(sorted(found, key=lambda each: (each.gap.starts_at, each.channel, each.language)))


def _at_desks(program: Program) -> dict[str, int]:
    rows = WorkSession.objects.for_brand(program.brand_id).live().filter(claim__shift__program=program)
    return dict(rows.order_by().values_list("state").annotate(people=Count("pk")))


def _held_now(program: Program, at: datetime) -> int:
    rows = Claim.objects.for_brand(program.brand_id).filter(
        shift__program=program,
        kind=ClaimKind.SEAT,
        state__in=[*COMING, ClaimState.CHECKED_IN],
        starts_at__lte=at,
        ends_at__gt=at,
    )
    return rows.count()


def _late(program: Program, at: datetime) -> int:
    rows = Claim.objects.for_brand(program.brand_id).filter(
        shift__program=program,
        kind=ClaimKind.SEAT,
        state__in=list(COMING),
        starts_at__lt=at - LATE_AFTER,
        ends_at__gt=at,
    )
    return rows.count()


def _service_level(program: Program, at: datetime) -> ServiceLevel | None:
    rows = ActualPoint.objects.for_brand(program.brand_id).filter(
        program=program, starts_at__gte=quarter_of(at) - _SERVICE_OVER, answered_in_threshold__isnull=False
    )
    sums = rows.aggregate(offered=Sum("offered"), kept=Sum("answered_in_threshold"), abandoned=Sum("abandoned"))
    if not sums["offered"]:
        return None
    return ServiceLevel(sums["kept"] / sums["offered"], sums["offered"], sums["abandoned"])


def _requests_on(program: Program, at: datetime) -> list[CapacityRequest]:
    """Published requests with shifts now or in the next twelve hours."""
    rows = CapacityRequest.objects.for_brand(program.brand_id).filter(
        program=program,
        state__in=[RequestState.PUBLISHED, RequestState.LIVE],
        shifts__starts_at__lt=at + timedelta(hours=12),
        shifts__ends_at__gt=at,
    )
    return list(rows.distinct().order_by("channel", "language", "pk"))


def _budgets(program: Program, requests: Sequence[CapacityRequest]) -> tuple[Budget, ...]:
    money = dict(
        Shift.objects.for_brand(program.brand_id)
        .filter(request__in=requests)
        .order_by("request_id")
        .values_list("request_id", "rate_card__bill_currency")
    )
    return tuple(
        Budget(one, one.remedy_budget_minor - one.remedy_spent_minor, money.get(one.pk, "")) for one in requests
    )


def _offers(program: Program, at: datetime) -> tuple[VtoOffer, ...]:
    rows = VtoOffer.objects.for_brand(program.brand_id).filter(
        shift__program=program, state=VtoState.OPEN, expires_at__gt=at
    )
    return tuple(rows.order_by("created_at", "pk"))


def programs_of_the_day(brand_id: UUID, *, at: datetime) -> list[Program]:
    """This function will return a brand's programs, those with a shift now or soon leading."""
    soon = set(
        Shift.objects.for_brand(brand_id)
        .filter(state__in=[ShiftState.OPEN, ShiftState.STARTED], starts_at__lt=at + timedelta(hours=4), ends_at__gt=at)
        .values_list("program_id", flat=True)
    )
    rows = Program.objects.for_brand(brand_id).select_related("brand").order_by("name", "pk")
    return sorted(rows, key=lambda program: program.pk not in soon)
