"""Lines for full shifts: who waits, in which place, who is able to take a seat, and what is due."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Q, QuerySet, Value

from gigcx.kernel.errors import NotFound
from gigcx.kernel.intervals import Period
from gigcx.tenancy.actors import Actor
from recruiting.models import Agent
from scheduling.models import AgentCalendar, Claim, Shift, WaitlistEntry
from scheduling.queries.hours import held_by_agent, limits_of, refusal_for
from scheduling.queries.languages import work_of
from scheduling.states import ClaimKind, ClaimState, ShiftState, WaitState
from vetting.queries.eligibility import eligibilities

OPEN_WAITS: Final = (WaitState.WAITING, WaitState.INVITED)
UNCONFIRMED_BEFORE: Final = timedelta(hours=2)
# How long an invitation holds a seat: the longest notice first.
_HOLDS: Final = (
    (timedelta(hours=48), timedelta(minutes=60)),
    (timedelta(hours=12), timedelta(minutes=30)),
    (timedelta(hours=2), timedelta(minutes=15)),
)
_SHORTEST: Final = timedelta(minutes=5)


def invitation_lasts(notice: timedelta) -> timedelta:
    """This function will return how long a seat is held for an invited agent with that much notice: 60, 30, 15 or 5 minutes."""
    return next((hold for above, hold in _HOLDS if notice > above), _SHORTEST)


def line_of(shift_id: UUID) -> QuerySet[WaitlistEntry]:
    """This function will return the open entries of a shift, the first in line first."""
    rows = WaitlistEntry.objects.across_brands().filter(shift_id=shift_id, state__in=list(OPEN_WAITS))
    return rows.order_by("position", "joined_at", "pk")


def place_of(entry: WaitlistEntry) -> int:
    """This function will return the entry's place in its line, the first is 1."""
    before = Q(position__lt=entry.position) | Q(position=entry.position, pk__lt=entry.pk)
    return line_of(entry.shift_id).filter(before).count() + 1


def waiting_of(agent_id: UUID) -> dict[UUID, WaitlistEntry]:
    """This function will return the agent's open entries by shift."""
    rows = WaitlistEntry.objects.across_brands().filter(agent_id=agent_id, state__in=list(OPEN_WAITS))
    return {entry.shift_id: entry for entry in rows.order_by("pk")}


def waits_of_agent(agent_id: UUID, *, at: datetime) -> list[tuple[WaitlistEntry, int]]:
    """This function will return the agent's places in lines of coming shifts, each with its place, soonest first: two queries."""
    rows = WaitlistEntry.objects.across_brands().filter(
        agent_id=agent_id, state__in=list(OPEN_WAITS), shift__ends_at__gt=at
    )
    mine = list(rows.select_related("shift__program", "brand").order_by("shift__starts_at", "pk"))
    before: dict[UUID, int] = {}
    others = WaitlistEntry.objects.across_brands().filter(
        shift_id__in=[one.shift_id for one in mine], state__in=list(OPEN_WAITS)
    )
    at_place = {one.shift_id: (one.position, one.pk) for one in mine}
    for shift_id, position, pk in others.values_list("shift_id", "position", "pk"):
        before[shift_id] = before.get(shift_id, 0) + ((position, pk) < at_place[shift_id])
    return [(one, before[one.shift_id] + 1) for one in mine]


