"""The demo's crowd stays at its desks: it arrives, beats and changes what it does, as browsers of real people would.

Only a demo installation sweeps this (`DEMO_STAYS_ALIVE`), and only what the chapter booked is touched: its claims carry a
mark in their key. Ada's shifts carry none, so that whoever signs in as her finds the desk free.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from celery import shared_task

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.ids import uuid7
from gigcx.tenancy.actors import AgentActor
from scheduling import actions
from scheduling.models import Claim, WorkSession
from scheduling.states import CHECK_IN_BEFORE, COMING, ClaimState, SessionState

DEVICE: Final = "demo"
_MARK: Final = "demo:"
_EARLIEST: Final = CHECK_IN_BEFORE - timedelta(minutes=2)
_LATEST: Final = timedelta(minutes=3)
_ROUND_MINUTES: Final = 24
_ON_CONTACT: Final = range(3, 19)
_WRAPPING_UP: Final = range(19, 23)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def sweep_desks() -> None:
    """This function will keep the crowd at its desks; only a demo installation sends it."""
    keep_desks_alive(at=clock.now())


def crowd_key() -> str:
    """This function will return a claim's key that marks it as the crowd's."""
    return _MARK + uuid7().hex


def keep_desks_alive(*, at: datetime) -> None:
    """This function will let the crowd arrive at what begins and beat at what runs."""
    for claim in list(_arriving(at)):
        _quietly(partial(_arrive, claim, at))
    for session in list(_at_desks()):
        _quietly(partial(_beat, session, at))


def arrival_of(claim: Claim) -> datetime:
    """This function will return when the holder comes: from eight minutes before the start to three after."""
    spread = int((_EARLIEST + _LATEST).total_seconds())
    return claim.starts_at - _EARLIEST + timedelta(seconds=claim.pk.int % spread)


def state_at(session_id: UUID, at: datetime) -> SessionState:
    """This function will return what a desk does at a moment: rounds of waiting, talking and wrapping up."""
    minute = (int(at.timestamp()) // 60 + session_id.int) % _ROUND_MINUTES
    if minute in _ON_CONTACT:
        return SessionState.ON_CONTACT
    return SessionState.WRAP if minute in _WRAPPING_UP else SessionState.READY


def _arriving(at: datetime) -> Iterable[Claim]:
    """Who is due, and who was sent away while the installation slept."""
    rows = Claim.objects.across_brands().filter(
        idempotency_key__startswith=_MARK,
        state__in=[*COMING, ClaimState.CHECKED_IN, ClaimState.NO_SHOW],
        starts_at__lte=at + _EARLIEST,
        ends_at__gt=at,
    )
    absent = rows.exclude(sessions__in=WorkSession.objects.across_brands().live())
    return (claim for claim in absent.select_related("agent__user").order_by("pk") if arrival_of(claim) <= at)


def _arrive(claim: Claim, at: datetime) -> None:
    actions.check_in(claim_id=claim.pk, device=DEVICE, by=_actor(claim), at=at)


def _at_desks() -> Iterable[WorkSession]:
    rows = WorkSession.objects.across_brands().live().filter(device=DEVICE, claim__idempotency_key__startswith=_MARK)
    return rows.select_related("claim__agent__user").order_by("pk")


def _beat(session: WorkSession, at: datetime) -> None:
    assert session.claim is not None  # noqa: S101  found by its claim
    actions.record_state(
        session_id=session.pk,
        device=DEVICE,
        state=state_at(session.pk, at),
        by=_actor(session.claim),
        at=at,
    )


def _actor(claim: Claim) -> AgentActor:
    return AgentActor(claim.agent.user, claim.agent_id)


def _quietly(act: Callable[[], object]) -> None:
    """One who may not work now stays away; the others come."""
    try:
        act()
    except DomainError:
        return
