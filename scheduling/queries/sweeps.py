"""What the clock made due. Row timestamps decide, never the tick."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q

from gigcx.kernel.intervals import week_start, zone_of
from scheduling.models import CapacityRequest, Claim, Shift, WorkSession
from scheduling.models.demand import CapacityRequestQuerySet
from scheduling.states import (
    CLAIMABLE,
    COMING,
    GAP,
    GONE_AFTER,
    NO_SHOW_AFTER,
    OCCUPYING,
    ClaimKind,
    ClaimState,
    DesignState,
    GivenUp,
    RequestState,
    SessionState,
    ShiftState,
    WaitState,
)

_HINT_AGAIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class CounterOutOfStep:
    """A shift one of whose counters disagrees with the rows it counts. There should never be one."""

    shift_id: UUID
    counter: str
    said: int
    found: int


def shifts_to_open(*, at: datetime) -> list[UUID]:
    """This function will return announced shifts whose time of publication has come."""
    return _shift_ids(Q(state=ShiftState.ANNOUNCED, publish_at__lte=at))


def shifts_to_start(*, at: datetime) -> list[UUID]:
    """This function will return shifts that have begun and do not say so yet."""
    return _shift_ids(Q(state__in=[ShiftState.ANNOUNCED, ShiftState.COLLECTING, ShiftState.OPEN], starts_at__lte=at))


def shifts_to_end(*, at: datetime) -> list[UUID]:
    """This function will return running shifts whose time is over."""
    return _shift_ids(Q(state=ShiftState.STARTED, ends_at__lte=at))


def overdue_shifts(*, at: datetime) -> list[datetime]:
    """This function will return when shifts began or ended that have said nothing of it for two minutes, the oldest first."""
    late = at - timedelta(minutes=2)
    unstarted = Q(state__in=[ShiftState.ANNOUNCED, ShiftState.COLLECTING, ShiftState.OPEN], starts_at__lte=late)
    rows = Shift.objects.across_brands().filter(unstarted | Q(state=ShiftState.STARTED, ends_at__lte=late))
    return sorted(end if end <= late else start for start, end in rows.values_list("starts_at", "ends_at"))


def shifts_to_reprice(program_id: UUID, rate_card_id: UUID, *, at: datetime) -> list[UUID]:
    """This function will return the program's shifts that are still to come and priced by another card."""
    states = [ShiftState.ANNOUNCED, ShiftState.COLLECTING, *CLAIMABLE]
    mine = Q(program_id=program_id, state__in=states, starts_at__gt=at)
    return _shift_ids(mine & ~Q(rate_card_id=rate_card_id))


def claims_without_arrival(*, at: datetime) -> list[UUID]:
    """This function will return claims whose holder has not come ten minutes after the start."""
    rows = Claim.objects.across_brands().filter(state__in=list(COMING), starts_at__lte=at - NO_SHOW_AFTER)
    return list(rows.order_by("starts_at", "pk").values_list("pk", flat=True))


def claims_to_close(*, at: datetime) -> list[UUID]:
    """This function will return checked-in claims whose shift is over."""
    rows = Claim.objects.across_brands().filter(state=ClaimState.CHECKED_IN, ends_at__lte=at)
    return list(rows.order_by("ends_at", "pk").values_list("pk", flat=True))