def entry_for(actor: Actor, entry_id: UUID) -> WaitlistEntry:
    """This function will return an entry: the agent's own, or of the brand's shift.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    rows = WaitlistEntry.objects.for_actor(actor).select_related("shift__program", "brand", "agent__user")
    found = rows.filter(pk=entry_id).first()
    if found is None:
        raise NotFound
    return found


def unable(agents: Sequence[Agent], shift: Shift, *, at: datetime) -> dict[UUID, str]:
    """This function will say, for those of the agents who could not take a seat of the shift now, why: four queries.

    Nothing is locked: it spares invitations that nobody could accept, and accepting checks again.
    """
    answers = eligibilities(agents, shift.program, at, work=work_of(shift))
    held = held_by_agent([agent.pk for agent in agents], shift.starts_at, shift.ends_at)
    calendars = {one.agent_id: one for one in AgentCalendar.objects.across_brands().filter(agent__in=agents)}
    period = Period(max(shift.starts_at, at), shift.ends_at)
    found: dict[UUID, str] = {}
    for agent in agents:
        answer = answers[agent.pk]
        if not answer.is_eligible:
            found[agent.pk] = str(answer.reasons[0].sentence) if answer.reasons else ""
            continue
        refusal = refusal_for(period, held.get(agent.pk, []), limits_of(agent, calendars.get(agent.pk)))
        if refusal is not None:
            found[agent.pk] = refusal.message
    return found


def waiting_counts(shift_ids: Iterable[UUID]) -> dict[UUID, int]:
    """This function will return how many wait for each shift that has a line."""
    rows = WaitlistEntry.objects.across_brands().filter(shift_id__in=list(shift_ids), state__in=list(OPEN_WAITS))
    return dict(rows.order_by().values("shift_id").annotate(n=Count("pk")).values_list("shift_id", "n"))


def invitations_to_expire(*, at: datetime) -> list[UUID]:
    """This function will return invitations nobody answered in time."""
    rows = WaitlistEntry.objects.across_brands().filter(state=WaitState.INVITED, expires_at__lte=at)
    return list(rows.order_by("expires_at", "pk").values_list("pk", flat=True))


def invitations_to_accept(*, at: datetime) -> list[UUID]:
    """This function will return invitations of agents who said that they take a seat without being asked."""
    rows = WaitlistEntry.objects.across_brands().filter(state=WaitState.INVITED, auto_accept=True, expires_at__gt=at)
    return list(rows.order_by("invited_at", "pk").values_list("pk", flat=True))


def lines_to_close(*, at: datetime) -> list[UUID]:
    """This function will return shifts that nobody can join any more and that somebody still waits for."""
    over = Q(state__in=[ShiftState.ENDED, ShiftState.CANCELLED]) | Q(ends_at__lte=at)
    moment = Value(at, DateTimeField())
    gone = ExpressionWrapper(moment - F("starts_at"), DurationField())
    left = ExpressionWrapper(F("ends_at") - moment, DurationField())
    rows = Shift.objects.across_brands().annotate(gone=gone, left=left).filter(over | Q(gone__gte=F("left")))
    waited = rows.filter(waitlist__state__in=list(OPEN_WAITS)).order_by("pk").distinct()
    return list(waited.values_list("pk", flat=True))


def free_seats_with_waiters(*, at: datetime) -> list[UUID]:
    """This function will return shifts with a free seat and a line, which only an added seat or a lost moment leaves."""
    rows = (
        Shift.objects.across_brands()
        .with_seats_to_give()
        .filter(state__in=[ShiftState.OPEN, ShiftState.STARTED], ends_at__gt=at, waitlist__state=WaitState.WAITING)
    )
    return list(rows.order_by("pk").distinct().values_list("pk", flat=True))


def shifts_with_unconfirmed(*, at: datetime) -> list[UUID]:
    """This function will return shifts that start within two hours, where a holder has not confirmed and somebody waits."""
    rows = Shift.objects.across_brands().filter(
        state=ShiftState.OPEN,
        starts_at__gt=at,
        starts_at__lte=at + UNCONFIRMED_BEFORE,
        claims__state=ClaimState.CLAIMED,
        claims__kind=ClaimKind.SEAT,
        claims__claimed_at__lt=F("starts_at") - UNCONFIRMED_BEFORE,
    )
    waited = rows.filter(waitlist__state=WaitState.WAITING)
    return list(waited.order_by("pk").distinct().values_list("pk", flat=True))


def unconfirmed_seat(shift_id: UUID) -> Claim | None:
    """This function will return the seat of the shift that was claimed last and not confirmed, or None.

    One claimed within the last two hours before the start could not be confirmed and is as good as confirmed.
    """
    return _unconfirmed().filter(shift_id=shift_id).order_by("-claimed_at", "-pk").first()


def unconfirmed_among(shift_ids: Iterable[UUID]) -> set[UUID]:
    """This function will return those of the shifts in which a holder has not confirmed: one query."""
    return set(_unconfirmed().filter(shift_id__in=list(shift_ids)).values_list("shift_id", flat=True))


def _unconfirmed() -> QuerySet[Claim]:
    rows = Claim.objects.across_brands().filter(state=ClaimState.CLAIMED, kind=ClaimKind.SEAT)
    return rows.filter(claimed_at__lt=F("shift__starts_at") - UNCONFIRMED_BEFORE)
