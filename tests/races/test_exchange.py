"""Seats that change hands while many want them: releases, invitations, swaps, standby, and a worker killed among them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse

from gigcx.audit.models import OutboxEvent, PeriodicRun
from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actors import SystemActor
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.models import Claim, Shift, SwapOffer, WaitlistEntry
from scheduling.queries.sweeps import counters_out_of_step
from scheduling.states import OCCUPYING, ClaimKind, ClaimSource, SwapState, WaitState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.product import Product
from tests.races.processes import wait_for
from tests.races.test_claims import THREADS, all_at_once, browser_of, certified, press
from tests.scheduling.conftest import made_program

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLOCK = SystemActor("clock")
Press = Callable[[], tuple[int, str]]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    """The real present: the server in the other threads reads the wall clock."""
    return clock.now()


@pytest.fixture
def chat(now: datetime) -> Program:
    return made_program(cast.make_brand("Acme"), "Holiday Chat")


def agents(count: int, program: Program, now: datetime) -> list[Agent]:
    return [certified(number, [program], now) for number in range(count)]


def full_shift(program: Program, holders: list[Agent], start: datetime, **fields: Any) -> Shift:
    """A shift in which every seat is held."""
    start = start.replace(minute=0, second=0, microsecond=0)
    shift = plan.make_shift(program, start, seats=len(holders), **fields)
    for agent in holders:
        plan.make_claim(agent, shift, at=start - 4 * DAY)
    return shift


def wait(shift: Shift, agent: Agent, at: datetime, *, auto_accept: bool = False) -> WaitlistEntry:
    by = recruit.agent_actor(agent)
    return actions.join_waitlist(shift_id=shift.pk, agent=agent, by=by, at=at, auto_accept=auto_accept)


def presser(agent: Agent, server: Any, name: str, *, sends: dict[str, object] | None = None, **where: object) -> Press:
    """A press of that agent on a button, from a browser of its own."""
    return partial(browser_of(agent, server).post, reverse(f"scheduling:{name}", kwargs=where), **(sends or {}))


def claimer(agent: Agent, server: Any, shift: Shift) -> Press:
    """A press of that agent on Claim."""
    return partial(press, browser_of(agent, server), shift)


def held(shift: Shift) -> set[object]:
    rows = Claim.objects.across_brands().filter(shift=shift, state__in=list(OCCUPYING))
    return set(rows.filter(kind=ClaimKind.SEAT).values_list("agent_id", flat=True))


def test_a_stranger_never_takes_a_seat_between_a_release_and_its_waiter(
    chat: Program, now: datetime, live_server: Any
) -> None:
    everybody = agents(16, chat, now)
    holders, waiters, strangers = everybody[:4], everybody[4:8], everybody[8:]
    shift = full_shift(chat, holders, now + 3 * DAY)
    for agent in waiters:
        wait(shift, agent, now)
    claims = {claim.agent_id: claim for claim in Claim.objects.across_brands().filter(shift=shift)}
    releases = [
        presser(agent, live_server, "claim-release", sends={"points": 0}, claim_id=claims[agent.pk].pk)
        for agent in holders
    ]
    grabs = [claimer(agent, live_server, shift) for agent in strangers] * 3
    answers = all_at_once([*grabs[:12], *releases, *grabs[12:]])
    assert max(status for status, _text in answers) < 500
    shift.refresh_from_db()
    assert (held(shift), shift.filled, shift.reserved) == (set(), 0, 4)
    invited = WaitlistEntry.objects.across_brands().filter(shift=shift, state=WaitState.INVITED)
    assert {entry.agent_id for entry in invited} == {agent.pk for agent in waiters}
    assert counters_out_of_step() == []


def test_an_invitation_accepted_and_declined_and_expired_at_once_ends_one_way(
    chat: Program, now: datetime, live_server: Any
) -> None:
    holder, waiter, follower = agents(3, chat, now)
    shift = full_shift(chat, [holder], now + 3 * DAY)
    entry = wait(shift, waiter, now)
    wait(shift, follower, now)
    claim = Claim.objects.across_brands().get()
    actions.release_claim(claim_id=claim.pk, accepted_points=0, by=recruit.agent_actor(holder), at=now)
    presses = [
        presser(waiter, live_server, name, wait_id=entry.pk)
        for name in ["wait-accept", "wait-decline"] * (THREADS // 2)
    ]
    answers = all_at_once(presses)
    assert max(status for status, _text in answers) < 500
    entry.refresh_from_db()
    shift.refresh_from_db()
    is_accepted = entry.state == WaitState.ACCEPTED
    assert entry.state in {WaitState.ACCEPTED, WaitState.DECLINED}
    assert (held(shift), shift.reserved) == (({waiter.pk}, 0) if is_accepted else (set(), 1))
    assert counters_out_of_step() == []


def test_a_swap_wanted_by_sixteen_is_taken_by_one(chat: Program, now: datetime, live_server: Any) -> None:
    everybody = agents(THREADS + 1, chat, now)
    giver, takers = everybody[0], everybody[1:]
    shift = full_shift(chat, [giver], now + 3 * DAY)
    claim = Claim.objects.across_brands().get()
    offer = actions.offer_swap(claim_id=claim.pk, by=recruit.agent_actor(giver), at=now)
    answers = all_at_once([presser(agent, live_server, "swap-take", swap_id=offer.pk) for agent in takers])
    assert max(status for status, _text in answers) < 500
    assert sum(status == 302 for status, _text in answers) == 1
    assert len(held(shift)) == 1
    assert giver.pk not in held(shift)
    assert counters_out_of_step() == []


def test_a_swap_taken_while_its_giver_gives_the_seat_back_ends_one_way(
    chat: Program, now: datetime, live_server: Any
) -> None:
    giver, taker = agents(2, chat, now)
    shift = full_shift(chat, [giver], now + 3 * DAY)
    claim = Claim.objects.across_brands().get()
    offer = actions.offer_swap(claim_id=claim.pk, by=recruit.agent_actor(giver), at=now)
    presses = [presser(taker, live_server, "swap-take", swap_id=offer.pk) for _press in range(8)]
    give_back = partial(presser, giver, live_server, "claim-release", sends={"points": 0}, claim_id=claim.pk)
    presses += [give_back() for _press in range(8)]
    answers = all_at_once(presses)
    assert max(status for status, _text in answers) < 500
    assert held(shift) in ({taker.pk}, set())
    assert counters_out_of_step() == []


def test_trades_in_opposite_directions_never_deadlock(chat: Program, now: datetime, live_server: Any) -> None:
    """Ada offers hers for Bo's while Bo offers his for Ada's, and both press: one trade happens."""
    ada, bo = agents(2, chat, now)
    first, second = full_shift(chat, [ada], now + 3 * DAY), full_shift(chat, [bo], now + 5 * DAY)
    trades = [crossed(bo, ada, second, first, now), crossed(ada, bo, first, second, now)]
    presses = [
        presser(taker, live_server, "swap-take", swap_id=swap.pk)
        for swap, taker in zip(trades, (ada, bo), strict=True)
        for _press in range(8)
    ]
    answers = all_at_once(presses)
    assert max(status for status, _text in answers) < 500
    assert (held(first), held(second)) == ({bo.pk}, {ada.pk})
    assert SwapOffer.objects.across_brands().filter(state=SwapState.TAKEN).count() == 1
    assert counters_out_of_step() == []


def crossed(giver: Agent, receiver: Agent, theirs: Shift, wanted: Shift, now: datetime) -> SwapOffer:
    """The giver's shift offered for the receiver's."""
    own = Claim.objects.across_brands().get(shift=theirs)
    return SwapOffer.objects.create(
        brand_id=own.brand_id,
        claim=own,
        agent=giver,
        kind="trade",
        to_agent=receiver,
        for_claim=Claim.objects.across_brands().get(shift=wanted),
        created_at=now,
        expires_at=theirs.starts_at - 30 * MINUTE,
    )


def test_standby_a_waiter_and_a_fresh_claim_racing_for_one_freed_seat_never_overfill(
    chat: Program, now: datetime, live_server: Any
) -> None:
    holder, ready, *others = agents(12, chat, now)
    shift = full_shift(chat, [holder], now + 2 * DAY, standby_seats=1)
    actions.claim_standby(shift_id=shift.pk, agent=ready, by=recruit.agent_actor(ready), at=now)
    for agent in others[:3]:
        wait(shift, agent, now)
    claim = Claim.objects.across_brands().get(kind=ClaimKind.SEAT)
    presses = [presser(holder, live_server, "claim-release", sends={"points": 0}, claim_id=claim.pk)]
    presses += [partial(promoted, shift, now) for _call in range(6)]
    presses += [claimer(agent, live_server, shift) for agent in others[3:]]
    answers = all_at_once(presses)
    assert max(status for status, _text in answers) < 500
    shift.refresh_from_db()
    assert shift.filled + shift.reserved == 1
    assert len(held(shift)) == shift.filled
    assert counters_out_of_step() == []


def promoted(shift: Shift, now: datetime) -> tuple[int, str]:
    """A call for standby, as the clock makes it."""
    try:
        actions.promote_standby(shift_id=shift.pk, by=CLOCK, at=now)
    except DomainError as refused:
        return 409, refused.message
    finally:
        connection.close()
    return 302, ""


@contextmanager
def stuck_on(shift: Shift) -> Iterator[None]:
    """While this lasts, whoever wants that shift's row waits for it."""
    has_it, give_up = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Shift.objects.across_brands().select_for_update(no_key=True).get(pk=shift.pk)
            has_it.set()
            give_up.wait(300)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert has_it.wait(60)
    try:
        yield
    finally:
        give_up.set()
        holder.join()


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_expiring_invitations_loses_and_doubles_no_seat(
    chat: Program, now: datetime, product: Product
) -> None:
    """Four invitations are over, each with a follower; the worker dies waiting for the third shift's row."""
    everybody = agents(12, chat, now)
    shifts = [full_shift(chat, [everybody[number]], now + (3 + 2 * number) * DAY) for number in range(4)]
    for number, shift in enumerate(shifts):
        for agent in (everybody[4 + number], everybody[8 + number]):
            wait(shift, agent, now)
        claim = Claim.objects.across_brands().get(shift=shift)
        actions.release_claim(claim_id=claim.pk, accepted_points=0, by=recruit.agent_actor(everybody[number]), at=now)
    due = WaitlistEntry.objects.across_brands().filter(state=WaitState.INVITED)
    due.update(expires_at=now - MINUTE)
    expired = WaitlistEntry.objects.across_brands().filter(state=WaitState.EXPIRED)
    with stuck_on(shifts[2]):
        product.start("worker", "ticker")
        wait_for(lambda: expired.count() >= 2)
        product.kill("worker")
        assert not expired.filter(shift=shifts[2]).exists()
        assert counters_out_of_step() == []
    product.start("worker")
    PeriodicRun.objects.filter(kind="scheduling.exchange").delete()
    wait_for(lambda: expired.count() == 4)
    product.end()
    for shift in shifts:
        shift.refresh_from_db()
        assert (shift.filled, shift.reserved) == (0, 1)
    assert OutboxEvent.objects.filter(type="scheduling.invitation_sent").count() == 8
    assert counters_out_of_step() == []
    assert not Claim.objects.across_brands().filter(source=ClaimSource.WAITLIST).exists()