def silent_sessions(*, at: datetime) -> list[UUID]:
    """This function will return sessions without a heartbeat for more than 90 seconds that are not marked lost."""
    rows = WorkSession.objects.across_brands().silent_since(at - GAP).exclude(state=SessionState.LOST)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def gone_sessions(*, at: datetime) -> list[UUID]:
    """This function will return sessions lost for more than 15 minutes."""
    rows = WorkSession.objects.across_brands().silent_since(at - GONE_AFTER).filter(state=SessionState.LOST)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def requests_to_design(*, at: datetime) -> list[UUID]:
    """This function will return requests whose shifts were asked for; those a worker is at are left out when it is taken up."""
    rows = CapacityRequest.objects.across_brands().filter(
        design_state=DesignState.QUEUED, design_requested_at__lte=at - _HINT_AGAIN
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def quotes_to_expire(*, at: datetime) -> list[UUID]:
    """This function will return priced requests, accepted ones that wait for approval too, whose price has run out."""
    waiting = [RequestState.QUOTED, RequestState.AWAITING_APPROVAL]
    rows = CapacityRequest.objects.across_brands().filter(state__in=waiting)
    valid = Q(quotes__request_version=F("version"), quotes__expires_at__gt=at)
    return list(rows.exclude(pk__in=rows.filter(valid)).order_by("pk").values_list("pk", flat=True))


def requests_to_quote() -> list[UUID]:
    """This function will return requests with pencilled shifts and no price, as after moving one by hand.

    Not those that were given up: they wait for a rate card, or for somebody to press again.
    """
    rows = _unpriced().exclude(design_progress__has_key="given_up")
    return list(rows.order_by("pk").distinct().values_list("pk", flat=True))


def requests_without_card(program_id: UUID) -> list[UUID]:
    """This function will return a program's requests whose pricing was given up because no rate card was in force."""
    rows = _unpriced().filter(program_id=program_id, design_progress__given_up=GivenUp.NO_RATE_CARD.value)
    return list(rows.order_by("pk").distinct().values_list("pk", flat=True))


def _unpriced() -> CapacityRequestQuerySet:
    return CapacityRequest.objects.across_brands().filter(
        state=RequestState.DRAFT, design_state=DesignState.DONE, shifts__state=ShiftState.DRAFT
    )


def weeks_with_work() -> list[tuple[UUID, date]]:
    """This function will return (brand, Monday) of every week that still holds work to verify, or requests to reconcile."""
    rest = Q(state=ClaimState.DISPUTED, version=0)
    rows = Claim.objects.across_brands().filter(Q(state=ClaimState.WORKED) | rest)
    days = rows.order_by("brand_id", "shift__local_on").values_list("brand_id", "shift__local_on").distinct()
    completed = CapacityRequest.objects.across_brands().filter(state=RequestState.COMPLETED)
    asked = completed.order_by("brand_id", "week_starts_on").values_list("brand_id", "week_starts_on").distinct()
    return sorted({(brand_id, week_start(on)) for brand_id, on in days} | set(asked))


def weeks_to_lock(*, at: datetime) -> list[tuple[UUID, date]]:
    """This function will return the weeks that are over in the brand's zone and hold something to verify or to reconcile."""
    from gigcx.tenancy.models import Brand

    weeks = weeks_with_work()
    zones = {brand.pk: zone_of(brand.timezone) for brand in Brand.objects.filter(pk__in={week[0] for week in weeks})}
    return [week for week in weeks if week[1] + timedelta(days=7) <= at.astimezone(zones[week[0]]).date()]


def counters_out_of_step(*, ends_after: datetime | None = None) -> list[CounterOutOfStep]:
    """This function will return the counters that disagree with what they count: seats, standby places and invitations.

    Every shift ever is looked at, or with `ends_after` only those that end then or later.
    """
    occupying = Q(claims__state__in=list(OCCUPYING))
    counted = {
        "filled": Count("claims", filter=occupying & Q(claims__kind=ClaimKind.SEAT)),
        "standby_filled": Count("claims", filter=occupying & Q(claims__kind=ClaimKind.STANDBY)),
        "reserved": Count("waitlist", filter=Q(waitlist__state=WaitState.INVITED)),
    }
    wrong: list[CounterOutOfStep] = []
    shifts = Shift.objects.across_brands()
    shifts = shifts.filter(ends_at__gte=ends_after) if ends_after else shifts
    for counter, found in counted.items():
        rows = shifts.annotate(found=found).exclude(**{counter: F("found")}).order_by("pk")
        wrong += [CounterOutOfStep(pk, counter, said, n) for pk, said, n in rows.values_list("pk", counter, "found")]
    return wrong


def _shift_ids(condition: Q) -> list[UUID]:
    return list(
        Shift.objects.across_brands().filter(condition).order_by("starts_at", "pk").values_list("pk", flat=True)
    )
